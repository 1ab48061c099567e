"""Every row as wide as the header: readers pad short rows and hide long ones, so this is first.

A national file has a million rows, so separators are counted with NumPy in pieces; only rows with
a quote in an unusual place are taken apart one by one.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from homeroom.errors import BadInput

_COMMA, _QUOTE, _BREAK, _RETURN = b',"\n\r'
_PIECE = 1 << 20
_AGAIN = "Take the file from its publisher again."
Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Odd:
    """The first row that is not as wide as the header (``number`` counts the header as 1)."""

    number: int
    width: int


def check(data: bytes, name: str) -> int:
    """Return the number of values in each row of a CSV with commas.

    Raises
    ------
    BadInput
        A row has another number of values than the header, or a quote that does not close.
    """
    width, odd = measure(data)
    if odd is None:
        return width
    last = odd.number == len(_rows(data))
    where = f"row {odd.number}{', the last' if last else ''}"
    if odd.width < 0:
        raise BadInput(f"{name}: {where}: expected each quote closed, found one open. {_AGAIN}")
    cut = "The file is cut off. Download it again." if last and odd.width < width else _AGAIN
    raise BadInput(
        f"{name}: {where}: expected {width} values, as in the header, found {odd.width}. {cut}"
    )


def measure(data: bytes) -> tuple[int, Odd | None]:
    """Return the header's width, and the first row of another width.

    An open quote gives a width of -1.
    """
    view = np.frombuffer(data, np.uint8)
    start = width = 0
    while start < len(data):
        stop = _end_of_piece(data, start)
        found = _widths(view[start:stop])
        width = width or (int(found[0]) if found is not None else 0)
        if found is None or (found != width).any():
            return _one_by_one(data)
        start = stop
    return width, None


def _end_of_piece(data: bytes, start: int) -> int:
    """Return where a row ends, after a mebibyte or so: a line break outside quotes."""
    stop = data.find(b"\n", start + _PIECE) + 1 or len(data)
    while stop < len(data) and data.count(b'"', start, stop) % 2:
        stop = data.find(b"\n", stop) + 1 or len(data)
    return stop


def _widths(piece: Bytes) -> npt.NDArray[np.int32] | None:
    """Count the values of each row; None where a quote stands in an unusual place."""
    commas = (piece == _COMMA).view(np.uint8)
    breaks = np.flatnonzero(piece == _BREAK)
    quotes = np.flatnonzero(piece == _QUOTE)
    if len(quotes):
        return _widths_quoted(piece, commas, breaks, quotes)
    starts = np.concatenate(([0], breaks + 1))
    starts = starts[starts < len(piece)]
    return np.add.reduceat(commas, starts, dtype=np.int32) + 1


def _widths_quoted(
    piece: Bytes, commas: Bytes, breaks: npt.NDArray[np.int64], quotes: npt.NDArray[np.int64]
) -> npt.NDArray[np.int32] | None:
    """Count as :func:`_widths`, leaving out commas and line breaks between quotes."""
    if len(quotes) % 2 or not _usual(piece, quotes):
        return None
    marks = np.concatenate((quotes, breaks))
    order = np.argsort(marks, kind="stable")
    marks = marks[order]
    is_quote = order < len(quotes)
    inside = np.cumsum(is_quote) % 2 == 1
    ends = ~is_quote & ~inside
    # One stretch from the start, and one from each mark to the next; a mark is no comma.
    stretches = np.add.reduceat(commas, np.concatenate(([0], marks)), dtype=np.int32)
    stretches[1:][inside] = 0
    first = np.concatenate(([0], np.flatnonzero(ends) + 1))
    if len(marks) and marks[-1] == len(piece) - 1 and ends[-1]:
        first = first[:-1]  # nothing follows the last line break
    return np.add.reduceat(stretches, first) + 1


def _usual(piece: Bytes, quotes: npt.NDArray[np.int64]) -> bool:
    """Return whether quotes open after a separator and close before one, or stand doubled."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = piece[np.maximum(opening - 1, 0)]
    after = piece[np.minimum(closing + 1, len(piece) - 1)]
    opens = (opening == 0) | np.isin(before, (_COMMA, _BREAK, _QUOTE))
    closes = (closing == len(piece) - 1) | np.isin(after, (_COMMA, _BREAK, _RETURN, _QUOTE))
    return bool(opens.all() and closes.all())


def _rows(data: bytes) -> list[int]:
    """Return the width of each row as a reader of CSV takes them apart; -1 where it cannot."""
    rows = csv.reader(io.StringIO(data.decode("utf-8", "replace"), newline=""), strict=True)
    found: list[int] = []
    try:
        found.extend(len(row) for row in rows)
    except csv.Error:
        found.append(-1)
    return found


def _one_by_one(data: bytes) -> tuple[int, Odd | None]:
    found = _rows(data)
    width = found[0] if found else 0
    for at, each in enumerate(found):
        if each != width or each < 0:
            return width, Odd(at + 1, each)
    return width, None
