"""Complementary suppression: hide as little more as protects every small cell, and prove it.

Each small cell needs two witnesses: tables of whole numbers that equal ours in everything shown,
one in which the cell is at most the policy's low, one in which it is at least the high. They are
sought block by block with the cells above held; what is left moves the cells above, and the blocks
below them follow. A witness serves every cell that it moves far enough.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from time import monotonic

from homeroom.errors import HomeroomError
from homeroom.records.publish.blocks import Block, above, blocks
from homeroom.records.publish.cells import Linked, label
from homeroom.records.publish.exact import holds, touching
from homeroom.records.publish.flow import Flow
from homeroom.records.publish.pattern import Move, Need, Pattern, start
from homeroom.records.publish.policy import Policy
from homeroom.records.publish.trim import trim

_JOINT, _AGAIN = 4, 12
"""Programs for many cells at once before the first one by one, and after how many more."""


def suppress(
    system: Linked, policy: Policy, *, known: Sequence[int] = (), seconds: float = 6.0
) -> Pattern:
    """Return a pattern in which every small cell is proved safe.

    Parameters
    ----------
    system, policy
        What to protect, and how.
    known
        Numbers of cells that an earlier release shows.
    seconds
        How long to look for hidden cells that are not needed after all.

    Raises
    ------
    HomeroomError
        Some cell can't be protected, whatever is hidden.
    """
    work = _Work(start(system, policy, known=known), set(known))
    for at in range(len(work.blocks)):
        work.settle_block(at)
    work.settle_above()
    if work.pattern.open_needs():
        work.settle(Flow(system, work.free(range(len(system.keys))), work.pattern.hidden))
    if lacking := work.pattern.open_needs():
        name = label(system.keys[lacking[0][0]], system.dimensions)
        more = len({cell for cell, _ in lacking}) - 1
        raise HomeroomError(
            f"{name}: no choice of hidden cells keeps this count unknown within the policy"
            f"{f' (and {more} more)' if more else ''}. Publish fewer totals, or merge small "
            "groups; nothing was written."
        )
    trim(work.pattern, work.flows, monotonic() + seconds)
    return work.pattern


class _Work:
    """A pattern under way, with a linear program for each block."""

    def __init__(self, pattern: Pattern, known: set[int]) -> None:
        self.pattern, self.known = pattern, known
        self.blocks: list[Block] = blocks(pattern.system)
        self.above = above(pattern.system)
        self.flows: dict[int, Flow] = {}
        self._touching = touching(pattern.system)
        # Not a secret: any order of cells gives a safe pattern.
        self._chance = random.Random(1)  # noqa: S311

    def free(self, cells: Iterable[int]) -> list[int]:
        """Return the cells that may move: those that no earlier release shows."""
        return [cell for cell in cells if cell not in self.known]

    def flow(self, at: int) -> Flow:
        """Return the program of a block."""
        if at not in self.flows:
            members = self.free(self.blocks[at].cells)
            self.flows[at] = Flow(self.pattern.system, members, self.pattern.hidden)
        return self.flows[at]

    def settle_block(self, at: int) -> None:
        """Prove what can be proved inside one block."""
        if self.pattern.open_needs(self.blocks[at].cells):
            self.settle(self.flow(at), joint=True)

    def settle_above(self) -> None:
        """Prove what needs cells above to move, with the other blocks following."""
        if not self.blocks[0].parent and len(self.blocks) == 1:
            return
        for at, block in enumerate(self.blocks):
            mine = [*block.cells, *block.parent]
            if not self.pattern.open_needs(mine):
                continue
            cells = self.free(dict.fromkeys((*block.cells, *self.above)))
            flow = Flow(self.pattern.system, cells, self.pattern.hidden, loose=True)
            self.settle(flow, follow=at, only=mine)

    def settle(
        self,
        flow: Flow,
        *,
        joint: bool = False,
        follow: int | None = None,
        only: Iterable[int] | None = None,
    ) -> None:
        """Find witnesses with a program, hiding what they take."""
        pattern = self.pattern
        cells = [int(one) for one in flow.members] if only is None else list(only)
        if joint:
            self._many(flow, cells, _JOINT)
        needs = sorted(
            pattern.open_needs(cells), key=lambda one: -abs(pattern.needs[one[0]][one[1]])
        )
        hiding = 0
        for cell, side in needs:
            if pattern.proofs[cell][side] is not None or cell not in flow.at:
                continue
            move = flow.move(cell, pattern.needs[cell][side])
            if move is not None and follow is not None:
                move = self._followed(move, follow)
            if move is None or not holds(pattern.system, move, self._touching):
                continue
            new = pattern.add(move)
            for one in (flow, *self.flows.values()):
                one.hide(new)
            hiding += bool(new)
            if joint and new and hiding % _AGAIN == 0:
                self._many(flow, cells, 2)

    def _many(self, flow: Flow, cells: Sequence[int], times: int) -> None:
        pattern = self.pattern
        for _ in range(times):
            needs: list[Need] = [one for one in pattern.open_needs(cells) if one[0] in flow.at]
            if len(needs) < 2:
                return
            self._chance.shuffle(needs)
            move = flow.joint({cell: pattern.needs[cell][side] for cell, side in needs})
            if move and holds(pattern.system, move, self._touching):
                pattern.add(move)

    def _followed(self, move: Move, own: int) -> Move | None:
        """Bring the blocks below moved cells into line, the highest first."""
        whole = dict(move)
        done = {self.blocks[own].parent}
        for at in reversed(range(len(self.blocks))):
            block = self.blocks[at]
            changes = {cell: whole[cell] for cell in block.parent if cell in whole}
            if not changes or block.parent in done:
                continue
            if any(cell in whole for cell in block.cells):
                continue  # they were part of the program itself
            done.add(block.parent)
            try:
                more = self.flow(at).follow(changes)
            except KeyError:  # a total without parts that are published
                return None
            if more is None:
                return None
            whole |= more
        return whole
