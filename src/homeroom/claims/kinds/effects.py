"""Claims that something has an effect: school data cannot test them, studies may speak to them."""

from __future__ import annotations

import re

from homeroom.claims.checked import Checked
from homeroom.claims.kinds.said import Said, cannot
from homeroom.claims.kinds.words import words
from homeroom.evidence.store import Store

WHY = (
    "It says that one thing brings about another. The public data are yearly counts by school: "
    "they show how rates differ, not what causes the difference, since officers and staff are "
    "placed where risk or need is thought to be higher."
)
SETTLE = (
    "What would settle it: schools that gained or lost them for reasons unrelated to their "
    "students, followed before and after beside schools that did not."
)
_CLAUSE = re.compile(
    r"^(?:because of|due to|thanks to|as a result of) [^,]+, (?P<rest>.+)$"
    r"|^(?P<start>.+?),? (?:because of|due to|thanks to|as a result of) .+$",
    re.IGNORECASE,
)
_TIES = r"because of|due to|thanks to|as a result of"


def check(_store: Store, said: Said) -> Checked | None:
    """Return why these data cannot test an effect, and the topics of research on it."""
    if re.search(r"\bratios?\b", said.text):  # a ratio that improved is a figure
        return None
    topics = _topics(said.text)
    if not topics:
        return None
    out = [f"Cannot be tested with these data. {WHY} {SETTLE}"]
    alone = _alone(said.sentence)
    if alone:
        out.append(f"The figure alone can be checked: \u201c{alone}\u201d")
    return cannot(
        said, "effect", "Read as: a claim about an effect.", " ".join(out), research=topics,
    )  # fmt: skip


def _topics(text: str) -> tuple[str, ...]:
    """Return the topics of research on what a sentence says has an effect."""
    patterns = words()["effects"]
    found = []
    for topic, treatment in patterns["treatments"].items():
        acts = rf"(?:{treatment})(?: [a-z'-]+){{0,9}}? (?:{patterns['verbs']})"
        tied = rf"\b(?:{_TIES}) (?:[a-z'-]+ ){{0,4}}?(?:{treatment})"
        hires = (
            rf"\b(?:more|hiring|adding|having|with) (?:[a-z]+ ){{0,2}}?(?:{treatment})"
            rf"(?: [a-z'-]+){{0,6}}? {patterns['more_less']}"
        )
        tied_only = rf"\b(?:{_TIES})\b"
        acted = re.search(acts, text)
        compared = " than " in text
        if (
            (acted and not re.search(tied_only, acted[0]))
            or re.search(tied, text)
            or (re.search(hires, text) and not compared)
        ):
            found.append(topic)
    # A removal is told apart from presence; both words stand in it.
    if "sro_removal" in found and "sro_presence" in found:
        found.remove("sro_presence")
    return tuple(found)


def _alone(sentence: str) -> str | None:
    match = _CLAUSE.match(sentence.strip())
    if match is None:
        return None
    rest = (match["rest"] or match["start"] or "").strip(" .")
    return (
        f"{rest[0].upper()}{rest[1:]}."
        if re.search(r"\d|times|percent|twice|third", rest)
        else None
    )
