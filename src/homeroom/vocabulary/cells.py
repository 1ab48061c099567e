"""Every cell of counts that the CRDC publishes and Homeroom keeps, numbered once and for all.

A *cell column* is an element (what is counted), a disability part, a race and a sex. The number
keeps ten million rows small; the order is fixed, so a number means the same in every store.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

from homeroom.vocabulary.groups import RACES, SEXES, UNPUBLISHED
from homeroom.vocabulary.measures import OFFENSES

DISCIPLINE = ("REF", "ARR", "ISS", "SINGOOS", "MULTOOS", "EXPWE", "EXPWOE", "EXPZT", "TFRALT")
RESTRAINT = ("MECH", "PHYS", "SECL")


@dataclass(frozen=True, slots=True)
class CellColumn:
    """One kind of cell. ``race`` and ``sex`` are ``none`` where the CRDC does not publish them."""

    id: int
    element: str
    disability: str
    race: str
    sex: str


def _combinations() -> list[tuple[str, str, str, str]]:
    grouped = [("ENR", part) for part in ("any", "idea", "s504")]
    grouped += [(element, part) for element in DISCIPLINE for part in ("wodis", "idea")]
    grouped += [(element, part) for element in RESTRAINT for part in ("nonidea", "idea")]
    rows = [(*pair, race, sex) for pair, race, sex in product(grouped, RACES, SEXES)]
    rows += [(element, "s504", UNPUBLISHED, sex) for element in DISCIPLINE for sex in SEXES]
    rows += [(element, "any", UNPUBLISHED, UNPUBLISHED) for element in OFFENSES]
    order = {name: at for at, name in enumerate(("ENR", *DISCIPLINE, *RESTRAINT, *OFFENSES))}
    return sorted(rows, key=lambda row: order[row[0]])


CELLS: tuple[CellColumn, ...] = tuple(
    CellColumn(number, *row) for number, row in enumerate(_combinations(), start=1)
)
CELL_IDS: dict[tuple[str, str, str, str], int] = {
    (cell.element, cell.disability, cell.race, cell.sex): cell.id for cell in CELLS
}
