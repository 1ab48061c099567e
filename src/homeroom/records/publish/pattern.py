"""Which cells are hidden, and the witnesses that prove the small ones safe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log2
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from homeroom.records.publish.cells import Linked
from homeroom.records.publish.policy import Policy

DOWN, UP = 0, 1
ITSELF = -1
"""In place of a witness: the counts themselves are at the end of the range already."""
Move: TypeAlias = dict[int, int]
"""Change by number of the cell; zeros are left out."""
Need: TypeAlias = tuple[int, int]
"""A cell, and ``DOWN`` or ``UP``."""


def weight(count: int) -> float:
    """Return the information that is lost when a count is hidden, as the peers measure it.

    Parameters
    ----------
    count
        The exact count.
    """
    return 1 + log2(1 + count)


@dataclass(slots=True)
class Pattern:
    """What is hidden so far, and what is proved.

    Attributes
    ----------
    system, policy
        What is protected, and how.
    hidden
        For every cell of the system; rests are never shown.
    small
        Numbers of the cells that the policy hides.
    moves
        Witnesses, as changes to the counts; None where one is no longer valid.
    proofs
        For each small cell the numbers of its two witnesses; None: not proved.
    """

    system: Linked
    policy: Policy
    hidden: NDArray[np.bool_]
    small: tuple[int, ...]
    moves: list[Move | None] = field(default_factory=list)
    proofs: dict[int, list[int | None]] = field(default_factory=dict)
    needs: dict[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def added(self) -> tuple[int, ...]:
        """Cells hidden to protect others."""
        published = self.hidden[: self.system.published]
        return tuple(int(one) for one in np.flatnonzero(published) if int(one) not in self.proofs)

    @property
    def lost(self) -> float:
        """The information lost to cells that are hidden to protect others."""
        return sum(weight(self.system.values[cell]) for cell in self.added)

    def serves(self, move: Move, cell: int, side: int) -> bool:
        """Return whether a move is enough for a cell on one side."""
        change, need = move.get(cell, 0), self.needs[cell][side]
        return change <= need if side == DOWN else change >= need

    def open_needs(self, cells: Iterable[int] | None = None) -> list[Need]:
        """Return the cells, of all or of some, and the sides that have no witness."""
        return [
            (cell, side)
            for cell in (self.small if cells is None else cells)
            if cell in self.proofs
            for side in (DOWN, UP)
            if self.proofs[cell][side] is None
        ]

    def add(self, move: Move) -> list[int]:
        """Keep a move, let it serve what it can, and return the cells hidden for it."""
        number = len(self.moves)
        self.moves.append(move)
        new = [cell for cell in move if not self.hidden[cell]]
        self.hidden[new] = True
        for cell in move:
            if proof := self.proofs.get(cell):
                for side in (DOWN, UP):
                    if proof[side] is None and self.serves(move, cell, side):
                        proof[side] = number
        return new


def start(system: Linked, policy: Policy, *, known: Iterable[int] = ()) -> Pattern:
    """Return the pattern that hides the small cells alone.

    Parameters
    ----------
    system, policy
        What to protect, and how.
    known
        Numbers of cells that an earlier release shows: they can't be hidden any more.
    """
    public = set(known)
    small = tuple(
        cell
        for cell in range(system.published)
        if policy.is_small(system.values[cell]) and cell not in public
    )
    hidden = np.zeros(len(system.keys), dtype=bool)
    hidden[list(small)] = True
    hidden[system.published :] = True
    pattern = Pattern(system, policy, hidden, small)
    low, high = policy.range
    for cell in small:
        value = system.values[cell]
        needs = (min(0, low - value), max(0, high - value))
        pattern.needs[cell] = needs
        pattern.proofs[cell] = [None if need else ITSELF for need in needs]
    return pattern
