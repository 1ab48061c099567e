"""Student rows to disparities of every outcome, group, cohort and sub-population at once.

The job is the one that the R package DisImpact publishes in its vignette "Scaling Disproportionate
Impact Calculations": 200 colleges of 20,000 students, three outcomes with a cohort variable each,
disaggregated by ethnicity and gender, repeated for every combination of college (or all), goal (or
all) and status (or all): 201 x 3 x 3 = 1,809 scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.statistics.composition import Composition, composition
from homeroom.statistics.ratio import risk_ratio
from homeroom.statistics.statistic import Statistic

COLLEGES, STUDENTS = 200, 20_000
SIZES = {"college": COLLEGES, "goal": 2, "status": 2, "ethnicity": 6, "gender": 3, "year": 4}
SHARES = {
    "goal": (0.7, 0.3),
    "status": (0.8, 0.2),
    "ethnicity": (0.01, 0.05, 0.1, 0.2, 0.3, 0.34),
    "gender": (0.49, 0.49, 0.02),
}
OUTCOMES = ("transfer", "math", "english")
SCENARIOS = (COLLEGES + 1) * 3 * 3


@dataclass(frozen=True, slots=True)
class Disparities:
    """Of one outcome and axis: arrays over college, goal, status (each with all), group, year."""

    proportionality: Composition
    gap: NDArray[np.float64]
    index80: Statistic


def students() -> pl.DataFrame:
    """Draw student rows; an outcome and its cohort are null where a student never attempted it."""
    rng = np.random.default_rng(2022)
    size = COLLEGES * STUDENTS
    columns = {"college": np.repeat(np.arange(COLLEGES, dtype=np.uint8), STUDENTS)}
    for name, shares in SHARES.items():
        columns[name] = rng.choice(len(shares), size, p=shares).astype(np.uint8)
    first = rng.integers(0, 2, size, dtype=np.uint8)
    chance = np.array([0.4, 0.5, 0.3, 0.2, 0.7, 0.6])[columns["ethnicity"]]
    frame = pl.DataFrame(columns)
    for name in OUTCOMES:
        late = rng.integers(0, 3, size, dtype=np.uint8) if name != "transfer" else 0
        tried = rng.random(size) < (1 if name == "transfer" else 0.85)
        frame = frame.with_columns(
            pl.Series(name, (rng.random(size) < chance).astype(np.uint8)).set(
                pl.Series(~tried), None
            ),
            pl.Series(f"year_{name}", (first + late).astype(np.uint8)).set(pl.Series(~tried), None),
        )
    return frame


def scenarios(frame: pl.DataFrame) -> dict[tuple[str, str], Disparities]:
    """Return the proportionality index, the gap in points and the 80 % index, with intervals."""
    found = {}
    for outcome in OUTCOMES:
        events, students_of = _cube(frame, outcome)
        for axis, away in (("ethnicity", 4), ("gender", 3)):
            found[outcome, axis] = _disparities(events.sum(axis=away), students_of.sum(axis=away))
    return found


def _cube(frame: pl.DataFrame, outcome: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count students and successes by every dimension in one pass, then add the totals."""
    key = pl.lit(0, pl.UInt32)
    for name, size in SIZES.items():
        column = f"year_{outcome}" if name == "year" else name
        key = key * size + pl.col(column).cast(pl.UInt32)
    cells = (
        frame.lazy()
        .select(key=key, success=pl.col(outcome))
        .filter(pl.col("key").is_not_null())
        .group_by("key")
        .agg(n=pl.len(), x=pl.col("success").sum().cast(pl.Int64))
        .collect()
    )
    shape = tuple(SIZES.values())
    out = []
    for name in ("x", "n"):
        flat = np.zeros(int(np.prod(shape)), dtype=np.int64)
        flat[cells["key"].to_numpy()] = cells[name].to_numpy()
        cube = flat.reshape(shape)
        for axis in (0, 1, 2):
            cube = np.concatenate([cube, cube.sum(axis=axis, keepdims=True)], axis=axis)
        out.append(cube)
    return out[0], out[1]


def _disparities(x: NDArray[np.int64], n: NDArray[np.int64]) -> Disparities:
    x_all, n_all = x.sum(axis=3, keepdims=True), n.sum(axis=3, keepdims=True)
    risk = np.divide(x, n, out=np.zeros(x.shape), where=n >= 10)
    best = risk.argmax(axis=3, keepdims=True)
    overall = np.divide(x_all, n_all, out=np.full(x_all.shape, np.nan), where=n_all > 0)
    return Disparities(
        proportionality=composition(x, n, x_all, n_all),
        gap=np.where(n >= 10, risk - overall, np.nan),
        index80=risk_ratio(x, n, np.take_along_axis(x, best, 3), np.take_along_axis(n, best, 3)),
    )
