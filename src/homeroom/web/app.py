"""The application: routes, limits, headers, and errors that leak nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from homeroom.api import Homeroom
from homeroom.web import (
    chart_pages,
    correction_pages,
    front,
    library_pages,
    official_pages,
    place_lists,
    place_pages,
    reading_pages,
    records_pages,
    removal_pages,
    tables,
    vega,
)
from homeroom.web.api import routes as api
from homeroom.web.api.table import exists
from homeroom.web.cache import AnswerCache, kept
from homeroom.web.confidential import is_private
from homeroom.web.headers import SecurityHeaders
from homeroom.web.limits import Limits
from homeroom.web.logs import RequestLog
from homeroom.web.metrics import PATH, Metrics, Now, metrics
from homeroom.web.open_data import PARQUET, Preflight
from homeroom.web.page_cache import PageCache
from homeroom.web.refusals import HANDLERS
from homeroom.web.render import navigation
from homeroom.web.reopening import close, watch
from homeroom.web.settings import Settings
from homeroom.web.sub_path import SubPath
from homeroom.web.warm import Traffic, WarmUp
from homeroom.web.workers import Workers


class _Static(StaticFiles):
    """The stylesheet and the script, which browsers may keep for a day."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """See Starlette."""
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "public, max-age=86400"
        return answer


def create_app(room: Homeroom, settings: Settings | None = None) -> Starlette:
    """Make the application over an open store, which it closes when it shuts down.

    Raises
    ------
    Confidential
        The store is confidential, and the settings let visitors in from elsewhere.
    """
    settings = settings or Settings()
    private = is_private(room, settings)
    own = official_pages.offered(settings, private=private)
    records = records_pages.beside(room) if private else None

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        _ = room.index  # made before the first visitor, not by them
        app.state.loop = asyncio.get_running_loop()
        app.state.warm_up.again()
        watching = asyncio.create_task(watch(app))
        yield
        watching.cancel()
        if app.state.official is not None:
            await asyncio.to_thread(app.state.official.close)
        await app.state.warm_up.leave()
        app.state.workers.close()
        app.state.tables.close()
        for closing in list(app.state.closing):
            closing.cancel()
        await asyncio.gather(*app.state.closing, return_exceptions=True)
        await close(app.state.room)

    traffic, counted = Traffic(), Metrics()
    app = Starlette(
        routes=[
            *_routes(),
            *correction_pages.routes(),
            *([] if private else tables.routes()),
            *(official_pages.routes() if own else []),
            *(records_pages.routes() if records else []),
        ],
        middleware=[
            Middleware(RequestLog, metrics=counted, believed=settings.behind_proxy),
            Middleware(SubPath, base=settings.base),
            Middleware(
                SecurityHeaders,
                behind_proxy=settings.behind_proxy,
                private=private,
                subdomains=settings.hsts_subdomains,
            ),
            Middleware(Limits, settings=settings, traffic=traffic, private=private),
            *([] if private else [Middleware(Preflight)]),
            Middleware(
                GZipMiddleware,
                minimum_size=800,
                compresslevel=5,
                exclude_content_types=(*DEFAULT_EXCLUDED_CONTENT_TYPES, PARQUET),
            ),
        ],
        exception_handlers=HANDLERS,  # type: ignore[arg-type]
        lifespan=lifespan,
    )
    app.state.room = room
    app.state.metrics = counted
    counted.registry.register(Now(app.state))
    app.state.settings = settings
    app.state.pages = PageCache(room)
    app.state.tables = tables.TableFiles(room)
    app.state.private = private
    app.state.workers = Workers()
    app.state.warm_up = WarmUp(app, traffic, wanted=settings.warm_up)
    app.state.cache = AnswerCache(0 if private else settings.cache_bytes)
    app.state.navigation = navigation()
    app.state.records = records
    if records:
        app.state.navigation = [("/records", "Your records"), *app.state.navigation]
    app.state.closing = set()
    app.state.official = None
    if own:
        official_pages.prepare(app)
    app.state.brief = exists("typst")  # which comes with the extra `brief`
    return app


def _routes() -> list[Route | Mount]:
    pages = {
        "/": front.home,
        "/search": front.search,
        "/place/{place_id}": place_pages.place,
        "/place/{place_id}/peers": place_pages.peers,
        "/place/{place_id}/within": place_lists.listing,
        "/compare": place_pages.compare,
        "/map": place_pages.maps,
        "/research": library_pages.research,
        "/research/removals": removal_pages.removals,
        "/act": library_pages.act,
        "/safety": library_pages.safety,
        "/methods": reading_pages.methods,
        "/data": reading_pages.data,
        "/data/dictionary": reading_pages.dictionary,
        "/about": reading_pages.about,
        "/api": reading_pages.api,
        "/llms.txt": reading_pages.llms,
        "/robots.txt": reading_pages.robots,
        "/chart/{kind}.{form:str}": chart_pages.image,
        "/chart/{kind}": chart_pages.page,
        "/embed/resize.js": chart_pages.resize,
        "/embed/{kind}.{form:str}": chart_pages.image,
        "/embed/{kind}": chart_pages.embed,
        "/static/vega.js": vega.script,
    }
    found: list[Route | Mount] = [Route(path, kept(page)) for path, page in pages.items()]
    if exists("homeroom.claims.check"):
        # Those rooms may not be there.
        from homeroom.web import article_pages, claim_pages  # noqa: PLC0415

        found += [*claim_pages.routes(), *article_pages.routes()]
    if exists("homeroom.plans.compare"):
        from homeroom.web import allocation_pages, plan_pages  # noqa: PLC0415

        found += [*plan_pages.routes(), *allocation_pages.routes()]
    if exists("typst"):
        from homeroom.web import brief_pages  # noqa: PLC0415

        found += brief_pages.routes()
    found += api.routes()
    found += [Route("/healthz", alive), Route("/readyz", ready), Route(PATH, metrics)]
    found.append(Mount("/static", _Static(directory=Path(str(files("homeroom.web") / "static")))))
    return found


async def alive(_request: Request) -> Response:
    """Say that the process answers."""
    return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})


async def ready(request: Request) -> Response:
    """Say that the store is open and answers, and whether the first pages are made."""
    state = request.app.state
    found = {
        "status": "ready", "data_version": state.room.meta["data_version"],
        "warm": state.warm_up.done,
    }  # fmt: skip
    return JSONResponse(found, headers={"Cache-Control": "no-store"})
