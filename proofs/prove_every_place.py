"""Prove that every place of the starter store answers: no fault, no traceback, no status of 500.

Every district, every state, the nation, and a sample of the schools are asked for on the command
line (in this process), through the API, and as a page; states and the nation under both policies.
A place must show itself (exit code 0, status 200). Questions that the store may hold nothing of,
such as the adults of a small district, may be refused (exit code 3, status 404), in words.

``--sample N`` visits N districts and N schools only. Results go to ``results/every_place.csv``: a
line for each kind of place and surface, and one for each visit that failed or was slow.
"""

from __future__ import annotations

import argparse
import csv
import random
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from click.testing import CliRunner
from starlette.testclient import TestClient

import homeroom
from homeroom.api import Homeroom
from homeroom.cli.main import cli
from homeroom.errors import HomeroomError, NotAvailable
from homeroom.evidence.build import build
from homeroom.evidence.quality import POLICIES
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

RESULTS = Path(__file__).parent / "results" / "every_place.csv"
SCHOOLS, SEED = 1_500, 2024
SLOW_MS = 1_000.0
"""A visit that takes longer is listed: the aim for a place that nobody asked for is 150 ms."""
MANY = ("nation", "state")
"""Kinds of places that are few, and are asked under every policy."""


class Kept(Homeroom):
    """A store that a command does not close, so that thousands of commands share it."""

    def close(self) -> None:
        """Leave the store open."""


@dataclass
class Visits:
    """What came of the visits to one surface."""

    taken: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    """Place, what is wrong, and how long it took, of visits that failed or were slow."""
    failed: int = 0

    def add(self, place: str, status: str, milliseconds: float, fault: str = "") -> None:
        """Count a visit."""
        self.taken.append(milliseconds)
        self.statuses[status] += 1
        if fault:
            self.failed += 1
            self.told.append((place, fault, f"{milliseconds:.0f}"))
        elif milliseconds >= SLOW_MS:
            self.told.append((place, "slow", f"{milliseconds:.0f}"))


def places(room: Homeroom, sample: int | None) -> list[tuple[str, str]]:
    """Return ids and kinds of the places to visit, the few before the many."""
    table = room.table("place").sort("place_id")
    ids = {
        kind: table.filter(kind=kind)["place_id"].to_list()
        for kind in ("nation", "state", "district", "school")
    }
    chance = random.Random(SEED)
    ids["school"] = sorted(chance.sample(ids["school"], min(SCHOOLS, len(ids["school"]))))
    if sample is not None:
        for kind in ("district", "school"):
            ids[kind] = sorted(chance.sample(ids[kind], min(sample, len(ids[kind]))))
    return [(one, kind) for kind, found in ids.items() for one in found]


def surfaces(place: str, policy: str, *, more: bool) -> Iterator[tuple[str, list[str], bool]]:
    """Return what to ask of a place: a surface, its words, and whether it may be refused."""
    yield "cli place", ["place", place, "--policy", policy, "--json"], False
    yield "api place", [f"/api/v1/places/{place}?policy={policy}"], False
    yield "page", [f"/place/{place}?policy={policy}"], False
    yield (
        "cli rate",
        [
            "rate",
            "--measure",
            "arrests",
            "--place",
            place,
            "--by",
            "race",
            "--policy",
            policy,
            "--json",
        ],
        True,
    )
    yield "api rates", [f"/api/v1/rates?place={place}&by=race&policy={policy}"], True
    if more:
        for wave in ("2015-16", "2017-18", "2020-21", "2021-22"):
            yield "page wave", [f"/place/{place}?policy={policy}&wave={wave}"], False
            staff = ["staff", "--place", place, "--wave", wave, "--policy", policy, "--json"]
            yield "cli staff", staff, True


def command(place: str, words: list[str], seen: Visits, *, refusable: bool) -> None:
    """Run a command in this process."""
    started = time.perf_counter()
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    taken = (time.perf_counter() - started) * 1000
    error = result.exception
    if error is None:
        seen.add(place, "0", taken)
        return
    code = error.exit_code if isinstance(error, HomeroomError) else 1
    refused = refusable and isinstance(error, NotAvailable)
    fault = "" if refused else f"{' '.join(words)}: {type(error).__name__}: {error}"
    seen.add(place, str(code), taken, fault)


def visit(client: TestClient, place: str, address: str, seen: Visits, *, refusable: bool) -> None:
    """Ask for an address."""
    started = time.perf_counter()
    answer = client.get(address)
    taken = (time.perf_counter() - started) * 1000
    good = answer.status_code == 200 or (refusable and answer.status_code == 404)
    fault = "" if good else f"{address}: status {answer.status_code}"
    if "Traceback" in answer.text:
        fault = f"{address}: a traceback"
    seen.add(place, str(answer.status_code), taken, fault)


def prove(store: Path, sample: int | None) -> dict[tuple[str, str], Visits]:
    """Visit the places of a store; return what came of it, by kind of place and surface."""
    found: dict[tuple[str, str], Visits] = defaultdict(Visits)
    room = Kept(store)
    app = create_app(room, Settings(costly_per_minute=10**9, cache_bytes=0))
    client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    with patch.object(homeroom, "open", lambda _path=None: room), client:
        every = places(room, sample)
        for at, (place, kind) in enumerate(every):
            for policy in POLICIES if kind in MANY else ("published",):
                for surface, words, refusable in surfaces(place, policy, more=kind in MANY):
                    seen = found[kind, surface]
                    if surface.startswith("cli"):
                        command(place, words, seen, refusable=refusable)
                    else:
                        visit(client, place, words[0], seen, refusable=refusable)
            if at % 1_000 == 999:
                print(f"{at + 1:,} of {len(every):,} places", flush=True)
    Homeroom.close(room)
    return dict(found)


def rows(found: dict[tuple[str, str], Visits]) -> Iterator[tuple[object, ...]]:
    """Return the lines of the results."""
    for (kind, surface), seen in found.items():
        taken = sorted(seen.taken)
        statuses = " ".join(f"{status}:{count}" for status, count in sorted(seen.statuses.items()))
        p95 = taken[int(0.95 * (len(taken) - 1))]
        yield (
            kind, surface, "all", len(taken), statuses, seen.failed,
            f"{statistics.median(taken):.0f}", f"{p95:.0f}", f"{taken[-1]:.0f}",
        )  # fmt: skip
        for place, what, took in seen.told:
            yield kind, surface, place, 1, what, int(what != "slow"), took, took, took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, help="districts and schools to visit; default all")
    sample = parser.parse_args().sample
    with tempfile.TemporaryDirectory(prefix="homeroom-proof-") as scratch:
        store = Path(scratch) / "store.duckdb"
        build([], store)
        started = time.perf_counter()
        found = prove(store, sample)
    RESULTS.parent.mkdir(exist_ok=True)
    head = ("kind", "surface", "place", "visits", "statuses", "failed", "median_ms", "p95_ms",
            "slowest_ms")  # fmt: skip
    with RESULTS.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows(found))
    for row in rows(found):
        print("  ".join(str(cell) for cell in row))
    visits = sum(len(seen.taken) for seen in found.values())
    failed = sum(seen.failed for seen in found.values())
    print(f"{visits:,} visits in {time.perf_counter() - started:.0f} s, {failed} failed")
    print("NOT PROVED" if failed else "proved")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
