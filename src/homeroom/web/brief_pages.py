"""The brief of a place as PDF, or as one HTML file to keep."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.plans.breakeven import compared
from homeroom.report import brief as briefs
from homeroom.report import engines
from homeroom.web.cache import kept
from homeroom.web.page_cache import PageCache
from homeroom.web.params import PLACE, POLICY, Parameter, Read, read
from homeroom.web.plan_fields import FORM
from homeroom.web.plan_reading import plans_of, run
from homeroom.web.threads import run_in_threadpool
from homeroom.web.workers import Workers

_WITH = Parameter("plan", "Whether the plan's fields are given too.", "choice", default="no",
                  choices=("yes", "no"))  # fmt: skip


def routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/brief/{place_id}.pdf", kept(pdf)),
        Route("/brief/{place_id}.html", kept(page)),
    ]


async def pdf(request: Request) -> Response:
    """Return the brief as PDF."""
    content = await run_in_threadpool(_asked, request)
    template, data = briefs.pages_of(content)
    workers: Workers = request.app.state.workers
    made = await workers.run(engines.typeset, template, data)
    return _file(request, made, "application/pdf", "inline", "pdf")


async def page(request: Request) -> Response:
    """Return the brief as one HTML file: to save, since it brings its own style."""
    made = await run_in_threadpool(lambda: briefs.as_html(_asked(request)).encode())
    return _file(request, made, "text/html; charset=utf-8", "attachment", "html")


def _asked(request: Request) -> briefs.BriefContent:
    place = PLACE.read(request.path_params["place_id"])
    given = read(request.query_params, (_WITH, POLICY, *FORM))
    return _content(request.app.state.pages, place, given)


def _file(request: Request, body: bytes, media: str, how: str, ending: str) -> Response:
    place = PLACE.read(request.path_params["place_id"])
    name = f"homeroom-{place.replace(':', '-')}.{ending}"
    return Response(
        body, media_type=media, headers={"Content-Disposition": f'{how}; filename="{name}"'}
    )


def _content(cache: PageCache, place: str, given: Read) -> briefs.BriefContent:
    plans = None
    if given["plan"] == "yes":
        values = given if given["place"] or given["yaml"] else Read(given.values | {"place": place})
        plans = compared(run(cache, plans_of(values)))
    name = cache.profile(place).facts["name"]
    return briefs.brief(cache.room.store, place, name=name, plans=plans, policy=given["policy"])
