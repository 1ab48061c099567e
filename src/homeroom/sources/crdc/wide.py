"""A school file as a frame: typed, complete, one row a school."""

from __future__ import annotations

import csv
from collections import Counter

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.crdc.columns import Layout
from homeroom.sources.crdc.ids import check_states, school_numbers, without_ids
from homeroom.sources.crdc.repeats import Zeros, fuller_rows
from homeroom.sources.text import decode
from homeroom.sources.values import number_text

IDS = ("LEA_STATE", "LEA_NAME", "LEAID", "SCHID", "SCH_NAME", "COMBOKEY")


def header(head: bytes) -> list[str]:
    """Column names of a CSV, from its first bytes; empty where it is no CSV of text."""
    line = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if b"\x00" in line or b"," not in line:
        return []
    names = next(csv.reader([line.decode("cp1252", "replace").strip()]), [])
    return [name.strip() for name in names]


def read(data: bytes, name: str, layout: Layout, texts: tuple[str, ...]) -> pl.DataFrame:
    """Read the cells, staff and ``texts`` columns of a school file.

    Counts are Int32, staff Float64, the rest strings; an empty cell is null. A first try reads
    numbers at full speed; where that fails, every value is looked at to say which one is wrong.

    Raises
    ------
    BadInput
        A value that is no number, a row of another width, or a header with a name twice.
    """
    names = header(data[: 1 << 20])
    if twice := [column for column, times in Counter(names).items() if times > 1]:
        raise BadInput(
            f"{name}: expected each column once, found {twice[0]} twice. "
            "Take the file from its publisher again."
        )
    text = _utf8(data, name)
    columns = [*texts, *layout.counts, *layout.staff]
    numbers: dict[str, pl.DataType] = dict.fromkeys(layout.counts, pl.Int32())
    numbers |= dict.fromkeys(layout.staff, pl.Float64())
    try:
        frame = pl.read_csv(
            text,
            columns=columns,
            schema_overrides={column: numbers.get(column, pl.String()) for column in names},
        )
    except pl.exceptions.PolarsError:
        frame = _read_carefully(text, name, columns, numbers)
    # The file of 2013-14 has an empty line between its rows.
    frame = frame.select(columns).filter(~pl.all_horizontal(pl.col(IDS).is_null()))
    return frame.with_columns(pl.col(list(layout.staff)).fill_nan(None))


def _utf8(data: bytes, name: str) -> bytes:
    """OCR writes some modules in cp1252; give UTF-8 with its column names trimmed."""
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            data = decode(data, name).encode()
        data = data.removeprefix(b"\xef\xbb\xbf")
    end = data.find(b"\n")
    line = data if end < 0 else data[:end]
    clean = ",".join(header(line + b"\n")).encode()
    same = clean == line.rstrip(b"\r").replace(b'"', b"")
    return data if same else clean + data[len(line) :]


def _read_carefully(
    text: bytes, name: str, columns: list[str], numbers: dict[str, pl.DataType]
) -> pl.DataFrame:
    try:
        frame = pl.read_csv(text, columns=columns, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"{name}: expected a CSV with as many values in each row as in its header; {reason}. "
            "Take the file from its publisher again."
        ) from error
    for column, kind in numbers.items():
        raw = number_text(frame[column], whole=kind == pl.Int32())
        typed = raw.cast(kind, strict=False)
        bad = (typed.is_null() & raw.is_not_null()).arg_true()
        if len(bad):
            raise BadInput(
                f"{name}: row {bad[0] + 2}, column {column}: expected a number, found "
                f"{frame[column][bad[0]]!r}. Take the file from its publisher again."
            )
        frame = frame.with_columns(typed.alias(column))
    return frame


def one_row_a_school(
    frame: pl.DataFrame, name: str, zeros: Zeros | None = None
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Add ``school_no``; drop rows that repeat another, or say less than another of the school.

    Parameters
    ----------
    frame
        The rows as read.
    name
        The file, for messages.
    zeros
        See :func:`homeroom.sources.crdc.repeats.fuller_rows`.

    Raises
    ------
    BadInput
        Two rows of one school that contradict each other, or a row of another state than its id.
    """
    frame, numbered = without_ids(frame)
    number, rebuilt = school_numbers(frame, name)
    check_states(frame, number, name)
    frame = frame.with_columns(number)
    notes = []
    if numbered:
        rebuilt -= numbered
        notes.append(f"{numbered:,} schools without an NCES id kept under their district")
    if rebuilt:
        notes.append(f"{rebuilt:,} damaged COMBOKEYs rebuilt from LEAID and SCHID")
    if number.n_unique() < len(number):
        before = len(frame)
        frame = frame.unique(maintain_order=True)
        if before > len(frame):
            notes.append(f"{before - len(frame):,} duplicate rows dropped")
        frame, taken = fuller_rows(frame, name, zeros)
        notes += taken
    return frame, tuple(notes)
