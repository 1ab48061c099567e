"""Small-area estimates of a synthetic nation whose truth is known, beside peers on the same counts.

14,600 LEAs, 51 states, about 107,000 cells, true scales 2.90 and 0.80: one wave at 512 and 1,024
importance points, three waves, and the specification with a contrast. Each is run several times in
a process of its own, after a first run that compiles; the shortest and the median time are written.
Peers run where they are installed: lme4 and glmmTMB through ``Rscript`` (Debian's r-cran-lme4 and
r-cran-glmmtmb), NumPyro where ``HOMEROOM_NUTS_PYTHON`` names a Python in which
requirements-nuts.txt is installed. ``HOMEROOM_BENCH_LEAS`` makes the nation smaller.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.machine import describe
from homeroom.estimates.synthetic import NATIONAL, synthetic

ROOT = Path(__file__).parent
LEAS = int(os.environ.get("HOMEROOM_BENCH_LEAS", str(NATIONAL)))
RUNS = int(os.environ.get("HOMEROOM_BENCH_RUNS", "5"))
SEED = 3
JOBS = (
    ("one wave, 512 points", ["--points", "512"], 3.5),
    ("one wave, 1,024 points", ["--points", "1024"], 5.5),
    ("three waves, 512 points", ["--points", "512", "--waves", "3"], 9.0),
    ("disparity, 1,024 points", ["--points", "1024", "--spec", "disparity"], 25.0),
)
MEASURED = """
import json, resource, sys
from homeroom.estimates import run
from homeroom.estimates.fit import Settings
leas, waves, spec, points, seed = json.loads(sys.argv[1])
found = run.bench(leas, waves=waves, spec=spec, settings=Settings(points=points, seed=seed))
found["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(found))
"""


def once(options: list[str]) -> dict[str, object]:
    """Run one job in a process of its own."""
    named = dict(zip(options[::2], options[1::2], strict=True))
    asked = [
        LEAS, int(named.get("--waves", "1")), named.get("--spec", "unified"),
        int(named["--points"]), SEED,
    ]  # fmt: skip
    out = subprocess.run(
        [sys.executable, "-c", MEASURED, json.dumps(asked)], check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(out.stdout)
    return found


def ours() -> list[dict[str, object]]:
    """Run every job of ours."""
    rows = []
    for name, options, wanted in JOBS:
        found = [once(options) for _ in range(RUNS)]
        seconds = [float(str(one["seconds"])) for one in found]
        last = found[-1]
        hyper = last["hyper"]
        rows.append(
            {
                "job": name, "tool": "homeroom", "leas": LEAS,
                "seconds_min": round(min(seconds), 2),
                "seconds_median": round(statistics.median(seconds), 2), "wanted": wanted,
                "ess": round(float(str(last["ess"]))), "khat": round(float(str(last["khat"])), 2),
                "sd_lea": _told(hyper, "sd_lea"), "sd_state": _told(hyper, "sd_state"),
                "coverage_90": last["coverage_90"], "mb": round(float(str(last["mb"]))),
            }
        )  # fmt: skip
        print(rows[-1], flush=True)
    return rows


def _told(hyper: object, name: str) -> str:
    value = hyper[name]  # type: ignore[index]
    return f"{value['mean']:.3f} ± {value['sd']:.3f}"


def peers() -> list[dict[str, object]]:
    """Run the peers that are installed on the same counts."""
    commands = {}
    if rscript := shutil.which("Rscript"):
        commands["R"] = [rscript, str(ROOT / "peer_laplace.R")]
    if python := os.environ.get("HOMEROOM_NUTS_PYTHON"):
        commands["NumPyro"] = [python, str(ROOT / "peer_numpyro.py")]
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cells.csv"
        write_cells(path)
        for name, command in commands.items():
            began = time.perf_counter()
            out = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
            if out.returncode:
                print(f"{name}: {out.stderr.strip()[-300:]}")
                continue
            for line in out.stdout.splitlines():
                tool, seconds, sd_lea, sd_state, ess = line.split(",")
                rows.append(
                    {"job": "one wave", "tool": tool, "leas": LEAS, "seconds_min": seconds,
                     "seconds_median": seconds, "ess": ess, "sd_lea": sd_lea, "sd_state": sd_state}
                )  # fmt: skip
                print(rows[-1], flush=True)
            print(f"{name}: {time.perf_counter() - began:.0f} s in all", flush=True)
    return rows


def write_cells(path: Path) -> None:
    """Write the counts of one wave as rows that peers read."""
    cells = synthetic(LEAS, seed=SEED).cells
    j, p = np.nonzero(cells.students > 0)
    group, sex, _ = (np.array(column) for column in zip(*cells.patterns, strict=True))
    pl.DataFrame(
        {
            "y": cells.events[j, p].astype(int), "n": cells.students[j, p].astype(int),
            "grp": group[p], "sex": sex[p], "lea": j, "state": cells.state[j],
        }
    ).write_csv(path)  # fmt: skip


def main() -> None:
    """Measure, and write results/estimates.csv."""
    machine = describe()
    rows = [*ours(), *peers()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (ROOT / "results" / "estimates.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*names, *machine])
        table.writeheader()
        table.writerows(row | machine for row in rows)


if __name__ == "__main__":
    main()
