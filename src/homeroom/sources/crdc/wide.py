"""A school file as a frame: typed, complete, one row a school."""

from __future__ import annotations

import csv
from collections import Counter

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.crdc.columns import Layout
from homeroom.sources.crdc.ids import school_numbers
from homeroom.sources.crdc.repeats import fuller_rows
from homeroom.sources.text import decode

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
    _whole_last_row(data, len(names), name)
    text = _utf8(data, name)
    columns = [*texts, *layout.cells, *layout.staff]
    numbers: dict[str, pl.DataType] = dict.fromkeys(layout.cells, pl.Int32())
    numbers |= dict.fromkeys(layout.staff, pl.Float64())
    try:
        frame = pl.read_csv(
            text,
            columns=columns,
            schema_overrides={column: numbers.get(column, pl.String()) for column in names},
        )
    except pl.exceptions.PolarsError:
        frame = _read_carefully(text, name, columns, numbers)
    return frame.select(columns)


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


def _whole_last_row(data: bytes, width: int, name: str) -> None:
    """Refuse a file that was cut off: even within its last number, where the width is right."""
    if not data.endswith(b"\n"):
        raise BadInput(
            f"{name}: expected a line break after the last row, as in OCR's files, found none: the "
            "file is cut off. Download it again."
        )
    last = data[-(1 << 16) :].rstrip(b"\r\n").rsplit(b"\n", 1)[-1]
    found = len(next(csv.reader([last.decode("cp1252", "replace")]), []))
    if found != width:
        raise BadInput(
            f"{name}: expected {width} columns in the last row, found {found}: the file is cut "
            "off. Download it again."
        )


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
        raw = frame[column].str.strip_chars()
        raw = raw.set(raw == "", None)
        whole = raw.str.replace(r"\.0+$", "") if kind == pl.Int32() else raw
        typed = whole.cast(kind, strict=False)
        bad = (typed.is_null() & raw.is_not_null()).arg_true()
        if len(bad):
            raise BadInput(
                f"{name}: row {bad[0] + 2}, column {column}: expected a number, found "
                f"{raw[bad[0]]!r}. Take the file from its publisher again."
            )
        frame = frame.with_columns(typed.alias(column))
    return frame


def one_row_a_school(frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Add ``school_no``; drop rows that repeat another, or say less than another of the school.

    Raises
    ------
    BadInput
        Two rows of one school that contradict each other.
    """
    number, rebuilt = school_numbers(frame, name)
    frame = frame.with_columns(number)
    notes = [f"{rebuilt:,} damaged COMBOKEYs rebuilt from LEAID and SCHID"] if rebuilt else []
    if number.n_unique() < len(number):
        before = len(frame)
        frame = frame.unique(maintain_order=True)
        if before > len(frame):
            notes.append(f"{before - len(frame):,} duplicate rows dropped")
        frame, taken = fuller_rows(frame, name)
        notes += taken
    return frame, tuple(notes)
