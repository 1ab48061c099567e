"""Pages about places: one, its peers, up to four side by side, and all of them on a map."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from homeroom.errors import NotAvailable
from homeroom.figures import peers as peer_measures
from homeroom.figures.question import Question
from homeroom.report import charts, glance, sentences
from homeroom.report import maps as map_pictures
from homeroom.report import place_figures as figures
from homeroom.report.profile import Profile
from homeroom.statistics.meaning import INTERVAL, NOISE
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES, usual
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
    shelf: PageCache = request.app.state.shelf
    return await run_in_threadpool(
        lambda: render(request, "place.html", **place_values(shelf, place_id, given))
    )


def place_values(shelf: PageCache, place_id: str, given: Read) -> dict[str, Any]:
    """Put together what the template of a place needs."""
    policy = given["policy"]
    page = shelf.profile(place_id, policy)
    facts = page.facts
    outcomes = [
        one
        for measure in dict.fromkeys(("arrests", "referrals", given["measure"]))
        if measure and (one := _outcome(shelf, place_id, measure, given))
    ]
    first = outcomes[0]["table"] if outcomes else None
    beside = _beside(shelf, page, first) if first else []
    said = []
    if first:
        said = [sentences.headline(facts["name"], first, beside), *outcomes[0]["disparity"][:1]]
    adults = _adults(page, given)
    staff = (adults["wave"], adults["rows"]) if adults else ("", [])
    if adults and adults["sentence"]:
        said.append(adults["sentence"])
    return {
        "title": f"{facts['name']}: arrests, officers and counselors",
        "description": said[0] if said else f"What public data say of {facts['name']}.",
        "image": pictures.address("rates.png", place=place_id) if outcomes else "",
        "page": page, "facts": facts, "policy": policy, "said": said, "outcomes": outcomes,
        "cards": glance.cards(first, beside, staff),
        "alike": _alike(shelf, page, first, policy),
        "adults": adults, "over_time": _over_time(shelf, page, outcomes),
        "context": page.context, "locale": locale_words(facts.get("locale")),
        "state_name": STATES.get(facts.get("state") or "", ""),
        "more": [m for m in STUDENT_MEASURES if m not in ("arrests", "referrals")],
        "measures": MEASURES, "interval": INTERVAL, "noise": NOISE, "given": given.values,
        "comparable": facts["kind"] in ("district", "state"),
    }  # fmt: skip


def _outcome(shelf: PageCache, place: str, measure: str, given: Read) -> dict[str, Any] | None:
    page = shelf.profile_of(place, measure, given["policy"])
    waves = figures.waves_of(page.outcomes, measure)
    wave = given["wave"] if given["wave"] in waves else usual(waves)
    if wave is None:
        return None
    table = figures.outcome_table(page.outcomes, measure, wave)
    known = {"place": place, "measure": measure, "wave": wave, "policy": given["policy"]}
    return {
        "table": table, "waves": waves, "params": known,
        "picture": pictures.picture_of(shelf, "rates", **known),
        "disparity": sentences.disparity(table),
    }  # fmt: skip


def _beside(
    shelf: PageCache, page: Profile, table: figures.OutcomeTable
) -> list[tuple[str, float]]:
    """Return the rates of the state and the nation in the same wave, where they are larger places."""
    facts = page.facts
    larger = []
    if facts["kind"] in ("district", "school") and facts["state"]:
        larger.append(f"US-{facts['state']}")
    if facts["kind"] != "nation":
        larger.append("US")
    asked = [Question(table.measure, place=one, wave=table.wave) for one in larger]
    return [
        ("the nation" if a.question.place == "US" else STATES[a.question.place[3:]], a.value)
        for a in (shelf.answers(asked) if asked else [])
        if a.value is not None
    ]


def _adults(page: Profile, given: Read) -> dict[str, Any] | None:
    waves = sorted({row["wave"] for row in page.staff})
    wave = given["staff_wave"] if given["staff_wave"] in waves else figures.staff_wave(page.staff)
    if wave is None:
        return None
    rows = figures.staff_rows(page.staff, wave)
    high = figures.high_schools_only(page.staff, wave)
    place, kind = page.facts["place_id"], page.facts["kind"]
    params = {"place": place, "wave": wave, "policy": given["policy"]}
    return {
        "wave": wave, "waves": waves, "rows": rows, "high_schools": high, "params": params,
        "sentence": sentences.adults(wave, rows, kind=kind, high_schools=high),
        "picture": charts.adults(page.facts["name"], wave, rows, high_schools=high),
    }  # fmt: skip


def _over_time(
    shelf: PageCache, page: Profile, outcomes: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    place = page.facts["place_id"]
    found = []
    for one in outcomes:
        measure = one["table"].measure
        rows = shelf.trend(measure, place)
        known = {row["wave"] for row in rows if row["rate_per_10000"] is not None}
        if len(known) < 2:
            continue
        params = {"place": place, "measure": measure}
        picture = charts.waves(page.facts["name"], measure, rows)
        breaks = {r["wave"]: r["break_before"] for r in rows if r["break_before"]}
        breaks.pop(min(known), None)
        found.append({"picture": picture, "params": params, "breaks": breaks})
    return found


def _alike(
    shelf: PageCache, page: Profile, table: figures.OutcomeTable | None, policy: str
) -> dict[str, Any] | None:
    """Return a district's standing among its peers, in the outcome and wave that its page leads."""
    if page.facts["kind"] != "district" or table is None:
        return None
    params = {
        "place": page.facts["place_id"], "measure": table.measure, "wave": table.wave,
        "policy": policy,
    }  # fmt: skip
    try:
        return {"picture": pictures.picture_of(shelf, "peers", **params), "params": params}
    except NotAvailable:
        return None


