"""Pictures of one place: adults against recommended ratios, and an outcome over the waves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.trend import segments
from homeroom.figures.wording import listed
from homeroom.report.chart_labels import measured, row_labels
from homeroom.report.picture import OCR, Look, Picture, data, rows
from homeroom.report.place_figures import StaffRow
from homeroom.report.rate_charts import HOLLOW, short
from homeroom.report.sentences import doubted, figure, place_name, reach, staff_scope
from homeroom.report.tooltips import Hint, hinted, number, whole_rows
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES


def adults(name: str, wave: str, staff: list[StaffRow], *, high_schools: bool) -> Picture:
    """Draw students per adult by role beside the ratio that a professional body recommends.

    A doubtful figure is drawn hollow and gets no verdict.
    """
    shown = [row for row in staff if row.role != "teacher"]
    frame = rows(
        *(
            {
                "role": row.label, "fte": row.fte, "students_per_fte": row.each,
                "recommended": row.recommended, "recommended_by": row.recommended_by,
                "standing": row.verdict, "doubtful": row.figure.doubtful,
                "note": row.figure.note or "",
            }
            for row in shown
        )
    )  # fmt: skip
    where = _where(name, shown)
    scope = " (high schools only)" if high_schools else ""
    doubts = [f"{row.label}: {wording.because(row.figure.doubts)}." for row in shown
              if row.figure.doubtful]  # fmt: skip
    partial = [f"{row.label}: {said}." for row in shown
               if not row.figure.universe.high_schools and not row.figure.universe.states
               and (said := staff_scope(row.figure))]  # fmt: skip
    told = "; ".join(
        f"{row.label}: "
        + (f"{row.each:,.0f} students each" if row.each is not None else row.verdict)
        + (f", recommended at most {row.recommended}" if row.recommended else "")
        + doubted(row.figure)
        for row in shown
    )
    units = (
        "Students per full-time equivalent; fewer students for each adult lie further left. "
        "Upright mark: recommended ratio, where a professional body gives one."
    )
    return Picture(
        _adults_title(where, wave, shown),
        " ".join([units, *([HOLLOW] if doubts else []), *doubts, *partial]),
        f"Source: {OCR}, {wave}{scope}; ratios of ASCA, NASP and NASN.",
        f"Dot plot of students per adult in {where}, {wave}. {told}.",
        frame,
        lambda look: _ratios(frame, look),
    )


def _where(name: str, shown: list[StaffRow]) -> str:
    """Return whose adults these are: all high schools or a few states, where it is not the place.

    Roles that only some schools reported say so by themselves.
    """
    first = shown[0].figure if shown else None
    if first is None or not (first.universe.high_schools or first.universe.states):
        return name if first is None else place_name(first.place, name)
    return reach(name, first)


def _adults_title(where: str, wave: str, shown: list[StaffRow]) -> str:
    title = f"Students for each adult in {where}, {wave}"
    judged = [row for row in shown if row.verdict in ("meets the ratio", "short of the ratio")]
    judged += [row for row in shown if row.verdict == "none reported" and row.recommended]
    if not judged:
        return title
    fewer = [row.label.lower() for row in judged if row.verdict != "meets the ratio"]
    if fewer:
        return f"{title}: fewer {listed(fewer)} than recommended"
    return f"{title}: every recommended ratio that can be checked is met"


def _adult(row: dict[str, Any]) -> Hint:
    each, most = row["students_per_fte"], row["recommended"]
    return {
        "Adults": row["role"],
        "Students for each": row["standing"] if each is None else number(each),
        "Recommended, at most": "–" if most is None else f"{most:,} ({row['recommended_by']})",
        "Full-time equivalents": "not reported" if row["fte"] is None else f"{row['fte']:,.1f}",
        "To know": row["note"] or "–",
    }


def _ratios(frame: pl.DataFrame, look: Look) -> Any:
    names = row_labels(
        dict(zip(frame["role"], frame["role"], strict=True)), 142 if look.narrow else 240
    )
    said = [
        standing if each is None else f"{each:,.0f}"
        for each, standing in frame.select("students_per_fte", "standing").iter_rows()
    ]
    side = max(measured(text) for text in said) + 14
    width = round(look.width - names.room - side)
    told, tips = hinted(frame.with_columns(said=pl.Series(said)), _adult)
    x = {
        "title": ["students for each full-time adult", "(equal steps: equal factors)"]
        if look.narrow
        else "students for each full-time adult (equal steps: equal factors)",
        "scale": alt.Scale(type="log", nice=False, padding=14),
        "axis": alt.Axis(
            values=[50, 100, 250, 500, 1000, 2500, 5000, 10000, 50000], format=",", domain=False,
            labelOverlap="greedy",
        ),
    }  # fmt: skip
    base = alt.Chart(data(told)).encode(y=names.y("role"))
    marks = (
        base.transform_filter("datum.recommended !== null")
        .mark_tick(thickness=3, size=22, color=look.second)
        .encode(x=alt.X("recommended:Q", **x), tooltip=tips)
    )
    dots = (
        base.transform_filter("datum.students_per_fte !== null")
        .mark_point(filled=True, size=110, opacity=1, stroke=look.main, strokeWidth=2)
        .encode(x=alt.X("students_per_fte:Q", **x), tooltip=tips, fill=_fill(look))
    )
    missing = "datum.students_per_fte === null"
    figures = base.mark_text(align="right", fontSize=13).encode(
        x=alt.value(width + side),
        text="said:N",
        color=alt.condition(missing, alt.value(look.soft), alt.value(look.ink)),
    )
    return alt.layer(
        *names.marks("role"), marks, dots, figures, whole_rows(base, tips, width + side)
    ).properties(width=width, height=alt.Step(max(30, names.height + 6)))


def _fill(look: Look) -> Any:
    """Return the fill of a dot: empty where the figure is doubtful."""
    return alt.FillValue(look.main, condition={"test": "datum.doubtful", "value": look.paper})


def waves(name: str, measure: str, figures: Sequence[Figure]) -> Picture:
    """Draw a measure over the waves, a panel a group; a line joins points of one segment only.

    Parameters
    ----------
    figures
        Rates of one place by wave and race, of this measure or of several.

    Raises
    ------
    NotAvailable
        There is no rate in any wave.
    """
    mine = [one for one in figures if one.question.measure == measure]
    known = {one.question.wave for one in mine if one.value is not None}
    if not known:
        raise NotAvailable(f"{MEASURES[measure].label} of {name}: no wave has a rate.")
    whole = {one.question.wave: one for one in mine if one.question.group == ALL}
    shown = [row for row in segments(mine) if row.group in _PANELS and row.wave in known]
    first = min(known, default="")
    frame = rows(
        *(
            {
                "group": short(row.group), "wave": row.wave,
                "rate_per_10000": row.rate_per_10000, "students": row.students,
                "count": row.count, "segment": row.segment, "break_before": row.break_before,
                "reason": row.reason, "doubtful": row.doubtful,
                "note": whole[row.wave].note or "",
                "broken": row.break_before is not None and row.wave != first,
            }
            for row in shown
        )
    )  # fmt: skip
    label = MEASURES[measure].label
    breaks = [row for row in shown if row.group == ALL and row.break_before and row.wave != first]
    points = [whole[wave] for wave in sorted(known & set(whole))]
    told = [_point(name, one) for one in points]
    rates = [text for text, one in zip(told, points, strict=True) if one.value is not None]
    title = f"{label} in {place_name(points[0].question.place, name) if points else name}"
    title += f", per 10,000 students: {', '.join(rates)}" if rates else ""
    title += "; not to be compared across a break" if breaks and len(rates) > 1 else ""
    said = " ".join(f"Before {row.wave}: {row.break_before}" for row in breaks)
    hollow = f" {HOLLOW}" if any(one.doubtful for one in points) else ""
    notes = "".join(f" {one.question.wave}: {one.note}." for one in points if one.note)
    return Picture(
        title,
        "Students per 10,000 enrolled, by wave. Dashed: the waves on either side must not be "
        f"compared.{hollow}{notes}",
        f"Source: {OCR}.",
        f"Dots by wave in small panels by group. All students: {'; '.join(told)}. {said}{notes}",
        frame,
        lambda look: _panels(frame, look),
    )


def _point(name: str, one: Figure) -> str:
    """Return a wave's rate in words, with whom it speaks for and whether it is doubtful."""
    rate = "no figure" if one.value is None else figure(one.value)
    where = "" if one.whole or one.value is None else f", {reach(name, one)}"
    notes = f"{where}{', doubtful' if one.doubtful else ''}".removeprefix(", ")
    return f"{rate} in {one.question.wave}" + (f" ({notes})" if notes else "")


