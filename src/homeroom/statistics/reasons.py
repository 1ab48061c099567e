"""Why a figure is missing or weak: a closed vocabulary of small integer codes.

Codes are stored in ``uint8`` arrays beside the figures, so a million places carry a million
reasons at the cost of a megabyte. Every function that can fail to give a number gives one of
these instead: never an infinity, and never a zero that nobody counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason.

    Attributes
    ----------
    code
        Its number in arrays of codes, and its index in :data:`REASONS`.
    id
        Its name in data.
    sentence
        What it means, in plain words.
    has_value
        Whether a number stands beside it.
    """

    code: int
    id: str
    sentence: str
    has_value: bool = False


OK = Reason(0, "ok", "The figure rests on enough events and students.", has_value=True)
FEW_EVENTS = Reason(
    1,
    "few_events",
    "The figure rests on so few events that one more or one fewer would change it much: read the "
    "interval, not the figure.",
    has_value=True,
)
NOT_REPORTED = Reason(
    2, "not_reported", "A count that the figure needs was not reported; that is not a zero."
)
EXCEEDS_STUDENTS = Reason(
    3, "exceeds_students", "More students are counted with the outcome than are enrolled."
)
NO_STUDENTS_IN_GROUP = Reason(4, "no_students_in_group", "No student of the group is enrolled.")
NO_STUDENTS_IN_COMPARISON = Reason(
    5, "no_students_in_comparison", "No student of the comparison group is enrolled."
)
TOO_FEW_STUDENTS = Reason(
    6, "too_few_students", "A group has too few students for a figure about it."
)
NO_EVENTS = Reason(7, "no_events", "No student was counted with the outcome.")
NO_EVENTS_IN_COMPARISON = Reason(
    8,
    "no_events_in_comparison",
    "No student of the comparison group was counted with the outcome, so that no ratio to it "
    "exists; the interval's lower bound still does.",
)
ALL_IN_GROUP = Reason(
    9, "all_in_group", "Every student of the group was counted with the outcome: no odds exist."
)
ALL_IN_COMPARISON = Reason(
    10,
    "all_in_comparison",
    "Every student of the comparison group was counted with the outcome: no odds exist.",
)
TOO_FEW_UNITS = Reason(
    11, "too_few_units", "Fewer than two places reported: there is no difference to measure."
)
BEYOND_NOISE = Reason(
    12, "beyond_noise", "Within the noise of the publication the comparison count may be zero."
)
NO_EXCESS = Reason(
    13,
    "no_excess",
    "The places differ no more than chance alone would make them differ: the estimate of what "
    "lies beyond chance is zero.",
    has_value=True,
)

REFERENCE = Reason(14, "reference", "The group is the one that the others are held against.")

REASONS: tuple[Reason, ...] = (
    OK, FEW_EVENTS, NOT_REPORTED, EXCEEDS_STUDENTS, NO_STUDENTS_IN_GROUP,
    NO_STUDENTS_IN_COMPARISON, TOO_FEW_STUDENTS, NO_EVENTS, NO_EVENTS_IN_COMPARISON, ALL_IN_GROUP,
    ALL_IN_COMPARISON, TOO_FEW_UNITS, BEYOND_NOISE, NO_EXCESS, REFERENCE,
)  # fmt: skip
"""Every reason, at the index of its code."""

HAS_VALUE = np.array([reason.has_value for reason in REASONS])
IDS = np.array([reason.id for reason in REASONS], dtype=object)


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as few. Both are choices, shown with every answer and open to the user.

    Attributes
    ----------
    few_events
        Below this many events in all, the figure is given and marked ``few_events``. The default
        of 5 is the least at which the largest single-event change stays near a fifth.
    min_students
        Below this many students in any group no figure is given. The default of 10 is the
        commonest minimum among the states (NCES 2011-603, SLDS Technical Brief 3).
    """

    few_events: int = 5
    min_students: int = 10


RULES = Rules()


def first_of(shape: tuple[int, ...], *tests: tuple[NDArray[np.bool_], Reason]) -> Codes:
    """Return for each element the code of the first reason whose test holds, or of ``ok``.

    Parameters
    ----------
    shape
        The shape of the answer.
    *tests
        Pairs of an array that broadcasts to ``shape`` and a reason, the gravest first.
    """
    codes = np.zeros(shape, dtype=np.uint8)
    for holds, reason in reversed(tests):
        codes[np.broadcast_to(holds, shape)] = reason.code
    return codes
