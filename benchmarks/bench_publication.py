"""Safe publication of linked tables: time, information lost, and the proof, beside a peer.

State, districts, schools by race and sex with every margin: 1,080 cells (4 districts of 10
schools) and 10,008 (16 of 25), from synthetic counts. Information lost is the sum of
1 + log2(1 + count) over cells that are hidden to protect others. Times are processor seconds of
one process, and wall time.

The peer is pytauargus (Tau-Argus's engine, modular method). It runs in its own process where
``HOMEROOM_TAUARGUS_PYTHON`` names a Python that has it; it is no dependency. It asks for another
guarantee than ours (a range relative to the minimum), so that its patterns are held against ours:
how many small cells they leave narrower than our policy. With a range of 80 percent it asks for 8
counts to either side. It is stopped after ``LIMIT`` seconds, and what it answers then is told.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.machine import describe
from homeroom.records.publish import Dimension, Key, Policy, certificate, linked, totals, verify
from homeroom.records.publish.attack import bounds
from homeroom.records.publish.cells import Linked
from homeroom.records.publish.pattern import weight
from homeroom.records.publish.suppression import suppress

ROOT = Path(__file__).parent
RESULTS = ROOT / "results" / "publication.csv"
PEER = "HOMEROOM_TAUARGUS_PYTHON"
LIMIT = 180
DIMENSIONS = (
    Dimension("place", ("district", "school")), Dimension("race", ("race",)),
    Dimension("sex", ("sex",)),
)  # fmt: skip
SIZES = ((4, 10, 6.0), (16, 25, 12.0))
"""Districts, schools in each, and the mean that the counts are drawn with."""
SHARES = np.array([0.26, 0.05, 0.08, 0.18, 0.04, 0.33, 0.06])
RANGES = (80, 100)
COLUMNS = (
    "who", "cpu_s", "wall_s", "small", "added", "lost", "narrowed", "witnesses", "check_s", "note",
)  # fmt: skip


def counted(districts: int, schools: int, mean: float) -> dict[Key, int]:
    """Draw counts of schools that differ in size and in who attends them."""
    rng = np.random.default_rng(1)
    found: dict[Key, int] = {}
    for d in range(districts):
        size, mix = rng.lognormal(0, 0.3), rng.dirichlet(SHARES * 60)
        for s in range(schools):
            own, races = rng.lognormal(0, 0.5) * size, rng.dirichlet(mix * 80)
            for race, share in enumerate(races):
                for sex, part in enumerate((0.6, 0.4)):
                    key = ((f"D{d:02}", f"D{d:02}S{s:02}"), (f"R{race}",), (f"X{sex}",))
                    found[key] = int(rng.poisson(mean * 14 * own * share * part))
    return found


def ours(system: Linked) -> dict[str, object]:
    """Protect, prove, and check; tell how long each took."""
    started, wall = time.process_time(), time.perf_counter()
    pattern = suppress(system, Policy())
    spent, waited = time.process_time() - started, time.perf_counter() - wall
    document = certificate(pattern)
    checked = time.process_time()
    audit = verify(document)
    return {
        "who": "homeroom", "cpu_s": round(spent, 2), "wall_s": round(waited, 1),
        "small": audit.small, "added": len(pattern.added), "lost": round(pattern.lost, 1),
        "narrowed": 0, "witnesses": audit.witnesses,
        "check_s": round(time.process_time() - checked, 2), "note": "all proved",
    }  # fmt: skip


def peer(system: Linked, leaves: dict[Key, int], percent: int) -> dict[str, object]:
    """Run the peer in its own process, and hold its pattern against our policy."""
    told: dict[str, object] = {"who": f"pytauargus 0.6 MOD, FREQ(10,{percent})"}
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "leaves.json"
        source.write_text(json.dumps([[*key[0], *key[1], *key[2], n] for key, n in leaves.items()]))
        command = [os.environ[PEER], str(ROOT / "peer_tauargus.py"), str(source), str(percent)]
        wall = time.perf_counter()
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=LIMIT, check=False, cwd=folder
            )
        except subprocess.TimeoutExpired:
            return told | {"note": f"no answer in {LIMIT} s"}
    if done.returncode:
        return told | {"note": done.stderr.strip().splitlines()[-1][:120]}
    found = json.loads(done.stdout.splitlines()[-1])
    added = [system.index[_key(*row)] for row in found["secondary"]]
    values = np.array(system.values)
    hidden = (values > 0) & (values < 10)
    small = [int(one) for one in np.flatnonzero(hidden)]
    hidden[added] = True
    ends = bounds(system, hidden, small) if len(values) < 2000 else {}
    return told | {
        "cpu_s": round(found["cpu_s"], 2), "wall_s": round(time.perf_counter() - wall, 1),
        "small": len(small), "added": len(added),
        "lost": round(sum(weight(int(values[one])) for one in added), 1),
        "narrowed": sum(low > 1.001 or high < 8.999 for low, high in ends.values()),
    }  # fmt: skip


def _key(place: str, race: str, sex: str) -> Key:
    code = () if place in {"", "Total"} else (place,) if "S" not in place else (place[:3], place)
    return (
        code,
        () if race in {"", "Total"} else (race,),
        () if sex in {"", "Total"} else (sex,),
    )


def main() -> None:
    """Run every size, and write the results."""
    rows = []
    for districts, schools, mean in SIZES:
        leaves = counted(districts, schools, mean)
        system = linked(totals(leaves, DIMENSIONS), DIMENSIONS)
        made = [ours(system)]
        if os.environ.get(PEER):
            made += [peer(system, leaves, percent) for percent in RANGES]
        for one in made:
            rows.append({"cells": len(system.keys)} | one)
            print(rows[-1], flush=True)
    names = ["cells", *COLUMNS]
    machine = "; ".join(f"{name} {value}" for name, value in describe().items())
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*names, "machine"], restval="")
        writer.writeheader()
        writer.writerows(row | {"machine": machine} for row in rows)


if __name__ == "__main__":
    main()
