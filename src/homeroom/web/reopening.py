"""Serving another store without a restart: open it, change over, then close the old one."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import duckdb
from starlette.applications import Starlette

from homeroom.api import Homeroom
from homeroom.errors import Confidential, HomeroomError
from homeroom.evidence.store import PUBLIC, stamp_of
from homeroom.web.cache import AnswerCache
from homeroom.web.page_cache import PageCache
from homeroom.web.tables import TableFiles

log = logging.getLogger("homeroom.web")
_GLANCE = 2.0
_GONE = (0, 0, 0)
"""The stamp of no file: a build puts its store in place at once, so somebody took it away."""
_TRIES = 100
"""Tries to close a store, ten a second; after them the process ends all the same."""


async def reopen(app: Starlette, path: Path) -> None:
    """Serve the store that now lies at ``path``; requests under way end on the old one.

    Everything that was kept of the old one goes: pages, answers, and what figures were made from.

    Raises
    ------
    Confidential
        The new store is not public, and the site is. The old one is served on.
    """
    room = await asyncio.to_thread(_opened, path, private=app.state.private)
    old, state = app.state.room, app.state
    await state.warm_up.leave()
    state.room, state.pages = room, PageCache(room)
    state.cache = AnswerCache(state.cache.limit)
    files, state.tables = state.tables, TableFiles(room)
    await asyncio.to_thread(files.close)
    state.warm_up.again()
    # An answer that was begun on the old store gets the time that any answer gets.
    state.closing.add(closing := asyncio.create_task(_later(old, state.settings.seconds)))
    closing.add_done_callback(state.closing.discard)


async def watch(app: Starlette, every: float = _GLANCE) -> None:
    """Serve a store that was built anew at the same place, without a restart.

    One that cannot be opened, or may not be shown, is passed over until it changes again.

    Parameters
    ----------
    app
        The application.
    every
        Seconds between two looks.
    """
    tried = app.state.room.store.stamp
    while True:
        await asyncio.sleep(every)
        store = app.state.room.store
        now = await asyncio.to_thread(stamp_of, store.path)
        if now in (store.stamp, tried, _GONE):
            continue
        tried = now
        try:
            await reopen(app, store.path)
        except (HomeroomError, duckdb.Error, OSError) as error:
            log.warning(json.dumps({"event": "reopen", "fault": type(error).__name__}))


def _opened(path: Path, *, private: bool) -> Homeroom:
    room = Homeroom(path, anew=True)
    if room.access != PUBLIC and not private:
        room.close()
        raise Confidential(f"{path}: expected a store of public data, found a confidential one.")
    _ = room.index  # made before the first visitor, not by them
    return room


async def _later(room: Homeroom, seconds: float) -> None:
    try:
        await asyncio.sleep(seconds)
    finally:
        await close(room)


async def close(room: Homeroom) -> None:
    """Close the store once nobody reads it: an answer that came too late may still be made."""
    for _ in range(_TRIES):
        try:
            room.close()
        except duckdb.Error:
            await asyncio.sleep(0.1)
        else:
            return
