"""The catalogue of claims: one YAML file each, checked against a closed set of keys."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from homeroom.claims.model import Claim, Nearest, Reading, Relation, Statistic
from homeroom.errors import BadInput
from homeroom.figures.question import Question

KINDS = ("figure", "effect", "law", "fact")
EVIDENCE = ("officers", "staff_gap", "survey", "shootings", "question")
_NEEDED = {"id", "wording", "speaker", "role", "said_in", "kind", "would_test"}
_KNOWN = _NEEDED | {"check", "origin", "cannot", "nearest", "research", "law"}
_CHECK = {
    "question",
    "statistic",
    "stated",
    "relation",
    "step",
    "left_open",
    "conventions",
    "said_on",
}
_ORIGIN = {"says", "question"}
_NEAREST = {"kind", "says", "spec"}


@cache
def catalogue() -> dict[str, Claim]:
    """Return every claim by id, in the order of the files' names."""
    folder = files("homeroom.claims.catalogue")
    found = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".yaml")),
        key=lambda entry: entry.name,
    )
    claims = [claim_of(yaml.safe_load(entry.read_text(encoding="utf-8"))) for entry in found]
    return {claim.id: claim for claim in claims}


def listed(text: str) -> Claim | None:
    """Return the entry that a text names by its id or repeats in its wording, or None."""
    return catalogue().get(text.strip()) or entry_of(text)


def entry_of(sentence: str) -> Claim | None:
    """Return the entry whose wording a sentence repeats, perhaps after who said it."""
    said = _plain_words(sentence)
    for claim in catalogue().values():
        wording = _plain_words(claim.wording)
        around = rf"(?:{_SAID} )?{re.escape(wording)}(?: {_SAYS})?"
        if re.fullmatch(around, said):
            return claim
    return None


_SAYS = r"(?:\w+ ){1,6}(?:said|says|told \w+|claimed|argued)|(?:said|says)(?: \w+){1,6}"
_SAID = r"(?:\w+ ){0,8}(?:said|says|claimed|argued|told \w+|according to(?: \w+){1,4})(?: that)?"


def _plain_words(text: str) -> str:
    text = re.sub(r"[\u2018\u2019']", "", text.lower())
    return " ".join(re.findall(r"[a-z0-9]+", text))


def claim_of(entry: Any) -> Claim:
    """Make a claim of a document.

    Raises
    ------
    BadInput
        A key that is unknown or lacking, or a value outside its vocabulary.
    """
    if not isinstance(entry, dict):
        raise BadInput(f"claim: expected keys and values, found {type(entry).__name__}.")
    name = str(entry.get("id", "without id"))
    _keys(name, entry, _NEEDED, _KNOWN)
    if entry["kind"] not in KINDS:
        raise BadInput(f"claim {name}: kind {entry['kind']!r}; expected one of {', '.join(KINDS)}.")
    if (entry["kind"] == "figure") != ("check" in entry):
        raise BadInput(f"claim {name}: expected a `check` for a figure, and for nothing else.")
    if entry["kind"] != "figure" and not entry.get("cannot"):
        raise BadInput(f"claim {name}: expected `cannot`: why these data cannot test it.")
    origin = entry.get("origin") or {}
    _keys(f"{name}, origin", origin, set(), _ORIGIN)
    told = {key: str(entry[key]).strip() for key in sorted(_NEEDED)}
    return Claim(
        **told,
        reading=_reading(name, entry["check"]) if "check" in entry else None,
        origin=str(origin.get("says", "")).strip(),
        origin_question=origin.get("question"),
        cannot=str(entry.get("cannot", "")).strip(),
        nearest=tuple(_nearest(name, item) for item in entry.get("nearest", ())),
        research=tuple(entry.get("research", ())),
        law=tuple(entry.get("law", ())),
    )


def _reading(name: str, check: dict[str, Any]) -> Reading:
    _keys(f"{name}, check", check, {"question", "statistic", "stated"}, _CHECK)
    return Reading(
        Question.from_dict(check["question"]),
        Statistic(check["statistic"]),
        float(check["stated"]),
        Relation(check.get("relation", "about")),
        float(check.get("step", 1)),
        left_open=tuple(check.get("left_open", ())),
        conventions=tuple(check.get("conventions", ())),
        said_on=check.get("said_on"),
    )


def _nearest(name: str, item: dict[str, Any]) -> Nearest:
    _keys(f"{name}, nearest", item, _NEAREST, _NEAREST)
    if item["kind"] not in EVIDENCE:
        raise BadInput(
            f"claim {name}: evidence {item['kind']!r}; expected one of {', '.join(EVIDENCE)}."
        )
    return Nearest(item["kind"], str(item["says"]).strip(), dict(item["spec"]))


def _keys(name: str, entry: dict[str, Any], needed: set[str], known: set[str]) -> None:
    if wrong := sorted(set(entry) - known):
        raise BadInput(
            f"claim {name}: unknown key {wrong[0]!r}; expected of {', '.join(sorted(known))}."
        )
    if lacking := sorted(needed - set(entry)):
        raise BadInput(f"claim {name}: expected the key {lacking[0]!r}, found none.")
