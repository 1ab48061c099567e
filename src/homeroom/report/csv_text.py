"""Rows as CSV for people: one writer, so that no spreadsheet runs what a school wrote in a name."""

from __future__ import annotations

import polars as pl

_RISKY = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
"""How text begins that a spreadsheet takes for a formula; also in full-width characters."""
_NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
"""A number is no formula, also where it stands as text."""


def csv_text(rows: pl.DataFrame) -> str:
    """Return rows as CSV.

    Text that a spreadsheet would run as a formula gets an apostrophe before it. Numbers stay as
    they are. Items of a list are joined by spaces.

    Parameters
    ----------
    rows
        Any frame; its own values stay as they are.
    """
    texts = rows.with_columns(
        column.cast(pl.List(pl.String)).list.join(" ")
        if isinstance(column.dtype, pl.List)
        else column.cast(pl.String)
        for column in rows.get_columns()
        if isinstance(column.dtype, (pl.List, pl.Categorical, pl.Enum))
    )
    names = [name for name, kind in texts.schema.items() if kind == pl.String]
    safe = texts.with_columns(
        pl.when(pl.col(name).str.contains(_RISKY) & ~pl.col(name).str.contains(_NUMBER))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in names
    )
    return safe.write_csv()
