"""Time a build of a national wave, beside the same work in pandas and DuckDB's bare scan.

Each run is a process of its own; the best of a few counts, since nothing makes a machine faster
than it is. Results go to ``results/build.csv``, a row a run.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from benchmarks import machine, national

RESULTS = Path(__file__).parent / "results"
MOST_SECONDS, MOST_MB, PANDAS_TIMES, SCAN_TIMES = 15.0, 3000, 10.0, 3.0


@dataclass(frozen=True)
class Run:
    """One process: what it printed last, how long it took, how much memory it held at most.

    ``cpu`` is processor time: on a machine that others use too, it is what the work takes.
    """

    said: str
    seconds: float
    cpu: float
    megabytes: int


def run(*command: str) -> Run:
    """Run a process to its end, on two cores at most."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    env = os.environ | {"POLARS_MAX_THREADS": "2"}
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=env, cwd=Path(__file__).parents[1],
        preexec_fn=lambda: os.sched_setaffinity(0, cores),  # noqa: PLW1509 - no threads here
    ) as process:  # fmt: skip
        said = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    cpu = usage.ru_utime + usage.ru_stime
    return Run(said.strip().splitlines()[-1], seconds, cpu, usage.ru_maxrss // 1024)


def best(times: int, *command: str) -> Run:
    """Return the quickest of several runs, with the most memory that any took."""
    runs = [run(*command) for _ in range(times)]
    quick = min(runs, key=lambda one: one.seconds)
    return replace(
        quick, cpu=min(one.cpu for one in runs), megabytes=max(one.megabytes for one in runs)
    )


def bare_scan(times: int, folder: Path) -> Run:
    """Return DuckDB's quickest scan of a folder's files, with the most memory that any took."""
    runs = [run(sys.executable, "-m", "benchmarks.duckdb_scan", str(folder)) for _ in range(times)]
    quick = min((json.loads(one.said) for one in runs), key=lambda said: said["seconds"])
    return Run("", quick["seconds"], quick["cpu"], max(one.megabytes for one in runs))


def totals(store: Path) -> dict[str, float]:
    """Sum a store as the pandas script sums its tables."""
    with duckdb.connect(str(store), read_only=True) as con:
        counted = dict(
            con.execute(
                "SELECT measure, sum(value) FROM cell JOIN measure_cell USING (cell_id) "
                "GROUP BY ALL"
            ).fetchall()
        )
        fte = con.execute("SELECT sum(fte) FROM staff WHERE role = 'officer'").fetchall()[0][0]
    found = {name: int(counted[name]) for name in ("enrollment", "referrals", "arrests")}
    return found | {"officers": round(float(fte), 2)}


def main() -> int:
    if reason := national.missing():
        print(f"skipped: {reason}")
        return 0
    here = machine.describe()
    folder = national.folder()
    archive = national.archive()
    scratch = Path(tempfile.mkdtemp(prefix="homeroom-bench-"))
    store = scratch / "store.duckdb"
    python, homeroom = sys.executable, str(Path(sys.executable).with_name("homeroom"))
    warm(folder)
    build = (homeroom, "build", "--only", "--out", str(store), "--from")
    ours = best(5, *build, str(folder))
    expected = totals(store)
    zipped = best(3, *build, str(archive))
    same_from_zip = totals(store) == expected
    pandas = best(2, python, "-m", "benchmarks.pandas_build", str(folder), str(scratch))
    scanned = bare_scan(5, folder)
    size = store.stat().st_size
    shutil.rmtree(scratch)
    checks = {
        "at most 15 s": ours.seconds <= MOST_SECONDS,
        "at most 3 GB": ours.megabytes <= MOST_MB,
        "ZIP gives the same totals": same_from_zip,
        "pandas gives the same totals": json.loads(pandas.said) == expected,
        "at least 10 times faster than pandas": pandas.seconds >= PANDAS_TIMES * ours.seconds,
        "within 3 times of DuckDB's scan": ours.seconds <= SCAN_TIMES * scanned.seconds,
    }
    data = sum(path.stat().st_size for path in folder.glob("*.csv"))
    _write(
        [
            ("homeroom build, folder of CSVs", ours),
            ("homeroom build, official-like ZIP", zipped),
            ("pandas, the same tables as Parquet", pandas),
            ("DuckDB bare scan, types known", scanned),
        ],
        {"schools": national.SCHOOLS, "input_mb": data // 10**6, "store_mb": size // 10**6} | here,
    )
    print(f"totals {expected}")
    print(f"pandas / homeroom {pandas.seconds / ours.seconds:.2f}")
    print(f"homeroom / scan {ours.seconds / scanned.seconds:.2f}")
    for what, kept in checks.items():
        print(f"{'kept  ' if kept else 'MISSED'} {what}")
    return 0 if all(checks.values()) else 1


def warm(folder: Path) -> None:
    """Read the files once, so that no run is the one that waits for the disk."""
    for path in folder.iterdir():
        path.read_bytes()


def _write(rows: list[tuple[str, Run]], about: dict[str, str | int | float]) -> None:
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "build.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["run", "seconds", "cpu_seconds", "peak_mb", *about])
        for what, one in rows:
            print(f"{what:36} {one.seconds:6.2f} s, {one.cpu:6.2f} s cpu {one.megabytes:6} MB")
            figures = [f"{one.seconds:.3f}", f"{one.cpu:.3f}", one.megabytes]
            writer.writerow([what, *figures, *about.values()])


if __name__ == "__main__":
    sys.exit(main())
