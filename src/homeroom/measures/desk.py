"""Counts for many questions at once: which basis answers each, and the sums behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np

from homeroom.evidence import ask
from homeroom.evidence.spans import Span, span
from homeroom.measures import answer as reasons
from homeroom.measures import from_schools, from_tables, school_means
from homeroom.measures.asked import Sides, Token, weights
from homeroom.measures.figures import Floats
from homeroom.measures.from_schools import FILTERS
from homeroom.measures.question import Question
from homeroom.vocabulary.states import POSTAL_OF_FIPS
from homeroom.vocabulary.status import explain

_WHOLE = 0.9
Indices = list[int]


class Tally:
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
        """Give count and students of one side."""
        return (self.x1, self.n1) if own else (self.x2, self.n2)


@dataclass(slots=True)
class Desk:
    """What was read from one store, kept for the next questions.

    Only what is read for states is kept: it is small and serves every question on them.
    """

    _tables: from_tables.Tables | None = None
    _official: dict[tuple[str, str], float] = field(default_factory=dict)
    _cubes: dict[tuple[str, str, str], from_schools.Cube] = field(default_factory=dict)
    _schools: dict[tuple[str, str, str], school_means.Schools] = field(default_factory=dict)
    _files: dict[int, tuple[str, str]] = field(default_factory=dict)
    _sources: dict[str, dict[tuple[str, str], dict[int, list[int]]]] = field(default_factory=dict)
    _answered: frozenset[tuple[str, str]] | None = None

    def tally(
        self, con: duckdb.DuckDBPyConnection, questions: Sequence[Question], sides: Sequence[Sides]
    ) -> Tally:
        """Count for every question."""
        out = Tally(len(questions))
        places = {q.place: span(q.place) for q in questions}
        tables = self.tables(con)
        by_schools: dict[tuple[str, str], Indices] = defaultdict(list)
        by_table: dict[tuple[str, str], Indices] = defaultdict(list)
        for at, q in enumerate(questions):
            area = places[q.place]
            out.basis[at] = _basis(q, area, tables)
            if q.comparator == "same_group" and q.schools in ("with_officer", "without_officer"):
                out.why[at] = reasons.CONTRADICTION
            elif out.basis[at] == "schools":
                by_schools[from_schools.level_of(area.kind), q.policy].append(at)
            elif area.state is None or not _fits_table(q):
                out.why[at] = reasons.NO_TABLE
            else:
                by_table[q.wave, q.measure].append(at)
        for (wave, measure), chosen in by_table.items():
            _from_tables(tables, wave, measure, chosen, questions, sides, places, out)
        for (level, policy), chosen in by_schools.items():
            self._from_schools(con, level, policy, chosen, questions, sides, places, out)
        return out

    def tables(self, con: duckdb.DuckDBPyConnection) -> from_tables.Tables:
        """Give every state table."""
        if self._tables is None:
            self._tables = from_tables.load(con)
            self._files = from_schools.file_names(con)
            self._official = _enrolled(self._tables)
            found = ask.rows(con, "SELECT DISTINCT wave, module FROM answered")
            self._answered = frozenset((str(wave), str(module)) for wave, module in found)
        return self._tables

    def _from_schools(
        self,
        con: duckdb.DuckDBPyConnection,
        level: str,
        policy: str,
        chosen: Indices,
        questions: Sequence[Question],
        sides: Sequence[Sides],
        places: dict[str, Span],
        out: Tally,
    ) -> None:
        groups: dict[tuple[str, str], Indices] = defaultdict(list)
        for at in chosen:
            q = questions[at]
            if (q.wave, from_schools.module_of(q.measure)) in (self._answered or ()):
                groups[q.wave, q.measure].append(at)
            else:
                out.why[at] = reasons.NOT_AT_HAND
        units = None
        if level != "state":
            found = {from_schools.unit_of(questions[at].place) for at in chosen}
            units = frozenset(unit for unit in found if unit is not None)
        stratified = level == "state" or any(
            questions[at].schools != "all"
            or questions[at].comparator == "same_group"
            or questions[at].average == "mean_of_schools"
            for at in chosen
        )
        cubes = self._cubes_of(con, level, units, policy, list(groups), stratified=stratified)
        files = self._sources_of(con, level, units, tuple(sorted({wave for wave, _ in groups})))
        for (wave, measure), members in groups.items():
            held = cubes[wave, measure]
            inside = [at for at in members if self._place(at, questions[at], held, places, out)]
            self._name(inside, questions, files, out)
            pooled = [at for at in inside if questions[at].average == "pooled"]
            means = [at for at in inside if questions[at].average != "pooled"]
            _pooled(held, pooled, questions, sides, out)
            if means:
                schools = self._schools_of(con, level, units, policy, wave, measure)
                _means(schools, means, questions, sides, out)

    def _cubes_of(
        self,
        con: duckdb.DuckDBPyConnection,
        level: str,
        units: Iterable[int] | None,
        policy: str,
        wanted: list[tuple[str, str]],
        *,
        stratified: bool,
    ) -> dict[tuple[str, str], from_schools.Cube]:
        kept = {key[1:]: cube for key, cube in self._cubes.items() if key[0] == policy}
        lacking = wanted if level != "state" else [key for key in wanted if key not in kept]
        if not lacking:
            return kept
        waves, measures = (tuple(sorted(set(part))) for part in zip(*lacking, strict=True))
        found = from_schools.load(con, level, units, policy, waves, measures, stratified=stratified)
        if level != "state":
            return found
        self._cubes |= {(policy, *key): cube for key, cube in found.items()}
        return kept | found

    def _sources_of(
        self,
        con: duckdb.DuckDBPyConnection,
        level: str,
        units: Iterable[int] | None,
        waves: tuple[str, ...],
    ) -> dict[tuple[str, str], dict[int, list[int]]]:
        if not waves:
            return {}
        if level != "state":
            return from_schools.sources(con, level, units, waves)
        if level not in self._sources:
            every = tuple(sorted({wave for wave, _ in self._answered or ()}))
            self._sources[level] = from_schools.sources(con, level, None, every)
        return self._sources[level]

    def _schools_of(
        self,
        con: duckdb.DuckDBPyConnection,
        level: str,
        units: Iterable[int] | None,
        policy: str,
        wave: str,
        measure: str,
    ) -> school_means.Schools:
        key = (policy, wave, measure)
        if level == "state" and key in self._schools:
            return self._schools[key]
        scope = from_schools.scope_of(level, units, policy, (wave,))
        found = school_means.load(con, scope, wave, measure)
        if level == "state":
            self._schools[key] = found
        return found

    def _place(
        self,
        at: int,
        question: Question,
        held: from_schools.Cube,
        places: dict[str, Span],
        out: Tally,
    ) -> bool:
        """Set coverage; say why there is nothing, where there is nothing."""
        area = places[question.place]
        unit = held.at(from_schools.unit_of(question.place))
        if unit is None or held.enrolled[unit] == 0:
            out.why[at] = reasons.NOT_AT_HAND
            return False
        whole = held.enrolled[unit]
        if area.state:
            official = self._official.get((area.state, question.wave)) or self._official.get(
                (area.state, ""), 0.0
            )
            whole = whole if whole >= _WHOLE * official else official
        out.coverage[at] = held.reporting[unit] / max(whole, 1)
        if held.reporting[unit] == 0:
            out.why[at] = "not_reported"
            code = held.codes.get(unit)
            if code is not None:
                out.words[at] = f"Not reported: {explain(code, question.wave)[1]}."
            return False
        return True

    def _name(
        self,
        chosen: Indices,
        questions: Sequence[Question],
        files: dict[tuple[str, str], dict[int, list[int]]],
        out: Tally,
    ) -> None:
        """Name the files behind each answer, and the states where they are not all."""
        known: dict[tuple[str, str, str, bool], tuple[str, str | None]] = {}
        for at in chosen:
            q = questions[at]
            staffed = q.schools.endswith("officer") or q.comparator == "same_group"
            key = (q.place, q.wave, q.measure, staffed)
            if key not in known:
                modules = [from_schools.module_of(q.measure)] + ["support"] * staffed
                parts = [files.get((q.wave, module), {}) for module in modules]
                known[key] = self._cited(parts, q.place), _at_hand(parts[0], q.place)
            out.source[at], out.note[at] = known[key]

    def _cited(self, parts: list[dict[int, list[int]]], place: str) -> str:
        unit = from_schools.unit_of(place)
        numbers = [
            number
            for part in parts
            for key, found in part.items()
            if unit is None or key == unit
            for number in found
        ]
        names = [self._files[number] for number in dict.fromkeys(numbers)]
        if not names:
            return ""
        listed = "; ".join(name for _, name in names[:3])
        more = f"; and {len(names) - 3} more files" if len(names) > 3 else ""
        return f"US ED Office for Civil Rights, {names[0][0]}: {listed}{more}"


def _at_hand(units: dict[int, list[int]], place: str) -> str | None:
    if place.upper() != "US" or len(units) >= 50:
        return None
    names = sorted(POSTAL_OF_FIPS[f"{unit:02d}"] for unit in units)
    return f"only the schools at hand, which lie in {', '.join(names)}"


def _enrolled(tables: from_tables.Tables) -> dict[tuple[str, str], float]:
    """Give official enrollment by state and wave; under wave "" the latest known."""
    out: dict[tuple[str, str], float] = {}
    for (wave, element), table in sorted(tables.items()):
        if element == from_tables.ENROLLMENT:
            totals = table.of(Token())
            for state, at in from_tables.STATE_AT.items():
                if np.isfinite(totals[at]):
                    out[state, wave] = out[state, ""] = float(totals[at])
    return out


def _fits_table(q: Question) -> bool:
    return (
        q.policy == "published"
        and q.schools == "all"
        and q.average == "pooled"
        and q.comparator == "group"
    )


def _basis(q: Question, area: Span, tables: from_tables.Tables) -> str:
    """State tables are the default where they can answer: they are OCR's own sums."""
    if q.basis:
        return q.basis
    if area.state is None or not _fits_table(q):
        return "schools"
    here = from_tables.STATE_AT[area.state]
    has = all(
        (q.wave, element) in tables and np.isfinite(tables[q.wave, element].of(Token())[here])
        for element in (q.measure, from_tables.ENROLLMENT)
    )
    return "state_table" if has else "schools"


