"""Whether two headings of a CRDC file have changed places.

Totals show most swaps, but not all: staff have no totals, and two races of one sex add up to the
same total either way. OCR's columns always stand in one order. A file with its columns sorted or
selected anew has many out of place, and its figures move with its headings. Exactly two that stand
in each other's place are a mistake made by hand.

Source of ``headers.csv``: the headers of OCR's school files of 2013-14, 2015-16, 2017-18, and
2020-21, listed by ``scripts/list_published_headers.py``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from homeroom.errors import BadInput
from homeroom.sources.crdc.columns import layout

_NEAREST = "2020-21"
"""The wave whose order serves for later ones, of whose columns only those read are compared."""
_FEWEST = 5
"""Columns below which an exchange of two may as well be a choice."""


def check(names: Sequence[str], wave: str, name: str) -> None:
    """Refuse a header in which two columns stand in each other's place.

    Parameters
    ----------
    names
        The file's columns, in its order.
    wave
        The wave of the file.
    name
        The file, for the message.

    Raises
    ------
    BadInput
        Two columns have changed places; the message names both.
    """
    nearest = max((_known(names, order) for order in _orders(wave)), key=len, default=[])
    if len(nearest) < _FEWEST:
        return
    wrong = [(at, due) for at, due in zip(nearest, sorted(nearest), strict=True) if at != due]
    if len(wrong) == 2:
        (_, first), (_, second) = wrong[0][1], wrong[1][1]
        raise BadInput(
            f"{name}: expected the columns in the order in which OCR publishes them, found "
            f"{second} and {first} in each other's place: their headings may have been swapped, "
            "and their figures with them. Take the file from its publisher again."
        )


def _known(names: Sequence[str], order: dict[str, int]) -> list[tuple[int, str]]:
    """Return place and name of the columns that a published header has, in the file's order."""
    return [(order[column], column) for column in names if column in order]


@cache
def _orders(wave: str) -> tuple[dict[str, int], ...]:
    """Return the published headers of a wave: column to place."""
    published = _published()
    if wave in published:
        return tuple({c: at for at, c in enumerate(header)} for header in published[wave])
    return tuple(
        {c: at for at, c in enumerate(header) if c in {*found.counts, *found.staff}}
        for header in published[_NEAREST]
        if (found := layout(header))
    )


@cache
def _published() -> dict[str, list[list[str]]]:
    text = (files("homeroom.sources.crdc") / "headers.csv").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row["wave"], []).append(row["columns"].split())
    return found
