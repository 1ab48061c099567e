"""Counts for many questions at once: which basis answers each, and the sums behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import duckdb
import numpy as np
import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures import cube, from_schools, from_tables, school_means
from homeroom.figures import figure as reasons
from homeroom.figures.cell_weights import Sides, Token
from homeroom.figures.count_arrays import (
    CountArrays,
    Indices,
    count_from_tables,
    count_means,
    count_pooled,
)
from homeroom.figures.keyed_cache import KeyedCache
from homeroom.figures.question import Question
from homeroom.figures.school_arrays import SchoolArrays
from homeroom.vocabulary.ids import STATE_SPAN
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import POSTAL_OF_FIPS
from homeroom.vocabulary.status import explain

_WHOLE = 0.9
MOST_STATES = 40
"""Sums over the schools of fewer states than this are not offered as figures of the nation."""


@dataclass(frozen=True, slots=True)
class Availability:
    """What the store can be asked: waves, states, and what answers for each."""

    waves: frozenset[str]
    states: tuple[str, ...]
    """Place ids of the states with a state table or school files."""
    _tables: frozenset[tuple[str, str, str]]
    _schools: frozenset[tuple[str, str, str]]

    def table(self, place: str, wave: str, measure: str) -> bool:
        """Return whether a state table gives the measure's rates."""
        return (place, wave, measure) in self._tables

    def schools(self, place: str, wave: str, measure: str) -> bool:
        """Return whether school files of the place's state, or of most states, hold the measure."""
        module = from_schools.module_of(measure)
        state = _state_of(place)
        if state is None:
            return sum(w == wave and m == module for _, w, m in self._schools) >= MOST_STATES
        return (state, wave, module) in self._schools


@dataclass(frozen=True, slots=True)
class _Ground:
    """What every question needs to know of a store."""

    tables: from_tables.Tables
    official: dict[tuple[str, str], float]
    """Enrollment by state and wave; see :func:`_enrolled`."""
    files: dict[int, tuple[str, str]]
    answered: frozenset[tuple[str, str]]
    """Waves and modules of which there are school files."""


@dataclass(frozen=True, slots=True)
class _Pile:
    """Schools of one level: all of them, or those of some units."""

    level: str
    units: frozenset[int] | None
    kept: KeyedCache

    def roll(self, wave: str) -> SchoolArrays:
        """Return the schools of a wave."""
        scope = from_schools.scope_of(self.level, self.units, "published", (wave,))
        return self.kept.get(("roll", wave), lambda: SchoolArrays(scope))


@dataclass(frozen=True, slots=True)
class QueryCache:
    """What was read from one store, kept for the next questions; several threads may ask at once.

    Only what is read for states is kept: it is small and serves every question on them.
    """

    _kept: KeyedCache = field(default_factory=KeyedCache)

    def tally(
        self, con: duckdb.DuckDBPyConnection, questions: Sequence[Question], sides: Sequence[Sides]
    ) -> CountArrays:
        """Count for every question."""
        out = CountArrays(len(questions))
        places = {place: place_range(place) for place in {q.place for q in questions}}
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

    def _ground(self, con: duckdb.DuckDBPyConnection) -> _Ground:
        def make() -> _Ground:
            tables = from_tables.load(con)
            found = sql.rows(con, "SELECT DISTINCT wave, module FROM answered")
            answered = frozenset((str(wave), str(module)) for wave, module in found)
            return _Ground(tables, _enrolled(tables), from_schools.file_names(con), answered)

        return self._kept.get("ground", make)

    def tables(self, con: duckdb.DuckDBPyConnection) -> from_tables.Tables:
        """Return every state table."""
        return self._ground(con).tables

    def reach(self, con: duckdb.DuckDBPyConnection) -> Availability:
        """Tell what the store can be asked."""
        return self._kept.get("reach", lambda: self._reach(con))

    def _reach(self, con: duckdb.DuckDBPyConnection) -> Availability:
        tables = frozenset(
            ("US" if state == "US" else f"US-{state}", wave, element)
            for (wave, element), table in self.tables(con).items()
            if (wave, from_tables.ENROLLMENT) in self.tables(con)
            for state, at in from_tables.STATE_AT.items()
            if np.isfinite(table.of(Token())[at])
        )
        files = self._sources_of(con, self._pile("state", None), ("any",))
        schools = frozenset(
            (f"US-{POSTAL_OF_FIPS[f'{unit:02d}']}", wave, module)
            for (wave, module), units in files.items()
            for unit in units
        )
        places = {place for place, _, _ in tables | schools} - {"US"}
        waves = frozenset(wave for _, wave, _ in tables | schools)
        return Availability(waves, tuple(sorted(places)), tables, schools)

    def _pile(self, level: str, units: frozenset[int] | None) -> _Pile:
        return _Pile(level, units, self._kept if level == "state" else KeyedCache())

    def _from_schools(
        self,
        con: duckdb.DuckDBPyConnection,
        level: str,
        policy: str,
        chosen: Indices,
        questions: Sequence[Question],
        sides: Sequence[Sides],
        places: dict[str, PlaceRange],
        out: CountArrays,
    ) -> None:
        groups: dict[tuple[str, str], Indices] = defaultdict(list)
        ground = self._ground(con)
        for at in chosen:
            q = questions[at]
            if (q.wave, from_schools.module_of(q.measure)) in ground.answered:
                groups[q.wave, q.measure].append(at)
            else:
                out.why[at] = reasons.NOT_AT_HAND
        if not groups:
            return
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
        pile = self._pile(level, units)
        covered = self._covered(con, pile, policy, groups)
        files = self._sources_of(con, pile, tuple(sorted({wave for wave, _ in groups})))
        for (wave, measure), members in groups.items():
            held = _cube_of(con, pile, policy, wave, measure, covered, stratified=stratified)
            asked = files.get((wave, from_schools.module_of(measure)), {})
            inside = [
                at
                for at in members
                if _place(at, questions[at], held, asked, places, ground.official, out)
            ]
            _name(inside, questions, files, ground.files, out)
            pooled = [at for at in inside if questions[at].average == "pooled"]
            means = [at for at in inside if questions[at].average != "pooled"]
            count_pooled(held, pooled, questions, sides, out)
            if means:
                schools = _schools_of(con, pile, policy, wave, measure)
                count_means(schools, means, questions, sides, out)

    def _covered(
        self,
        con: duckdb.DuckDBPyConnection,
        pile: _Pile,
        policy: str,
        asked: Collection[tuple[str, str]],
    ) -> pl.DataFrame:
        """Return who reported, for what is asked; for states at once for all that can be asked."""
        if pile.level == "state":
            asked = self._ground(con).answered
        waves = tuple(sorted({wave for wave, _ in asked}))
        measures = (
            tuple(MEASURES) if pile.level == "state" else tuple(sorted({m for _, m in asked}))
        )
        scope = from_schools.scope_of(pile.level, pile.units, policy, waves)
        return pile.kept.get(("covered", policy), lambda: cube.coverage(con, measures, scope))

    def _sources_of(
        self, con: duckdb.DuckDBPyConnection, pile: _Pile, waves: tuple[str, ...]
    ) -> dict[tuple[str, str], dict[int, list[int]]]:
        if not waves:
            return {}
        if pile.level == "state":  # every wave: they are few, and asked for often
            waves = tuple(sorted({wave for wave, _ in self._ground(con).answered}))
        return pile.kept.get(
            "sources", lambda: from_schools.sources(con, pile.level, pile.units, waves)
        )


