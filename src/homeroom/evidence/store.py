"""Opening the store: where it lies, which version it is, and who may see it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import platformdirs

from homeroom.errors import DamagedStore, NoStore, NotAStore, StoreLocked, StoreTooNew
from homeroom.evidence import database, sql, starter
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.evidence.schema import READABLE, SCHEMA_VERSION, STORE_TABLES
from homeroom.version import __version__
from homeroom.vocabulary.waves import admit_own

PUBLIC, CONFIDENTIAL = "public", "confidential"
OWN_WAVES = "own_waves"
"""Key of table `meta`: school years that the store holds from an agency's own records."""
_HOLDER = re.compile(r"lock is held in (.+) \(PID (\d+)\)")
_VERSIONS = "SELECT key, value FROM meta WHERE key IN ('schema_version', 'homeroom_version')"
_FILES = "SELECT DISTINCT split_part(name, ':', 1) AS file FROM source_file ORDER BY file"


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
    StoreLocked
        Another program is writing to it.
    """
    if not _is_there(path):
        raise NoStore(f"{path}: expected a store, found none.")
    connection = _opened(path)
    try:
        rows = connection.execute(_VERSIONS).fetchall()
        version = int(str(dict(rows)["schema_version"]))
        dict(rows)["homeroom_version"]
    except (duckdb.Error, KeyError, TypeError, ValueError) as error:
        connection.close()
        raise _no_store(path, error) from error
    if version not in READABLE:
        made_from = _made_from(connection) if version < SCHEMA_VERSION else ""
        connection.close()
        raise StoreTooNew(
            f"{path}: expected a store of schema version {SCHEMA_VERSION}, found version {version}."
            + (made_from or " A newer Homeroom reads it."),
            outdated=version < SCHEMA_VERSION,
        )
    if gone := _tables_gone(connection):
        connection.close()
        raise DamagedStore(
            f"{path}: expected a whole store, found one without {gone}. Build it again."
        )
    return connection


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # a name that is too long, a folder that may not be entered
        raise NoStore(f"{path}: expected a store, found none ({error.strerror}).") from error


def _tables_gone(connection: duckdb.DuckDBPyConnection) -> str:
    """Say which tables or columns of the schema a store lacks; nothing where it has them all."""
    try:
        rows = connection.execute("SELECT table_name, column_name FROM duckdb_columns()").fetchall()
    except duckdb.Error as error:
        return f"a catalog that can be read ({_first(error)})"
    there = {(str(table), str(column)) for table, column in rows}
    tables = {table for table, _ in there}
    for table in STORE_TABLES.values():
        if table.name not in tables:
            return f"table {table.name}"
        for column in table.columns:
            if (table.name, column.name) not in there:
                return f"column {column.name} of table {table.name}"
    return ""


def stamp_of(path: Path) -> tuple[int, int, int]:
    """Return what tells a file from another in its place; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size


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


def _opened(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        if not database.is_database(path):
            raise NotAStore(f"{path}: expected a Homeroom store, found another file.")
        return database.opened(path, read_only=True)
    except OSError as error:
        raise NotAStore(
            f"{path}: expected a Homeroom store, found what cannot be read ({error.strerror})."
        ) from error
    except duckdb.Error as error:
        said = _first(error)
        if "set lock on file" in said or "different configuration" in said:
            holder = _HOLDER.search(said)
            who = f"program {holder[1]}, process {holder[2]}" if holder else "another program"
            raise StoreLocked(
                f"{path}: expected a store that is free to read, found it held open for writing "
                f"by {who}. Close it there, or wait until it is done; the store itself is unharmed."
            ) from error
        raise _no_store(path, error) from error


def only_starter(path: Path) -> bool:
    """Return whether a store, of any version, was made from the starter facts and nothing else.

    Parameters
    ----------
    path
        The store's file.
    """
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            made_from = {
                sha for (sha,) in connection.execute("SELECT sha256 FROM source_file").fetchall()
            }
    except duckdb.Error:
        return False
    return bool(made_from) and made_from <= set(starter.load("source_file")["sha256"])


def _no_store(path: Path, error: Exception) -> NotAStore:
    said = _first(error)
    what = "a damaged database" if "orrupt" in said else "a file that is not one"
    return NotAStore(f"{path}: expected a Homeroom store, found {what} ({said}).")


def _made_from(connection: duckdb.DuckDBPyConnection) -> str:
    """Say which files an outdated store was made from, as far as it tells."""
    try:
        found = connection.execute(_FILES).fetchall()
    except duckdb.Error:
        found = []
    names = ", ".join(str(name) for (name,) in found[:5])
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    files = f": {names}{more}" if names else ""
    return f" Build it again from the files it was made from{files}."


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
        self.stamp = stamp_of(path)
        """Of the file as it was opened, so that another one in its place is noticed."""
        self._con = _connect_anew(path) if anew else connect(path)
        self._talks = database.talks(self._con)
        for wave in self.meta.get(OWN_WAVES, "").split():
            admit_own(wave)

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        """A cursor of its own for each question, so that threads do not share results."""
        cursor = self._con.cursor()
        if self._talks:
            database.silence(cursor)
        return cursor

    @property
    def stale(self) -> str | None:
        """Say that another Homeroom built the store; None where it was this one.

        Its tables can be read, but rules and starter facts may have changed since.
        """
        built = self.meta.get("homeroom_version", "")
        if built == __version__:
            return None
        return (
            f"Homeroom {built or 'of an unknown version'} built this store, and this is "
            f"{__version__}: rules and starter facts may have changed. Build it again."
        )

    def quiet(self) -> None:
        """Answer each statement on one core, for a process that is one of several."""
        self._con.execute("SET threads = 1")

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
