"""What a live chart tells under the pointer: words and figures, formatted before they travel.

Texts are made here and not by the browser, so that a figure reads as it does on the page and a
missing one gives its reason. They are plain text; nothing reads them as markup.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt
import polars as pl

from homeroom.figures.wording import decimal

Hint = dict[str, str]
"""What is told of one mark, title by title."""


def hinted(
    frame: pl.DataFrame, hint: Callable[[dict[str, Any]], Hint]
) -> tuple[pl.DataFrame, list[Any]]:
    """Add to each row what is told of it, and give the encoding that tells it."""
    told = pl.DataFrame([hint(row) for row in frame.iter_rows(named=True)])
    tips = [alt.Tooltip(field=name, type="nominal", title=name) for name in told.columns]
    return frame.hstack(told), tips


def number(value: float | None) -> str:
    """Write a count."""
    return "–" if value is None else f"{value:,.0f}"


def between(low: float | None, high: float | None) -> str:
    """Write an interval."""
    return "–" if low is None or high is None else f"{decimal(low)} to {decimal(high)}"


def whole_rows(base: Any, tips: list[Any], width: float) -> Any:
    """Cover each row from edge to edge, unseen: a thin mark is hard to hit.

    Laid over the marks that tell the same, so that whoever reads the marks in turn meets those
    that can be seen first.
    """
    return base.mark_rect(opacity=0).encode(x=alt.value(0), x2=alt.value(width), tooltip=tips)
