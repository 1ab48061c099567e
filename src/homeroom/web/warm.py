"""Making ready what the first visitors ask for: after the start, and never before a visitor.

Steps are taken one at a time, each when no request is under way, and each a page or a part of one
that would be slow. A visitor who comes during a step waits for no lock but that of the very thing
he asks for, which is then half made.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from starlette.applications import Starlette
from starlette.types import Message

from homeroom.evidence.quality import POLICIES
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import AVERAGES, Question
from homeroom.web.api.table import exists
from homeroom.web.page_cache import PageCache
from homeroom.web.render import navigation
from homeroom.web.threads import run_in_threadpool

log = logging.getLogger("homeroom.web")
_GLANCE = 0.05
"""Seconds between two looks at whether visitors are served."""
_PATIENCE = 5.0
"""Seconds after which a step is taken though they are: on a busy site there is always somebody."""


class Traffic:
    """How many requests are under way."""

    def __init__(self) -> None:
        self.under_way = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count a request for as long as it takes."""
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    async def pause(self) -> None:
        """Wait for a moment without requests, though not for ever."""
        for _ in range(round(_PATIENCE / _GLANCE)):
            await asyncio.sleep(_GLANCE)
            if not self.under_way:
                return


class WarmUp:
    """The steps, and whether they are done."""

    def __init__(self, app: Starlette, traffic: Traffic, *, wanted: bool = True) -> None:
        self.done = False
        self._app, self._traffic, self._wanted, self._left = app, traffic, wanted, False
        self._task: asyncio.Task[None] | None = None

    def again(self) -> None:
        """Take the steps in the background: after the start, and over another store."""
        if self._wanted:
            self.done = self._left = False
            self._task = asyncio.create_task(self._run())

    async def leave(self) -> None:
        """End after the step under way."""
        self._left = True  # not canceled: the thread of a step would work on, unseen
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        first, claims = pages()
        for address in first:
            await self._take(address, visit(self._app, address))
        pieces: list[Callable[[], object]] = []
        listed = run_in_threadpool(lambda: pieces.extend(parts(self._app.state.pages, claims)))
        await self._take("/claims", listed)
        for piece in pieces:
            await self._take("/claims", run_in_threadpool(piece))
        for claim in claims:
            await self._take(f"/claims/{claim}", visit(self._app, f"/claims/{claim}"))
        self.done = not self._left

    async def _take(self, name: str, step: Coroutine[None, None, object]) -> None:
        try:
            if not self._left:
                await self._traffic.pause()
            if not self._left:
                await step
        except Exception as error:  # noqa: BLE001 - the page will say it to whoever asks for it
            fault = {"event": "warm-up", "route": name, "fault": type(error).__name__}
            log.warning(json.dumps(fault))
        finally:
            step.close()  # one that was never begun


def pages() -> tuple[list[str], list[str]]:
    """List the pages that people come to first, and the claims of the catalogue."""
    named = [path for path, _ in navigation()]
    first = ["/", "/place/US", *named, "/static/vega.js"]
    if not exists("homeroom.claims.catalogue"):
        return first, []
    from homeroom.claims.catalogue import catalogue  # noqa: PLC0415 - it may not be there

    return first, list(catalogue())


def parts(cache: PageCache, claims: list[str]) -> list[Callable[[], object]]:
    """Return what the figures of claims rest on, in pieces: the schools of a wave, by policy."""
    if not claims:
        return []
    from homeroom.claims.catalogue import catalogue  # noqa: PLC0415 - as above

    readings = [catalogue()[claim].reading for claim in claims]
    measures = dict.fromkeys(one.question.measure for one in readings if one)
    waves = QueryCache.of(cache.room.store).availability.waves
    of = Question(basis="schools")
    return [
        partial(cache.room.answer, [
            replace(of, measure=measure, wave=wave, policy=policy, average=average)
            for average in AVERAGES
        ])
        for measure in measures for wave in sorted(waves, reverse=True) for policy in POLICIES
    ]  # fmt: skip


async def visit(app: Starlette, address: str) -> None:
    """Ask for a page as a browser would, without limits and log: nobody visited."""
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": address,
        "raw_path": address.encode(), "query_string": b"", "root_path": "", "headers": [],
        "app": app,
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(_message: Message) -> None:
        pass

    await app.router(scope, receive, send)
