"""Count tables from CSV: a row a cell with a ``count`` column, or a grid with totals or without."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from homeroom.errors import BadInput
from homeroom.records.publish.cells import TOTAL, Code, Dimension, Key, totals
from homeroom.text_gate import check, short, shown

MOST_BYTES, MOST_ROWS, LONGEST_LINE = 200_000_000, 2_000_000, 100_000
COUNT = "count"
_TOTALS = {"total", "totals", "all"}
_WHOLE = re.compile(r"\d{1,12}")
KNOWN_LEVELS = (("state", "district", "school"), ("state", "lea", "school"))
"""Columns that lie in each other wherever they do so in the file."""


@dataclass(frozen=True, slots=True)
class CountFile:
    """Counts as a file gives them.

    Attributes
    ----------
    dimensions
        What cells are told apart by.
    leaves
        Innermost counts.
    grid
        Whether it was a grid: then there are two dimensions, rows and columns.
    cells
        Every cell with all margins.
    students
        Denominators by cell, which readers are taken to know; empty where there are none.
    """

    dimensions: tuple[Dimension, ...]
    leaves: dict[Key, int]
    grid: bool
    cells: dict[Key, int]
    students: dict[Key, int] = field(default_factory=dict)


def read_counts(
    path: Path,
    *,
    levels: Sequence[str] = (),
    no_total: Sequence[str] = (),
    denominator: str = "",
) -> CountFile:
    """Return the counts of a CSV file.

    Parameters
    ----------
    path
        A row a cell, with columns that tell it apart and a column ``count``; or a grid, whose
        first column has the rows' names and whose header has the columns'. Totals may stand in it.
    levels
        Columns of which each lies in the one before, as ``district>school``.
    no_total
        Columns whose values don't add up to a total, such as measures.
    denominator
        The column of denominators, such as ``students``, where rates are to be published.

    Raises
    ------
    BadInput
        The file is no such table: the message says what was expected, and which line.
    """
    header, rows = read_rows(path)
    names = [name.casefold() for name in header]
    if COUNT in names:
        at = names.index(COUNT)
        if not denominator:
            return _long(header, rows, at, levels, no_total)
        return _with_students(header, rows, at, levels, no_total, denominator)
    if levels or no_total or denominator:
        raise BadInput(f"{shown(path.name)}: expected a column {COUNT!r}, found none.")
    return _grid(header, rows)


def read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Return a CSV file's header and rows, of bounded size and of plain text.

    Parameters
    ----------
    path
        In UTF-8.

    Raises
    ------
    BadInput
        It is no such file.
    """
    name = shown(path.name)
    found = _parsed(_text(path, name), name)
    if len(found) < 2:
        raise BadInput(f"{name}: expected a header and rows of counts, found {len(found)} rows.")
    header = found[0]
    if len({one.casefold() for one in header}) < len(header):
        raise BadInput(f"{name}: expected each column's name once, found one twice.")
    for line, row in enumerate(found[1:], 2):
        if len(row) != len(header):
            raise BadInput(f"{name}, row {line}: expected {len(header)} fields, found {len(row)}.")
    return header, found[1:]


def _text(path: Path, name: str) -> str:
    """Return a file's text, read no further than is allowed."""
    try:
        if not path.is_file():
            raise BadInput(f"{name}: expected a CSV file, found none.")
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{name}: expected a CSV file, found none ({error.strerror}).") from error
    if len(data) > MOST_BYTES:
        raise BadInput(f"{name}: expected at most {MOST_BYTES:,} bytes, found more.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{name}: expected UTF-8 text, found other bytes.") from None
    if "\x00" in text:
        raise BadInput(f"{name}: expected CSV text, found a binary file.")
    if (longest := max(map(len, text.splitlines()), default=0)) > LONGEST_LINE:
        raise BadInput(f"{name}: expected lines that a person can read, found one of {longest:,}.")
    return text


def _parsed(text: str, name: str) -> list[list[str]]:
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            if any(one.strip() for one in row):
                found.append([check(one, name) for one in row])
            if len(found) > MOST_ROWS:
                raise BadInput(f"{name}: expected at most {MOST_ROWS:,} rows, found more.")
    except csv.Error:
        raise BadInput(f"{name}: expected CSV, found a broken row near {len(found)}.") from None
    return found


def count_of(text: str, where: str) -> int:
    """Return a count: digits alone; an empty field is missing, not zero.

    Raises
    ------
    BadInput
        It is anything else.
    """
    if not _WHOLE.fullmatch(text):
        what = "an empty field (missing is not zero)" if not text else short(text)
        raise BadInput(f"{where}: expected a whole number from 0, found {what}.")
    return int(text)


