"""Whether a store is what its build wrote and holds together, and whether a file is whole."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import duckdb
import polars as pl

from homeroom.errors import BadInput, HomeroomError, StoreLocked
from homeroom.evidence import checksums, sql, store
from homeroom.evidence.reading import read, sort_files
from homeroom.evidence.schema import STORE_TABLES
from homeroom.sources.registry import Refused

WHOLE, FAILED, UNKNOWN, TOLD = "whole", "failed", "not checked", "told"
_MAGIC = slice(8, 12), b"DUCK"
_NEAR = 0.99
"""Share of a state's schools that must be in the store, for its sum to be held against OCR's."""
_NOWHERE = Path("/nonexistent")
_ORPHANS = {
    "cells of schools that no module asked": """
        SELECT count(*) FROM cell JOIN cell_column USING (cell_id)
        ANTI JOIN answered ON answered.wave = cell.wave AND answered.module = cell_column.module
            AND answered.school_no = cell.school_no""",
    "unanswered parts of schools that no module asked": """
        SELECT count(*) FROM unanswered
        JOIN (SELECT DISTINCT element, module FROM cell_column) AS known USING (element)
        ANTI JOIN answered ON answered.wave = unanswered.wave
            AND answered.module = known.module AND answered.school_no = unanswered.school_no""",
    "cells of a kind that no column has":
        "SELECT count(*) FROM cell ANTI JOIN cell_column USING (cell_id)",
    "staff of schools without a name": "SELECT count(*) FROM staff ANTI JOIN school "
        "ON school.wave = staff.wave AND school.school_no = staff.school_no",
    "places without a state":
        "SELECT count(*) FROM place WHERE kind <> 'nation' AND (state IS NULL OR 'US-' || state "
        "NOT IN (SELECT place_id FROM place WHERE kind = 'state'))",
}  # fmt: skip


def verify(path: Path) -> pl.DataFrame:
    """Check a store, or the files at a path.

    Parameters
    ----------
    path
        A store, a file, a ZIP, or a folder.

    Returns
    -------
    polars.DataFrame
        A row a check: ``subject`` (table or file), ``check``, ``outcome`` (``whole``, ``failed``,
        ``not checked``, or ``told`` for what is no fault), and ``detail`` in words.

    Raises
    ------
    BadInput
        There is nothing at the path.
    StoreLocked
        Another program is writing to the store.
    """
    if not path.exists():
        raise BadInput(f"{path}: expected a store or a file to verify, found nothing there.")
    rows = _store(path) if _is_store(path) else _files(path)
    return pl.DataFrame(list(rows), ["subject", "check", "outcome", "detail"], orient="row")


_Row = tuple[str, str, str, str]


def _is_store(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        at, magic = _MAGIC
        return stream.read(at.stop)[at] == magic or path.suffix == ".duckdb"


def _store(path: Path) -> Iterator[_Row]:
    try:
        opened = store.Store(path)
    except StoreLocked:
        raise
    except HomeroomError as error:
        yield path.name, "schema", FAILED, str(error)
        return
    with opened:
        yield from checks(opened)


def checks(opened: store.Store) -> Iterator[_Row]:
    """Yield the checks of an open store: schema, checksums, orphans, totals."""
    con, meta = opened.con, opened.meta
    version = f"version {meta['schema_version']}, built {meta.get('built_at', 'at no known time')}"
    yield opened.path.name, "schema", WHOLE, version
    for table in STORE_TABLES:
        yield table, "checksum", *_checksum(con, meta, table)
    for what, query in (*_ORPHANS.items(), *_sourceless().items()):
        yield what, "orphans", *_none(con, query)
    yield from _totals(con)


def _checksum(con: duckdb.DuckDBPyConnection, meta: dict[str, str], table: str) -> tuple[str, str]:
    try:
        rows, found = checksums.of_table(con, table)
    except duckdb.Error as error:
        return FAILED, f"it can't be read: {str(error).splitlines()[0]}"
    if (expected := checksums.kept(meta, table)) is None:
        return FAILED, "the build wrote down no checksum"
    if not checksums.comparable(meta):
        before = expected.split()[0]
        same = before == str(rows)
        what = f"{rows:,} rows; made with another DuckDB, whose checksums can't be compared"
        return (UNKNOWN, what) if same else (FAILED, f"{rows:,} rows, expected {int(before):,}")
    if found != expected:
        return FAILED, f"{rows:,} rows that are not those the build wrote: build the store again"
    return WHOLE, f"{rows:,} rows"


def _none(con: duckdb.DuckDBPyConnection, query: str) -> tuple[str, str]:
    try:
        number = int(sql.rows(con, query)[0][0])
    except duckdb.Error as error:
        return FAILED, f"it can't be read: {str(error).splitlines()[0]}"
    return (FAILED if number else WHOLE), f"{number:,} rows"


def _sourceless() -> dict[str, str]:
    return {
        f"rows of {name} without a file": f"SELECT count(*) FROM {name} "
        "WHERE source_id NOT IN (SELECT source_id FROM source_file)"
        for name, table in STORE_TABLES.items()
        if name != "source_file" and any(column.name == "source_id" for column in table.columns)
    }


def _totals(con: duckdb.DuckDBPyConnection) -> Iterator[_Row]:
    """Hold the sums of schools against OCR's state tables, where a state's schools are there.

    OCR's estimations fill in schools that did not report, so a difference is told and no fault.
    """
    query = (files("homeroom.evidence") / "verify_totals.sql").read_text(encoding="utf-8")
    try:
        found = sql.rows(con, query, [_NEAR])
    except duckdb.Error as error:
        yield "official totals", "totals", FAILED, f"they can't be read: {error}"
        return
    for wave, measure, states, compared, equal, near, state, ours, official in found:
        subject = f"{measure}, {wave}"
        if not compared:
            detail = f"the schools of none of {states} state tables are all in this store"
            yield subject, "totals", UNKNOWN, detail
            continue
        detail = (
            f"{compared} of {states} state tables have all their schools here; {equal} match, "
            f"{near} are within 1 percent"
        )
        if ours != official:
            detail += f"; the largest difference is {state}: {ours:,} here, {official:,} in OCR's"
        yield subject, "totals", TOLD, detail


def _files(path: Path) -> Iterator[_Row]:
    recognized, refused = sort_files([path], _NOWHERE)
    for one in refused:
        yield one.name, "file", (TOLD if one.expected else FAILED), one.reason
    if not recognized and not refused:
        yield path.name, "file", FAILED, "the folder is empty"
    for found in recognized:
        batches = read(found)
        if isinstance(batches, Refused):
            yield batches.name, "file", FAILED, batches.reason
            continue
        name = found.file.name
        rows = {batch.table: 0 for batch in batches}
        schools: set[int] = set()
        for batch in batches:
            rows[batch.table] += len(batch.frame)
            if "school_no" in batch.frame.columns:
                schools.update(batch.frame["school_no"].unique())
        held = ", ".join(f"{number:,} rows of {table}" for table, number in rows.items())
        of = f"; {len(schools):,} schools" if schools else ""
        yield name, "file", WHOLE, f"{found.title}: {held}{of}; SHA-256 {found.file.sha256}"
        for note in dict.fromkeys(note for batch in batches for note in batch.notes):
            yield name, "note", TOLD, note
