"""From counts of two groups to the number that a claim states."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from homeroom.claims.model import Reading, Statistic
from homeroom.figures.engine import Evaluated
from homeroom.figures.question import OTHERS, Question
from homeroom.statistics.statistic import Floats, divide
from homeroom.vocabulary.groups import ALL, Group

PARTS = (Statistic.SHARE, Statistic.SHARE_OF_STUDENTS)
SHARES = (*PARTS, Statistic.INDEX, Statistic.OVER_SHARE)
"""Statistics of a part of all students."""
COMPARED = (Statistic.RATIO, Statistic.POINTS, Statistic.COUNT_RATIO, Statistic.GAP_CHANGE)
"""Statistics of two groups."""
OF_COUNTS = (
    Statistic.COUNT, Statistic.SHARE, Statistic.CHANGE_COUNT, Statistic.CHANGE_NUMBER,
    Statistic.COUNT_RATIO,
)  # fmt: skip
"""Statistics that need no enrollment."""
TOTALS = (Statistic.COUNT, Statistic.CHANGE_COUNT, Statistic.CHANGE_NUMBER)
"""Statistics of numbers of students, which an official total decides."""
CHANGES = (
    Statistic.CHANGE_COUNT, Statistic.CHANGE_RATE, Statistic.CHANGE_NUMBER, Statistic.GAP_CHANGE,
)  # fmt: skip


def question_of(reading: Reading) -> Reading:
    """Return the reading with the comparison that its statistic is computed from."""
    if reading.statistic in SHARES and not crossed(reading):
        return reading.with_question(versus="others", comparator="group")
    if reading.statistic not in COMPARED:
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
    if statistic is Statistic.COUNT_RATIO:
        return np.where(counted, divide(x1, x2), np.nan), nothing, nothing
    if statistic in SHARES:  # of enrollment, the students are what is counted
        return np.where(counted, _share(statistic, found, whole), np.nan), nothing, nothing
    if statistic is Statistic.POINTS:
        return np.where(known, (divide(x1, n1) - divide(x2, n2)) * 100, np.nan), nothing, nothing
    return np.where(counted, _change(statistic, found, earlier), np.nan), nothing, nothing


def _share(statistic: Statistic, found: Evaluated, whole: Evaluated | None) -> Floats:
    """Return a part of those counted; held against the part of all students where asked."""
    counts, of = found.counts, found.counts if whole is None else whole.counts
    if whole is None:
        every, students = counts.x1 + counts.x2, counts.n1 + counts.n2
    else:
        every = of.x1 + np.nan_to_num(of.x2)
        students = of.n1 + np.nan_to_num(of.n2)
    share = divide(counts.x1, every) * 100
    enrolled = divide(counts.n1, students) * 100
    if statistic is Statistic.INDEX:
        return divide(share, enrolled)
    return share - enrolled if statistic is Statistic.OVER_SHARE else share


def _change(statistic: Statistic, found: Evaluated, earlier: Evaluated | None) -> Floats:
    if earlier is None:
        return np.full(len(found.value), np.nan)
    if statistic is Statistic.CHANGE_NUMBER:
        return _events(found) - _events(earlier)
    if statistic is Statistic.GAP_CHANGE:
        return np.asarray(found.value - earlier.value, dtype=np.float64)
    if statistic is Statistic.CHANGE_COUNT:
        now, before = _events(found), _events(earlier)
    else:
        now, before = found.value, earlier.value
    return (divide(now, before) - 1) * 100


def _events(found: Evaluated) -> Floats:
    """Return a group's events in every school: a count needs no enrollment to divide by."""
    return np.asarray(found.counts.x1 + np.nan_to_num(found.counts.apart), dtype=np.float64)
