"""A place among the places most like it: a dot and its interval each, in the order of likeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from homeroom.measures.near import Near
from homeroom.report.dot_rows import dot_rows
from homeroom.report.maps import Choice, Spot, source
from homeroom.report.picture import Look, Picture, rows
from homeroom.report.sentences import figure, standing


def peers(kind: str, choice: Choice, near: Near, spots: Sequence[Spot]) -> Picture:
    """Draw the spots, the place itself first; ``near`` gives the sentence.

    A place without a figure keeps its row and says why.
    """
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
