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
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from homeroom.errors import BadInput
from homeroom.sources.crdc.columns import layout

_NEAREST = "2020-21"
"""The wave whose order of staff serves for later ones."""
_FEWEST = 4
"""Columns below which an exchange of two may as well be a choice."""
_GROUP = re.compile(r"_(?:(HI|AM|AS|HP|BL|WH|TR)_)?([MFX])$")
_RACES = ("HI", "AM", "AS", "HP", "BL", "WH", "TR", None)


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
    pair = _by_header(names, wave) or _by_block(names) or _by_small_blocks(names)
    if pair:
        raise BadInput(
            f"{name}: expected the columns in the order in which OCR publishes them, found "
            f"{pair[0]} and {pair[1]} in each other's place: their headings may have been swapped, "
            "and their figures with them. Take the file from its publisher again."
        )


def _by_header(names: Sequence[str], wave: str) -> tuple[str, str] | None:
    """Return the two columns that a published header has the other way around, or None."""
    nearest = max(
        ([(at, c) for c in names if (at := order.get(c)) is not None] for order in _orders(wave)),
        key=len,
        default=[],
    )
    wrong = [due for found, due in zip(nearest, sorted(nearest), strict=True) if found != due]
    if len(nearest) < _FEWEST or len(wrong) != 2:
        return None
    return wrong[0][1], wrong[1][1]


def _by_block(names: Sequence[str]) -> tuple[str, str] | None:
    """Return a column that stands outside its block, and the one that stands in its slot.

    The columns of a block stand side by side, by race and sex. A column that an analyst moved
    leaves no gap behind; one that changed places with another leaves that other one in the gap.
    """
    at = {column: place for place, column in enumerate(names)}
    for block in layout(names).blocks.values():
        columns = sorted((column for column in block if column in at), key=_in_block)
        starts = [at[column] - place for place, column in enumerate(columns)]
        start = Counter(starts).most_common(1)[0][0]
        wrong = [place for place, found in enumerate(starts) if found != start]
        if len(columns) < _FEWEST or not wrong or len(wrong) > 2:
            continue
        slot = start + wrong[0]
        # Alone, it stands in another block; of two, each stands in the other's slot.
        if 0 <= slot < len(names) and (len(wrong) == 1 or names[slot] == columns[wrong[1]]):
            return columns[wrong[0]], names[slot]
    return None


def _by_small_blocks(names: Sequence[str]) -> tuple[str, str] | None:
    """Return two columns whose exchange would make every block whole again, or None.

    Three columns side by side, as those of Section 504, are too few to say which of them
    moved. Two that mend the file by changing places are no selection that somebody made.
    """
    blocks = [sorted(block, key=_in_block) for block in layout(names).blocks.values()]
    at = {column: place for place, column in enumerate(names)}
    broken = [block for block in blocks if not _stands_together(block, at)]
    if not 1 <= len(broken) <= 2:
        return None
    for first in broken[0]:
        for second in names if len(broken) == 1 else broken[1]:
            moved = at | {first: at[second], second: at[first]}
            if first != second and all(_stands_together(block, moved) for block in broken):
                touched = [block for block in blocks if second in block]
                if all(_stands_together(block, moved) for block in touched):
                    return first, second
    return None


def _stands_together(block: Sequence[str], at: dict[str, int]) -> bool:
    start = at[block[0]]
    return all(at[column] == start + place for place, column in enumerate(block))


def _in_block(column: str) -> tuple[int, int]:
    found = _GROUP.search(column)
    race, sex = found.groups() if found else (None, "M")
    return _RACES.index(race), "MFX".index(sex)


@cache
def _orders(wave: str) -> tuple[dict[str, int], ...]:
    """Return the published headers of a wave, column to place; for others those of staff."""
    published = _published()
    if wave in published:
        return tuple({c: at for at, c in enumerate(header)} for header in published[wave])
    return tuple(
        {c: at for at, c in enumerate(header) if c in staff}
        for header in published[_NEAREST]
        if (staff := layout(header).staff)
    )


@cache
def _published() -> dict[str, list[list[str]]]:
    text = (files("homeroom.sources.crdc") / "headers.csv").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row["wave"], []).append(row["columns"].split())
    return found
