"""A checksum of each table of a store, so that a figure changed later is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import duckdb

from homeroom.evidence.schema import STORE_TABLES

_KEY = "checksum:"
_ENGINE = "checksum_engine"
"""Which DuckDB made the checksums: its hash may differ in another version."""


def of_table(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    """Return the number of rows and their checksum, whatever order they stand in.

    A row that stands twice would vanish from an exclusive or alone, so the sum stands beside it.
    """
    rows, mixed, total = connection.execute(
        f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) % 18446744073709551557 FROM {table} t"
    ).fetchall()[0]
    return int(rows), f"{rows} {mixed or 0:016x} {int(total or 0):016x}"


def of_store(connection: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], dict[str, str]]:
    """Return the rows of each table, and what table `meta` keeps to check them by."""
    found = {table: of_table(connection, table) for table in STORE_TABLES}
    sums = {f"{_KEY}{table}": checksum for table, (_, checksum) in found.items()}
    return {table: rows for table, (rows, _) in found.items()}, sums | {_ENGINE: _engine()}


def digest(sums: Mapping[str, str]) -> str:
    """Return a digest of what a store holds: builds of equal files share it.

    When it was built, and how long that took, is no part of it; nor are the bytes of the file,
    which DuckDB lays out anew each time.

    Parameters
    ----------
    sums
        The checksums of :func:`of_store`.
    """
    listed = "\n".join(f"{key} {sums[key]}" for key in sorted(sums) if key.startswith(_KEY))
    return hashlib.sha256(listed.encode()).hexdigest()


def comparable(meta: Mapping[str, str]) -> bool:
    """Tell whether this DuckDB makes the checksums that the store was written with."""
    return meta.get(_ENGINE) == _engine()


def kept(meta: Mapping[str, str], table: str) -> str | None:
    """Return the checksum of a table that the build wrote down."""
    return meta.get(f"{_KEY}{table}")


def _engine() -> str:
    return f"DuckDB {duckdb.__version__}"
