"""Claims of the catalogue told again in other words."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from homeroom.claims.grammar.numbers import plain


@cache
def _rules() -> dict[str, Any]:
    text = (files("homeroom.claims.article") / "recognized.yaml").read_text(encoding="utf-8")
    document = yaml.safe_load(text)
    words = document["words"]

    def put_in(said: str) -> str:
        return re.sub(r"<(\w+)>", lambda match: words[match[1]], said)

    for entry in (one for claim in document["claims"].values() for one in claim):
        entry["all"] = [re.compile(put_in(said)) for said in entry["all"]]
        entry["not"] = re.compile(put_in(entry["not"])) if "not" in entry else None
    found: dict[str, Any] = document
    return found


def points_back(said: str) -> str:
    """Return the words by which a sentence points to an event named before; else nothing."""
    found = re.search(_rules()["back"], said, re.IGNORECASE)
    return found[0] if found else ""


def recognized(said: str, before: str = "") -> str | None:
    """Return the id of the catalogue's claim that a sentence makes; None where it makes none.

    Parameters
    ----------
    said
        The sentence.
    before
        The sentence before it, read along where this one says "those shootings."

    A sentence that denies what the claim says is another claim, and so is one with words that
    narrow it. Precision comes first: a claim told too freely is not recognized.
    """
    text = re.sub(_rules()["names"], " ", plain(said))
    if text.endswith("?"):
        return None
    denies = re.search(_rules()["denies"], text) is not None
    if before and points_back(said):
        text = f"{text} {plain(before)}"
    for claim, ways in _rules()["claims"].items():
        for way in ways:
            if denies and not way.get("inherent"):
                continue
            if way["not"] is not None and way["not"].search(text):
                continue
            if all(word.search(text) for word in way["all"]):
                return str(claim)
    return None


def known() -> list[str]:
    """Return the ids that can be recognized."""
    return list(_rules()["claims"])