async def peers(request: Request) -> Response:
    """Show the places most like a place, and how it stands among them."""
    place_id = PLACE.read(request.path_params["place_id"])
    given = read(request.query_params, (OUTCOME, WAVE, POLICY))
    shelf: PageCache = request.app.state.shelf
    return await run_in_threadpool(_peers, request, shelf, place_id, given)


def _peers(request: Request, shelf: PageCache, place_id: str, given: Read) -> Response:
    facts = shelf.profile(place_id).facts
    params = {"place": place_id, **given.values}
    found = pictures.near_of(shelf, place_id, given["measure"], given["wave"], given["policy"])
    return render(
        request, "peers.html", title=f"Places most like {facts['name']}", facts=facts,
        rows=found.rows, standing=found.standing(given["measure"]), given=given.values,
        features=peer_measures.FEATURES, measures=MEASURES, outcomes=STUDENT_MEASURES,
        state_name=STATES[found.state] if found.state else "", params=params,
        picture=pictures.picture_of(shelf, "peers", **params),
    )  # fmt: skip


_LIST = Parameter("places", "Up to four place ids, joined by commas.", default="", longest=140)
_ADD = Parameter("add", "Name or id of a place to add.", default="", longest=120)
_DROP = Parameter("drop", "Id of a place to take out.", default="", longest=30)


async def compare(request: Request) -> Response:
    """Show up to four places side by side."""
    given = read(request.query_params, (_LIST, _ADD, _DROP, OUTCOME, WAVE))
    shelf: PageCache = request.app.state.shelf
    return await run_in_threadpool(_compare, request, shelf, given)


def _compare(request: Request, shelf: PageCache, given: Read) -> Response:
    chosen = pictures.places_of(given["places"]) if given["places"] else []
    note = ""
    if given["add"]:
        found = shelf.room.find(given["add"], 1)
        if found and len(chosen) < pictures.SIZE:
            chosen = list(dict.fromkeys([*chosen, found[0].id]))
        else:
            note = "Four places are the most." if found else f"No place is named {given['add']!r}."
    chosen = [one for one in chosen if one != given["drop"]]
    pages = [shelf.profile(one) for one in chosen]
    picture, params, reason = None, {}, ""
    if chosen:
        params = {
            "places": ",".join(chosen), "measure": given["measure"], "wave": given["wave"]
        }  # fmt: skip
        try:
            picture = pictures.picture_of(shelf, "compare", **params)
        except NotAvailable as error:
            reason = str(error)
    adults = [(page, _adults(page, _none())) for page in pages]
    return render(
        request, "compare.html", title="Compare places", pages=pages, picture=picture,
        params=params, note=note, reason=reason, adults=adults, given=given.values,
        chosen=chosen, measures=MEASURES, outcomes=STUDENT_MEASURES,
    )  # fmt: skip


def _none() -> Read:
    return read({}, _PLACE_PARAMETERS)


_STATE = Parameter("state", "A state: its districts.", "choice", choices=tuple(STATES))


async def maps(request: Request) -> Response:
    """Show every state, or every district of a state."""
    given = read(
        request.query_params, (OUTCOME, pictures.GROUP, pictures.FIGURE, WAVE, _STATE)
    )  # fmt: skip
    shelf: PageCache = request.app.state.shelf
    return await run_in_threadpool(_maps, request, shelf, given)


def _maps(request: Request, shelf: PageCache, given: Read) -> Response:
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
        shown[kind] = (pictures.picture_of(shelf, kind, **of), of)
    choice = pictures.choice_of(Read(values))
    spots = (
        pictures.district_spots(shelf, choice, values["state"])
        if values["state"]
        else pictures.state_spots(shelf, choice)
    )
    return render(
        request, "map.html", title=choice.words, shown=shown, values=values, note=note,
        spots=map_pictures.ordered(spots)[:100], known=sum(s.value is not None for s in spots),
        every=len(spots), measures=MEASURES, outcomes=STUDENT_MEASURES, races=RACES,
        states=STATES, figures=map_pictures.FIGURES,
    )  # fmt: skip