def _from_tables(
    tables: from_tables.Tables,
    wave: str,
    measure: str,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    places: dict[str, Span],
    out: Tally,
) -> None:
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
    at: int, state: int, events: Floats, students: Floats, hidden: Any, out: Tally
) -> None:
    if np.isnan(events[state]):
        out.why[at] = reasons.SUPPRESSED if hidden[state] else reasons.NOT_PUBLISHED
    elif np.isnan(students[state]):
        out.why[at] = reasons.NOT_PUBLISHED


def _by_side(
    chosen: Indices, questions: Sequence[Question], sides: Sequence[Sides], *, own: bool
) -> dict[tuple[tuple[Token, ...], str], list[int]]:
    """Give the positions in ``chosen`` of the questions that share a side."""
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


def _pooled(
    held: from_schools.Cube,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    out: Tally,
) -> None:
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


def _means(
    schools: school_means.Schools,
    chosen: Indices,
    questions: Sequence[Question],
    sides: Sequence[Sides],
    out: Tally,
) -> None:
    units, index = _units(schools.units, chosen, questions), np.array(chosen)
    measure = questions[chosen[0]].measure
    rows = np.zeros((2, len(chosen), 5))
    kept: dict[tuple[tuple[Token, ...], str], Any] = {}
    for side_at, own in enumerate((True, False)):
        masks = _masks(chosen, questions, own=own, strata=from_schools.STRATA)[:, :, None]
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
    masks = _masks(chosen, questions, own=True, strata=from_schools.STRATA)[:, :, None]
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
