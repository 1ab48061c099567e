"""The one door to numbers: one question or ten thousand, a few statements for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures.count_arrays import CountArrays, count
from homeroom.figures.coverage import NAMED
from homeroom.figures.figure import MISSING, PER, WORDS, Figure, Side
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question, Sides, sides_of
from homeroom.figures.school_means import LEAST
from homeroom.figures.standing import Behind, Standing
from homeroom.statistics.means import MEANS, log_interval
from homeroom.statistics.ratio import risk_ratio
from homeroom.statistics.risk import rate, risk
from homeroom.statistics.statistic import Bools, Floats, Statistic
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.status import Status

OVERLAP = "none: the groups overlap"
Places = NDArray[np.int64]


def answer(store: Store, questions: Sequence[Question]) -> list[Figure]:
    """Answer questions, in their order.

    A question that the store cannot answer gets a reason, never a number: see
    :data:`homeroom.figures.figure.WORDS`.

    Parameters
    ----------
    store
        What to ask. What is read for states is kept with it for the next call.
    questions
        Any number, of any places and waves.

    Raises
    ------
    BadInput
        A question that names what does not exist.
    """
    found = evaluate(store, questions)
    return [found.figure(at) for at in range(len(questions))]


def evaluate(store: Store, questions: Sequence[Question]) -> Evaluated:
    """Answer questions as arrays: for thousands, of which few are looked at one by one."""
    sides = [sides_of(question) for question in questions]
    cache = QueryCache.of(store)
    return computed(questions, sides, count(cache, questions, sides), Standing(cache))


def computed(
    questions: Sequence[Question], sides: list[Sides], counts: CountArrays, standing: Standing
) -> Evaluated:
    """Return the figures of questions from their counts."""
    out = Evaluated(questions, sides, counts, standing)
    compared = np.array([q.compares for q in questions], dtype=bool)
    mean = np.array([q.average == "mean_of_schools" for q in questions], dtype=bool)
    incidents = np.array([MEASURES[q.measure].per == "incident" for q in questions], dtype=bool)
    alone = ~compared & ~mean
    out.take(compared & ~mean, lambda at: _ratios(counts, at))
    out.take(alone & ~incidents, lambda at: risk(counts.x1[at], counts.n1[at], per=PER))
    out.take(alone & incidents, lambda at: rate(counts.x1[at], counts.n1[at], per=PER))
    out.take(mean, lambda at: _means(counts, at, compared[at]))
    out.blank()
    return out


class Evaluated:
    """Figures of many questions, in their order; NaN where there is a reason instead.

    Attributes
    ----------
    value, low, high
        Arrays, an element a question.
    reason
        Reason ids; ``ok`` where there is nothing to say.
    counts
        Events and students of both sides.
    """

    def __init__(
        self,
        questions: Sequence[Question],
        sides: list[Sides],
        counts: CountArrays,
        standing: Standing,
    ) -> None:
        self.questions, self.counts, self._sides = questions, counts, sides
        self._standing = standing
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
        why = np.array(self.counts.why, dtype=object)
        unknown = np.array([reason is not None for reason in why], dtype=bool)
        self.reason[unknown] = why[unknown]
        for array in (self.value, self.low, self.high):
            array[unknown] = np.nan
        overlap = np.array(
            [
                side.overlap and question.comparator == "group"
                for side, question in zip(self._sides, self.questions, strict=True)
            ],
            dtype=bool,
        )
        self.low[overlap] = self.high[overlap] = np.nan
        self._method[overlap] = OVERLAP

    @property
    def whole(self) -> Bools:
        """Which figures may carry their place's name without saying more: ``Figure.whole``."""
        counts = self.counts
        with np.errstate(invalid="ignore"):  # an unknown share is taken for all
            whole: Bools = ~(counts.coverage < NAMED) & ~(counts.in_store < NAMED)
        for at, question in enumerate(self.questions):
            if question.place == "US" and counts.basis[at] != "state_table" and whole[at]:
                whole[at] = self._standing.of(question, counts, at).universe.whole
        return whole

    def behind(self, at: int) -> Behind:
        """Return what stands behind a figure."""
        return self._standing.of(self.questions[at], self.counts, at)

    def told(self, at: int, behind: Behind) -> tuple[str, str | None, str | None]:
        """Return a figure's status, the id of its reason, and the reason in words."""
        why = None if self.reason[at] == "ok" else str(self.reason[at])
        status = _status(why)
        words = self.counts.words[at] or (WORDS[why] if why else None)
        if status is Status.OBSERVED and behind.skipped:
            status, words = Status.STRUCTURAL_ZERO, behind.skipped
        return str(status), why, words

    def figure(self, at: int) -> Figure:
        """Return one figure in full."""
        counts, question = self.counts, self.questions[at]
        behind = self.behind(at)
        status, why, words = self.told(at, behind)
        own, apart = _side(counts.x1[at], counts.n1[at], counts.mean1[at]), counts.apart[at]
        return Figure(
            question=question,
            value=_number(self.value[at]),
            low=_number(self.low[at]),
            high=_number(self.high[at]),
            method=str(self._method[at]),
            status=status,
            reason=why,
            explanation=words,
            group=own,
            versus=_side(counts.x2[at], counts.n2[at], counts.mean2[at])
            if self._sides[at].versus
            else None,
            basis=counts.basis[at],
            coverage=_number(counts.coverage[at]),
            coverage_schools=_number(counts.coverage_schools[at]),
            universe=behind.universe,
            doubts=behind.doubts,
            breaks=behind.breaks,
            note=_note(question, behind.note),
            sources=behind.sources,
            all_events=round((own.count or 0) + apart) if apart > 0 else None,
        )


def _ratios(counts: CountArrays, at: Places) -> Statistic:
    return risk_ratio(*(part[at] for part in (counts.x1, counts.n1, counts.x2, counts.n2)))


def _means(counts: CountArrays, at: Places, compared: Bools) -> Statistic:
    """Compare means of school rates; the counts say whether the figure rests on enough."""
    both = risk_ratio(*(part[at] for part in (counts.x1, counts.n1, counts.x2, counts.n2)))
    codes, shown = both.reason.copy(), np.isfinite(both.value)
    if not compared.all():
        alone = risk(counts.x1[at][~compared], counts.n1[at][~compared])
        codes[~compared], shown[~compared] = alone.reason, np.isfinite(alone.value)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(compared, counts.mean1[at] / counts.mean2[at], counts.mean1[at] * PER)
    low, high = log_interval(value, counts.variance[at])
    blank: list[Floats] = [np.where(shown, part, np.nan) for part in (value, low, high)]
    return Statistic(blank[0], blank[1], blank[2], codes, MEANS, 0.95)


def _status(why: str | None) -> Status:
    if why == reasons.SUPPRESSED:
        return Status.SUPPRESSED
    return Status.MISSING if why in MISSING else Status.OBSERVED


def _note(question: Question, note: str | None) -> str | None:
    parts = [note] if note else []
    if question.average == "mean_of_schools":
        parts.append(f"Mean of the rates of schools with at least {LEAST} students of the group")
    return ". ".join(parts) or None


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
