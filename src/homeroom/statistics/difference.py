"""Risk difference: how many more students of a group, of every so many, have the outcome."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from homeroom.statistics import reasons
from homeroom.statistics.reasons import RULES, Rules, first_of
from homeroom.statistics.roots import newton_in_bracket
from homeroom.statistics.statistic import (
    Bounds,
    Floats,
    Method,
    Statistic,
    assemble,
    bounds_where,
    divide,
    z_squared,
)
from homeroom.statistics.two_by_two import base_tests, few, two_by_two

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

SCORE = Method(
    "score",
    "score interval of the difference",
    "Miettinen and Nurminen 1985, Statistics in Medicine 4:213-226",
)


def risk_difference(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    per: float = 1,
    level: float = 0.95,
    rules: Rules = RULES,
) -> Statistic:
    """Subtract a comparison group's risk from a group's, per ``per`` students.

    Defined, with an interval, even where neither group has an event.

    Parameters
    ----------
    x1, n1, x2, n2
        Students counted and enrolled, in the group and in the comparison group, of any common
        shape.
    per
        10,000 gives the difference of two rates of OCR's tables; 100 gives percentage points.
    level
        The interval's nominal coverage.
    rules
        What counts as few.

    Returns
    -------
    Statistic
        From ``-per`` to ``per``.

    Raises
    ------
    BadInput
        Arrays of no common shape, counts that are not whole numbers, or a level that is not
        between 0 and 1.
    """
    given = two_by_two(x1, n1, x2, n2)
    a, n, b, m = given.arrays
    codes = first_of(given.shape, *base_tests(given, rules), few(given, rules))
    low, high = bounds_where(reasons.HAS_VALUE[codes], partial(score, level=level), a, n, b, m)
    value = divide(a, n) - divide(b, m)
    return assemble(value * per, (low * per, high * per), codes, SCORE, level)


def score(x1: Floats, n1: Floats, x2: Floats, n2: Floats, level: float = 0.95) -> Bounds:
    """Bound the difference of two risks by the score test.

    Source: Miettinen and Nurminen 1985, Statistics in Medicine 4:213-226.

    Parameters
    ----------
    x1, n1, x2, n2
        Flat arrays of events and of students; every group has at least one student.
    level
        The interval's nominal coverage.

    Returns
    -------
    tuple of numpy.ndarray
        The low and the high bound, per student, from -1 to 1.
    """
    total = n1 + n2
    k = z_squared(level) * total / (total - 1)
    return _low(x1, n1, x2, n2, k), -_low(x2, n2, x1, n1, k)


def _low(x1: Floats, n1: Floats, x2: Floats, n2: Floats, k: Floats) -> Floats:
    """Find the difference below the observed one at which the score statistic equals ``k``.

    Under a difference delta the most likely risks q solve ``x1 - n1 q1 = t q1 (1 - q1)`` and
    ``x2 - n2 q2 = -t q2 (1 - q2)`` for one multiplier t >= 0, and the statistic is
    ``t (observed difference - delta)``. Either group alone gives a bracket in closed form: its
    own score interval.
    """
    rest2 = n2 - x2  # the comparison group's risk rises: count it from the other end
    high = np.fmin(_alone(x1, n1, k), _alone(rest2, n2, k))
    low = np.fmin(_alone(x1, n1, k / 2), _alone(rest2, n2, k / 2))

    def statistic(t: Floats) -> tuple[Floats, Floats]:
        fall1, slope1 = _fall(x1, n1, t)
        fall2, slope2 = _fall(rest2, n2, t)
        return t * (fall1 + fall2) - k, fall1 + fall2 + t * (slope1 + slope2)

    # Neither group can fall: the difference is -1 already.
    t = newton_in_bracket(statistic, np.nan_to_num(low), np.nan_to_num(high))
    return x1 / n1 - x2 / n2 - _fall(x1, n1, t)[0] - _fall(rest2, n2, t)[0]


def _fall(x: Floats, n: Floats, t: Floats) -> tuple[Floats, Floats]:
    """Return how far the fitted risk lies below ``x / n`` at multiplier ``t``, and its slope."""
    other = n - x
    root = np.sqrt((n - t) ** 2 + 4 * t * other)
    # q solves t q^2 - (n + t) q + x = 0; its complement solves t c^2 + (n - t) c - other = 0.
    risk = 2 * x / (n + t + root)
    rising = t > n
    complement = np.where(
        rising,
        (t - n + root) / np.where(rising, 2 * t, 1.0),
        2 * other / np.where(rising, 1.0, n - t + root),
    )
    spread = risk * complement
    return t * spread / n, divide(spread, root)


def _alone(x: Floats, n: Floats, k: Floats) -> Floats:
    """Find the multiplier at which one group alone reaches the statistic ``k``; NaN if none."""
    fitted = x * x / (n * (x + k / 2 + np.sqrt(k * (x * (n - x) / n + k / 4))))
    return divide(k, x / n - fitted)
