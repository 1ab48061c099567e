"""From counts of two groups to the number that a claim states."""

from __future__ import annotations

from typing import Any

import numpy as np

from homeroom.claims.model import Reading, Relation, Statistic
from homeroom.figures.engine import Evaluated
from homeroom.statistics.statistic import Floats, divide

_NEEDS_OTHERS = (Statistic.SHARE, Statistic.SHARE_OF_STUDENTS)
CHANGES = (Statistic.CHANGE_COUNT, Statistic.CHANGE_RATE)


def question_of(reading: Reading) -> Reading:
    """Return the reading with the comparison that its statistic is computed from."""
    if reading.statistic in _NEEDS_OTHERS:
        return reading.with_question(versus="others", comparator="group")
    if reading.statistic not in (Statistic.RATIO, Statistic.POINTS):
        return reading.with_question(versus="", comparator="group")
    return reading


def values(
    statistic: Statistic, found: Evaluated, earlier: Evaluated | None = None
) -> tuple[Floats, Floats, Floats]:
    """Return value, low and high bound for each question; NaN where undefined."""
    counts = found.counts
    x1, n1, x2, n2 = counts.x1, counts.n1, counts.x2, counts.n2
    nothing = np.full(len(x1), np.nan)
    known = ~np.isnan(found.value)
    if statistic in (Statistic.RATIO, Statistic.RATE):
        return found.value, found.low, found.high
    if statistic is Statistic.PERCENT:
        return found.value / 100, found.low / 100, found.high / 100
    if statistic is Statistic.ONE_IN:
        return tuple(  # type: ignore[return-value]
            divide(np.full(len(x1), 10_000.0), part)
            for part in (found.value, found.high, found.low)
        )
    counted = ~np.array([reason is not None for reason in counts.why], dtype=bool)
    if statistic is Statistic.COUNT:
        return np.where(counted, _events(found), np.nan), nothing, nothing
    if statistic in _NEEDS_OTHERS:  # of enrollment, the students are what is counted
        return np.where(counted, divide(x1, x1 + x2) * 100, np.nan), nothing, nothing
    if statistic is Statistic.POINTS:
        return np.where(known, (divide(x1, n1) - divide(x2, n2)) * 100, np.nan), nothing, nothing
    return np.where(counted, _change(statistic, found, earlier), np.nan), nothing, nothing


def _change(statistic: Statistic, found: Evaluated, earlier: Evaluated | None) -> Floats:
    if earlier is None:
        return np.full(len(found.value), np.nan)
    if statistic is Statistic.CHANGE_COUNT:
        now, before = _events(found), _events(earlier)
    else:
        now, before = found.value, earlier.value
    return (divide(now, before) - 1) * 100


def _events(found: Evaluated) -> Floats:
    """Return a group's events in every school: a count needs no enrollment to divide by."""
    return np.asarray(found.counts.x1 + np.nan_to_num(found.counts.apart), dtype=np.float64)


def reaches(reading: Reading, value: Any, *, rounded: bool = False) -> Any:
    """Tell, an element each, whether a figure reaches the stated value.

    A ratio stated plainly is a claim of at least so much (below one: at most); every other value
    must be met on both sides, to its own rounding. ``rounded`` also lets a ratio stand for what
    rounds to it, up to a twentieth: 2.88 for "three times", but not 2.5.
    """
    number = np.asarray(value, dtype=np.float64)
    half = slack(reading) if rounded or not one_sided(reading) else 0.0
    with np.errstate(invalid="ignore"):
        if reading.relation is Relation.MORE_THAN:
            out = number > reading.stated
        elif reading.relation is Relation.LESS_THAN:
            out = number < reading.stated
        elif reading.relation is Relation.AT_MOST:
            out = number <= reading.stated + half
        elif reading.relation is Relation.AT_LEAST or one_sided(reading):
            out = number >= reading.stated - half
            if reading.statistic is Statistic.RATIO and reading.stated < 1:
                out = number <= reading.stated + half
        else:
            out = (number >= reading.stated - half) & (number <= reading.stated + half)
    return out


def slack(reading: Reading) -> float:
    """Return how far a figure may fall short of the stated value and still round to it."""
    return min(reading.step / 2, abs(reading.stated) / 20)


def one_sided(reading: Reading) -> bool:
    """Return whether more than the stated value also meets the claim."""
    return reading.statistic is Statistic.RATIO and reading.relation is Relation.ABOUT
