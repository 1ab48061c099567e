"""Pictures of one place or a few: rates by group, adults against ratios, waves with breaks."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.measures.reasons import RULES
from homeroom.report.picture import Look, Picture, data, rows
from homeroom.report.place_figures import OutcomeTable, StaffRow, label_of
from homeroom.report.sentences import PEOPLE, figure, with_interval
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

UNITS = (
    "Students per 10,000 enrolled. Dot: rate; line: 95 % interval, cut at the edge where it goes "
    "on."
)
OCR = "US Department of Education, Civil Rights Data Collection"
_SHORT_LABEL = {
    "american_indian": "American Indian", "black": "Black", "hispanic": "Hispanic",
    "pacific": "Pacific Islander", "two_or_more": "Two or more races", ALL: "All students",
}  # fmt: skip


def short(group: str) -> str:
    """Give a group's label as an axis can hold it."""
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
    order = [short(row.id) for row in shown]
    return Picture(
        _rates_title(name, table),
        UNITS,
        f"Source: {OCR}, {table.wave}"
        + (", OCR's state tables." if table.basis == "state_table" else ", sum over schools."),
        f"Dot plot of {table.label.lower()} per 10,000 students in {name}, {table.wave}, with 95 % "
        "intervals. " + "; ".join(with_interval(row) for row in shown) + ".",
        frame,
        lambda look: _dots(frame, order, look),
    )


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


def _dots(frame: pl.DataFrame, order: list[str], look: Look) -> Any:
    y = alt.Y(
        "group:N", sort=order, title=None,
        axis=alt.Axis(labelLimit=160, domain=False, ticks=False, labelPadding=8),
    )  # fmt: skip
    title, scale = "per 10,000 students", _room(frame)
    axis = alt.Axis(tickCount=5 if look.narrow else 8)
    x = alt.X("rate_per_10000:Q", title=title, scale=scale, axis=axis)
    base = alt.Chart(data(frame)).encode(y=y)
    colour = alt.condition("datum.all", alt.value(look.ink), alt.value(look.main))
    lines = base.mark_rule(strokeWidth=3, opacity=0.45, clip=True).encode(
        x=alt.X("low:Q", title=title, scale=scale, axis=axis), x2="high:Q", color=colour
    )
    dots = base.mark_point(filled=True, size=110, opacity=1).encode(x=x, color=colour)
    none = (
        base.transform_filter("datum.rate_per_10000 === null")
        .mark_text(align="left", fontStyle="italic", color=look.soft, fontSize=12)
        .encode(x=alt.value(4), text="note:N")
    )
    return alt.layer(lines, dots, none).properties(
        width=look.width - 130, height=alt.Step(30), view=alt.ViewConfig(stroke=None)
    )


def _room(frame: pl.DataFrame) -> Any:
    """Make room for every rate and most intervals; a handful of students must not set the scale."""
    known = frame.filter(pl.col("rate_per_10000").is_not_null())
    if known.is_empty():
        return alt.Scale(domain=[0, 1])
    top = max(known["rate_per_10000"].to_list())
    sure = known.filter(pl.col("count") >= 5)["high"].to_list()
    if not top and not sure:
        return alt.Scale(domain=[0, max(known["high"].min() or 1, 1)])
    return alt.Scale(domain=[0, max([top * 1.1, *(min(high * 1.04, top * 1.6) for high in sure)])])


