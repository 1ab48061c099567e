"""The cheapest way to move one cell while every shown cell and every equation stays.

A move is a vector of whole numbers that is added to the counts. It changes hidden cells alone,
keeps every equation, and leaves no count below zero: the counts with the move added are another
table that equals ours in everything published. Cells that a move changes and that are not hidden
yet have to be hidden; their weight is what the linear program minimizes (Fischetti and Salazar
2001, "Solving the cell suppression problem on tabular data with linear constraints", Management
Science 47:1008-1027).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import highspy
import numpy as np
from numpy.typing import NDArray

from homeroom.errors import HomeroomError
from homeroom.records.publish.cells import Fact, Linked
from homeroom.records.publish.pattern import Move, weight
from homeroom.records.publish.solver import new_solver

Floats: TypeAlias = NDArray[np.float64]
HIDDEN_COST = 1e-3
"""A move through hidden cells is not quite free, so that it takes no needless turns."""
_WHOLE = 1e-6
_SECONDS, _TRIES = 5.0, 6


class Flow:
    """Linear programs over some cells of a system; every other cell stays as it is.

    Parameters
    ----------
    system
        The whole system.
    members
        Numbers of the cells that may move.
    hidden
        For every cell of the system whether it is hidden.
    loose
        Leave out the equations of totals that may move while none of their parts may: the parts
        are brought into line afterwards (:meth:`follow`).
    """

    def __init__(
        self,
        system: Linked,
        members: Sequence[int],
        hidden: NDArray[np.bool_],
        *,
        loose: bool = False,
    ) -> None:
        self.members = np.asarray(members, dtype=np.int64)
        self.at = {int(cell): place for place, cell in enumerate(self.members)}
        self._size = len(self.members)
        self._all = np.arange(2 * self._size, dtype=np.int32)
        self._values = np.array([system.values[cell] for cell in self.members], dtype=float)
        self._weights = np.array([weight(int(one)) for one in self._values])
        rows = _rows(system, self.at, loose=loose)
        self._outside = {total: row for row, (_, total) in enumerate(rows.above)}
        self._model = _model(rows, self._size)
        self._closed = False
        self._chance = np.random.default_rng(1)  # any corner will do
        self.refresh(hidden)

    def refresh(self, hidden: NDArray[np.bool_], *, closed: bool = False) -> None:
        """Take over which cells are hidden by now.

        Parameters
        ----------
        hidden
            For every cell of the system.
        closed
            Whether the cells that are not hidden stay as they are, at whatever cost.
        """
        mine = hidden[self.members]
        self._closed = closed
        self._costs = np.where(mine, HIDDEN_COST, self._weights)
        moves = mine if closed else np.ones(self._size, dtype=bool)
        self._top = np.concatenate(
            (np.where(moves, highspy.kHighsInf, 0.0), np.where(moves, self._values, 0.0))
        )
        self._set(np.tile(self._costs, 2), self._top)

    def hide(self, cells: Iterable[int]) -> None:
        """Take over that cells are hidden now, so that moving them costs nothing more."""
        for cell in cells:
            if (place := self.at.get(cell)) is not None:
                self._costs[place] = HIDDEN_COST
                for column in (place, place + self._size):
                    self._model.changeColCost(column, HIDDEN_COST)

    def close(self, cell: int) -> None:
        """Keep a cell as it is from now on."""
        self._bound(self.at[cell], 0.0, 0.0)

    def open(self, cell: int) -> None:
        """Let a cell that was closed move again."""
        place = self.at[cell]
        self._bound(place, highspy.kHighsInf, self._values[place])

    def _bound(self, place: int, up: float, down: float) -> None:
        for column, top in ((place, up), (place + self._size, down)):
            self._top[column] = top
            self._model.changeColBounds(column, 0.0, top)

    def move(self, cell: int, change: int) -> Move | None:
        """Return a cheap move that changes a cell by just so much; None where there is none.

        Parameters
        ----------
        cell
            Number of the cell.
        change
            Not zero.
        """
        place = self.at[cell]
        self._model.changeColBounds(place, max(change, 0), max(change, 0))
        self._model.changeColBounds(place + self._size, max(-change, 0), max(-change, 0))
        try:
            return self._cheap()
        finally:
            for column in (place, place + self._size):
                self._model.changeColBounds(column, 0.0, self._top[column])

    def follow(self, changes: Mapping[int, int]) -> Move | None:
        """Return a cheap move of parts whose totals, which lie outside, change as given.

        Parameters
        ----------
        changes
            By number of the total; a total that is not named stays.
        """
        rows = [(self._outside[one], change) for one, change in changes.items()]
        for row, change in rows:
            self._model.changeRowBounds(row, -change, -change)
        try:
            return self._cheap()
        finally:
            for row, _ in rows:
                self._model.changeRowBounds(row, 0.0, 0.0)

    def joint(self, changes: Mapping[int, int]) -> Move | None:
        """Return a move through hidden cells alone that makes many changes at once, if any.

        Parameters
        ----------
        changes
            The change wanted of each cell; as many as possible are made in full, others in part.
        """
        costs = np.full(2 * self._size, HIDDEN_COST)
        top = np.where(np.tile(self._costs, 2) > HIDDEN_COST, 0.0, self._top)
        for cell, change in changes.items():
            up, down = self.at[cell], self.at[cell] + self._size
            wanted, other = (up, down) if change > 0 else (down, up)
            top[wanted] = min(top[wanted], abs(change))
            costs[wanted], costs[other] = -1 / abs(change), 1 / abs(change)
        self._set(costs, top)
        found = self._solve()
        self._set(np.tile(self._costs, 2), self._top)
        return None if found is None or not _is_whole(found) else self._as_move(found)

    def _cheap(self) -> Move | None:
        found = self._solve()
        if found is not None and not _is_whole(found):
            found = self._in_whole_numbers(found)
        elif found is not None and not self._closed:
            found = self._sparser(found)
        return None if found is None else self._as_move(found)

    def _sparser(self, found: Floats) -> Floats:
        """Solve again, with the cost of each cell spread over what it moved (reweighting)."""
        new = np.flatnonzero((np.abs(found) > 0.5) & (self._costs > HIDDEN_COST))
        if not len(new):
            return found
        # A cell costs its weight once, however far it moves: those that move far are cheap.
        spread = self._costs.copy()
        spread[new] /= np.abs(found[new])
        self._model.changeColsCost(2 * self._size, self._all, np.tile(spread, 2))
        again = self._solve()
        self._model.changeColsCost(2 * self._size, self._all, np.tile(self._costs, 2))
        if again is None or not _is_whole(again):
            return found
        return again if self._lost(again) < self._lost(found) else found

    def _lost(self, found: Floats) -> float:
        return float(self._costs[(np.abs(found) > 0.5) & (self._costs > HIDDEN_COST)].sum())

    def _in_whole_numbers(self, found: Floats) -> Floats | None:
        """Find a whole answer where the linear program took parts of students.

        Other costs lead to other corners, nearly all of them whole. What is left goes to a small
        integer program over hidden cells and those that the linear program took.
        """
        for _ in range(_TRIES):
            other = np.tile(self._costs * self._chance.uniform(0.7, 1.5, self._size), 2)
            self._model.changeColsCost(2 * self._size, self._all, other)
            again = self._solve()
            self._model.changeColsCost(2 * self._size, self._all, np.tile(self._costs, 2))
            if again is not None and _is_whole(again):
                return again
        taken = (np.abs(found) > _WHOLE) | (self._costs <= HIDDEN_COST)
        closed = [int(one) for one in np.flatnonzero(~taken)]
        top = self._top.copy()
        for place in closed:
            self._bound(place, 0.0, 0.0)
        kinds = (highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous)
        for place in map(int, np.flatnonzero(taken)):
            for column in (place, place + self._size):
                self._model.changeColIntegrality(column, kinds[0])
        try:
            whole = self._solve()
        finally:
            for place in map(int, np.flatnonzero(taken)):
                for column in (place, place + self._size):
                    self._model.changeColIntegrality(column, kinds[1])
            for place in closed:
                self._bound(place, top[place], top[place + self._size])
        return whole if whole is not None and _is_whole(whole) else None

    def _set(self, costs: Floats, top: Floats) -> None:
        self._model.changeColsCost(2 * self._size, self._all, costs)
        self._model.changeColsBounds(2 * self._size, self._all, np.zeros(2 * self._size), top)

    def _as_move(self, found: Floats) -> Move:
        whole = np.rint(found).astype(np.int64)
        return {int(self.members[at]): int(whole[at]) for at in np.flatnonzero(whole)}

    def _solve(self) -> Floats | None:
        self._model.run()
        status = self._model.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            both = np.asarray(self._model.getSolution().col_value)
            found: Floats = both[: self._size] - both[self._size :]
            return found
        if status in {
            highspy.HighsModelStatus.kInfeasible,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
            highspy.HighsModelStatus.kTimeLimit,
        }:
            return None
        raise HomeroomError(f"The solver ended without an answer ({status}).")


def _is_whole(found: Floats) -> bool:
    return bool(np.all(np.abs(found - np.rint(found)) < _WHOLE))


class _Rows:
    """Rows of a program: first those whose total lies outside of the members, then the others."""

    def __init__(self) -> None:
        self.above: list[tuple[dict[int, float], int]] = []
        self.within: list[tuple[float, float, dict[int, float]]] = []

    def all(self) -> list[tuple[float, float, dict[int, float]]]:
        """Return every row: its least and its greatest value, and its coefficients."""
        return [(0.0, 0.0, one) for one, _ in self.above] + self.within


def _rows(system: Linked, at: Mapping[int, int], *, loose: bool) -> _Rows:
    rows = _Rows()
    for equation in system.equations:
        found = {at[part]: -1.0 for part in equation.parts if part in at}
        if equation.total in at:
            if loose and not found:
                continue
            found[at[equation.total]] = 1.0
            rows.within.append((0.0, 0.0, found))
        elif found:
            whole = len(found) == len(equation.parts)
            if whole:
                rows.above.append((found, equation.total))
            else:
                rows.within.append((0.0, 0.0, found))
    for fact in system.facts:
        found = {
            at[system.index[key]]: float(one)
            for key, one in fact.weights
            if system.index[key] in at
        }
        if found:
            rows.within.append((*_room(system, fact), found))
    return rows


def _model(made: _Rows, size: int) -> highspy.Highs:
    """Return the program: two columns a cell (up and down), a row an equation and a fact."""
    rows = made.all()
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = 2 * size, len(rows)
    model.col_cost_ = np.ones(2 * size)
    model.col_lower_ = np.zeros(2 * size)
    model.col_upper_ = np.full(2 * size, highspy.kHighsInf)
    model.row_lower_ = np.array([row[0] for row in rows])
    model.row_upper_ = np.array([row[1] for row in rows])
    matrix = model.a_matrix_
    matrix.format_ = highspy.MatrixFormat.kRowwise
    matrix.start_ = np.cumsum([0, *(2 * len(row[2]) for row in rows)]).astype(np.int32)
    if rows:
        index = [np.array([*row[2], *(size + one for one in row[2])]) for row in rows]
        value = [np.array([*row[2].values(), *(-one for one in row[2].values())]) for row in rows]
        matrix.index_ = np.concatenate(index).astype(np.int32)
        matrix.value_ = np.concatenate(value)
    solver = new_solver()
    # Two models with different numbers of threads in one process make the solver fail: never set.
    solver.setOptionValue("time_limit", _SECONDS)
    solver.setOptionValue("presolve", "off")
    solver.setOptionValue("mip_rel_gap", 0.2)
    solver.passModel(model)
    return solver


def _room(system: Linked, fact: Fact) -> tuple[float, float]:
    """Return how far a fact's sum may move down and up."""
    value = sum(one * system.values[system.index[key]] for key, one in fact.weights)
    low = -highspy.kHighsInf if fact.low is None else float(fact.low - value)
    high = highspy.kHighsInf if fact.high is None else float(fact.high - value)
    return low, high
