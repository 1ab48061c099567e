"""The states as a grid of tiles of one size, so that large and empty ones do not shout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from homeroom.report.maps import Choice, Spot, ordered, source, told
from homeroom.report.picture import Look, Picture, data, rows
from homeroom.report.shades import NO_FIGURE, Classes, classes
from homeroom.report.tooltips import hinted

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


def tiles(choice: Choice, spots: Sequence[Spot]) -> Picture:
    """Draw the states."""
    frame = rows(*(s.as_row() | {"state": s.id[3:]} for s in spots if s.id[3:] in TILES))
    ranges = classes([s.value for s in spots if not s.doubtful])
    placed = frame.with_columns(
        column=pl.col("state").replace_strict({k: v[0] for k, v in TILES.items()}),
        line=pl.col("state").replace_strict({k: v[1] for k, v in TILES.items()}),
        page=pl.format("/place/{}", "place"),
        range=pl.Series(
            [
                NO_FIGURE if doubtful else ranges.of(value)
                for value, doubtful in frame.select("value", "doubtful").iter_rows()
            ]
        ),
    )
    listed = "; ".join(s.said for s in ordered(spots))
    doubts = "; ".join(s.said for s in spots if s.doubtful and s.value is not None)
    apart = f" Not ranked: {doubts}." if doubts else ""
    return Picture(
        told(choice, spots),
        f"{choice.axis}. Each shade above 0 holds about as many states. A dash: no figure. "
        "No shade and a question mark: a figure that a quality rule doubts.",
        source(choice, ", OCR's state tables or sums over schools in the store"),
        f"Grid of tiles, one a state, in {choice.unit}. From the highest: {listed}.{apart}",
        frame,
        lambda look: _tiles(placed, ranges, choice, look),
    )


def _tiles(frame: pl.DataFrame, ranges: Classes, choice: Choice, look: Look) -> Any:
    wide, high = (27.6, 38) if look.narrow else (59, 54)
    frame = frame.with_columns(
        shown=pl.Series(
            [
                _short(value, narrow=look.narrow) + ("?" if doubtful and value is not None else "")
                for value, doubtful in frame.select("value", "doubtful").iter_rows()
            ]
        )
    )
    frame, tips = hinted(frame, choice.hint)
    gap = alt.Scale(paddingInner=0.05, paddingOuter=0)
    base = alt.Chart(data(frame)).encode(
        x=alt.X("column:O", axis=None, scale=gap), y=alt.Y("line:O", axis=None, scale=gap),
        href="page:N",
    )  # fmt: skip
    legend = alt.Legend(
        title=choice.axis, orient="bottom", symbolType="square", symbolSize=180, offset=14,
        direction="vertical", columns=2 if look.narrow else len(ranges.labels),
        symbolStrokeWidth=0,
    )  # fmt: skip
    known = base.transform_filter("datum.value !== null && !datum.doubtful").mark_rect(
        cornerRadius=3
    )
    ground = known.encode(color=ranges.color(look, legend), tooltip=tips)
    none = (
        base.transform_filter("datum.value === null || datum.doubtful")
        .mark_rect(cornerRadius=3, color=look.paper, stroke=look.soft, strokeWidth=0.6)
        .encode(
            tooltip=tips,
            strokeDash=alt.condition("datum.doubtful", alt.value([4, 3]), alt.value([1, 0])),
        )
    )
    ink = alt.Color(
        "range:N", legend=None, scale=alt.Scale(
            domain=[*ranges.labels, NO_FIGURE], range=[*ranges.inks(look), look.ink]
        ),
    )  # fmt: skip
    first, second = (11, 11) if look.narrow else (13, 13)
    names = base.mark_text(dy=-first * 0.65, fontSize=first, fontWeight=600).encode(
        text="state:N", color=ink, tooltip=tips
    )
    numbers = base.mark_text(dy=second * 0.75, fontSize=second).encode(
        text="shown:N", color=ink, tooltip=tips
    )
    return (
        alt.layer(ground, none, names, numbers)
        .resolve_scale(color="independent")
        .properties(width=wide * 12, height=high * 8)
    )


def _short(value: float | None, *, narrow: bool) -> str:
    """Write a figure as a tile can hold it."""
    if value is None:
        return "–"
    if value >= 1000 and narrow:
        return f"{value / 1000:.1f}k"
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}"
