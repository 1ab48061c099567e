"""Pages about places: one, its peers, up to four side by side, and all of them on a map."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from homeroom.errors import NotAvailable
from homeroom.evidence.known_places import counted
from homeroom.evidence.place_ids import place_range
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.figures.outcomes import usual_wave
from homeroom.figures.peers import FEATURES
from homeroom.figures.question import Question
from homeroom.report import charts, glance, sentences
from homeroom.report import maps as map_pictures
from homeroom.report import place_figures as figures
from homeroom.report.profile import Profile
from homeroom.statistics.meaning import INTERVAL, NOISE
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES
from homeroom.web import pictures
from homeroom.web.page_cache import PageCache
from homeroom.web.params import (
    ANY_WAVE,
    OUTCOME,
    PLACE,
    POLICY,
    STUDENT_MEASURES,
    WAVE,
    Parameter,
    Read,
    read,
)
from homeroom.web.places_words import locale_words
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

_STAFF_WAVE = Parameter("staff_wave", "Wave of the adults.", "choice", choices=tuple(WAVES))
_MORE = Parameter("measure", "A further outcome to show.", "choice", choices=STUDENT_MEASURES)
_PLACE_PARAMETERS = (_MORE, ANY_WAVE, _STAFF_WAVE, POLICY)


async def place(request: Request) -> Response:
    """Show a place."""
    asked = request.path_params["place_id"]
    place_id = PLACE.read(asked)
    if place_id != asked:
        return RedirectResponse(f"/place/{place_id}", status_code=301)
    given = read(request.query_params, _PLACE_PARAMETERS)
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(
        lambda: render(request, "place.html", **place_values(cache, place_id, given))
    )


def place_values(cache: PageCache, place_id: str, given: Read) -> dict[str, Any]:
    """Put together what the template of a place needs."""
    policy = given["policy"]
    page = cache.profile(place_id, policy)
    facts = page.facts
    outcomes = [
        one
        for measure in dict.fromkeys(("arrests", "referrals", given["measure"]))
        if measure and (one := _outcome(cache, place_id, measure, given))
    ]
    first = outcomes[0]["table"] if outcomes else None
    beside = _beside(cache, page, first) if first else []
    said = []
    if first:
        said = [sentences.headline(page.name, first, beside), *outcomes[0]["disparity"][:1]]
    adults = _adults(page, given)
    staff = (adults["wave"], adults["rows"]) if adults else ("", [])
    if adults and adults["sentence"]:
        said.append(adults["sentence"])
    return {
        "title": f"{facts['name']}: arrests, officers and counselors",
        "description": said[0] if said else page.belongs
        or f"What public data say of {facts['name']}.",
        "image": pictures.address("rates.png", place=place_id) if outcomes else "",
        "page": page, "facts": facts, "policy": policy, "said": said,
        "beside": _reasons(first, beside), "outcomes": outcomes,
        "cards": glance.cards(first, beside, staff),
        "alike": _alike(cache, page, first, policy),
        "adults": adults, "over_time": _over_time(cache, page, outcomes, policy),
        "context": page.context, "locale": locale_words(facts.get("locale")),
        "state_name": STATES.get(facts.get("state") or "", ""),
        "more": [m for m in STUDENT_MEASURES if m not in ("arrests", "referrals")],
        "measures": MEASURES, "interval": INTERVAL, "noise": NOISE, "given": given.values,
        "counted": counted(page.part_of.id if page.part_of else place_id),
        "comparable": facts["kind"] in ("district", "state"),
    }  # fmt: skip


def _outcome(cache: PageCache, place: str, measure: str, given: Read) -> dict[str, Any] | None:
    policy = given["policy"]
    page = cache.profile_of(place, measure, policy)
    waves = figures.waves_of(page.outcomes, measure)
    wave = given["wave"] if given["wave"] in waves else usual_wave(page.outcomes, measure)
    if wave is None:
        return None
    table = page.table(measure, wave)
    known = {"place": place, "measure": measure, "wave": wave, "policy": policy}
    return {
        "table": table, "waves": waves, "params": known,
        "picture": pictures.picture_of(cache, "rates", **known),
        "disparity": sentences.disparity(table),
    }  # fmt: skip


def _beside(
    cache: PageCache, page: Profile, table: figures.OutcomeTable
) -> list[tuple[str, Figure]]:
    """Return the state's and the nation's figures of the same wave, where they speak for them.

    They are as published under either policy: what is left of a nation without the schools that
    rules doubt, where few states' schools are in the store, is no figure of the nation.
    """
    facts = page.facts
    larger = []
    if facts["kind"] in ("district", "school") and facts["state"]:
        larger.append(f"US-{facts['state']}")
    if facts["kind"] != "nation":
        larger.append("US")
    asked = [Question(table.measure, place=one, wave=table.wave) for one in larger]
    return [
        ("the nation" if one.question.place == "US" else STATES[one.question.place[3:]], one)
        for one in (cache.answers(asked) if asked else [])
        if one.value is not None and one.whole
    ]


def _reasons(table: figures.OutcomeTable | None, beside: list[tuple[str, Figure]]) -> list[str]:
    """Say why the larger places' figures are doubtful, where the first sentence names them."""
    return sentences.reasons(beside) if table and table.whole_figure.value is not None else []


