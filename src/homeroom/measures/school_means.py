"""Means of school rates: each school's rate weighs the same, whatever its size.

A school counts for a side if it reported and has at least ``least`` students of that side. The
interval treats schools as the units that vary: the variance of the log of a ratio of two means is
linearised (Cochran 1977, Sampling Techniques, 3rd edition, section 6.3), with the covariance of
schools that count for both sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.evidence import ask
from homeroom.measures.asked import STUDENT_CELLS, Weights, event_cells
from homeroom.measures.figures import Floats, Method, z_squared
from homeroom.measures.from_schools import STRATA, stratum_sql
from homeroom.measures.officers import LEAST
from homeroom.measures.scope import LEVELS, Scope

MEANS = Method(
    "school_means",
    "linearised log interval of a ratio of school means",
    "Cochran 1977, Sampling Techniques, 3rd edition, section 6.3",
)

COUNTED, EVENTS, STUDENTS, RATE, SQUARE = range(5)
_Key = tuple[object, str]


@dataclass(slots=True)
class Schools:
    """The schools of one wave that reported a measure, sorted by unit and stratum.

    ``events`` and ``students`` have a row a cell and a column a school.
    """

    events: Floats
    students: Floats
    starts: NDArray[np.int64]
    cells: NDArray[np.int64]
    """Unit times STRATA plus stratum of each run that starts at ``starts``."""
    units: dict[int, int]
    _sides: dict[_Key, tuple[Floats, NDArray[np.bool_]]] = field(default_factory=dict)
    _sums: dict[object, Floats] = field(default_factory=dict)

    def rates(self, key: _Key, side: Weights) -> tuple[Floats, NDArray[np.bool_]]:
        """Give each school's rate, 0 where it does not count, and whether it counts."""
        if key not in self._sides:
            events = _weighted(self.events, side.events)
            students = _weighted(self.students, side.students)
            counts = students >= LEAST
            rate = np.divide(events, students, out=np.zeros_like(events), where=counts)
            self._sides[key] = rate, counts
            rows = np.stack([counts, events * counts, students * counts, rate, rate * rate])
            self._sums[key] = self._spread(rows)
        return self._sides[key]

    def sums(self, key: _Key, side: Weights) -> Floats:
        """Give sums by unit and stratum: schools, events, students, rates, squares of rates."""
        self.rates(key, side)
        return self._sums[key]

    def shared(self, one: _Key, other: _Key, a: Weights, b: Weights) -> Floats:
        """Give sums over schools that count for both sides: number, rate a, rate b, product."""
        pair = (one, other)
        if pair not in self._sums:
            (rate_a, in_a), (rate_b, in_b) = self.rates(one, a), self.rates(other, b)
            both = in_a & in_b
            rows = np.stack([both, rate_a * both, rate_b * both, rate_a * rate_b])
            self._sums[pair] = self._spread(rows)
        return self._sums[pair]

    def _spread(self, rows: Floats) -> Floats:
        """Sum rows over runs; give arrays unit, stratum, row; the last unit is the sum of all."""
        out = np.zeros((len(rows), (len(self.units) + 1) * STRATA))
        if len(self.starts):
            out[:, self.cells] = np.add.reduceat(rows, self.starts, axis=1)
        shaped = out.reshape(len(rows), -1, STRATA)
        shaped[:, -1] = shaped[:, :-1].sum(axis=1)
        return np.ascontiguousarray(shaped.transpose(1, 2, 0))


def load(
    con: duckdb.DuckDBPyConnection,
    scope: Scope,
    wave: str,
    measure: str,
) -> Schools:
    """Read every school of the scope that reported the measure, cell by cell."""
    schools = ask.frame(
        con,
        f"""
        WITH quiet AS ({scope.quiet})
        SELECT school_no, {LEVELS[scope.level]} AS unit, stratum
        FROM ({stratum_sql(scope, stratified=True)})
        WHERE school_no NOT IN (SELECT school_no FROM quiet WHERE measure = '{measure}')
          AND wave = '{wave}'
        ORDER BY unit, stratum, school_no
        """,
    )
    units = {unit: at for at, unit in enumerate(schools["unit"].unique().sort().to_list())}
    rows = {number: at for at, number in enumerate(schools["school_no"].to_list())}
    cells = schools["unit"].replace_strict(units, return_dtype=pl.Int64).to_numpy() * STRATA
    cells = cells + schools["stratum"].to_numpy()
    runs, starts = np.unique(cells, return_index=True)
    columns = event_cells(measure) or STUDENT_CELLS
    return Schools(
        _matrix(con, scope, rows, columns),
        _matrix(con, scope, rows, STUDENT_CELLS),
        starts, runs, units,
    )  # fmt: skip


def _matrix(
    con: duckdb.DuckDBPyConnection, scope: Scope, rows: dict[int, int], columns: dict[int, int]
) -> Floats:
    frame = ask.frame(
        con,
        f"""
        SELECT school_no, cell_id, value FROM cell
        WHERE {scope.where} AND value IS NOT NULL AND cell_id IN ({_listed(columns)})
        """,
    )
    out = np.zeros((max(columns.values()) + 1, len(rows)))
    known = frame.with_columns(
        pl.col("school_no").replace_strict(rows, default=-1, return_dtype=pl.Int64),
        pl.col("cell_id").replace_strict(columns, return_dtype=pl.Int64),
    ).filter(pl.col("school_no") >= 0)
    at = known["cell_id"].to_numpy(), known["school_no"].to_numpy()
    np.add.at(out, at, known["value"].to_numpy())
    return out


def _weighted(cells: Floats, weight: Floats) -> Floats:
    """Sum the cells of a side; most weights are zero."""
    at = np.flatnonzero(weight)
    return np.asarray(weight[at] @ cells[at])


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def log_interval(ratio: Floats, variance: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Bound a ratio, given the variance of its logarithm; NaN where that is not known."""
    spread = np.exp(np.sqrt(z_squared(level) * variance))
    return ratio / spread, ratio * spread


def log_variance(own: Floats, versus: Floats, both: Floats) -> Floats:
    """Give the variance of the log of a ratio of two means, from sums over schools.

    Parameters
    ----------
    own, versus
        Arrays question by (schools, events, students, rates, squares).
    both
        Array question by (schools, rates of own, rates of versus, products); zeros where the
        sides are in different schools.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        n1, n2 = own[:, COUNTED], versus[:, COUNTED]
        m1, m2 = own[:, RATE] / n1, versus[:, RATE] / n2
        v1 = (own[:, SQUARE] - n1 * m1**2) / (n1 * (n1 - 1))
        v2 = (versus[:, SQUARE] - n2 * m2**2) / (n2 * (n2 - 1))
        number, rate1, rate2, product = both.T
        joint = (product - m1 * rate2 - m2 * rate1 + number * m1 * m2) / (n1 * n2)
        out = v1 / m1**2 + v2 / m2**2 - 2 * joint / (m1 * m2)
    return np.where(np.isfinite(out) & (n1 > 1) & (n2 > 1), np.maximum(out, 0), np.nan)
