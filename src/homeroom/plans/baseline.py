"""A place as it is: students, levels, staff, and counts, school by school, in one wave.

Every number comes from ``figures``, and what those say of scope and doubt stays with it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.context.shootings import per_school
from homeroom.errors import BadInput
from homeroom.evidence import places, sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.figures.by_unit import count_units
from homeroom.figures.gaps import by_school
from homeroom.figures.missing import no_figure
from homeroom.figures.query_cache import QueryCache
from homeroom.plans.doubts import Behind, behind
from homeroom.plans.format.staffing import LEVELS, Where
from homeroom.plans.format.words import suggestion
from homeroom.text_gate import short
from homeroom.vocabulary.groups import ALL, RACES, Group
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.measures import MEASURES as KNOWN
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES, check_wave

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
MEASURES = ("arrests", "referrals", "oss", "expulsions", "offenses")
GROUPS = (ALL, *RACES, "idea")
UNKNOWN = -1
KINDS = ("juvenile", "alternative", "charter", "magnet", "special_education")
"""Marks of schools, in the order of the store's columns."""
_MARKS = ("juvenile", "alternative", "charter", "magnet", "special")


@dataclass(frozen=True, slots=True)
class Baseline:
    """One place in one wave. Arrays have one entry a school.

    Attributes
    ----------
    students
        -1 where the store has no enrollment of the school.
    staff
        Role to hundredths of full-time equivalents; -1 where the school did not report.
    screened
        The same without what quality rules doubt; empty where no role is doubtful as a whole.
    counts
        Measure to group to counts; not a number where the school did not report.
    behind
        What each role and measure speaks for: coverage, universe, doubts, and sources.
    notes
        What to know of the wave and of which schools the store holds.
    shooting_rate
        Shootings a school and year in the country, for the slider alone.
    kinds
        What each school is marked as: juvenile, alternative, charter, magnet, special_education;
        empty where the store marks none.
    """

    place: str
    name: str
    state: str | None
    wave: str
    schools: tuple[str, ...]
    names: tuple[str, ...]
    students: Ints
    level: tuple[str, ...]
    staff: dict[str, Ints]
    counts: dict[str, dict[str, NDArray[np.float64]]]
    notes: tuple[str, ...]
    shooting_rate: float | None
    screened: dict[str, Ints] = field(default_factory=dict)
    behind: dict[str, Behind] = field(default_factory=dict)
    kinds: tuple[frozenset[str], ...] = ()

    @property
    def enrolled(self) -> Flags:
        """Which schools have an enrollment in the store."""
        return np.asarray(self.students != UNKNOWN)

    def total(self, role: str) -> int:
        """Return hundredths of a role in the schools that reported it."""
        return int(self.staff[role][self.staff[role] > 0].sum())

    def doubtful(self, *subjects: str) -> list[Behind]:
        """Return what stands behind those roles and measures whose figure we doubt."""
        return [one for name in subjects if (one := self.behind.get(name)) and one.doubtful]

    def without_doubted(self) -> Baseline:
        """Return the place with doubtful staff taken as not reported."""
        return replace(self, staff=self.staff | self.screened)

    def as_dict(self) -> dict[str, Any]:
        """Return what the baseline rests on, role by role and measure by measure."""
        return {
            "place": self.place, "name": self.name, "wave": self.wave, "notes": list(self.notes),
            "schools": len(self.schools),
            "schools_without_enrollment": int((~self.enrolled).sum()),
            "figures": [one.as_dict() for one in self.behind.values()],
        }  # fmt: skip

    def at(self, where: Where, about: str) -> Flags:
        """Mark the schools that a plan means; nothing said marks all.

        Parameters
        ----------
        where
            Levels, names, ids, and what to leave out.
        about
            What is done there, for a refusal.

        Raises
        ------
        BadInput
            A name is no school of the place, or two schools have it; no school is of the level.
        """
        every = np.ones(len(self.schools), dtype=bool)
        chosen = every.copy()
        if where.names or where.levels:
            chosen = np.isin(self.level, where.levels) | self._named(where.names, about)
        if where.types:
            chosen = chosen & self._of_types(where.types, about)
        if where.excluding:
            chosen = chosen & ~self._named(where.excluding, about)
        if not chosen.any():
            raise BadInput(
                f"{about}: schools: no school of {self.name} in {self.wave} is of level "
                f"{' or '.join(where.levels) or 'meant'}: its schools are "
                f"{', '.join(sorted(set(self.level)))}."
            )
        return chosen

    def _of_types(self, types: tuple[str, ...], about: str) -> Flags:
        """Mark schools of the types meant; a regular school has no mark."""
        if not self.kinds:
            raise BadInput(f"{about}: types: the store marks no types of schools in {self.wave}.")
        wanted = set(types)
        if "vocational" in wanted:
            raise BadInput(
                f"{about}: types: public figures do not mark vocational schools: name them instead."
            )
        return np.array(
            [bool(kinds & wanted) or (not kinds and "regular" in wanted) for kinds in self.kinds]
        )

    def _named(self, names: tuple[str, ...], about: str) -> Flags:
        """Mark schools called by name or id."""
        marked = np.zeros(len(self.schools), dtype=bool)
        called = [name.casefold() for name in self.names]
        for name in names:
            key = name.removeprefix("school:")
            at = [self.schools.index(key)] if key in self.schools else [
                at for at, one in enumerate(called) if one == name.casefold()
            ]  # fmt: skip
            if not at:
                near = suggestion(name, (*self.names, *LEVELS))
                raise BadInput(
                    f"{about}: schools: expected a level, or names or 12-digit ids of schools of "
                    f"{self.place} in {self.wave}, found {short(name)}.{near}"
                )
            if len(at) > 1:
                ids = ", ".join(self.schools[one] for one in at)
                raise BadInput(
                    f"{about}: schools: {short(name)} is the name of {len(at)} schools: write the "
                    f"id of the one meant ({ids})."
                )
            marked[at] = True
        return marked


