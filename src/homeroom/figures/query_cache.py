"""What counting has read from one store, kept for the next questions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.evidence.place_ids import PlaceRange
from homeroom.evidence.store import Store
from homeroom.figures import school_means, state_tables, unit_counts
from homeroom.figures.availability import Availability
from homeroom.figures.backing import Source
from homeroom.figures.cell_weights import ENROLLMENT
from homeroom.figures.doubts import Flagged
from homeroom.figures.school_arrays import SchoolArrays
from homeroom.figures.scope import Scope, scope_of
from homeroom.figures.unit_counts import UnitCounts
from homeroom.vocabulary.groups import Crossing
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import POSTAL_OF_FIPS

EVERY_STATE = Scope("state")
_FEW = 3
"""Up to this many states are read alone, until so many have been asked for: whoever asks about more
of them will ask about others, and then all are read at once."""
_RECENT = 16
"""Districts and schools whose arrays are kept, so that a page's questions read them once."""

FlagsByUnit = dict[int, list[tuple[str, Flagged]]]
"""Unit to wave and flag."""
Files = dict[tuple[str, str], dict[int, tuple[int, ...]]]
"""Wave and module to unit to numbers of files."""


@dataclass(frozen=True, slots=True)
class Official:
    """Enrollment that OCR's state tables give, to measure the schools in the store against."""

    students: dict[tuple[str, str], float]

    def of(self, state: str, wave: str) -> float | None:
        """Return students of a state (or US) in a wave; the latest known where it has none."""
        return self.students.get((state, wave)) or self.students.get((state, ""))


@dataclass(frozen=True, slots=True)
class QueryCache:
    """What was read from one store; several threads may ask at once.

    Arrays of states are kept: they are few and serve every question on states and the nation.
    Those of districts and schools are kept for the most recent ones.
    """

    store: Store
    _kept: KeyedCache = field(default_factory=KeyedCache)
    _recent: KeyedCache = field(default_factory=lambda: KeyedCache(_RECENT))
    _held: KeyedCache = field(default_factory=KeyedCache)
    _alone: set[Scope] = field(default_factory=set)
    _together: list[Scope] = field(default_factory=list)

    @classmethod
    def of(cls, store: Store) -> QueryCache:
        """Return the cache of a store."""
        return store.cache.get("figures", lambda: cls(store))

    @property
    def tables(self) -> state_tables.Tables:
        """Every state table, by wave and measure."""
        return self._kept.get("tables", lambda: state_tables.load(self.store.con))

    @property
    def official(self) -> Official:
        """Official enrollment of states and the nation."""
        return self._kept.get("official", lambda: _official(self.tables))

    @property
    def answered(self) -> frozenset[tuple[str, str]]:
        """Waves and modules of which the store has school files."""

        def make() -> frozenset[tuple[str, str]]:
            found = sql.rows(self.store.con, "SELECT DISTINCT wave, module FROM answered")
            return frozenset((str(wave), str(module)) for wave, module in found)

        return self._kept.get("answered", make)

    @property
    def sources(self) -> dict[int, Source]:
        """Every file of the store by its number."""

        def make() -> dict[int, Source]:
            rows = sql.rows(
                self.store.con,
                "SELECT source_id, title, name, sha256, publication FROM source_file",
            )
            return {number: Source(*found) for number, *found in rows}

        return self._kept.get("sources", make)

    def nobody_enrolled(self, wave: str, area: PlaceRange) -> bool:
        """Return whether a place without students has a school that reported none enrolled.

        Parameters
        ----------
        wave
            A wave of which the store has no student of the place.
        area
            The place.
        """

        def make() -> npt.NDArray[np.int64]:
            found = sql.frame(
                self.store.con,
                "SELECT DISTINCT school_no FROM answered WHERE module = ? AND wave = ? "
                "AND (wave, school_no) NOT IN "
                "(SELECT (wave, school_no) FROM unanswered WHERE element = 'ENR') "
                "AND (wave, school_no) NOT IN "
                "(SELECT (wave, school_no) FROM school_size WHERE students > 0) ORDER BY school_no",
                [MEASURES[ENROLLMENT].module, wave],
            )
            return found["school_no"].to_numpy()

        empty = self._kept.get(("nobody", wave), make)
        at = int(np.searchsorted(empty, area.low))
        return at < len(empty) and bool(empty[at] <= area.high)

    @property
    def availability(self) -> Availability:
        """What the store can be asked."""
        return self._kept.get("availability", self._availability)

    def _availability(self) -> Availability:
        tables = frozenset(
            ("US" if state == "US" else f"US-{state}", wave, measure)
            for (wave, measure), table in self.tables.items()
            for state, at in state_tables.STATE_AT.items()
            if np.isfinite(table.of(Crossing())[at])
        )
        schools = frozenset(
            (f"US-{POSTAL_OF_FIPS[f'{unit:02d}']}", wave, module)
            for (wave, module), units in self.files(EVERY_STATE).items()
            for unit in units
        )
        return Availability(tables, schools)

    def scope(self, areas: Iterable[PlaceRange]) -> Scope:
        """Return the scope to read for places of one level: all states where that is kept."""
        wanted = self.held(scope_of(areas))
        if wanted.level != "state" or wanted in self._alone:
            return wanted
        few = wanted.units is not None and len(wanted.units) <= _FEW
        if few and len(self._alone) < _FEW and ("arrays", EVERY_STATE) not in self._kept:
            self._alone.add(wanted)
            return wanted
        return EVERY_STATE

    def hold(self, scope: Scope) -> None:
        """Read these districts or schools together from now on, until something else is held.

        For whoever asks about each in turn: one statement then serves them all. The figures are
        the same. Hold no more than a state: sums over the groups of all its schools are kept.

        Parameters
        ----------
        scope
            Places of one level; a scope that was held of that level is let go.
        """
        for one in [one for one in self._together if one.level == scope.level]:
            self._together.remove(one)
        self._held.clear()
        self._together.append(scope)

    def held(self, wanted: Scope) -> Scope:
        """Return the scope to read for another: one that is held and has its places, or itself."""
        if wanted.units is None:
            return wanted
        fitting = (
            one for one in self._together
            if one.level == wanted.level and one.units and wanted.units <= one.units
        )  # fmt: skip
        return next(fitting, wanted)

    def every(self, level: str) -> ScopeCache:
        """Return what is read for every place of a level; the arrays are those of the states."""
        states = self.cache_of(EVERY_STATE)
        if level == "state":
            return states
        arrays = states.arrays.at_level(level)
        return self._kept.get(("arrays", arrays.scope), lambda: ScopeCache(arrays))

    def cache_of(self, scope: Scope) -> ScopeCache:
        """Return what is read for a scope, as long as it is kept."""
        kept = self._kept if scope.level == "state" else self._recent
        if scope in self._together:
            kept = self._held
        return kept.get(("arrays", scope), lambda: ScopeCache(SchoolArrays(scope)))

    def files(self, scope: Scope) -> Files:
        """Return the files behind each wave, module, and unit."""
        frame = sql.frame(
            self.store.con,
            f"SELECT wave, module, school_no // {scope.width} AS unit, source_id FROM answered "
            f"WHERE {scope.where} GROUP BY ALL ORDER BY ALL",
        )
        out: Files = {}
        for wave, module, unit, source in frame.rows():
            found = out.setdefault((wave, module), {})
            found[unit] = (*found.get(unit, ()), source)
        return out


