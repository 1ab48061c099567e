"""A place as it is: students, levels, staff and counts, school by school, in one wave."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.errors import BadInput
from homeroom.evidence import places, sql
from homeroom.evidence.place_ids import place_range
from homeroom.figures import coverage, cube
from homeroom.figures.gaps import by_school
from homeroom.figures.scope import Scope, nothing_at_hand
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
MEASURES = ("arrests", "referrals", "oss", "expulsions", "offenses")
GROUPS = (ALL, *RACES, "idea")
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Baseline:
    """One place in one wave. Arrays have one entry a school; staff are hundredths, -1 unknown."""

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
    """Measure to group to counts; not a number where the school did not report."""
    notes: tuple[str, ...]
    shooting_rate: float | None
    """Shootings a school and year in the country, for the slider alone."""

    def total(self, role: str) -> int:
        """Return hundredths of a role in the schools that reported it."""
        return int(self.staff[role][self.staff[role] > 0].sum())

    def at(self, schools: tuple[str, ...], where: str) -> Flags:
        """Mark named schools; nothing named marks all.

        Raises
        ------
        BadInput
            A name is no school of the place.
        """
        if not schools:
            return np.ones(len(self.schools), dtype=bool)
        wanted = {name.removeprefix("school:") for name in schools}
        if strange := sorted(wanted - set(self.schools)):
            raise BadInput(
                f"{where}: expected 12-digit ids of schools of {self.place} in {self.wave}, found "
                f"{strange[0]!r}: `homeroom find` gives ids."
            )
        return np.array([school in wanted for school in self.schools])


def baseline(con: duckdb.DuckDBPyConnection, place: str, wave: str) -> Baseline:
    """Read a place from the store.

    Raises
    ------
    NotAvailable
        The store has no such place, or no staff of it in the wave.
    """
    area = place_range(place)
    found = places.facts(con, area)
    scope = Scope(area, (wave,))
    frame = by_school(con, scope)
    if frame.is_empty():
        raise nothing_at_hand(area, wave, "Staff")
    about = sql.frame(
        con, f"SELECT school_no, name, low_grade, high_grade FROM school WHERE {scope.where}"
    )
    frame = frame.join(about, on="school_no", how="left").sort("school_no")
    numbers = frame["school_no"].to_list()
    return Baseline(
        place=area.place_id,
        name=found["name"],
        state=found["state"],
        wave=wave,
        schools=tuple(combokey_of(number) for number in numbers),
        names=tuple(name or "?" for name in frame["name"].to_list()),
        students=frame["students"].to_numpy().astype(np.int64),
        level=tuple(level_of(*row) for row in frame.select("low_grade", "high_grade").rows()),
        staff={role: _hundredths(frame[role]) for role in ROLES},
        counts=_counts(con, scope, numbers),
        notes=tuple(
            note for note in (WAVES[wave].note, coverage.note(con, area, wave, "support")) if note
        ),
        shooting_rate=_shooting_rate(con),
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


def _counts(
    con: duckdb.DuckDBPyConnection, scope: Scope, numbers: list[int]
) -> dict[str, dict[str, NDArray[np.float64]]]:
    wide = Scope(scope.span, scope.waves, scope.policy, level="school")
    at = {number: place for place, number in enumerate(numbers)}
    quiet = sql.frame(con, f"SELECT measure, school_no FROM ({wide.quiet})")
    asked = {row[0] for row in sql.rows(con, _ASKED.format(where=wide.where))}
    made = {}
    for measure in MEASURES:
        if measure not in asked:
            continue
        plain = measure == "offenses"
        counted = {group: np.zeros(len(numbers)) for group in ((ALL,) if plain else GROUPS)}
        axes: tuple[tuple[str, ...], ...] = ((),) if plain else (("race",), ("disability",))
        for by in axes:
            frame = cube.by_groups(con, (measure,), wide, by)
            for unit, race, part, events in frame.select(
                "unit", "race", "disability", "events"
            ).rows():
                group = part if by == ("disability",) else race
                if unit in at and group in counted:
                    counted[group][at[unit]] = events
        for number in quiet.filter(pl.col("measure") == measure)["school_no"]:
            for values in counted.values():
                if number in at:
                    values[at[number]] = np.nan
        made[measure] = counted
    return made


_ASKED = """
SELECT DISTINCT measure FROM measure_element SEMI JOIN (SELECT DISTINCT module FROM answered
WHERE {where}) USING (module)
"""


def _shooting_rate(con: duckdb.DuckDBPyConnection) -> float | None:
    """Return shootings a school and year: the five years to 2023-24 over all public schools."""
    years = sql.rows(
        con,
        "SELECT sum(incidents), count(DISTINCT school_year) FROM incident_year "
        "WHERE school_year BETWEEN '2019-20' AND '2023-24'",
    )
    schools = sql.rows(
        con,
        "SELECT schools FROM official_estimate WHERE wave = '2017-18' AND state = 'US' "
        "AND element = 'enrollment' AND race = 'all' AND sex = 'all' AND disability = 'all'",
    )
    if not years or not years[0][1] or not schools:
        return None
    return float(years[0][0] / years[0][1] / schools[0][0])
