"""Sums over schools by unit and stratum, from which both sides of any question are taken.

A rate or ratio needs events and students of the same schools. So schools without enrollment are in
neither; their events are kept apart, for the count of all events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import duckdb
import numpy as np

from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.figures.cell_weights import (
    ENROLLMENT,
    Weights,
    part_weights,
    parts_of,
    weights,
)
from homeroom.figures.school_arrays import STRATA, Cells, Numbers, SchoolArrays
from homeroom.statistics.statistic import Bools, Floats
from homeroom.vocabulary.groups import ALL, Crossing
from homeroom.vocabulary.measures import MEASURES

Side = tuple[tuple[Crossing, ...], str]
"""Crossings, and the Section 504 rule."""


@dataclass(slots=True, eq=False)
class UnitCounts:
    """Counts of one measure in one wave under one policy.

    Arrays are unit by stratum; the last unit is the sum of all others, which is the nation where
    the units are states.

    Attributes
    ----------
    measure
        Measure id.
    units
        Unit to its position.
    schools_asked, schools_reporting
        Schools with students, by unit: those that a file asks, and those that reported any part.
    asked, reporting
        Students in those schools, by unit.
    enrolled
        Students in all schools of the wave, asked or not, by unit.
    """

    measure: str
    units: dict[int, int]
    schools_asked: Floats
    schools_reporting: Floats
    asked: Floats
    reporting: Floats
    enrolled: Floats
    codes: dict[int, int]
    _sum: Callable[[Floats | Cells, Bools], Floats]
    _arrays: SchoolRows
    _kept: KeyedCache = field(default_factory=KeyedCache)

    def at(self, unit: int | None) -> int | None:
        """Return the position of a unit; None where no file has it. A unit of None asks for all."""
        return len(self.units) if unit is None else self.units.get(unit)

    def side(self, side: Side) -> tuple[Floats, Floats] | None:
        """Return events and students of a side, unit by stratum; None where unpublished."""
        return self._kept.get(("side", side), lambda: self._side(side))

    def _side(self, side: Side) -> tuple[Floats, Floats] | None:
        crossings, rule = side
        chosen = [weights(self.measure, crossing, rule) for crossing in crossings]
        found = [one for one in chosen if one is not None]
        if len(found) < len(chosen):
            return None
        events = sum((self._events(one) for one in found), np.zeros(1))
        students = sum((self._students(one) for one in found[:1 if self._shared else None]),
                       np.zeros(1))  # fmt: skip
        return events, students

    @property
    def _shared(self) -> bool:
        """Whether every group is a share of the same students."""
        return self.measure == ENROLLMENT

    def _events(self, one: Weights) -> Floats:
        return self._cells("events") @ one.events

    def _students(self, one: Weights) -> Floats:
        """Return the students that a crossing's events are among.

        Of a school that left out a part, the students of that part are no base for a total.
        """
        base = self._cells(f"students {one.part}") @ one.students
        for part, weight in one.parts:
            if self._arrays.base(f"lost {part}").any():
                base = base - self._cells(f"students lost {part}") @ weight
        return base

    def _cells(self, what: str) -> Floats:
        """Return sums by unit, stratum, and cell: ``events``, ``apart``, or ``students BASE``."""

        def make() -> Floats:
            arrays = self._arrays
            if what == "events":
                return self._sum(arrays.events, arrays.counted)
            if what == "apart":
                return self._sum(arrays.events, arrays.apart)
            return self._sum(arrays.students, arrays.base(what.removeprefix("students ")))

        return self._kept.get(("cells", what), make)

    def apart(self, side: Side) -> Floats | None:
        """Return a side's events in schools without enrollment, unit by stratum."""
        if not self._arrays.apart.any():
            return None
        chosen = [weights(self.measure, crossing, side[1]) for crossing in side[0]]
        return sum(
            (self._cells("apart") @ one.events for one in chosen if one is not None), np.zeros(1)
        )

    def schools(self, side: Side) -> Floats:
        """Return the reporting schools with at least one student of a side, unit by stratum."""

        def make() -> Floats:
            one = weights(ENROLLMENT, side[0][0], side[1])
            if one is None:
                raise LookupError(f"{side}: expected enrollment by every category.")
            has = (one.events @ self._arrays.students) > 0
            row = (has & self._arrays.base(side[0][0].disability)).astype(np.float64)
            return self._sum(row[None, :], np.ones(len(has), dtype=bool))[:, :, 0]

        return self._kept.get(("schools", side), make)

    def share_reporting(self, side: Side) -> Floats:
        """Return, by unit, the share of students whose parts of the count were reported.

        A school that reported students without disabilities and left IDEA out speaks for the
        former alone. Shares are of the students in the schools asked.
        """

        def make() -> Floats:
            parts = parts_of(self.measure, *side)
            told, whole = np.zeros(len(self.units) + 1), np.zeros(len(self.units) + 1)
            for part in parts:
                one = part_weights(part)
                told += (self._cells(f"students full {part}") @ one).sum(axis=1)
                whole += (self._cells("students asked") @ one).sum(axis=1)
            by_size = np.divide(
                self.reporting, self.asked, out=np.zeros_like(told), where=self.asked > 0
            )
            return np.divide(told, whole, out=by_size, where=whole > 0)

        return self._kept.get(("share", side), make)

    @property
    def total(self) -> Floats:
        """All events, or full enrollment, by unit."""

        def make() -> Floats:
            found = self.side(((Crossing(),), "with"))
            if found is None:
                raise LookupError(f"{self.measure}: expected a published total.")
            total: Floats = found[0].sum(axis=1)
            return total

        return self._kept.get("total", make)


