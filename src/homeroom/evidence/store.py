"""Opening the store: where it lies, which version it is, and who may see it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import duckdb
import platformdirs

from homeroom.errors import BadInput, NotAvailable, StoreTooNew
from homeroom.evidence import sql
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.evidence.schema import READABLE, SCHEMA_VERSION

PUBLIC, CONFIDENTIAL = "public", "confidential"


def store_path() -> Path:
    """Return the store's place: HOMEROOM_STORE, or the user's data folder."""
    named = os.environ.get("HOMEROOM_STORE")
    return Path(named) if named else Path(platformdirs.user_data_dir("homeroom")) / "store.duckdb"


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a store for reading. Many readers may hold it; a build replaces the file beside them.

    Raises
    ------
    NotAvailable
        There is no store.
    StoreTooNew
        The store has another schema version.
    BadInput
        The file is no store.
    """
    if not path.exists():
        raise NotAvailable(
            f"{path}: expected a store, found none. `homeroom build` makes one from the starter "
            "facts; `homeroom build --from PATH` adds official files."
        )
    try:
        connection = duckdb.connect(str(path), read_only=True)
        rows = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchall()
        version = int(rows[0][0])
    except (duckdb.Error, IndexError, ValueError) as error:
        raise BadInput(
            f"{path}: expected a Homeroom store, found a file that is not one ({_first(error)}). "
            "Move it away and run `homeroom build`, or name another with HOMEROOM_STORE."
        ) from error
    if version not in READABLE:
        connection.close()
        way_out = "Install a newer Homeroom" if version > SCHEMA_VERSION else "Run `homeroom build`"
        raise StoreTooNew(
            f"{path}: expected a store of schema version {SCHEMA_VERSION}, found version {version}."
            f" {way_out}, or name another store with HOMEROOM_STORE."
        )
    return connection


class Store:
    """An open store: its connection, who may see it, and what was read from it so far.

    Parameters
    ----------
    path
        The store's file.

    Raises
    ------
    NotAvailable, StoreTooNew, BadInput
        As :func:`connect`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.cache = KeyedCache()
        """Values that any room derived from the store; it is read-only, so they stay true."""
        self._con = connect(path)

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for each question, so that threads do not share results."""
        return self._con.cursor()

    @cached_property
    def meta(self) -> dict[str, str]:
        """Schema version, Homeroom version, time of the build, data version, who may see it."""
        return {str(key): str(value) for key, value in sql.rows(self.con, "SELECT * FROM meta")}

    @property
    def access(self) -> str:
        """Who may see this store, ``public`` or ``confidential``: see :func:`access`."""
        return access(self.meta)

    def close(self) -> None:
        """Close the store."""
        self._con.close()


def access(meta: Mapping[str, str]) -> str:
    """Tell who may see a store: everyone (``public``), or its keepers alone (``confidential``).

    What does not say ``public`` in so many words is confidential.

    Parameters
    ----------
    meta
        The rows of table `meta`.
    """
    return PUBLIC if meta.get("access") == PUBLIC else CONFIDENTIAL


def _first(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
