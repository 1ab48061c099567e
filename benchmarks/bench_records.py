"""A state's records: import, and all LEAs x groups x categories, against Spark and pandas.

A fictional state (see ``homeroom records make-sample``) of 0.5 million students in each of three
school years, with 2 million actions and 100 LEAs, imported from CSV; and ten of it side by side: 5
million students, 20 million actions, 1,000 LEAs. Measured, each in a process of its own: the
import; the count of all 14 categories with ratios and rule for the last year, after the import; the
same with Spark, whose ratios must agree to nine decimals; and the count of the removals in pandas,
from the same Parquet files. Promise: at most 10 s and 1 GB at 5 million.
``HOMEROOM_BENCH_ENGINES=duckdb`` leaves Spark out.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.machine import describe

ROOT = Path(__file__).parent
STUDENTS, LEAS, COPIES = 500_000, 100, 10
"""Students in each year, and LEAs, of the state that is imported; how many stand side by side."""
ACTIONS = 133
"""For 100 students and year: 2 million for 0.5 million students in 3 years."""
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
out["cpu"] = time.process_time()
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


def imported(folder: Path) -> list[dict[str, object]]:
    """Make the state and import it; return the row of the import."""
    extract = folder / "extract"
    made = run(
        _SAMPLE.format(students=STUDENTS, leas=LEAS, actions=ACTIONS, folder=str(extract)), folder
    )
    print(f"{STUDENTS:,} students: sample {_said(made)}", flush=True)
    code = _IMPORT.format(folder=str(extract), workspace=str(folder / "workspace"))
    found = run(code, folder)
    size = sum(path.stat().st_size for path in extract.iterdir()) / 1e6
    print(f"   import {_said(found)}, {size:,.0f} MB of CSV", flush=True)
    return [_row(STUDENTS, "import", found)]


def side_by_side(one: Path, many: Path) -> None:
    """Write a workspace of as many copies of a state, with LEAs and students of their own."""
    many.mkdir(mode=0o700)
    for table in ("pupil", "removal", "police", "restraint"):
        duckdb.sql(
            f"COPY (SELECT * EXCLUDE (copy) REPLACE (CAST(lea + {LEAS} * copy AS INTEGER) AS lea, "
            "CAST((student + 1000003 * copy) % 9223372036854775807 AS BIGINT) AS student) "
            f"FROM read_parquet('{one}/{table}.parquet'), range({COPIES}) r(copy)) "
            f"TO '{many}/{table}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )
    manifest = json.loads((one / "workspace.json").read_text())
    manifest["leas"] = [
        lea | {"lea": lea["lea"] + LEAS * copy, "id": f"{lea['id']}-{copy}"}
        for copy in range(COPIES)
        for lea in manifest["leas"]
    ]
    (many / "workspace.json").write_text(json.dumps(manifest))
    for path in many.iterdir():
        path.chmod(0o600)


def counted(students: int, workspace: Path, folder: Path) -> list[dict[str, object]]:
    """Count with every engine; return a row each."""
    rows: list[dict[str, object]] = []
    ratios = {}
    for engine in os.environ.get("HOMEROOM_BENCH_ENGINES", "duckdb spark").split():
        found = run(_COUNT.format(workspace=str(workspace), engine=engine), folder)
        ratios[engine] = found.pop("ratios", None)
        same = ratios[engine] == ratios["duckdb"] if ratios[engine] else None
        rows.append(_row(students, f"count and rule, {engine}", found) | {"same": same})
        print(f"   {students:,}: {engine} {_said(found)} same={same}", flush=True)
    compared = run(_PANDAS.format(workspace=str(workspace)), folder)
    rows.append(_row(students, "count of removals, pandas", compared))
    print(f"   {students:,}: pandas {_said(compared)}", flush=True)
    return rows


def _row(students: int, what: str, found: dict[str, object]) -> dict[str, object]:
    return {"students": students, "what": what} | {
        name: found.get(name, "") for name in ("seconds", "cpu", "mb", "rows", "failed")
    }


def _said(found: dict[str, object]) -> str:
    if "failed" in found:
        return f"failed: {found['failed']}"
    return f"{float(str(found['seconds'])):.1f} s, {float(str(found['mb'])):,.0f} MB"


def main() -> int:
    machine = describe()
    with tempfile.TemporaryDirectory(dir=os.environ.get("HOMEROOM_BENCH_DIR")) as name:
        folder = Path(name)
        rows = imported(folder)
        rows += counted(STUDENTS, folder / "workspace", folder)
        side_by_side(folder / "workspace", folder / "many")
        rows += counted(STUDENTS * COPIES, folder / "many", folder)
    target = ROOT / "results" / "records.csv"
    with target.open("w", newline="", encoding="utf-8") as stream:
        columns = ["students", "what", "seconds", "cpu", "mb", "rows", "same", "failed", *machine]
        table = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        table.writeheader()
        for row in rows:
            shown = {k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()}
            table.writerow(shown | machine)
    for row in rows:
        if row["what"] == "count and rule, duckdb" and row["students"] == STUDENTS * COPIES:
            seconds, mb = float(str(row["seconds"])), float(str(row["mb"]))
            if seconds > MOST_SECONDS or mb > MOST_MB:
                print(
                    f"Promised {MOST_SECONDS:g} s and {MOST_MB} MB: {seconds:.1f} s, {mb:,.0f} MB"
                )
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
