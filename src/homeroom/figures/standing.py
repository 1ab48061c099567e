"""What stands behind a figure: its universe, doubts, breaks, and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from homeroom.evidence import sql
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.quality import Rule, rules
from homeroom.figures import wording
from homeroom.figures.backing import Source
from homeroom.figures.count_arrays import CountArrays
from homeroom.figures.coverage import EVERY, Universe
from homeroom.figures.doubts import Doubt, Flagged, of_flags
from homeroom.figures.figure import DOUBTED as DOUBTED_REASON
from homeroom.figures.query_cache import QueryCache, ScopeCache, module_of
from homeroom.figures.question import Question
from homeroom.figures.scope import in_list, level_of, unit_of
from homeroom.figures.state_tables import STATE_AT
from homeroom.vocabulary.ids import LEA_SPAN, lea_number
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.status import NOT_APPLICABLE
from homeroom.vocabulary.waves import WAVES

SKIPPED = "The question is about grades that the school doesn't have."


@dataclass(frozen=True, slots=True)
class Behind:
    """What a figure carries beside its numbers."""

    universe: Universe
    doubts: tuple[Doubt, ...]
    breaks: tuple[str, ...]
    sources: tuple[Source, ...]
    note: str | None
    skipped: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Looks up what stands behind figures of one store; made anew for each call."""

    cache: QueryCache
    _kept: KeyedCache = field(default_factory=KeyedCache)

    def of(self, q: Question, counts: CountArrays, at: int) -> Behind:
        """Return what stands behind the figure of one question."""
        tabled, answered = counts.basis[at] == "state_table", counts.why[at] is None
        coverage = None if np.isnan(counts.coverage[at]) else float(counts.coverage[at])
        key = (q.place, q.wave, q.measure, q.policy, q.by_officers, tabled, answered, coverage)
        return self._kept.get(key, lambda: self._behind(q, counts, at, coverage))

    def _behind(self, q: Question, counts: CountArrays, at: int, coverage: float | None) -> Behind:
        area, scope = place_range(q.place), counts.scopes[at]
        tabled = counts.basis[at] == "state_table"
        universe = Universe() if tabled else self.universe(q, area, counts.in_store[at])
        doubts: tuple[Doubt, ...] = ()
        if q.policy == "published":
            subjects = (q.measure, "officer") if q.by_officers else (q.measure,)
            total = float(counts.total[at])
            # States and the nation are few, and asked again and again.
            kept = self.cache.store.cache if area.state else self._kept
            doubts = kept.get(
                ("doubts", q.place, q.wave, subjects, scope is None, str(total)),
                lambda: self.doubts(area, q.wave, subjects, scope, {q.measure: total}),
            )
        # A figure left out as doubtful was reported: its reason says so.
        said = None if counts.why[at] == DOUBTED_REASON else coverage
        return Behind(
            universe, doubts, breaks_of(q.measure, q.wave, tabled=tabled),
            self._table_sources(q, area) if tabled else self._file_sources(q, area, scope),
            wording.note(universe, said, doubts, wording.whole_of(area), q.policy),
            self._skipped(q, area) if not tabled and counts.why[at] is None else None,
        )  # fmt: skip

    def universe(self, q: Question, area: PlaceRange, in_store: float) -> Universe:
        """Return which schools a sum was asked of."""
        share = None if np.isnan(in_store) else float(in_store)
        if area.kind != "nation":
            return Universe(students=share)
        every = self.cache.availability.files
        states = sorted(
            place[3:] for place, wave, module in every
            if (wave, module) == (q.wave, module_of(q.measure))
        )  # fmt: skip
        return Universe(() if len(states) >= EVERY else tuple(states), students=share)

    def doubts(
        self,
        area: PlaceRange,
        wave: str,
        subjects: Iterable[str],
        scope: ScopeCache | None,
        totals: dict[str, float],
    ) -> tuple[Doubt, ...]:
        """Return the doubts that touch a place's figures of a wave.

        Parameters
        ----------
        subjects
            Measures and roles that the figure rests on.
        scope
            Arrays that hold the place's schools; None to look the flags up.
        totals
            Subject to the place's total of events or full-time equivalents.
        """
        flags = self._flags(area, scope)
        if not flags and area.state is None:
            return ()  # most districts and schools; only larger places have errata beyond flags
        wanted = set(subjects)
        flagged = _added(one for when, one in flags if when == wave and one[0] in wanted)
        known = {(rule, subject) for subject, rule, *_ in flagged}
        errata = self._errata(area, wave, wanted, known)
        return of_flags(flagged, totals, self._enrolled(area, wave), errata)

    def _flags(self, area: PlaceRange, scope: ScopeCache | None) -> list[tuple[str, Flagged]]:
        """Return what rules flag in a place, with the wave: a lookup, for places are thousands."""
        cached = scope or self.cache.every(level_of(area))
        by_unit = cached.flags_by_unit(self.cache.store)
        unit = unit_of(area.place_id)
        if unit is None:
            return [flag for found in by_unit.values() for flag in found]
        return by_unit.get(unit, [])

    def _enrolled(self, area: PlaceRange, wave: str) -> float:
        """Return the students that a doubted share is taken of."""
        if area.state and (official := self.cache.official.of(area.state, wave)):
            return official
        if area.kind == "district":
            return self._by_district(wave).get(area.low // LEA_SPAN, 0.0)

        def make() -> float:
            rows = sql.rows(
                self.cache.store.con,
                "SELECT sum(students) FROM school_size "
                "WHERE wave = ? AND school_no BETWEEN ? AND ?",
                [wave, area.low, area.high],
            )
            return float(rows[0][0] or 0)

        return self._kept.get(("enrolled", area.place_id, wave), make)

    def _by_district(self, wave: str) -> dict[int, float]:
        """Return the students of every district of a wave: whoever asks often asks of many."""

        def make() -> dict[int, float]:
            rows = sql.rows(
                self.cache.store.con,
                f"SELECT school_no // {LEA_SPAN}, sum(students) FROM school_size "
                "WHERE wave = ? GROUP BY 1",
                [wave],
            )
            return {int(lea): float(students or 0) for lea, students in rows}

        return self.cache.store.cache.get(("students of districts", wave), make)

    def _errata(
        self, area: PlaceRange, wave: str, subjects: set[str], flagged: set[tuple[str, str]]
    ) -> list[Doubt]:
        """Return errata of districts in a larger place whose schools the store does not hold."""
        if area.state is None:
            return []
        sizes, enrolled = self._sizes(), max(self._enrolled(area, wave), 1.0)
        found = []
        for rule in rules().values():
            inside = _districts_inside(rule, area, wave)
            share = min(sum(sizes.get(leaid, 0.0) for leaid in inside) / enrolled, 1.0)
            found += [
                Doubt(rule.id, subject, 0, share)
                for subject in sorted(subjects & set(rule.subjects))
                if inside and (rule.id, subject) not in flagged
            ]
        return found

    def _sizes(self) -> dict[str, float]:
        """Return the students of the districts that errata name."""

        def make() -> dict[str, float]:
            leas = sorted({leaid for rule in rules().values() for leaid in rule.leaids})
            rows = sql.rows(
                self.cache.store.con,
                f"SELECT leaid, students FROM place WHERE kind = 'district' "
                f"AND leaid IN ({in_list(leas)}) AND students IS NOT NULL",
            )
            return {str(lea): float(students) for lea, students in rows}

        return self.cache.store.cache.get("sizes of errata", make)

    def _table_sources(self, q: Question, area: PlaceRange) -> tuple[Source, ...]:
        table = self.cache.tables.get((q.wave, q.measure))
        return () if table is None else table.sources.get(STATE_AT.get(area.state or "", -1), ())

    def _file_sources(
        self, q: Question, area: PlaceRange, scope: ScopeCache | None
    ) -> tuple[Source, ...]:
        if scope is None:
            return ()
        files = scope.files(self.cache)
        unit = unit_of(area.place_id)
        modules = [module_of(q.measure), *(["support"] if q.by_officers else [])]
        numbers: set[int] = set()
        for module in modules:
            held = files.get((q.wave, module), {})
            mine = held.values() if unit is None else [held.get(unit, ())]
            numbers.update(number for found in mine for number in found)
        return self._kept.get(("sources", frozenset(numbers)), lambda: self._named(numbers))

    def _named(self, numbers: Iterable[int]) -> tuple[Source, ...]:
        known = self.cache.sources
        return tuple(sorted({known[n] for n in numbers}, key=lambda s: (s.title, s.name)))

    def _skipped(self, q: Question, area: PlaceRange) -> str | None:
        """Say when a school's zero is structural: the question was on grades it doesn't have."""
        if area.kind != "school":
            return None
        of = MEASURES[q.measure]
        skipped = self._kept.get(("skipped", q.place), lambda: self._passed_over(area))
        asked = {(q.wave, element, part) for element in of.elements for part in of.parts}
        return SKIPPED if asked & skipped else None

    def _passed_over(self, area: PlaceRange) -> set[tuple[str, str, str]]:
        """Return wave, element, and part of the questions that a school skipped."""
        rows = sql.rows(
            self.cache.store.con,
            f"SELECT DISTINCT wave, element, disability FROM unanswered WHERE school_no = ? "
            f"AND code = {NOT_APPLICABLE}",
            [area.low],
        )
        return {(str(wave), str(element), str(part)) for wave, element, part in rows}


def _added(flags: Iterable[Flagged]) -> list[Flagged]:
    """Add up flags of the same subject and rule, as of the states that make the nation."""
    out: dict[tuple[str, str], Flagged] = {}
    for subject, rule, schools, amount, students in flags:
        _, _, many, more, others = out.get((subject, rule), (subject, rule, 0, 0.0, 0.0))
        out[subject, rule] = (
            subject, rule, many + schools, more + (amount or 0.0), others + (students or 0.0)
        )  # fmt: skip
    return [out[key] for key in sorted(out)]


def breaks_of(measure: str, wave: str, *, tabled: bool) -> tuple[str, ...]:
    """Return why a wave must not be compared with the one before as if nothing had changed."""
    of = WAVES[wave]
    reasons = of.table_breaks if tabled else of.breaks
    return tuple(dict.fromkeys((*reasons, *of.notes_for(measure))))


def _districts_inside(rule: Rule, area: PlaceRange, wave: str) -> list[str]:
    """Return the districts of an erratum of a wave that lie in a place."""
    if wave not in rule.waves:
        return []
    return [leaid for leaid in rule.leaids if area.low <= lea_number(leaid) * LEA_SPAN <= area.high]
