"""Answers about places: the rows of the one door, as the command line and Python give them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence.place_ids import place_range, repair_note
from homeroom.evidence.quality import rules
from homeroom.figures import peers
from homeroom.figures.by_unit import LEVELS
from homeroom.figures.disparities import STATISTICS
from homeroom.figures.gaps import GapRow
from homeroom.figures.officers import OfficerRow
from homeroom.figures.panel import panel_schema
from homeroom.figures.question import (
    AVERAGES,
    BASES,
    COMPARATORS,
    OTHERS,
    SCHOOLS,
    SECTION_504,
)
from homeroom.figures.rates import RateRow
from homeroom.figures.rows import json_schema
from homeroom.figures.staffing import StaffRow
from homeroom.figures.trend import TrendRow
from homeroom.vocabulary.groups import AXES, DISABILITIES, RACES, SEXES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import MEASURE, OUTCOME, POLICY, Parameter, Read

_ANY = "an id (lea:4808940), a postal code (TX), or a name (Austin ISD)"
_ID = Parameter("id", f"A place: {_ANY}.", required=True, longest=120, example="lea:4808940",
                within="path")  # fmt: skip
_PLACE = Parameter("place", f"A place: {_ANY}.", default="US", longest=120, example="lea:4808940")
_WAVE = Parameter(
    "wave", "Wave of the Civil Rights Data Collection; the latest usable one if none is named.",
    "choice", choices=WAVES,
)  # fmt: skip
_BASIS = Parameter(
    "basis", "OCR's state table, or sums over the schools in the store.", "choice", choices=BASES,
)  # fmt: skip
_504 = Parameter(
    "section504", "Whether totals include students under Section 504 only, who have no race.",
    "choice", default="with", choices=SECTION_504,
)  # fmt: skip


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _find(cache: PageCache, read: Read) -> Payload:
    offset, limit = read["offset"], read["limit"]
    found = cache.room.find(read["q"], offset + limit + 1)  # one more tells whether there is more
    columns = ["id", "name", "kind", "state", "score", "within"]
    frame = pl.DataFrame(
        [asdict(one) for one in found], schema=columns, orient="row", infer_schema_length=None
    )
    note = repair_note(read["q"])
    return Payload(frame, meta={"note": note} if note else {})


def _place(cache: PageCache, read: Read) -> Payload:
    place = cache.room.resolve(read["id"])
    return Payload(document=cache.profile(place, read["policy"]).as_dict())


def _rates(cache: PageCache, read: Read) -> Payload:
    asked: dict[str, Any] = {**read.values, "by": _listed(read["by"])}
    return Payload(cache.room.rate(**_without_paging(asked)))


def _without_paging(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if name not in _PAGING}


_PAGING = ("limit", "offset", "format")


def _ratio(cache: PageCache, read: Read) -> Payload:
    plain = cache.room.ratio(**read.values).as_dict()
    question = plain.pop("question")
    document = {
        "ratio": plain.pop("value"), **plain, "place": question["place"], "wave": question["wave"],
        "policy": question["policy"], "question": question,
    }  # fmt: skip
    return Payload(document=document)


def _staff(cache: PageCache, read: Read) -> Payload:
    return Payload(cache.room.staff(read["place"], read["wave"], policy=read["policy"]))


def _trend(cache: PageCache, read: Read) -> Payload:
    return Payload(cache.room.trend(read["measure"], read["place"], policy=read["policy"]))


def _gaps(cache: PageCache, read: Read) -> Payload:
    return Payload(cache.room.gaps(read["place"], read["wave"], policy=read["policy"]))


def _officers(cache: PageCache, read: Read) -> Payload:
    return Payload(
        cache.room.officers(read["measure"], read["place"], read["wave"], policy=read["policy"])
    )


def _disparities(cache: PageCache, read: Read) -> Payload:
    within = cache.room.resolve(read["within"])
    if read["level"] == "school" and place_range(within).kind == "nation":
        raise BadInput("level school: expected `within` to name a state or a district.")
    asked = {**read.values, "within": within, "by": _listed(read["by"])}
    asked["statistics"] = _listed(asked.pop("statistic"))
    return Payload(cache.room.disparities(**_without_paging(asked)))


def _panel(cache: PageCache, read: Read) -> Payload:
    within = cache.room.resolve(read["within"])
    listed = {name: _listed(read[name]) for name in ("measures", "waves", "by")}
    return Payload(cache.room.panel(**_without_paging({**read.values, **listed, "within": within})))


def _peers(cache: PageCache, read: Read) -> Payload:
    frame = cache.room.peers(
        read["place"], count=read["count"], same_state=read["same_state"] == "yes"
    )
    return Payload(frame, meta={"weights": peers.WEIGHTS})


def _files(cache: PageCache, _read: Read) -> Payload:
    return Payload(cache.room.table("source_file").sort("publication", "wave", "name"))


def _publications(_shelf: PageCache, _read: Read) -> Payload:
    return Payload(pl.DataFrame([asdict(one) for one in PUBLICATIONS.values()]))


def _rules(_shelf: PageCache, _read: Read) -> Payload:
    rows = [(rule.id, rule.sentence, rule.source) for rule in rules().values()]
    return Payload(pl.DataFrame(rows, ["rule", "sentence", "source"], orient="row"))


def _vocabulary(_shelf: PageCache, _read: Read) -> Payload:
    return Payload(
        document={
            "measures": [asdict(one) for one in MEASURES.values()],
            "roles": [asdict(one) for one in ROLES.values()],
            "waves": [asdict(one) for one in WAVES.values()],
            "groups": {
                "race": [asdict(one) for one in RACES.values()],
                "sex": [asdict(one) for one in SEXES.values()],
                "disability": [asdict(one) for one in DISABILITIES.values()],
            },
        }
    )


_GROUP = Parameter(
    "group", "Group, pooled with + and crossed with /: black+hispanic, black/male.",
    default="black", longest=120,
)  # fmt: skip
_RATIO = (
    OUTCOME, _GROUP,
    Parameter("versus", "Another group, or others.", default="white", longest=120),
    Parameter("comparator", "Another group, or the same group in schools without officers.",
              "choice", default="group", choices=COMPARATORS),
    _PLACE, _WAVE,
    Parameter("sex", "Sex.", "choice", default="all", choices=("all", *SEXES)),
    Parameter("disability", "Disability part.", "choice", default="all",
              choices=("all", *DISABILITIES)),
    _504, POLICY, _BASIS,
    Parameter("average", "Sum over schools, or mean of their rates.", "choice",
              default="pooled", choices=AVERAGES),
    Parameter("schools", "Which schools.", "choice", default="all", choices=SCHOOLS),
)  # fmt: skip
_Q = Parameter(
    "q", "Name or id of a place; typos are tolerated.", required=True, example="austin isd"
)
_COUNT = Parameter("count", "How many.", "integer", default=10, least=1, most=100, longest=4)
_NEAR = Parameter("place", f"A district or a state: {_ANY}.", required=True, longest=120,
                  example="lea:4808940")  # fmt: skip
_SAME = Parameter("same_state", "Only of the same state.", "choice", default="no",
                  choices=("yes", "no"))  # fmt: skip
_FIND_LIMIT = Parameter("limit", "Rows in one answer.", "integer", default=10, least=1, most=100,
                        longest=4)  # fmt: skip
_FIND_OFFSET = Parameter("offset", "Rows to pass over.", "integer", default=0, least=0, most=300,
                         longest=4)  # fmt: skip
_BY = Parameter("by", f"Axes joined by commas: {', '.join(AXES)}.", default="", longest=40)
_DISPARITIES = (
    OUTCOME, _WAVE,
    Parameter("level", "Kind of places; schools need a state or district in `within`.", "choice",
              default="state", choices=LEVELS),
    Parameter("within", f"Only places inside this one: {_ANY}.", default="US", longest=120),
    Parameter("by", f"Axes joined by commas, the first compared on: {', '.join(AXES)}.",
              default="race", longest=40),
    Parameter("versus", "A category of the first axis, or others.", default=OTHERS, longest=40),
    Parameter("statistic", f"What to compute, joined by commas: {', '.join(STATISTICS)}.",
              default="rate,ratio", longest=80),
    POLICY, _BASIS, _504,
)  # fmt: skip
_PANEL = (
    Parameter("measures", f"Measures joined by commas: {', '.join(MEASURES)}.", default="arrests",
              longest=200),
    Parameter("waves", f"Waves joined by commas: {', '.join(WAVES)}; every wave if none is named.",
              default="", longest=100),
    _BY,
    Parameter("level", "Kind of places; schools need a state or district in `within`.", "choice",
              default="district", choices=LEVELS),
    Parameter("within", f"Only places inside this one: {_ANY}.", default="US", longest=120),
    POLICY, _504,
)  # fmt: skip
_REASON = "Why there is no number, or why it is weak: see `homeroom describe --reasons`"
_STRING, _NUMBER = {"type": ["string", "null"]}, {"type": ["number", "null"]}
_DISPARITY: dict[str, Any] = {
    "title": "DisparityRow",
    "type": "object",
    "required": ["place", "name", "state", "wave", "events", "students", "other_events",
                 "other_students", "coverage", "doubtful", "basis", "note"],
    "properties": {
        "place": {"type": "string", "description": "Place id"},
        "wave": {"type": "string", "description": "CRDC wave"},
        "events": {"type": ["integer", "null"], "description": "Students counted"},
        "students": {"type": ["integer", "null"], "description": "Students of the group"},
        "coverage": _NUMBER | {"description": "Share of the place's students who are covered"},
        "doubtful": {"type": "boolean", "description": "Whether rules doubt the place's figures"},
        "basis": {"type": "string", "enum": list(BASES)},
        "note": _STRING | {"description": "Scope and doubt in words, where they matter"},
        **{
            f"{name}{end}": _NUMBER
            for name in STATISTICS for end in ("", "_low", "_high")
        },
        **{
            f"{name}_reason": {"type": "string", "description": _REASON} for name in STATISTICS
        },
    },
}  # fmt: skip


def _row(model: Any) -> dict[str, Any]:
    return {"title": model.__name__, **json_schema(model)}


ENDPOINTS = (
    Endpoint("/places", "Find places by name or id, best first", _find,
             (_Q, _FIND_LIMIT, _FIND_OFFSET),
             partial=True,
             command="homeroom find"),
    Endpoint("/places/{id}", "A place in one view", _place, (_ID, POLICY), tabular=False,
             command="homeroom place"),
    Endpoint("/rates", "Counts and rates by group", _rates,
             (MEASURE, _PLACE, _WAVE, _BY, POLICY, _BASIS, _504), command="homeroom rate",
             row=_row(RateRow)),
    Endpoint("/ratio", "A group's risk divided by another's, with an interval", _ratio, _RATIO,
             tabular=False, command="homeroom ratio"),
    Endpoint("/disparities", "Disparities of every place of a level", _disparities, _DISPARITIES,
             command="homeroom disparity", row=_DISPARITY),
    Endpoint("/panel", "A tidy panel: places by waves by measures by groups, with staff and ids to "
             "join by", _panel, _PANEL, command="homeroom panel",
             row={"title": "PanelRow", **panel_schema()}),
    Endpoint("/staff", "Adults, and students for each", _staff, (_PLACE, _WAVE, POLICY),
             command="homeroom staff", row=_row(StaffRow)),
    Endpoint("/trend", "A measure over the waves, breaks marked", _trend,
             (OUTCOME, _PLACE, POLICY), command="homeroom trend", row=_row(TrendRow)),
    Endpoint("/gaps", "Students in schools with police and without support staff", _gaps,
             (_PLACE, _WAVE, POLICY), command="homeroom gaps", row=_row(GapRow)),
    Endpoint("/officers", "Schools with officers beside schools without: an association, not an "
             "effect", _officers, (OUTCOME, _PLACE, _WAVE, POLICY), command="homeroom officers",
             row=_row(OfficerRow)),
    Endpoint("/peers", "Places most like a place", _peers, (_NEAR, _COUNT, _SAME),
             command="homeroom peers"),
    Endpoint("/files", "The files behind the store, with hashes", _files,
             command="homeroom describe --files"),
    Endpoint("/publications", "Publications and their terms", _publications,
             command="homeroom describe --sources"),
    Endpoint("/rules", "Quality rules", _rules, command="homeroom describe --rules"),
    Endpoint("/vocabulary", "Measures, roles, waves and groups with definitions", _vocabulary,
             tabular=False),
)  # fmt: skip
