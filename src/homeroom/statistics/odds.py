"""Odds ratio."""

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

CORNFIELD = Method(
    "score",
    "score interval of the odds ratio",
    "Cornfield 1956, Proceedings of the Third Berkeley Symposium 4:135-148, uncorrected, with the "
    "variance of Miettinen and Nurminen 1985, Statistics in Medicine 4:213-226",
)


def odds_ratio(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    level: float = 0.95,
    rules: Rules = RULES,
) -> Statistic:
    """Divide a group's odds of the outcome by a comparison group's.

    For rare outcomes it is close to the risk ratio; for common ones it is larger, and is not
    "times as likely".

    Parameters
    ----------
    x1, n1, x2, n2
        Students counted and enrolled, in the group and in the comparison group, of any common
        shape.
    level
        The interval's nominal coverage.
    rules
        What counts as few.

    Returns
    -------
    Statistic
        No unit. Where no odds exist in one group only, the low bound may still stand.

    Raises
    ------
    BadInput
        Arrays of no common shape, counts that are not whole numbers, or a level that is not
        between 0 and 1.
    """
    given = two_by_two(x1, n1, x2, n2)
    a, n, b, m = given.arrays
    codes = first_of(
        given.shape,
        *base_tests(given, rules),
        ((a == 0) & (b == 0), reasons.NO_EVENTS),
        (b == 0, reasons.NO_EVENTS_IN_COMPARISON),
        (b == m, reasons.ALL_IN_COMPARISON),
        (a == n, reasons.ALL_IN_GROUP),
        few(given, rules),
    )
    lows = (reasons.NO_EVENTS_IN_COMPARISON, reasons.ALL_IN_GROUP)
    solvable = reasons.HAS_VALUE[codes] | np.isin(codes, [reason.code for reason in lows])
    bounds = bounds_where(solvable, partial(score, level=level), a, n, b, m)
    value = divide(a * (m - b), b * (n - a))
    return assemble(value, bounds, codes, CORNFIELD, level, *lows)


def score(x1: Floats, n1: Floats, x2: Floats, n2: Floats, level: float = 0.95) -> Bounds:
    """Bound the odds ratio by the score test.

    Source: Cornfield 1956, Proceedings of the Third Berkeley Symposium 4:135-148, uncorrected,
    with the variance of Miettinen and Nurminen 1985, Statistics in Medicine 4:213-226.

    Parameters
    ----------
    x1, n1, x2, n2
        Flat arrays of events and of students; every group has at least one student.
    level
        The interval's nominal coverage.

    Returns
    -------
    tuple of numpy.ndarray
        The low and the high bound; the high one is NaN where it does not exist.
    """
    total = n1 + n2
    k = z_squared(level) * total / (total - 1)
    low = _low(x1, n1 - x1, x2, n2 - x2, k)
    turned = _low(x2, n2 - x2, x1, n1 - x1, k)
    return low, divide(np.ones_like(turned), turned)


def _low(a: Floats, b: Floats, c: Floats, d: Floats, k: Floats) -> Floats:
    """Find the odds ratio below ``a d / (b c)`` at which the score statistic equals ``k``.

    The fitted table moves every cell by one number t, and the statistic is t^2 times the sum of
    the fitted cells' reciprocals: convex and increasing in t.
    """
    out = np.zeros_like(a)
    some = (a > 0) & (d > 0)
    a, b, c, d, k = (array[some] for array in (a, b, c, d, k))
    high = np.minimum.reduce([_alone(a, k, -1), _alone(d, k, -1), _alone(b, k, 1), _alone(c, k, 1)])

    def statistic(t: Floats) -> tuple[Floats, Floats]:
        p, q, r, s = t / (a - t), t / (d - t), t / (b + t), t / (c + t)
        value = t * (p + q + r + s) - k
        return value, p * (2 + p) + q * (2 + q) + r * (2 - r) + s * (2 - s)

    t = newton_in_bracket(statistic, high / 8, high)
    out[some] = (a - t) * (d - t) / ((b + t) * (c + t))
    return out


def _alone(cell: Floats, k: Floats, sign: int) -> Floats:
    """Solve ``t^2 / (cell + sign t) = k``, without losing digits."""
    root = np.sqrt(k * (k + 4 * cell))
    return (k + root) / 2 if sign > 0 else 2 * k * cell / (k + root)
