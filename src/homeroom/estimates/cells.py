"""Cells of one fit: events and students by LEA and pattern, checked, as the kernels read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from homeroom.errors import BadInput
from homeroom.estimates.kernels import Array
from homeroom.estimates.one_effect import LANES, Leas
from homeroom.statistics.statistic import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Events and students of LEAs, by pattern.

    Attributes
    ----------
    leas
        Ids of the LEAs, in the order of the rows.
    states
        Postal codes of the states that occur.
    state
        Position of each LEA's state in ``states``.
    events, students
        LEA by pattern. A cell that is missing, or has no students, has 0 and 0.
    design
        Pattern by fixed effect, centered over the cells.
    effects
        Names of the fixed effects.
    patterns
        Group, sex, and wave of each pattern.
    """

    leas: tuple[str, ...]
    states: tuple[str, ...]
    state: Array
    events: Floats
    students: Floats
    design: Floats
    effects: tuple[str, ...]
    patterns: tuple[tuple[str, str, str], ...]

    @property
    def count(self) -> int:
        """Return how many cells have students."""
        return int((self.students > 0).sum())

    def row(self, lea: str) -> int:
        """Return an LEA's position, or -1."""
        try:
            return self.leas.index(lea)
        except ValueError:
            return -1


def checked(events: Floats, students: Floats, leas: Sequence[str]) -> None:
    """Refuse counts that no model of a rate fits.

    Raises
    ------
    BadInput
        There is no LEA, no cell, no event, an event in each of all cells' students, a negative or
        broken number, or more events than students.
    """
    if not leas:
        raise BadInput("Expected districts with counts, found none. Choose another wave or place.")
    if not (np.isfinite(events).all() and np.isfinite(students).all()):
        raise BadInput("Expected whole counts, found a number that is not finite.")
    if (events < 0).any() or (students < 0).any():
        raise BadInput("Expected counts of 0 or more, found a negative one.")
    if not (students > 0).any():
        raise BadInput(
            "Expected at least one cell with a count and students, found that all are missing. "
            "Choose a wave in which this outcome was reported."
        )
    over = np.argwhere(events > students)
    if len(over):
        j, p = (int(one) for one in over[0])
        raise BadInput(
            f"Expected no more events than students, found {events[j, p]:,.0f} events among "
            f"{students[j, p]:,.0f} students of district {leas[j]}"
            f" ({len(over)} such cells). Leave such cells out as missing, or mend the file."
        )
    if not events.any():
        raise BadInput(
            "Expected at least one event, found none in any district: nothing says how rates vary."
            " Take more states or another wave."
        )
    if (events == students)[students > 0].all():
        raise BadInput("Expected some students without the event, found that all have it.")


def centered(design: Floats, students: Floats) -> Floats:
    """Return a design whose columns have mean zero over the cells with students."""
    weights = (students > 0).sum(axis=0).astype(float)
    means: Floats = weights @ design / weights.sum()
    return design - means


def as_leas(cells: Cells, near: Floats, level: Floats, size: Floats, *, step: float) -> Leas:
    """Lay LEAs out for the kernels.

    Parameters
    ----------
    near, level
        For each LEA, about the mode of its w, and its lattice; read where it has events.
    size
        For each LEA, its students times their rates: LEAs alike in size share a chunk.
    step
        Factor on every lattice's step.
    """
    total = cells.events.sum(axis=1)
    has = np.flatnonzero(total > 0)
    none = np.flatnonzero(total == 0)
    none = none[np.lexsort((size[none], cells.state[none]))]
    patterns = cells.students.shape[1]
    students = np.pad(cells.students, ((0, 0), (0, -patterns % 4)))
    chunks, owners, real = [], [], []
    for s in range(len(cells.states)):
        mine = none[cells.state[none] == s]
        for start in range(0, len(mine), LANES):
            part = mine[start : start + LANES]
            real.append(len(part))
            owners.append(s)
            chunks.append(students[np.pad(part, (0, LANES - len(part)), mode="edge")].T)
    shape = (0, students.shape[1], LANES)
    return Leas(
        np.ascontiguousarray(chunks, dtype=np.float64) if chunks else np.empty(shape),
        np.array(owners, dtype=np.int64),
        np.array(real, dtype=np.int64),
        np.ascontiguousarray(students[has], dtype=np.float64),
        total[has].astype(np.float64),
        cells.state[has].astype(np.int64),
        level[has].astype(np.int64),
        near[has].astype(np.float64),
        step,
    )