def _grid(header: list[str], rows: list[list[str]]) -> CountFile:
    dimensions = (Dimension("row", ("row",)), Dimension("column", ("column",)))
    labels = header[1:]
    leaves: dict[Key, int] = {}
    given: dict[Key, int] = {}
    for line, (name, *fields) in enumerate(rows, 2):
        for label, text in zip(labels, fields, strict=True):
            key = (_code(name), _code(label))
            if key in leaves or key in given:
                raise BadInput(f"row {line}: expected each row's name once, found one twice.")
            into = leaves if all(key) else given
            into[key] = count_of(text, f"row {line}, column {short(label)}")
    return _checked(dimensions, leaves, given, grid=True)


def _long(
    header: list[str],
    rows: list[list[str]],
    at: int,
    levels: Sequence[str],
    no_total: Sequence[str],
) -> CountFile:
    columns = [name for place, name in enumerate(header) if place != at]
    dimensions = _dimensions(columns, rows, header, levels, no_total)
    places = [[header.index(name) for name in one.columns] for one in dimensions]
    leaves: dict[Key, int] = {}
    given: dict[Key, int] = {}
    for line, row in enumerate(rows, 2):
        key = tuple(_path([row[place] for place in one], line) for one in places)
        whole = all(len(code) == len(one) for code, one in zip(key, places, strict=True))
        if key in leaves or key in given:
            raise BadInput(f"row {line}: expected each cell once, found one twice. Add them up.")
        (leaves if whole else given)[key] = count_of(row[at], f"row {line}")
    return _checked(dimensions, leaves, given, grid=False)


def _with_students(
    header: list[str],
    rows: list[list[str]],
    at: int,
    levels: Sequence[str],
    no_total: Sequence[str],
    denominator: str,
) -> CountFile:
    """Read the file twice: once for the counts, and once for the denominators beside them."""
    if denominator not in header or denominator == header[at]:
        raise BadInput(f"expected a column {short(denominator)} of denominators, found none.")
    other = header.index(denominator)
    read = []
    for mine, left_out in ((at, other), (other, at)):
        names = [name for place, name in enumerate(header) if place != left_out]
        kept = [[one for place, one in enumerate(row) if place != left_out] for row in rows]
        read.append(_long(names, kept, names.index(header[mine]), levels, no_total))
    counted, students = read
    for key, count in counted.leaves.items():
        if count > students.leaves[key]:
            raise BadInput(
                f"expected counts of at most {denominator}, found {count} of "
                f"{students.leaves[key]}."
            )
    return replace(counted, students=students.cells)


def _checked(
    dimensions: tuple[Dimension, ...],
    leaves: dict[Key, int],
    given: dict[Key, int],
    *,
    grid: bool,
) -> CountFile:
    if not leaves:
        raise BadInput("expected counts of innermost cells, found totals alone.")
    cells = totals(leaves, dimensions)
    for key, count in given.items():
        if key not in cells:
            raise BadInput("expected totals of groups that occur, found a total of another.")
        if cells[key] != count:
            raise BadInput(
                f"expected each total to equal its parts, found one that differs by "
                f"{count - cells[key]:+}. Correct the counts, or leave the totals out."
            )
    return CountFile(dimensions, leaves, grid, cells)


def _dimensions(
    columns: list[str],
    rows: list[list[str]],
    header: list[str],
    levels: Sequence[str],
    no_total: Sequence[str],
) -> tuple[Dimension, ...]:
    chains = [[part.strip() for part in one.split(">")] for one in levels]
    known = {name.casefold(): name for name in columns}
    for chain in KNOWN_LEVELS:
        names = [known[name] for name in chain if name in known]
        if not chains and len(names) > 1 and _nested(names, rows, header):
            chains.append(names)
            break
    for name in (*(one for chain in chains for one in chain), *no_total):
        if name not in columns:
            raise BadInput(
                f"expected one of the columns {', '.join(columns)}, found {short(name)}."
            )
    inside = {name: chain for chain in chains for name in chain}
    found = []
    for name in columns:
        if name not in inside:
            found.append(Dimension(name, (name,), name not in no_total))
        elif inside[name][0] == name:
            found.append(Dimension(name, tuple(inside[name]), name not in no_total))
    return tuple(found)


def _nested(names: list[str], rows: list[list[str]], header: list[str]) -> bool:
    at = [header.index(name) for name in names]
    for outer, inner in pairwise(at):
        above: dict[str, str] = {}
        for row in rows:
            if row[inner].casefold() in _TOTALS or row[outer].casefold() in _TOTALS:
                continue
            if above.setdefault(row[inner], row[outer]) != row[outer]:
                return False
    return True


def _path(parts: list[str], line: int) -> Code:
    shown_parts = [one for one in parts if one.casefold() not in _TOTALS]
    if shown_parts != parts[: len(shown_parts)]:
        raise BadInput(f"row {line}: expected a total at the inner level, found one above it.")
    if not all(shown_parts):
        raise BadInput(f"row {line}: expected a name in every column, found an empty field.")
    return tuple(shown_parts)


def _code(name: str) -> Code:
    return () if name.casefold() in _TOTALS else (name,)


__all__ = ["COUNT", "TOTAL", "CountFile", "count_of", "read_counts", "read_rows"]
