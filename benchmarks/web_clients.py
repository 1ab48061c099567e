"""Clients of a web server in a process of their own: ``python -m benchmarks.web_clients < plan``.

The plan is JSON: port, clients, seconds, pause (shortest and longest, in seconds, between a
client's requests) and a mix of kinds, each with a share and addresses; ``once`` says that no
address may be asked twice. Printed are, by kind, the milliseconds of each request from its first
byte sent to its last received, and what went wrong. Clients keep their line, as browsers do.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

SEED = 7
_SLOWEST = 30.0


@dataclass
class CountArrays:
    """What all clients saw."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: Counter[str] = field(default_factory=Counter)
    exhausted: bool = False


class Mix:
    """Draws addresses by the shares of their kinds."""

    def __init__(self, kinds: dict[str, Any]) -> None:
        self.kinds = kinds
        self.names = list(kinds)
        self.shares = [kinds[name]["share"] for name in self.names]
        self.chance = random.Random(SEED)

    def draw(self, tally: CountArrays) -> tuple[str, str]:
        name = self.chance.choices(self.names, self.shares)[0]
        addresses = self.kinds[name]["addresses"]
        if not self.kinds[name].get("once"):
            return name, self.chance.choice(addresses)
        if addresses:
            return name, addresses.pop()
        tally.exhausted = True
        return self.draw(tally)


class Line:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def ask(self, address: str) -> tuple[int, int]:
        """Return status and length of an answer."""
        if self.reader is None or self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(
            f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Accept-Encoding: gzip\r\n\r\n".encode()
        )
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await self.reader.readexactly(length)
        return int(head[9:12]), length

    def drop(self) -> None:
        """Close it; the next request opens another."""
        if self.writer is not None:
            self.writer.close()
        self.reader = self.writer = None


async def client(plan: dict[str, Any], mix: Mix, tally: CountArrays, until: float) -> None:
    line, chance = Line(plan["port"]), mix.chance
    await asyncio.sleep(chance.uniform(0, plan["pause"][1]))
    while time.perf_counter() < until:
        kind, address = mix.draw(tally)
        started = time.perf_counter()
        try:
            status, _ = await asyncio.wait_for(line.ask(address), _SLOWEST)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            tally.errors[type(error).__name__] += 1
            line.drop()
            continue
        tally.taken[kind].append((time.perf_counter() - started) * 1000)
        if status not in (200, 303):
            tally.errors[str(status)] += 1
        if plan["pause"][1]:
            await asyncio.sleep(chance.uniform(*plan["pause"]))
    line.drop()


async def run(plan: dict[str, Any]) -> CountArrays:
    tally, mix = CountArrays(), Mix(plan["mix"])
    until = time.perf_counter() + plan["seconds"]
    await asyncio.gather(*(client(plan, mix, tally, until) for _ in range(plan["clients"])))
    return tally


def main() -> int:
    found = asyncio.run(run(json.load(sys.stdin)))
    json.dump(
        {"taken": found.taken, "errors": found.errors, "exhausted": found.exhausted}, sys.stdout
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
