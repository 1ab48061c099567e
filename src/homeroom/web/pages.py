"""Home, search, place and data: one function a page."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from homeroom.api import Homeroom
from homeroom.evidence import ask
from homeroom.report.profile import profile
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.web.render import render

_SURE = 88.0
"""A search whose first hit scores this much, well before the second, goes straight to it."""


def _room(request: Request) -> Homeroom:
    room: Homeroom = request.app.state.room
    return room


async def home(request: Request) -> Response:
    """Show the question and the search box."""
    return render(request, "home.html")


async def search(request: Request) -> Response:
    """Find places by name."""
    query = request.query_params.get("q", "").strip()[:200]
    found = await run_in_threadpool(_room(request).find, query, 20) if query else []
    if (
        found
        and found[0].score >= _SURE
        and (len(found) < 2 or found[0].score > found[1].score + 8)
    ):
        return RedirectResponse(f"/place/{found[0].id}", status_code=303)
    return render(request, "search.html", query=query, found=found)


async def place(request: Request) -> Response:
    """Show a place."""
    policy = request.query_params.get("policy", "published")
    room = _room(request)
    page = await run_in_threadpool(
        lambda: profile(room.con, request.path_params["place_id"], policy=policy)
    )
    return render(request, "place.html", page=page, policy=policy)


async def data(request: Request) -> Response:
    """List the publications and the files behind this store, with hashes."""
    files = await run_in_threadpool(
        lambda: ask.frame(
            _room(request).con, "SELECT * FROM source_file ORDER BY publication, wave, name"
        ).to_dicts()
    )
    return render(
        request, "data.html", publications=PUBLICATIONS, files=files, meta=_room(request).meta
    )
