"""Load the website on loopback: 50 clients, 500 clients, and a phone on a slow line.

Server and clients share the cores of this machine; the clients are one process apart. A client of
the mix is a reader: it asks for a page, then pauses for half a second to one and a half. A cold
place is one that nobody asked for since the server started. Charts are left out: they are limited
by client, and all of these come from one address. Of three rounds of 50 readers the middle one
counts, since others may use the machine too. The start is timed as well: until the site is ready,
until the first pages are made, and what a first visitor of the dearest page waits before and after
that. Results go to ``results/web.csv``.
"""

from __future__ import annotations

import csv
import json
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.first_paint import first_paints
from homeroom.api import Homeroom
from homeroom.evidence.build import build

RESULTS = Path(__file__).parent / "results"
SEED, READER, ROUNDS, STARTS = 7, (0.5, 1.5), 3, 3
DEAREST = "/claims/six-times"
FIRST = (DEAREST, "/", "/map", "/place/US")
CACHED_MS, COLD_MS, PAINT_MS, GROWTH_MB = 30.0, 150.0, 1000.0, 250.0
OTHERS = (
    "/", "/map", "/claims", "/claims/six-times", "/research", "/act", "/safety", "/methods",
    "/api/v1/rates?by=race", "/api/v1/ratio", "/static/style.css", "/about",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the results."""

    scenario: str
    what: str
    requests: int
    errors: int
    median_ms: float
    p95_ms: float
    slowest_ms: float
    target_ms: float | str = ""
    per_second: float | str = ""
    memory_before_mb: float | str = ""
    memory_most_mb: float | str = ""

    @property
    def kept(self) -> bool:
        """Whether the target, where there is one, was met, without an error."""
        grown = 0.0
        if self.memory_most_mb:
            grown = float(self.memory_most_mb) - float(self.memory_before_mb)
        slow = self.target_ms != "" and self.p95_ms >= float(self.target_ms)
        return not slow and not self.errors and grown < GROWTH_MB

    @property
    def word(self) -> str:
        """Say whether the target was met; nothing where there is none."""
        if self.kept:
            return "kept" if self.target_ms != "" or self.memory_most_mb else ""
        return "MISSED"


@contextmanager
def serving(store: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Serve a store; give port and process id once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("homeroom"), "serve", "--port", str(port),
               *options]  # fmt: skip
    process = subprocess.Popen(
        command, env={**os.environ, "HOMEROOM_STORE": str(store)}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(3000):
            try:
                ask(port, "/readyz")
                break
            except OSError:
                time.sleep(0.02)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, address: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=30) as answer:
        return bytes(answer.read())


def warm(port: int) -> None:
    """Wait until the first pages are made."""
    for _ in range(1200):
        if json.loads(ask(port, "/readyz"))["warm"]:
            return
        time.sleep(0.1)
    raise TimeoutError


def starts(store: Path) -> list[Row]:
    """Time some starts, and the first visits after them."""
    taken: dict[str, list[float]] = {}

    def timed(what: str, since: float) -> None:
        taken.setdefault(what, []).append((time.perf_counter() - since) * 1000)

    for _ in range(STARTS):
        began = time.perf_counter()
        with serving(store, "--no-warm-up") as (port, _pid):
            timed("ready", began)
            for address in FIRST:
                asked = time.perf_counter()
                ask(port, address)
                timed(f"cold {address}", asked)
        began = time.perf_counter()
        with serving(store) as (port, _pid):
            asked = time.perf_counter()
            ask(port, DEAREST)
            timed(f"{DEAREST}, at once", asked)
            warm(port)
            timed("first pages made", began)
            for address in FIRST:
                asked = time.perf_counter()
                ask(port, address)
                timed(f"warm {address}", asked)
    return [summary("start", what, found) for what, found in taken.items()]


def places(store: Path) -> list[str]:
    """Return addresses of places that have figures, districts and schools, in random order."""
    with Homeroom(store) as room:
        asked = room.table("school").select("school_no").unique()
        known = room.table("place").join(asked, on="school_no", how="semi")
    found = [*known["place_id"], *(f"lea:{lea}" for lea in known["leaid"].drop_nulls())]
    found = sorted(set(found))
    random.Random(SEED).shuffle(found)
    return [f"/place/{one}" for one in found]


@contextmanager
def watched(pid: int, seen: list[float]) -> Iterator[None]:
    """Sample the resident memory of a process, in MB, five times a second."""
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.2):
            seen.append(resident(pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def resident(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def load(name: str, server: tuple[int, int], clients: int, seconds: float, mix: dict[str, Any],
         pause: tuple[float, float]) -> list[Row]:  # fmt: skip
    """Run a scenario; give a row for each kind of request and one for all."""
    port, pid = server
    plan = {"port": port, "clients": clients, "seconds": seconds, "pause": pause, "mix": mix}
    before, seen = resident(pid), [resident(pid)]
    with watched(pid, seen):
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.web_clients"], input=json.dumps(plan), text=True,
            capture_output=True, check=True,
        )  # fmt: skip
    found = json.loads(done.stdout)
    targets = {"cached place": CACHED_MS, "cold place": COLD_MS} if clients == 50 else {}
    rows = [
        summary(name, kind, taken, target=targets.get(kind, ""))
        for kind, taken in sorted(found["taken"].items())
    ]
    everything = [one for taken in found["taken"].values() for one in taken]
    if found["errors"]:
        print(f"       {name}: {found['errors']}")
    if found["exhausted"]:
        print(f"       {name}: cold places ran out")
    return [
        *rows,
        summary(
            name, "all", everything, errors=sum(found["errors"].values()),
            rate=round(len(everything) / seconds, 1), memory=(before, max(seen)),
        ),
    ]  # fmt: skip


def summary(
    scenario: str, what: str, taken: list[float], *, target: float | str = "", errors: int = 0,
    rate: float | str = "", memory: tuple[float, float] | None = None,
) -> Row:  # fmt: skip
    taken = sorted(taken) or [0.0]
    return Row(
        scenario, what, len(taken), errors, round(statistics.median(taken), 1),
        round(taken[int(0.95 * (len(taken) - 1))], 1), round(taken[-1], 1), target, rate,
        *((round(one, 1) for one in memory) if memory else ()),
    )  # fmt: skip


def kinds(cold: list[str], warm: list[str], shares: tuple[int, int, int]) -> dict[str, Any]:
    found = {
        "cached place": {"share": shares[0], "addresses": warm},
        "cold place": {"share": shares[1], "addresses": cold, "once": True},
        "other page": {"share": shares[2], "addresses": list(OTHERS)},
    }
    return {name: kind for name, kind in found.items() if kind["share"]}


def _p95(rows: list[Row]) -> float:
    return max(row.p95_ms for row in rows)


def measure(store: Path, *, minute: float) -> list[Row]:
    every = places(store)
    known, cold = ["/place/US", "/place/US-TX", "/place/lea:4808940", *every[:40]], every[40:]
    rounds = [cold[at :: ROUNDS + 1] for at in range(ROUNDS + 1)]
    begun = starts(store)
    with serving(store) as server:
        warm(server[0])
        for address in (*known, *OTHERS):
            ask(server[0], address)
        tried = [
            load("50 readers", server, 50, 20, kinds(unasked, known, (70, 10, 20)), READER)
            for unasked in rounds[1:]
        ]
        rows = sorted(tried, key=_p95)[ROUNDS // 2]
        rows += load("50 without pause", server, 50, 10, kinds([], known, (100, 0, 0)), (0, 0))
        rows += load("500 readers", server, 500, minute, kinds(rounds[0], known, (78, 2, 20)),
                     READER)  # fmt: skip
        pages = [f"http://127.0.0.1:{server[0]}/place/{one}" for one in ("lea:4808940", "US-TX")]
        for page, taken in (first_paints(pages, 5) or {}).items():
            rows.append(summary("phone, slow line", f"first paint of {page.rpartition('/')[2]}",
                                taken, target=PAINT_MS))  # fmt: skip
    return [*begun, *rows]


def shown(rows: list[Row]) -> str:
    """Return the results as a table for people."""
    head = ("", "scenario", "what", "asked", "errors", "median ms", "p95 ms", "slowest", "aim ms",
            "a second", "MB before", "MB most")  # fmt: skip
    lines = [head]
    lines += [
        tuple(str(one) for one in (
            row.word, row.scenario, row.what, row.requests, row.errors,
            row.median_ms, row.p95_ms, row.slowest_ms, row.target_ms, row.per_second,
            row.memory_before_mb, row.memory_most_mb,
        ))
        for row in rows
    ]  # fmt: skip
    wide = [max(len(line[at]) for line in lines) for at in range(len(head))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if at < 3 else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(line, wide, strict=True))
        ).rstrip()
        for line in lines
    )


def main() -> int:
    here = machine.describe()
    with tempfile.TemporaryDirectory(prefix="homeroom-bench-") as scratch:
        store = Path(scratch) / "store.duckdb"
        build([], store)
        with Homeroom(store) as room:
            known = len(room.table("place"))
        rows = measure(store, minute=60)
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "web.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*(field.name for field in fields(Row)), "places", *here])
        writer.writerows([*asdict(row).values(), known, *here.values()] for row in rows)
    print(shown(rows))
    return 1 if any(not row.kept for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
