"""The page of districts that ended or restored officers, and the waves around one of them."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from homeroom.context import removals as registry
from homeroom.report import event_view
from homeroom.vocabulary.measures import MEASURES
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read, read
from homeroom.web.render import render

SHOWN = ("arrests", "referrals", "oss", "offenses")
EVENT = Parameter("event", "An event of the registry: R03.", default="", longest=5)
MEASURE = Parameter("measure", "What is counted.", "choice", default="arrests", choices=SHOWN)


async def removals(request: Request) -> Response:
    """List the events, and show one with the waves before and after it."""
    given = read(request.query_params, (EVENT, MEASURE))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_removals, request, cache, given)


def _removals(request: Request, cache: PageCache, given: Read) -> Response:
    shown: Any = None
    title = "Districts that ended or restored officers"
    if given["event"]:
        event = registry.event(given["event"])
        shown = cache.keep(
            ("event", event.event_id, given["measure"]),
            lambda: event_view.view(cache.room.store, event, given["measure"]),
        )
        title = f"{event.district}: {registry.KINDS[event.kind]}, {event.date}"
    events = sorted(registry.events(), key=lambda one: (one.district, one.earliest))
    return render(
        request, "removals.html", title=title, events=events, shown=shown, given=given.values,
        offered=request.app.state.official is not None, kinds=registry.KINDS,
        note=registry.NOTE, limits=event_view.LIMITS,
        measures={name: MEASURES[name] for name in SHOWN},
        choices=[
            (one.event_id, f"{one.district}, {one.state}: {one.event}, {one.date}")
            for one in events if one.lea
        ],
    )  # fmt: skip