@dataclass(frozen=True, slots=True)
class ScopeCache:
    """Arrays of a scope, and the sums made from them."""

    arrays: SchoolArrays
    _kept: KeyedCache = field(default_factory=KeyedCache)

    @property
    def scope(self) -> Scope:
        """The schools."""
        return self.arrays.scope

    def counts(
        self, store: Store, wave: str, measure: str, policy: str, *, stratified: bool = True
    ) -> UnitCounts:
        """Return sums by unit, and by stratum where asked or where states are kept."""
        parts = stratified or self.scope.level == "state"
        return self._kept.get(
            ("counts", wave, measure, policy, parts),
            lambda: unit_counts.load(
                store.con, self.arrays, wave, measure, policy, stratified=parts
            ),
        )

    def means(self, store: Store, wave: str, measure: str, policy: str) -> school_means.SchoolMeans:
        """Return what means of school rates are taken from."""
        return self._kept.get(
            ("means", wave, measure, policy),
            lambda: school_means.load(store.con, self.arrays, wave, measure, policy),
        )

    def files(self, cache: QueryCache) -> Files:
        """Return the files behind each wave, module, and unit; read once for a scope."""
        return self._kept.get("files", lambda: cache.files(self.scope))

    def doubts(self, store: Store) -> pl.DataFrame:
        """Return flags summed by unit: see :func:`flag_sums`."""
        return self._kept.get(
            "doubts", lambda: flag_sums(self.arrays.flags(store.con), self.scope.width)
        )

    def flags_by_unit(self, store: Store) -> FlagsByUnit:
        """Return the same as lists, a unit's apart, each with its wave: places are thousands."""

        def make() -> FlagsByUnit:
            out: FlagsByUnit = {}
            rows = self.doubts(store).select(
                "unit", "wave", "subject", "rule", "schools", "amount", "students"
            )
            for unit, wave, *one in rows.rows():
                out.setdefault(unit, []).append((wave, (one[0], one[1], one[2], one[3], one[4])))
            return out

        return self._kept.get("flags by unit", make)


def flag_sums(flags: pl.DataFrame, width: int) -> pl.DataFrame:
    """Sum flagged schools by unit, wave, subject, and rule; rule ``any`` counts each school once.

    Returns
    -------
    polars.DataFrame
        unit, wave, subject, rule, schools, amount (events or full-time equivalents), students.
    """
    keyed = flags.with_columns(unit=pl.col("school_no") // width)
    once = keyed.unique(["wave", "subject", "school_no"], maintain_order=True)
    both = pl.concat([keyed, once.with_columns(rule=pl.lit("any"))])
    return both.group_by("unit", "wave", "subject", "rule").agg(
        schools=pl.len(), amount=pl.col("amount").sum(), students=pl.col("students").sum()
    ).sort("unit", "wave", "subject", "rule")  # fmt: skip


def _official(tables: state_tables.Tables) -> Official:
    out: dict[tuple[str, str], float] = {}
    for (wave, measure), table in sorted(tables.items(), key=lambda item: item[0]):
        if measure == ENROLLMENT:
            totals = table.of(Crossing())
            for state, at in state_tables.STATE_AT.items():
                if np.isfinite(totals[at]):
                    out[state, wave] = out[state, ""] = float(totals[at])
    return Official(out)


def module_of(measure: str) -> str:
    """Return the module in which a measure is asked."""
    return MEASURES[measure].module
