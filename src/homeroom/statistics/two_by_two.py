"""Two-by-two tables, a table an element: which of them allow a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeroom.statistics import reasons
from homeroom.statistics.reasons import Reason, Rules
from homeroom.statistics.statistic import Bools, Counts, counts

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Tests = list[tuple[Bools, Reason]]


def two_by_two(x1: ArrayLike, n1: ArrayLike, x2: ArrayLike, n2: ArrayLike) -> Counts:
    """Bring a group's and a comparison group's events and students to one shape.

    Parameters
    ----------
    x1, n1, x2, n2
        Students counted and enrolled, in the group and in the comparison group.

    Raises
    ------
    BadInput
        Arrays of no common shape, or counts that are not whole numbers.
    """
    return counts(x1=x1, n1=n1, x2=x2, n2=n2)


def base_tests(given: Counts, rules: Rules) -> Tests:
    """Return the tests that every comparison shares, the gravest first."""
    x1, n1, x2, n2 = given.arrays
    return [
        (given.missing, reasons.NOT_REPORTED),
        ((x1 > n1) | (x2 > n2), reasons.EXCEEDS_STUDENTS),
        (n1 == 0, reasons.NO_STUDENTS_IN_GROUP),
        (n2 == 0, reasons.NO_STUDENTS_IN_COMPARISON),
        ((n1 < rules.min_students) | (n2 < rules.min_students), reasons.TOO_FEW_STUDENTS),
    ]


def few(given: Counts, rules: Rules) -> tuple[Bools, Reason]:
    """Return the last test: too few events in all."""
    x1, _, x2, _ = given.arrays
    return (x1 + x2 < rules.few_events, reasons.FEW_EVENTS)
