"""Which published cells a question's groups stand for, as weights that sums can be taken with.

A group is one or more categories joined by ``+``; a category is a race, a sex or a disability
part, or a crossing of them joined by ``/`` as in ``black/male``. The rule for totals is that of
:mod:`homeroom.figures.cube`: students under Section 504 only have no race in counts of events.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

import numpy as np

from homeroom.errors import BadInput
from homeroom.figures.question import OTHERS, Question
from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.cells import CELLS, CellColumn
from homeroom.vocabulary.groups import ALL, RACES, SEXES
from homeroom.vocabulary.measures import MEASURES, Measure

PARTS = ("wodis", "idea", "s504", "nonidea")
_AXES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("race", tuple(RACES)),
    ("sex", tuple(SEXES)),
    ("disability", PARTS),
)
STUDENT_CELLS: dict[int, int] = {
    cell.id: at for at, cell in enumerate(c for c in CELLS if c.element == "ENR")
}
"""Column of each cell of enrollment in an array of students."""
_MOST = 16_384
"""Groups kept as cells: visitors may name any, and memory is bounded."""
_STUDENTS = [cell for cell in CELLS if cell.element == "ENR"]


@dataclass(frozen=True, slots=True)
class Token:
    """One category: a race, a sex and a disability part, each perhaps ``all``."""

    race: str = ALL
    sex: str = ALL
    disability: str = ALL

    def overlaps(self, other: Token) -> bool:
        """Return whether a student can be in both."""
        pairs = ((getattr(self, axis), getattr(other, axis)) for axis, _ in _AXES)
        return all(a == b or ALL in (a, b) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Sides:
    """The tokens of a question's group and of whom it is compared with (empty for a rate)."""

    group: tuple[Token, ...]
    versus: tuple[Token, ...]

    overlap: bool = False
    """Whether the two sides share students, so that no interval of two groups fits."""


def sides_of(question: Question) -> Sides:
    """Read the groups of a question.

    Raises
    ------
    BadInput
        A category that does not exist, one that contradicts the question's sex or disability, or
        categories that overlap.
    """
    q = question
    return _sides(
        q.measure, q.group, q.versus, q.comparator, q.sex, q.disability, q.section504
    )  # fmt: skip


@lru_cache(maxsize=_MOST)
def _sides(
    measure: str, group: str, versus: str, comparator: str, sex: str, disability: str, rule: str
) -> Sides:
    known = MEASURES.get(measure)
    if known is None:
        raise BadInput(f"measure {measure!r}: expected one of {', '.join(MEASURES)}.")
    mine = _tokens(group, sex, disability)
    if comparator == "same_group":
        return Sides(mine, mine)
    if not versus:
        return Sides(mine, ())
    if versus == OTHERS:
        return Sides(mine, _others(mine, Token(sex=sex, disability=disability), known, rule))
    other = _tokens(versus, sex, disability)
    return Sides(mine, other, any(a.overlaps(b) for a in mine for b in other))


def _tokens(group: str, sex: str, disability: str) -> tuple[Token, ...]:
    found = tuple(_token(text.strip(), sex, disability) for text in group.split("+"))
    for at, token in enumerate(found):
        if any(token.overlaps(other) for other in found[:at]):
            raise BadInput(f"group {group!r}: expected categories that do not overlap.")
    return found


def _token(text: str, sex: str, disability: str) -> Token:
    chosen = {"sex": sex, "disability": disability}
    for part in text.split("/") if text != ALL else ():
        axis = next((name for name, values in _AXES if part in values), None)
        if axis is None:
            known = ", ".join(value for _, values in _AXES for value in values)
            raise BadInput(
                f"group {text!r}: expected all, or one of {known}; pool with + (black+hispanic) "
                "and cross with / (black/male)."
            )
        if chosen.get(axis, ALL) not in (ALL, part):
            raise BadInput(f"group {text!r}: contradicts {axis} {chosen[axis]!r} of the question.")
        chosen[axis] = part
    for axis, values in _AXES:
        if chosen.get(axis, ALL) not in (ALL, *values):
            raise BadInput(f"{axis} {chosen[axis]!r}: expected all or one of {', '.join(values)}.")
    return Token(**chosen)


def _others(mine: tuple[Token, ...], base: Token, measure: Measure, rule: str) -> tuple[Token, ...]:
    """Return every category, on the axes that the group names, that is not in the group."""
    named = [
        axis
        for axis, _ in _AXES
        if any(getattr(token, axis) != getattr(base, axis) for token in mine)
    ]
    parts = [
        part for part in measure.parts if part != "s504" or (rule == "with" and "race" not in named)
    ]
    values = {"race": list(RACES), "sex": list(SEXES), "disability": parts}
    combos = product(*([(axis, value) for value in values[axis]] for axis in named))
    every = [
        Token(**{"sex": base.sex, "disability": base.disability} | dict(combo)) for combo in combos
    ]
    return tuple(token for token in every if not any(token.overlaps(one) for one in mine))


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of event cells and of student cells that give a side's count and its students."""

    events: Floats
    students: Floats


@cache
def event_cells(measure: str) -> dict[int, int]:
    """Return the column of each cell of a measure's elements in an array of events."""
    if measure == "enrollment":
        return {}
    chosen = [cell for cell in CELLS if cell.element in MEASURES[measure].elements]
    keys = {key: at for at, key in enumerate(dict.fromkeys(_key(cell) for cell in chosen))}
    return {cell.id: keys[_key(cell)] for cell in chosen}


def _key(cell: CellColumn) -> tuple[str, str, str]:
    return (cell.disability, cell.race, cell.sex)


@lru_cache(maxsize=_MOST)
def weights(measure: str, tokens: tuple[Token, ...], section504: str) -> Weights | None:
    """Return the weights of a side; None where the CRDC does not publish the crossing."""
    of = MEASURES[measure]
    students = sum(
        (_student_weights(of, token, section504) for token in tokens), np.zeros(len(_STUDENTS))
    )
    if measure == "enrollment":
        return Weights(students, _student_weights(of, Token(), section504))
    columns = event_cells(measure)
    events = np.zeros(max(columns.values()) + 1)
    for token in tokens:
        chosen = [
            columns[cell.id]
            for cell in CELLS
            if cell.id in columns
            and _counts(cell.disability, cell.race, cell.sex, token, section504)
        ]
        if not chosen:
            return None
        events[chosen] = 1
    return Weights(events, students)


def _counts(part: str, race: str, sex: str, token: Token, section504: str) -> bool:
    if token.disability == ALL:
        right_part = part != "s504" or section504 == "with"
    else:
        right_part = part == token.disability
    return right_part and token.race in (ALL, race) and token.sex in (ALL, sex)


def _student_weights(measure: Measure, token: Token, section504: str) -> Floats:
    signs = {
        ALL: {"any": 1, "s504": -1 if section504 == "without" else 0},
        "wodis": {"any": 1, "idea": -1, "s504": -1},
        "idea": {"idea": 1},
        "s504": {"s504": 1},
        "nonidea": {"any": 1, "idea": -1},
    }[token.disability]
    if measure.id == "enrollment" and token.disability == ALL:
        signs = {"any": 1}
    return np.array(
        [
            float(signs.get(cell.disability, 0))
            if token.race in (ALL, cell.race) and token.sex in (ALL, cell.sex)
            else 0.0
            for cell in _STUDENTS
        ]
    )
