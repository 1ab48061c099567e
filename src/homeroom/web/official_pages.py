"""The page that gets the official figures of the whole country, on the visitor's own machine."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from homeroom.evidence.national import archives_of, expected_bytes
from homeroom.figures.query_cache import QueryCache
from homeroom.vocabulary.waves import with_archive
from homeroom.web.confidential import doors, from_here
from homeroom.web.official_job import OfficialJob
from homeroom.web.refusals import refusal
from homeroom.web.render import render
from homeroom.web.reopening import reopen
from homeroom.web.same_origin import is_ours
from homeroom.web.settings import Settings
from homeroom.web.threads import run_in_threadpool

PAGE = "/official"
_NO_STORE = {"Cache-Control": "no-store"}
_MEGA = 1_000_000


def offered(settings: Settings, *, private: bool) -> bool:
    """Return whether the site may change its own store: on this machine alone, and public data."""
    return not private and not doors(settings)


def routes() -> list[Route]:
    """Return the routes, for a site that offers it."""
    return [
        Route(PAGE, page),
        Route(f"{PAGE}/status", status),
        Route(f"{PAGE}/start", start, methods=["POST"]),
        Route(f"{PAGE}/stop", stop, methods=["POST"]),
    ]


def prepare(app: Starlette) -> None:
    """Set up the download job and the token for its forms."""
    path = app.state.room.path

    def opened() -> None:
        # Called in the job's thread: the change itself happens between two requests.
        asyncio.run_coroutine_threadsafe(reopen(app, path), app.state.loop).result()

    app.state.official = OfficialJob(path, opened)
    app.state.official_token = secrets.token_urlsafe(32)


async def page(request: Request) -> Response:
    """Show what the official files bring, how the job goes, and the button that fits."""
    if not from_here(request.scope):
        return _elsewhere(request)
    state = request.app.state
    job: OfficialJob = state.official
    seen = job.view()
    known = await run_in_threadpool(_known, request)
    answer = render(
        request, "official.html", title="Official figures for the whole country", seen=seen,
        token=state.official_token, words=words(seen), waves_offered=with_archive(),
        megabytes=expected_bytes(with_archive()) / _MEGA, **known,
    )  # fmt: skip
    answer.headers.update(_NO_STORE)
    if seen["state"] == "done":
        # Pages that the browser keeps of the old store would contradict the new one.
        answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


async def status(request: Request) -> Response:
    """Say how the job goes, for the page's script."""
    if not from_here(request.scope):
        return _elsewhere(request)
    seen = request.app.state.official.view()
    return JSONResponse({**seen, "words": words(seen)}, headers=_NO_STORE)


async def start(request: Request) -> Response:
    """Begin, or go on; then show the page."""
    return await _act(request, request.app.state.official.start)


async def stop(request: Request) -> Response:
    """Stop; then show the page."""
    return await _act(request, request.app.state.official.stop)


async def _act(request: Request, act: Any) -> Response:
    if not from_here(request.scope):
        return _elsewhere(request)
    if not await is_ours(request, request.app.state.official_token):
        why = "Expected this form from a page of this site. Open the page again and press the "
        return refusal(request, 403, "cross_site", why + "button there.")
    await run_in_threadpool(act)
    return RedirectResponse(PAGE, status_code=303, headers=_NO_STORE)


def _elsewhere(request: Request) -> Response:
    why = "Only the machine that runs this site may change its store."
    return refusal(request, 403, "elsewhere", why)


def _known(request: Request) -> dict[str, Any]:
    """Return what the store holds already, and the room on the disk."""
    room = request.app.state.room
    available = QueryCache.of(room.store).availability
    folder = archives_of(request.app.state.official.store)
    near = next(one for one in (folder, *folder.parents) if one.exists())
    return {
        "have": [w for w in with_archive() if available.schools("US", w, "arrests")],
        "free": shutil.disk_usage(near).free / _MEGA, "folder": folder,
    }  # fmt: skip


def words(seen: dict[str, Any]) -> str:
    """Say in one sentence how the job goes."""
    match seen["state"]:
        case "fetching":
            share = f"{seen['done'] / _MEGA:,.0f} of about {seen['total'] / _MEGA:,.0f} MB"
            speed = f", {seen['speed'] / _MEGA:,.1f} MB a second" if seen["speed"] else ""
            left = f", {_lasting(seen['left'])} left" if seen["left"] is not None else ""
            return f"Fetching: {share} ({seen['share']:.0%}){speed}{left}."
        case "building":
            return f"All files are here. Building the store: {seen['building']}."
        case "opening":
            return "The store is built. Opening it."
        case "stopping":
            return "Stopping."
        case "stopped":
            return "Stopped. What was fetched is kept, and the site's figures are as before."
        case "failed":
            return (
                "It did not work. What was fetched is kept, and the site's figures are as before."
            )
        case "done":
            return "Done. This site now shows the official figures."
    return ""


def _lasting(seconds: int) -> str:
    if seconds < 90:
        return f"about {max(seconds, 1)} seconds"
    return f"about {round(seconds / 60)} minutes" if seconds < 5400 else (
        f"about {seconds / 3600:.1f} hours"
    )  # fmt: skip
