"""Home and search: one question, one box, three findings of the day's store."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from homeroom.errors import NotAvailable
from homeroom.evidence.national import expected_bytes
from homeroom.evidence.place_ids import place_range, repair_note
from homeroom.figures.backing import Backing
from homeroom.figures.gaps import police_without_support
from homeroom.figures.question import Question
from homeroom.figures.reach import reach
from homeroom.figures.staffing import staff_over_waves
from homeroom.figures.wording import doubt, listed, schools_of
from homeroom.report import bars
from homeroom.report import maps as map_pictures
from homeroom.report.place_figures import high_schools_only, staff_rows
from homeroom.report.sentences import figure
from homeroom.vocabulary.groups import ALL, Group
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import with_archive
from homeroom.web import pictures
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, read
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

_SURE = 88.0
"""A search whose first hit scores this much, well before the second, goes straight to it."""
_Q = Parameter("q", "Name or id of a place.", default="")
_STAY = Parameter("list", "Show the list even where one place is surely meant.", "choice",
                  default="no", choices=("yes", "no"))  # fmt: skip


async def home(request: Request) -> Response:
    """Show the question, the search box and what the store says today."""
    cache: PageCache = request.app.state.pages
    said = await run_in_threadpool(cache.keep, ("findings",), lambda: findings(cache))
    known = await run_in_threadpool(cache.keep, ("reach",), lambda: reach(cache.room.store))
    return render(
        request, "home.html", title="Police or counselors?", findings=said, reach=known,
        picture=await run_in_threadpool(cache.keep, ("home picture",), lambda: _picture(cache)),
        article=any(getattr(one, "path", "") == "/article" for one in request.app.routes),
        covered=listed([STATES[state] for state in known.states]),
        offered=request.app.state.official is not None,
        megabytes=expected_bytes(with_archive()) / 1_000_000,
        description="The public evidence on police and counselors, for every US school district.",
        image=pictures.address("states.png", measure="arrests", wave="2017-18"),
    )  # fmt: skip


async def search(request: Request) -> Response:
    """Find places by name or id."""
    given = read(request.query_params, (_Q, _STAY))
    query, cache = given["q"], request.app.state.pages
    found = await run_in_threadpool(cache.room.find, query, 20) if query else []
    note = repair_note(query)  # An id that was completed is shown before its page is.
    if (
        found
        and not note
        and given["list"] == "no"
        and found[0].score >= _SURE
        and (len(found) < 2 or found[0].score > found[1].score + 8)
    ):
        return RedirectResponse(f"/place/{found[0].id}", status_code=303)
    title = f"Places like “{query}”" if query else "Search"
    return render(request, "search.html", title=title, query=query, found=found, note=note)


def findings(cache: PageCache) -> list[dict[str, Any]]:
    """Compute the three findings of the home page from the store."""
    made = (_ratio(cache), _range(cache), _gap(cache))
    return [one for one in made if one]


def _ratio(cache: PageCache) -> dict[str, Any] | None:
    asked = [Question(group=Group(group), versus="white") for group in ("black", "hispanic")]
    black, hispanic = cache.answers(asked)
    if black.value is None or hispanic.value is None:
        return None
    some = schools_of("the nation", black, place_range("US"))
    where = "nationwide" if black.whole else f"in {some}"
    return {
        "figure": f"{figure(black.value)} ×",
        "sentence": f"In {black.question.wave} Black students were arrested at school at "
        f"{figure(black.value)} times the rate of white students {where}, Hispanic students at "
        f"{figure(hispanic.value)} times.",
        "doubt": doubt(black.doubts),
        "source": _published(black),
        "link": "/place/US",
        "label": "The nation, group by group",
    }


def _range(cache: PageCache) -> dict[str, Any] | None:
    """Tell the lowest and the highest state among those whose figures are whole and not doubted."""
    choice = map_pictures.Choice("arrests", ALL, "2017-18", "rate")
    every = [one for one in pictures.state_figures(cache, choice) if one.value is not None]
    plain = sorted(
        (one for one in every if one.whole and not one.doubtful), key=lambda one: one.value or 0
    )
    if len(plain) < 2:
        return None
    low, high = (
        (figure(one.value or 0), STATES[one.question.place.removeprefix("US-")])
        for one in (plain[0], plain[-1])
    )
    left = len(every) - len(plain)
    return {
        "figure": f"{low[0]} to {high[0]}",
        "sentence": f"Arrests for every 10,000 students ranged from {low[0]} in {low[1]} to "
        f"{high[0]} in {high[1]} in {choice.wave}. States also differ in how they report.",
        "doubt": f"left out: {left} state{'s' if left > 1 else ''} whose figures we doubt or that "
        "speak for too few students" if left else None,
        "source": _published(plain[0]),
        "link": f"/map?measure={choice.measure}&wave={choice.wave}",
        "label": "The map",
    }  # fmt: skip


_WAVE = "2021-22"
"""The wave of the nation's officers and counselors: every high school is in the store."""


def _picture(cache: PageCache) -> bars.Bars | None:
    """Draw the nation's officers beside its counselors, on one scale."""
    staff = staff_over_waves(cache.room.store, "US", "published", (_WAVE,))
    rows = staff_rows(staff, _WAVE)
    drawn = bars.staff(_WAVE, rows, high_schools=high_schools_only(staff, _WAVE)) if rows else None
    return None if drawn is None else replace(drawn, title=f"{drawn.title}, in the United States")


def _gap(cache: PageCache) -> dict[str, Any] | None:
    wave = _WAVE
    try:
        found = {one.set: one for one in police_without_support(cache.room.store, "US", wave)}
    except NotAvailable:
        return None
    police, lacking = found["police"], found.get("police_and_no_counselor")
    if lacking is None:
        return None
    where = (
        "public schools" if lacking.whole else "high schools" if lacking.universe.high_schools
        else f"schools in {schools_of('the nation', lacking, place_range('US'))}"
    )  # fmt: skip
    return {
        "figure": f"{lacking.students:,}",
        "sentence": f"{lacking.students:,} students went to {where} that reported a police officer "
        f"and no counselor in {wave}, of {police.students:,} in those that reported an officer.",
        "doubt": doubt(lacking.doubts),
        "source": _published(lacking),
        "link": "/place/US#adults",
        "label": "Adults in schools",
    }


def _published(one: Backing) -> str:
    """Return the publication behind a figure; its page lists the files."""
    return listed(list(dict.fromkeys(source.title for source in one.sources)))
