"""What a reader could work out: least and greatest value of a hidden cell, solved from scratch.

It shares nothing with the search for hidden cells but the equations, and serves to test it. The
certificate is what a release rests on.
"""

from __future__ import annotations

from collections.abc import Iterable

import highspy
import numpy as np
from numpy.typing import NDArray

from homeroom.errors import HomeroomError
from homeroom.records.publish.cells import Linked
from homeroom.records.publish.solver import new_solver


def bounds(
    system: Linked,
    hidden: NDArray[np.bool_],
    cells: Iterable[int],
    *,
    whole: bool = False,
) -> dict[int, tuple[float, float]]:
    """Return the least and the greatest value that each cell can have, by what is shown.

    Parameters
    ----------
    system
        All cells; the counts of hidden ones are not used.
    hidden
        For every cell whether it is hidden.
    cells
        Which are asked about.
    whole
        Search among tables of whole numbers, not of parts of students: slower, and never wider.

    Returns
    -------
    dict
        By number of the cell, in students; no greatest value is infinity.
    """
    unknown = np.flatnonzero(hidden)
    at = {int(cell): place for place, cell in enumerate(unknown)}
    solver = _program(system, at, whole=whole)
    found = {}
    for cell in cells:
        if cell in at:
            found[cell] = (_end(solver, at[cell], 1.0), _end(solver, at[cell], -1.0))
        else:
            found[cell] = (float(system.values[cell]),) * 2
    return found


def _program(system: Linked, at: dict[int, int], *, whole: bool) -> highspy.Highs:
    """Return the equations and facts with the shown counts put in."""
    rows: list[tuple[float, float, dict[int, float]]] = []
    for equation in system.equations:
        terms = [(equation.total, 1), *((part, -1) for part in equation.parts)]
        rows.append(_row(system, at, terms, 0, 0))
    for fact in system.facts:
        named = [(system.index[key], weight) for key, weight in fact.weights]
        rows.append(_row(system, at, named, fact.low, fact.high))
    solver = new_solver()
    for _ in at:
        solver.addVar(0.0, highspy.kHighsInf)
    for low, high, coefficients in rows:
        if coefficients:
            places = np.array(list(coefficients), dtype=np.int32)
            solver.addRow(low, high, len(places), places, np.array(list(coefficients.values())))
    if whole:
        for place in range(len(at)):
            solver.changeColIntegrality(place, highspy.HighsVarType.kInteger)
    return solver


def _row(
    system: Linked,
    at: dict[int, int],
    terms: list[tuple[int, int]],
    low: int | None,
    high: int | None,
) -> tuple[float, float, dict[int, float]]:
    shown = sum(weight * system.values[cell] for cell, weight in terms if cell not in at)
    return (
        -highspy.kHighsInf if low is None else float(low - shown),
        highspy.kHighsInf if high is None else float(high - shown),
        {at[cell]: float(weight) for cell, weight in terms if cell in at},
    )


def _end(solver: highspy.Highs, place: int, sign: float) -> float:
    solver.changeColCost(place, sign)
    solver.run()
    status = solver.getModelStatus()
    value = sign * solver.getInfo().objective_function_value
    solver.changeColCost(place, 0.0)
    if status == highspy.HighsModelStatus.kOptimal:
        return float(value)
    if status in {
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    }:
        return float("inf") if sign < 0 else 0.0
    raise HomeroomError(f"The attack ended without an answer ({status}).")
