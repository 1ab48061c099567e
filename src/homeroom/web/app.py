"""The application: routes, headers, and errors that leak nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from homeroom.api import Homeroom
from homeroom.errors import HomeroomError, NotAvailable
from homeroom.web import pages
from homeroom.web.headers import SecurityHeaders
from homeroom.web.render import render


def create_app(room: Homeroom) -> Starlette:
    """Make the application over an open store, which it closes when it shuts down."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        _ = room.index  # made before the first visitor, not by them
        yield
        room.close()

    app = Starlette(
        routes=[
            Route("/", pages.home),
            Route("/search", pages.search),
            Route("/place/{place_id}", pages.place),
            Route("/data", pages.data),
            Route("/readyz", ready),
            Mount("/static", StaticFiles(directory=Path(str(files("homeroom.web") / "static")))),
        ],
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={HomeroomError: refused, 404: not_found},  # type: ignore[dict-item]
        lifespan=lifespan,
    )
    app.state.room = room
    return app


async def ready(request: Request) -> Response:
    """Say that the store is open."""
    return JSONResponse(
        {"status": "ready", "data_version": request.app.state.room.meta["data_version"]}
    )


async def refused(request: Request, error: Exception) -> HTMLResponse:
    """Show a refusal in its own words; they are written for people and name no internals."""
    status = 404 if isinstance(error, NotAvailable) else 400
    return render(request, "error.html", status=status, title="Not found", message=str(error))


async def not_found(request: Request, _error: Exception) -> HTMLResponse:
    """Show that there is no such page."""
    message = "There is no page at this address. Search for a place by name instead."
    return render(request, "error.html", status=404, title="Not found", message=message)