def baseline(store: Store, place: str, wave: str) -> Baseline:
    """Read a place from the store.

    Parameters
    ----------
    store
        What to ask.
    place
        Id of a district or a school.
    wave
        CRDC wave.

    Raises
    ------
    NotAvailable
        The store has no such place, or no staff of it in the wave.
    """
    check_wave(wave)
    area = place_range(place)
    found = places.facts(store.con, area)
    frame = by_school(store, area, wave)
    if frame.is_empty():
        raise no_figure(area, wave, "Staff")
    about = sql.frame(
        store.con,
        "SELECT school_no, name, low_grade, high_grade, juvenile, alternative, charter, magnet, "
        "special FROM school "
        "WHERE wave = ? AND school_no BETWEEN ? AND ?",
        [wave, area.low, area.high],
    )
    frame = frame.join(about, on="school_no", how="left").sort("school_no")
    numbers = [int(number) for number in frame["school_no"]]
    asked = _asked(store, area, wave)
    known = behind(store, area, wave, asked)
    doubted = [role for role in ROLES if role in known and known[role].doubtful]
    return Baseline(
        place=area.place_id,
        name=str(found["name"]),
        state=found["state"],
        wave=wave,
        schools=tuple(combokey_of(number) for number in numbers),
        names=tuple(name or "?" for name in frame["name"].to_list()),
        students=frame["students"].fill_null(UNKNOWN).to_numpy().astype(np.int64),
        level=tuple(level_of(*row) for row in frame.select("low_grade", "high_grade").rows()),
        staff={role: _hundredths(frame[role]) for role in ROLES},
        counts=_counts(store, area, wave, asked, numbers),
        notes=tuple(
            dict.fromkeys(n for n in (WAVES[wave].note, known[next(iter(known))].scope) if n)
        ),
        shooting_rate=per_school(store),
        screened=_screened(store, area, wave, doubted) if doubted else {},
        behind=known,
        kinds=tuple(
            frozenset(kind for kind, held in zip(KINDS, row, strict=True) if held)
            for row in frame.select(_MARKS).rows()
        ),
    )


def level_of(low: int | None, high: int | None) -> str:
    """Return a school's level from its grades, by the bounds of NCES's Common Core of Data."""
    if low is None or high is None:
        return "other"
    if low <= 3 and high <= 8:
        return "elementary"
    if 4 <= low <= 7 and high <= 9:
        return "middle"
    return "high" if low >= 7 and high == 12 else "other"


def _hundredths(column: pl.Series) -> Ints:
    return (column * 100).round().fill_null(UNKNOWN).to_numpy().astype(np.int64)


def _screened(store: Store, area: PlaceRange, wave: str, roles: list[str]) -> dict[str, Ints]:
    """Return the doubtful roles without what is doubted, in the order of the schools."""
    frame = by_school(store, area, wave, "screened")
    return {role: _hundredths(frame[role]) for role in roles}


def _asked(store: Store, area: PlaceRange, wave: str) -> tuple[str, ...]:
    """Return the measures of which the store has school files of the place's state and wave."""
    can = QueryCache.of(store).availability
    return tuple(one for one in MEASURES if can.schools(area.place_id, wave, one))


def _counts(
    store: Store, area: PlaceRange, wave: str, measures: tuple[str, ...], numbers: list[int]
) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Return counts by school; a school without enrollment has no count to take a share of."""
    ids = [f"school:{combokey_of(number)}" for number in numbers]
    made = {}
    for measure in measures:
        names = GROUPS if KNOWN[measure].by_race else (ALL,)
        found = count_units(
            store, measure, wave, [Group(name) for name in names],
            level="school", within=area.place_id, only=ids,
        )  # fmt: skip
        at = {place: position for position, place in enumerate(found.places)}
        held = np.array([at.get(place, UNKNOWN) for place in ids])
        made[measure] = {
            name: np.where(held == UNKNOWN, np.nan, _padded(found.events[row])[held])
            for row, name in enumerate(names)
        }
    return made


def _padded(events: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the counts with one more place at the end, for schools that the engine left out."""
    return np.append(events, np.nan)
