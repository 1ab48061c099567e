"""Answers about places: the rows of the one door, as the command line and Python give them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

import polars as pl

from homeroom.api.questions import ANY, QUESTIONS, Asked, Part, json_schema
from homeroom.context import shootings
from homeroom.errors import BadInput
from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.evidence.place_ids import place_range, repair_note
from homeroom.evidence.quality import rules
from homeroom.figures import peers
from homeroom.figures.figure import Figure
from homeroom.vocabulary.groups import DISABILITIES, RACES, SEXES
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.waves import WAVES
from homeroom.web.api.endpoint import Endpoint, Payload
from homeroom.web.page_cache import PageCache
from homeroom.web.params import POLICY, Parameter, Read

_ID = Parameter("id", f"A place: {ANY}.", required=True, longest=120, example="lea:4808940",
                within="path")  # fmt: skip


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


def _answers(asked: Asked) -> Callable[[PageCache, Read], Payload]:
    """Return what asks the method of the question's name."""
    parts = {part.name: part for part in asked.parts}

    def answer(cache: PageCache, read: Read) -> Payload:
        given = {name: _python(parts[name], value) for name, value in read.values.items()
                 if name in parts}  # fmt: skip
        _refuse_too_much(cache, given)
        found = _found(cache, asked.name, given)
        if isinstance(found, Figure):
            return Payload(document=_document(found))
        return Payload(found, meta=_META[asked.name](cache) if asked.name in _META else {})

    return answer


def _found(cache: PageCache, name: str, given: dict[str, Any]) -> Any:
    """Return what the method answers; the last few panels are kept, so that pages of one follow."""
    ask = partial(getattr(cache.room, name), **given)
    if name != "panel":
        return ask()
    recent = cache.room.store.cache.get("recent panels", lambda: KeyedCache(_PANELS))
    return recent.get(tuple(sorted(given.items())), ask)


def _python(part: Part, value: Any) -> Any:
    """Return a parameter's value as the method takes it."""
    if part.kind in ("flag", "maybe"):
        return None if value is None else value == "yes"
    return _listed(value or "") if part.several else value


def _refuse_too_much(cache: PageCache, given: dict[str, Any]) -> None:
    if given.get("level") != "school":
        return
    if place_range(cache.room.resolve(given["within"])).kind == "nation":
        raise BadInput("level school: expected `within` to name a state or a district.")


def _document(figure: Figure) -> dict[str, Any]:
    plain = figure.as_dict()
    question = plain.pop("question")
    return {
        "ratio": plain.pop("value"), **plain, "place": question["place"], "wave": question["wave"],
        "policy": question["policy"], "question": question,
    }  # fmt: skip


def _of_shootings(cache: PageCache) -> dict[str, Any]:
    told = cache.keep(("guarded",), lambda: shootings.guarded_summary(cache.room.store))
    return {"sentences": told.sentences, "cannot": told.cannot, "credit": told.source}


_META: dict[str, Callable[[PageCache], dict[str, Any]]] = {
    "peers": lambda _: {"weights": peers.WEIGHTS},
    "shootings": _of_shootings,
}
"""What an answer says beside its rows."""


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


_PANELS = 3
_Q = Parameter(
    "q", "Name or id of a place; typos are tolerated.", required=True, example="austin isd"
)
_FIND_LIMIT = Parameter("limit", "Rows in one answer.", "integer", default=10, least=1, most=100,
                        longest=4)  # fmt: skip
_FIND_OFFSET = Parameter("offset", "Rows to pass over.", "integer", default=0, least=0, most=300,
                         longest=4)  # fmt: skip


def _parameter(part: Part) -> Parameter:
    """Return a part of a question as a parameter of an address."""
    default, kind, choices = part.default, part.kind, part.choices
    if part.several:
        default, kind, choices = ",".join(part.default), "text", ()
    if part.kind == "flag":
        default, kind, choices = "yes" if part.default else "no", "choice", ("yes", "no")
    if part.kind == "maybe":
        kind, choices = "choice", ("yes", "no")
    return Parameter(
        part.name, part.doc, kind, default, part.required, choices, part.least, part.most,
        part.longest, part.example,
    )  # fmt: skip


def _endpoint(asked: Asked) -> Endpoint:
    """Return the endpoint of a question of the registry."""
    older = {part.also: part.name for part in asked.parts if part.also}
    also = () if asked.address == f"/{asked.name}" else (f"/{asked.name}",)
    return Endpoint(
        asked.address, asked.summary, _answers(asked), tuple(map(_parameter, asked.parts)),
        tabular=asked.columns is not None, command=f"homeroom {asked.name}",
        row=json_schema(asked), also=also, older=older, shown=dict(asked.shown),
    )  # fmt: skip


ENDPOINTS = (
    Endpoint("/places", "Find places by name or id, best first", _find,
             (_Q, _FIND_LIMIT, _FIND_OFFSET),
             partial=True,
             command="homeroom find", also=("/find",)),
    Endpoint("/places/{id}", "A place in one view", _place, (_ID, POLICY), tabular=False,
             command="homeroom place", also=("/place/{id}",)),
    *map(_endpoint, QUESTIONS.values()),
    Endpoint("/files", "The files behind the store, with hashes", _files,
             command="homeroom describe --files"),
    Endpoint("/publications", "Publications and their terms", _publications,
             command="homeroom describe --sources"),
    Endpoint("/rules", "Quality rules", _rules, command="homeroom describe --rules"),
    Endpoint("/vocabulary", "Measures, roles, waves and groups with definitions", _vocabulary,
             tabular=False),
)  # fmt: skip
