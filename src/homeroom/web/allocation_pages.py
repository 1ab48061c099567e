"""The page that shares the bill's authorized total among districts, assumption by assumption."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.errors import HomeroomError
from homeroom.law.act.parameters import load_act
from homeroom.plans.policies import POLICIES
from homeroom.report import plan_charts
from homeroom.report.picture import Picture
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.web.allocation import FORM, LABELS, PLACE, SHARES, allocation
from homeroom.web.cache import kept
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Read, read
from homeroom.web.pictures import Kind, picture
from homeroom.web.plan_reading import named
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

_ALL = (*FORM, PLACE)
_DEFAULTS = {parameter.name: parameter.default for parameter in _ALL}


def _picture(cache: PageCache, given: Read) -> Picture:
    return plan_charts.funding(allocation(cache, given).found)


FUNDING = Kind("funding", "Post-years that a total would pay, policy by policy", FORM, _picture)


def routes() -> list[Route]:
    """Return the routes."""
    return [Route("/act/allocation", kept(page))]


async def page(request: Request) -> Response:
    """Show the form and what each policy comes to."""
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_page, request, cache)


def _page(request: Request, cache: PageCache) -> Response:
    given, note = read({}, _ALL), ""
    shown: dict[str, Any] = {}
    try:
        given = read(named(cache, request.query_params), _ALL)
        shown = _shown(cache, given)
    except HomeroomError as error:
        note = str(error)
        typed = {k: v for k, v in request.query_params.items() if k in _DEFAULTS}
        given = Read(given.values | typed)
    # As text: an address leaves out what is false, and a share of zero says something.
    params = {
        name: str(value) for name, value in given.values.items()
        if value not in ("", None) and value != _DEFAULTS[name]
    }  # fmt: skip
    return render(
        request, "allocation.html", title="What the authorized total could mean", given=given,
        note=note, shown=shown, params=params, bills=load_act().bills, policies=POLICIES,
        labels=LABELS, roles=ROLES, support=SUPPORT, shares=SHARES, chart_params={
            name: value for name, value in params.items() if name != "place"
        },
    )  # fmt: skip


def _shown(cache: PageCache, given: Read) -> dict[str, Any]:
    found = allocation(cache, given)
    charted = Read({name: value for name, value in given.values.items() if name != "place"})
    place = given["place"]
    return {
        "document": found.document, "picture": picture(cache, FUNDING, charted),
        "bill": load_act().bill(given["version"]).id,
        "place_name": cache.profile(place).facts["name"] if place else "",
    }  # fmt: skip
