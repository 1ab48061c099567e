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
_PIECE = 1 << 17
"""Small enough to stay near the processor while it is counted."""
_CLOSES = np.isin(np.arange(256), (_COMMA, _BREAK, _RETURN, _QUOTE))
_OPENS = np.isin(np.arange(256), (_COMMA, _BREAK, _QUOTE))
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
    width = _first_width(data)
    start = 0
    while start < len(data):
        stop = _end_of_piece(data, start)
        quoted = data.find(b'"', start, stop) >= 0
        alike = _alike(view[start:stop], width, quoted=quoted)
        if not alike:
            return _one_by_one(data)
        start = stop
    return width, None


def _first_width(data: bytes) -> int:
    stop = _end_of_piece(data, 0)
    text = io.StringIO(data[:stop].decode("utf-8", "replace"), newline="")
    try:
        return len(next(csv.reader(text, strict=True), []))
    except csv.Error:
        return -1


def _end_of_piece(data: bytes, start: int) -> int:
    """Return where a row ends, after a piece or so: a line break outside quotes."""
    stop = data.find(b"\n", start + _PIECE) + 1 or len(data)
    if data.find(b'"', start, stop) < 0:
        return stop
    while stop < len(data) and data.count(b'"', start, stop) % 2:
        stop = data.find(b"\n", stop) + 1 or len(data)
    return stop


def _alike(piece: Bytes, width: int, *, quoted: bool) -> bool:
    """Return whether each row has ``width`` values.

    Rows are counted in bytes, which is fast and wraps at 256, so the sum is counted in full.
    """
    commas = (piece == _COMMA).view(np.uint8)
    breaks = np.flatnonzero(piece == _BREAK)
    starts = np.concatenate(([0], breaks + 1))
    starts = starts[: len(starts) - int(starts[-1] == len(piece))]
    rows = np.add.reduceat(commas, starts, dtype=np.uint8)
    total = int(np.count_nonzero(commas))
    if quoted:
        quotes = np.flatnonzero(piece == _QUOTE)
        if len(quotes) % 2 or not _usual(piece, quotes):
            return False
        at = np.searchsorted(breaks, quotes[0::2])
        if (at != np.searchsorted(breaks, quotes[1::2])).any():
            found = _widths_over_lines(commas, breaks, quotes)
            return bool((found == width).all())
        inside = np.add.reduceat(commas, quotes, dtype=np.uint8)[0::2]
        total -= int(inside.sum(dtype=np.int64))
        rows -= np.bincount(at, inside, len(rows)).astype(np.int64).astype(np.uint8)
    return total == (width - 1) * len(starts) and bool((rows == (width - 1) % 256).all())


def _widths_over_lines(
    commas: Bytes, breaks: npt.NDArray[np.int64], quotes: npt.NDArray[np.int64]
) -> npt.NDArray[np.int32]:
    """Count the values of each row, where line breaks may stand between quotes."""
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
    if len(marks) and marks[-1] == len(commas) - 1 and ends[-1]:
        first = first[:-1]  # nothing follows the last line break
    return np.add.reduceat(stretches, first) + 1


def _usual(piece: Bytes, quotes: npt.NDArray[np.int64]) -> bool:
    """Return whether quotes open after a separator and close before one, or stand doubled."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = piece[np.maximum(opening - 1, 0)]
    after = piece[np.minimum(closing + 1, len(piece) - 1)]
    opens = (opening == 0) | _OPENS[before]
    closes = (closing == len(piece) - 1) | _CLOSES[after]
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
        # An empty line holds no row: OCR's file of 2013-14 has one between its rows.
        if each not in (0, width) or each < 0:
            return width, Odd(at + 1, each)
    return width, None
