"""`homeroom serve` in a process of its own, and raw bytes to it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

START = """
import functools, sys
from homeroom.cli import serve
from homeroom.web import protocol
protocol.PATIENCE, protocol.READING = {patience}, {reading}
serve.Settings = functools.partial(serve.Settings, seconds={seconds}, costly_per_minute=100_000)
serve.serve(sys.argv[1:])
"""
"""The command with shorter times and nothing else changed."""


@dataclass
class Served:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def line(self, *, small: bool = False) -> socket.socket:
        """Connect; ``small``: with room for little that comes back."""
        made = socket.socket()
        if small:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        made.settimeout(8)
        try:
            made.connect(("127.0.0.1", self.port))
        except OSError:
            made.close()
            raise
        return made

    def talk(self, *parts: bytes, wait: float = 8.0) -> bytes:
        """Send bytes as they are; give what comes until the server closes or ``wait`` is over."""
        received = b""
        with self.line() as line:
            for part in parts:
                line.sendall(part)
            end = time.monotonic() + wait
            while (left := end - time.monotonic()) > 0:
                line.settimeout(left)
                try:
                    found = line.recv(65_536)
                except (TimeoutError, ConnectionResetError):
                    break
                if not found:
                    break
                received += found
        return received

    def request(self, method: str, target: str | bytes, *headers: str, body: bytes = b"") -> bytes:
        """Send one request that asks to close the line after it."""
        named = target.encode() if isinstance(target, str) else target
        mine = [f"Host: 127.0.0.1:{self.port}", "Connection: close", *headers]
        head = b"%s %s HTTP/1.1\r\n" % (method.encode(), named)
        return self.talk(head + "\r\n".join(mine).encode() + b"\r\n\r\n" + body)

    def memory(self) -> int:
        """Return the server's resident memory in bytes."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def served(
    store: Path, log: Path, *, patience: float = 1.0, reading: float = 2.0, seconds: float = 3.0,
    warm_up: bool = False,
) -> Iterator[Served]:  # fmt: skip
    """Serve a store on loopback until the block ends; the server must then leave in peace."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    warming = "--warm-up" if warm_up else "--no-warm-up"
    code = START.format(patience=patience, reading=reading, seconds=seconds)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code, "--port", str(port), "--log", warming],
            env={**os.environ, "HOMEROOM_STORE": str(store)}, stdout=out, stderr=out,
        )  # fmt: skip
    made = Served(port, process, log)
    try:
        _await(made)
        yield made
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(made: Served) -> None:
    for _ in range(300):
        try:
            if b'"ready"' in made.request("GET", "/readyz"):
                return
        except OSError:
            time.sleep(0.1)
        assert made.process.poll() is None, made.log.read_text()
    raise AssertionError(made.log.read_text())