_PANELS = (ALL, "black", "hispanic", "white")


def _wave(row: dict[str, Any]) -> Hint:
    rate = row["rate_per_10000"]
    return {
        "Group": row["group"],
        "Wave": row["wave"],
        "Per 10,000 students": "no figure" if rate is None else figure(rate),
        "Counted": number(row["count"]),
        "Students": number(row["students"]),
        "To know": row["note"] or "–",
    }


def _panels(frame: pl.DataFrame, look: Look) -> Any:
    present = [wave for wave in WAVES if wave in set(frame["wave"])]
    columns, gap = (2, 18) if look.narrow else (4, 20)
    width = (look.width - 46 - gap * (columns - 1)) // columns
    each = width / max(len(present), 1)
    # A wave is two half-years: on two lines where they fit side by side, else upright.
    axis = (
        alt.Axis(labelExpr="[slice(datum.value, 0, 4), '–' + slice(datum.value, 5)]", labelAngle=0)
        if each >= 32
        else alt.Axis(labelAngle=-90)
    )
    axis.title, axis.labelOverlap = None, False
    x = alt.X("wave:O", sort=present, axis=axis)
    # Head room for the figure above the highest dot.
    top = 1.18 * max([rate for rate in frame["rate_per_10000"] if rate is not None] or [0.0]) or 1
    y = alt.Y(
        "rate_per_10000:Q", title=None, scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickCount=4, domain=False, ticks=False),
    )  # fmt: skip
    said = [figure(rate) if rate is not None else "" for rate in frame["rate_per_10000"]]
    told, tips = hinted(frame.with_columns(said=pl.Series(said, dtype=pl.String)), _wave)
    base = alt.Chart().encode(x=x)
    lines = base.mark_line(strokeWidth=2, color=look.main).encode(
        y=y, detail=["segment:N", "group:N"]
    )
    dots = base.mark_point(filled=True, size=70, opacity=1, stroke=look.main).encode(
        y=y, tooltip=tips, fill=_fill(look)
    )
    cuts = (
        base.transform_filter("datum.broken")
        .mark_rule(strokeDash=[3, 3], color=look.second, strokeWidth=1.5)
        .encode(x=alt.X("wave:O", sort=present, bandPosition=0, axis=axis))
    )
    unseen = base.mark_rect(opacity=0).encode(y=alt.value(0), y2=alt.value(120), tooltip=tips)
    layers = [cuts, lines, dots, unseen]
    if each >= 26:
        layers.insert(3, base.mark_text(dy=-11).encode(y=y, text="said:N"))
    panel = alt.layer(*layers, data=data(told)).properties(width=width, height=120)
    order = [short(group) for group in _PANELS]
    header = alt.Header(labelAnchor="start", labelFontSize=13, labelFontWeight=600)
    return panel.facet(
        alt.Facet("group:N", sort=order, title=None, header=header), columns=columns, spacing=gap
    )
