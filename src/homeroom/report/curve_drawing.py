"""How a specification curve is drawn: the sorted figures above, the choices behind each below.

Colors are Okabe and Ito's (2008, "Color Universal Design"); every color goes with a shape.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.claims.model import Reading, Statistic
from homeroom.figures.wording import decimal
from homeroom.report.chart_labels import BELOW, RowLabels, row_labels
from homeroom.report.picture import GRAY, GREEN, ORANGE, Look, data
from homeroom.report.tooltips import Hint, between, hinted

STATED, FITS, SAME_PLACE, ELSEWHERE = (
    "the stated definition",
    "fits the claim's words",
    "another claim about the same place",
    "nearest definitions, another place",
)
KINDS = (STATED, FITS, SAME_PLACE, ELSEWHERE)
SHAPES = ("diamond", "circle", "square", "triangle-up")
_AXIS = 40
"""Pixels left of the upper plot; the lower one begins at the same place."""
Options = list[tuple[str, list[bool]]]
"""Choices by name: for each definition, whether it rests on the choice."""


def drawn(rows: pl.DataFrame, options: Options, reading: Reading, look: Look) -> Any:
    """Draw the figures of ``rows``, and the choices on which some of them rest."""
    offset = _AXIS if look.narrow else _labels(options).room
    width = look.width - offset - 6
    return alt.vconcat(
        _curve(rows, reading, look, width), _choices(rows, options, look, width), spacing=10
    ).resolve_scale(color="independent", shape="independent")


def _hint(row: dict[str, Any]) -> Hint:
    return {
        "Definition": row["definition"],
        "Figure": decimal(row["value"]),
        "95% interval": between(row["low"], row["high"]),
        "It is": row["kind"],
        "Scope and doubt": row["note"] or "–",
    }


def _curve(rows: pl.DataFrame, reading: Reading, look: Look, width: int) -> Any:
    titles = {Statistic.RATIO: "Ratio of the rates", Statistic.ONE_IN: "One in …"}
    title = titles.get(reading.statistic, "Figure")
    scale = _value_scale(rows, reading)
    axis = alt.Axis(domain=False, ticks=False, **_ticks(scale))
    told, tips = hinted(rows, _hint)
    base = alt.Chart(data(told)).encode(x=_rank(rows))
    spread = base.mark_rule(color=look.soft, opacity=0.5, clip=True).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=axis), y2="high:Q", tooltip=tips
    )
    legend = alt.Legend(
        title=None, orient="top", columns=1 if look.narrow else 2, symbolStrokeColor=look.ink
    )
    marks = base.mark_point(
        filled=True,
        size=26 if look.narrow else 46,
        opacity=1,
        stroke=look.ink,
        strokeWidth=0.2 if look.narrow else 0.4,
    ).encode(
        y=alt.Y("value:Q", title=None, scale=scale, axis=axis),
        color=alt.Color("kind:N", scale=_scale(_colors(look)), legend=legend),
        shape=alt.Shape("kind:N", scale=_scale(SHAPES), legend=legend),
        tooltip=tips,
    )
    stated = alt.Chart(
        data(pl.DataFrame({"stated": [reading.stated], "text": [f"stated: {reading.stated:g}"]}))
    ).encode(y=alt.Y("stated:Q", scale=scale))
    line = stated.mark_rule(strokeDash=[6, 4], color=look.ink)
    label = stated.mark_text(align="left", dy=-8, fontSize=12).encode(x=alt.value(6), text="text:N")
    # A column for each definition, from top to bottom: where many lie close, a mark is hard to hit.
    columns = base.transform_calculate(left="datum.rank - 0.5", right="datum.rank + 0.5")
    unseen = columns.mark_rect(opacity=0).encode(
        x=alt.X("left:Q", scale=_rank_scale(rows)), x2="right:Q", y=alt.value(0), y2=alt.value(240),
        tooltip=tips,
    )  # fmt: skip
    layers = [line, marks.transform_filter("isValid(datum.value)"), label, unseen]
    if rows["low"].is_not_null().any():
        layers.insert(0, spread.transform_filter("isValid(datum.low) && isValid(datum.high)"))
    return alt.layer(*layers).properties(width=width, height=240, title=_plain_title(title))


def _plain_title(text: str) -> Any:
    return alt.TitleParams(text, fontSize=12, fontWeight="normal", offset=8)


def _rank_scale(rows: pl.DataFrame) -> Any:
    return alt.Scale(domain=[-1, len(rows)], nice=False)


def _rank(rows: pl.DataFrame) -> Any:
    return alt.X("rank:Q", axis=None, scale=_rank_scale(rows))


def _colors(look: Look) -> tuple[str, ...]:
    return (look.ink, GREEN, GRAY, ORANGE)


def _value_scale(rows: pl.DataFrame, reading: Reading) -> Any:
    """Fit the figures, not their widest intervals; equal steps are equal factors for ratios."""
    numbers = [*rows["value"].to_list(), reading.stated]
    low, high = min(numbers), max(numbers)
    if reading.statistic is Statistic.RATIO and low > 0:
        return alt.Scale(type="log", domain=[low / 1.3, high * 1.3], nice=False)
    room = (high - low or abs(high) or 1) * 0.08
    return alt.Scale(domain=[min(low - room, 0) if low < high / 3 else low - room, high + room])


def _labels(options: Options) -> RowLabels:
    return row_labels({name: name for name, _ in options}, 230, 12)


def _ticks(scale: Any) -> dict[str, Any]:
    """Put lines at round figures: those of a logarithmic axis would crowd."""
    if scale.type != "log":
        return {"tickCount": 5}
    low, high = scale.domain
    round_ones = [part * 10.0**power for power in range(-4, 5) for part in (1, 2, 5)]
    return {"values": [one for one in round_ones if low <= one <= high], "format": "~g"}


def _choices(rows: pl.DataFrame, options: Options, look: Look, width: int) -> Any:
    """Draw the choices behind each definition, a row a choice; its name beside it or above."""
    frame = pl.DataFrame(
        [
            {"rank": rank, "choice": name} | rows.row(rank, named=True)
            for name, holds in options
            for rank, is_so in enumerate(holds)
            if is_so
        ],
        schema={"rank": pl.Int64, "choice": pl.String} | dict(rows.schema),
    )
    told, tips = hinted(frame, _hint)
    names = _labels(options)
    y = names.y("choice")
    ticks = (
        alt.Chart(data(told))
        .mark_tick(
            thickness=3, height=9, orient="vertical", yOffset=BELOW - 2 if look.narrow else 0
        )
        .encode(
            x=_rank(rows),
            y=y,
            color=alt.Color("kind:N", scale=_scale(_colors(look)), legend=None),
            tooltip=tips,
        )
    )
    above = names.above("choice", look.width, look.paper, left=-_AXIS) if look.narrow else []
    written = above or names.marks("choice")
    step = 34 if look.narrow else max(18, names.height + 3)
    return alt.layer(*written, ticks).properties(width=width, height=alt.Step(step))


def _scale(values: tuple[str, ...]) -> Any:
    return alt.Scale(domain=list(KINDS), range=list(values))
