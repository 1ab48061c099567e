"""Risk, rate, and the number of students among whom one event is expected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from homeroom.errors import BadInput
from homeroom.statistics import reasons
from homeroom.statistics.intervals import (
    CLOPPER_PEARSON,
    GARWOOD,
    WILSON,
    clopper_pearson,
    garwood,
    wilson,
)
from homeroom.statistics.reasons import RULES, Reason, Rules, first_of
from homeroom.statistics.statistic import (
    Bools,
    Bounds,
    Counts,
    Method,
    Statistic,
    assemble,
    bounds_where,
    counts,
    divide,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

INTERVALS: dict[str, tuple[Method, Callable[..., Bounds]]] = {
    "clopper_pearson": (CLOPPER_PEARSON, clopper_pearson),
    "wilson": (WILSON, wilson),
    "garwood": (GARWOOD, garwood),
}


def risk(
    x: ArrayLike,
    n: ArrayLike,
    *,
    per: float = 1,
    method: str = "clopper_pearson",
    level: float = 0.95,
    rules: Rules = RULES,
) -> Statistic:
    """Return students with the outcome per ``per`` students.

    Parameters
    ----------
    x, n
        Students counted and students enrolled, of any common shape.
    per
        10,000 gives the rates of OCR's tables.
    method
        ``clopper_pearson`` (covers at least ``level`` even where one event is expected),
        ``wilson`` (narrower, covers ``level`` on average) or ``garwood`` (see :func:`rate`).
    level
        The interval's nominal coverage.
    rules
        What counts as few.

    Returns
    -------
    Statistic
        From 0 to ``per``, except with ``garwood``, whose rates have no upper limit.

    Raises
    ------
    BadInput
        An unknown method, arrays of no common shape, counts that are not whole numbers, or a
        level that is not between 0 and 1.
    """
    if method not in INTERVALS:
        raise BadInput(f"method {method!r}: expected one of {', '.join(INTERVALS)}.")
    given = counts(x=x, n=n)
    codes = first_of(given.shape, *_tests(given, rules, capped=method != "garwood"))
    named, interval = INTERVALS[method]
    events, students = given.arrays
    low, high = bounds_where(
        reasons.HAS_VALUE[codes], partial(interval, level=level), events, students
    )
    value = divide(events, students)
    return assemble(value * per, (low * per, high * per), codes, named, level)


def rate(
    x: ArrayLike, n: ArrayLike, *, per: float = 10_000, level: float = 0.95, rules: Rules = RULES
) -> Statistic:
    """Return incidents per ``per`` students. A student may have several: ``x`` may exceed ``n``.

    Parameters
    ----------
    x, n
        Incidents counted and students enrolled, of any common shape.
    per
        10,000 gives the rates of OCR's tables.
    level
        The nominal coverage of the interval, which is Garwood's (1936, Biometrika 28:437-442).
    rules
        What counts as few.

    Raises
    ------
    BadInput
        Arrays of no common shape, counts that are not whole numbers, or a level that is not
        between 0 and 1.
    """
    return risk(x, n, per=per, method="garwood", level=level, rules=rules)


def number_to_one(
    x: ArrayLike,
    n: ArrayLike,
    *,
    method: str = "clopper_pearson",
    level: float = 0.95,
    rules: Rules = RULES,
) -> Statistic:
    """Return the number of students among whom one event is expected: "one in 500".

    The interval is the inverted interval of the risk. Where no event was counted only the low
    bound stands: at least so many students.

    Parameters
    ----------
    x, n
        Students counted and students enrolled, of any common shape.
    method, level, rules
        As in :func:`risk`.

    Returns
    -------
    Statistic
        In students, from 1 up.

    Raises
    ------
    BadInput
        As in :func:`risk`.
    """
    inner = risk(x, n, method=method, level=level, rules=rules)
    none = reasons.HAS_VALUE[inner.reason] & (inner.value == 0)
    codes = inner.reason.copy()
    codes[none] = reasons.NO_EVENTS.code
    low, high = (
        divide(np.ones_like(inner.high), inner.high),
        divide(np.ones_like(inner.low), inner.low),
    )
    value = divide(np.ones_like(inner.value), inner.value)
    return assemble(value, (low, high), codes, inner.method, level, reasons.NO_EVENTS)


def _tests(given: Counts, rules: Rules, *, capped: bool) -> list[tuple[Bools, Reason]]:
    x, n = given.arrays
    tests = [
        (given.missing, reasons.NOT_REPORTED),
        (n == 0, reasons.NO_STUDENTS_IN_GROUP),
        (n < rules.min_students, reasons.TOO_FEW_STUDENTS),
        (x < rules.few_events, reasons.FEW_EVENTS),
    ]
    if capped:
        tests.insert(1, (x > n, reasons.EXCEEDS_STUDENTS))
    return tests
