"""Text files as agencies write them: encodings, strict columns, ids that lost their zeros."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from homeroom.errors import BadInput
from homeroom.sources.values import number_text

_AGAIN = "Take the file from its publisher again."


def decode(data: bytes, name: str) -> str:
    """Return text from UTF-8 (with or without a byte order mark) or cp1252.

    Raises
    ------
    BadInput
        The bytes are neither.
    """
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{name}: expected text in UTF-8 or cp1252, found other bytes. {_AGAIN}")


def header(head: bytes, separator: str = ",") -> list[str]:
    """Return the column names of a text file from its first bytes; none where there is no text."""
    first = head.split(b"\n", 1)[0]
    if b"\x00" in first:
        return []
    text = first.decode("utf-8-sig", "replace")
    try:
        return [field.strip() for field in next(csv.reader([text], delimiter=separator), [])]
    except csv.Error:
        return []


def read_csv(
    data: bytes, name: str, columns: Sequence[str] | None = None, separator: str = ","
) -> pl.DataFrame:
    """Read a CSV with every value a string and empty ones null, checking header and width.

    Raises
    ------
    BadInput
        A column is missing or stands twice, or a row has another width than the header.
    """
    text = decode(data, name)
    raw = next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])
    names = [field.strip() for field in raw]
    if twice := [field for field, times in Counter(names).items() if times > 1]:
        raise BadInput(f"{name}: expected each column once, found {twice[0]!r} twice. {_AGAIN}")
    if gone := [field for field in columns or () if field not in names]:
        raise BadInput(f"{name}: expected column {gone[0]}, found {names[:8]}... {_AGAIN}")
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(text.encode()),
            parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(raw, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0]
        raise BadInput(
            f"{name}: expected rows as wide as the header; {reason}. {_AGAIN}"
        ) from error
    frame = pl.DataFrame(table.rename_columns(names))
    return frame.select(columns or pl.all()).with_columns(pl.all().replace("", None))


def repair_id(series: pl.Series, width: int, *, name: str = "", first_row: int = 2) -> pl.Series:
    """Return ids as zero-padded digits; a trailing ``.0`` of a spreadsheet is dropped.

    Parameters
    ----------
    name
        The file, for the message.
    first_row
        Row in the file of the first value.

    Raises
    ------
    BadInput
        A value is not digits, or is too long.
    """
    text = series.cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "")
    whole = text.str.contains(rf"^[0-9]{{1,{width}}}$").fill_null(value=False)
    if not whole.all():
        at = (~whole).arg_true()[0]
        raise BadInput(
            f"{name and name + ': '}row {at + first_row}, column {series.name}: expected an id of "
            f"at most {width} digits, found {series[at]!r}. {_AGAIN}"
        )
    return text.str.zfill(width)


def parse_numbers(
    series: pl.Series, kind: type[pl.DataType], *, name: str, first_row: int = 2
) -> pl.Series:
    """Return finite numbers of ``kind``; null and what counts as empty become null.

    Raises
    ------
    BadInput
        A value is no number, or has a fraction where ``kind`` is whole.
    """
    text = number_text(series.cast(pl.String), whole=not kind.is_float())
    found = text.cast(kind, strict=False)
    bad = found.is_null() & text.is_not_null()
    if kind.is_float():
        bad = bad | ~found.is_finite().fill_null(value=True)
    if bad.any():
        at = bad.arg_true()[0]
        what = "a number" if kind.is_float() else "a whole number"
        raise BadInput(
            f"{name}: row {at + first_row}, column {series.name}: expected {what}, found "
            f"{series[at]!r}. {_AGAIN}"
        )
    return found


Rules = Mapping[str, tuple[pl.Expr, str]]
"""Column to what must be true in each row, and the same in words."""


def require(frame: pl.DataFrame, rules: Rules, *, name: str, first_row: int = 2) -> None:
    """Check each row against the rules; an unknown answer (null) is a no.

    Raises
    ------
    BadInput
        A rule does not hold; the message names the row and column.
    """
    for column, (rule, expected) in rules.items():
        bad = frame.select(~rule.fill_null(value=False)).to_series()
        if bad.any():
            at = bad.arg_true()[0]
            raise BadInput(
                f"{name}: row {at + first_row}, column {column}: expected {expected}, found "
                f"{frame[column][at]!r}. {_AGAIN}"
            )


def one_each(frame: pl.DataFrame, key: str, name: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Drop rows that repeat another wholly; give the rest and a note on what was dropped.

    Raises
    ------
    BadInput
        Two rows of the same key differ.
    """
    kept = frame.unique(maintain_order=True)
    twice = kept.filter(pl.col(key).is_duplicated())
    if len(twice):
        raise BadInput(
            f"{name}: expected one row for each {key}, found {twice[key][0]} twice with different "
            f"values. {_AGAIN}"
        )
    dropped = len(frame) - len(kept)
    return kept, (f"{dropped} rows that repeat another were dropped",) if dropped else ()


def school_year(text: str | None) -> str | None:
    """Return ``2018-19`` for ``2018-2019``, None for anything that is no school year."""
    first, _, last = (text or "").strip().partition("-")
    if len(first) != 4 or len(last) != 4 or re.search(r"[^0-9]", first + last):
        return None
    return f"{first}-{last[2:]}" if int(last) == int(first) + 1 else None