def _cube_of(
    con: duckdb.DuckDBPyConnection,
    pile: _Pile,
    policy: str,
    wave: str,
    measure: str,
    covered: pl.DataFrame,
    *,
    stratified: bool,
) -> from_schools.Cube:
    scope = from_schools.scope_of(pile.level, pile.units, policy, (wave,))
    return pile.kept.get(
        ("cube", policy, wave, measure),
        lambda: from_schools.load(
            con, pile.roll(wave), scope, measure, covered, stratified=stratified
        ),
    )


def _schools_of(
    con: duckdb.DuckDBPyConnection, pile: _Pile, policy: str, wave: str, measure: str
) -> school_means.Schools:
    width = from_schools.WIDTH[pile.level]
    return pile.kept.get(
        ("schools", policy, wave, measure),
        lambda: school_means.load(con, pile.roll(wave), policy, measure, width),
    )


def _place(
    at: int,
    question: Question,
    held: from_schools.Cube,
    asked: Mapping[int, object],
    places: dict[str, PlaceRange],
    official_of: Mapping[tuple[str, str], float],
    out: CountArrays,
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
        official = official_of.get((area.state, question.wave)) or official_of.get(
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
    chosen: Indices,
    questions: Sequence[Question],
    files: dict[tuple[str, str], dict[int, list[int]]],
    names: Mapping[int, tuple[str, str]],
    out: CountArrays,
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
            known[key] = _cited(parts, q.place, names), _at_hand(parts[0], q.place)
        out.source[at], out.note[at] = known[key]


def _cited(
    parts: list[dict[int, list[int]]], place: str, known: Mapping[int, tuple[str, str]]
) -> str:
    unit = from_schools.unit_of(place)
    numbers = [
        number
        for part in parts
        for key, found in part.items()
        if unit is None or key == unit
        for number in found
    ]
    names = [known[number] for number in dict.fromkeys(numbers)]
    if not names:
        return ""
    listed = "; ".join(name for _, name in names[:3])
    more = f"; and {len(names) - 3} more files" if len(names) > 3 else ""
    return f"US ED Office for Civil Rights, {names[0][0]}: {listed}{more}"


@lru_cache(maxsize=4_096)
def _state_of(place: str) -> str | None:
    area = place_range(place)
    return None if area.kind == "nation" else state_id(area)


def state_id(area: PlaceRange) -> str:
    """Return the place id of the state that a place lies in."""
    return f"US-{POSTAL_OF_FIPS[f'{area.low // STATE_SPAN:02d}']}"


def _at_hand(units: dict[int, list[int]], place: str) -> str | None:
    if place.upper() != "US" or len(units) >= 50:
        return None
    names = sorted(POSTAL_OF_FIPS[f"{unit:02d}"] for unit in units)
    return f"only the schools at hand, which lie in {', '.join(names)}"


def _enrolled(tables: from_tables.Tables) -> dict[tuple[str, str], float]:
    """Return official enrollment by state and wave; under wave "" the latest known."""
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


def _basis(q: Question, area: PlaceRange, tables: from_tables.Tables) -> str:
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
