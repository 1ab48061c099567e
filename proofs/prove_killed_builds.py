"""Prove that a build killed at any moment leaves a readable store, and readers undisturbed.

A hundred builds over an old store are killed with SIGKILL, each at a random moment of the time
that a build takes (a few after their end). After each kill the store must open and hold the old
figures or the new ones, whole; no more draft may lie beside it than the killed build's own. All
the while another process opens the store and asks it again and again.
"""

from __future__ import annotations

import csv
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from homeroom.api import Homeroom

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
import crdc_factory as crdc  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "killed_builds.csv"
KILLS, SEED = 100, 2024
SCHOOLS = 1500
_READER = """
import sys, time
from pathlib import Path
from homeroom.api import Homeroom
asked = 0
while not Path(sys.argv[2]).exists():
    with Homeroom(Path(sys.argv[1])) as room:
        count = room.rate("arrests", "US-TX", "2017-18", basis="schools")["count"].item()
    if count not in (%d, %d):
        raise SystemExit(f"a reader was given {count}")
    asked += 1
    time.sleep(0.02)
print(asked)
"""


def wave(folder: Path, arrests: int) -> Path:
    """Write a wave of which every school reports so many arrests."""
    cell = {"SCH_ENR_WH_M": 100, "SCH_DISCWODIS_ARR_WH_M": arrests, "SCH_DISCWODIS_REF_WH_M": 9}
    rows = [crdc.school(f"48{n // 10 + 1:05d}{n % 10 + 1:05d}", **cell) for n in range(SCHOOLS)]
    return crdc.write_all(folder, rows)


def command(store: Path, source: Path) -> list[str]:
    homeroom = Path(sys.executable).with_name("homeroom")
    return [str(homeroom), "build", "--only", "--out", str(store), "--from", str(source)]


def killed(store: Path, source: Path, after: float) -> tuple[float, bool]:
    """Start a build and kill it; give when, and whether it had ended by itself."""
    started = time.perf_counter()
    with subprocess.Popen(
        command(store, source), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None and time.perf_counter() - started < after:
            time.sleep(0.001)
        ended = process.poll() is not None
        moment = time.perf_counter() - started
        if not ended:
            process.send_signal(signal.SIGKILL)
    return moment, ended


def state_of(store: Path) -> str:
    """Open the store and read every table of it; say whose figures it holds."""
    with Homeroom(store) as room:
        schools = len(room.table("place").filter(kind="school"))
        count = room.rate("arrests", "US-TX", "2017-18", basis="schools")["count"].item()
        for (name,) in room.con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            room.table(name)
    if schools != SCHOOLS:
        return f"broken: {schools} schools"
    return {SCHOOLS: "old", 2 * SCHOOLS: "new"}.get(count, f"broken: {count} arrests")


def main() -> int:
    scratch = Path(tempfile.mkdtemp(prefix="homeroom-proof-"))
    store, kept, stop = scratch / "store.duckdb", scratch / "kept.duckdb", scratch / "stop"
    old, new = wave(scratch / "old", 1), wave(scratch / "new", 2)
    subprocess.run(command(kept, old), check=True, stdout=subprocess.DEVNULL)
    shutil.copy(kept, store)
    started = time.perf_counter()
    subprocess.run(command(store, new), check=True, stdout=subprocess.DEVNULL)
    whole = time.perf_counter() - started
    chance, rows = random.Random(SEED), []
    _put_back(kept, store)
    reader = subprocess.Popen(
        [sys.executable, "-c", _READER % (SCHOOLS, 2 * SCHOOLS), str(store), str(stop)],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    for kill in range(1, KILLS + 1):
        moment, ended = killed(store, new, chance.uniform(0.0, 1.15 * whole))
        found = state_of(store)
        drafts = len(list(scratch.glob(".store.duckdb.*")))
        rows.append((kill, round(moment, 3), "ended" if ended else "killed", found, drafts))
        if found != "old":
            _put_back(kept, store)
    stop.touch()
    asked = reader.communicate()[0].strip()
    subprocess.run(command(store, new), check=True, stdout=subprocess.DEVNULL)
    left = len(list(scratch.glob(".store.duckdb.*")))
    shutil.rmtree(scratch)
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["kill", "after_seconds", "build", "store", "drafts_beside"])
        writer.writerows(rows)
    outcomes = Counter((build, state) for _, _, build, state, _ in rows)
    for (build, state), times in sorted(outcomes.items()):
        print(f"{times:4} builds {build}, store {state}")
    most = max(drafts for *_, drafts in rows)
    print(
        f"a whole build takes {whole:.2f} s; at most {most} draft files beside the store, "
        f"{left} after a whole build"
    )
    print(
        f"a reader opened and asked the store {asked or 'no'} times meanwhile, "
        f"exit {reader.returncode}"
    )
    sound = all(state in ("old", "new") for *_, state, _ in rows)
    killed_often = sum(build == "killed" for _, _, build, *_ in rows) >= KILLS // 2
    good = sound and killed_often and most <= 2 and left == 0 and reader.returncode == 0
    print("proved" if good else "NOT PROVED")
    return 0 if good else 1


def _put_back(kept: Path, store: Path) -> None:
    """Put the old store in place as a build does: a reader may be at it."""
    draft = store.with_name("put_back")
    shutil.copy(kept, draft)
    draft.replace(store)


if __name__ == "__main__":
    sys.exit(main())
