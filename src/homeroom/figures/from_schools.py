"""Counts for questions that sums over schools answer: arrays read once, then matrix products.

Arrays have the axes unit (state, district or school), stratum (see :mod:`homeroom.figures.school_arrays`)
and cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.evidence import sql
from homeroom.evidence.place_ids import place_range
from homeroom.figures.school_arrays import STRATA, SchoolArrays
from homeroom.figures.scope import LEVELS, Scope
from homeroom.statistics.statistic import Bools, Floats
from homeroom.vocabulary.measures import MEASURES

_OFFICER = np.arange(STRATA) // 4
"""0 unknown, 1 with an officer (FTE > 0), 2 without (FTE = 0)."""
FILTERS: dict[str, NDArray[np.bool_]] = {
    "all": np.ones(STRATA, dtype=bool),
    "with_officer": _OFFICER == 1,
    "without_officer": _OFFICER == 2,
    "regular": np.arange(STRATA) // 2 % 2 == 1,
    "high": np.arange(STRATA) % 2 == 1,
}
WIDTH = {"state": 10**11, "district": 10**5, "school": 1}
"""How many school numbers a unit of each level spans."""
_LEVEL_OF = {"nation": "state", "state": "state", "district": "district", "school": "school"}


@dataclass(slots=True)
class Cube:
    """Counts of one measure in one wave under one policy.

    The last unit is the sum of all others, which is the nation where the units are states.
    """

    units: dict[int, int]
    events: Floats
    students: Floats
    reporting: Floats
    """Students in schools that reported, by unit."""
    enrolled: Floats
    """Students in all schools at hand, by unit."""
    codes: dict[int, int] = field(default_factory=dict)
    """The commonest reserve code, by position of the unit."""

    def at(self, unit: int | None) -> int | None:
        """Return the position of a unit, None where no file at hand has it; None asks for all."""
        return len(self.units) if unit is None else self.units.get(unit)


def level_of(kind: str) -> str:
    """Return the level at which a place's schools are summed."""
    return _LEVEL_OF[kind]


@lru_cache(maxsize=65_536)
def unit_of(place: str) -> int | None:
    """Return a place's unit at its level; None is the nation: the sum of the states."""
    area = place_range(place)
    return None if area.kind == "nation" else area.low // WIDTH[area.kind]


def load(
    con: duckdb.DuckDBPyConnection,
    roll: SchoolArrays,
    scope: Scope,
    measure: str,
    covered: pl.DataFrame,
    *,
    stratified: bool,
) -> Cube:
    """Sum the schools of a roll.

    Parameters
    ----------
    scope
        The same schools and wave, under the policy that is asked for.
    covered
        Rows of :func:`homeroom.figures.cube.coverage` for all units, the measure's among them.
    """
    units = np.array(sorted(covered["unit"].unique().to_list()), dtype=np.int64)
    at = {int(unit): number for number, unit in enumerate(units)}
    each = STRATA if stratified else 1
    numbers = roll.numbers(con)
    mine = np.searchsorted(units, numbers // WIDTH[scope.level])
    bins = mine * each + (roll.strata(con, scope.policy) if stratified else 0)

    def summed(counted: str, left_out: Bools) -> Floats:
        nowhere = len(units) * each
        at_bin = np.where(left_out, nowhere, bins)
        rows = [np.bincount(at_bin, row, nowhere + 1)[:-1] for row in roll.cells(con, counted)]
        out = np.stack(rows).reshape(len(rows), len(units), each).transpose(1, 2, 0)
        return np.concatenate([out, out.sum(axis=0, keepdims=True)])

    (wave,) = scope.waves
    part = covered.filter((pl.col("wave") == wave) & (pl.col("measure") == measure))
    codes = part.select("unit", "code").drop_nulls().rows()
    return Cube(
        at,
        summed(measure, roll.doubted(con, scope.policy, measure)),
        summed("enrollment", roll.quiet(con, scope.policy, measure)),
        _by_unit(part, "students_reporting", at),
        _by_unit(part, "enrolled", at),
        {at[unit]: code for unit, code in codes},
    )


def scope_of(level: str, units: Iterable[int] | None, policy: str, waves: tuple[str, ...]) -> Scope:
    """Return the scope of units of a level."""
    only = ""
    if units is not None:
        known, width = sorted(units), WIDTH[level]
        # The range lets the store pass over what lies outside, which the list alone would not.
        only = (
            f"school_no BETWEEN {known[0] * width} AND {(known[-1] + 1) * width - 1} "
            f"AND {LEVELS[level]} IN ({', '.join(str(unit) for unit in known)})"
        )
    return Scope(place_range("US"), waves, policy, level=level, only=only)


def _by_unit(frame: pl.DataFrame, column: str, at: dict[int, int]) -> Floats:
    out = np.zeros(len(at) + 1)
    for unit, value in frame.select("unit", column).rows():
        out[at[unit]] = value
    out[-1] = out[:-1].sum()
    return out


def sources(
    con: duckdb.DuckDBPyConnection, level: str, units: Iterable[int] | None, waves: tuple[str, ...]
) -> dict[tuple[str, str], dict[int, list[int]]]:
    """Return the numbers of the files behind each wave, module and unit."""
    scope = scope_of(level, units, "published", waves)
    frame = sql.frame(
        con,
        f"SELECT DISTINCT wave, module, {scope.unit} AS unit, source_id FROM answered "
        f"WHERE {scope.where} ORDER BY ALL",
    )
    out: dict[tuple[str, str], dict[int, list[int]]] = {}
    for wave, module, unit, source in frame.rows():
        out.setdefault((wave, module), {}).setdefault(unit, []).append(source)
    return out


def file_names(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """Return title, and name with the start of the hash, of each file of the store."""
    rows = sql.rows(con, "SELECT source_id, title, name, left(sha256, 12) FROM source_file")
    return {number: (title, f"{name} (sha256 {sha})") for number, title, name, sha in rows}


def module_of(measure: str) -> str:
    """Return the module in which a measure is asked."""
    return MEASURES[measure].module
