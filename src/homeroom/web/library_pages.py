"""Pages of the research library, the bill, and the national context of safety."""

from __future__ import annotations

from typing import Any

import polars as pl
from starlette.requests import Request
from starlette.responses import Response

from homeroom import research as library
from homeroom.context import federal_money
from homeroom.context.shootings import NOT_PRESENT, PRESENT, guarded_summary
from homeroom.context.shootings import shootings as shootings_of
from homeroom.context.survey import survey as survey_of
from homeroom.context.survey_items import DOMAINS, school_year
from homeroom.errors import BadInput, NotAvailable
from homeroom.law import states as rules
from homeroom.law.act.check import LATEST, check
from homeroom.law.act.diff import Change, diff
from homeroom.law.act.document import cell
from homeroom.law.act.facts import STANDINGS
from homeroom.law.act.parameters import Bill, load_act
from homeroom.law.act.uses import every_use, use
from homeroom.law.logic import Truth
from homeroom.report.act_facts import held_against
from homeroom.research import summary
from homeroom.research.schema import Grade
from homeroom.sources.ssocs.items import catalogue
from homeroom.vocabulary.states import STATES
from homeroom.web import more_pictures, pictures
from homeroom.web.api.library_answers import FACTS, facts_of
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read, read
from homeroom.web.render import render
from homeroom.web.threads import run_in_threadpool

_INTERVENTION = Parameter("intervention", "What was studied.", default="", longest=60)
_OUTCOME = Parameter("outcome", "What it was held against.", default="", longest=60)


async def research(request: Request) -> Response:
    """Show where evidence exists, or every finding on one question."""
    given = read(request.query_params, (_INTERVENTION, _OUTCOME))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_research, request, cache, given)


def _research(request: Request, cache: PageCache, given: Read) -> Response:
    books = library.load()
    intervention, outcome = given["intervention"] or None, given["outcome"] or None
    every = library.findings(intervention, outcome, restated=False)
    # An older version of a study is listed, and counted nowhere.
    found = every.filter(pl.col("superseded_by").is_null())
    older = every.filter(pl.col("superseded_by").is_not_null())
    values: dict[str, Any] = {
        "books": books, "shown": bool(intervention or outcome) and len(every) > 0,
        "older": older.to_dicts(),
        "given": given.values, "total": len(found), "kind": "gap-map",
        "params": {}, "sides_of": _sides(found.to_dicts()), "costs": library.costs().to_dicts(),
    }  # fmt: skip
    values |= {"rule": summary.RULE, "summary": None, "glance": ()}
    values["leads"] = summary.LEADS
    if intervention:
        values["summary"] = library.summarize(intervention, [outcome] if outcome else ())
    elif not outcome:
        values["glance"] = library.at_a_glance()
    if intervention and outcome and len(every):
        values["kind"] = "forest"
        values["params"] = {"intervention": intervention, "outcome": outcome}
    kind = more_pictures.kinds()[values["kind"]]
    values["picture"] = pictures.picture(cache, kind, read(values["params"], kind.parameters))
    title = "What the research says, on both sides"
    if intervention:
        title = books.interventions[intervention].label
        title += f" and {books.outcomes[outcome].label.lower()}" if outcome else ""
    return render(request, "research.html", title=title, **values)


_SIDES = {
    "better": "Better outcomes", "worse": "Worse outcomes",
    "no clear difference": "No clear difference", "disputed": "Can be read both ways",
    "mixed": "Mixed", "about a difference": "About differences between groups",
    "no comparison": "Without a comparison",
}  # fmt: skip
"""What a finding means for students, in the words of the page: one side beside the other."""