@dataclass(slots=True, eq=False)
class SchoolRows:
    """What sums are taken of: rows of schools, and which schools count for what.

    Attributes
    ----------
    events, students
        A row a cell, a column a school.
    enrolled
        Students of each school.
    """

    events: Cells
    students: Cells
    enrolled: Floats
    asked: Bools
    """Schools with students that a file asks."""
    counted: Bools
    """Schools whose events count: with students, and not doubted."""
    apart: Bools
    """Schools with events and no enrollment."""
    base: Callable[[str], Bools]
    """Which schools are a base: ``PART`` those that reported any of it, ``full PART`` those that
    left out nothing of it, ``lost PART`` those that left out this part alone, ``all`` those that
    reported any part, ``asked`` all with students."""


def load(
    con: duckdb.DuckDBPyConnection,
    arrays: SchoolArrays,
    wave: str,
    measure: str,
    policy: str,
    *,
    stratified: bool,
) -> UnitCounts:
    """Sum the schools of a scope; see :class:`UnitCounts`."""
    schools = arrays.schools(con, wave)
    of = schools.numbers // arrays.scope.width
    units = np.unique(of)
    strata = arrays.strata(con, wave, policy) if stratified else np.zeros(len(of), dtype=np.int64)
    each = STRATA if stratified else 1
    bins = np.searchsorted(units, of) * each + strata
    rows = school_rows(con, arrays, wave, measure, policy)

    def summed(counted: Floats | Cells, keep: Bools) -> Floats:
        return _summed(counted, keep, bins, (len(units), each))

    def by_unit(values: Floats, keep: Bools) -> Floats:
        out: Floats = summed(values[None, :], keep).sum(axis=(1, 2))
        return out

    ones, told = np.ones(len(of)), rows.base(ALL)
    at = {int(unit): number for number, unit in enumerate(units)}
    return UnitCounts(
        measure, at,
        by_unit(ones, rows.asked), by_unit(ones, told),
        by_unit(schools.students, rows.asked), by_unit(schools.students, told),
        by_unit(schools.students, schools.enrolled), arrays.codes(con, wave, measure), summed, rows,
    )  # fmt: skip


def school_rows(
    con: duckdb.DuckDBPyConnection, arrays: SchoolArrays, wave: str, measure: str, policy: str
) -> SchoolRows:
    """Return the rows of a measure's schools under a policy."""
    schools = arrays.schools(con, wave)
    doubted = arrays.doubted(con, wave, policy, measure)
    asked = schools.enrolled & ~arrays.unasked(con, wave, measure)
    parts = MEASURES[measure].parts
    silent = {part: arrays.unreported(con, wave, measure, part) for part in parts}
    quiet: Bools = np.logical_and.reduce(list(silent.values()))

    def base(part: str) -> Bools:
        if part == "asked":
            return asked
        if part.startswith("lost "):
            return asked & ~doubted & ~quiet & silent[part.removeprefix("lost ")]
        if part.startswith("full "):
            left_out = arrays.incomplete(con, wave, measure, part.removeprefix("full "))
            return asked & ~doubted & ~left_out
        return asked & ~doubted & ~silent.get(part, quiet)

    events = arrays.cells(con, wave, measure)
    return SchoolRows(
        events, arrays.cells(con, wave, ENROLLMENT), schools.students, asked,
        asked & ~doubted, ~schools.enrolled & ~doubted & ~quiet & events.any(axis=0), base,
    )  # fmt: skip


def _summed(rows: Floats | Cells, keep: Bools, bins: Numbers, shape: tuple[int, int]) -> Floats:
    """Sum rows of schools into unit, stratum, row; the last unit is all."""
    nowhere = shape[0] * shape[1]
    at = np.where(keep, bins, nowhere)
    out = np.stack([np.bincount(at, row, nowhere + 1)[:-1] for row in rows])
    shaped = out.reshape(len(rows), *shape).transpose(1, 2, 0)
    return np.concatenate([shaped, shaped.sum(axis=0, keepdims=True)])
