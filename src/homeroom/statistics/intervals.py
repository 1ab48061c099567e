"""Intervals for one group: a share of students, and a rate of incidents.

Each function takes arrays of one shape and gives the low and the high bounds, per student. A level
that is not between 0 and 1 raises :class:`homeroom.errors.BadInput`.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from homeroom.statistics.statistic import Bounds, Floats, Method, checked_level, z_squared

CLOPPER_PEARSON = Method(
    "clopper_pearson",
    "exact binomial interval",
    "Clopper and Pearson 1934, Biometrika 26:404-413",
)
WILSON = Method(
    "wilson",
    "score interval",
    "Wilson 1927, Journal of the American Statistical Association 22:209-212",
)
GARWOOD = Method("garwood", "exact Poisson interval", "Garwood 1936, Biometrika 28:437-442")


def clopper_pearson(x: Floats, n: Floats, level: float = 0.95) -> Bounds:
    """Bound a share by the exact binomial test.

    It covers at least ``level`` whatever the share, which the score interval does not where one
    event or none is expected; arrests in a district are of that kind. Its price is width.

    Source: Clopper and Pearson 1934, Biometrika 26:404-413.

    Parameters
    ----------
    x, n
        Students counted, and students enrolled: at least 1, and at least ``x``.
    level
        The least coverage.
    """
    tail = (1 - checked_level(level)) / 2
    low = special.betaincinv(np.maximum(x, 1), n - x + 1, tail)
    high = special.betaincinv(x + 1, np.maximum(n - x, 1), 1 - tail)
    return np.where(x == 0, 0.0, low), np.where(x == n, 1.0, high)


def wilson(x: Floats, n: Floats, level: float = 0.95) -> Bounds:
    """Bound a share by the score test: narrower, and right on average over shares.

    The low root comes from the product of both roots, so that no digits are lost near zero.

    Source: Wilson 1927, Journal of the American Statistical Association 22:209-212.

    Parameters
    ----------
    x, n
        Students counted, and students enrolled: at least 1, and at least ``x``.
    level
        The nominal coverage.
    """
    k = z_squared(level)
    middle = x + k / 2
    half = np.sqrt(k * (x * (n - x) / n + k / 4))
    high = np.where(x == n, 1.0, (middle + half) / (n + k))
    return x * x / (n * (middle + half)), high


def garwood(x: Floats, exposure: Floats, level: float = 0.95) -> Bounds:
    """Bound a rate by the exact Poisson test.

    For incidents, of which a student may have several: no binomial bounds those.

    Source: Garwood 1936, Biometrika 28:437-442.

    Parameters
    ----------
    x, exposure
        Incidents counted, and students enrolled: above 0.
    level
        The least coverage.
    """
    tail = (1 - checked_level(level)) / 2
    low = special.gammaincinv(np.maximum(x, 1), tail)
    high = special.gammaincinv(x + 1, 1 - tail)
    return np.where(x == 0, 0.0, low) / exposure, high / exposure