def _adults(page: Profile, given: Read) -> dict[str, Any] | None:
    waves = sorted({one.wave for one in page.staff})
    wave = given["staff_wave"] if given["staff_wave"] in waves else figures.staff_wave(page.staff)
    if wave is None:
        return None
    place, kind, policy = page.facts["place_id"], page.facts["kind"], given["policy"]
    rows = page.adults(wave)
    high = figures.high_schools_only(page.staff, wave)
    params = {"place": place, "wave": wave, "policy": policy}
    asked = rows[0].figure
    scope = wording.scope(asked.universe, asked.coverage, wording.whole_of(place_range(place)))
    return {
        "scope": None if high else scope,
        "wave": wave, "waves": waves, "rows": rows, "high_schools": high, "params": params,
        "sentence": sentences.adults(wave, rows, kind=kind, high_schools=high),
        "notes": list(dict.fromkeys(row.figure.note for row in rows if row.figure.note)),
        "picture": charts.adults(page.facts["name"], wave, rows, high_schools=high),
    }  # fmt: skip


def _over_time(
    cache: PageCache, page: Profile, outcomes: list[dict[str, Any]], policy: str
) -> list[dict[str, Any]]:
    place = page.facts["place_id"]
    found = []
    for one in outcomes:
        measure = one["table"].measure
        rates = cache.profile_of(place, measure, policy).outcomes
        known = {
            rate.question.wave
            for rate in rates
            if rate.question.measure == measure and rate.value is not None
        }
        if len(known) < 2:
            continue
        params = {"place": place, "measure": measure, "policy": policy}
        picture = charts.waves(page.facts["name"], measure, rates)
        rows = cache.trend(measure, place, policy)
        breaks = {row.wave: row.break_before for row in rows if row.break_before}
        breaks.pop(min(known), None)
        found.append({"picture": picture, "params": params, "breaks": breaks})
    return found


def _alike(
    cache: PageCache, page: Profile, table: figures.OutcomeTable | None, policy: str
) -> dict[str, Any] | None:
    """Return a district's standing among its peers, in the outcome and wave that its page leads."""
    if page.facts["kind"] != "district" or table is None:
        return None
    params = {
        "place": page.facts["place_id"], "measure": table.measure, "wave": table.wave,
        "policy": policy,
    }  # fmt: skip
    try:
        return {"picture": pictures.picture_of(cache, "peers", **params), "params": params}
    except NotAvailable:
        return None


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
    adults = [(page, _adults(page, _none())) for page in pages]
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
    return read({}, _PLACE_PARAMETERS)


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
