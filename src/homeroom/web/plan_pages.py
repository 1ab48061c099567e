"""The page of plans: a form, the results beside keeping as is, and a link to share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from homeroom.errors import HomeroomError
from homeroom.plans.breakeven import compared
from homeroom.plans.costs import wage_note
from homeroom.plans.side_by_side import ROWS
from homeroom.plans.simulate import Result
from homeroom.plans.worked import examples
from homeroom.report import plan_charts
from homeroom.report.picture import Picture
from homeroom.report.tornado_chart import tornado
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.web import plan_files
from homeroom.web.cache import kept
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Read, read
from homeroom.web.pictures import Kind, picture
from homeroom.web.plan_fields import FORM, OFFICERS, OPTIONS, OWN, PAYER, SECTIONS
from homeroom.web.plan_reading import as_yaml, named, plans_of, run
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool


def _results(pages: PageCache, given: Read) -> list[Result]:
    key = ("plans", *sorted((name, value) for name, value in given.values.items()))
    return pages.keep(key, lambda: run(pages, plans_of(given, pages.room.resolve)))


def _picture(pages: PageCache, given: Read) -> Picture:
    return plan_charts.plans(_results(pages, given))


def _moves(pages: PageCache, given: Read) -> Picture:
    return tornado(_results(pages, given))


MOVES = Kind("plan-moves", "What moves the new local money of plans most", FORM, _moves)
PLANS = Kind("plans", "What plans cost and change, beside keeping as is", FORM, _picture)


def routes() -> list[Route]:
    """Return the routes."""
    return [
        Route("/plan", kept(plan)),
        *plan_files.routes(),
    ]


async def plan(request: Request) -> Response:
    """Show the form and, once a district is named, what the plan comes to."""
    pages: PageCache = request.app.state.pages
    return await run_in_threadpool(_plan, request, pages)


def _plan(request: Request, pages: PageCache) -> Response:
    given: Read = read({}, FORM)
    note, results = "", []
    try:
        given = read(named(pages, request.query_params), FORM)
        if given["place"] or given["yaml"]:
            results = _results(pages, given)
    except HomeroomError as error:
        note = str(error)
        given = Read(given.values | _as_typed(request.query_params))
    values = given.values
    params = {
        name: value for name, value in values.items()
        if value not in ("", None) and value != _DEFAULTS[name]
    }  # fmt: skip
    shown = _shown(pages, given, results) if results else {}
    title = "Plan a shift"
    if results:
        title = f"Plan for {shown['place_name']}: {', '.join(r.plan.name for r in results[1:])}"
    return render(
        request, "plan.html", title=title, given=values, note=note, shown=shown, params=params,
        wage_note=wage_note(), roles=ROLES, support=SUPPORT, officers=OFFICERS, options=OPTIONS,
        worked=_worked(), payer=PAYER, sections=SECTIONS, own=OWN,
    )  # fmt: skip


def _shown(pages: PageCache, given: Read, results: list[Result]) -> dict[str, Any]:
    place = results[0].plan.place
    return {
        "yaml": as_yaml([one.plan for one in results[1:]]), "rows": ROWS,
        "document": compared(results), "picture": picture(pages, PLANS, given),
        "moves": picture(pages, MOVES, given) if any(one.moves for one in results) else None,
        "place": place, "place_name": pages.profile(place).facts["name"],
    }  # fmt: skip


@cache
def _worked() -> list[tuple[str, str]]:
    """Return the worked examples, the three of a district as one comparison."""
    found: dict[str, list[str]] = {}
    for name, text in examples().items():
        found.setdefault(name.partition("-")[0], []).append(text)
    return [(name.capitalize(), "---\n".join(texts)) for name, texts in found.items()]


_DEFAULTS = {parameter.name: parameter.default for parameter in FORM}


def _as_typed(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name in _DEFAULTS}
