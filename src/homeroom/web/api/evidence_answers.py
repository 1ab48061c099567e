"""Answers about places: the same functions that the command line and the pages ask."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence.quality import rules
from homeroom.figures import gaps, peers, rates
from homeroom.figures.cube import AXES, SECTION_504
from homeroom.figures.engine import AVERAGES, COMPARATORS
from homeroom.figures.from_schools import FILTERS
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import DISABILITIES, RACES, SEXES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import MEASURE, OUTCOME, PLACE, POLICY, WAVE, Parameter, Read

_ID = Parameter("id", "Place id.", "place", required=True, longest=30, example="lea:4808940",
                within="path")  # fmt: skip
_BASIS = Parameter(
    "basis", "OCR's state table, or sums over the schools in the store.", "choice",
    choices=rates.BASES,
)  # fmt: skip
_504 = Parameter(
    "section504", "Whether totals include students under Section 504 only, who have no race.",
    "choice", default="with", choices=SECTION_504,
)  # fmt: skip


def _find(shelf: PageCache, read: Read) -> Payload:
    offset, limit = read["offset"], read["limit"]
    found = shelf.room.find(read["q"], offset + limit + 1)  # one more tells whether there is more
    columns = ["id", "name", "kind", "state", "score", "within"]
    frame = pl.DataFrame(
        [asdict(one) for one in found], schema=columns, orient="row", infer_schema_length=None
    )
    return Payload(frame)


def _place(shelf: PageCache, read: Read) -> Payload:
    return Payload(document=shelf.profile(read["id"], read["policy"]).as_dict())


def _rates(shelf: PageCache, read: Read) -> Payload:
    by = tuple(axis.strip() for axis in read["by"].split(",") if axis.strip())
    if wrong := [axis for axis in by if axis not in AXES]:
        known = ", ".join(AXES)
        raise BadInput(f"by: expected {known}, joined by commas, found {wrong[0][:40]!r}.")
    return Payload(
        shelf.room.rate(
            read["measure"], read["place"], read["wave"], by=by, policy=read["policy"],
            basis=read["basis"], section504=read["section504"],
        )
    )  # fmt: skip


def _ratio(shelf: PageCache, read: Read) -> Payload:
    wanted = {name: value for name, value in read.values.items() if value is not None}
    (found,) = shelf.answers([Question(**wanted)])
    plain: dict[str, Any] = found.as_dict()
    question = plain.pop("question")
    document = {
        "ratio": plain.pop("value"), **plain, "place": question["place"], "wave": question["wave"],
        "policy": question["policy"], "question": question,
    }  # fmt: skip
    return Payload(document=document)


def _staff(shelf: PageCache, read: Read) -> Payload:
    return Payload(shelf.room.staff(read["place"], read["wave"], policy=read["policy"]))


def _trend(shelf: PageCache, read: Read) -> Payload:
    frame = pl.DataFrame(shelf.trend(read["measure"], read["place"]), infer_schema_length=None)
    return Payload(frame)


def _gaps(shelf: PageCache, read: Read) -> Payload:
    return Payload(
        gaps.police_without_support(
            shelf.room.con, read["place"], read["wave"], policy=read["policy"]
        )
    )


def _peers(shelf: PageCache, read: Read) -> Payload:
    frame = peers.peers(
        shelf.room.con, read["place"], count=read["count"],
        same_state=read["same_state"] == "yes",
    )  # fmt: skip
    return Payload(frame, meta={"weights": peers.WEIGHTS})


def _files(shelf: PageCache, _read: Read) -> Payload:
    return Payload(shelf.room.table("source_file").sort("publication", "wave", "name"))


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
    PLACE, WAVE,
    Parameter("sex", "Sex.", "choice", default="all", choices=("all", *SEXES)),
    Parameter("disability", "Disability part.", "choice", default="all",
              choices=("all", *DISABILITIES)),
    _504, POLICY, _BASIS,
    Parameter("average", "Sum over schools, or mean of their rates.", "choice",
              default="pooled", choices=AVERAGES),
    Parameter("schools", "Which schools.", "choice", default="all", choices=tuple(FILTERS)),
)  # fmt: skip
_Q = Parameter("q", "Name of a place; typos are tolerated.", required=True, example="austin isd")
_COUNT = Parameter("count", "How many.", "integer", default=10, least=1, most=100, longest=4)
_NEAR = Parameter("place", "A district or a state.", "place", required=True, longest=30,
                  example="lea:4808940")  # fmt: skip
_SAME = Parameter("same_state", "Only of the same state.", "choice", default="no",
                  choices=("yes", "no"))  # fmt: skip
_FIND_LIMIT = Parameter("limit", "Rows in one answer.", "integer", default=10, least=1, most=100,
                        longest=4)  # fmt: skip
_FIND_OFFSET = Parameter("offset", "Rows to pass over.", "integer", default=0, least=0, most=300,
                         longest=4)  # fmt: skip
_BY = Parameter("by", f"Axes joined by commas: {', '.join(AXES)}.", default="", longest=40)

ENDPOINTS = (
    Endpoint("/places", "Find places by name, best first", _find, (_Q, _FIND_LIMIT, _FIND_OFFSET),
             partial=True,
             command="homeroom find"),
    Endpoint("/places/{id}", "A place in one view", _place, (_ID, POLICY), tabular=False,
             command="homeroom place"),
    Endpoint("/rates", "Counts and rates by group", _rates,
             (MEASURE, PLACE, WAVE, _BY, POLICY, _BASIS, _504), command="homeroom rate"),
    Endpoint("/ratio", "A group's risk divided by another's, with an interval", _ratio, _RATIO,
             tabular=False, command="homeroom ratio"),
    Endpoint("/staff", "Adults, and students for each", _staff, (PLACE, WAVE, POLICY),
             command="homeroom staff"),
    Endpoint("/trend", "A measure over the waves, breaks marked", _trend, (OUTCOME, PLACE)),
    Endpoint("/gaps", "Students in schools with police and without support staff", _gaps,
             (PLACE, WAVE, POLICY)),
    Endpoint("/peers", "Places most like a place", _peers, (_NEAR, _COUNT, _SAME)),
    Endpoint("/files", "The files behind the store, with hashes", _files,
             command="homeroom describe --files"),
    Endpoint("/publications", "Publications and their terms", _publications,
             command="homeroom describe --sources"),
    Endpoint("/rules", "Quality rules", _rules, command="homeroom describe --rules"),
    Endpoint("/vocabulary", "Measures, roles, waves and groups with definitions", _vocabulary,
             tabular=False),
)  # fmt: skip
