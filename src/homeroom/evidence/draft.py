"""A store under way: written beside the old one, and put in its place only when it is whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence import schema
from homeroom.vocabulary.ids import SQL_MACROS
from homeroom.vocabulary.status import RESERVE_CODES, explain, gravity
from homeroom.vocabulary.waves import WAVES


@contextmanager
def beside(out: Path) -> Iterator[Path]:
    """Return a draft file beside ``out``; rename it over ``out`` on success, else remove it."""
    for stale in out.parent.glob(f".{out.name}.*.building*"):
        pid = stale.name.removeprefix(f".{out.name}.").split(".")[0]
        if not Path(f"/proc/{pid}").exists():
            stale.unlink(missing_ok=True)
    draft = out.parent / f".{out.name}.{os.getpid()}.building"
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(out)
    except (OSError, duckdb.Error) as error:
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in str(error):
            raise BadInput(
                f"{out.parent}: expected room for the store, found the disk full. Free some, or "
                "name another place for it. What was there before is unchanged."
            ) from error
        raise
    finally:
        for left in draft.parent.glob(draft.name + "*"):
            left.unlink(missing_ok=True)


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
