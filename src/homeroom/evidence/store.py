"""Opening the store: where it lies, which version it is, and who may see it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import platformdirs

from homeroom.errors import NoStore, NotAStore, StoreTooNew
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
    NoStore
        There is no store.
    StoreTooNew
        The store has another schema version.
    NotAStore
        The file is no store.
    """
    if not path.exists():
        raise NoStore(f"{path}: expected a store, found none.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        rows = connection.execute("SELECT value FROM meta WHERE key = 'schema_version'").fetchall()
        version = int(rows[0][0])
    except (duckdb.Error, IndexError, ValueError) as error:
        raise NotAStore(
            f"{path}: expected a Homeroom store, found a file that is not one ({_first(error)})."
        ) from error
    if version not in READABLE:
        connection.close()
        outdated = version < SCHEMA_VERSION
        raise StoreTooNew(
            f"{path}: expected a store of schema version {SCHEMA_VERSION}, found version {version}."
            + ("" if outdated else " A newer Homeroom reads it."),
            outdated=outdated,
        )
    return connection


def _connect_anew(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the file under a second name of its own, which goes when the connection stands."""
    with tempfile.TemporaryDirectory(
        prefix=".opening-", dir=path.parent, ignore_cleanup_errors=True
    ) as folder:
        other = Path(folder) / path.name
        try:
            other.hardlink_to(path)
        except FileNotFoundError:
            return connect(path)  # which says that there is no store
        except OSError:
            shutil.copyfile(path, other)  # a disk without hard links
        return connect(other)


class Store:
    """An open store: its connection, who may see it, and what was read from it so far.

    Parameters
    ----------
    path
        The store's file.
    anew
        Read the file that lies there now, even while this process has the one open that lay there
        before. DuckDB knows an open file by its path and would go on with the old one.

    Raises
    ------
    NoStore, StoreTooNew, NotAStore
        As :func:`connect`.
    """

    def __init__(self, path: Path, *, anew: bool = False) -> None:
        self.path = path
        self.cache = KeyedCache()
        """Values that any room derived from the store; it is read-only, so they stay true."""
        self._con = _connect_anew(path) if anew else connect(path)

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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


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
