"""What a finding says of its outcome, as color and shape, and how findings are told in words.

Colors are Okabe and Ito's (2008, "Color Universal Design") without a red-blue contrast; every
color goes with a shape, so that the pictures also read in gray.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.report.picture import GRAY, GREEN, ORANGE, PURPLE, SKY, Look
from homeroom.research.schema import Estimand

OTHER = "another comparison"
CHANGES = ("higher", "lower", "no clear difference", "mixed", OTHER)
COLORS = (ORANGE, GREEN, GRAY, PURPLE, SKY)
SHAPES = ("triangle-up", "triangle-down", "circle", "diamond", "square")
NOTE = (
    "Another comparison: between groups of students or forms of the intervention, or none at all."
)
SOURCE = "Source: the research library of Homeroom; each finding by its number, with its address."


def with_direction(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the direction that is shown: findings that compare something else have their own."""
    effect = pl.col("estimand") == Estimand.EFFECT
    return rows.with_columns(shown=pl.when(effect).then("change").otherwise(pl.lit(OTHER)))


def colored(look: Look, columns: int) -> dict[str, Any]:
    """Return the encodings of a direction."""
    legend = alt.Legend(
        title="The outcome is", orient="bottom", columns=columns, symbolStrokeColor=look.ink
    )
    return {
        "color": alt.Color(
            "shown:N", scale=alt.Scale(domain=list(CHANGES), range=list(COLORS)), legend=legend
        ),
        "shape": alt.Shape(
            "shown:N", scale=alt.Scale(domain=list(CHANGES), range=list(SHAPES)), legend=legend
        ),
    }


def plain(name: str) -> str:
    """Write the name of a scale or grade as words."""
    return {"SD": "standard deviations"}.get(name, name.replace("_", " "))
