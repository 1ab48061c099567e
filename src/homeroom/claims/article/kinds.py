"""What a sentence is without a verdict: a claim of some kind, an opinion, a forecast, none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from homeroom.claims.article.model import Kind
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.numbers import plain

_NO_GROUP = ("all", "others", "peers")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the words of a sentence show.

    Attributes
    ----------
    number
        It states a quantity, or compares without one.
    outcome
        It names something that these data count.
    group
        It names a group of students.
    topic, police
        It is about schools, or about police.
    effect, law, opinion, forecast, question
        It says what brings about what; what a bill does; what should be; what will be; or it asks.
    """

    number: bool
    outcome: bool
    group: bool
    topic: bool
    police: bool
    effect: bool
    law: bool
    opinion: bool
    forecast: bool
    question: bool

    @property
    def says_more(self) -> bool:
        """Whether it says, without a number, what brings about what or what a bill does."""
        about = self.topic or self.police
        open_ones = self.question or self.opinion or self.forecast
        return about and (self.effect or self.law) and not open_ones

    @property
    def checkable(self) -> bool:
        """Whether it may be a claim that the check can read."""
        about = self.outcome or self.group or self.topic
        return self.number and about and not self.question


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A claim without a verdict: of which kind, why, and where it could be checked."""

    kind: str
    why: str
    where: str
    research: tuple[str, ...] = ()


@cache
def signs_file() -> dict[str, Any]:
    """Return kinds.yaml."""
    text = (files("homeroom.claims.article") / "kinds.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@cache
def _sign(name: str) -> re.Pattern[str]:
    return re.compile(signs_file()[name])


def signs(said: str) -> Signs:
    """Return what the words of a sentence show."""
    text = _sign("names").sub("act", plain(said))
    undated = _sign("not_quantity").sub(" ", text)
    return Signs(
        number=bool(_sign("quantity").search(undated) or _sign("compares").search(text)),
        outcome=bool(lexicon.outcomes(text)),
        group=any(one.race not in _NO_GROUP for one in lexicon.mentions(text)),
        topic=bool(_sign("topic").search(text)),
        police=bool(_sign("police").search(text)),
        effect=bool(_sign("effect").search(text)),
        law=bool(_sign("law").search(text)),
        opinion=bool(_sign("opinion").search(text)),
        forecast=bool(_sign("forecast").search(text)),
        question=bool(_sign("question").search(said.strip())),
    )


def without_number(found: Signs) -> Kind:
    """Return the kind of a sentence that neither states a number nor says what causes what."""
    if found.question:
        return Kind.NONE
    if found.forecast:
        return Kind.FORECAST
    return Kind.OPINION if found.opinion else Kind.NONE


def unchecked(said: str, found: Signs) -> Unchecked | None:
    """Return why a claim has no verdict and where it could get one; None where it makes no claim.

    A sentence about schools that states a number, an effect, or what a bill does makes a claim.
    What should be done is no claim, whatever it is said to bring about.
    """
    about = found.topic or found.police or found.outcome or found.group
    said_plainly = plain(said)
    texts = signs_file()
    if found.question or (found.forecast and not found.law):
        return None
    if found.number:
        for entry in texts["elsewhere"]:
            if re.search(entry["says"], said_plainly):
                return Unchecked("fact", entry["why"], entry["where"])
        return Unchecked("fact", texts["fact_why"], texts["fact_where"]) if about else None
    if not about:
        return None
    if found.law and found.topic:
        return Unchecked("law", texts["law_why"], texts["law_where"])
    if found.effect and not found.opinion:
        topics = topics_of(said_plainly)
        if topics:
            return Unchecked("effect", texts["effect_why"], texts["effect_where"], topics)
    return None


def topics_of(text: str) -> tuple[str, ...]:
    """Return the topics of the research library that speak to a claim about effects."""
    for entry in signs_file()["research"]:
        if re.search(entry["says"], text):
            return tuple(entry["topics"])
    return ()
