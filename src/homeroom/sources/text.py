"""Text files as agencies write them: encodings, strict columns, ids that lost their zeros."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence

import polars as pl

from homeroom.errors import BadInput

_AGAIN = "Take the file from its publisher again."


def decode(data: bytes, name: str) -> str:
    """Give text from UTF-8 (with or without a byte order mark) or cp1252.

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


def read_csv(data: bytes, name: str, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a CSV with every value a string, checking header and width.

    Raises
    ------
    BadInput
        A column is missing or stands twice, or a row has another width than the header.
    """
    text = decode(data, name)
    header = [field.strip() for field in next(csv.reader(text.splitlines()[:1]), [])]
    if twice := [field for field, times in Counter(header).items() if times > 1]:
        raise BadInput(f"{name}: expected each column once, found {twice[0]!r} twice. {_AGAIN}")
    if gone := [field for field in columns or () if field not in header]:
        raise BadInput(f"{name}: expected column {gone[0]}, found {header[:8]}... {_AGAIN}")
    try:
        frame = pl.read_csv(text.encode(), has_header=True, new_columns=header, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise BadInput(f"{name}: expected rows as wide as the header; {reason}. {_AGAIN}") from error
    return frame.select(columns) if columns else frame


def repair_id(series: pl.Series, width: int) -> pl.Series:
    """Give ids as zero-padded digits; a trailing ``.0`` of a spreadsheet is dropped.

    Raises
    ------
    BadInput
        A value is not digits, or is too long.
    """
    text = series.cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "")
    whole = text.str.contains(rf"^\d{{1,{width}}}$").fill_null(value=False)
    if not whole.all():
        at = (~whole).arg_true()[0]
        raise BadInput(
            f"row {at + 2}, column {series.name}: expected an id of at most {width} digits, found "
            f"{series[at]!r}. {_AGAIN}"
        )
    return text.str.zfill(width)
