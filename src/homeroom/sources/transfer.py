"""One resumable transfer over HTTP: what is kept on disk, and what a server's answer means.

Range requests follow RFC 9110, section 14 (``Range``, ``If-Range``, ``Content-Range``). A server
is taken at its word about length exactly once: whatever contradicts it later is refused.
"""

from __future__ import annotations

import errno
import json
import re
import shutil
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Protocol

from homeroom.errors import BadInput, HomeroomError, NotAvailable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Progress(Protocol):
    """Told how a download goes; the command line draws a bar from it."""

    def moved(self, done: int, total: int | None) -> None:
        """``done`` bytes are on disk, of ``total`` where the server said how many."""
        ...

    def told(self, message: str) -> None:
        """Something happened that a person may want to know, such as a retry."""
        ...


class TransientError(Exception):
    """The connection failed in a way that may pass; ``wait`` is what the server asked for."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


@dataclass(slots=True)
class Part:
    """The bytes so far (``<file>.part``) and what they belong to (``<file>.part.json``)."""

    path: Path
    url: str
    etag: str | None = None
    last_modified: str | None = None
    total: int | None = None

    @classmethod
    def of(cls, target: Path, url: str) -> Part:
        """Take up the part that lies beside ``target``, or start afresh."""
        part = cls(target.with_name(target.name + ".part"), url)
        try:
            kept = json.loads(part.sidecar.read_text(encoding="utf-8"))
            found = cls(part.path, kept["url"], kept["etag"], kept["last_modified"], kept["total"])
        except (OSError, ValueError, KeyError, TypeError):
            found = None
        if found is None or found.url != url:
            part.forget()
            return part
        return found

    @property
    def sidecar(self) -> Path:
        """Where address, length and version of the part are written down."""
        return self.path.with_name(self.path.name + ".json")

    @property
    def offset(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def complete(self) -> bool:
        """Whether every byte that the server promised is here."""
        return self.total is not None and self.offset == self.total

    @property
    def validator(self) -> str | None:
        """What ``If-Range`` may carry: a strong ETag, else the date (RFC 9110, 13.1.5)."""
        strong = self.etag and not self.etag.startswith("W/")
        return self.etag if strong else self.last_modified

    def save(self) -> None:
        """Write the sidecar."""
        known = {
            "url": self.url,
            "etag": self.etag,
            "last_modified": self.last_modified,
            "total": self.total,
        }
        self.sidecar.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")

    def forget(self) -> None:
        """Drop bytes and sidecar: they are of no use."""
        self.path.unlink(missing_ok=True)
        self.sidecar.unlink(missing_ok=True)
        self.etag = self.last_modified = self.total = None


@dataclass(frozen=True, slots=True)
class PlaceRange:
    """The bytes that an answer says it holds: from ``start`` up to ``stop`` of ``total``."""

    start: int
    stop: int | None
    total: int | None


def carry_on(client: httpx.Client, part: Part, progress: Progress) -> None:
    """Use one connection to bring ``part`` further, and return when it is complete.

    Raises
    ------
    TransientError
        The connection was cut or the server is busy: try again.
    BadInput, NotAvailable
        The server contradicts itself, sends something else, or does not have the file.
    """
    headers = {"Accept-Encoding": "identity"}
    if part.offset and part.validator:
        headers |= {"Range": f"bytes={part.offset}-", "If-Range": part.validator}
    with client.stream("GET", part.url, headers=headers) as response:
        span = _agree(response, part)
        if span is not None:
            _pour(response, part, span, progress)


def _agree(response: httpx.Response, part: Part) -> PlaceRange | None:
    """Read status and headers against what is known; None when nothing is left to fetch."""
    status = response.status_code
    if status in _PASSING:
        wait = response.headers.get("retry-after", "")
        raise TransientError(
            f"the server answered {status}", float(wait) if wait.isdigit() else None
        )
    if status == 416:
        _past_the_end(response, part)
        return None
    if status not in (200, 206):
        raise NotAvailable(
            f"{part.url}: expected the file, but the server answered {status} "
            f"{response.reason_phrase}. The address may have changed: fetch the file by hand from "
            "https://civilrightsdata.ed.gov/data and give it to homeroom build --from."
        )
    if response.headers.get("content-encoding", "identity") != "identity":
        raise BadInput(
            f"{part.url}: asked for the bytes as they are, but the server sent them encoded as "
            f"{response.headers['content-encoding']}. Fetch the file by hand with a browser."
        )
    length = response.headers.get("content-length")
    if status == 200:
        size = int(length) if length else None
        return PlaceRange(0, size, size)
    return _range(response, part, int(length) if length else None)


def _range(response: httpx.Response, part: Part, length: int | None) -> PlaceRange:
    stated = response.headers.get("content-range", "")
    match = _CONTENT_RANGE.fullmatch(stated)
    if match is None:
        raise _lie(part, f"a part of the file without a readable Content-Range ({stated!r})")
    first, last = int(match[1]), int(match[2])
    total = None if match[3] == "*" else int(match[3])
    etag = response.headers.get("etag")
    if part.etag and etag and etag != part.etag:
        part.forget()
        raise TransientError("the file changed on the server; starting over", 0)
    if first != part.offset:
        raise _lie(part, f"bytes from {first:,} when bytes from {part.offset:,} were asked for")
    if part.total is not None and total is not None and total != part.total:
        raise _lie(part, f"{total:,} bytes as the length of a file of {part.total:,}")
    if length is not None and length != last - first + 1:
        raise _lie(part, f"{length:,} bytes for a range of {last - first + 1:,}")
    return PlaceRange(first, last + 1, total if total is not None else part.total)


def _past_the_end(response: httpx.Response, part: Part) -> None:
    """Read a 416: either everything is here already, or the part is of no use."""
    match = re.fullmatch(r"bytes \*/(\d+)", response.headers.get("content-range", ""))
    total = int(match[1]) if match else None
    known, part_total = part.offset, part.total
    if total == known and part_total in (None, total):
        part.total = total
        return
    part.forget()
    if total is not None and part_total is not None and total != part_total:
        raise _lie(part, f"{total:,} bytes as the length of a file of {part_total:,}")
    raise TransientError(f"the server refused to resume after {known:,} bytes; starting over", 0)


def _pour(response: httpx.Response, part: Part, span: PlaceRange, progress: Progress) -> None:
    """Append the answer to the part, counting."""
    chunks = response.iter_raw()
    if span.start == 0:
        chunks = _looks_like_zip(chunks, part)
    _room(part, span)
    if span.start == 0 and part.offset:
        progress.told("The server sends the file from the start; starting over.")
    with part.path.open("ab" if span.start else "wb", buffering=0) as stream:
        if span.start == 0:
            # After the old bytes are gone: a sidecar must never vouch for another version's bytes.
            part.etag = response.headers.get("etag")
            part.last_modified = response.headers.get("last-modified")
        part.total = span.total
        part.save()
        done = span.start
        progress.moved(done, span.total)
        for chunk in chunks:
            done += len(chunk)
            if span.stop is not None and done > span.stop:
                stream.close()
                raise _lie(part, f"more than the {span.stop - span.start:,} bytes it announced")
            _write(stream, chunk, part)
            progress.moved(done, span.total)
    end = span.total if span.total is not None else span.stop
    if end is not None and part.offset < end:
        raise TransientError(f"the connection ended after {part.offset:,} of {end:,} bytes")
    if span.total is None:
        # No total was ever stated: the end of the answer is the end of the file.
        part.total = part.offset


def _looks_like_zip(chunks: Iterator[bytes], part: Part) -> Iterator[bytes]:
    """Pass the chunks on once the first bytes are a ZIP's; the part is untouched until then."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= 4:
            break
    if not head.startswith(_ZIP_STARTS):
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        found = (
            "a web page (is there a sign-in page or a filter between you and the server?)"
            if text.startswith(b"<")
            else f"something that starts with {head[:16]!r}"
            if head
            else "nothing"
        )
        raise BadInput(
            f"{part.url}: expected a ZIP file, found {found}. Open the address in a browser."
        )

    def passed_on() -> Iterator[bytes]:
        yield head
        yield from chunks

    return passed_on()


def _room(part: Part, span: PlaceRange) -> None:
    free = shutil.disk_usage(part.path.parent).free
    kept = part.offset if span.start == 0 else 0
    needed = (span.stop or span.start) - span.start - kept
    if needed > free:
        raise HomeroomError(
            f"{part.path.parent}: expected room for {needed / 1e6:,.0f} MB more, found "
            f"{free / 1e6:,.0f} MB free. Free some space or choose another folder; "
            "what was fetched is kept."
        )


def _write(stream: IO[bytes], chunk: bytes, part: Part) -> None:
    try:
        view = memoryview(chunk)
        while view:
            view = view[stream.write(view) :]
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        raise HomeroomError(
            f"{part.path}: expected room for the file, found the disk full after "
            f"{part.offset:,} bytes. Free some space and try again: it goes on from "
            "there."
        ) from error


def _lie(part: Part, what: str) -> BadInput:
    """Say what the server contradicted; nothing that it sent can be trusted."""
    part.forget()
    return BadInput(
        f"{part.url}: expected the length that the server announced, but it sent {what}. Nothing "
        "was kept. Try again later, or fetch the file by hand with a browser."
    )
