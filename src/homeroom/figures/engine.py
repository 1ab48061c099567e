"""The one door to ratios: one question or ten thousand, a few statements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter

import duckdb
import numpy as np
from numpy.typing import NDArray

from homeroom.errors import BadInput
from homeroom.evidence.quality import POLICIES
from homeroom.figures import figure as reasons
from homeroom.figures.cell_weights import Sides, sides_of
from homeroom.figures.count_arrays import CountArrays
from homeroom.figures.figure import WORDS, Answer, Side
from homeroom.figures.from_schools import FILTERS
from homeroom.figures.officers import LEAST
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.figures.rates import PER
from homeroom.figures.school_means import MEANS, log_interval
from homeroom.statistics.ratio import risk_ratio
from homeroom.statistics.risk import rate, risk
from homeroom.statistics.statistic import Bools, Floats, Statistic
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

COMPARATORS = ("group", "same_group")
OVERLAP = "none: the groups overlap"
Places = NDArray[np.int64]
AVERAGES = ("pooled", "mean_of_schools")
_CLOSED: dict[str, tuple[str, ...]] = {
    "comparator": COMPARATORS,
    "average": AVERAGES,
    "section504": ("with", "without"),
    "basis": ("", "state_table", "schools"),
    "policy": tuple(POLICIES),
    "schools": tuple(FILTERS),
    "wave": tuple(WAVES),
}
_closed_values = attrgetter(*_CLOSED)


def answer(
    con: duckdb.DuckDBPyConnection, questions: Sequence[Question], desk: QueryCache | None = None
) -> list[Answer]:
    """Answer questions, in their order.

    A question that the store cannot answer gets a reason, never a number: see
    :data:`homeroom.figures.figure.WORDS`.

    Parameters
    ----------
    desk
        Keeps what was read from this store, so that the next call need not read it again.

    Raises
    ------
    BadInput
        A question that names what does not exist.
    """
    found = evaluate(con, questions, desk)
    return [found.answer(at) for at in range(len(questions))]


def evaluate(
    con: duckdb.DuckDBPyConnection, questions: Sequence[Question], desk: QueryCache | None = None
) -> Evaluated:
    """Answer questions as arrays: for thousands, of which few are looked at one by one."""
    sides = [_checked(question) for question in questions]
    tally = (desk or QueryCache()).tally(con, questions, sides)
    out = Evaluated(questions, sides, tally)
    compared = np.array([_compares(question) for question in questions], dtype=bool)
    mean = np.array([q.average == "mean_of_schools" for q in questions], dtype=bool)
    incidents = np.array([MEASURES[q.measure].per == "incident" for q in questions], dtype=bool)
    alone = ~compared & ~mean
    out.take(compared & ~mean, lambda at: _ratios(tally, at))
    out.take(alone & ~incidents, lambda at: risk(tally.x1[at], tally.n1[at], per=PER))
    out.take(alone & incidents, lambda at: rate(tally.x1[at], tally.n1[at], per=PER))
    out.take(mean, lambda at: _means(tally, at, compared[at]))
    out.blank()
    return out


def _compares(question: Question) -> bool:
    """Return whether a comparison was asked for, even where nobody is left to compare with."""
    return question.versus != "" or question.comparator == "same_group"


def _checked(question: Question) -> Sides:
    _check_closed(_closed_values(question))
    if question.measure in MEASURES and not MEASURES[question.measure].by_race and (
        question.group != "all" or question.sex != "all" or question.disability != "all"
    ):  # fmt: skip
        raise BadInput(
            f"{MEASURES[question.measure].label} are not published by group of students: ask for "
            "group all."
        )
    return sides_of(question)


@lru_cache(maxsize=4_096)
def _check_closed(values: tuple[str, ...]) -> None:
    """Refuse a value of a closed list that does not exist; thousands of questions share theirs."""
    for (name, allowed), value in zip(_CLOSED.items(), values, strict=True):
        if value not in allowed:
            raise BadInput(
                f"{name} {value!r}: expected one of "
                f"{', '.join(item or 'empty' for item in allowed)}."
            )


class Evaluated:
    """Statistic of many questions, in their order; NaN where there is a reason instead."""

    def __init__(
        self, questions: Sequence[Question], sides: list[Sides], tally: CountArrays
    ) -> None:
        self.questions, self.tally, self._sides = questions, tally, sides
        self.value, self.low, self.high = (np.full(len(questions), np.nan) for _ in range(3))
        self.reason = np.full(len(questions), "ok", dtype=object)
        self._method = np.full(len(questions), "", dtype=object)

    def take(self, wanted: Bools, make: Callable[[Places], Statistic]) -> None:
        """Compute at the wanted places only."""
        at = np.flatnonzero(wanted)
        if at.size:
            found = make(at)
            self.value[at], self.low[at], self.high[at] = found.value, found.low, found.high
            self.reason[at], self._method[at] = found.reason_ids, found.method.id

    def blank(self) -> None:
        """Take numbers away where a count could not be had, and intervals where groups overlap."""
        why = np.array(self.tally.why, dtype=object)
        unknown = np.array([reason is not None for reason in why], dtype=bool)
        self.reason[unknown] = why[unknown]
        for figures in (self.value, self.low, self.high):
            figures[unknown] = np.nan
        overlap = np.array(
            [
                side.overlap and question.comparator == "group"
                for side, question in zip(self._sides, self.questions, strict=True)
            ],
            dtype=bool,
        )
        self.low[overlap] = self.high[overlap] = np.nan
        self._method[overlap] = OVERLAP

    def answer(self, at: int) -> Answer:
        """Return one answer in full."""
        tally, question = self.tally, self.questions[at]
        why = None if self.reason[at] == "ok" else str(self.reason[at])
        return Answer(
            question=question,
            value=_number(self.value[at]),
            low=_number(self.low[at]),
            high=_number(self.high[at]),
            method=str(self._method[at]),
            status=_status(why),
            reason=why,
            explanation=tally.words[at] or (WORDS[why] if why else None),
            group=_side(tally.x1[at], tally.n1[at], tally.mean1[at]),
            versus=_side(tally.x2[at], tally.n2[at], tally.mean2[at])
            if self._sides[at].versus
            else None,
            basis=tally.basis[at],
            coverage=_number(tally.coverage[at]),
            note=_note(question, tally.note[at]),
            source=tally.source[at],
        )


def _ratios(tally: CountArrays, at: Places) -> Statistic:
    return risk_ratio(*(part[at] for part in (tally.x1, tally.n1, tally.x2, tally.n2)))


def _means(tally: CountArrays, at: Places, compared: Bools) -> Statistic:
    """Compare means of school rates; the counts say whether the figure rests on enough."""
    counted = risk_ratio(*(part[at] for part in (tally.x1, tally.n1, tally.x2, tally.n2)))
    alone = risk(tally.x1[at], tally.n1[at])
    codes = np.where(compared, counted.reason, alone.reason)
    shown = np.where(compared, np.isfinite(counted.value), np.isfinite(alone.value))
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(compared, tally.mean1[at] / tally.mean2[at], tally.mean1[at] * PER)
    low, high = log_interval(value, tally.variance[at])
    blank: list[Floats] = [np.where(shown, part, np.nan) for part in (value, low, high)]
    return Statistic(blank[0], blank[1], blank[2], codes, MEANS, 0.95)


def _status(why: str | None) -> str:
    if why == reasons.SUPPRESSED:
        return "suppressed"
    unknown = (reasons.NOT_AT_HAND, reasons.NOT_PUBLISHED, reasons.NO_TABLE, "not_reported")
    return "missing" if why in (*unknown, reasons.CONTRADICTION) else "observed"


def _note(question: Question, note: str | None) -> str | None:
    parts = [note] if note else []
    if question.average == "mean_of_schools":
        parts.append(f"mean of the rates of schools with at least {LEAST} students of the group")
    return "; ".join(parts) or None


def _side(count: float, students: float, mean: float) -> Side:
    events, base = _number(count), _number(students)
    rate_of = None
    if events is not None and base:
        rate_of = (events / base if np.isnan(mean) else float(mean)) * PER
    return Side(
        None if events is None else round(events), None if base is None else round(base), rate_of
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
