"""Rates with their intervals: one place by group, and up to four places beside each other."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.figures import wording
from homeroom.figures.wording import listed
from homeroom.report.dot_rows import dot_rows
from homeroom.report.picture import OCR, Look, Picture, rows
from homeroom.report.place_figures import GroupRow, OutcomeTable, label_of
from homeroom.report.sentences import capital, figure, reach, with_interval
from homeroom.report.tooltips import Hint, between, number
from homeroom.statistics.reasons import RULES
from homeroom.vocabulary.groups import ALL, Group

UNITS = (
    "Students per 10,000 enrolled. Dot: rate; line: 95% interval, cut at the edge where it goes on."
)
HOLLOW = "Hollow dot: a figure that a quality rule doubts."
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
    shown = by_rate(table)
    frame = rows(*({"group": short(row.id)} | _marks(row, strong=row.id == ALL) for row in shown))
    order = {short(row.id): short(row.id) for row in shown}
    where, note = _where(name, table), f" {table.note}." if table.note else ""

    def draw(look: Look) -> Any:
        drawn = frame.rename({"group": "row", "rate_per_10000": "value"})
        return dot_rows(
            drawn, order, look, title=AXIS, top=_top(frame),
            hint=lambda row: {"Group": row["row"]} | _hint(row),
        )  # fmt: skip

    return Picture(
        _rates_title(where, table),
        f"{UNITS} {HOLLOW}{note}" if table.doubtful else f"{UNITS}{note}",
        f"Source: {OCR}, {table.wave}"
        + (", OCR's state tables." if table.basis == "state_table" else ", sum over schools."),
        f"Dot plot of {table.label.lower()} per 10,000 students in {where}, {table.wave}, with 95% "
        f"intervals. {'; '.join(with_interval(row) for row in shown)}.{note}",
        frame,
        draw,
    )


def by_rate(table: OutcomeTable) -> list[GroupRow]:
    """Return all students first, then the groups from the highest rate down."""
    return sorted(table.rows, key=lambda r: (r.id != ALL, -(r.rate if r.rate is not None else -1)))


def _where(name: str, table: OutcomeTable) -> str:
    return reach(name, table.whole_figure) if table.rows else name


def _marks(row: GroupRow, *, strong: bool) -> dict[str, Any]:
    return {
        "students": row.students, "count": row.count, "rate_per_10000": row.rate, "low": row.low,
        "high": row.high, "reason": row.note, "coverage": row.figure.coverage, "strong": strong,
        "doubtful": row.figure.doubtful, "note": row.figure.note or "",
    }  # fmt: skip


def _hint(row: dict[str, Any]) -> Hint:
    rate = row["value"]
    return {
        "Per 10,000 students": f"no figure ({row['reason']})" if rate is None else figure(rate),
        "95% interval": between(row["low"], row["high"]),
        "Counted": number(row["count"]),
        "Students": number(row["students"]),
        "To know": row["note"] or "–",
    }


def _rates_title(where: str, table: OutcomeTable) -> str:
    known = [row for row in table.rows if row.id != ALL and row.rate is not None]
    label = capital(table.label.lower())
    if not known:
        return f"{label} by group, {table.wave}: no figures for {where}"
    if table.doubtful:
        why = wording.because(table.whole_figure.doubts)
        return f"{label} in {where}, {table.wave}: as reported, {why}"
    if not any(row.rate for row in known):
        return f"{label} in {where}, {table.wave}: none was reported"
    told = [row for row in known if (row.count or 0) >= RULES.few_events]
    if not told:
        return f"{label} in {where}, {table.wave}: too few in any group to name one"
    top = max(told, key=lambda row: row.rate or 0)
    return (
        f"{label} in {where}, {table.wave}: highest among {Group(top.id).people()}, "
        f"{figure(top.rate or 0)} for every 10,000"
    )


def _top(frame: pl.DataFrame) -> float:
    """Make room for every rate and most intervals; a handful of students must not set the scale."""
    known = frame.filter(pl.col("rate_per_10000").is_not_null())
    if known.is_empty():
        return 1
    top = float(max(known["rate_per_10000"].to_list()))
    sure = known.filter(pl.col("count") >= RULES.few_events)["high"].drop_nulls().to_list()
    if not top and not sure:
        lowest = known["high"].drop_nulls().to_list()
        return max(min(lowest, default=1), 1)
    return float(max([top * 1.1, *(min(high * 1.04, top * 1.6) for high in sure)])) or 1.0


def compared(wave: str, tables: list[tuple[str, OutcomeTable]], groups: list[str]) -> Picture:
    """Draw up to four places beside each other, a panel a group.

    The title names the highest among the places whose figures no rule doubts.
    """
    label = tables[0][1].label
    records: list[dict[str, Any]] = [
        {"row": str(at), "place": _where(name, table), "group": short(group)}
        | _marks(row, strong=False)
        for group in groups
        for at, (name, table) in enumerate(tables)
        if (row := next((r for r in table.rows if r.id == group), None))
    ]
    frame = rows(*records)
    notes = [f"{name}: {table.note}." for name, table in tables if table.note]
    told = "; ".join(
        f"{r['place']}, {r['group']}: "
        + (r["reason"] if r["rate_per_10000"] is None else figure(r["rate_per_10000"]))
        for r in records
    )
    units = " ".join([UNITS, *([HOLLOW] if any(t.doubtful for _, t in tables) else []), *notes])
    return Picture(
        _compared_title(wave, label, tables), units, f"Source: {OCR}, {wave}.",
        f"Dot plots of {label.lower()} by place and group. {' '.join([told + '.', *notes])}",
        frame.drop("row"),
        lambda look: _side_by_side(frame, {str(n): t[0] for n, t in enumerate(tables)}, look),
    )  # fmt: skip


def _compared_title(wave: str, label: str, tables: list[tuple[str, OutcomeTable]]) -> str:
    known = [
        (_where(name, table), table.whole_figure)
        for name, table in tables
        if table.rows and table.whole_figure.value is not None
    ]
    sure = [(where, one) for where, one in known if not one.doubtful]
    if len(sure) < 2:
        return f"{label} in {wave}: {listed([name for name, _ in tables])}"
    where, top = max(sure, key=lambda pair: pair[1].value or 0)
    out = len(known) - len(sure)
    left = f" ({out} doubtful {'figure' if out == 1 else 'figures'} left out)" if out else ""
    return (
        f"{label}, {wave}: highest in {where}, {figure(top.value or 0)} for every 10,000 "
        f"students{left}"
    )


def _side_by_side(frame: pl.DataFrame, places: dict[str, str], look: Look) -> Any:
    drawn = frame.rename({"rate_per_10000": "value"})
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
