"""Composition: a group's share of events against its share of students."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from homeroom.statistics import ratio, reasons
from homeroom.statistics.reasons import RULES, Rules, first_of
from homeroom.statistics.statistic import (
    Floats,
    Method,
    Statistic,
    assemble,
    bounds_where,
    counts,
    divide,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

METHOD = Method(
    "score_of_ratio_to_others",
    "score interval of the risk ratio against everyone else, carried to the shares",
    ratio.SCORE.source,
)


@dataclass(frozen=True, slots=True)
class Composition:
    """A group's shares, and how they compare.

    Attributes
    ----------
    event_share, student_share
        "31 percent of arrests but 16 percent of students". The second is a fact of enrollment.
    ratio
        The first divided by the second: the group's risk divided by that of all students, the
        group among them (the proportionality index).
    difference
        The first less the second.
    """

    event_share: Statistic
    student_share: Floats
    ratio: Statistic
    difference: Statistic


def composition(
    x: ArrayLike,
    n: ArrayLike,
    x_all: ArrayLike,
    n_all: ArrayLike,
    *,
    level: float = 0.95,
    rules: Rules = RULES,
) -> Composition:
    """Compare a group's share of events with its share of students.

    Parameters
    ----------
    x, n
        The group's students counted and enrolled.
    x_all, n_all
        All students counted and enrolled, the group among them. All four have a common shape.
    level
        The intervals' nominal coverage.
    rules
        What counts as few.

    Returns
    -------
    Composition
        Shares from 0 to 1, their ratio, and their difference in shares.

    Raises
    ------
    BadInput
        Arrays of no common shape, counts that are not whole numbers, or a level that is not
        between 0 and 1.

    Notes
    -----
    With enrollment taken as given, each of the three figures rises with the risk ratio of the
    group to everyone else and with nothing else, so that the ratio's score interval carries over
    exactly. An event share of 1 has a low bound below 1.
    """
    given = counts(x=x, n=n, x_all=x_all, n_all=n_all)
    a, n1, all_events, students = given.arrays
    rest_events, rest = all_events - a, students - n1
    codes = first_of(
        given.shape,
        (given.missing, reasons.NOT_REPORTED),
        ((a > n1) | (rest_events > rest) | (rest_events < 0), reasons.EXCEEDS_STUDENTS),
        (n1 == 0, reasons.NO_STUDENTS_IN_GROUP),
        (rest == 0, reasons.NO_STUDENTS_IN_COMPARISON),
        (np.minimum(n1, rest) < rules.min_students, reasons.TOO_FEW_STUDENTS),
        (all_events == 0, reasons.NO_EVENTS),
        (all_events < rules.few_events, reasons.FEW_EVENTS),
    )
    low, high = bounds_where(
        reasons.HAS_VALUE[codes],
        partial(ratio.score, level=level),
        a, n1, rest_events, rest,
    )  # fmt: skip
    unbounded = reasons.HAS_VALUE[codes] & np.isnan(high)  # no event outside the group
    low, high = _share(low, n1, rest), np.where(unbounded, 1.0, _share(high, n1, rest))
    share, base = divide(a, all_events), divide(n1, students)

    def made(value: Floats, low: Floats, high: Floats) -> Statistic:
        return assemble(value, (low, high), codes, METHOD, level)

    return Composition(
        event_share=made(share, low, high),
        student_share=np.where(given.missing, np.nan, base),
        ratio=made(divide(share, base), divide(low, base), divide(high, base)),
        difference=made(share - base, low - base, high - base),
    )


def _share(ratio_to_others: Floats, n: Floats, rest: Floats) -> Floats:
    weight = ratio_to_others * n
    return divide(weight, weight + rest)
