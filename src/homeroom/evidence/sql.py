"""Running SQL against the store: values are bound, results are complete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]


def frame(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> pl.DataFrame:
    """Return the result as a frame."""
    found: pl.DataFrame = con.sql(sql, params=list(values)).pl()
    return found


def arrays(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()) -> Columns:
    """Return the result as an array a column: half the time of a frame for a few rows.

    The statement must leave no value null: arrays would hide which ones are.
    """
    found = con.execute(sql, list(values)).fetchnumpy()
    hidden = [name for name, column in found.items() if np.ma.isMaskedArray(column)]
    if hidden:
        raise ValueError(f"{', '.join(hidden)}: expected no nulls, found some.")
    return dict(found)


def rows(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> list[tuple[Any, ...]]:
    """Return the result as tuples."""
    return con.execute(sql, list(values)).fetchall()


def named_rows(
    con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[Any] = ()
) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the names of the columns, and the result as tuples."""
    found = con.execute(sql, list(values))
    return [str(column[0]) for column in found.description], found.fetchall()


CITED = (
    "source_file.title || ', ' || source_file.name || ' (sha256 ' || "
    "source_file.sha256[:12] || ')' AS source"
)
"""SQL of a file in one line, where ``source_file`` is joined: publication, name, and hash."""
