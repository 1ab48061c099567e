"""What a request may cost: size, time, host, and how often the costly routes may be asked."""

from __future__ import annotations

import asyncio
import re
import time
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from homeroom.web.confidential import from_here
from homeroom.web.refusals import API, refusal
from homeroom.web.settings import Settings
from homeroom.web.threads import made_for
from homeroom.web.warm import Traffic

COSTS = {
    "/brief/": 20, "/api/v1/brief": 20, "/api/v1/plans": 6, "/plan": 4, "/api/v1/disparit": 4,
    "/api/v1/panel": 8, "/act/allocation": 2, "/api/v1/act/allocation": 2, "/chart/": 1,
    "/embed/": 1, "/claims/check": 1, "/api/v1/check": 1, "/article": 4, "/api/v1/article": 4,
}  # fmt: skip
"""What an answer costs, by how its address begins: about a tenth of a second each."""
LONG = 4
"""Answers that cost so much are made apart from the others."""
HEALTH = ("/healthz", "/readyz")
"""Addresses that answer under any host name: who watches a process knows its address alone."""
UPLOADS = ("/article", "/api/v1/article")
"""Addresses that take a whole text or a file."""
FILES = ("/tables/", "/api/v1/panel")
"""Addresses of large answers: they may take longer to be made, and to be read."""
_LARGE = 8
_CLIENTS = 20_000
_ASTRAY = (400, 421)
"""Refusals after which nothing more that comes on the line is believed."""


class Limits:
    """ASGI middleware that refuses what is too large, too slow, too frequent or misdirected."""

    def __init__(
        self, app: ASGIApp, *, settings: Settings, traffic: Traffic, private: bool = False
    ) -> None:
        self.app = app
        self.settings, self.traffic, self.private = settings, traffic, private
        self.buckets = Buckets(settings.costly_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if refused := self._refused(scope):
            # An error page links to its own address: not to one that somebody made up, or that is
            # too long to be written twice more.
            shown = _nameless(scope) if refused[0] in (414, *_ASTRAY) else scope
            answer = refusal(Request(shown), *refused)
            if refused[0] in _ASTRAY:
                answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        client = self._client(scope, Headers(scope=scope))
        made_for(client, long=cost_of(scope["path"]) >= LONG)
        with self.traffic.one():
            await self._timed(scope, receive, send)

    def _refused(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = Headers(scope=scope)
        if self.private and not from_here(scope):
            return 403, "confidential", "These records are shown on the machine that keeps them."
        if "transfer-encoding" in headers and "content-length" in headers:
            # RFC 9112, 6.3: two lengths are an attempt at smuggling a second request.
            return 400, "two_lengths", "Expected one length of the body, found two."
        if not scope["path"].startswith("/"):
            return 400, "no_path", "Expected an address that begins with a slash."
        named = _host(headers.get("host", ""))
        if named not in self.settings.hosts and scope["path"] not in HEALTH:
            return 421, "misdirected", "This site does not answer under that host name."
        if len(scope["raw_path"]) + len(scope["query_string"]) > self.settings.query_bytes:
            longest = self.settings.query_bytes
            return 414, "too_long", f"Expected an address of at most {longest} bytes."
        length = headers.get("content-length", "0")
        most = self._most(scope)
        if not length.isascii() or not length.isdigit() or int(length) > most:
            return 413, "too_large", f"Expected at most {most} bytes."
        cost = cost_of(scope["path"])
        if cost and not self.buckets.take(self._client(scope, headers), cost):
            return 429, "too_many", "Too many costly requests from one client: wait a minute."
        return None

    def _most(self, scope: Scope) -> int:
        """Return the longest body that an address takes."""
        uploads = scope["path"] in UPLOADS and scope["method"] == "POST"
        return self.settings.upload_bytes if uploads else self.settings.body_bytes

    def _patience(self, scope: Scope) -> float:
        """Return how long an answer may take to be made: a large one is made once for everyone."""
        return self.settings.seconds * (_LARGE if scope["path"].startswith(FILES) else 1)

    def _client(self, scope: Scope, headers: Headers) -> str:
        if self.settings.behind_proxy and (named := headers.get("x-forwarded-for")):
            # The last entry is the one that the trusted proxy itself wrote.
            return named.rsplit(",", 1)[-1].strip()[:64]
        return scope["client"][0] if scope.get("client") else "unknown"

    async def _timed(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, size, most = False, 0, self._most(scope)

        async def bounded() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            _take_time(scope, clock)
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            async with asyncio.timeout(self._patience(scope)) as clock:
                if scope["method"] in ("GET", "HEAD"):
                    await _while_there(self.app, scope, bounded, noted)
                else:
                    await self.app(scope, bounded, noted)
        except ClientDisconnect:
            return  # nobody is there to hear of it
        except TimeoutError:
            why = (503, "too_slow", "The answer took too long. Ask for less, or try again.")
        except _TooLargeError:
            why = (413, "too_large", f"Expected at most {most} bytes.")
        else:
            return
        if not started:
            await refusal(Request(scope), *why)(scope, receive, send)


def _take_time(scope: Scope, clock: asyncio.Timeout) -> None:
    """Let a file that is made be read as slowly as the protocol allows."""
    if scope["path"].startswith(FILES):
        clock.reschedule(None)


async def _while_there(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request without a body for as long as its client is there.

    Who leaves takes the work along: nothing is drawn for nobody.

    Raises
    ------
    ClientDisconnect
        The client left before the answer was made.
    """
    gone = asyncio.Event()

    async def watch() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    async def empty() -> Message:
        if not told:
            told.append(True)
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    told: list[bool] = []
    answering = asyncio.ensure_future(app(scope, empty, send))
    watching = asyncio.ensure_future(watch())
    try:
        await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done() and watching.exception() is None:
            answering.cancel()
            await asyncio.wait({answering})
            raise ClientDisconnect
        if not answering.done():
            answering.cancel()
            await watching  # raises what went wrong on the line
        await answering
    finally:
        answering.cancel()
        watching.cancel()


class _TooLargeError(Exception):
    """A body that did not say its length went on too long."""


def cost_of(path: str) -> int:
    """Return what an answer at an address costs; 0 where it costs next to nothing."""
    return next((cost for start, cost in COSTS.items() if path.startswith(start)), 0)


class Buckets:
    """A bucket of tokens for each client, refilled evenly; the least recent clients are forgotten.

    Addresses stay in memory for as long as the bucket is not full, and are written nowhere.
    """

    def __init__(self, per_minute: int) -> None:
        self.full = float(per_minute)
        self._of: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, cost: int = 1, now: float | None = None) -> bool:
        """Take tokens, if there are so many; what costs more than a full bucket takes all of it."""
        cost = min(cost, round(self.full))
        now = time.monotonic() if now is None else now
        tokens, then = self._of.pop(client, (self.full, now))
        tokens = min(self.full, tokens + (now - then) * self.full / 60)
        enough = tokens >= cost
        self._of[client] = (tokens - cost if enough else tokens, now)
        if len(self._of) > _CLIENTS:
            self._of.popitem(last=False)
        return enough


def _nameless(scope: Scope) -> Scope:
    """Return a request for the same part of the site, without what its address says."""
    path = API if scope["path"].startswith(API) else "/"
    return {**scope, "path": path, "raw_path": path.encode(), "query_string": b""}


def _host(named: str) -> str:
    """Return the host without its port."""
    found = re.fullmatch(r"(\[[0-9a-f:.]+\]|[^:]*)(:\d{1,5})?", named.lower())
    return found[1] if found else "?"
