"""Home and search: one question, one box, three findings of the day's store."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from homeroom.errors import NotAvailable
from homeroom.figures import gaps
from homeroom.figures.question import Question
from homeroom.report import maps as map_pictures
from homeroom.report.sentences import figure
from homeroom.web import pictures
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, read
from homeroom.web.render import render

_SURE = 88.0
"""A search whose first hit scores this much, well before the second, goes straight to it."""
_Q = Parameter("q", "Name of a place.", default="")
_STAY = Parameter("list", "Show the list even where one place is surely meant.", "choice",
                  default="no", choices=("yes", "no"))  # fmt: skip


async def home(request: Request) -> Response:
    """Show the question, the search box and what the store says today."""
    shelf: PageCache = request.app.state.shelf
    said = await run_in_threadpool(shelf.keep, ("findings",), lambda: findings(shelf))
    return render(
        request, "home.html", title="Police or counselors?", findings=said,
        description="The public evidence on police and counselors, for every US school district.",
        image=pictures.address("states.png", measure="arrests", wave="2017-18"),
    )  # fmt: skip


async def search(request: Request) -> Response:
    """Find places by name."""
    given = read(request.query_params, (_Q, _STAY))
    query, shelf = given["q"], request.app.state.shelf
    found = await run_in_threadpool(shelf.room.find, query, 20) if query else []
    if (
        found
        and given["list"] == "no"
        and found[0].score >= _SURE
        and (len(found) < 2 or found[0].score > found[1].score + 8)
    ):
        return RedirectResponse(f"/place/{found[0].id}", status_code=303)
    title = f"Places named like “{query}”" if query else "Search"
    return render(request, "search.html", title=title, query=query, found=found)


def findings(shelf: PageCache) -> list[dict[str, Any]]:
    """Compute the three findings of the home page from the store."""
    made = (_ratio(shelf), _range(shelf), _gap(shelf))
    return [one for one in made if one]


def _ratio(shelf: PageCache) -> dict[str, Any] | None:
    asked = [Question(group=group, versus="white") for group in ("black", "hispanic")]
    black, hispanic = shelf.answers(asked)
    if black.value is None or hispanic.value is None:
        return None
    return {
        "figure": f"{figure(black.value)} ×",
        "sentence": f"In 2017-18 Black students were arrested at school at {figure(black.value)} "
        f"times the rate of white students nationwide, Hispanic students at "
        f"{figure(hispanic.value)} times.",
        "source": "OCR State and National Estimations, 2017-18",
        "link": "/place/US",
        "label": "The nation, group by group",
    }


def _range(shelf: PageCache) -> dict[str, Any] | None:
    choice = map_pictures.Choice("arrests", "all", "2017-18", "rate")
    known = map_pictures.ordered(pictures.state_spots(shelf, choice))
    if len(known) < 2:
        return None
    top, bottom = known[0], known[-1]
    return {
        "figure": f"{figure(bottom.value or 0)} to {figure(top.value or 0)}",
        "sentence": f"Arrests for every 10,000 students ranged from {figure(bottom.value or 0)} in "
        f"{bottom.name} to {figure(top.value or 0)} in {top.name} in 2017-18. States also differ "
        "in how they report.",
        "source": "OCR State and National Estimations, 2017-18",
        "link": "/map?measure=arrests&wave=2017-18",
        "label": "The map",
    }


def _gap(shelf: PageCache) -> dict[str, Any] | None:
    wave = "2021-22"
    try:
        frame = gaps.police_without_support(shelf.room.con, "US", wave)
    except NotAvailable:
        return None
    found = {row["set"]: row for row in frame.to_dicts()}
    police, lacking = found["police"], found.get("police_and_no_counselor")
    if lacking is None:
        return None
    scope = "high schools" if police["note"] == "high schools only" else "the schools at hand"
    return {
        "figure": f"{lacking['students']:,}",
        "sentence": f"{lacking['students']:,} students went to {scope} that had a police officer "
        f"and no counselor in {wave}, of {police['students']:,} in those with an officer.",
        "source": f"Civil Rights Data Collection, School Support, {wave}",
        "link": "/place/US#adults",
        "label": "Adults in schools",
    }
