"""Rows as files that other programs open."""

from __future__ import annotations

import polars as pl

_RISKY = r"^[=+\-@\t\r]"
"""How text begins that a spreadsheet takes for a formula."""


def csv_of(rows: pl.DataFrame) -> bytes:
    """Return rows as CSV; text that a spreadsheet would run is quoted with an apostrophe."""
    lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
    text = [name for name, kind in rows.schema.items() if kind == pl.String]
    safe = rows.with_columns(
        pl.when(pl.col(name).str.contains(_RISKY))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(pl.col(name))
        .alias(name)
        for name in text
    )
    joined = (pl.col(name).cast(pl.List(pl.String)).list.join(" ") for name in lists)
    return safe.with_columns(joined).write_csv().encode()
