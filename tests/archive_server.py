"""A server of official ZIPs, made small, with the folders of OCR's own and faults on demand."""

from __future__ import annotations

import functools
import hashlib
import io
import re
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import crdc_factory as crdc

FOLDERS = {
    "2015-16": "Data Files and Layouts",
    "2017-18": "2017-18 Public-Use Files/Data/SCH/CRDC/CSV",
    "2020-21": "CRDC/School",
    "2021-22": "SCH",
}
NAMES = {wave: f"{wave}-crdc-data.zip" for wave in FOLDERS} | {
    "2017-18": "2017-18-crdc-data-corrected-05242021.zip"
}
LEA = "1908970"
"""Des Moines, of which the starter facts have no school files."""


_PIECE = 256
"""Bytes of a piece: the ZIPs have some thousand bytes."""


@functools.cache
def archive(wave: str, arrests: int = 3) -> bytes:
    """Return a wave's ZIP with two schools of one district, each with so many arrests a column."""
    rows = [
        crdc.school(
            f"{LEA}{number:05d}", LEA_STATE="IA", LEA_STATE_NAME="IOWA", LEA_NAME="Des Moines",
            **crdc.whole("Enrollment", 100, "ENR_", wave),
            **crdc.whole("Referrals and Arrests", arrests, "WODIS_ARR", wave),
        )
        for number in (1, 2)
    ]  # fmt: skip
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(buffer, "w") as out:
        for path in sorted(crdc.write_all(Path(scratch), rows, wave).iterdir()):
            name = "CRDC 2015-16 School Data.csv" if wave == "2015-16" else path.name
            out.write(path, f"{FOLDERS[wave]}/{name}", zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


@dataclass
class Shelf:
    """What the server has, what it does instead of a plain answer, and what it was asked."""

    files: dict[str, bytes]
    address: str = ""
    faults: dict[str, list[Callable[[Answer], None]]] = field(default_factory=dict)
    """File name to what to do at its first, second, … request; then answers are plain."""
    slow: float = 0.0
    """Seconds between two pieces of an answer."""
    seen: list[tuple[str, str]] = field(default_factory=list)
    """File name and ``Range`` of each request."""


class Answer(BaseHTTPRequestHandler):
    """Answers with a whole file or the part asked for (RFC 9110, section 14)."""

    protocol_version = "HTTP/1.1"
    shelf: Shelf

    @property
    def file(self) -> str:
        """The name that was asked for."""
        return self.path.rsplit("/", 1)[-1]

    def do_GET(self) -> None:
        """Do what is planned for the file, else answer plainly."""
        self.shelf.seen.append((self.file, self.headers.get("Range", "")))
        planned = self.shelf.faults.get(self.file)
        try:
            (planned.pop(0) if planned else Answer.plain)(self)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def plain(self, stop: int | None = None) -> None:
        """Send the file, or the part asked for; with ``stop`` hang up after so many bytes."""
        body = self.shelf.files.get(self.file)
        if body is None:
            self.status(404)
            return
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and self.headers.get("If-Range", tag) == tag else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("ETag", tag)
        self.end_headers()
        for at in range(start, len(body) if stop is None else stop, _PIECE):
            self.wfile.write(body[at : min(at + _PIECE, stop or len(body))])
            self.wfile.flush()
            time.sleep(self.shelf.slow)
        self.close_connection = stop is not None

    def status(self, number: int) -> None:
        """Send a bare status."""
        self.send_response(number)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def half(answer: Answer) -> None:
    """Drop the connection in the middle."""
    answer.plain(stop=len(answer.shelf.files[answer.file]) // 2)


def busy(answer: Answer) -> None:
    """Answer 503."""
    answer.status(503)


def changed(body: bytes) -> Callable[[Answer], None]:
    """Return a fault that replaces the file, under another entity tag, and then answers."""

    def replace(answer: Answer) -> None:
        answer.shelf.files[answer.file] = body
        answer.plain()

    return replace


def short(answer: Answer) -> None:
    """Announce fewer bytes than the file has, and keep to that."""
    body = answer.shelf.files[answer.file][:-1000]
    answer.send_response(200)
    answer.send_header("Content-Length", str(len(body)))
    answer.end_headers()
    answer.wfile.write(body)


@contextmanager
def serving_archives(*waves: str) -> Iterator[Shelf]:
    """Serve the ZIPs of waves on loopback until the block ends; others are not found."""
    shelf = Shelf({NAMES[wave]: archive(wave) for wave in waves})
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Answer,), {"shelf": shelf}))
    server.daemon_threads = True
    shelf.address = f"http://127.0.0.1:{server.server_port}/docs"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield shelf
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
