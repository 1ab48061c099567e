"""One table as canonical text: UTF-8, commas, line feeds, and every row as wide as the header.

Whatever a file came as, its reader sees this, and ``notes`` say what was done to get there. Text
that is no table (a page, a program's data) is given back as it is, for a reader to refuse.
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass, replace

import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from homeroom.errors import BadInput
from homeroom.sources import widths
from homeroom.sources.encodings import to_utf8
from homeroom.sources.values import notes_on

_SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "vertical bars"}
_NO_TABLE = (b"<", b"{", b"[", b"%PDF")
_LONGEST_HEADER = 1 << 20
_AGAIN = "Take the file from its publisher again."
_DECIMAL_COMMA = r"^-?\d+,\d+$"
_EITHER_COMMA = r"^-?\d{1,3},\d{3}$"


@dataclass(frozen=True, slots=True)
class Canonical:
    """A table as text, and what was done to it, in words."""

    data: bytes
    notes: tuple[str, ...] = ()


def head(start: bytes, name: str, *, whole: bool, capitals: bool = False) -> bytes:
    """Return the start of a text as it will be in canonical form, checking nothing.

    Parameters
    ----------
    whole
        Whether ``start`` is the whole file, so that it doesn't end within a row.
    """
    try:
        text, _ = to_utf8(start, name, cut=not whole)
    except BadInput:
        return start
    text, _ = _line_feeds(text)
    if not _is_table(text):
        return text if whole else start
    separator = _separator(_first_line(text))
    if separator != ",":
        text = _rewritten(text if whole else text[: text.rfind(b"\n") + 1], separator)
    return _tidy_header(text, capitals=capitals)[0]


def table(data: bytes, name: str, *, capitals: bool = False) -> Canonical:
    """Return a text in canonical form.

    Raises
    ------
    BadInput
        It is damaged, or a row has another width than the header; the message names the row.
    """
    text, notes = to_utf8(data, name)
    if not _is_table(text):
        return Canonical(text, notes)
    if (at := text.find(b"\0")) >= 0:
        row = text.count(b"\n", 0, at) + 1
        raise BadInput(f"{name}: row {row}: expected text, found a zero byte. {_AGAIN}")
    text, told = _line_feeds(text)
    notes += told
    separator = _separator(_first_line(text))
    if separator != ",":
        text, told = _with_commas(text, name, separator)
        notes += told
    text, told = _tidy_header(text, capitals=capitals)
    text, more = _one_header(text, name)
    text, ends = _whole_rows(text, name)
    return Canonical(text, (*notes, *told, *more, *ends, *notes_on(text)))


def write(frame: pl.DataFrame) -> bytes:
    """Return a frame as canonical text: whole numbers without a point, nothing for nothing."""
    typed = []
    for name, kind in frame.schema.items():
        column = pl.col(name)
        if kind.is_float():
            column = column.fill_nan(None)
            values = frame[name].fill_nan(None).drop_nulls()
            if (
                values.is_finite().all()
                and (values == values.round()).all()
                and (values.abs() < 2**53).all()
            ):
                column = column.cast(pl.Int64)
        elif kind == pl.Boolean:
            column = pl.when(column).then(pl.lit("Yes")).when(~column).then(pl.lit("No"))
        elif kind != pl.String:
            column = column.cast(pl.String) if not kind.is_integer() else column
        if kind in {pl.String, pl.Categorical, pl.Enum}:
            column = column.cast(pl.String)
            column = pl.when(column != "").then(column)
        typed.append(column.alias(name))
    return frame.select(typed).write_csv().encode()


def _first_line(text: bytes) -> bytes:
    end = text.find(b"\n", 0, _LONGEST_HEADER)
    return (text if end < 0 else text[:end]).rstrip(b"\r")


def _is_table(text: bytes) -> bool:
    line = _first_line(text[:_LONGEST_HEADER].replace(b"\r", b"\n").lstrip(b"\n"))
    if line.lstrip().startswith(_NO_TABLE):
        return False
    return any(mark in line for mark in (b",", *map(str.encode, _SEPARATORS)))


def _line_feeds(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    if text.endswith(b"\r") and text.count(b"\r") == text.count(b"\r\n") + 1:
        text += b"\n"  # cut between the two bytes of the last line break
    if b"\r" not in text or text.count(b"\r") == text.count(b"\r\n"):
        return text, ()
    text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text, ("line breaks of the old Mac kind (CR alone) were read as such",)


def _separator(line: bytes) -> str:
    """Return what separates the headings: the mark that stands most often outside quotes."""
    bare = re.sub(r'"[^"]*"', "", line.decode("utf-8", "replace"))
    return max((",", *_SEPARATORS), key=lambda mark: (bare.count(mark), mark == ","))


def _rewritten(text: bytes, separator: str) -> bytes:
    """Put commas in place of another separator, row by row, checking nothing."""
    out = io.StringIO()
    rows = csv.reader(io.StringIO(text.decode("utf-8", "replace"), newline=""), delimiter=separator)
    with suppress(csv.Error):  # what is read so far serves to recognize; reading says what is wrong
        csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _with_commas(text: bytes, name: str, separator: str) -> tuple[bytes, tuple[str, ...]]:
    """Put commas in place of another separator.

    Raises
    ------
    BadInput
        Rows of several widths, or numbers of which the comma may be one of two things.
    """
    names = next(csv.reader([_first_line(text).decode()], delimiter=separator))
    unique = [f"c{at}" for at in range(len(names))]
    try:
        frame = pl.DataFrame(
            arrow_csv.read_csv(
                io.BytesIO(text),
                read_options=arrow_csv.ReadOptions(column_names=unique),
                parse_options=arrow_csv.ParseOptions(delimiter=separator, newlines_in_values=True),
                convert_options=arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(unique, pa.string()), strings_can_be_null=False
                ),
            )
        )
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0].removeprefix("CSV parse error: ")
        raise BadInput(
            f"{name}: expected rows as wide as the header, separated by {_SEPARATORS[separator]}; "
            f"{reason}. {_AGAIN}"
        ) from error
    notes = [f"{_SEPARATORS[separator]} between values were read as such"]
    if separator == "\t":
        notes = []  # a usual form of official files
    if separator == ";":
        frame, told = _decimal_points(frame, name)
        notes += told
    body = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    return body.write_csv(include_header=False).encode(), tuple(notes)


def _decimal_points(frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, list[str]]:
    """Where semicolons separate, a comma in a number is the decimal one, unless it cannot be told.

    Raises
    ------
    BadInput
        A number such as 1,100: one and a tenth, or eleven hundred.
    """
    either = frame.select(pl.all().str.contains(_EITHER_COMMA))
    for column in either.columns:
        if either[column].any():
            row = either[column].arg_true()[0]
            raise BadInput(
                f"{name}: row {row + 1}: expected numbers that can be read one way, found "
                f"{frame[column][row]!r} between semicolons: its comma may mark decimals or "
                "thousands. Save the file as CSV with commas, and numbers without commas."
            )
    decimal = frame.select(pl.all().str.contains(_DECIMAL_COMMA).sum()).sum_horizontal()[0]
    if not decimal:
        return frame, []
    points = pl.when(pl.all().str.contains(_DECIMAL_COMMA)).then(
        pl.all().str.replace(",", ".", literal=True)
    ).otherwise(pl.all())  # fmt: skip
    return frame.with_columns(points), [f"{decimal:,} decimal commas were read as points"]


def _tidy_header(text: bytes, *, capitals: bool) -> tuple[bytes, tuple[str, ...]]:
    """Take blanks from around the headings, name the row names of R, and put them in capitals."""
    line = _first_line(text)
    rest = text[len(line) : len(line) + _LONGEST_HEADER]
    try:
        raw = next(csv.reader([line.decode("utf-8", "replace")], strict=True), [])
    except csv.Error:
        return text, ()
    notes = []
    names = [field.strip() for field in raw]
    if names != raw:
        notes.append("blanks around headings were left out")
    if _has_row_names(names, rest):
        names = ["", *names]
        notes.append("a first column without a heading, as R writes row names, was left out")
    elif names and not names[0] and len(names) > 1:
        notes.append("the first column, which has no heading, was left out")
    if capitals and (spelled := [_spelled(field, names) for field in names]) != names:
        names = spelled
        notes.append("headings in small letters were read as the official ones")
    if names == raw:
        return text, tuple(notes)
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(names)
    return out.getvalue().encode() + text[len(line) :], tuple(notes)


def _spelled(field: str, names: list[str]) -> str:
    upper = field.upper()
    wages = upper == "YEAR" and any(name.upper() == "OCC_CODE" for name in names)
    return "year" if wages else upper


def _has_row_names(names: list[str], rest: bytes) -> bool:
    """Return whether the first row has one value more than the header: its name or number."""
    line = _first_line(rest.lstrip(b"\r\n"))
    try:
        row = next(csv.reader([line.decode("utf-8", "replace")], strict=True), [])
    except csv.Error:
        return False
    return len(row) == len(names) + 1 and row[0].strip() == "1" and "" not in names


def _one_header(text: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Leave out a header that stands again in the middle, as where files were joined.

    Raises
    ------
    BadInput
        A second header that differs from the first.
    """
    line = _first_line(text)
    first = line.split(b",", 1)[0]
    if len(line) < 4 or not re.search(rb"[A-Za-z]{2}", first):
        return text, ()
    if b"\n" + first + b"," not in text:
        return text, ()
    lines = text.split(b"\n")
    header = lines[0].rstrip(b"\r")
    again = [at for at, found in enumerate(lines) if at and found.rstrip(b"\r") == header]
    lines = [found for at, found in enumerate(lines) if at not in set(again)]
    for at, found in enumerate(lines):
        if at and found.startswith(first + b","):
            raise BadInput(
                f"{name}: row {at + 1 + len([a for a in again if a <= at])}: expected values, "
                "found a second header, unlike the first: files with different columns were "
                "joined. Give each file as its publisher made it."
            )
    rows = ", ".join(f"{at + 1:,}" for at in again[:3])
    told = f"the header stands again in row {rows}: files were joined, and all were read"
    return b"\n".join(lines), (told,) if again else ()


