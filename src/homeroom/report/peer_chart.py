"""A place among the places most like it: a dot and its interval each, in the order of likeness."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from homeroom.figures.nearest import Near
from homeroom.figures.rates import PER
from homeroom.report.dot_rows import dot_rows
from homeroom.report.maps import Choice, Spot, source
from homeroom.report.names import readable
from homeroom.report.picture import Look, Picture, rows
from homeroom.report.place_figures import figure_at
from homeroom.report.sentences import figure, standing
from homeroom.statistics.risk import risk

NONE = "not_at_hand"
"""Why a place has no figure: its school files are not in the store, or it did not report."""


def peers(name: str, kind: str, choice: Choice, near: Near) -> Picture:
    """Draw the places of ``near``; the first, called ``name``, is the one that they are like.

    A place without a figure keeps its row and says so.
    """
    spots = _spots(name, near, choice.measure)
    mine = spots[0]
    frame = rows(*(spot.as_row() | {"strong": spot is mine} for spot in spots))
    # A single wide interval must not push the others together: it is cut at the edge.
    top = 1.3 * max((spot.value or 0 for spot in spots), default=0) or 1.0
    said = standing(mine.name, kind, choice.wave, near, choice.measure)
    told = "; ".join(
        f"{spot.name} {figure(spot.value) if spot.value is not None else 'no figure'}"
        for spot in spots
    )

    def draw(look: Look) -> Any:
        drawn = frame.rename({"place": "row"}).with_columns(
            note=pl.col("reason").str.replace_all("_", " ")
        )
        return dot_rows(
            drawn, {spot.id: spot.name for spot in spots}, look, title=choice.unit, top=top,
            hint=choice.hint,
        )  # fmt: skip

    return Picture(
        said.removesuffix(".") or f"{choice.words}: {mine.name} and the places most like it",
        f"{choice.axis}. Dot: figure; line: 95 % interval, cut at the edge where it goes on. In "
        "the order of likeness, which the figures play no part in.",
        source(choice),
        f"Dot plot in {choice.unit}. {told}.",
        frame,
        draw,
    )


def _spots(name: str, near: Near, measure: str) -> list[Spot]:
    counts = [near.counts[measure][row["place_id"]] for row in near.rows]
    events, students = np.array([one or (np.nan, np.nan) for one in counts], dtype=float).T
    rates = risk(events, students, per=PER)
    found = []
    for at, (row, one) in enumerate(zip(near.rows, counts, strict=True)):
        value, low, high, note = figure_at(rates, at)
        called = readable(str(row["name"])) if at else name
        counted, enrolled = one or (None, None)
        reason = NONE if one is None else note if value is None else ""
        found.append(Spot(row["place_id"], called, value, low, high, counted, enrolled, reason))
    return found