def _sides(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Sort findings by what they mean for students; those that weigh more come first."""
    order = list(Grade)
    rows = sorted(rows, key=lambda row: order.index(row["grade"]))
    sides = {words: [r for r in rows if r["bearing"] == key] for key, words in _SIDES.items()}
    return {words: found for words, found in sides.items() if found}


_VERSION = Parameter("version", "Year or id of the bill.", default=LATEST, longest=40)
_BEFORE = Parameter("before", "Version.", default="2021", longest=40)
_AFTER = Parameter("after", "Version.", default="2025", longest=40)
_USE = Parameter("use", "A use of the grant.", default="", longest=200)
_PLACE = Parameter("place", "A district: lea:4808940.", default="", longest=30)
_STATE = Parameter("state", "A state's postal code: TX.", default="", longest=2)


async def act(request: Request) -> Response:
    """Show the bill: its versions, a checklist for a district, and whether a use fits."""
    given = read(request.query_params, (_VERSION, _BEFORE, _AFTER, _USE, _PLACE, _STATE, *FACTS))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_act, request, cache, given)


def _act(request: Request, cache: PageCache, given: Read) -> Response:
    first, second, rows = diff(given["before"], given["after"])
    place, name = given["place"].strip(), ""
    if place:
        facts = cache.profile(place).facts
        if facts["kind"] != "district":
            raise BadInput("The bill gives grants to school districts: name one, lea:4808940.")
        place, name = facts["place_id"], facts["name"]
    state = rules.state_of(place) or given["state"].strip().upper()
    if state and state not in STATES:
        raise BadInput(f"expected a state's postal code, such as TX, found {state!r}.")
    held = held_against(cache.room.store, place or None, facts_of(given))
    found = check(held, version=given["version"], place=place or None)
    fit = use(given["use"], version=given["version"]) if given["use"].strip() else None
    answered = {truth: [a for a in found.answers if a.finding.answer is truth] for truth in Truth}
    uses = {truth: [u for u in every_use(given["version"]) if u.fits is truth] for truth in Truth}
    return render(
        request, "act.html", title="The Counseling Not Criminalization in Schools Act",
        bills=load_act().bills, first=first, second=second, cell=cell, check=found,
        fit=fit, given=given.values, standings=STANDINGS, facts=FACTS, place=place, name=name,
        state=state, law=_state_law(state, place), states=STATES, law_notice=rules.NOT_ADVICE,
        answered=answered, uses=uses, money=federal_money.by_year(),
        events=federal_money.events(), told=[row for row in rows if _told(row)],
        silent=[row for row in rows if not _told(row)], total=_authorized(found.bill),
    )  # fmt: skip


def _authorized(bill: Bill) -> float | None:
    """Return the dollars that a version would authorize for its grants, where that is on record."""
    content = load_act().value("grants.authorised-total", bill).content
    return None if content is None else float(str(content))


def _state_law(state: str, place: str) -> dict[str, Any]:
    """Return the answers of a state's rules, and where they would collide with the bill."""
    if not state:
        return {}
    day = rules.read_on(state)
    asked = {"place": place or None}
    return {
        "day": day,
        "name": STATES[state],
        "answers": rules.answers(state, day, **asked),
        "collisions": rules.collisions(state, day, **asked),
        "known": rules.pack(state) is not None,
    }


def _told(row: Change) -> bool:
    """Return whether the sources say anything of a provision, in either version."""
    return row.before.content is not None or row.after.content is not None


async def safety(request: Request) -> Response:
    """Show the national survey and the shootings, with what they cannot show."""
    given = read(request.query_params, (more_pictures.ITEM, more_pictures.DOMAIN))
    cache: PageCache = request.app.state.pages
    return await run_in_threadpool(_safety, request, cache, given)


def _safety(request: Request, cache: PageCache, given: Read) -> Response:
    kinds = more_pictures.kinds()
    params = given.values
    survey = pictures.picture(cache, kinds["survey"], given)
    shootings = pictures.picture(cache, kinds["shootings"], Read())
    topics: dict[str, list[Any]] = {}
    for item in catalogue().items:
        topics.setdefault(item.topic, []).append(item)
    summary = cache.keep(("guarded",), lambda: guarded_summary(cache.room.store))
    return render(
        request, "safety.html", title="Safety: what schools do, and shootings", survey=survey,
        shootings=shootings, params=params, topics=topics, domains=DOMAINS, summary=summary,
        item=more_pictures.items()[params["item"]],
        three=cache.keep(("safety numbers",), lambda: _three(cache)),
    )  # fmt: skip


def _three(cache: PageCache) -> list[dict[str, str]]:
    """Return the three figures that people ask for first; those that the store has."""
    out = []
    try:
        asked = survey_of(cache.room.store, "officer").drop_nulls("estimate")
        row = next(one for one in reversed(asked.to_dicts()) if one["item"] == "officer")
        out.append(
            {"figure": f"{row['estimate']:.0f}%",
             "label": f"of public schools had a sworn officer at least once a week in "
             f"{school_year(row['year'])}"}
        )  # fmt: skip
        rows = {
            str(one["presence"]): one
            for one in shootings_of(cache.room.store).to_dicts()
            if one["school_year"] == "all"
        }
    except (NotAvailable, StopIteration):
        return out
    every, present = rows["all"], rows[PRESENT]
    known = present["incidents"] + rows[NOT_PRESENT]["incidents"]
    share = f"{100 * present['incidents'] / known:.0f}%" if known else "\u2013"
    return [
        *out,
        {"figure": f"{every['incidents']:,}",
         "label": "school shootings since Columbine, during or around school hours"},
        {"figure": share,
         "label": f"of the {known:,} shootings with a record had an officer or guard present"},
    ]  # fmt: skip