def adults(name: str, wave: str, staff: list[StaffRow], *, high_schools: bool) -> Picture:
    """Draw students per adult by role beside the ratio that a professional body recommends."""
    shown = [row for row in staff if row.role != "teacher"]
    frame = rows(
        *(
            {
                "role": row.label, "fte": row.fte, "students_per_fte": row.each,
                "recommended": row.recommended, "recommended_by": row.recommended_by,
                "standing": row.verdict,
            }
            for row in shown
        )
    )  # fmt: skip
    scope = " (high schools only)" if high_schools else ""
    known = [row for row in shown if row.fte is not None and row.recommended]
    short_of = [row for row in known if row.verdict != "meets the ratio"]
    title = f"Students for each adult in {name}, {wave}{scope}"
    if known:
        title += (
            ": every recommended ratio at hand is met"
            if not short_of
            else f": fewer {_listed([r.label.lower() for r in short_of])} than recommended"
        )
    told = "; ".join(
        f"{row.label}: "
        + (f"{row.each:,.0f} students each" if row.each is not None else row.verdict)
        + (f", recommended at most {row.recommended}" if row.recommended else "")
        for row in shown
    )
    return Picture(
        title,
        "Students per full-time equivalent; fewer students for each adult lie further left. "
        "Upright mark: recommended ratio, where a professional body gives one.",
        f"Source: {OCR}, {wave}{scope}; ratios of ASCA, NASP and NASN.",
        f"Dot plot of students per adult in {name}, {wave}{scope}. {told}.",
        frame,
        lambda look: _ratios(frame, [row.label for row in shown], look),
    )


def _ratios(frame: pl.DataFrame, order: list[str], look: Look) -> Any:
    title = "students for each full-time adult (logarithmic)"
    scale = alt.Scale(type="log", nice=True, padding=12)
    y = alt.Y(
        "role:N", sort=order, title=None,
        axis=alt.Axis(labelLimit=190, domain=False, ticks=False, labelPadding=8, grid=False),
    )  # fmt: skip
    axis = alt.Axis(values=[50, 100, 250, 500, 1000, 2500, 5000, 10000, 50000], format=",")
    base = alt.Chart(data(frame)).encode(y=y)
    marks = (
        base.transform_filter("datum.recommended !== null")
        .mark_tick(thickness=3, size=22, color=look.second)
        .encode(x=alt.X("recommended:Q", scale=scale, title=title, axis=axis))
    )
    dots = (
        base.transform_filter("datum.students_per_fte !== null")
        .mark_point(filled=True, size=130, opacity=1)
        .encode(
            x=alt.X("students_per_fte:Q", scale=scale, title=title, axis=axis),
            color=alt.value(look.main),
        )
    )
    none = (
        base.transform_filter("datum.students_per_fte === null")
        .mark_text(align="left", fontStyle="italic", color=look.soft, fontSize=12)
        .encode(x=alt.value(4), text="standing:N")
    )
    return alt.layer(marks, dots, none).properties(width=look.width - 160, height=alt.Step(30))


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def waves(name: str, measure: str, trend: list[dict[str, Any]]) -> Picture:
    """Draw a measure over the waves, a panel a group; a line joins points of one segment only."""
    known = {row["wave"] for row in trend if row["rate_per_10000"] is not None}
    shown = [row for row in trend if row["group"] in _PANELS and row["wave"] in known]
    frame = rows(
        *(
            {
                "group": short(row["group"]), "wave": row["wave"],
                "rate_per_10000": row["rate_per_10000"], "students": row["students"],
                "count": row["count"], "segment": row["segment"],
                "break_before": row["break_before"], "reason": row["reason"],
                "broken": row["break_before"] is not None and row["wave"] != min(known),
            }
            for row in shown
        )
    )  # fmt: skip
    label = MEASURES[measure].label
    breaks = [row for row in shown if row["group"] == ALL and row["break_before"]]
    breaks = [row for row in breaks if row["wave"] != min(known)]
    told = "; ".join(
        f"{row['wave']}: "
        + ("no figure" if row["rate_per_10000"] is None else figure(row["rate_per_10000"]))
        for row in shown
        if row["group"] == ALL
    )
    title = f"{label} in {name} over the waves at hand" + (
        "; a break between two waves is marked, and no line is drawn across it" if breaks else ""
    )
    said = " ".join(f"Before {row['wave']}: {row['break_before']}" for row in breaks)
    return Picture(
        title,
        "Students per 10,000 enrolled, by wave. Dashed: the waves on either side must not be "
        "compared.",
        f"Source: {OCR}.",
        f"Dots by wave in small panels by group. All students: {told}. {said}".strip(),
        frame,
        lambda look: _panels(frame, look),
    )


