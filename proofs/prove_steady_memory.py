"""Prove that the server's memory and threads stay bounded under mixed clients, and go back.

50 clients, each with an address of its own, ask for places, charts, checks, plans, briefs, and
rates for ten minutes, half of them for something that nobody asked for before. Each second the
memory of all the server's processes and its threads are noted. Two minutes after the last client
left, memory must be back near the start. Then 500 clients ask for pages for a minute, and none may
get an error. `HOMEROOM_PROOF_SECONDS` makes it shorter.
"""

from __future__ import annotations

import asyncio
import csv
import json
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
from proofs.site import Site, as_from, served

from homeroom.report.engines import draw
from homeroom.vocabulary.states import STATES

FOLDER = Path(__file__).parent / "results"
SECONDS = int(os.environ.get("HOMEROOM_PROOF_SECONDS", "600"))
CLIENTS, MANY, SEED = 50, 500, 5
REST = min(120, SECONDS)
MOST_MB, BACK_MB = 800, 100
PAGES = ("/", "/place/US-TX", "/place/lea:4808940", "/research", "/act", "/methods", "/data")
Sample = tuple[float, float, int]


def path_of(draws: random.Random) -> str:
    """Return an address: half of them have seldom been asked for."""
    state = draws.choice(list(STATES))
    theme = draws.choice(("light", "dark"))
    return draws.choice(
        (
            *PAGES,
            f"/place/US-{state}",
            f"/place/US-{state}?policy=screened",
            f"/chart/rates.svg?place=US-{state}&theme={theme}",
            f"/chart/districts.png?state={state}&theme={theme}",
            f"/claims/check?q={draws.randrange(1, 99)}+percent+of+schools+have+a+counselor",
            f"/api/v1/rates?place=US-{state}&by=race",
            f"/plan?place=lea:4808940&officers=half&counselor={draws.randrange(1, 60)}",
            f"/brief/US-{state}.pdf",
            f"/search?q={state}+{draws.randrange(1000)}",
        )
    )


async def visits(site: Site, number: int, end: float) -> Counter[str]:
    """Visit as one client until the end; give the statuses."""
    draws, found = random.Random(SEED + number), Counter[str]()
    mine = as_from(f"198.51.100.{number}")
    async with httpx.AsyncClient(base_url=site.url, timeout=60, headers=mine) as client:
        while time.monotonic() < end:
            try:
                found[str((await client.get(path_of(draws))).status_code)] += 1
            except httpx.HTTPError as error:
                found[type(error).__name__] += 1
            await asyncio.sleep(draws.random())
    return found


async def sampled(site: Site, seconds: float) -> list[Sample]:
    """Note memory and threads each second."""
    begun, found = time.monotonic(), []
    while (now := time.monotonic() - begun) < seconds:
        found.append((now, await asyncio.to_thread(site.megabytes), site.threads()))
        await asyncio.sleep(1)
    return found


async def mixed(site: Site) -> tuple[Counter[str], list[Sample]]:
    """Have the clients come, and watch the server meanwhile and as long after as it may rest."""
    end = time.monotonic() + SECONDS
    watching = asyncio.create_task(sampled(site, SECONDS + REST))
    found = await asyncio.gather(*(visits(site, n, end) for n in range(CLIENTS)))
    return sum(found, Counter()), await watching


async def many(site: Site) -> Counter[str]:
    """Have 500 clients ask for pages that are made already."""
    end = time.monotonic() + min(60, SECONDS)
    found: Counter[str] = Counter()

    async def one(number: int) -> None:
        mine = as_from(f"10.0.{number // 250}.{number % 250}")
        async with httpx.AsyncClient(base_url=site.url, timeout=60, headers=mine) as client:
            while time.monotonic() < end:
                try:
                    status = str((await client.get(PAGES[number % len(PAGES)])).status_code)
                except httpx.HTTPError as error:
                    status = type(error).__name__
                found[status] += 1
                await asyncio.sleep(1)

    await asyncio.gather(*(one(number) for number in range(MANY)))
    return found


def plotted(samples: list[Sample]) -> bytes:
    """Return memory and threads over time as a picture."""
    values = [{"second": s, "memory (MB)": m, "threads": t} for s, m, t in samples]
    line = {"mark": "line", "width": 640, "height": 160}
    parts = [
        line | {"encoding": {
            "x": {"field": "second", "type": "quantitative"},
            "y": {"field": name, "type": "quantitative"},
        }}
        for name in ("memory (MB)", "threads")
    ]  # fmt: skip
    return draw(json.dumps({"data": {"values": values}, "vconcat": parts}), "svg")


def main() -> int:
    """Run the parts, write the results, and say whether they hold."""
    with served() as site:
        for path in PAGES:
            httpx.get(site.url + path, timeout=60)
        httpx.get(f"{site.url}/chart/rates.svg?place=US", timeout=60)  # the workers stand
        start = site.megabytes()
        codes, samples = asyncio.run(mixed(site))
        back = site.megabytes()
        crowd = asyncio.run(many(site))
    most = max(m for _, m, _ in samples)
    rows = [
        ("seconds", SECONDS), ("clients", CLIENTS),
        *((f"answered {code}", n) for code, n in sorted(codes.items())),
        ("memory at the start, MB", round(start)),
        ("most memory, MB", round(most)),
        (f"memory {REST} s after the last client, MB", round(back)),
        ("most threads of the server", max(t for _, _, t in samples)),
        *((f"{MANY} clients: answered {code}", n) for code, n in sorted(crowd.items())),
    ]  # fmt: skip
    with (FOLDER / "steady_memory.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("what", "number"), *rows])
    with (FOLDER / "steady_memory_by_second.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("second", "memory_mb", "threads")])
        csv.writer(file).writerows((round(s, 1), round(m), t) for s, m, t in samples)
    (FOLDER / "steady_memory.svg").write_bytes(plotted(samples))
    for row in rows:
        print(*row, sep=": ")
    holds = most < MOST_MB and back < start + BACK_MB and set(crowd) == {"200"}
    return 0 if holds and not set(codes) - {"200", "303", "429", "503", "404"} else 1


if __name__ == "__main__":
    sys.exit(main())
