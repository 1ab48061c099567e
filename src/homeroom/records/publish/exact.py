"""Whether a move keeps every equation and fact: whole numbers, and no solver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from homeroom.records.publish.cells import Linked


def touching(system: Linked) -> list[list[int]]:
    """Return for each cell the numbers of its equations; facts follow the equations.

    Parameters
    ----------
    system
        All cells.
    """
    found: list[list[int]] = [[] for _ in system.keys]
    for number, equation in enumerate(system.equations):
        for cell in (equation.total, *equation.parts):
            found[cell].append(number)
    for number, fact in enumerate(system.facts, len(system.equations)):
        for key, _ in fact.weights:
            found[system.index[key]].append(number)
    return found


def holds(system: Linked, move: Mapping[int, int], touched: Sequence[Sequence[int]]) -> bool:
    """Return whether counts with a move added are a table that is as possible as ours.

    Parameters
    ----------
    system
        All cells.
    move
        Changes by number of the cell.
    touched
        See :func:`touching`.
    """
    if any(system.values[cell] + change < 0 for cell, change in move.items()):
        return False
    for number in {one for cell in move for one in touched[cell]}:
        if number < len(system.equations):
            equation = system.equations[number]
            parts = sum(move.get(cell, 0) for cell in equation.parts)
            if move.get(equation.total, 0) != parts:
                return False
            continue
        fact = system.facts[number - len(system.equations)]
        value = sum(
            weight * (system.values[cell] + move.get(cell, 0))
            for cell, weight in ((system.index[key], weight) for key, weight in fact.weights)
        )
        if (fact.low is not None and value < fact.low) or (
            fact.high is not None and value > fact.high
        ):
            return False
    return True
