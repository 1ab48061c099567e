"""A state's records: import, and all LEAs x groups x categories, against Spark and pandas.

A fictional state (see ``homeroom records make-sample``) of 0.5 and 5 million students in each of
three school years, with 2 and 20 million actions and 100 and 999 LEAs. Measured, each in a process
of its own: the import from CSV; the count of all 14 categories with ratios and rule for the last
year, after the import; the same with Spark, whose ratios must agree to nine decimals; and the count
of the removals in pandas, from the same Parquet files. Promise: at most 10 s and 1 GB at 5 million.
``HOMEROOM_BENCH_STUDENTS=500000`` runs one size.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import describe

ROOT = Path(__file__).parent
SIZES = {500_000: 100, 5_000_000: 999}
"""Students in each year, and LEAs."""
ACTIONS = 133
"""For 100 students and year: 20 million for 5 million students in 3 years."""
MOST_SECONDS, MOST_MB = 10.0, 1000
_SAMPLE = """
from pathlib import Path
from homeroom.records.sample import Sample, write
write(Sample({students}, {leas}, actions={actions}), Path({folder!r}))
"""
_IMPORT = """
from pathlib import Path
from homeroom.records.importing import Extract, import_records
made, _ = import_records(Extract((Path({folder!r}),)), Path({workspace!r}))
import pyarrow.parquet as pq
out["students"] = pq.read_metadata(made.table("pupil")).num_rows
out["actions"] = pq.read_metadata(made.table("removal")).num_rows
"""
_COUNT = """
from pathlib import Path
from homeroom.records.answers import disproportionality
from homeroom.records.workspace import Workspace
answer = disproportionality(Workspace(Path({workspace!r})), "WA", engine={engine!r})
rows = answer.to_dicts()
out["rows"] = len(rows)
out["ratios"] = [row["ratio"] and round(row["ratio"], 9) for row in rows]
"""
_PANDAS = """
import pandas as pd
frame = pd.read_parquet({workspace!r} + "/removal.parquet", columns=[
    "year", "lea", "student", "race", "part", "age", "kind", "hundredths"])
frame = frame[(frame.part == 1) & frame.kind.between(1, 7)
              & ((frame.age == -1) | frame.age.between(3, 21))]
days = frame.hundredths.clip(lower=0)
out_of = frame.kind.between(2, 5)
made = frame.assign(outs=out_of, out_days=days.where(out_of, 0), ins=frame.kind == 1,
                    in_days=days.where(frame.kind == 1, 0), removals=1)
child = made.groupby(["year", "lea", "student", "race"], sort=False)[
    ["outs", "out_days", "ins", "in_days", "removals"]].sum()
found = pd.DataFrame(dict(
    c10=(child.outs > 0) & (child.out_days <= 1000), c11=child.out_days > 1000,
    c12=(child.ins > 0) & (child.in_days <= 1000), c13=child.in_days > 1000, c14=child.removals,
)).groupby(level=["year", "lea", "race"]).sum()
out["rows"] = len(found)
"""
_FRAME = """
import json, resource, sys, time
out = {{}}
started = time.perf_counter()
{code}
out["seconds"] = time.perf_counter() - started
out["mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
json.dump(out, open({result!r}, "w"))
"""


def run(code: str, folder: Path) -> dict[str, object]:
    """Run code in a process of its own; return what it put out, its seconds, its peak memory."""
    result = folder / "result.json"
    script = _FRAME.format(code=code, result=str(result))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["no word"])[-1][:200]}
    found: dict[str, object] = json.loads(result.read_text())
    return found


def one_size(students: int, leas: int, folder: Path) -> list[dict[str, object]]:
    extract, workspace = folder / "extract", folder / "workspace"
    made = run(
        _SAMPLE.format(students=students, leas=leas, actions=ACTIONS, folder=str(extract)), folder
    )
    print(f"{students:,} students: sample {_said(made)}", flush=True)
    imported = run(_IMPORT.format(folder=str(extract), workspace=str(workspace)), folder)
    size = sum(path.stat().st_size for path in extract.iterdir()) / 1e6
    print(f"   import {_said(imported)}, {size:,.0f} MB of CSV", flush=True)
    rows: list[dict[str, object]] = [_row(students, "import", imported)]
    engines = {"duckdb": "", "spark": ""}
    ratios = {}
    for engine in engines:
        counted = run(_COUNT.format(workspace=str(workspace), engine=engine), folder)
        ratios[engine] = counted.pop("ratios", None)
        same = ratios[engine] == ratios["duckdb"] if ratios[engine] else None
        rows.append(_row(students, f"count and rule, {engine}", counted) | {"same": same})
        print(f"   {engine} {_said(counted)} same={same}", flush=True)
    compared = run(_PANDAS.format(workspace=str(workspace)), folder)
    rows.append(_row(students, "count of removals, pandas", compared))
    print(f"   pandas {_said(compared)}", flush=True)
    return rows


def _row(students: int, what: str, found: dict[str, object]) -> dict[str, object]:
    return {"students": students, "what": what} | {
        name: found.get(name, "") for name in ("seconds", "mb", "rows", "failed")
    }


def _said(found: dict[str, object]) -> str:
    if "failed" in found:
        return f"failed: {found['failed']}"
    return f"{float(str(found['seconds'])):.1f} s, {float(str(found['mb'])):,.0f} MB"


def main() -> int:
    asked = os.environ.get("HOMEROOM_BENCH_STUDENTS")
    sizes = {n: leas for n, leas in SIZES.items() if not asked or n == int(asked)}
    machine = describe()
    rows = []
    for students, leas in sizes.items():
        with tempfile.TemporaryDirectory(dir=os.environ.get("HOMEROOM_BENCH_DIR")) as folder:
            rows += one_size(students, leas, Path(folder))
    target = ROOT / "results" / "records.csv"
    kept = []
    if target.exists():
        with target.open(encoding="utf-8") as stream:
            kept = [row for row in csv.DictReader(stream) if int(row["students"]) not in sizes]
    with target.open("w", newline="", encoding="utf-8") as stream:
        columns = ["students", "what", "seconds", "mb", "rows", "same", "failed", *machine]
        table = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(kept)
        for row in rows:
            shown = {k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()}
            table.writerow(shown | machine)
    for row in rows:
        if row["what"] == "count and rule, duckdb" and row["students"] == max(SIZES):
            seconds, mb = float(str(row["seconds"])), float(str(row["mb"]))
            if seconds > MOST_SECONDS or mb > MOST_MB:
                print(
                    f"Promised {MOST_SECONDS:g} s and {MOST_MB} MB: {seconds:.1f} s, {mb:,.0f} MB"
                )
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
