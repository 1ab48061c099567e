"""Disparities of every place at once, and of many scenarios of student rows, against peers.

(a) The risk ratio of each race x sex x disability group to everyone else in its place, with a 95 %
    score interval and a reason, for 8 outcomes in 17,700 districts and 97,632 schools, from
    synthetic counts. The peer, fairlearn, gets a sample of the places as weighted rows, and gives
    risks and one ratio a place, without intervals; its time is scaled up by places. It runs when
    ``HOMEROOM_PEER_PYTHON`` names a Python in which requirements-peer.txt is installed (its own
    environment keeps the project's versions clear of it).
(b) DisImpact's published job, see ``student_scenarios``. Its 91 s (4 cores, its author's machine)
    are quoted, not run: it gives flags by three indices; ours are the indices with intervals. Our
    rows lie in memory as small codes; labels would cost one encoding more.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks import student_scenarios
from benchmarks.machine import describe
from homeroom.statistics.ratio import risk_ratio

ROOT = Path(__file__).parent
LEVELS = {"districts": (17_700, 2500), "schools": (97_632, 480)}
"""Places, and students in the median one."""
SHARES = np.array([0.01, 0.05, 0.27, 0.15, 0.47, 0.004, 0.046])
PER_10000 = np.array([11, 42, 490, 560, 25, 3, 130, 20])
"""Risks of the magnitude of arrests, referrals, suspensions, and of rarer outcomes."""
GROUPS = 28
PEER_PLACES = (100, 300)
PUBLISHED = 91.0

Ints = NDArray[np.int64]


def enrolled(places: int, median: int, rng: np.random.Generator) -> Ints:
    size = np.exp(rng.normal(np.log(median), 1, places))
    by_group = np.multiply.outer(SHARES, np.multiply.outer((0.51, 0.49), (0.86, 0.14)))
    return rng.poisson(np.multiply.outer(size, by_group.ravel()))


def counted(students: Ints, per_10000: float, rng: np.random.Generator) -> Ints:
    uneven = rng.gamma(1, 1, (len(students), 1)) * rng.gamma(4, 0.25, students.shape)
    return rng.binomial(students, np.minimum(uneven * per_10000 / 1e4, 1))


def every_place(students: Ints, outcomes: list[Ints]) -> float:
    """Time the ratios of all groups to everyone else in the place; check that they are whole."""
    seconds, shown = 0.0, 0
    for x in outcomes:
        started = time.perf_counter()
        others, rest = x.sum(1, keepdims=True) - x, students.sum(1, keepdims=True) - students
        found = risk_ratio(x, students, others, rest)
        seconds += time.perf_counter() - started
        shown += int(np.isfinite(found.value).sum())
        if np.isinf(found.value).any():
            raise SystemExit("An infinite ratio: expected a reason instead.")
    print(f"   {shown:,} ratios shown, the others with a reason")
    return seconds


def peer(students: Ints, outcomes: list[Ints]) -> tuple[str, float] | None:
    """Time fairlearn on two samples of places, check its risks, and scale to all places."""
    python = os.environ.get("HOMEROOM_PEER_PYTHON", sys.executable)
    times = []
    for places in PEER_PLACES:
        n = np.maximum(students[:places], 1)
        x = np.stack([np.minimum(outcome[:places], n) for outcome in outcomes])
        with tempfile.TemporaryDirectory() as folder:
            np.savez(Path(folder) / "counts.npz", x=x, n=n)
            done = subprocess.run(
                [python, str(ROOT / "peer_fairlearn.py"), str(Path(folder) / "counts.npz")],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
        if done.returncode == 3:
            print("   fairlearn is not importable; see the top of this file. Left out.")
            return None
        if done.returncode:
            raise SystemExit(done.stderr)
        answer = json.loads(done.stdout)
        np.testing.assert_allclose(answer["risks"], x / n, atol=1e-12)
        times.append(answer["seconds"])
    for places, seconds in zip(PEER_PLACES, times, strict=True):
        print(f"   fairlearn: {seconds:.2f} s for {places} places")
    scale = len(students) / PEER_PLACES[1]
    name = (
        f"fairlearn {answer['version']}: risks only, no interval; timed on {PEER_PLACES[1]} places "
        f"and scaled by {scale:.1f}"
    )
    return name, times[1] * scale


def job_places(level: str) -> dict[str, str | float | int]:
    places, median = LEVELS[level]
    rng = np.random.default_rng(places)
    students = enrolled(places, median, rng)
    outcomes = [counted(students, per_10000, rng) for per_10000 in PER_10000]
    ours = every_place(students, outcomes)
    found = peer(students, outcomes)
    return {
        "job": f"{len(outcomes)} outcomes x {GROUPS} groups in {places:,} {level}: to the rest",
        "ours_s": round(ours, 2),
        "peer": found[0] if found else "fairlearn not importable",
        "peer_s": round(found[1], 1) if found else "",
        "rows": places * GROUPS * len(outcomes),
    }


def job_scenarios() -> dict[str, str | float | int]:
    frame = student_scenarios.students()
    times = []
    for _ in range(3):
        started = time.perf_counter()
        found = student_scenarios.scenarios(frame)
        times.append(time.perf_counter() - started)
    check_one(frame, found["math", "ethnicity"])
    return {
        "job": f"{len(frame):,} student rows, {student_scenarios.SCENARIOS:,} scenarios",
        "ours_s": round(float(np.median(times)), 2),
        "peer": "DisImpact: 91 s on 4 cores as published by its author, on another machine",
        "peer_s": PUBLISHED,
        "rows": len(frame),
    }


def check_one(frame: pl.DataFrame, found: student_scenarios.Disparities) -> None:
    """Work out one scenario (college 7, goal 0, any status, year 1, ethnicity 3) by filters."""
    base = frame.filter(
        pl.col("college") == 7, pl.col("goal") == 0, pl.col("year_math") == 1,
        pl.col("math").is_not_null(),
    )  # fmt: skip
    risks = base.group_by("ethnicity").agg(pl.col("math").mean(), n=pl.len()).sort("ethnicity")
    overall, group = base["math"].mean(), risks["math"][3]
    best = risks.filter(pl.col("n") >= 10)["math"].max()
    at = (7, 0, 2, 3, 1)
    np.testing.assert_allclose(
        [found.gap[at], found.proportionality.ratio.value[at], found.index80.value[at]],
        [group - overall, group / overall, group / best],
        rtol=1e-12,
    )


def main() -> None:
    machine = "; ".join(f"{key} {value}" for key, value in describe().items())
    rows = [job_places("districts"), job_places("schools"), job_scenarios()]
    path = ROOT / "results" / "disparity.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["job", "ours_s", "peer", "peer_s", "rows", "machine"])
        writer.writeheader()
        writer.writerows({**row, "machine": machine} for row in rows)
    for row in rows:
        print(f"{row['job']}: {row['ours_s']} s; {row['peer']}: {row['peer_s']} s")
    if rows[2]["ours_s"] >= 2:
        raise SystemExit("The scenarios took 2 s or more.")


if __name__ == "__main__":
    main()
