"""Every cell of counts that the CRDC publishes and Homeroom keeps, numbered once and for all.

A *cell column* is an element (what is counted), a disability part, a race and a sex. The number
keeps ten million rows small. It follows from :mod:`homeroom.vocabulary.elements`, where each
element's first number is written down, so that a number means the same in every store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from homeroom.vocabulary.elements import ELEMENTS, Element
from homeroom.vocabulary.groups import RACES, SEXES, UNPUBLISHED


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One kind of cell. ``race`` and ``sex`` are ``none`` where the CRDC does not publish them."""

    id: int
    element: str
    disability: str
    race: str
    sex: str


def number(elements: Iterable[Element]) -> tuple[CellColumn, ...]:
    """Return the cell columns of elements by number.

    Raises
    ------
    ValueError
        The numbers of two elements overlap, or leave a gap.
    """
    cells = sorted((cell for e in elements for cell in _columns(e)), key=lambda cell: cell.id)
    for before, after in pairwise(cells):
        if after.id != before.id + 1:
            raise ValueError(
                f"{after.element}: expected cell number {before.id + 1}, the next after "
                f"{before.element}, found {after.id}. Correct first_cell in vocabulary/elements.py."
            )
    return tuple(cells)


def _columns(element: Element) -> Iterator[CellColumn]:
    groups = [
        *product(element.by_race_and_sex, RACES, SEXES),
        *product(element.by_sex, (UNPUBLISHED,), SEXES),
        *product(element.whole, (UNPUBLISHED,), (UNPUBLISHED,)),
    ]
    for at, group in enumerate(groups, start=element.first_cell):
        yield CellColumn(at, element.id, *group)


CELLS: tuple[CellColumn, ...] = number(ELEMENTS.values())
CELL_IDS: dict[tuple[str, str, str, str], int] = {
    (cell.element, cell.disability, cell.race, cell.sex): cell.id for cell in CELLS
}
