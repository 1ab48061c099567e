"""A website of the starter facts in a process of its own, and what it takes of the machine."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from homeroom.evidence.build import build

READY_SECONDS = 90


@dataclass(frozen=True)
class Site:
    """A running server."""

    url: str
    pid: int
    store: Path = Path()

    def processes(self) -> list[int]:
        """Return the server's process and all below it."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    stat = (entry / "stat").read_text()
                except OSError:
                    continue
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
        found = [self.pid]
        for one in found:
            found += [child for child, parent in parents.items() if parent == one]
        return found

    def workers(self) -> list[int]:
        """Return the processes that draw: those below the one that they are forked from."""
        return [pid for pid in self.processes() if b"forkserver" in _command(pid)]

    def megabytes(self) -> float:
        """Return the memory of all its processes; what they share counts once."""
        return sum(_proportional(pid) for pid in self.processes()) / 1000

    def threads(self) -> int:
        """Return the threads of the server's own process."""
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _proportional(pid: int) -> float:
    """Return the kilobytes of a process, its share of what is shared."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) for line in lines if line.startswith("Pss:")), 0.0)


@contextmanager
def served() -> Iterator[Site]:
    """Serve the starter facts until the block ends, behind what passes for a proxy.

    So each client of a proof can have an address, and with it limits, of its own.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.duckdb"
        build([], store)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "homeroom", "serve", "--behind-proxy", "--port", str(port)]
        with subprocess.Popen(
            command, env={**os.environ, "HOMEROOM_STORE": str(store)}, stdout=subprocess.DEVNULL
        ) as process:
            site = Site(f"http://127.0.0.1:{port}", process.pid, store)
            try:
                _await(site)
                yield site
            finally:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()


def _await(site: Site) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(f"{site.url}/readyz").json()["warm"]:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    raise SystemExit("the site did not get ready")


def as_from(address: str) -> dict[str, str]:
    """Return the header with which a proxy names the client."""
    return {"X-Forwarded-For": address}
