"""Counts of both sides of many questions: which basis answers each, and the sums behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np

from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures import figure as reasons
from homeroom.figures import state_tables
from homeroom.figures.cell_weights import ENROLLMENT
from homeroom.figures.coverage import place_students
from homeroom.figures.query_cache import QueryCache, ScopeCache, module_of
from homeroom.figures.question import Question, Sides
from homeroom.figures.school_arrays import FILTERS, STRATA
from homeroom.figures.school_means import SchoolMeans
from homeroom.figures.scope import level_of, unit_of
from homeroom.figures.state_tables import STATE_AT
from homeroom.figures.unit_counts import Side, UnitCounts
from homeroom.statistics.means import COUNTED, EVENTS, RATE, STUDENTS, log_variance
from homeroom.statistics.statistic import Bools, Floats
from homeroom.vocabulary.groups import Crossing
from homeroom.vocabulary.status import Status, explain

Indices = list[int]
_routed_by = attrgetter(
    "place", "wave", "measure", "comparator", "policy", "basis", "average", "schools"
)


@dataclass(slots=True, eq=False)
class CountArrays:
    """Counts of both sides of each question, and what is known of them.

    Attributes
    ----------
    x1, n1, x2, n2
        Events and students of the group and of who it is compared with; NaN where unknown.
    apart
        The group's events in schools without enrollment.
    mean1, mean2, variance
        Means of school rates, and the variance of the log of their ratio.
    schools
        Schools with students of the group; of a mean, those that count.
    coverage, coverage_schools, in_store
        Shares, 0 to 1: of the place that the figure covers, of the schools asked that reported,
        of the place's students in the schools asked.
    why, words
        Id of the reason for no number, and what the store says of it.
    basis, scopes
        Which provider answered, and the arrays it read.
    """

    size: int
    x1: Floats = field(init=False)
    n1: Floats = field(init=False)
    x2: Floats = field(init=False)
    n2: Floats = field(init=False)
    apart: Floats = field(init=False)
    mean1: Floats = field(init=False)
    mean2: Floats = field(init=False)
    variance: Floats = field(init=False)
    schools: Floats = field(init=False)
    coverage: Floats = field(init=False)
    coverage_schools: Floats = field(init=False)
    in_store: Floats = field(init=False)
    total: Floats = field(init=False)
    why: list[str | None] = field(init=False)
    words: list[str | None] = field(init=False)
    basis: list[str] = field(init=False)
    scopes: list[ScopeCache | None] = field(init=False)

    def __post_init__(self) -> None:
        for name in (
            "x1", "n1", "x2", "n2", "apart", "mean1", "mean2", "variance", "schools", "coverage",
            "coverage_schools", "in_store", "total",
        ):  # fmt: skip
            setattr(self, name, np.full(self.size, np.nan))
        self.why, self.words = [None] * self.size, [None] * self.size
        self.basis, self.scopes = [""] * self.size, [None] * self.size

    def side(self, *, own: bool) -> tuple[Floats, Floats]:
        """Return events and students of one side."""
        return (self.x1, self.n1) if own else (self.x2, self.n2)


def count(cache: QueryCache, questions: Sequence[Question], sides: Sequence[Sides]) -> CountArrays:
    """Count for every question, in few statements."""
    out = CountArrays(len(questions))
    places = {place: place_range(place) for place in {q.place for q in questions}}
    by_table: dict[tuple[str, str], Indices] = defaultdict(list)
    by_schools: dict[str, Indices] = defaultdict(list)
    refused: Indices = []
    tables = cache.tables

    def route(q: Question) -> tuple[str, str | None, Indices]:
        """Return what answers a question, why nothing does, and where it is listed."""
        area = places[q.place]
        basis = basis_of(q, area, tables)
        if q.comparator == "same_group" and q.schools in ("with_officer", "without_officer"):
            return basis, reasons.CONTRADICTION, refused
        if basis == "schools":
            return basis, None, by_schools[level_of(area)]
        if area.state is None or not _fits_table(q):
            return basis, reasons.NO_TABLE, refused
        return basis, None, by_table[q.wave, q.measure]

    routes: dict[tuple[str, ...], tuple[str, str | None, Indices]] = {}
    for at, q in enumerate(questions):  # thousands of questions share a few hundred routes
        key = _routed_by(q)
        found = routes.get(key)
        if found is None:
            found = routes[key] = route(q)
        out.basis[at], out.why[at], listed = found
        listed.append(at)
    for (wave, measure), chosen in by_table.items():
        _Asked(chosen, questions, sides, places).from_table(tables, wave, measure, out)
    for chosen in by_schools.values():
        _from_schools(cache, _Asked(chosen, questions, sides, places), out)
    return out


def basis_of(q: Question, area: PlaceRange, tables: state_tables.Tables) -> str:
    """Return what answers a question: state tables where they can, for they are OCR's own sums."""
    if q.basis:
        return q.basis
    if area.state is None or not _fits_table(q):
        return "schools"
    here = STATE_AT[area.state]
    table = tables.get((q.wave, q.measure))
    has = table is not None and np.isfinite(table.of(_EVERYONE)[here])
    return "state_table" if has else "schools"


