"""Risk ratio: how many times as likely the outcome is for one group as for another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from homeroom.errors import BadInput
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
    from collections.abc import Callable

    from numpy.typing import ArrayLike

SCORE = Method(
    "score",
    "score interval of the ratio",
    "Koopman 1984, Biometrics 40:513-517, with the variance of Miettinen and Nurminen 1985, "
    "Statistics in Medicine 4:213-226",
)
KATZ = Method(
    "katz", "log interval of the ratio", "Katz, Baptista, Azen and Pike 1978, Biometrics 34:469-474"
)


def risk_ratio(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    method: str = "score",
    level: float = 0.95,
    rules: Rules = RULES,
) -> Statistic:
    """Divide a group's risk by a comparison group's.

    Parameters
    ----------
    x1, n1, x2, n2
        Students counted and enrolled, in the group and in the comparison group, of any common
        shape.
    method
        ``score``, or ``katz`` to compare with reports that use it: no interval at zero cells, and
        poor coverage near them.
    level
        The interval's nominal coverage.
    rules
        What counts as few.

    Returns
    -------
    Statistic
        With no event in the group alone the ratio is 0 and the high bound finite. With none in
        the comparison group alone there is no ratio, but the low bound stands.

    Raises
    ------
    BadInput
        An unknown method, arrays of no common shape, counts that are not whole numbers, or a
        level that is not between 0 and 1.
    """
    if method not in METHODS:
        raise BadInput(f"method {method!r}: expected one of {', '.join(METHODS)}.")
    named, interval = METHODS[method]
    given = two_by_two(x1, n1, x2, n2)
    a, n, b, m = given.arrays
    codes = first_of(
        given.shape,
        *base_tests(given, rules),
        ((a == 0) & (b == 0), reasons.NO_EVENTS),
        (b == 0, reasons.NO_EVENTS_IN_COMPARISON),
        few(given, rules),
    )
    solvable = reasons.HAS_VALUE[codes] | (codes == reasons.NO_EVENTS_IN_COMPARISON.code)
    bounds = bounds_where(solvable, partial(interval, level=level), a, n, b, m)
    value = divide(a * m, b * n)
    return assemble(value, bounds, codes, named, level, reasons.NO_EVENTS_IN_COMPARISON)


def score(x1: Floats, n1: Floats, x2: Floats, n2: Floats, level: float = 0.95) -> Bounds:
    """Bound the ratio of two risks by the score test.

    Source: Koopman 1984, Biometrics 40:513-517, with the variance of Miettinen and Nurminen 1985,
    Statistics in Medicine 4:213-226.

    Parameters
    ----------
    x1, n1, x2, n2
        Flat arrays of events and of students; every group has at least one student.
    level
        The interval's nominal coverage.

    Returns
    -------
    tuple of numpy.ndarray
        The low and the high bound; the high one is NaN where ``x2`` is 0.
    """
    total = n1 + n2
    k = z_squared(level) * total / (total - 1)
    low = _low(x1, n1, x2, n2, k)
    turned = _low(x2, n2, x1, n1, k)
    return low, divide(np.ones_like(turned), turned)


def _low(x1: Floats, n1: Floats, x2: Floats, n2: Floats, k: Floats) -> Floats:
    """Find the ratio below the observed one at which the score statistic equals ``k``.

    Under a ratio phi the most likely risks are ``(x1 - d) / (n1 - d)`` and
    ``(x2 + d) / (n2 + d)`` for one number d, and the statistic is
    ``d^2 ((1 - x1/n1) / (x1 - d) + (1 - x2/n2) / (x2 + d))``: convex and increasing in d. Solving
    for d instead of phi loses no digits at risks of one in a million.
    """
    out = np.zeros_like(x1)
    full, some = (x1 == n1) & (x1 > 0), (x1 > 0) & (x1 < n1)
    out[some] = _low_interior(*(array[some] for array in (x1, n1, x2, n2, k)))
    out[full] = _low_full(*(array[full] for array in (n1, x2, n2, k)))
    return out


def _low_interior(x1: Floats, n1: Floats, x2: Floats, n2: Floats, k: Floats) -> Floats:
    a, b = 1 - x1 / n1, 1 - x2 / n2
    # Each term alone is at most k at the root, and one of them is at least k/2.
    by_group = 2 * k * x1 / (k + np.sqrt(k * (k + 4 * a * x1)))
    by_comparison = divide(k + np.sqrt(k * (k + 4 * b * x2)), 2 * b)
    high = np.fmin(by_group, by_comparison)

    def statistic(d: Floats) -> tuple[Floats, Floats]:
        r, s = d / (x1 - d), d / (x2 + d)
        return d * (a * r + b * s) - k, a * r * (2 + r) + b * s * (2 - s)

    d = newton_in_bracket(statistic, high / 4, high)
    return (x1 - d) * (n2 + d) / ((n1 - d) * (x2 + d))


def _low_full(n1: Floats, x2: Floats, n2: Floats, k: Floats) -> Floats:
    """Solve where every student of the group has the outcome: first its risk stays at one."""
    b = 1 - x2 / n2
    most = n1 * n1 * b / (x2 + n1)
    d = np.fmin(divide(k + np.sqrt(k * (k + 4 * b * x2)), 2 * b), n1)
    risk = n1 / (n1 + np.maximum(k - most, 0))
    return risk * (n2 + d) / (x2 + d)


def katz(x1: Floats, n1: Floats, x2: Floats, n2: Floats, level: float = 0.95) -> Bounds:
    """Bound the ratio of two risks by a normal approximation of its logarithm.

    Source: Katz, Baptista, Azen and Pike 1978, Biometrics 34:469-474.

    Parameters
    ----------
    x1, n1, x2, n2
        Flat arrays of events and of students; every group has at least one student.
    level
        The interval's nominal coverage.

    Returns
    -------
    tuple of numpy.ndarray
        The low and the high bound; NaN where either group has no event.
    """
    low, high = np.full(x1.shape, np.nan), np.full(x1.shape, np.nan)
    at = (x1 > 0) & (x2 > 0)
    a, n, b, m = x1[at], n1[at], x2[at], n2[at]
    spread = np.exp(np.sqrt(z_squared(level) * (1 / a - 1 / n + 1 / b - 1 / m)))
    ratio = a * m / (b * n)
    low[at], high[at] = ratio / spread, ratio * spread
    return low, high


METHODS: dict[str, tuple[Method, Callable[..., Bounds]]] = {
    "score": (SCORE, score),
    "katz": (KATZ, katz),
}
