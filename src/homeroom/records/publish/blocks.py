"""Parts of a system that are small enough for quick linear programs.

The deepest dimension (state, district, school) gives the parts: what lies right below one code is a
block, and is worked on with the code's own cells held. That leaves a valid table of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from homeroom.records.publish.cells import Code, Linked

LARGEST = 1200
"""Cells of a block: beyond it a linear program takes longer than it saves."""


@dataclass(frozen=True, slots=True)
class Block:
    """Cells right below one code, or some of them; ``parent`` holds the code's own cells."""

    cells: tuple[int, ...]
    parent: frozenset[int]


def blocks(system: Linked) -> list[Block]:
    """Return the blocks of a system, the innermost first; a small system is one block.

    Parameters
    ----------
    system
        All cells.
    """
    if len(system.keys) <= LARGEST // 3:
        return [Block(tuple(range(len(system.keys))), frozenset())]
    at = _deepest(system)
    own: dict[Code, list[int]] = {}
    for cell, key in enumerate(system.keys):
        own.setdefault(key[at], []).append(cell)
    below: dict[Code, list[Code]] = {}
    for code in own:
        if code:
            below.setdefault(code[:-1], []).append(code)
    found = []
    for code in sorted(below, key=lambda one: (-len(one), one)):
        parent = frozenset(own.get(code, ()))
        found += [Block(cells, parent) for cells in _chunks([own[one] for one in below[code]])]
    return found


def above(system: Linked) -> tuple[int, ...]:
    """Return every cell whose code has others below it.

    Parameters
    ----------
    system
        All cells.
    """
    at = _deepest(system)
    inner = {key[at][:-1] for key in system.keys if key[at]}
    return tuple(cell for cell, key in enumerate(system.keys) if key[at] in inner)


def _chunks(groups: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """Put groups together in nearly equal parts of at most ``LARGEST`` cells, if they allow it."""
    whole = sum(map(len, groups))
    parts = -(-whole // LARGEST)
    each = -(-len(groups) // max(parts, 1))
    for first in range(0, len(groups), max(each, 1)):
        yield tuple(cell for group in groups[first : first + each] for cell in group)


def _deepest(system: Linked) -> int:
    """Return the dimension with the most levels, and of those the one with the most codes."""
    return max(
        range(len(system.dimensions)),
        key=lambda one: (
            len(system.dimensions[one].columns), len({key[one] for key in system.keys}),
        ),
    )  # fmt: skip
