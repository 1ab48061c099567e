"""How large a workbook's sheets become when read: a cell far out makes a table of all between.

The library that reads workbooks keeps a sheet as a rectangle from its first cell to its last. Two
cells at opposite corners of an Excel sheet are 17 billion.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO
from xml.etree import ElementTree as ET

from homeroom.errors import BadInput

MOST_CELLS = 64_000_000
"""Cells of a sheet, empty ones included: the largest of the agencies' has a fifth of that."""
_SMALL, _SPREAD = 2_000_000, 20
"""A sheet of this many cells may be as empty as it likes; of a larger one every twentieth holds
something."""
_PIECE, _OVERLAP = 8 << 20, 64
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ROW_RECORD, _CELL_RECORDS = 0, range(1, 12)


def refuse_vast(data: bytes, name: str) -> None:
    """Refuse a workbook of which a sheet would become far larger than what it holds.

    Parameters
    ----------
    data
        The workbook: Excel's (.xlsx, .xlsb) or OpenDocument's (.ods), or any other ZIP.
    name
        What to call it.

    Raises
    ------
    BadInput
        A sheet is too large, or its cells lie too far apart.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for member in book.namelist():
            measure = _measure_of(member)
            if measure is None:
                continue
            with book.open(member) as stream:
                cells, extent = measure(stream)
            if extent > MOST_CELLS or extent > max(_SMALL, _SPREAD * cells):
                raise BadInput(
                    f"{name}: expected a sheet whose cells stand together, found {cells:,} cells "
                    f"spread over {extent:,}. Delete what stands far out, and save it again."
                )


def _measure_of(member: str) -> Callable[[IO[bytes]], tuple[int, int]] | None:
    folder, _, file = member.rpartition("/")
    if folder.lower().endswith("worksheets"):
        return _binary if file.lower().endswith(".bin") else _excel
    return _open_document if member == "content.xml" else None


def _excel(stream: IO[bytes]) -> tuple[int, int]:
    """Count the cells of a sheet of Excel's, and those of the rectangle around them."""
    cells, rest = 0, b""
    columns: set[bytes] = set()
    rows: set[bytes] = set()
    while piece := stream.read(_PIECE):
        text = rest + piece
        last = 0
        for found in _CELL.finditer(text):
            columns.add(found[1])
            rows.add(found[2])
            cells += 1
            last = found.end()
        rest = text[max(last, len(text) - _OVERLAP) :]
    return cells, _extent(map(int, rows), map(_column, columns))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _extent(rows: Iterable[int], columns: Iterable[int]) -> int:
    across, down = list(columns), list(rows)
    if not across or not down:
        return 0
    return (max(down) - min(down) + 1) * (max(across) - min(across) + 1)


def _binary(stream: IO[bytes]) -> tuple[int, int]:
    """Count the same in a binary sheet ([MS-XLSB] 2.1.7.62): records of rows and cells."""
    cells = 0
    columns: set[int] = set()
    rows: set[int] = set()
    for kind, record in _records(stream.read()):
        if kind == _ROW_RECORD:
            rows.add(int.from_bytes(record[:4], "little"))
        elif kind in _CELL_RECORDS:
            columns.add(int.from_bytes(record[:4], "little"))
            cells += 1
    return cells, _extent(rows, columns)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        yield kind, data[at : at + size]
        at += size


def _number(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """Read a number of seven bits a byte, the lowest first."""
    number = 0
    for place in range(longest):
        byte = data[at] if at < len(data) else 0
        at += 1
        number |= (byte & 0x7F) << (7 * place)
        if not byte & 0x80:
            break
    return number, at


def _open_document(stream: IO[bytes]) -> tuple[int, int]:
    """Count cells written out, and those that repetitions make of them, over all sheets."""
    cells = extent = across = 0
    try:
        for _, element in ET.iterparse(stream):  # noqa: S314 - expat bounds what entities become
            if element.tag == f"{_TABLE}table-cell":
                if f"{_OFFICE}value-type" in element.attrib or len(element):
                    cells += 1
                    across += _times(element, "number-columns-repeated")
            elif element.tag == f"{_TABLE}table-row":
                extent += across * _times(element, "number-rows-repeated")
                across = 0
                element.clear()
    except ET.ParseError:
        return 0, 0  # damaged: its reader says so
    return cells, extent


def _times(element: ET.Element, attribute: str) -> int:
    told = element.get(f"{_TABLE}{attribute}", "1")
    return int(told) if told.isdecimal() and len(told) < 10 else 1
