"""Pictures of many places: states as a grid of tiles, districts as dots and as a ranked plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import polars as pl

from homeroom.measures.answer import Answer
from homeroom.report.charts import OCR
from homeroom.report.picture import Look, Picture, data, rows
from homeroom.report.sentences import PEOPLE, figure
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES

FIGURES = {"rate": "per 10,000 students", "ratio": "times the rate of white students"}
_GRID = """
AK .. .. .. .. .. .. .. .. .. .. ME
.. .. .. .. .. .. .. .. .. .. VT NH
.. WA ID MT ND MN IL WI MI NY RI MA
.. OR NV WY SD IA IN OH PA NJ CT ..
.. CA UT CO NE MO KY WV VA MD DE ..
.. .. AZ NM KS AR TN NC SC DC .. ..
.. .. .. .. OK LA MS AL GA .. .. ..
HI .. .. .. TX .. .. .. .. FL .. ..
"""
TILES: dict[str, tuple[int, int]] = {
    state: (column, row)
    for row, line in enumerate(_GRID.strip().splitlines())
    for column, state in enumerate(line.split())
    if state != ".."
}
"""Column and row of each state in the grid."""
RANKED = 30
"""Places that a ranked plot has room for."""
LEAST = 500
"""Students of the group below which a district is not ranked; it keeps its dot on the map."""
_SHADES = {
    False: ["#E3F1EC", "#B3DCCC", "#78BFA6", "#369877", "#00634C"],
    True: ["#1E3A31", "#22594A", "#2A7F68", "#3FAF8E", "#7FE0C2"],
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its figure."""

    id: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int | None
    students: int | None
    reason: str
    longitude: float | None = None
    latitude: float | None = None

    def as_row(self) -> dict[str, Any]:
        """Give the row that the CSV file holds."""
        return {
            "place": self.id, "name": self.name, "value": self.value, "low": self.low,
            "high": self.high, "count": self.count, "students": self.students,
            "reason": self.reason, "longitude": self.longitude, "latitude": self.latitude,
        }  # fmt: skip


