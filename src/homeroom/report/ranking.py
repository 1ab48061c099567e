"""The highest of many places, ranked, each with its interval and its figure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from homeroom.report.dot_rows import dot_rows
from homeroom.report.maps import LEAST, Choice, Spot, left_out, ordered, source
from homeroom.report.picture import Look, Picture, rows
from homeroom.report.sentences import figure, listed

RANKED = 30
"""Places that a ranked plot has room for."""
_FAR = 3
"""A figure so many times the next lower one would flatten all others against the axis."""


def ranked(choice: Choice, where: str, spots: Sequence[Spot]) -> Picture:
    """Draw the places with the highest figures; a doubtful one has no rank."""
    large = [s for s in spots if (s.students or 0) >= LEAST]
    enough, out = ordered(large), left_out(large)
    shown = enough[:RANKED]
    nobody = Spot("", "", None, None, None, None, None, "")
    frame = rows(*(s.as_row() for s in shown or [nobody]))
    title = (
        f"{choice.words}: the {len(shown)} highest of {len(enough)} places in {where}"
        if len(shown) > 1
        else f"{choice.words}: only one place in {where} has a figure that can be ranked"
        if shown
        else f"{choice.words}: no place in {where} has a figure that can be ranked"
    )
    title += f"; {out}" if out else ""
    told = "; ".join(s.said for s in shown)
    far = beyond(shown)
    top = 1.2 * (shown[len(far)].value or 1) if shown else 1.0
    past = ""
    if far:
        names = listed([f"{s.where or s.name} ({figure(s.value or 0)})" for s in far])
        verb = "lies" if len(far) == 1 else "lie"
        past = f" The axis ends at {figure(top)}: {names} {verb} far beyond it, shown by an arrow."

    def draw(look: Look) -> Any:
        return dot_rows(
            frame.rename({"place": "row"}), {s.id: s.name for s in shown}, look,
            title=choice.unit, top=top, hint=choice.hint,
        )  # fmt: skip

    return Picture(
        title,
        f"{choice.axis}. Dot: figure; line: 95% interval, cut at the edge where it goes on. "
        f"Places with fewer than {LEAST} students of the group are left out.{past}",
        source(choice),
        f"Ranked dot plot in {choice.unit}. {told}.",
        frame,
        draw,
    )


def beyond(shown: Sequence[Spot]) -> list[Spot]:
    """Return the few places, at most three, whose figures leave all others far behind."""
    values = [s.value or 0 for s in shown]
    for last in (2, 1, 0):
        if len(values) > last + 1 and values[last] > _FAR * values[last + 1] > 0:
            return list(shown[: last + 1])
    return []