def _fits_table(q: Question) -> bool:
    return (
        q.policy == "published"
        and q.schools == "all"
        and q.average == "pooled"
        and q.comparator == "group"
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Some of the questions, by their positions."""

    chosen: Indices
    questions: Sequence[Question]
    sides: Sequence[Sides]
    places: dict[str, PlaceRange]

    def only(self, chosen: Indices) -> _Asked:
        return _Asked(chosen, self.questions, self.sides, self.places)

    def by_side(self, *, own: bool) -> dict[Side, Indices]:
        """Return the positions within ``chosen`` of the questions that share a side."""
        out: dict[Side, Indices] = {}
        known: dict[tuple[int, str], Indices] = {}
        for position, at in enumerate(self.chosen):
            sides, rule = self.sides[at], self.questions[at].section504
            key = id(sides), rule  # equal sides are one object nearly always: cheaper to look up
            if key not in known:
                crossings = sides.group if own else sides.versus
                known[key] = out.setdefault((crossings, rule), []) if crossings else []
            known[key].append(position)
        return out

    def positions(self, units: dict[int, int]) -> Any:
        known: dict[str, int] = {}
        for at in self.chosen:
            place = self.questions[at].place
            if place not in known:
                unit = unit_of(place)
                known[place] = len(units) if unit is None else units.get(unit, -1)
        return np.array([known[self.questions[at].place] for at in self.chosen], dtype=np.int64)

    def masks(self, *, own: bool, strata: int) -> Floats:
        """Return which strata count for a side, question by stratum."""
        known: dict[tuple[str, str], Floats] = {}
        for at in self.chosen:
            q = self.questions[at]
            key = q.schools, q.comparator
            if key not in known:
                known[key] = _kept(q, own=own).astype(np.float64)[:strata]
        return np.array(
            [known[self.questions[at].schools, self.questions[at].comparator] for at in self.chosen]
        )

    def from_table(
        self, tables: state_tables.Tables, wave: str, measure: str, out: CountArrays
    ) -> None:
        """Count from the state tables of one wave and measure."""
        table = tables.get((wave, measure))
        if table is None:
            for at in self.chosen:
                out.why[at] = reasons.NOT_AT_HAND
            return
        known = {place: STATE_AT.get(area.state or "", -1) for place, area in self.places.items()}
        states = np.array([known[self.questions[at].place] for at in self.chosen])
        index, enrolled = np.array(self.chosen), tables.get((wave, ENROLLMENT)) is not None
        for own in (True, False):
            for side, members in self.by_side(own=own).items():
                events, students = state_tables.side(tables, wave, measure, *side)
                for array, values in zip(out.side(own=own), (events, students), strict=True):
                    array[index[members]] = values[states[members]]
                unknown = np.flatnonzero(np.isnan(events + students)[states[members]])
                why: dict[int, tuple[str, str | None]] = {}
                for member in (members[at] for at in unknown):
                    state, at = int(states[member]), self.chosen[member]
                    if state not in why:
                        why[state] = _why_not(state, events, table, side, enrolled=enrolled)
                    if out.why[at] is None or why[state][1]:
                        out.why[at], out.words[at] = why[state]
        out.coverage[index] = out.coverage_schools[index] = table.reporting[states]
        out.total[index] = table.of(_EVERYONE)[states]


def _why_not(
    state: int, events: Floats, table: state_tables.Table, side: Side, *, enrolled: bool
) -> tuple[str, str | None]:
    """Return why a table has no count, or no enrollment, of a side, and what OCR wrote instead."""
    note = table.note(state, side[0])
    if np.isnan(events[state]) and note is not None:
        return reasons.SUPPRESSED, f"OCR published {note!r} instead of a number."
    known = not np.isnan(events[state])
    return reasons.NO_ENROLLMENT if known and not enrolled else reasons.NOT_PUBLISHED, None


def _from_schools(cache: QueryCache, asked: _Asked, out: CountArrays) -> None:
    groups: dict[tuple[str, str, str], Indices] = defaultdict(list)
    for at in asked.chosen:
        q = asked.questions[at]
        if (q.wave, module_of(q.measure)) in cache.answered:
            groups[q.wave, q.measure, q.policy].append(at)
        else:
            out.why[at] = reasons.NOT_AT_HAND
    if not groups:
        return
    used = [at for members in groups.values() for at in members]
    scope = cache.scope({asked.places[asked.questions[at].place] for at in used})
    held, waves = cache.cache_of(scope), sorted({wave for wave, _, _ in groups})
    if scope.units is not None:
        held.arrays.read(cache.store.con, waves, {measure for _, measure, _ in groups})
    stratified = any(_needs_strata(asked.questions[at]) for at in used)
    for (wave, measure, policy), members in groups.items():
        counts = held.counts(cache.store, wave, measure, policy, stratified=stratified)
        units = held.files(cache).get((wave, module_of(measure)), {})
        inside = _reported(cache, asked.only(members), counts, units, out)
        for at in members:
            out.scopes[at] = held
        pooled = [at for at in inside if asked.questions[at].average == "pooled"]
        means = [at for at in inside if asked.questions[at].average != "pooled"]
        if pooled:
            _pooled(counts, asked.only(pooled), out)
        if means:
            _means(held.means(cache.store, wave, measure, policy), asked.only(means), out)


def _needs_strata(q: Question) -> bool:
    return q.schools != "all" or q.comparator == "same_group" or q.average == "mean_of_schools"


def _reported(
    cache: QueryCache,
    asked: _Asked,
    counts: UnitCounts,
    files: dict[int, tuple[int, ...]],
    out: CountArrays,
) -> Indices:
    """Set coverage; return the questions with an answer, and say why of the others."""
    index = np.array(asked.chosen)
    places = {asked.questions[at].place for at in asked.chosen}
    known = {place: _held_of(asked.places[place], counts, files) for place in places}
    units = np.array([known[asked.questions[at].place] for at in asked.chosen])
    wave = asked.questions[asked.chosen[0]].wave
    whole = {
        place: place_students(
            counts.enrolled[known[place]],
            cache.official.of(area.state, wave) if area.state else None,
        )
        for place, area in asked.places.items()
        if place in places
    }
    students = np.array([whole[asked.questions[at].place] for at in asked.chosen])
    share = np.zeros(len(index))
    for side, members in asked.by_side(own=True).items():
        share[members] = counts.share_reporting(side)[units[members]]
    held = (units >= 0) & (counts.asked[units] > 0)
    at, unit = index[held], units[held]
    out.in_store[at] = counts.asked[unit] / students[held]
    out.coverage[at] = out.in_store[at] * share[held]
    out.coverage_schools[at] = counts.schools_reporting[unit] / counts.schools_asked[unit]
    out.total[at] = counts.total[unit]
    inside = held.copy()
    inside[held] = (out.coverage[at] > 0) & (counts.reporting[unit] > 0)
    for position in np.flatnonzero(~inside):
        _unreported(cache, asked, int(index[position]), int(units[position]), counts, out)
    return [int(one) for one in index[inside]]


def _held_of(area: PlaceRange, counts: UnitCounts, files: dict[int, tuple[int, ...]]) -> int:
    """Return the position of a place's unit, or -1 where no file of the wave has it."""
    number = unit_of(area.place_id)
    unit = counts.at(number)
    return -1 if unit is None or (number is not None and number not in files) else unit


def _unreported(
    cache: QueryCache, asked: _Asked, at: int, unit: int, counts: UnitCounts, out: CountArrays
) -> None:
    """Say why a question has no answer."""
    q = asked.questions[at]
    if unit < 0:
        out.why[at] = reasons.NOT_AT_HAND
        return
    if not counts.asked[unit]:
        _without_enrollment(counts, (asked.sides[at].group, q.section504), unit, at, out)
        if cache.nobody_enrolled(q.wave, asked.places[q.place]):
            out.why[at] = reasons.NOBODY_ENROLLED
        return
    number = unit_of(q.place)
    code = counts.codes.get(number if number is not None else -1)
    if code is None:
        screened = q.policy == "screened"
        out.why[at] = reasons.DOUBTED if screened else reasons.NOT_REPORTED
        return
    status, meaning = explain(code, q.wave)
    hidden = status is Status.SUPPRESSED
    out.why[at] = reasons.SUPPRESSED if hidden else reasons.NOT_REPORTED
    out.words[at] = f"{'Suppressed' if hidden else 'Not reported'}: {meaning}."


def _without_enrollment(
    counts: UnitCounts, side: Side, unit: int, at: int, out: CountArrays
) -> None:
    """Take the events of a place whose schools have no enrollment: a count, and no rate."""
    apart = counts.apart(side)
    out.why[at] = reasons.NO_ENROLLMENT
    out.apart[at] = 0.0 if apart is None else float(apart[unit].sum())


def _pooled(counts: UnitCounts, asked: _Asked, out: CountArrays) -> None:
    """Sum over the schools of one wave and measure."""
    units, index = asked.positions(counts.units), np.array(asked.chosen)
    for own in (True, False):
        masks: Floats | None = None
        for side, members in asked.by_side(own=own).items():
            found = counts.side(side)
            if found is None:
                for member in members:
                    out.why[asked.chosen[member]] = reasons.NOT_PUBLISHED
                continue
            if masks is None:
                masks = asked.masks(own=own, strata=found[0].shape[1])
            at = index[members]
            for array, by_stratum in zip(out.side(own=own), found, strict=True):
                array[at] = (by_stratum[units[members]] * masks[members]).sum(axis=1)
            if own:
                apart = counts.apart(side)
                if apart is not None:
                    out.apart[at] = (apart[units[members]] * masks[members]).sum(axis=1)
                schools = counts.schools(side)
                out.schools[at] = (schools[units[members]] * masks[members]).sum(axis=1)


def _means(schools: SchoolMeans, asked: _Asked, out: CountArrays) -> None:
    """Take the means of school rates of one wave and measure."""
    units, index = asked.positions(schools.units), np.array(asked.chosen)
    rows = np.zeros((2, len(index), 5))
    for side_at, own in enumerate((True, False)):
        masks = asked.masks(own=own, strata=STRATA)[:, :, None]
        for side, members in asked.by_side(own=own).items():
            sums = schools.sums(side)
            if sums is None:
                for member in members:
                    out.why[asked.chosen[member]] = reasons.NOT_PUBLISHED
                continue
            rows[side_at, members] = (sums[units[members]] * masks[members]).sum(axis=1)
    compared = np.array([bool(asked.sides[at].versus) for at in asked.chosen])
    variance = log_variance(rows[0], rows[1], _shared(schools, asked, units))
    schools.tidy()
    out.variance[index] = np.where(compared, variance, np.nan)
    out.schools[index] = rows[0][:, COUNTED]
    for own, totals in ((True, rows[0]), (False, rows[1])):
        x, n = out.side(own=own)
        x[index], n[index] = totals[:, EVENTS], totals[:, STUDENTS]
        mean, counted = (out.mean1 if own else out.mean2), totals[:, COUNTED]
        mean[index] = np.divide(
            totals[:, RATE], counted, out=np.full(len(index), np.nan), where=counted > 0
        )


def _shared(schools: SchoolMeans, asked: _Asked, units: Any) -> Floats:
    """Sum over the schools that count for both sides; nothing where the sides lie apart."""
    both = np.zeros((len(asked.chosen), 4))
    masks = asked.masks(own=True, strata=STRATA)[:, :, None]
    pairs: dict[tuple[Side, Side], Indices] = defaultdict(list)
    for position, at in enumerate(asked.chosen):
        q, sides = asked.questions[at], asked.sides[at]
        if sides.versus and q.comparator == "group":
            pairs[(sides.group, q.section504), (sides.versus, q.section504)].append(position)
    for (one, other), members in pairs.items():
        sums = schools.shared(one, other)
        if sums is not None:
            both[members] = (sums[units[members]] * masks[members]).sum(axis=1)
    return both


def _kept(question: Question, *, own: bool) -> Bools:
    keep = FILTERS[question.schools]
    if question.comparator == "same_group":
        keep = keep & FILTERS["with_officer" if own else "without_officer"]
    return keep


_EVERYONE = Crossing()
