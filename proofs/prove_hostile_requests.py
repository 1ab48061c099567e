"""Prove that hostile requests, a storm of briefs, and killed workers cost nobody else a page.

2,000 hostile requests and 230 briefs are sent at once from one address. Meanwhile and afterward
another visitor asks for normal pages: each must be there within a second. Then workers are killed
with SIGKILL while they draw: each kill may cost the answers that were being made, and the next
chart must come. `HOMEROOM_PROOF_REQUESTS` makes it shorter.
"""

from __future__ import annotations

import asyncio
import csv
import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from urllib.parse import quote

import httpx
from proofs.site import Site, as_from, served

RESULTS = Path(__file__).parent / "results" / "hostile_requests.csv"
REQUESTS = int(os.environ.get("HOMEROOM_PROOF_REQUESTS", "2000"))
BRIEFS, KILLS, SEED = 230, 5, 11
PAGES = (
    "/",
    "/place/US-TX",
    "/place/lea:4808940",
    "/research",
    "/act",
    "/api/v1/rates?place=US-TX",
)
STATES = ("AL", "AK", "AZ", "AR", "CO", "CT", "DE", "FL", "GA", "HI")
WITHIN = 1.0
ATTACKER, VISITOR = as_from("203.0.113.66"), as_from("198.51.100.7")
_NASTY = (
    "\ufffe", "\uffff", "\x1b[2J", "\x00", "\u202e", "\ud83d\ude00", "[/b]", "=HYPERLINK(1)",
    "../../etc/passwd", "' OR 1=1 --", "<script>", "{{7*7}}", "0 times less", "1 in 0", "%", "\\",
    "9" * 400, "nan", "inf", "-1", "a" * 3000,
)  # fmt: skip
_YAML = (
    "a: " + "[" * 1200 + "]" * 1200,
    "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]",
    "\n".join(f"k{n}: 1" for n in range(200)),
    "name: x\nplace: lea:4808940\nstart: 2026\nyears: 2\nofficers: {end: all, schools: 5}",
)


def hostile(draw: random.Random) -> str:
    """Return the address of a request that means harm."""
    nasty = quote(draw.choice(_NASTY), safe="", errors="surrogatepass")
    return draw.choice(
        (
            f"/chart/plans.svg?place=lea:4808940&officers=half&counselor=2&name={nasty}",
            f"/chart/rates.svg?place={nasty}",
            f"/claims/check?q={nasty}%20Black%20students%20are%20arrested",
            f"/plan?yaml={quote(draw.choice(_YAML), safe='')[:3900]}",
            f"/search?q={nasty}",
            f"/place/{nasty}",
            f"/api/v1/rates?place=US-TX&measure={nasty}",
            f"/api/v1/check?q={nasty}",
            f"/act/allocation?total={nasty}",
        )
    )


async def answered(client: httpx.AsyncClient, path: str, headers: dict[str, str]) -> str:
    """Ask, and tell the status or what went wrong with the line."""
    try:
        return str((await client.get(path, headers=headers)).status_code)
    except httpx.TimeoutException:
        return "timeout"
    except httpx.HTTPError as error:
        return type(error).__name__


Took = list[tuple[float, str]]
"""Seconds, and the page that took them."""


def visits(url: str, over: Event, told: Connection) -> None:
    """Visit pages one after the other until the storm is over; tell the seconds that each took.

    A visitor has a process of their own, so that only the server can keep them waiting.
    """
    took: Took = []
    with httpx.Client(base_url=url, timeout=60, headers=VISITOR) as client:
        while True:
            last = over.is_set()
            for path in PAGES:
                started = time.perf_counter()
                client.get(path).raise_for_status()
                took.append((time.perf_counter() - started, path))
            if last:
                told.send(took)
                return
            time.sleep(0.1)


def slowest(took: Took) -> dict[str, float]:
    """Return the longest time that each page took."""
    return {path: round(max(s for s, one in took if one == path), 3) for path in PAGES}


async def storm(site: Site) -> tuple[Counter[str], Took, Took]:
    """Send everything at once; give what the attacker got, and a visitor's pages."""
    draw = random.Random(SEED)
    paths = [hostile(draw) for _ in range(REQUESTS)]
    paths += [f"/brief/US-{state}.pdf?policy=screened" for state in ("TX", "CA", "NY")]
    paths += [f"/brief/lea:{4800000 + n:07d}.pdf" for n in range(BRIEFS - 3)]
    draw.shuffle(paths)
    with visiting(site) as during:
        lines = httpx.Limits(max_connections=300)
        async with httpx.AsyncClient(base_url=site.url, timeout=60, limits=lines) as attacker:
            found = await asyncio.gather(*(answered(attacker, path, ATTACKER) for path in paths))
    with visiting(site) as afterward:
        pass
    return Counter(found), during, afterward


@contextmanager
def visiting(site: Site) -> Iterator[Took]:
    """Have a visitor come for as long as the block lasts, and once more; fill in what they tell."""
    took: Took = []
    context = multiprocessing.get_context("spawn")
    over, (told, tells) = context.Event(), context.Pipe(duplex=False)
    visitor = context.Process(target=visits, args=(site.url, over, tells))
    visitor.start()
    try:
        yield took
        over.set()
        took += told.recv() if told.poll(120) else []
    finally:
        visitor.kill()
    if not took:
        raise SystemExit("a visitor was refused a page")


async def kills(site: Site) -> Counter[str]:
    """Kill everything that draws while it does; give what the charts got, the next one apart."""
    found: Counter[str] = Counter()
    async with httpx.AsyncClient(base_url=site.url, timeout=60) as client:
        for n in range(KILLS):
            states = STATES[2 * n : 2 * n + 2]
            drawing = [
                asyncio.create_task(
                    answered(client, f"/chart/rates.png?place=US-{state}", as_from(f"192.0.2.{n}"))
                )
                for state in states
            ]
            await asyncio.sleep(0.3)
            for pid in site.workers():
                os.kill(pid, signal.SIGKILL)
            found.update(await asyncio.gather(*drawing))
            path = f"/chart/rates.svg?place=US-{states[0]}&theme=dark"
            found[f"after: {await answered(client, path, VISITOR)}"] += 1
    return found


def main() -> int:
    """Run the parts, write the results, and say whether they hold."""
    with served() as site:
        codes, during, after = asyncio.run(storm(site))
        killed = asyncio.run(kills(site))
        alive = httpx.get(f"{site.url}/healthz").status_code == 200
        threads = site.threads()
    faults = {code: n for code, n in codes.items() if code in ("500", "timeout") or "E" in code}
    rows = [
        ("requests", sum(codes.values())),
        *((f"answered {code}", n) for code, n in sorted(codes.items())),
        *((f"a visitor meanwhile, {path}, slowest s", s) for path, s in slowest(during).items()),
        ("pages for a visitor meanwhile", len(during)),
        *((f"a visitor afterward, {path}, slowest s", s) for path, s in slowest(after).items()),
        *((f"killed workers: charts answered {code}", n) for code, n in sorted(killed.items())),
        ("threads of the server afterward", threads),
    ]
    with RESULTS.open("w", newline="") as file:
        csv.writer(file).writerows([("what", "number"), *rows])
    for row in rows:
        print(*row, sep=": ")
    holds = alive and not faults and max(after)[0] <= WITHIN and killed["after: 200"] == KILLS
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
