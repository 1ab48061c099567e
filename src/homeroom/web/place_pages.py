"""Pages about places: one, its peers, up to four side by side, and all of them on a map."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from homeroom.errors import NotAvailable
from homeroom.figures.peers import FEATURES
from homeroom.report import maps as map_pictures
from homeroom.report import place_figures as figures
from homeroom.report import sentences
from homeroom.report.profile import Profile
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.web import pictures
from homeroom.web.page_cache import PageCache
from homeroom.web.params import (
    OUTCOME,
    PLACE,
    POLICY,
    STUDENT_MEASURES,
    WAVE,
    Parameter,
    Read,
    read,
)
from homeroom.web.place_values import PLACE_PARAMETERS, adults_of, place_values
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool


async def place(request: Request) -> Response:
    """Show a place."""
    asked = request.path_params["place_id"]
    place_id = PLACE.read(asked)
    if place_id != asked:
        return RedirectResponse(f"/place/{place_id}", status_code=301)
    given = read(request.query_params, PLACE_PARAMETERS)
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(
        lambda: render(
            request,
            "place.html",
            offered=request.app.state.official is not None,
            **place_values(cache, place_id, given),
        )
    )


async def peers(request: Request) -> Response:
    """Show the places most like a place, and how it stands among them."""
    place_id = PLACE.read(request.path_params["place_id"])
    given = read(request.query_params, (OUTCOME, WAVE, POLICY))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_peers, request, cache, place_id, given)


def _peers(request: Request, cache: PageCache, place_id: str, given: Read) -> Response:
    facts = cache.profile(place_id).facts
    params = {"place": place_id, **given.values}
    measure, wave, policy = given["measure"], given["wave"], given["policy"]
    found = pictures.near_of(cache, place_id, measure, wave, policy)
    return render(
        request, "peers.html", title=f"Places most like {facts['name']}", facts=facts,
        own=found.figure(measure),
        said=sentences.standing(facts["name"], facts["kind"], wave, found, measure),
        rows=list(zip(found.rows, found.figures[measure], strict=True)),
        standing=found.standing(measure),
        given=given.values,
        features=FEATURES, measures=MEASURES, outcomes=STUDENT_MEASURES,
        state_name=STATES[found.state] if found.state else "", params=params,
        picture=pictures.picture_of(cache, "peers", **params),
    )  # fmt: skip


_LIST = Parameter("places", "Up to four place ids, joined by commas.", default="", longest=140)
_ADD = Parameter("add", "Name or id of a place to add.", default="", longest=120)
_DROP = Parameter("drop", "Id of a place to take out.", default="", longest=30)


async def compare(request: Request) -> Response:
    """Show up to four places side by side."""
    given = read(request.query_params, (_LIST, _ADD, _DROP, OUTCOME, WAVE))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_compare, request, cache, given)


def _compare(request: Request, cache: PageCache, given: Read) -> Response:
    chosen = pictures.places_of(given["places"]) if given["places"] else []
    note = ""
    if given["add"]:
        found = cache.room.find(given["add"], 1)
        if found and len(chosen) < pictures.SIZE:
            chosen = list(dict.fromkeys([*chosen, found[0].id]))
        else:
            note = "Four places are the most." if found else f"No place is named {given['add']!r}."
    chosen = [one for one in chosen if one != given["drop"]]
    pages = [cache.profile(one) for one in chosen]
    picture, params, reason = None, {}, ""
    if chosen:
        params = {
            "places": ",".join(chosen), "measure": given["measure"], "wave": given["wave"]
        }  # fmt: skip
        try:
            picture = pictures.picture_of(cache, "compare", **params)
        except NotAvailable as error:
            reason = str(error)
    adults = [(page, adults_of(page, _none())) for page in pages]
    return render(
        request, "compare.html", title="Compare places", pages=pages, picture=picture,
        params=params, note=note, reason=reason, adults=adults, given=given.values,
        lacking=_lacking(cache, pages, given) if picture else [], chosen=chosen, measures=MEASURES,
        outcomes=STUDENT_MEASURES,
    )  # fmt: skip


def _lacking(cache: PageCache, pages: list[Profile], given: Read) -> list[str]:
    """Say which of the chosen places have no figure of the outcome and wave."""
    measure, wave = given["measure"], given["wave"]
    return [
        f"{page.facts['name']}: no figure of {MEASURES[measure].label.lower()} in {wave}."
        for page in pages
        if wave
        not in figures.waves_of(
            cache.profile_of(page.facts["place_id"], measure, "published").outcomes, measure
        )
    ]


def _none() -> Read:
    return read({}, PLACE_PARAMETERS)


_STATE = Parameter("state", "A state: its districts.", "choice", choices=tuple(STATES))


async def maps(request: Request) -> Response:
    """Show every state, or every district of a state."""
    given = read(
        request.query_params, (OUTCOME, pictures.GROUP, pictures.FIGURE, WAVE, _STATE)
    )  # fmt: skip
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_maps, request, cache, given)


def _maps(request: Request, cache: PageCache, given: Read) -> Response:
    values = dict(given.values)
    note = ""
    if values["figure"] == "ratio" and values["group"] in (ALL, "white"):
        values["figure"] = "rate"
        note = (
            "A ratio needs a group other than all students or white students, so rates are shown."
        )
    params = {name: value for name, value in values.items() if value}
    shown = {}
    for kind in ("districts" if values["state"] else "states", "ranked"):
        known = pictures.KINDS[kind]
        of = {p.name: params[p.name] for p in known.parameters if p.name in params}
        shown[kind] = (pictures.picture_of(cache, kind, **of), of)
    choice = pictures.choice_of(Read(values))
    spots = (
        pictures.district_spots(cache, choice, values["state"])
        if values["state"]
        else pictures.state_spots(cache, choice)
    )
    return render(
        request, "map.html", title=choice.words, shown=shown, values=values, note=note,
        spots=map_pictures.ordered(spots)[:100], known=sum(s.value is not None for s in spots),
        every=len(spots), doubted=_doubted(spots), measures=MEASURES,
        outcomes=STUDENT_MEASURES, races=RACES, states=STATES, figures=map_pictures.FIGURES,
    )  # fmt: skip


def _doubted(spots: list[map_pictures.Spot]) -> list[map_pictures.Spot]:
    """Return the places whose figures rules doubt, the highest first: no list ranks them."""
    found = [one for one in spots if one.value is not None and one.doubtful]
    return sorted(found, key=lambda one: (-(one.value or 0), one.id))
