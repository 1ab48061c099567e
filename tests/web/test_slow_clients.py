"""Clients that connect and dawdle, over a real socket."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
import pytest
import uvicorn

import homeroom
from homeroom.web import protocol
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def impatient(starter_store: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(protocol, "PATIENCE", 0.5)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        address = f"http://127.0.0.1:{port}"
        app = create_app(homeroom.open(starter_store), Settings(address, seconds=1.0))
        server = uvicorn.Server(
            uvicorn.Config(
                app, port=port, http=protocol.Patient, log_config=None, access_log=False,
                server_header=False, h11_max_incomplete_event_size=16_384,
                timeout_graceful_shutdown=2,
            )
        )  # fmt: skip
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        yield address
        server.should_exit = True
        thread.join()


def talk(address: str, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send parts with pauses; give what comes back until the other side closes."""
    target = urlsplit(address)
    received = b""
    with socket.create_connection((target.hostname, target.port), timeout=6) as line:
        for part in parts:
            try:
                line.sendall(part)
            except OSError:
                break
            time.sleep(pause)
        while True:
            try:
                found = line.recv(65_536)
            except ConnectionResetError:
                break
            if not found:
                break
            received += found
    return received


def test_a_client_that_never_ends_its_headers_is_let_go(impatient: str) -> None:
    start = time.monotonic()
    received = talk(impatient, b"GET / HTTP/1.1\r\n", b"Host: 127.0.0.1\r\nX-Slow: ", pause=0.1)
    assert b"200" not in received
    assert time.monotonic() - start < 3


def test_a_client_that_says_nothing_is_let_go(impatient: str) -> None:
    start = time.monotonic()
    assert talk(impatient) == b""
    assert time.monotonic() - start < 3


def test_a_client_that_drips_its_headers_is_let_go(impatient: str) -> None:
    drips = [b"GET / HTTP/1.1\r\n", *(f"X-{n}: 1\r\n".encode() for n in range(30))]
    start = time.monotonic()
    received = talk(impatient, *drips, pause=0.1)
    assert b"200 OK" not in received
    assert time.monotonic() - start < 5


def test_headers_without_end_are_refused(impatient: str) -> None:
    head = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    received = talk(impatient, head + b"X-Long: " + b"a" * 40_000)
    assert b"200 OK" not in received


def test_a_request_that_splits_headers_is_refused(impatient: str) -> None:
    received = talk(
        impatient, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b\r\n c\x00: d\r\n\r\n", pause=0.1
    )
    assert received.startswith(b"HTTP/1.1 400")


def test_those_who_keep_the_line_are_served_again(impatient: str) -> None:
    with httpx.Client(base_url=impatient) as client:
        for _ in range(3):
            assert client.get("/about").status_code == 200
            time.sleep(0.7)


def test_others_are_served_meanwhile(impatient: str) -> None:
    target = urlsplit(impatient)
    lines = [socket.create_connection((target.hostname, target.port)) for _ in range(40)]
    try:
        assert httpx.get(f"{impatient}/healthz", timeout=5).status_code == 200
    finally:
        for line in lines:
            line.close()