_PANELS = (ALL, "black", "hispanic", "white")


def _panels(frame: pl.DataFrame, look: Look) -> Any:
    at_hand = [wave for wave in WAVES if wave in set(frame["wave"])]
    columns = 2 if look.narrow else 4
    axis = alt.Axis(labelAngle=-90 if look.narrow or len(at_hand) > 3 else 0, title=None)
    x = alt.X("wave:O", sort=at_hand, axis=axis)
    y = alt.Y(
        "rate_per_10000:Q", title="per 10,000", scale=alt.Scale(zero=True),
        axis=alt.Axis(tickCount=4),
    )  # fmt: skip
    base = alt.Chart().encode(x=x)
    lines = base.mark_line(strokeWidth=2, color=look.main).encode(
        y=y, detail=["segment:N", "group:N"]
    )
    dots = base.mark_point(filled=True, size=70, opacity=1, color=look.main).encode(y=y)
    cuts = (
        base.transform_filter("datum.broken")
        .mark_rule(strokeDash=[3, 3], color=look.second, strokeWidth=1.5)
        .encode(x=alt.X("wave:O", sort=at_hand, bandPosition=0, axis=axis))
    )
    panel = alt.layer(cuts, lines, dots, data=data(frame)).properties(
        width=(look.width - 70) // columns - 30, height=110
    )
    order = [short(group) for group in _PANELS]
    return panel.facet(
        alt.Facet("group:N", sort=order, title=None, header=alt.Header(labelAnchor="start")),
        columns=columns,
    )


def compared(wave: str, tables: list[tuple[str, OutcomeTable]], groups: list[str]) -> Picture:
    """Draw up to four places beside each other, a panel a group."""
    label = tables[0][1].label
    records: list[dict[str, Any]] = [
        {
            "place": name, "group": short(group), "students": row.students, "count": row.count,
            "rate_per_10000": row.rate, "low": row.low, "high": row.high, "note": row.note,
            "all": False,
        }
        for group in groups
        for name, table in tables
        if (row := next((r for r in table.rows if r.id == group), None))
    ]  # fmt: skip
    frame = rows(*records)
    whole = [r for r in records if r["group"] == short(ALL) and r["rate_per_10000"] is not None]
    title = f"{label} in {wave}: {_listed([name for name, _ in tables])}"
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
        f"Dot plots of {label.lower()} by place and group. {told}.", frame,
        lambda look: _side_by_side(frame, [name for name, _ in tables], groups, look),
    )  # fmt: skip


def _side_by_side(frame: pl.DataFrame, places: list[str], groups: list[str], look: Look) -> Any:
    title, scale = "per 10,000 students", _room(frame)
    y = alt.Y(
        "place:N", sort=places, title=None,
        axis=alt.Axis(labelLimit=170 if look.narrow else 240, domain=False, ticks=False),
    )  # fmt: skip
    base = alt.Chart().encode(y=y)
    lines = base.mark_rule(strokeWidth=3, opacity=0.45, color=look.main, clip=True).encode(
        x=alt.X("low:Q", title=title, scale=scale), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=100, opacity=1, color=look.main).encode(
        x=alt.X("rate_per_10000:Q", title=title, scale=scale, axis=alt.Axis(tickCount=5))
    )
    none = (
        base.transform_filter("datum.rate_per_10000 === null")
        .mark_text(align="left", fontStyle="italic", color=look.soft)
        .encode(x=alt.value(4), text="note:N")
    )
    panel = alt.layer(lines, dots, none, data=data(frame)).properties(
        width=look.width - (180 if look.narrow else 260), height=alt.Step(26)
    )
    order = [short(group) for group in groups]
    header = alt.Header(labelAnchor="start", labelOrient="top", labelFontWeight=600)
    return panel.facet(row=alt.Row("group:N", sort=order, title=None, header=header), spacing=12)
