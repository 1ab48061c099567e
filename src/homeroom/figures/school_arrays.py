"""Every school of a wave as arrays, read once: sums and means over schools are taken from them.

Schools are sorted into twelve *strata*: with an officer, without, or unknown; regular or not; with
grade 12 or not. Every filter on schools is then a choice of strata, and both kinds of average are
sums over strata.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import numpy as np
from numpy.typing import NDArray

from homeroom.evidence import sql
from homeroom.figures.cell_weights import STUDENT_CELLS, event_cells
from homeroom.figures.keyed_cache import KeyedCache
from homeroom.figures.scope import Scope
from homeroom.statistics.statistic import Bools, Floats

Numbers = NDArray[np.int64]
Counts = NDArray[np.int32]
STRATA = 12


class SchoolArrays:
    """The schools of one wave, in the order of their numbers. Arrays have an element a school.

    Parameters
    ----------
    scope
        Which schools, under policy `published`: what a policy leaves out is a mask.
    """

    def __init__(self, scope: Scope) -> None:
        self._scope = replace(scope, policy="published")
        self._kept = KeyedCache()

    def numbers(self, con: duckdb.DuckDBPyConnection) -> Numbers:
        """Return the schools' numbers, ascending."""

        def make() -> Numbers:
            statement = (
                f"SELECT school_no FROM school_size WHERE {self._scope.where} ORDER BY school_no"
            )
            return sql.frame(con, statement)["school_no"].to_numpy()

        return self._kept.get("numbers", make)

    def cells(self, con: duckdb.DuckDBPyConnection, measure: str) -> Counts:
        """Return the counts of a measure, or the students: a row a cell, a column a school."""
        return self._kept.get(("cells", measure), lambda: self._cells(con, measure))

    def _cells(self, con: duckdb.DuckDBPyConnection, measure: str) -> Counts:
        rows = event_cells(measure) or STUDENT_CELLS
        wanted = f"cell_id BETWEEN {min(rows)} AND {max(rows)}"
        if len(rows) < max(rows) - min(rows) + 1:  # a long list is dear: it is looked up row by row
            wanted += f" AND cell_id IN ({', '.join(str(cell) for cell in rows)})"
        frame = sql.frame(
            con,
            f"""
            SELECT school_no, cell_id, value FROM cell
            WHERE {self._scope.where} AND value IS NOT NULL AND {wanted}
            """,
        )
        schools, known = self._find(con, frame["school_no"].to_numpy())
        row_of = np.zeros(max(rows) + 1, dtype=np.int64)
        row_of[list(rows)] = list(rows.values())
        shape = max(rows.values()) + 1, len(self.numbers(con))
        place = row_of[frame["cell_id"].to_numpy()[known]] * shape[1] + schools[known]
        counts = frame["value"].to_numpy()[known]
        summed = np.bincount(place, counts, shape[0] * shape[1])
        return summed.astype(np.int32).reshape(shape)

    def strata(self, con: duckdb.DuckDBPyConnection, policy: str) -> Numbers:
        """Return each school's stratum; doubted officers are unknown ones."""
        known = self._kept.get("strata", lambda: self._strata(con))
        return np.where(self.doubted(con, policy, "officer"), known % 4, known)

    def _strata(self, con: duckdb.DuckDBPyConnection) -> Numbers:
        where = self._scope.where
        frame = sql.frame(
            con,
            f"""
            SELECT (4 * CASE WHEN fte > 0 THEN 1 WHEN fte = 0 THEN 2 ELSE 0 END
                + 2 * CASE WHEN juvenile OR alternative OR special THEN 0 ELSE 1 END
                + CASE WHEN high_grade = 12 THEN 1 ELSE 0 END)::BIGINT AS stratum
            FROM (SELECT school_no FROM school_size WHERE {where})
            LEFT JOIN (SELECT school_no, fte FROM staff WHERE role = 'officer' AND {where})
                USING (school_no)
            LEFT JOIN (SELECT school_no, juvenile, alternative, special, high_grade
                FROM school WHERE {where}) USING (school_no)
            ORDER BY school_no
            """,
        )
        return frame["stratum"].to_numpy()

    def doubted(self, con: duckdb.DuckDBPyConnection, policy: str, subject: str) -> Bools:
        """Tell of which schools the policy takes a measure or role as missing."""
        if policy == "published":
            return np.zeros(len(self.numbers(con)), dtype=bool)
        return self._among(con, "quality_flag", "subject", subject)

    def quiet(self, con: duckdb.DuckDBPyConnection, policy: str, measure: str) -> Bools:
        """Tell which schools must not count for a measure: those silent, and those doubted."""
        silent = self._among(con, "silent", "measure", measure)
        return silent | self.doubted(con, policy, measure)

    def _among(
        self, con: duckdb.DuckDBPyConnection, table: str, column: str, value: str
    ) -> Bools:  # fmt: skip
        def make() -> Bools:
            statement = f"SELECT school_no FROM {table} WHERE {self._scope.where} AND {column} = ?"
            schools, known = self._find(
                con, sql.frame(con, statement, [value])["school_no"].to_numpy()
            )
            out = np.zeros(len(self.numbers(con)), dtype=bool)
            out[schools[known]] = True
            return out

        return self._kept.get((table, value), make)

    def _find(
        self, con: duckdb.DuckDBPyConnection, schools: Numbers
    ) -> tuple[Numbers, Bools]:  # fmt: skip
        """Return positions of schools, and whether the roll has them at all."""
        mine = self.numbers(con)
        if not len(mine):
            return np.zeros(len(schools), dtype=np.int64), np.zeros(len(schools), dtype=bool)
        at = np.minimum(np.searchsorted(mine, schools), len(mine) - 1)
        return at, mine[at] == schools


@dataclass(frozen=True, slots=True)
class Runs:
    """Some schools in the order of unit and stratum, so that a sum over each is one run."""

    order: Numbers
    """Positions in the roll."""
    starts: Numbers
    cells: Numbers
    """Unit times ``strata`` plus stratum, of each run."""
    units: int
    strata: int

    @classmethod
    def of(cls, units: Numbers, strata: Numbers, kept: Bools, shape: tuple[int, int]) -> Runs:
        """Sort the schools that are kept; ``shape`` is the number of units and of strata."""
        key = units * shape[1] + strata
        order = np.flatnonzero(kept)
        order = order[np.argsort(key[order], kind="stable")]
        cells, starts = np.unique(key[order], return_index=True)
        return cls(order, starts, cells, *shape)

    def sums(self, rows: Floats) -> Floats:
        """Sum rows of schools in this order; give unit, stratum, row. The last unit is all."""
        out = np.zeros((len(rows), (self.units + 1) * self.strata))
        if len(self.starts):
            out[:, self.cells] = np.add.reduceat(rows, self.starts, axis=1)
        shaped = out.reshape(len(rows), -1, self.strata)
        shaped[:, -1] = shaped[:, :-1].sum(axis=1)
        return np.ascontiguousarray(shaped.transpose(1, 2, 0))
