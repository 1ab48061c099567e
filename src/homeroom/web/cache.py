"""Answers kept: bounded in bytes, keyed by data version and address, with entity tags."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from operator import itemgetter
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from homeroom.web.citation import PIN, VERSION
from homeroom.web.ranges import part_of
from homeroom.web.refusals import refusal
from homeroom.web.threads import run_in_threadpool

_BYTES = "application/octet-stream"
_SMALL = 800
Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as bytes."""

    body: bytes
    media_type: str
    etag: str
    headers: tuple[tuple[str, str], ...]
    packed: bytes = b""
    """The body compressed once for all who take gzip; empty where that saves little."""


def pack(body: bytes, media_type: str) -> bytes:
    """Compress text; pictures and archives are compressed already."""
    text = media_type.startswith(("text/", "application/json", "image/svg"))
    return gzip.compress(body, 6, mtime=0) if text and len(body) > _SMALL else b""


class AnswerCache:
    """The most recently used answers, in at most ``limit`` bytes: none where that is 0."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """Let one visitor make an answer that many ask for at once; the others then find it."""
        lock, waiting = self._making.get(key) or (asyncio.Lock(), 0)
        self._making[key] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            _, waiting = self._making.pop(key)
            if waiting > 1:
                self._making[key] = (lock, waiting - 1)

    def get(self, key: str) -> Kept | None:
        """Return an answer, and remember that it was wanted."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, kept: Kept) -> None:
        """Keep an answer; drop the least recently used ones beyond the limit."""
        with self._lock:
            if old := self._kept.pop(key, None):
                self.size -= _weight(old)
            self._kept[key] = kept
            self.size += _weight(kept)
            while self.size > self.limit and self._kept:
                self.size -= _weight(self._kept.popitem(last=False)[1])

    def __len__(self) -> int:
        return len(self._kept)


def _weight(kept: Kept) -> int:
    return len(kept.body) + len(kept.packed) + 500


def key_of(request: Request, version: str) -> str:
    """Return the key of an address: the order of parameters does not matter."""
    pairs = parse_qsl(request.url.query, keep_blank_values=True)
    pairs.sort(key=itemgetter(0))  # of a name given twice, which comes last does matter
    return f"{version} {request.url.path}?{urlencode(pairs)}"


def kept(handler: Handler) -> Handler:
    """Wrap a handler of GET requests so that its answers are kept and revalidated."""

    async def answer(request: Request) -> Response:
        if outdated := other_version(request):
            return outdated
        cache: AnswerCache = request.app.state.cache
        key = key_of(request, request.app.state.room.meta["data_version"])
        if found := cache.get(key):
            return respond(request, found)
        async with cache.alone(key):
            if found := cache.get(key):
                return respond(request, found)
            made = await handler(request)
            if made.status_code != 200 or not isinstance(made.body, bytes):
                return made
            found = await run_in_threadpool(_kept, made)
            cache.put(key, found)
            return respond(request, found)

    return answer


def other_version(request: Request) -> Response | None:
    """Return a refusal where an address is pinned to other data than the site now holds."""
    now, pinned = request.app.state.room.meta["data_version"], request.query_params.get(PIN)
    if pinned in (None, now):
        return None
    if not re.fullmatch(VERSION, str(pinned)):
        return refusal(
            request, 400, "bad_input",
            f"{PIN}: expected 12 digits and letters from a to f, as {now}. A citation has them.",
        )  # fmt: skip
    return refusal(
        request, 410, "other_data_version",
        f"This address is pinned to data version {pinned}, and this site now holds {now}. "
        f"Without the parameter {PIN} the address answers from today's data; /corrections lists "
        "what changed.",
    )  # fmt: skip


def _kept(made: Response) -> Kept:
    body, media_type = bytes(made.body), made.headers.get("content-type", _BYTES)
    named = ("content-disposition", "link")
    return Kept(
        body, media_type, f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        tuple((name, value) for name, value in made.headers.items() if name in named),
        pack(body, media_type),
    )  # fmt: skip


def respond(request: Request, found: Kept) -> Response:
    """Return the answer, or 304 where the asker has it already."""
    job = request.app.state.official
    # Whoever has the store replaced here must not be shown pages of the old one afterward.
    held = "no-cache" if job is not None and job.used else "public, max-age=300"
    headers = {
        **dict(found.headers), "ETag": found.etag, "Cache-Control": held,
        "X-Homeroom-Data-Version": request.app.state.room.meta["data_version"],
    }  # fmt: skip
    wanted = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
    if found.etag in tags or wanted.strip() == "*":
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = found.media_type
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        # Of answers that are not packed yet the middleware says it.
        packed = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(found.packed, headers=headers | packed)
    headers["Accept-Ranges"] = "bytes"
    part = part_of(request.headers, request.method, found.body, found.etag, headers)
    return part or Response(found.body, headers=headers)
