"""Schools as arrays, read once: sums and means over schools are taken from them.

Schools are sorted into twelve *strata*: with an officer, without, or unknown; regular or not; with
grade 12 or not. Every filter on schools is then a choice of strata, and both kinds of average are
sums over strata.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.evidence import sql
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.figures.cell_weights import ENROLLMENT, rows_of
from homeroom.figures.scope import Scope, in_list
from homeroom.statistics.statistic import Bools, Floats

Numbers = NDArray[np.int64]
Cells = NDArray[np.int32]
STRATA = 12
UNASKED = 0
"""Stands for a reserve code where no file asks; codes are all below zero."""
_OFFICER = np.arange(STRATA) // 4
"""0 unknown, 1 with an officer (FTE > 0), 2 without (FTE = 0)."""
FILTERS: dict[str, Bools] = {
    "all": np.ones(STRATA, dtype=bool),
    "with_officer": _OFFICER == 1,
    "without_officer": _OFFICER == 2,
    "regular": np.arange(STRATA) // 2 % 2 == 1,
    "high": np.arange(STRATA) % 2 == 1,
}


@dataclass(frozen=True, slots=True)
class Schools:
    """The schools of one wave, in the order of their numbers.

    Attributes
    ----------
    numbers
        School numbers, ascending.
    students
        Students enrolled; 0 where no file gives an enrollment.
    """

    numbers: Numbers
    students: Floats

    @property
    def enrolled(self) -> Bools:
        """Which schools have students to divide by."""
        return self.students > 0

    def find(self, numbers: Numbers) -> tuple[Numbers, Bools]:
        """Return positions of school numbers, and whether the wave has them at all."""
        mine = self.numbers
        if not len(mine):
            return np.zeros(len(numbers), dtype=np.int64), np.zeros(len(numbers), dtype=bool)
        at = np.minimum(np.searchsorted(mine, numbers), len(mine) - 1)
        return at, mine[at] == numbers

    def among(self, numbers: Numbers) -> Bools:
        """Return which of the schools are listed."""
        at, known = self.find(numbers)
        out = np.zeros(len(self.numbers), dtype=bool)
        out[at[known]] = True
        return out


@dataclass(frozen=True, slots=True)
class SchoolArrays:
    """Counts, silence, and doubts of the schools of a scope, each read from the store once.

    Several threads may ask at once. Call :meth:`read` before asking for several waves and
    measures: they then come with one statement of each kind.
    """

    scope: Scope
    _kept: KeyedCache = field(default_factory=KeyedCache)

    def at_level(self, level: str) -> SchoolArrays:
        """Return the same schools, to be summed by units of another level."""
        return SchoolArrays(replace(self.scope, level=level), self._kept)

    def read(
        self, con: duckdb.DuckDBPyConnection, waves: Iterable[str], measures: Iterable[str]
    ) -> None:
        """Read what counting these measures in these waves takes."""
        wanted = sorted(set(measures) | {ENROLLMENT})
        for wave, found in self._schools(con, sorted(set(waves))).items():
            self._kept.put(("schools", wave), found)
        todo = [
            (wave, measure)
            for wave in sorted(set(waves))
            for measure in wanted
            if ("cells", wave, measure) not in self._kept
        ]
        for pair, cells in self._cells(con, todo).items():
            self._kept.put(("cells", *pair), cells)
        for pair, silent in self._silent(con, todo).items():
            self._kept.put(("nonresponse", *pair), silent)

    def schools(self, con: duckdb.DuckDBPyConnection, wave: str) -> Schools:
        """Return the schools of a wave."""
        return self._kept.get(("schools", wave), lambda: self._schools(con, [wave])[wave])

    def cells(self, con: duckdb.DuckDBPyConnection, wave: str, measure: str) -> Cells:
        """Return the counts of a measure: a row a cell (see `rows_of`), a column a school."""
        pair = (wave, measure)
        return self._kept.get(("cells", *pair), lambda: self._cells(con, [pair])[pair])

    def _schools(self, con: duckdb.DuckDBPyConnection, waves: list[str]) -> dict[str, Schools]:
        todo = [wave for wave in waves if ("schools", wave) not in self._kept]
        if not todo:
            return {}
        within = f"wave IN ({in_list(todo)}) AND {self.scope.where}"
        at = _position("wave", todo)
        sized, answered = (
            sql.arrays(
                con, f"SELECT {at} AS at, school_no, students FROM school_size WHERE {within}"
            ),
            # Schools without enrollment count too, for the count of all events.
            sql.arrays(con, f"SELECT DISTINCT {at} AS at, school_no FROM answered WHERE {within}"),
        )
        return {
            wave: _schools(_only(sized, number), _only(answered, number)["school_no"])
            for number, wave in enumerate(todo)
        }

    def _cells(
        self, con: duckdb.DuckDBPyConnection, pairs: list[tuple[str, str]]
    ) -> dict[tuple[str, str], Cells]:
        if not pairs:
            return {}
        waves = sorted({wave for wave, _ in pairs})
        numbers = sorted({cell for _, measure in pairs for cell in rows_of(measure)})
        found = sql.arrays(
            con,
            f"""
            SELECT {_position("wave", waves)} AS at, school_no, cell_id, value FROM cell
            WHERE wave IN ({in_list(waves)}) AND {self.scope.where} AND value IS NOT NULL
                AND {_cell_range(numbers)}
            """,
        )
        by_wave = {wave: _only(found, at) for at, wave in enumerate(waves)}
        return {
            (wave, measure): _counted(self.schools(con, wave), by_wave[wave], rows_of(measure))
            for wave, measure in pairs
        }

    def strata(self, con: duckdb.DuckDBPyConnection, wave: str, policy: str) -> Numbers:
        """Return each school's stratum; doubted officers are unknown ones."""
        known = self._kept.get(("strata", wave), lambda: self._strata(con, wave))
        return np.where(self.doubted(con, wave, policy, "officer"), known % 4, known)

    def _strata(self, con: duckdb.DuckDBPyConnection, wave: str) -> Numbers:
        where = f"wave = '{wave}' AND {self.scope.where}"
        frame = sql.frame(
            con,
            f"""
            SELECT school_no, (4 * CASE WHEN fte > 0 THEN 1 WHEN fte = 0 THEN 2 ELSE 0 END
                + 2 * CASE WHEN juvenile OR alternative OR special THEN 0 ELSE 1 END
                + CASE WHEN high_grade = 12 THEN 1 ELSE 0 END)::BIGINT AS stratum
            FROM (SELECT school_no, fte FROM staff WHERE role = 'officer' AND {where}) AS officer
            FULL JOIN (SELECT school_no, juvenile, alternative, special, high_grade
                FROM school WHERE {where}) AS kind USING (school_no)
            """,
        )
        schools = self.schools(con, wave)
        at, known = schools.find(frame["school_no"].to_numpy())
        out = np.full(len(schools.numbers), 2, dtype=np.int64)  # nothing known: a regular school
        out[at[known]] = frame["stratum"].to_numpy()[known]
        return out

    def flags(self, con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
        """Return the quality flags: rule, wave, subject, school_no, amount, students."""
        return self._kept.get(
            "flags",
            lambda: sql.frame(
                con,
                "SELECT rule, wave, subject, school_no, amount, students FROM quality_flag "
                f"WHERE {self.scope.where} ORDER BY ALL",
            ),
        )

    def _flagged(self, con: duckdb.DuckDBPyConnection, wave: str, subject: str) -> Bools:
        def make() -> Bools:
            by_subject = self._kept.get(
                "flagged",
                lambda: self.flags(con).partition_by("wave", "subject", as_dict=True),
            )
            mine = by_subject.get((wave, subject))
            numbers = np.zeros(0, np.int64) if mine is None else mine["school_no"].to_numpy()
            return self.schools(con, wave).among(numbers)

        return self._kept.get(("flagged", wave, subject), make)

    def doubted(
        self, con: duckdb.DuckDBPyConnection, wave: str, policy: str, subject: str
    ) -> Bools:
        """Return which schools the policy takes a measure or role of as missing."""
        if policy == "published":
            return np.zeros(len(self.schools(con, wave).numbers), dtype=bool)
        return self._flagged(con, wave, subject)

    def unreported(
        self, con: duckdb.DuckDBPyConnection, wave: str, measure: str, part: str
    ) -> Bools:
        """Return which schools reported nothing of a disability part of a measure."""

        def make() -> Bools:
            silent = self._nonresponse(con, wave, measure)
            mine = (silent["part"] == part) & silent["whole"]
            return self.schools(con, wave).among(silent["school_no"][mine])

        return self._kept.get(("unreported", wave, measure, part), make)

    def incomplete(
        self, con: duckdb.DuckDBPyConnection, wave: str, measure: str, part: str
    ) -> Bools:
        """Return which schools left out a disability part of a measure, or one of its elements."""
        silent = self._nonresponse(con, wave, measure)
        return self.schools(con, wave).among(silent["school_no"][silent["part"] == part])

    def _nonresponse(self, con: duckdb.DuckDBPyConnection, wave: str, measure: str) -> sql.Columns:
        """Return part, school_no, and reserve code of what schools did not report.

        The code is `UNASKED` where no file in the store asks.
        """
        pair = (wave, measure)
        return self._kept.get(("nonresponse", *pair), lambda: self._silent(con, [pair])[pair])

    def _silent(
        self, con: duckdb.DuckDBPyConnection, pairs: list[tuple[str, str]]
    ) -> dict[tuple[str, str], sql.Columns]:
        if not pairs:
            return {}
        waves, measures = (sorted({pair[at] for pair in pairs}) for at in (0, 1))
        at = f"{_position('wave', waves)} * {len(measures)} + {_position('measure', measures)}"
        found = sql.arrays(
            con,
            f"""
            SELECT {at} AS at, part, school_no, coalesce(code, {UNASKED}) AS code, whole
            FROM nonresponse
            WHERE wave IN ({in_list(waves)}) AND measure IN ({in_list(measures)})
                AND {self.scope.where}
            """,
        )
        return {
            (wave, measure): _only(
                found, waves.index(wave) * len(measures) + measures.index(measure)
            )
            for wave, measure in pairs
        }

    def unasked(self, con: duckdb.DuckDBPyConnection, wave: str, measure: str) -> Bools:
        """Return which schools no file in the store asks for a measure."""
        silent = self._nonresponse(con, wave, measure)
        mine = silent["whole"] & (silent["code"] == UNASKED)
        return self.schools(con, wave).among(silent["school_no"][mine])

    def codes(self, con: duckdb.DuckDBPyConnection, wave: str, measure: str) -> dict[int, int]:
        """Return the commonest reserve code of a measure, by unit; the lowest of equals."""
        silent = self._nonresponse(con, wave, measure)
        mine = silent["whole"] & (silent["code"] != UNASKED)
        if not mine.any():
            return {}
        units = silent["school_no"][mine] // self.scope.width
        codes = silent["code"][mine].astype(np.int64)
        (units, codes), counts = np.unique(np.stack([units, codes]), axis=1, return_counts=True)
        # Least to most frequent, and of equals the lowest code last: the last one of a unit stays.
        order = np.lexsort((-codes, counts))
        return dict(zip(units[order].tolist(), codes[order].tolist(), strict=True))


def _position(column: str, values: list[str]) -> str:
    """Return SQL of a value's position in a list, from 0."""
    return f"(list_position([{in_list(values)}], {column}) - 1)"


def _only(columns: sql.Columns, at: int) -> sql.Columns:
    """Return the rows at one position of a list."""
    mine = columns["at"] == at
    return {name: column[mine] for name, column in columns.items() if name != "at"}


def _schools(sized: sql.Columns, answered: Numbers) -> Schools:
    numbers = np.union1d(sized["school_no"], answered)
    students = np.zeros(len(numbers))
    students[np.searchsorted(numbers, sized["school_no"])] = sized["students"]
    return Schools(numbers, students)


def _cell_range(numbers: list[int]) -> str:
    """Return SQL that keeps cells by number; those of a module lie together and skip the rest."""
    low, high = numbers[0], numbers[-1]
    ranged = f"cell_id BETWEEN {low} AND {high}"
    if len(numbers) == high - low + 1:
        return ranged
    return f"{ranged} AND cell_id IN ({', '.join(str(number) for number in numbers)})"


def _counted(schools: Schools, found: sql.Columns, rows: dict[int, int]) -> Cells:
    row_of = np.full(max(rows) + 2, -1, dtype=np.int64)
    row_of[list(rows)] = list(rows.values())
    row = row_of[np.minimum(found["cell_id"], len(row_of) - 1)]
    at, known = schools.find(found["school_no"])
    known = known & (row >= 0)
    shape = max(rows.values()) + 1, len(schools.numbers)
    place = row[known] * shape[1] + at[known]
    summed = np.bincount(place, found["value"][known], shape[0] * shape[1])
    return summed.astype(np.int32).reshape(shape)
