"""The plot that most pictures of places share: a row each, a dot, its interval, its figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
import polars as pl

from homeroom.report.chart_labels import measured, row_labels
from homeroom.report.picture import Look, data
from homeroom.report.sentences import figure
from homeroom.report.tooltips import Hint, hinted, whole_rows


def dot_rows(
    frame: pl.DataFrame,
    labels: Mapping[str, str],
    look: Look,
    *,
    title: str | None,
    top: float,
    hint: Callable[[dict[str, Any]], Hint],
    ticks: bool = True,
) -> Any:
    """Draw rows from zero to ``top``.

    The frame has the columns ``row`` (an id of ``labels``), ``value``, ``low``, ``high`` and
    ``reason`` (why there is no value); ``strong`` marks the row that stands for all, ``doubtful`` a
    figure that rules doubt: its dot is hollow. A value beyond ``top`` is an arrow at the edge: its
    figure stands beside it.
    """
    names = row_labels(labels, 132 if look.narrow else 240)
    said = [figure(v) if v is not None else "" for v in frame["value"]]
    side = max((measured(text) for text in said), default=0) + 12
    width = round(look.width - names.room - side)
    told, tips = hinted(frame.with_columns(said=pl.Series(said, dtype=pl.String)), hint)
    scale = alt.Scale(domain=[0, top], nice=False)
    axis = alt.Axis(tickCount=4 if look.narrow else 8, labels=ticks, ticks=ticks, domain=False)
    x = {"title": title, "scale": scale, "axis": axis}
    base = alt.Chart(data(told)).encode(y=names.y("row"))
    color = alt.condition("datum.strong", alt.value(look.ink), alt.value(look.main))
    fill = alt.FillValue(
        look.main,
        condition=[
            {"test": "datum.doubtful", "value": look.paper},
            {"test": "datum.strong", "value": look.ink},
        ],
    )
    known = base.transform_filter(f"datum.value !== null && datum.value <= {top}")
    lines = known.mark_rule(strokeWidth=3, opacity=0.45, clip=True).encode(
        x=alt.X("low:Q", **x), x2="high:Q", color=color
    )
    dots = known.mark_point(filled=True, size=100, opacity=1, strokeWidth=2).encode(
        x=alt.X("value:Q", **x), fill=fill, stroke=color, tooltip=tips
    )
    arrows = (
        base.transform_filter(f"datum.value > {top}")
        .mark_point(filled=True, size=110, opacity=1, shape="triangle-right")
        .encode(x=alt.value(width - 5), fill=fill, stroke=color, tooltip=tips)
    )
    figures = base.mark_text(align="right", fontSize=13).encode(
        x=alt.value(width + side), text="said:N"
    )
    none = (
        base.transform_filter("datum.value === null")
        .mark_text(align="left", fontStyle="italic", color=look.soft)
        .encode(x=alt.value(6), text="reason:N")
    )
    step = max(26 if frame.height > 12 else 30, names.height + 6)
    return alt.layer(
        *names.marks("row"), lines, dots, arrows, figures, none,
        whole_rows(base, tips, width + side),
    ).properties(width=width, height=alt.Step(step))  # fmt: skip
