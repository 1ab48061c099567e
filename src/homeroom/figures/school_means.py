"""Means of school rates: each school's rate weighs the same, whatever its size.

A school counts for a side if it reported and has at least :data:`LEAST` students of that side. The
interval treats schools as the units that vary: see :mod:`homeroom.statistics.means`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np

from homeroom.figures.cell_weights import ENROLLMENT, weights
from homeroom.figures.school_arrays import STRATA, Cells, Numbers, SchoolArrays
from homeroom.figures.unit_counts import SchoolRows, Side, school_rows
from homeroom.statistics.statistic import Bools, Floats
from homeroom.vocabulary.groups import ALL

LEAST = 30
"""Students of a side that a school needs to count: the rate of a handful is noise."""
_MOST = 400
"""Sums that are kept of one wave and measure."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What the schools have of a side; the rate is 0 where a school does not count."""

    events: Floats
    students: Floats
    rate: Floats
    counts: Bools


@dataclass(slots=True, eq=False)
class SchoolMeans:
    """Rates of the schools of one wave, to take means of.

    Attributes
    ----------
    units
        Unit to its position.
    """

    measure: str
    units: dict[int, int]
    _rows: SchoolRows
    _runs: Runs
    _sides: dict[Side, _Side | None] = field(default_factory=dict)
    _sums: dict[object, Floats] = field(default_factory=dict)

    def _side(self, side: Side) -> _Side | None:
        if side not in self._sides:
            self._sides[side] = self._make(side)
        return self._sides[side]

    def _make(self, side: Side) -> _Side | None:
        found = [weights(self.measure, crossing, side[1]) for crossing in side[0]]
        chosen = [one for one in found if one is not None]
        if len(chosen) < len(found):
            return None
        rows, width = self._rows, self._rows.students.shape[1]
        events, students = np.zeros(width), np.zeros(width)
        base = chosen[:1] if self.measure == ENROLLMENT else chosen
        for one in chosen:
            events += np.where(rows.counted, _weighted(rows.events, one.events), 0.0)
        for one in base:
            students += np.where(rows.base(one.part), _weighted(rows.students, one.students), 0.0)
        events, students = events[self._runs.order], students[self._runs.order]
        counts = students >= LEAST
        rate = np.divide(events, students, out=np.zeros_like(events), where=counts)
        return _Side(events, students, rate, counts)

    def sums(self, side: Side) -> Floats | None:
        """Return sums by unit and stratum: schools, events, students, rates, squares of rates."""
        if side in self._sums:
            return self._sums[side]
        one = self._side(side)
        if one is None:
            return None
        counted = (one.events * one.counts, one.students * one.counts)
        rows = np.stack([one.counts, *counted, one.rate, one.rate * one.rate])
        found = self._sums[side] = self._runs.sums(rows)
        return found

    def shared(self, one: Side, other: Side) -> Floats | None:
        """Return sums over schools that count for both: number, rate a, rate b, product."""
        if (one, other) in self._sums:
            return self._sums[one, other]
        first, second = self._side(one), self._side(other)
        if first is None or second is None:
            return None
        both = first.counts & second.counts
        rates = (first.rate * both, second.rate * both, first.rate * second.rate)
        found = self._sums[one, other] = self._runs.sums(np.stack([both, *rates]))
        return found

    def tidy(self) -> None:
        """Forget the rates of single schools; keep sums, but not of every group ever named."""
        self._sides.clear()
        if len(self._sums) > _MOST:
            self._sums.clear()


@dataclass(frozen=True, slots=True)
class Runs:
    """Some schools in the order of unit and stratum, so that a sum over each is one run."""

    order: Numbers
    """Positions of the schools."""
    starts: Numbers
    cells: Numbers
    """Unit times strata plus stratum, of each run."""
    units: int

    @classmethod
    def of(cls, units: Numbers, strata: Numbers, kept: Bools, number: int) -> Runs:
        """Sort the schools that are kept; ``number`` is that of the units."""
        key = units * STRATA + strata
        order = np.flatnonzero(kept)
        order = order[np.argsort(key[order], kind="stable")]
        cells, starts = np.unique(key[order], return_index=True)
        return cls(order, starts, cells, number)

    def sums(self, rows: Floats) -> Floats:
        """Sum rows of schools in this order; return unit, stratum, row. The last unit is all."""
        out = np.zeros((len(rows), (self.units + 1) * STRATA))
        if len(self.starts):
            out[:, self.cells] = np.add.reduceat(rows, self.starts, axis=1)
        shaped = out.reshape(len(rows), -1, STRATA)
        shaped[:, -1] = shaped[:, :-1].sum(axis=1)
        return np.ascontiguousarray(shaped.transpose(1, 2, 0))


def load(
    con: duckdb.DuckDBPyConnection, arrays: SchoolArrays, wave: str, measure: str, policy: str
) -> SchoolMeans:
    """Take every school of a scope that reported the measure."""
    rows = school_rows(con, arrays, wave, measure, policy)
    of = arrays.schools(con, wave).numbers // arrays.scope.width
    units = np.unique(of)
    runs = Runs.of(
        np.searchsorted(units, of), arrays.strata(con, wave, policy), rows.base(ALL), len(units)
    )
    at = {int(unit): number for number, unit in enumerate(units)}
    return SchoolMeans(measure, at, rows, runs)


def _weighted(cells: Cells, weight: Floats) -> Floats:
    """Sum the cells of a side. Most weights are zero, and a copy of the rest would take longer."""
    out = np.zeros(cells.shape[1])
    for row in np.flatnonzero(weight):
        out += weight[row] * cells[row]
    return out
