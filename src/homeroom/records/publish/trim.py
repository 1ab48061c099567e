"""Show again what need not be hidden: cells without which every small cell can still be proved."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic

from homeroom.records.publish.exact import holds, touching
from homeroom.records.publish.flow import Flow
from homeroom.records.publish.pattern import DOWN, UP, Need, Pattern, weight


def trim(pattern: Pattern, flows: Mapping[int, Flow], until: float) -> None:
    """Show hidden cells again, the ones with the most information first, while time lasts.

    Parameters
    ----------
    pattern
        With every small cell proved; it stays so.
    flows
        Programs, each over one block.
    until
        When to stop, on the clock of :func:`time.monotonic`.
    """
    work = _Trim(pattern, flows)
    for cell in sorted(pattern.added, key=lambda one: -weight(pattern.system.values[one])):
        if monotonic() > until:
            break
        work.show(cell)


class _Trim:
    def __init__(self, pattern: Pattern, flows: Mapping[int, Flow]) -> None:
        self.pattern = pattern
        self.touching = touching(pattern.system)
        self.moving: dict[int, set[int]] = {}
        for number, move in enumerate(pattern.moves):
            for cell in move or ():
                self.moving.setdefault(cell, set()).add(number)
        self.flow_of: dict[int, Flow] = {}
        for flow in flows.values():
            flow.refresh(pattern.hidden, closed=True)
            for cell in flow.at:
                self.flow_of.setdefault(cell, flow)

    def show(self, cell: int) -> bool:
        """Show a cell if all that rests on it can be proved without it."""
        pattern = self.pattern
        without = self.moving.get(cell, set())
        lacking: dict[Need, int] = {}
        for one in {one for number in without for one in pattern.moves[number] or ()}:
            for side in (DOWN, UP):
                if one in pattern.proofs and pattern.proofs[one][side] in without:
                    other = self._other(one, side, without)
                    if other is None:
                        lacking[one, side] = 0
                    else:
                        pattern.proofs[one][side] = other
        pattern.hidden[cell] = False
        if not lacking or self._proved(cell, list(lacking)):
            for number in list(without):
                for one in pattern.moves[number] or ():
                    self.moving[one].discard(number)
                pattern.moves[number] = None
            return True
        pattern.hidden[cell] = True
        if flow := self.flow_of.get(cell):
            flow.open(cell)
        return False

    def _other(self, cell: int, side: int, without: set[int]) -> int | None:
        for number in self.moving.get(cell, ()):
            move = self.pattern.moves[number]
            if number not in without and move and self.pattern.serves(move, cell, side):
                return number
        return None

    def _proved(self, shown: int, lacking: list[Need]) -> bool:
        """Look for witnesses without a cell; keep those that are found either way."""
        pattern = self.pattern
        if shown in self.flow_of:
            self.flow_of[shown].close(shown)
        before = {need: pattern.proofs[need[0]][need[1]] for need in lacking}
        for cell, side in lacking:
            pattern.proofs[cell][side] = None
        for cell, side in lacking:
            if pattern.proofs[cell][side] is not None:
                continue
            flow = self.flow_of.get(cell)
            move = flow.move(cell, pattern.needs[cell][side]) if flow else None
            if move is None or shown in move or not holds(pattern.system, move, self.touching):
                for need, number in before.items():
                    if pattern.proofs[need[0]][need[1]] is None:
                        pattern.proofs[need[0]][need[1]] = number
                return False
            pattern.add(move)
            for one in move:
                self.moving.setdefault(one, set()).add(len(pattern.moves) - 1)
        return True
