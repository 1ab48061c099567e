"""Hide small cells of a table so that its margins do not give them back.

Primary suppression hides each count from 1 to below the minimum; complementary suppression hides
more cells until no line has a lone hidden cell; an audit then solves the published margins as a
linear program and hides on until every hidden cell could have at least ``width`` + 1 values. The
procedure is the textbook one (Hundepool et al., *Statistical Disclosure Control*, 2012, chapter 4;
why single hidden cells and lone margins fail: NCES 2011-603 and the sessions built on it).

All hidden cells must be shown with one and the same mark: telling primary from complementary cells
apart would give bounds away. The audit grants the reader the margins and that counts are not
negative. Totals are cells too: a total below the minimum is hidden like any other. Rates, shares
and differences of hidden cells must not be published beside the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.optimize import linprog

from homeroom.errors import BadInput, HomeroomError

if TYPE_CHECKING:
    from collections.abc import Sequence

MINIMUM = 10
HIDDEN = "*"
Grid: TypeAlias = list[list[int]]
Place: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts by row and column, before protection."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if not self.rows or not self.columns:
            raise BadInput("A table of counts needs at least one row and one column.")
        if len(self.counts) != len(self.rows) or any(
            len(row) != len(self.columns) for row in self.counts
        ):
            raise BadInput(
                f"Expected {len(self.rows)} rows of {len(self.columns)} counts; found rows of "
                f"{[len(row) for row in self.counts]}."
            )
        for value in (value for row in self.counts for value in row):
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise BadInput(f"A count is a whole number from 0, found {value!r}.")


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table fit to publish: ``cells`` has the totals as last row and column, hidden as None."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[int | None, ...], ...]

    @property
    def hidden(self) -> tuple[Place, ...]:
        """Return row and column of every hidden cell."""
        return tuple(
            (at, column)
            for at, row in enumerate(self.cells)
            for column, value in enumerate(row)
            if value is None
        )

    def as_dict(self) -> dict[str, object]:
        """Return the table as plain values, hidden cells as ``*``."""
        names = (*self.rows, "total")
        return {
            "columns": [*self.columns, "total"],
            "rows": {
                name: [HIDDEN if value is None else value for value in row]
                for name, row in zip(names, self.cells, strict=True)
            },
        }


@dataclass(frozen=True, slots=True)
class CellBounds:
    """What a reader of the published table can work out about one hidden cell."""

    row: int
    column: int
    low: float
    high: float

    @property
    def width(self) -> float:
        """Return the room that is left."""
        return self.high - self.low


def protect(
    table: CountTable, *, minimum: int = MINIMUM, zeros: bool = False, width: int = 1
) -> ProtectedTable:
    """Hide what must be hidden, and check that it stays hidden.

    Parameters
    ----------
    table
        The exact counts.
    minimum
        Counts from 1 to below this are hidden.
    zeros
        Hide zeros as well; by default a zero is published.
    width
        The least room (highest minus lowest possible count) that each hidden cell must keep.

    Raises
    ------
    BadInput
        A minimum or a width below 1.
    HomeroomError
        No choice of hidden cells protects the table.
    """
    if minimum < 1 or width < 1:
        raise BadInput(f"Minimum and width are at least 1; found {minimum} and {width}.")
    grid = _with_totals(table)
    least = 0 if zeros else 1
    hidden = {
        (at, column)
        for at, row in enumerate(grid)
        for column, value in enumerate(row)
        if least <= value < minimum
    }
    _hide_partners(grid, hidden)
    while exposed := _too_narrow(_masked(grid, hidden), width):
        # Every step hides at least one cell more, and the full grid hides everything.
        if not _hide_beside(grid, hidden, exposed[0]):
            break
        _hide_partners(grid, hidden)
    published = ProtectedTable(table.rows, table.columns, _masked(grid, hidden))
    if _too_narrow(published.cells, width):
        raise HomeroomError("This table cannot be protected; publish no part of it.")
    return published


def audit(table: ProtectedTable) -> tuple[CellBounds, ...]:
    """Work out, from the published cells alone, how low and high each hidden cell can be.

    Solved with HiGHS as two linear programs per cell. The margins of a two-way table form a
    network, so that whole-number extremes are attained.

    Parameters
    ----------
    table
        What a reader sees.

    Returns
    -------
    tuple of CellBounds
        In students, a pair of bounds for each of ``table.hidden``; no limit is infinity.
    """
    return tuple(_bounds(table.cells, place) for place in table.hidden)


def _with_totals(table: CountTable) -> Grid:
    grid = [[*row, sum(row)] for row in table.counts]
    return [*grid, [sum(column) for column in zip(*grid, strict=True)]]


def _masked(grid: Grid, hidden: set[Place]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(
        tuple(None if (at, column) in hidden else value for column, value in enumerate(row))
        for at, row in enumerate(grid)
    )


def _lines(grid: Grid) -> list[list[Place]]:
    height, breadth = len(grid), len(grid[0])
    rows = [[(at, column) for column in range(breadth)] for at in range(height)]
    return rows + [[(at, column) for at in range(height)] for column in range(breadth)]


def _cost(grid: Grid, place: Place) -> tuple[bool, bool, int, Place]:
    """Rank what to hide next: inner cells before totals, people before zeros, few before many."""
    value = grid[place[0]][place[1]]
    margin = place[0] == len(grid) - 1 or place[1] == len(grid[0]) - 1
    return (margin, value == 0, value, place)


def _hide_partners(grid: Grid, hidden: set[Place]) -> None:
    """Hide a partner for every lone hidden cell of a row or column, until none is alone."""
    changed = True
    while changed:
        changed = False
        for line in _lines(grid):
            shown = [place for place in line if place not in hidden]
            if len(line) - len(shown) == 1 and shown:
                hidden.add(min(shown, key=lambda place: _cost(grid, place)))
                changed = True


def _hide_beside(grid: Grid, hidden: set[Place], exposed: Place) -> bool:
    near = {place for line in _lines(grid) if exposed in line for place in line} - hidden
    everywhere = {place for line in _lines(grid) for place in line} - hidden
    choice = near or everywhere
    if not choice:
        return False
    hidden.add(min(choice, key=lambda place: _cost(grid, place)))
    return True


def _too_narrow(cells: Sequence[Sequence[int | None]], width: int) -> list[Place]:
    return [
        (at, column)
        for at, row in enumerate(cells)
        for column, value in enumerate(row)
        if value is None and _bounds(cells, (at, column)).width < width - 1e-6
    ]


def _bounds(cells: Sequence[Sequence[int | None]], place: Place) -> CellBounds:
    """Bound one hidden cell by the row and column equations of the published table."""
    height, breadth = len(cells), len(cells[0])
    rules = np.zeros((height + breadth, height * breadth))
    for at in range(height):
        for column in range(breadth):
            number = at * breadth + column
            rules[at, number] = 1 if column < breadth - 1 else -1
            rules[height + column, number] = 1 if at < height - 1 else -1
    limits = [(0, None) if value is None else (value, value) for row in cells for value in row]
    aim = np.zeros(height * breadth)
    aim[place[0] * breadth + place[1]] = 1
    ends = []
    for sign in (1.0, -1.0):
        found = linprog(
            sign * aim, A_eq=rules, b_eq=np.zeros(height + breadth), bounds=limits, method="highs"
        )
        if found.status == 3:  # unbounded: nothing published limits the cell from above
            ends.append(float("inf"))
        elif found.status == 0:
            ends.append(round(sign * float(found.fun), 6))
        else:
            raise HomeroomError(f"The audit of the table failed: {found.message}")
    return CellBounds(*place, low=ends[0], high=ends[1])
