"""Counts of both sides of many questions, once it is known what answers each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

from homeroom.evidence.place_ids import PlaceRange
from homeroom.figures import figure as reasons
from homeroom.figures import from_schools, from_tables, school_means
from homeroom.figures.cell_weights import Sides, Token, weights
from homeroom.figures.from_schools import FILTERS
from homeroom.figures.question import Question
from homeroom.figures.school_arrays import STRATA
from homeroom.statistics.statistic import Floats

Indices = list[int]


class CountArrays:
    """Counts of both sides of each question, and what is known of them."""

    def __init__(self, size: int) -> None:
        self.x1, self.n1, self.x2, self.n2 = (np.full(size, np.nan) for _ in range(4))
        self.mean1, self.mean2, self.variance = (np.full(size, np.nan) for _ in range(3))
        self.coverage = np.full(size, np.nan)
        self.why: list[str | None] = [None] * size
        self.words: list[str | None] = [None] * size
        self.note: list[str | None] = [None] * size
        self.basis: list[str] = [""] * size
        self.source: list[str] = [""] * size

    def arrays(self, own: bool) -> tuple[Floats, Floats]:  # noqa: FBT001
        """Return count and students of one side."""
        return (self.x1, self.n1) if own else (self.x2, self.n2)


def count_from_tables(
    tables: from_tables.Tables,
    wave: str,
    measure: str,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    places: dict[str, PlaceRange],
    out: CountArrays,
) -> None:
    """Count from the state tables of one wave and measure."""
    table = tables.get((wave, measure))
    if table is None:
        for at in chosen:
            out.why[at] = reasons.NOT_AT_HAND
        return
    states = np.array(
        [from_tables.STATE_AT[places[questions[at].place].state or ""] for at in chosen]
    )
    index = np.array(chosen)
    for own in (True, False):
        for (tokens, rule), members in _by_side(chosen, questions, sides, own=own).items():
            events, students = from_tables.side(tables, wave, measure, tokens, rule)
            for array, values in zip(out.arrays(own), (events, students), strict=True):
                array[index[members]] = values[states[members]]
            hidden = _hidden(table, tokens)
            for member in members:
                _why_not(chosen[member], states[member], events, students, hidden, out)
    out.coverage[index] = table.reporting[states]
    for at, state in zip(chosen, states, strict=True):
        out.source[at] = table.source.get(int(state), "")


def _hidden(table: from_tables.Element, tokens: tuple[Token, ...]) -> Any:
    parts = [table.of(token) for token in tokens]
    return np.any(np.isnan(parts), axis=0) & table.suppressed.any(axis=(1, 2, 3))


def _why_not(
    at: int, state: int, events: Floats, students: Floats, hidden: Any, out: CountArrays
) -> None:
    if np.isnan(events[state]) and hidden[state]:
        out.why[at] = reasons.SUPPRESSED
    elif np.isnan(events[state] + students[state]):
        out.why[at] = out.why[at] or reasons.NOT_PUBLISHED


def _by_side(
    chosen: Indices, questions: Sequence[Question], sides: Sequence[Sides], *, own: bool
) -> dict[tuple[tuple[Token, ...], str], list[int]]:
    """Return the positions in ``chosen`` of the questions that share a side."""
    out: dict[tuple[tuple[Token, ...], str], list[int]] = defaultdict(list)
    for position, at in enumerate(chosen):
        tokens = sides[at].group if own else sides[at].versus
        if tokens:
            out[tokens, questions[at].section504].append(position)
    return out


def _filter(question: Question, *, own: bool) -> Any:
    keep = FILTERS[question.schools]
    if question.comparator == "same_group":
        keep = keep & FILTERS["with_officer" if own else "without_officer"]
    return keep


def _masks(chosen: Indices, questions: Sequence[Question], *, own: bool, strata: int) -> Floats:
    known: dict[tuple[str, str], Any] = {}
    for at in chosen:
        key = questions[at].schools, questions[at].comparator
        if key not in known:
            known[key] = _filter(questions[at], own=own).astype(np.float64)[:strata]
    return np.array([known[questions[at].schools, questions[at].comparator] for at in chosen])


def _units(held: dict[int, int], chosen: Indices, questions: Sequence[Question]) -> Any:
    known: dict[str, int] = {}
    for at in chosen:
        place = questions[at].place
        if place not in known:
            unit = from_schools.unit_of(place)
            known[place] = len(held) if unit is None else held.get(unit, -1)
    return np.array([known[questions[at].place] for at in chosen], dtype=np.int64)


def count_pooled(
    held: from_schools.Cube,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    out: CountArrays,
) -> None:
    """Sum over the schools of one wave and measure."""
    if not chosen:
        return
    units, index = _units(held.units, chosen, questions), np.array(chosen)
    measure = questions[chosen[0]].measure
    for own in (True, False):
        masks = _masks(chosen, questions, own=own, strata=held.students.shape[1])
        for (tokens, rule), members in _by_side(chosen, questions, sides, own=own).items():
            side = weights(measure, tokens, rule)
            if side is None:
                for member in members:
                    out.why[chosen[member]] = reasons.NOT_PUBLISHED
                continue
            cells = held.students if measure == from_tables.ENROLLMENT else held.events
            sums = ((cells, side.events), (held.students, side.students))
            for array, (counts, weight) in zip(out.arrays(own), sums, strict=True):
                by_stratum = counts @ weight
                array[index[members]] = (by_stratum[units[members]] * masks[members]).sum(axis=1)


def count_means(
    schools: school_means.Schools,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    out: CountArrays,
) -> None:
    """Take the means of school rates of one wave and measure."""
    units, index = _units(schools.units, chosen, questions), np.array(chosen)
    measure = questions[chosen[0]].measure
    rows = np.zeros((2, len(chosen), 5))
    kept: dict[tuple[tuple[Token, ...], str], Any] = {}
    for side_at, own in enumerate((True, False)):
        masks = _masks(chosen, questions, own=own, strata=STRATA)[:, :, None]
        for key, members in _by_side(chosen, questions, sides, own=own).items():
            kept[key] = side = weights(measure, *key)
            if side is None:
                for member in members:
                    out.why[chosen[member]] = reasons.NOT_PUBLISHED
                continue
            sums = schools.sums(key, side)[units[members]]
            rows[side_at, members] = (sums * masks[members]).sum(axis=1)
    compared = np.array([bool(sides[at].versus) for at in chosen])
    both = _shared(schools, chosen, questions, sides, units, kept)
    schools.tidy()
    variance = school_means.log_variance(rows[0], rows[1], both)
    out.variance[index] = np.where(compared, variance, np.nan)
    for own, totals in ((True, rows[0]), (False, rows[1])):
        x, n = out.arrays(own)
        x[index], n[index] = totals[:, school_means.EVENTS], totals[:, school_means.STUDENTS]
        mean = out.mean1 if own else out.mean2
        counted = totals[:, school_means.COUNTED]
        mean[index] = np.divide(
            totals[:, school_means.RATE],
            counted,
            out=np.full(len(chosen), np.nan),
            where=counted > 0,
        )


def _shared(
    schools: school_means.Schools,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    units: Any,
    kept: dict[Any, Any],
) -> Floats:
    """Sum over the schools that count for both sides; nothing where the sides lie apart."""
    both = np.zeros((len(chosen), 4))
    masks = _masks(chosen, questions, own=True, strata=STRATA)[:, :, None]
    pairs: dict[Any, list[int]] = defaultdict(list)
    for position, at in enumerate(chosen):
        if sides[at].versus and questions[at].comparator == "group":
            rule = questions[at].section504
            pairs[(sides[at].group, rule), (sides[at].versus, rule)].append(position)
    for (one, other), members in pairs.items():
        if kept.get(one) is not None and kept.get(other) is not None:
            sums = schools.shared(one, other, kept[one], kept[other])[units[members]]
            both[members] = (sums * masks[members]).sum(axis=1)
    return both