def spot(
    answer: Answer, name: str, where: tuple[float | None, float | None] = (None, None)
) -> Spot:
    """Take the figure of an answer."""
    value = answer.value
    return Spot(
        answer.question.place, name, value, answer.low, answer.high, answer.group.count,
        answer.group.students, answer.reason or "", *where,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What a map shows."""

    measure: str
    group: str
    wave: str
    figure: str

    @property
    def words(self) -> str:
        """The choice in words, for titles."""
        people = PEOPLE[self.group] if self.group != ALL else "all students"
        label = MEASURES[self.measure].label
        if self.figure == "ratio":
            return f"{label}, {self.wave}: rate of {people} as a multiple of white students' rate"
        return f"{label}, {self.wave}, {people}"

    @property
    def unit(self) -> str:
        """What a figure counts."""
        return FIGURES[self.figure]


def ordered(spots: Sequence[Spot]) -> list[Spot]:
    """Give the places that have a figure, the highest first."""
    return sorted((s for s in spots if s.value is not None), key=lambda s: (-(s.value or 0), s.id))


def told(choice: Choice, spots: Sequence[Spot]) -> str:
    """Say in a sentence what is highest and lowest, of the figures that rest on enough events."""
    known = ordered([s for s in spots if s.reason != "few_events"])
    if not known:
        return f"{choice.words}: no figure is at hand"
    top, bottom = known[0], known[-1]
    return (
        f"{choice.words}: from {figure(bottom.value or 0)} in {bottom.name} to "
        f"{figure(top.value or 0)} in {top.name}"
    )


def _source(choice: Choice, basis: str) -> str:
    return f"Source: {OCR}, {choice.wave}{basis}."


def _classes(spots: Sequence[Spot]) -> list[float]:
    """Cut at quintiles, so that each shade holds as many places."""
    values = [s.value for s in spots if s.value is not None]
    if not values:
        return [1.0]
    cuts = np.unique(np.quantile(values, [0.2, 0.4, 0.6, 0.8]).round(2))
    return [float(cut) for cut in cuts if cut > min(values)] or [1.0]


def tiles(choice: Choice, spots: Sequence[Spot]) -> Picture:
    """Draw the states as tiles of one size, so that large and empty ones do not shout."""
    frame = rows(*(s.as_row() | {"state": s.id[3:]} for s in spots if s.id[3:] in TILES))
    placed = frame.with_columns(
        column=pl.col("state").replace_strict({k: v[0] for k, v in TILES.items()}),
        row=pl.col("state").replace_strict({k: v[1] for k, v in TILES.items()}),
    )
    listed = "; ".join(f"{s.name} {figure(s.value or 0)}" for s in ordered(spots))
    return Picture(
        told(choice, spots),
        f"{choice.unit[0].upper()}{choice.unit[1:]}. Shades: fifths of the states. A dash: no "
        "figure.",
        _source(choice, ", OCR's state tables or sums over schools at hand"),
        f"Grid of tiles, one a state, in {choice.unit}. From the highest: {listed}.",
        frame,
        lambda look: _tiles(placed, _classes(spots), look),
    )


def _shade(cuts: list[float], look: Look, title: str | None) -> Any:
    shades = _SHADES[look.dark]
    return alt.Color(
        "value:Q", legend=None if title is None else alt.Legend(title=title, orient="bottom"),
        scale=alt.Scale(type="threshold", domain=cuts, range=shades[-len(cuts) - 1 :]),
    )  # fmt: skip


def _tiles(frame: pl.DataFrame, cuts: list[float], look: Look) -> Any:
    side = 28 if look.narrow else 54
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.06))
    y = alt.Y("row:O", axis=None, scale=alt.Scale(paddingInner=0.06))
    middle = cuts[len(cuts) // 2]
    below, above = (look.ink, look.paper) if not look.dark else (look.ink, "#10231C")
    ink = alt.condition(f"datum.value > {middle}", alt.value(above), alt.value(below))
    text = "datum.value === null ? '–' : datum.value >= 100 ? format(datum.value, ',.0f')"
    base = alt.Chart(data(frame)).encode(x=x, y=y)
    ground = base.mark_rect(cornerRadius=3, stroke=look.line).encode(
        color=alt.condition("datum.value === null", alt.value(look.paper), _shade(cuts, look, None))
    )
    names = base.mark_text(
        dy=-5 if look.narrow else -9, fontSize=9 if look.narrow else 12, fontWeight=600
    ).encode(text="state:N", color=ink)
    numbers = (
        base.transform_calculate(shown=f"{text} : format(datum.value, '.1f')")
        .mark_text(dy=5 if look.narrow else 9, fontSize=8 if look.narrow else 12)
        .encode(text="shown:N", color=ink)
    )
    return alt.layer(ground, names, numbers).properties(width=side * 12, height=side * 8)


def dots(choice: Choice, state: str, spots: Sequence[Spot]) -> Picture:
    """Draw a state's districts at their coordinates."""
    frame = rows(*(s.as_row() for s in spots if s.longitude is not None))
    without = sum(s.value is None for s in spots)
    return Picture(
        told(choice, [s for s in spots if (s.students or 0) >= LEAST]) + f" ({STATES[state]})",
        f"{choice.unit[0].upper()}{choice.unit[1:]}. A dot is a district at its office, its size "
        f"the students of the group. The title speaks of districts with {LEAST} or more of them. "
        f"Hollow: no figure ({without:,} districts).",
        _source(choice, ", sums over schools; coordinates: NCES EDGE"),
        f"Map of the school districts of {STATES[state]} as dots. "
        + told(choice, [s for s in spots if (s.students or 0) >= LEAST])
        + f". {without} of {len(spots)} districts have no figure.",
        frame,
        lambda look: _dots(frame, _classes(spots), choice.unit, look),
    )


def _dots(frame: pl.DataFrame, cuts: list[float], unit: str, look: Look) -> Any:
    size = alt.Size(
        "students:Q", legend=None, scale=alt.Scale(range=[12, 300 if look.narrow else 700])
    )
    base = alt.Chart(data(frame)).encode(longitude="longitude:Q", latitude="latitude:Q", size=size)
    known = (
        base.transform_filter("datum.value !== null")
        .mark_circle(opacity=0.85, stroke=look.soft, strokeWidth=0.5)
        .encode(color=_shade(cuts, look, unit))
    )
    unknown = base.transform_filter("datum.value === null").mark_point(
        filled=False, color=look.soft, strokeWidth=0.8, opacity=0.7
    )
    side = look.width - 10
    return (
        alt.layer(unknown, known)
        .project(type="mercator")
        .properties(width=side, height=side if look.narrow else round(side * 0.72))
    )


def ranked(choice: Choice, where: str, spots: Sequence[Spot]) -> Picture:
    """Draw the places with the highest figures, each with its interval."""
    enough = [s for s in ordered(spots) if (s.students or 0) >= LEAST]
    shown = enough[:RANKED]
    nobody = Spot("", "", None, None, None, None, None, "")
    frame = rows(*(s.as_row() for s in shown or [nobody]))
    title = (
        f"{choice.words}: the {len(shown)} highest of {len(enough)} places in {where}"
        if shown
        else f"{choice.words}: no place in {where} has a figure"
    )
    listed = "; ".join(f"{s.name} {figure(s.value or 0)}" for s in shown)
    return Picture(
        title,
        f"{choice.unit[0].upper()}{choice.unit[1:]}. Dot: figure; line: 95 % interval, cut at the "
        f"edge where it goes on. Places with fewer than {LEAST} students of the group are left "
        "out.",
        _source(choice, ""),
        f"Ranked dot plot in {choice.unit}. {listed}.",
        frame,
        lambda look: _ranked(frame, [s.name for s in shown], choice.unit, look),
    )


def _ranked(frame: pl.DataFrame, order: list[str], unit: str, look: Look) -> Any:
    top = max([value for value in frame["value"].to_list() if value is not None] or [1.0])
    scale = alt.Scale(domain=[0, top * 1.3])
    label = 170 if look.narrow else 260
    y = alt.Y(
        "name:N", sort=order, title=None,
        axis=alt.Axis(labelLimit=label - 10, domain=False, ticks=False, labelPadding=8),
    )  # fmt: skip
    base = alt.Chart(data(frame)).encode(y=y)
    lines = base.mark_rule(strokeWidth=3, opacity=0.45, color=look.main, clip=True).encode(
        x=alt.X("low:Q", title=unit, scale=scale), x2="high:Q"
    )
    points = base.mark_point(filled=True, size=90, opacity=1, color=look.main).encode(
        x=alt.X("value:Q", title=unit, scale=scale)
    )
    return alt.layer(lines, points).properties(width=look.width - label, height=alt.Step(22))
