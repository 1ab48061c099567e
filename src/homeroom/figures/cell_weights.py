"""Which published cells a group stands for, as weights that sums can be taken with.

Totals follow one rule. The CRDC publishes students without disabilities and students served under
IDEA by race and sex, and students served under Section 504 only by sex alone. So the total is the
sum of the three parts; a race has the first two. Denominators are the students enrolled in the
schools that reported, by race, as in OCR's state tables (``section504="with"``); or those students
less the ones under Section 504 only, with the total of the first two parts
(``section504="without"``). Of enrollment, every group is a share of all students.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache

import numpy as np

from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.cells import CELLS, CellColumn
from homeroom.vocabulary.groups import ALL, Crossing
from homeroom.vocabulary.measures import MEASURES, Measure

ENROLLMENT = "enrollment"
_STUDENTS = [cell for cell in CELLS if cell.element == "ENR"]
STUDENT_CELLS: dict[int, int] = {cell.id: at for at, cell in enumerate(_STUDENTS)}
"""Row of each cell of enrollment in an array of students."""
_MOST = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """Weights that give one crossing's events and students.

    Attributes
    ----------
    events
        Weight of each event cell.
    students
        Weight of each student cell.
    part
        The disability part whose reporting schools are the base, or ``all``: schools that
        reported any part.
    parts
        Of a total, the parts it adds up with the weights of their students, where the CRDC
        publishes those by the crossing's race.
    """

    events: Floats
    students: Floats
    part: str
    parts: tuple[tuple[str, Floats], ...] = ()


@cache
def event_cells(measure: str) -> dict[int, int]:
    """Return the row of each cell of a measure's elements in an array of events."""
    if measure == ENROLLMENT:
        return {}
    chosen = [cell for cell in CELLS if cell.element in MEASURES[measure].elements]
    keys = {key: at for at, key in enumerate(dict.fromkeys(_key(cell) for cell in chosen))}
    return {cell.id: keys[_key(cell)] for cell in chosen}


def rows_of(measure: str) -> dict[int, int]:
    """Return the row of each cell that an array of the measure holds."""
    return event_cells(measure) or STUDENT_CELLS


def _key(cell: CellColumn) -> tuple[str, str, str]:
    return (cell.disability, cell.race, cell.sex)


@lru_cache(maxsize=_MOST)
def weights(measure: str, crossing: Crossing, section504: str) -> Weights | None:
    """Return the weights of a crossing; None where the CRDC does not publish it."""
    of = MEASURES[measure]
    if measure == ENROLLMENT:
        base = _student_weights(of, Crossing(), section504)
        return Weights(_student_weights(of, crossing, section504), base, ALL)
    columns = event_cells(measure)
    chosen = [
        columns[cell.id]
        for cell in CELLS
        if cell.id in columns and _counts(cell, crossing, section504)
    ]
    if not chosen:
        return None
    events = np.zeros(max(columns.values()) + 1)
    events[chosen] = 1
    base = _student_weights(of, crossing, section504)
    return Weights(events, base, crossing.disability, _parts(of, crossing, section504))


def _parts(of: Measure, crossing: Crossing, section504: str) -> tuple[tuple[str, Floats], ...]:
    if crossing.disability != ALL or of.parts == ("any",):
        return ()
    return tuple(
        (part, _student_weights(of, replace(crossing, disability=part), "with"))
        for part in parts_of(of.id, (crossing,), section504)
    )


@lru_cache(maxsize=_MOST)
def parts_of(measure: str, crossings: tuple[Crossing, ...], section504: str) -> tuple[str, ...]:
    """Return the disability parts that a side's count is made of."""
    found: dict[str, None] = {}
    for crossing in crossings:
        if crossing.disability != ALL:
            found[crossing.disability] = None
            continue
        for part in MEASURES[measure].parts:
            if part != "s504" or (crossing.race == ALL and section504 == "with"):
                found[part] = None
    return tuple(found)


@cache
def part_weights(part: str) -> Floats:
    """Return the weights of all students of a disability part."""
    everyone = Crossing(disability=ALL if part == "any" else part)
    return _student_weights(MEASURES[ENROLLMENT], everyone, "with")


def _counts(cell: CellColumn, crossing: Crossing, section504: str) -> bool:
    if crossing.disability == ALL:
        right_part = cell.disability != "s504" or section504 == "with"
    else:
        right_part = cell.disability == crossing.disability
    return right_part and crossing.race in (ALL, cell.race) and crossing.sex in (ALL, cell.sex)


def _student_weights(measure: Measure, crossing: Crossing, section504: str) -> Floats:
    signs = {
        ALL: {"any": 1, "s504": -1 if section504 == "without" else 0},
        "wodis": {"any": 1, "idea": -1, "s504": -1},
        "idea": {"idea": 1},
        "s504": {"s504": 1},
        "nonidea": {"any": 1, "idea": -1},
    }[crossing.disability]
    if measure.id == ENROLLMENT and crossing.disability == ALL:
        signs = {"any": 1}
    return np.array(
        [
            float(signs.get(cell.disability, 0))
            if crossing.race in (ALL, cell.race) and crossing.sex in (ALL, cell.sex)
            else 0.0
            for cell in _STUDENTS
        ]
    )
