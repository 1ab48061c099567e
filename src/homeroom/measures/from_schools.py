"""Counts for questions that sums over schools answer: few statements, then matrix products.

Schools are sorted into twelve *strata*: with an officer, without, or unknown; regular or not; with
grade 12 or not. Every filter on schools is then a choice of strata, and both kinds of average are
sums over strata. Arrays have the axes unit (state, district or school), stratum, cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.evidence import ask
from homeroom.evidence.spans import span
from homeroom.measures import cube
from homeroom.measures.asked import STUDENT_CELLS, event_cells
from homeroom.measures.figures import Floats
from homeroom.measures.scope import LEVELS, Scope, listed
from homeroom.vocabulary.measures import MEASURES

STRATA = 12
_OFFICER = np.arange(STRATA) // 4
"""0 unknown, 1 with an officer (FTE > 0), 2 without (FTE = 0)."""
FILTERS: dict[str, NDArray[np.bool_]] = {
    "all": np.ones(STRATA, dtype=bool),
    "with_officer": _OFFICER == 1,
    "without_officer": _OFFICER == 2,
    "regular": np.arange(STRATA) // 2 % 2 == 1,
    "high": np.arange(STRATA) % 2 == 1,
}
_ENROLLMENT = ", ".join(str(number) for number in STUDENT_CELLS)
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
        """Give the position of a unit, None where no file at hand has it; None asks for all."""
        return len(self.units) if unit is None else self.units.get(unit)


def level_of(kind: str) -> str:
    """Give the level at which a place's schools are summed."""
    return _LEVEL_OF[kind]


@cache
def unit_of(place: str) -> int | None:
    """Give a place's unit at its level; None is the nation: the sum of the states."""
    area = span(place)
    width = {"state": 10**11, "district": 10**5, "school": 1}
    return None if area.kind == "nation" else area.low // width[area.kind]


def stratum_sql(scope: Scope, *, stratified: bool) -> str:
    """Give SQL of each school's stratum."""
    if not stratified:
        return f"SELECT wave, school_no, 0 AS stratum FROM school_size WHERE {scope.where}"
    trusted = scope.trusted("'officer'")
    return f"""
        SELECT size.wave, size.school_no,
            (4 * CASE WHEN fte > 0 THEN 1 WHEN fte = 0 THEN 2 ELSE 0 END
            + 2 * CASE WHEN juvenile OR alternative OR special THEN 0 ELSE 1 END
            + CASE WHEN high_grade = 12 THEN 1 ELSE 0 END)::TINYINT AS stratum
        FROM (SELECT wave, school_no FROM school_size WHERE {scope.where}) AS size
        LEFT JOIN (SELECT * FROM staff
            WHERE role = 'officer' AND {scope.where} {trusted}) AS officer USING (wave, school_no)
        LEFT JOIN (SELECT * FROM school WHERE {scope.where}) AS school USING (wave, school_no)
    """


def load(
    con: duckdb.DuckDBPyConnection,
    level: str,
    units: Iterable[int] | None,
    policy: str,
    waves: tuple[str, ...],
    measures: tuple[str, ...],
    *,
    stratified: bool,
) -> dict[tuple[str, str], Cube]:
    """Give cubes by wave and measure; ``units`` None takes every unit of the level."""
    scope = scope_of(level, units, policy, waves)
    strata = 1 if not stratified else STRATA
    events = _events(con, scope, measures, stratified=stratified)
    everyone, quiet = _students(con, scope, measures, stratified=stratified)
    covered = cube.coverage(con, measures, scope)
    known = sorted(covered["unit"].unique().to_list())
    at = {unit: number for number, unit in enumerate(known)}
    out = {}
    for wave in waves:
        base = _dense(everyone.filter(pl.col("wave") == wave), at, strata, STUDENT_CELLS)
        for measure in measures:
            here = (pl.col("wave") == wave) & (pl.col("measure") == measure)
            part = covered.filter(here)
            columns = event_cells(measure)
            out[wave, measure] = Cube(
                at,
                _dense(events.filter(pl.col("wave") == wave), at, strata, columns),
                base - _dense(quiet.filter(here), at, strata, STUDENT_CELLS),
                _by_unit(part, "students_reporting", at),
                _by_unit(part, "enrolled", at),
                {
                    at[unit]: code
                    for unit, code in part.select("unit", "code").rows()
                    if code is not None
                },
            )
    return out


