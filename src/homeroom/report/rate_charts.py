"""Rates with their intervals: one place by group, and up to four places beside each other."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.report.dot_rows import dot_rows
from homeroom.report.picture import OCR, Look, Picture, rows
from homeroom.report.place_figures import GroupRow, OutcomeTable, label_of
from homeroom.report.sentences import PEOPLE, figure, listed, with_interval
from homeroom.report.tooltips import Hint, between, number
from homeroom.statistics.reasons import RULES
from homeroom.vocabulary.groups import ALL

UNITS = (
    "Students per 10,000 enrolled. Dot: rate; line: 95 % interval, cut at the edge where it goes "
    "on."
)
AXIS = "per 10,000 students"
_SHORT_LABEL = {
    "american_indian": "American Indian", "black": "Black", "hispanic": "Hispanic",
    "pacific": "Pacific Islander", "two_or_more": "Two or more races", ALL: "All students",
}  # fmt: skip


def short(group: str) -> str:
    """Return a group's label as an axis can hold it."""
    return _SHORT_LABEL.get(group) or label_of(group)


def rates(name: str, table: OutcomeTable) -> Picture:
    """Draw one outcome by group, each rate with its interval, the highest first."""
    shown = sorted(table.rows, key=lambda r: (r.id != ALL, -(r.rate if r.rate is not None else -1)))
    frame = rows(
        *(
            {
                "group": short(row.id), "students": row.students, "count": row.count,
                "rate_per_10000": row.rate, "low": row.low, "high": row.high, "note": row.note,
                "all": row.id == ALL,
            }
            for row in shown
        )
    )  # fmt: skip
    order = {short(row.id): short(row.id) for row in shown}

    def draw(look: Look) -> Any:
        return dot_rows(
            frame.rename({"group": "row", "rate_per_10000": "value", "all": "strong"}), order, look,
            title=AXIS, top=_top(frame), hint=lambda row: {"Group": row["row"]} | _hint(row),
        )  # fmt: skip

    return Picture(
        _rates_title(name, table),
        UNITS,
        f"Source: {OCR}, {table.wave}"
        + (", OCR's state tables." if table.basis == "state_table" else ", sum over schools."),
        f"Dot plot of {table.label.lower()} per 10,000 students in {name}, {table.wave}, with 95 % "
        "intervals. " + "; ".join(with_interval(row) for row in shown) + ".",
        frame,
        draw,
    )


def _hint(row: dict[str, Any]) -> Hint:
    rate = row["value"]
    return {
        "Per 10,000 students": f"no figure ({row['note']})" if rate is None else figure(rate),
        "95 % interval": between(row["low"], row["high"]),
        "Counted": number(row["count"]),
        "Students": number(row["students"]),
    }


def _rates_title(name: str, table: OutcomeTable) -> str:
    known = [row for row in table.rows if row.id != ALL and row.rate is not None]
    label = table.label[0].upper() + table.label[1:].lower()
    if not known:
        return f"{label} by group are not at hand for {name} in {table.wave}"
    if not any(row.rate for row in known):
        return f"{label} in {name}, {table.wave}: none was counted"
    told = [row for row in known if (row.count or 0) >= RULES.few_events]
    if not told:
        return f"{label} in {name}, {table.wave}: too few in any group to name one"
    top = max(told, key=lambda row: row.rate or 0)
    return (
        f"{label} in {name}, {table.wave}: highest among {PEOPLE[top.id]}, "
        f"{figure(top.rate or 0)} for every 10,000"
    )


def _top(frame: pl.DataFrame) -> float:
    """Make room for every rate and most intervals; a handful of students must not set the scale."""
    known = frame.filter(pl.col("rate_per_10000").is_not_null())
    if known.is_empty():
        return 1
    top = float(max(known["rate_per_10000"].to_list()))
    sure = known.filter(pl.col("count") >= 5)["high"].to_list()
    if not top and not sure:
        lowest = known["high"].drop_nulls().to_list()
        return max(min(lowest, default=1), 1)
    return float(max([top * 1.1, *(min(high * 1.04, top * 1.6) for high in sure)]))


def compared(wave: str, tables: list[tuple[str, OutcomeTable]], groups: list[str]) -> Picture:
    """Draw up to four places beside each other, a panel a group."""
    label = tables[0][1].label
    records: list[dict[str, Any]] = [
        {"row": str(at), "place": name, "group": short(group)} | _compared(row)
        for group in groups
        for at, (name, table) in enumerate(tables)
        if (row := next((r for r in table.rows if r.id == group), None))
    ]
    frame = rows(*records)
    whole = [r for r in records if r["group"] == short(ALL) and r["rate_per_10000"] is not None]
    title = f"{label} in {wave}: {listed([name for name, _ in tables])}"
    if len(whole) > 1:
        top = max(whole, key=lambda r: r["rate_per_10000"])
        rate = figure(top["rate_per_10000"])
        title = f"{label}, {wave}: highest in {top['place']}, {rate} for every 10,000 students"
    told = "; ".join(
        f"{r['place']}, {r['group']}: "
        + (r["note"] if r["rate_per_10000"] is None else figure(r["rate_per_10000"]))
        for r in records
    )
    return Picture(
        title, UNITS, f"Source: {OCR}, {wave}.",
        f"Dot plots of {label.lower()} by place and group. {told}.",
        frame.drop("row"),
        lambda look: _side_by_side(frame, {str(n): t[0] for n, t in enumerate(tables)}, look),
    )  # fmt: skip


def _compared(row: GroupRow) -> dict[str, Any]:
    return {
        "students": row.students, "count": row.count, "rate_per_10000": row.rate, "low": row.low,
        "high": row.high, "note": row.note, "all": False,
    }  # fmt: skip


def _side_by_side(frame: pl.DataFrame, places: dict[str, str], look: Look) -> Any:
    drawn = frame.rename({"rate_per_10000": "value", "all": "strong"})
    top, panels = _top(frame), drawn.partition_by("group", maintain_order=True)
    return alt.vconcat(
        *(
            dot_rows(
                panel, places, look, title=AXIS if panel is panels[-1] else None, top=top,
                ticks=panel is panels[-1],
                hint=lambda row: {"Place": row["place"], "Group": row["group"]} | _hint(row),
            ).properties(title=panel["group"][0])
            for panel in panels
        ),
        spacing=14,
    )  # fmt: skip
