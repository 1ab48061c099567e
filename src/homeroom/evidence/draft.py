"""A store under way: written beside the old one, and put in its place only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import duckdb
import polars as pl

from homeroom.errors import Unwritten
from homeroom.evidence import schema
from homeroom.vocabulary.ids import SQL_MACROS
from homeroom.vocabulary.status import RESERVE_CODES, explain, gravity
from homeroom.vocabulary.waves import WAVES

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_DRAFT, _LOCK = ".building", ".lock"
_LONG = 24 * 3600
"""Seconds that no build takes, where nothing better tells whether one still runs."""


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """Return a draft file beside ``out``; rename it over ``out`` on success, else remove it."""
    _remove_stale(out)
    draft = out.parent / f".{out.name}.{os.getpid()}.building"
    held = _hold(draft.with_name(draft.name + _LOCK))
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(out)
    except (OSError, duckdb.Error) as error:
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            raise Unwritten(
                f"{out.parent}: expected room for the store, found the disk full. Free some, or "
                "name another place for it. What was there before is unchanged."
            ) from error
        raise
    finally:
        for left in sorted(draft.parent.glob(glob.escape(draft.name) + "*")):
            left.unlink(missing_ok=True)
        held.close()


def _hold(lock: Path) -> IO[bytes]:
    """Hold a lock for as long as the build runs: the system drops it when the process ends."""
    held = lock.open("wb")
    if fcntl is not None:
        with contextlib.suppress(OSError):  # a network disk without locks
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return held


def _remove_stale(out: Path) -> None:
    """Remove the drafts beside ``out`` whose builds have ended without."""
    found = sorted(out.parent.glob(f".{glob.escape(out.name)}.*.building*"))
    dead = {draft for draft in {_draft_of(one) for one in found} if not _is_being_built(draft)}
    for one in found:
        if _draft_of(one) in dead:
            one.unlink(missing_ok=True)


def _draft_of(path: Path) -> Path:
    return path.with_name(path.name.partition(_DRAFT)[0] + _DRAFT)


def _is_being_built(draft: Path) -> bool:
    """Tell by the lock whether a build still runs; without one, by its process, or its age."""
    lock = draft.with_name(draft.name + _LOCK)
    if fcntl is not None and lock.exists():
        try:
            with lock.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            return _is_fresh(draft)
        return False
    pid = draft.name.removesuffix(_DRAFT).rpartition(".")[2]
    if os.name != "posix" or not pid.isdecimal():
        return _is_fresh(draft)
    try:
        os.kill(int(pid), 0)  # asks whether it is there, and sends nothing
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _is_fresh(draft: Path) -> bool:
    with contextlib.suppress(OSError):
        return time.time() - draft.stat().st_mtime < _LONG
    return False


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the tables and views of the store, and fill those that the vocabulary gives."""
    connection.execute("CREATE TABLE meta (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    for name in schema.STORE_TABLES:
        connection.execute(schema.create_sql(name))
    insert(connection, "cell_column", schema.cell_columns())
    insert(connection, "measure_element", schema.measure_elements())
    insert(connection, "measure_part", schema.measure_parts())
    codes = [
        (wave, code, *explain(code, wave), gravity(code))
        for wave in WAVES
        for code in RESERVE_CODES
    ]
    connection.execute(
        "CREATE TABLE reserve_code (wave VARCHAR, code TINYINT, status VARCHAR, meaning VARCHAR, "
        "gravity TINYINT)"
    )
    connection.executemany("INSERT INTO reserve_code VALUES (?, ?, ?, ?, ?)", codes)
    insert(connection, "code_meaning", schema.code_meanings())
    connection.execute(SQL_MACROS + schema.views_sql())


def insert(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append the rows of ``frame`` to a table, by column name."""
    connection.register("incoming", frame.to_arrow())
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
    connection.unregister("incoming")
