"""A place among the places most like it: a dot and its interval each, the most similar first."""

from __future__ import annotations

from typing import Any

from homeroom.figures.nearest import Near
from homeroom.report.dot_rows import dot_rows
from homeroom.report.maps import Choice, Spot, source, spot
from homeroom.report.names import readable
from homeroom.report.picture import Look, Picture, rows
from homeroom.report.rate_charts import HOLLOW
from homeroom.report.sentences import standing


def peers(name: str, kind: str, choice: Choice, near: Near) -> Picture:
    """Draw the places of ``near``; the first, called ``name``, is the one that they are like.

    A place without a figure keeps its row and says so.
    """
    spots = _spots(name, near, choice.measure)
    mine = spots[0]
    frame = rows(*(one.as_row() | {"strong": one is mine} for one in spots))
    # A single wide interval or a doubtful rate must not push the others together.
    top = 1.3 * max((one.value or 0 for one in spots if not one.doubtful), default=0) or 1.0
    said = standing(mine.name, kind, choice.wave, near, choice.measure)
    hollow = f" {HOLLOW}" if any(one.doubtful for one in spots) else ""

    def draw(look: Look) -> Any:
        return dot_rows(
            frame.rename({"place": "row"}), {one.id: one.name for one in spots}, look,
            title=choice.unit, top=top, hint=choice.hint,
        )  # fmt: skip

    return Picture(
        said.removesuffix(".") or f"{choice.words}: {mine.name} and the places most like it",
        f"{choice.axis}. Line: 95% confidence interval; an arrow means it continues. "
        f"Most similar first; similarity ignores arrest rates.{hollow}",
        source(choice),
        f"Dot plot in {choice.unit}. {'; '.join(one.said for one in spots)}.",
        frame,
        draw,
    )


def _spots(name: str, near: Near, measure: str) -> list[Spot]:
    pairs = zip(near.rows, near.figures[measure], strict=True)
    return [
        spot(one, readable(str(row["name"])) if at else name) for at, (row, one) in enumerate(pairs)
    ]
