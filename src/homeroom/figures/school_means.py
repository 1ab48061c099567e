"""Means of school rates: each school's rate weighs the same, whatever its size.

A school counts for a side if it reported and has at least ``LEAST`` students of that side. This
module adds the schools up; :mod:`homeroom.statistics.means` makes the interval of the sums.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np

from homeroom.figures.cell_weights import Weights
from homeroom.figures.officers import LEAST
from homeroom.figures.school_arrays import STRATA, Counts, Runs, SchoolArrays
from homeroom.statistics.means import (
    COUNTED,
    EVENTS,
    MEANS,
    RATE,
    SQUARE,
    STUDENTS,
    log_interval,
    log_variance,
)
from homeroom.statistics.statistic import Bools, Floats

__all__ = [
    "COUNTED",
    "EVENTS",
    "MEANS",
    "RATE",
    "SQUARE",
    "STUDENTS",
    "Schools",
    "load",
    "log_interval",
    "log_variance",
]

_Key = tuple[object, str]


_MOST = 400
"""Sums that are kept of one wave and measure."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What the schools have of a side; the rate is 0 where a school does not count."""

    events: Floats
    students: Floats
    rate: Floats
    counts: Bools


@dataclass(slots=True)
class Schools:
    """The schools of one wave that reported a measure.

    ``events`` and ``students`` have a row a cell and a column a school of the roll.
    """

    events: Counts
    students: Counts
    runs: Runs
    units: dict[int, int]
    _sides: dict[_Key, _Side] = field(default_factory=dict)
    _sums: dict[object, Floats] = field(default_factory=dict)

    def _side(self, key: _Key, side: Weights) -> _Side:
        found = self._sides.get(key)
        if found is None:
            events = _weighted(self.events, side.events)[self.runs.order]
            students = _weighted(self.students, side.students)[self.runs.order]
            counts = students >= LEAST
            rate = np.divide(events, students, out=np.zeros_like(events), where=counts)
            found = self._sides[key] = _Side(events, students, rate, counts)
        return found

    def sums(self, key: _Key, side: Weights) -> Floats:
        """Return sums by unit and stratum: schools, events, students, rates, squares of rates."""
        found = self._sums.get(key)
        if found is None:
            one = self._side(key, side)
            counted = (one.events * one.counts, one.students * one.counts)
            rows = np.stack([one.counts, *counted, one.rate, one.rate * one.rate])
            found = self._sums[key] = self.runs.sums(rows)
        return found

    def shared(self, one: _Key, other: _Key, a: Weights, b: Weights) -> Floats:
        """Return sums over schools that count for both sides: number, rate a, rate b, product."""
        found = self._sums.get((one, other))
        if found is None:
            first, second = self._side(one, a), self._side(other, b)
            both = first.counts & second.counts
            rates = (first.rate * both, second.rate * both, first.rate * second.rate)
            found = self._sums[one, other] = self.runs.sums(np.stack([both, *rates]))
        return found

    def tidy(self) -> None:
        """Forget the rates of single schools; keep sums, but not of every group ever named."""
        self._sides.clear()
        if len(self._sums) > _MOST:
            self._sums.clear()


def load(
    con: duckdb.DuckDBPyConnection, roll: SchoolArrays, policy: str, measure: str, width: int
) -> Schools:
    """Take every school of a roll that reported the measure; a unit spans ``width`` numbers."""
    kept = ~roll.quiet(con, policy, measure)
    of = roll.numbers(con) // width
    units = np.unique(of[kept])
    runs = Runs.of(
        np.searchsorted(units, of), roll.strata(con, policy), kept, (len(units), STRATA)
    )  # fmt: skip
    return Schools(
        roll.cells(con, measure), roll.cells(con, "enrollment"), runs,
        {int(unit): at for at, unit in enumerate(units)},
    )  # fmt: skip


def _weighted(cells: Counts, weight: Floats) -> Floats:
    """Sum the cells of a side. Most weights are zero, and a copy of the rest would take longer."""
    out = np.zeros(cells.shape[1])
    for row in np.flatnonzero(weight):
        out += weight[row] * cells[row]
    return out
