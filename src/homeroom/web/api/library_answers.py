"""Answers about the bill and about research."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from homeroom import research
from homeroom.context import federal_money, removals
from homeroom.law import states as rules
from homeroom.law.act.check import LATEST, check
from homeroom.law.act.diff import diff
from homeroom.law.act.facts import STANDINGS, facts_from
from homeroom.law.act.parameters import load_act
from homeroom.law.act.rules import BOUNDARIES
from homeroom.law.act.uses import use
from homeroom.law.logic import plain
from homeroom.report import event_view
from homeroom.report.act_facts import held_against
from homeroom.research.schema import CostKind
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read

_YES = ("yes", "no")
_VERSION = Parameter("version", "Year or id of the bill.", default=LATEST, longest=40)


def _bills(_cache: PageCache, _read: Read) -> Payload:
    rows = [
        {
            "version": bill.id, "number": bill.number, "year": bill.year, "status": bill.status,
            "introduced": bill.introduced.isoformat(), "notice": bill.notice,
        }
        for bill in load_act().bills
    ]  # fmt: skip
    return Payload(pl.DataFrame(rows))


def _provisions(_cache: PageCache, read: Read) -> Payload:
    act = load_act()
    bill = act.bill(read["version"])
    rows = [
        {
            "rule": one.id, "title": one.title, "value": plain(value.content),
            "unit": one.unit or None, "text_status": str(value.text_status),
            "citation": value.citation, "source": value.source,
        }
        for one in act.provisions.values()
        for value in (one.values[bill.id],)
    ]  # fmt: skip
    document = {
        "notice": bill.notice,
        "version": bill.id,
        "status": bill.status,
        "provisions": rows,
    }
    return Payload(document=document)


FACTS = (
    Parameter("contract", "The district's contract with police.", "choice", choices=STANDINGS),
    Parameter("contract_end_date", "Day on which it ended or ends: 2025-08-01.", longest=10),
    Parameter("own_police", "The district's own police.", "choice", choices=STANDINGS),
    Parameter("own_police_dissolved", "Day on which it was or will be dissolved.", longest=10),
    Parameter("grant_start_date", "Day on which funds are received.", longest=10),
    Parameter("application_date", "Day of the application.", longest=10),
    Parameter("officers_during_grant", "Will officers be in schools?", "choice", choices=_YES),
)


def facts_of(read: Read) -> Any:
    """Read what is known of a district; what is not given is unknown."""
    given: dict[str, Any] = {p.name: read[p.name] for p in FACTS if read[p.name] is not None}
    if "officers_during_grant" in given:
        given["officers_during_grant"] = given["officers_during_grant"] == "yes"
    return facts_from(given)


def _check(cache: PageCache, read: Read) -> Payload:
    facts = held_against(cache.room.store, read["place"], facts_of(read))
    found = check(facts, version=read["version"], place=read["place"], boundary=read["boundary"])
    return Payload(document=found.as_dict())


def _use(_cache: PageCache, read: Read) -> Payload:
    return Payload(document=use(read["phrase"], version=read["version"]).as_dict())


def _diff(_cache: PageCache, read: Read) -> Payload:
    first, second, rows = diff(read["before"], read["after"])
    document = {
        "notice": f"{first.notice} {second.notice}", "from": first.id, "to": second.id,
        "status": second.status, "rows": [row.as_dict() for row in rows],
    }  # fmt: skip
    return Payload(document=document)


def _synthesis(_cache: PageCache, read: Read) -> Payload:
    found = research.synthesise(read["intervention"], read["outcome"])
    return Payload(document=[asdict(one) for one in found])


def _costs(_cache: PageCache, read: Read) -> Payload:
    frame = research.costs(read["kind"], read["role"])
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    return Payload(frame.with_columns(pl.col(name).list.join(" ") for name in lists))


def _summary(_cache: PageCache, read: Read) -> Payload:
    outcome = [read["outcome"]] if read["outcome"] else []
    found = (
        [research.summarize(read["intervention"], outcome)]
        if read["intervention"]
        else [*research.at_a_glance()]
    )
    return Payload(document=[one.as_dict() for one in found])


def _states(_cache: PageCache, read: Read) -> Payload:
    state, place = read["state"], read["place"]
    day = rules.read_on(state)
    document = {
        "state": state,
        "on": day.isoformat(),
        "pack": rules.pack(state) is not None,
        "answers": [one.as_dict() for one in rules.answers(state, day, place=place)],
        "collisions": [one.as_dict() for one in rules.collisions(state, day, place=place)],
        "notice": rules.NOT_ADVICE,
    }
    return Payload(document=document)


def _removals(_cache: PageCache, _read: Read) -> Payload:
    rows = [one.as_dict() for one in removals.events()]
    return Payload(pl.DataFrame(rows), meta={"note": removals.NOTE})


def _event(cache: PageCache, read: Read) -> Payload:
    found = event_view.view(cache.room.store, removals.event(read["event"]), read["measure"])
    return Payload(document=found.as_dict())


def _federal(_cache: PageCache, read: Read) -> Payload:
    found = federal_money.by_year(read["program"]) if read["program"] else federal_money.lines()
    return Payload(
        pl.DataFrame([one.as_dict() for one in found], infer_schema_length=None),
        meta={"note": federal_money.NOTE},
    )


_LEA = Parameter("place", "A district: lea:4808940.", longest=30, example="lea:4808940")
_BOUNDARY = Parameter("boundary", "Whether the last day of the waiting time is enough.", "choice",
                      default="at_least", choices=BOUNDARIES)  # fmt: skip
_INTERVENTION = Parameter("intervention", "For example sro_presence.", longest=60,
                          example="sro_presence")  # fmt: skip
_OUTCOME = Parameter("outcome", "For example school_arrests.", longest=60,
                     example="school_arrests")  # fmt: skip
_NEEDED = tuple(
    Parameter(p.name, p.doc, required=True, longest=p.longest, example=p.example)
    for p in (_INTERVENTION, _OUTCOME)
)

ENDPOINTS = (
    Endpoint("/act", "The versions of the bill", _bills),
    Endpoint("/act/provisions", "What a version says, with sources", _provisions, (_VERSION,),
             tabular=False, command="homeroom act show"),
    Endpoint("/act/check", "What the bill would ask of a district, rule by rule", _check,
             (_LEA, _VERSION, _BOUNDARY, *FACTS), tabular=False, command="homeroom act check"),
    Endpoint("/act/use", "Whether a use of the grant would fit", _use,
             (Parameter("phrase", "A use, such as metal detectors.", required=True,
                        example="metal detectors"), _VERSION),
             tabular=False, command="homeroom act use"),
    Endpoint("/act/diff", "Two versions side by side", _diff,
             (Parameter("before", "Version.", default="2021", longest=40),
              Parameter("after", "Version.", default="2025", longest=40)),
             tabular=False, command="homeroom act diff"),
    Endpoint("/research/synthesis", "What the studies of a question say together", _synthesis,
             _NEEDED, tabular=False, command="homeroom research synthesis"),
    Endpoint("/research/summary", "What the strongest studies find on each side, by one rule",
             _summary, (_INTERVENTION, _OUTCOME), tabular=False,
             command="homeroom research summary"),
    Endpoint("/law/states", "A state's rules on officers and staff, and the bill beside them",
             _states, (Parameter("state", "Postal code.", "choice", required=True,
                                 choices=tuple(STATES), example="TX"),
                       _LEA), tabular=False, command="homeroom act state"),
    Endpoint("/removals", "Districts that ended or restored officers: dated, sourced events",
             _removals, command="homeroom research removals"),
    Endpoint("/removals/waves", "The waves around one event, beside districts like it: description",
             _event, (Parameter("event", "Event of the registry.", "choice", required=True,
                                choices=tuple(one.event_id for one in removals.events()),
                                example="R03"),
                      Parameter("measure", "What is counted.", "choice", default="arrests",
                                choices=tuple(MEASURES))),
             tabular=False, command="homeroom research removals R03"),
    Endpoint("/federal-money", "Federal money for officers and support staff, and dated events",
             _federal, (Parameter("program", "Assistance listing number.", "choice",
                                  choices=tuple(federal_money.PROGRAMS)),),
             command="homeroom act money"),
    Endpoint("/research/costs", "Costs with their source", _costs,
             (Parameter("kind", "Kind of cost.", "choice",
                        choices=tuple(str(one) for one in CostKind)),
              Parameter("role", "For example counselor.", longest=40)),
             command="homeroom research costs"),
)  # fmt: skip
