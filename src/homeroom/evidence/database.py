"""Opening DuckDB: it fetches nothing, and says nothing on its own."""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
}
"""A file of another program, such as SQLite's, would make DuckDB fetch a reader for it."""
STORAGE = "v1.4.0"
"""The oldest DuckDB that reads a store. Without it only the version that wrote one, or a newer."""
_MAGIC, _MAGIC_AT = b"DUCK", 8


def opened(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Open a database file, or one in memory, without extensions and progress bar.

    Parameters
    ----------
    path
        The file; None for a database in memory.
    read_only
        Whether to open it for reading alone.

    Raises
    ------
    duckdb.Error
        DuckDB cannot open the file.
    """
    config = _CONFIG if read_only else _CONFIG | {"storage_compatibility_version": STORAGE}
    connection = duckdb.connect(
        str(path) if path else ":memory:", read_only=read_only, config=config
    )
    silence(connection)
    return connection


def silence(connection: duckdb.DuckDBPyConnection) -> None:
    """Draw no progress bar, also in a notebook.

    In one without the package that draws bars there, DuckDB refuses the setting, and draws none.
    """
    with contextlib.suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar=false")


def is_database(path: Path) -> bool:
    """Return whether a file begins as a database of DuckDB does.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    with path.open("rb") as stream:
        return stream.read(_MAGIC_AT + len(_MAGIC))[_MAGIC_AT:] == _MAGIC


def talks(connection: duckdb.DuckDBPyConnection) -> bool:
    """Return whether a new cursor would draw progress bars, as in an interactive session."""
    with connection.cursor() as fresh:
        row = fresh.execute("SELECT current_setting('enable_progress_bar')").fetchone()
    return bool(row and row[0])
