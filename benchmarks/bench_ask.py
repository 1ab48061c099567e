"""Time questions to a store with a national wave: finding places, and place pages.

Places are those of the wave and, from NCES's own files where they lie beside the project, every
district of the country: more than 116,000. Results go to ``results/ask.csv``.
"""

from __future__ import annotations

import csv
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from benchmarks import machine, national
from homeroom.api import Homeroom
from homeroom.report.profile import profile

RESULTS = Path(__file__).parent / "results"
SHARED = national.REAL.parents[1]
FIND_MS, PAGE_MS, SEED = 20.0, 50.0, 7


def build(store: Path) -> None:
    sources = [
        national.folder(),
        *(p for p in (SHARED / "edge", SHARED / "crdc" / "state_tables") if p.is_dir()),
    ]
    homeroom = Path(sys.executable).with_name("homeroom")
    command = [str(homeroom), "build", "--only", "--out", str(store), "--from", *map(str, sources)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def queries(room: Homeroom) -> list[str]:
    """Return names of all kinds of places, as they are and with a letter left out."""
    chance = random.Random(SEED)
    places = room.table("place")
    names = [
        str(name)
        for kind in ("school", "district")
        for name in places.filter(kind=kind)["name"].sample(150, seed=SEED)
    ]
    cut = [chance.randrange(len(name)) for name in names]
    typos = [name[:at] + name[at + 1 :] for name, at in zip(names, cut, strict=True)]
    return [*names, *typos, "austin isd", "texas", "united states", "elementary", "denver colorado"]


def clocked(
    what: str, ask: Callable[[str], object], questions: Iterable[str], target: float | str = ""
) -> tuple[str, int, float, float, float, float | str]:
    """Ask each question; give how often, median and 95th percentile, and mean processor time.

    Processor time is what a question takes on a machine that others use too, on all cores.
    """
    taken, cpu = [], time.process_time()
    for question in questions:
        started = time.perf_counter()
        ask(question)
        taken.append((time.perf_counter() - started) * 1000)
    taken.sort()
    cpu = (time.process_time() - cpu) / len(taken) * 1000
    median, p95 = statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]
    return (what, len(taken), round(median, 2), round(p95, 2), round(cpu, 2), target)


def main() -> int:
    if reason := national.missing():
        print(f"skipped: {reason}")
        return 0
    here = machine.describe()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as scratch:
        store = Path(scratch) / "store.duckdb"
        build(store)
        with Homeroom(store) as room:
            rows = _measure(room)
            count = len(room.table("place"))
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "ask.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["question", "asked", "median_ms", "p95_ms", "cpu_ms", "target_ms", "places", *here]
        )
        for row in rows:
            writer.writerow([*row, count, *here.values()])
    missed = 0
    for what, asked, median, p95, cpu, target in rows:
        kept = target == "" or (median < target and p95 < target)
        missed += not kept
        word = "kept  " if kept else "MISSED"
        print(f"{word} {what:24} {asked:4} asked: median {median} ms, p95 {p95} ms, cpu {cpu} ms")
    return 1 if missed else 0


def _measure(room: Homeroom) -> list[tuple]:
    rows = [
        clocked("first search, index made", room.find, ["warm"]),
        clocked("find", room.find, queries(room), FIND_MS),
    ]
    places = room.table("place")
    for kind in ("school", "district", "state", "nation"):
        ids = places.filter(kind=kind)["place_id"]
        if kind == "district":  # those that have schools in the wave
            known = set(room.table("school")["school_no"] // 100_000)
            ids = [i for i in ids if i[4:].isdigit() and int(i[4:6]) * 10**6 + int(i[6:]) in known]
        chance = random.Random(SEED)
        ids = [chance.choice(list(ids)) for _ in range(60)]
        profile(room.store, ids[0])
        page = partial(profile, room.store)
        rows.append(clocked(f"page of a {kind}", page, ids, PAGE_MS))
    return rows


if __name__ == "__main__":
    sys.exit(main())
