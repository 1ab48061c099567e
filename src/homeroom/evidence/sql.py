"""Running SQL against the store: values are bound, results are complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import polars as pl


def frame(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> pl.DataFrame:
    """Return the result as a frame."""
    found: pl.DataFrame = con.sql(sql, params=list(values)).pl()
    return found


def rows(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """Return the result as tuples."""
    return con.execute(sql, list(values)).fetchall()


CITED = (
    "source_file.title || ', ' || source_file.name || ' (sha256 ' || "
    "source_file.sha256[:12] || ')' AS source"
)
"""SQL of a file in one line, where ``source_file`` is joined: publication, name, and hash."""