def _whole_rows(text: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Check every row, and that the last one is whole as far as it shows.

    Raises
    ------
    BadInput
        A row of another width, or a last row that was cut off.
    """
    ended = text.endswith(b"\n")
    text, blank = _without_blank_end(text)
    widths.check(text, name)
    return text, blank if ended else (*blank, _last_value(text, name))


def _last_value(text: bytes, name: str) -> str:
    """Return a note on a last row without a line break.

    Spreadsheets in the browser end lines as Windows does, and leave the last one open. In other
    files the value must show that it is whole: 28990 cut by a byte is 2899.

    Raises
    ------
    BadInput
        The last value may have been cut off.
    """
    *before, last = (line.rstrip(b"\r").rsplit(b",", 1)[-1] for line in text[:-1].split(b"\n"))
    value, others = last.decode("utf-8", "replace"), set(before[1:])
    if b"\r\n" in text:
        whole = bool(last) or not before or before[-1] == b""
    elif re.fullmatch(r"-?\d+(\.\d+)?", value) and value != "0":
        # A code of two digits, say, in a column that holds nothing else; -1 may be cut from -11.
        whole = len(others) > 1 and {len(other) for other in others} == {len(last)}
        whole = whole or (value.startswith("-") and value != "-1" and last in others)
    elif value == "0":
        whole = bool(others) and not any(b"." in other for other in others)
    else:
        whole = last in others or (value.endswith('"') and len(value) > 1)
    if not whole:
        raise BadInput(
            f"{name}: expected a line break after the last row, found none after {value!r}: the "
            "file may be cut off. Download it again, or, if it is whole, add a line break."
        )
    return "no line break after the last row, which is as wide as the header"


def _without_blank_end(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Leave out rows at the end that hold nothing, as spreadsheets write; end with a line feed."""
    end = text[-_LONGEST_HEADER:].rsplit(b"\n", 2)
    if len(end) == 3 and not end[-1] and end[-2].strip(b'\r,"'):
        return text, ()  # as nearly every file ends, and no big one is copied
    stripped = text.rstrip(b"\r\n")
    dropped = 0
    while (at := stripped.rfind(b"\n")) > 0 and not stripped[at:].strip(b'\r\n,"'):
        stripped = stripped[:at].rstrip(b"\r\n")
        dropped += 1
    if not dropped:
        whole = text.endswith(b"\n") and not text.endswith((b"\n\n", b"\n\r\n"))
        return (text if whole else stripped + b"\n"), ()
    return stripped + b"\n", (f"{dropped} empty rows at the end were left out",)


def joined(first: Canonical, *notes: str) -> Canonical:
    """Return the text with notes put before its own."""
    return replace(first, notes=(*notes, *first.notes))
