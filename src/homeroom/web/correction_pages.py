"""The ledger of corrections as a page and as feeds."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.report.corrections import TITLE, atom_feed, corrections, json_feed
from homeroom.web.cache import kept
from homeroom.web.render import render


def routes() -> list[Route]:
    """Return the routes of the ledger."""
    return [
        Route("/corrections", kept(_page)),
        Route("/corrections.json", kept(_json)),
        Route("/corrections.xml", kept(_atom)),
    ]


def _site(request: Request) -> str:
    return str(request.app.state.settings.public_url.rstrip("/"))


async def _page(request: Request) -> Response:
    return render(
        request, "corrections.html", title="Corrections", corrections=corrections(),
        description=f"{TITLE}: the old value, the new one, and why.",
    )  # fmt: skip


async def _json(request: Request) -> Response:
    body = json.dumps(json_feed(_site(request)), ensure_ascii=False)
    return Response(body, media_type="application/feed+json")


async def _atom(request: Request) -> Response:
    return Response(atom_feed(_site(request)), media_type="application/atom+xml")
