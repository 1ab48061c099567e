"""Whole tables as files: Parquet for programs, gzipped CSV for everything else.

A table of the store is written with the ids that other files join by: a school's COMBOKEY is text,
not the number that stands for it inside the store. Rows are in the order of the table's key, so the
same data give the same bytes. Panels are tables too: see :data:`PANELS`.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from homeroom.errors import NotAvailable
from homeroom.evidence.schema import STORE_TABLES
from homeroom.evidence.store import Store
from homeroom.figures.outcomes import OUTCOMES
from homeroom.figures.panel import panel, panel_columns
from homeroom.figures.panel import types as panel_types
from homeroom.report.csv_text import csv_text
from homeroom.report.data_file import VERSION, About, described

_ROWS = 100_000
"""Rows of a Parquet row group, so that a reader of few columns or rows fetches little."""
FORMS = ("parquet", "csv.gz")
_IDS = {"school_no": ("combokey", "combokey_of(school_no)", pl.String(), "COMBOKEY, as text")}
"""Columns that are numbers inside the store, and the id that goes out instead."""
_NAMES = {"place_id": "place"}
"""Columns that the store calls otherwise than the vocabulary."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """A table that is given as a file.

    Attributes
    ----------
    columns
        Name of each column to its type and meaning.
    key
        Columns that together are different in each row; empty where none are.
    asked
        The question that a panel answers; empty for a table of the store.
    """

    name: str
    doc: str
    columns: Mapping[str, tuple[pl.DataType, str]]
    key: tuple[str, ...]
    asked: Mapping[str, Any]


PANELS: dict[str, tuple[str, dict[str, Any]]] = {
    "panel_state": (
        "Every state in every wave: outcomes by race, staff, coverage, and doubts.",
        {"measures": OUTCOMES, "by": ("race",), "level": "state"},
    ),
    "panel_district": (
        "Every district in every wave: arrests and referrals, staff, coverage, and doubts.",
        {"measures": ("arrests", "referrals"), "level": "district"},
    ),
}
_PANEL_KEY = ("place", "wave", "measure", "group")
_PLACES_LAST = ("build_note", "build_file", "build_change", "build_conflict")
"""What happened in a build is told by the store itself, not given as data."""


def open_tables() -> dict[str, OpenTable]:
    """Return every table that is given as a file, panels first."""
    found = {
        name: OpenTable(name, doc, _panel_columns(), _PANEL_KEY, asked)
        for name, (doc, asked) in PANELS.items()
    }
    for table in STORE_TABLES.values():
        if table.name not in _PLACES_LAST:
            found[table.name] = OpenTable(
                table.name, table.doc,
                {_out(one.name): _typed(one.name, one.type, one.doc) for one in table.columns},
                tuple(_out(name) for name in table.key), {},
            )  # fmt: skip
    return found


def _panel_columns() -> dict[str, tuple[pl.DataType, str]]:
    kinds = panel_types()
    return {name: (kinds[name], said) for name, said in panel_columns().items()}


def _out(name: str) -> str:
    return _IDS[name][0] if name in _IDS else _NAMES.get(name, name)


def _typed(name: str, kind: Any, doc: str) -> tuple[pl.DataType, str]:
    return (_IDS[name][2], _IDS[name][3]) if name in _IDS else (kind(), doc)


def write_table(store: Store, name: str, form: str, about: About, path: Path) -> int:
    """Write a table to a file and return the number of its rows.

    Parameters
    ----------
    form
        One of :data:`FORMS`.
    about
        What the file says of itself.

    Raises
    ------
    NotAvailable
        There is no such table or form.
    """
    table = open_tables().get(name)
    if table is None or form not in FORMS:
        raise NotAvailable(
            f"table {name!r} as {form!r}: expected one of {', '.join(open_tables())} as "
            f"{' or '.join(FORMS)}."
        )
    batches = _batches(store, table)
    if form == "parquet":
        return _parquet(batches, table, about, path)
    return _csv(batches, about, path)


def _batches(store: Store, table: OpenTable) -> Iterator[pl.DataFrame]:
    """Yield the rows in order, some at a time: a table may be larger than memory."""
    if table.asked:
        frame = panel(store, **table.asked)
        yield from frame.iter_slices(_ROWS)
        return
    stored = STORE_TABLES[table.name]
    chosen = ", ".join(
        f"{_IDS[one.name][1]} AS {_IDS[one.name][0]}" if one.name in _IDS
        else f"{one.name} AS {_out(one.name)}"
        for one in stored.columns
    )  # fmt: skip
    order = ", ".join(stored.key) or "ALL"
    with store.con.cursor() as con:
        asked = con.sql(f"SELECT {chosen} FROM {stored.name} ORDER BY {order}")
        reader = asked.to_arrow_reader(_ROWS)
        empty = True
        for batch in reader:
            empty = False
            yield _frame(batch, table)
        if empty:
            yield pl.DataFrame(schema={one: kind for one, (kind, _) in table.columns.items()})


def _frame(batch: pa.RecordBatch, table: OpenTable) -> pl.DataFrame:
    found = pl.from_arrow(batch)
    return pl.DataFrame(found).cast({one: kind for one, (kind, _) in table.columns.items()})


def _parquet(batches: Iterator[pl.DataFrame], table: OpenTable, about: About, path: Path) -> int:
    writer: pq.ParquetWriter | None = None
    rows = 0
    for batch in _regular(batches):
        arrow = batch.to_arrow(compat_level=pl.CompatLevel.oldest())
        schema = described(arrow.schema, about)
        if writer is None:
            writer = pq.ParquetWriter(path, schema, compression="zstd")
        writer.write_table(arrow.cast(schema), row_group_size=_ROWS)
        rows += len(batch)
    if writer is None:
        raise NotAvailable(f"table {table.name!r}: expected rows, found none.")
    writer.close()
    return rows


def _csv(batches: Iterator[pl.DataFrame], about: About, path: Path) -> int:
    rows = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        for at, batch in enumerate(_regular(batches)):
            text = csv_text(batch.with_columns(pl.lit(about.data_version).alias(VERSION)))
            out.write((text.partition("\n")[2] if at else text).encode())
            rows += len(batch)
    return rows


def _regular(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield frames of the same number of rows, however many the database gives at a time."""
    held: list[pl.DataFrame] = []
    size = 0
    for batch in batches:
        held.append(batch)
        size += len(batch)
        while size >= _ROWS:
            whole = pl.concat(held)
            yield whole.head(_ROWS)
            held, size = [whole.slice(_ROWS)], size - _ROWS
    if size or not any(len(one) for one in held):
        yield from [pl.concat(held)] if held else []


def about_table(store: Store, table: OpenTable, citation: str) -> About:
    """Return what the file of a table says of itself."""
    return About(
        table.doc, store.meta["data_version"], citation, {"table": table.name, **table.asked},
        {name: said for name, (_, said) in table.columns.items()},
    )  # fmt: skip
