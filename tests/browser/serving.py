"""The site in a thread of its own, for tests that need a real browser or a real socket."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

import homeroom
from homeroom.web.app import create_app
from homeroom.web.protocol import Patient
from homeroom.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """Serve on loopback; give the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app = create_app(homeroom.open(store), Settings(address, costly_per_minute=100_000))
    config = uvicorn.Config(
        app, port=port, http=Patient, log_config=None, access_log=False, server_header=False,
        timeout_keep_alive=2, timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    yield address
    server.should_exit = True
    thread.join()
