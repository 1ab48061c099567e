"""Counts for many questions at once: which basis answers each, and the sums behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import numpy as np

from homeroom.evidence import ask
from homeroom.evidence.spans import Span, span
from homeroom.measures import answer as reasons
from homeroom.measures import from_schools, from_tables, school_means
from homeroom.measures.asked import Sides, Token
from homeroom.measures.question import Question
from homeroom.measures.tally import (
    Indices,
    Tally,
    count_from_tables,
    count_means,
    count_pooled,
)
from homeroom.vocabulary.ids import STATE_SPAN
from homeroom.vocabulary.states import POSTAL_OF_FIPS
from homeroom.vocabulary.status import explain

_WHOLE = 0.9
MOST_STATES = 40
"""Sums over the schools of fewer states than this are not offered as figures of the nation."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What the store can be asked: waves, states, and what answers for each."""

    waves: frozenset[str]
    states: tuple[str, ...]
    """Place ids of the states with a state table or school files."""
    _tables: frozenset[tuple[str, str, str]]
    _schools: frozenset[tuple[str, str, str]]

    def table(self, place: str, wave: str, measure: str) -> bool:
        """Tell whether a state table gives the measure's rates."""
        return (place, wave, measure) in self._tables

    def schools(self, place: str, wave: str, measure: str) -> bool:
        """Tell whether school files of the place's state, or of most states, hold the measure."""
        area = span(place)
        module = from_schools.module_of(measure)
        if area.kind == "nation":
            return sum(w == wave and m == module for _, w, m in self._schools) >= MOST_STATES
        return (state_id(area), wave, module) in self._schools


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
            count_from_tables(tables, wave, measure, chosen, questions, sides, places, out)
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

    def reach(self, con: duckdb.DuckDBPyConnection) -> Reach:
        """Tell what the store can be asked."""
        tables = frozenset(
            ("US" if state == "US" else f"US-{state}", wave, element)
            for (wave, element), table in self.tables(con).items()
            if (wave, from_tables.ENROLLMENT) in self.tables(con)
            for state, at in from_tables.STATE_AT.items()
            if np.isfinite(table.of(Token())[at])
        )
        files = self._sources_of(con, "state", None, ("any",))
        schools = frozenset(
            (f"US-{POSTAL_OF_FIPS[f'{unit:02d}']}", wave, module)
            for (wave, module), units in files.items()
            for unit in units
        )
        places = {place for place, _, _ in tables | schools} - {"US"}
        waves = frozenset(wave for _, wave, _ in tables | schools)
        return Reach(waves, tuple(sorted(places)), tables, schools)

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
            asked = files.get((wave, from_schools.module_of(measure)), {})
            inside = [
                at for at in members if self._place(at, questions[at], held, asked, places, out)
            ]
            self._name(inside, questions, files, out)
            pooled = [at for at in inside if questions[at].average == "pooled"]
            means = [at for at in inside if questions[at].average != "pooled"]
            count_pooled(held, pooled, questions, sides, out)
            if means:
                schools = self._schools_of(con, level, units, policy, wave, measure)
                count_means(schools, means, questions, sides, out)

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
        asked: Mapping[int, object],
        places: dict[str, Span],
        out: Tally,
    ) -> bool:
        """Set coverage; say why there is nothing, where there is nothing."""
        area = places[question.place]
        number = from_schools.unit_of(question.place)
        unit = held.at(number)
        unasked = number is not None and number not in asked
        if unit is None or held.enrolled[unit] == 0 or unasked:
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


def state_id(area: Span) -> str:
    """Give the place id of the state that a place lies in."""
    return f"US-{POSTAL_OF_FIPS[f'{area.low // STATE_SPAN:02d}']}"


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
