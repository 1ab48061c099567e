"""From counts of two groups to the number that a claim states."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from homeroom.claims.model import Hedge, Reading, Relation, Statistic
from homeroom.figures.engine import Evaluated
from homeroom.figures.question import OTHERS, Question
from homeroom.statistics.statistic import Floats, divide
from homeroom.vocabulary.groups import ALL, Group

SHARES = (Statistic.SHARE, Statistic.SHARE_OF_STUDENTS)
ROUNDING = 0.05
"""The most by which a number that is not hedged may be rounded, as a share of it."""
PERCENTAGES = (
    Statistic.PERCENT, Statistic.SHARE, Statistic.SHARE_OF_STUDENTS, Statistic.POINTS,
    Statistic.CHANGE_COUNT, Statistic.CHANGE_RATE,
)  # fmt: skip
HEDGED_LEAST = 0.025
"""What "about" and "nearly" always allow, as a share of the number."""
OF_COUNTS = (Statistic.COUNT, Statistic.SHARE, Statistic.CHANGE_COUNT)
"""Statistics that need no enrollment."""
CHANGES = (Statistic.CHANGE_COUNT, Statistic.CHANGE_RATE)


def question_of(reading: Reading) -> Reading:
    """Return the reading with the comparison that its statistic is computed from."""
    if reading.statistic in SHARES and not crossed(reading):
        return reading.with_question(versus="others", comparator="group")
    if reading.statistic not in (Statistic.RATIO, Statistic.POINTS):
        return reading.with_question(versus="", comparator="group")
    return reading


def crossed(reading: Reading) -> bool:
    """Return whether a share is of students by sex or disability: of boys, or of Black girls."""
    q = reading.question
    return reading.statistic in SHARES and (
        (q.sex, q.disability) != (ALL, ALL) or bool(_split(q.group))
    )


def of_counts(reading: Reading) -> bool:
    """Return whether a claim's figure is made of counts alone."""
    return reading.statistic in OF_COUNTS or crossed(reading)


def _split(group: Group) -> bool:
    return any({one.sex, one.disability} != {ALL} for one in group.crossings)


def whole_of(question: Question) -> Question:
    """Return the question whose counts a crossed share is a part of: students of every kind.

    Of a race's boys, that is everyone whose race is published, girls as well; of boys, everyone.
    """
    races = dict.fromkeys(one.race for one in question.group.crossings)
    everyone = replace(question, group=Group(ALL), versus="", sex=ALL, disability=ALL)
    if ALL in races:
        return everyone
    return replace(everyone, group=Group("+".join(races)), versus=OTHERS)


def values(
    statistic: Statistic,
    found: Evaluated,
    earlier: Evaluated | None = None,
    whole: Evaluated | None = None,
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
    if statistic in OF_COUNTS:  # a published count stands without an enrollment to divide it by
        counted = ~np.isnan(x1)
    if statistic is Statistic.COUNT:
        return np.where(counted, _events(found), np.nan), nothing, nothing
    if statistic in SHARES and whole is not None:
        all_of = whole.counts.x1 + np.nan_to_num(whole.counts.x2)
        return np.where(counted, divide(x1, all_of) * 100, np.nan), nothing, nothing
    if statistic in SHARES:  # of enrollment, the students are what is counted
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
    number = np.asarray(value, dtype=np.float64)
    low, high = accepted(reading, rounded=rounded)
    with np.errstate(invalid="ignore"):
        above = number > low if reading.relation is Relation.MORE_THAN else number >= low
        below = number < high if reading.relation is Relation.LESS_THAN else number <= high
    return above & below


def accepted(reading: Reading, *, rounded: bool = True) -> tuple[float, float]:
    """Return the lowest and the highest figure that meet a claim; infinite where it has no bound.

    "More than" and "less than" leave out the stated value itself.
    """
    half = slack(reading) if rounded or not one_sided(reading) else 0.0
    low, high = reading.stated - half, (reading.upper or reading.stated) + half
    if reading.hedge is Hedge.NEARLY and reading.upper is None:
        high = reading.stated + min(half, abs(reading.stated) * ROUNDING)
    if reading.relation is Relation.MORE_THAN:
        return reading.stated, np.inf
    if reading.relation is Relation.LESS_THAN:
        return -np.inf, reading.upper or reading.stated
    if reading.relation is Relation.AT_MOST:
        return -np.inf, high
    if reading.relation is Relation.AT_LEAST:
        return (low, np.inf) if not one_sided_down(reading) else (-np.inf, high)
    if one_sided(reading):
        return (-np.inf, high) if one_sided_down(reading) else (low, np.inf)
    return low, high


def slack(reading: Reading) -> float:
    """Return how far a figure may fall short of the stated value and still round to it.

    Half of the unit that the value is rounded to; but for percentages, at most the reading's
    ``give``. Where the words say "about" or "nearly", at least a fortieth of the value.
    """
    size = max(abs(reading.stated), abs(reading.upper or 0.0))
    half = reading.step / 2
    if reading.statistic not in PERCENTAGES or reading.give > ROUNDING:
        half = min(half, size * reading.give)
    return max(half, size * HEDGED_LEAST) if reading.hedge else half


def one_sided_down(reading: Reading) -> bool:
    """Return whether a claim states a part ("half the rate"), which less of meets as well."""
    return reading.statistic is Statistic.RATIO and reading.stated < 1


def one_sided(reading: Reading) -> bool:
    """Return whether more than the stated value also meets the claim."""
    return (
        reading.statistic is Statistic.RATIO
        and reading.relation is Relation.ABOUT
        and not (reading.hedge or reading.two_sided or reading.upper is not None)
    )
