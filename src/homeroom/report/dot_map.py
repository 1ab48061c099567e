"""A state's districts as dots at their coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.report.maps import LEAST, Choice, Spot, source, told
from homeroom.report.picture import Look, Picture, data, rows
from homeroom.report.shades import NO_FIGURE, Classes, classes
from homeroom.report.tooltips import hinted
from homeroom.vocabulary.states import STATES

_SIZES = (500, 5_000, 20_000, 50_000, 100_000, 200_000, 500_000)

_CROSS = "M-0.5,-0.5L0.5,0.5M-0.5,0.5L0.5,-0.5"


def dots(choice: Choice, state: str, spots: Sequence[Spot]) -> Picture:
    """Draw a state's districts.

    Raises
    ------
    NotAvailable
        The store knows of no district where it lies.
    """
    if all(one.longitude is None for one in spots):
        raise NotAvailable(
            f"Map of {STATES[state]}: expected districts with coordinates in the store, found none."
        )
    frame = rows(*(s.as_row() for s in spots if s.longitude is not None))
    without = sum(s.value is None for s in spots)
    enough = [s for s in spots if (s.students or 0) >= LEAST]
    sentence = told(choice, enough, "districts")
    ranges = classes([s.value for s in spots if s.longitude is not None and not s.doubtful])
    return Picture(
        f"{sentence} ({STATES[state]})",
        f"{choice.axis}. A dot is a district at its office, its size the students of the group. "
        f"The title speaks of districts with {LEAST} or more of them. Each shade above 0 holds "
        f"about as many districts. Cross: no figure ({without:,} districts). Empty ring: a figure "
        "that a quality rule doubts.",
        source(choice, ", sums over schools; coordinates: NCES EDGE"),
        f"Map of the school districts of {STATES[state]} as dots. {sentence}. {without} of "
        f"{len(spots)} districts have no figure.",
        frame,
        lambda look: _dots(frame, ranges, choice, look),
    )


def _dots(frame: pl.DataFrame, ranges: Classes, choice: Choice, look: Look) -> Any:
    # The largest first, so that small districts lie upon them and not beneath.
    frame = frame.sort(pl.col("students").fill_null(0), descending=True)
    frame = frame.with_columns(
        page=pl.format("/place/{}", "place"),
        range=pl.Series(
            [
                NO_FIGURE if doubtful else ranges.of(value)
                for value, doubtful in frame.select("value", "doubtful").iter_rows()
            ]
        ),
    )
    most = max([*frame["students"].drop_nulls().to_list(), 1])
    frame, tips = hinted(frame, choice.hint)
    people = choice.people[0].upper() + choice.people[1:]
    shown = [size for size in _SIZES if size <= most] or [most]
    size = alt.Size(
        "students:Q",
        legend=alt.Legend(
            title=people, orient="top", values=[shown[0], shown[len(shown) // 2], shown[-1]]
            if len(shown) > 2 else shown, symbolFillColor="transparent", format=",.0f",
            symbolStrokeColor=look.soft, direction="horizontal", symbolStrokeWidth=1,
        ),
        scale=alt.Scale(domain=[0, most], range=[14, 320 if look.narrow else 700]),
    )  # fmt: skip
    legend = alt.Legend(
        title=choice.axis, orient="bottom", symbolType="circle", symbolSize=150, symbolOpacity=1,
        direction="vertical", columns=2 if look.narrow else len(ranges.labels),
        symbolStrokeColor=look.soft,
    )  # fmt: skip
    base = alt.Chart(data(frame)).encode(
        longitude="longitude:Q", latitude="latitude:Q", size=size, tooltip=tips,
        href="page:N",
    )  # fmt: skip
    known = (
        base.transform_filter("datum.value !== null && !datum.doubtful")
        .mark_circle(opacity=0.92, stroke=look.soft, strokeWidth=0.5)
        .encode(color=ranges.color(look, legend))
    )
    unknown = base.transform_filter("datum.value === null").mark_point(
        filled=False, color=look.soft, strokeWidth=0.8, opacity=0.7, shape=_CROSS
    )
    doubtful = base.transform_filter("datum.value !== null && datum.doubtful").mark_point(
        filled=False, color=look.second, strokeWidth=1.4, strokeDash=[3, 2]
    )
    side = look.width - 10
    return (
        alt.layer(unknown, known, doubtful)
        .project(type="mercator")
        .properties(width=side, height=side if look.narrow else round(side * 0.72))
    )
