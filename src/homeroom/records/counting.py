"""Counts of every LEA, group, and category in every year, from a workspace, as one block of arrays.

The large tables are counted by an engine (:mod:`homeroom.records.engines`); what comes back has a
row an LEA, race, and year, and the rest happens here, the same for every engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from homeroom.records import vocabulary as words
from homeroom.records.engines import Engine, statements
from homeroom.records.workspace import Workspace

CATEGORIES = 14
_BASE_OF = {**dict.fromkeys(range(1, 8), "enrolled"), 8: "school_age", 9: "school_age",
            **dict.fromkeys(range(10, 15), "c1")}  # fmt: skip
"""Category to the column of its base population."""
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """Children with each outcome, and children of each base population.

    Attributes
    ----------
    years
        School years, by the calendar year in which each ends.
    leas
        Ids of the LEAs as in the extract, in the order of their numbers.
    cells, bases
        Arrays by year, LEA, race (:data:`words.RACES`), and category (the first is category 1).
    undetermined
        Children by year whose days are not all known, so that they are in no category 10 to 13.
    """

    years: tuple[int, ...]
    leas: tuple[str, ...]
    cells: Ints
    bases: Ints
    undetermined: dict[int, int]

    def state(self, year: int) -> tuple[Ints, Ints]:
        """Return cells and bases of all LEAs together, by race and category."""
        at = self.years.index(year)
        return self.cells[at].sum(axis=0), self.bases[at].sum(axis=0)


def counted(workspace: Workspace, engine: Engine) -> Block:
    """Return the counts of all LEAs, years, races, and categories.

    Parameters
    ----------
    workspace
        Whose LEAs and years the block names.
    engine
        What counts; every engine gives the same block.
    """
    base, removed = (engine.table(one) for one in statements())
    years = tuple(workspace.years)
    leas = tuple(str(one["id"]) for one in workspace.leas)
    shape = (len(years), len(leas), len(words.RACES), CATEGORIES)
    cells, bases = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for category in range(1, CATEGORIES + 1):
        table = base if category <= 9 else removed
        _put(cells, table, f"c{category}", category, years)
        _put(bases, base, _BASE_OF[category], category, years)
    undetermined: dict[int, int] = {}
    for year, count in zip(
        removed["year"].to_pylist(), removed["undetermined"].to_pylist(), strict=True
    ):
        undetermined[year] = undetermined.get(year, 0) + count
    return Block(years, leas, cells, bases, {y: n for y, n in undetermined.items() if n})


def _put(into: Ints, table: pa.Table, column: str, category: int, years: tuple[int, ...]) -> None:
    year, lea, race, value = (
        np.asarray(table[name].to_pylist(), np.int64) for name in ("year", "lea", "race", column)
    )
    if not len(year):
        return
    known = (race < len(words.RACES)) & np.isin(year, years)
    at = np.searchsorted(np.asarray(years), year[known])
    into[at, lea[known] - 1, race[known], category - 1] = value[known]