def scope_of(level: str, units: Iterable[int] | None, policy: str, waves: tuple[str, ...]) -> Scope:
    """Give the scope of units of a level."""
    only = ""
    if units is not None:
        only = f"{LEVELS[level]} IN ({', '.join(str(int(unit)) for unit in sorted(units))})"
    return Scope(span("US"), waves, policy, level=level, only=only)


def _events(
    con: duckdb.DuckDBPyConnection, scope: Scope, measures: tuple[str, ...], *, stratified: bool
) -> pl.DataFrame:
    return ask.frame(
        con,
        f"""
        WITH stratum AS ({stratum_sql(scope, stratified=stratified)})
        SELECT {scope.unit} AS unit, wave, stratum, cell_id, sum(value)::BIGINT AS n
        FROM (SELECT * FROM cell JOIN cell_column USING (cell_id)
              WHERE {scope.where} AND value IS NOT NULL AND measure IN ({listed(measures)})
                AND measure <> 'enrollment' {scope.trusted("measure")}) AS counted
        JOIN stratum USING (wave, school_no)
        GROUP BY ALL
        """,
    )


def _students(
    con: duckdb.DuckDBPyConnection, scope: Scope, measures: tuple[str, ...], *, stratified: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give enrollment of all schools, and of those that must not count for each measure."""
    enrolled = f"""
        SELECT wave, school_no, cell_id, value, stratum
        FROM cell JOIN ({stratum_sql(scope, stratified=stratified)}) AS stratum
            USING (wave, school_no)
        WHERE {scope.where} AND value IS NOT NULL AND cell_id IN ({_ENROLLMENT})
    """
    everyone = ask.frame(
        con,
        f"""
        SELECT {scope.unit} AS unit, wave, stratum, cell_id, sum(value)::BIGINT AS n
        FROM ({enrolled}) GROUP BY ALL
        """,
    )
    quiet = ask.frame(
        con,
        f"""
        WITH quiet AS ({scope.quiet})
        SELECT {scope.unit} AS unit, wave, measure, stratum, cell_id, sum(value)::BIGINT AS n
        FROM ({enrolled}) JOIN quiet USING (wave, school_no)
        WHERE measure IN ({listed(measures)}) GROUP BY ALL
        """,
    )
    return everyone, quiet


def _dense(frame: pl.DataFrame, at: dict[int, int], strata: int, columns: dict[int, int]) -> Floats:
    """Spread rows over unit, stratum and cell; the last unit holds the sum."""
    out = np.zeros((len(at) + 1, strata, max(columns.values(), default=0) + 1))
    kept = frame.filter(pl.col("cell_id").is_in(list(columns)))
    if len(kept) and columns:
        place = kept["unit"].replace_strict(at, return_dtype=pl.Int64).to_numpy()
        column = kept["cell_id"].replace_strict(columns, return_dtype=pl.Int64).to_numpy()
        np.add.at(out, (place, kept["stratum"].to_numpy(), column), kept["n"].to_numpy())
    out[-1] = out[:-1].sum(axis=0)
    return out


def _by_unit(frame: pl.DataFrame, column: str, at: dict[int, int]) -> Floats:
    out = np.zeros(len(at) + 1)
    for unit, value in frame.select("unit", column).rows():
        out[at[unit]] = value
    out[-1] = out[:-1].sum()
    return out


def sources(
    con: duckdb.DuckDBPyConnection, level: str, units: Iterable[int] | None, waves: tuple[str, ...]
) -> dict[tuple[str, str], dict[int, list[int]]]:
    """Give the numbers of the files behind each wave, module and unit."""
    scope = scope_of(level, units, "published", waves)
    frame = ask.frame(
        con,
        f"SELECT DISTINCT wave, module, {scope.unit} AS unit, source_id FROM answered "
        f"WHERE {scope.where} ORDER BY ALL",
    )
    out: dict[tuple[str, str], dict[int, list[int]]] = {}
    for wave, module, unit, source in frame.rows():
        out.setdefault((wave, module), {}).setdefault(unit, []).append(source)
    return out


def file_names(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str]]:
    """Give title, and name with the start of the hash, of each file of the store."""
    rows = ask.rows(con, "SELECT source_id, title, name, left(sha256, 12) FROM source_file")
    return {number: (title, f"{name} (sha256 {sha})") for number, title, name, sha in rows}


def module_of(measure: str) -> str:
    """Give the module in which a measure is asked."""
    return MEASURES[measure].module
