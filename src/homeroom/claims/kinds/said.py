"""A sentence as the rooms of other kinds see it, and an answer in the form that all claims have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from homeroom.claims.checked import ASKED, Checked, finite
from homeroom.claims.grammar.account import check_all_read
from homeroom.claims.grammar.forms import Form, part_of, related
from homeroom.claims.grammar.numbers import plain, step_of
from homeroom.claims.grammar.patterns import rewritten
from homeroom.claims.grammar.places import Finder, place_of, spelled_out
from homeroom.claims.model import Hedge, Reading, Relation, Statistic, give_of
from homeroom.claims.tolerance import accepted, miss
from homeroom.claims.verdict import Verdict
from homeroom.figures.question import Question
from homeroom.vocabulary.states import STATES

Namer = Callable[[str], str]
_NO_STATES = frozenset(("DC", "PR", "AS", "GU", "MP", "VI", "BI", "DD"))
FIFTY = tuple(postal for postal in STATES if postal not in _NO_STATES)
"""Postal codes of the 50 states: the District and the territories are none."""


@dataclass
class Said:
    """A sentence, as written and in plain text, with those who know places."""

    sentence: str
    finder: Finder | None = None
    namer: Namer | None = None

    @cached_property
    def text(self) -> str:
        """The sentence in lower case with numbers in figures."""
        return rewritten(plain(spelled_out(self.sentence)))

    @cached_property
    def place(self) -> tuple[str, tuple[str, ...]]:
        """The id of the place named, empty for none, and how it was read."""
        place, _name, notes = place_of(spelled_out(self.sentence), self.finder)
        return place, notes

    def name(self, place: str) -> dict[str, str]:
        """Return the name of a place by its id, for the sentences."""
        return {place: self.namer(place)} if self.namer and not place.startswith("US") else {}

    def all_read(self, forms: Iterable[Form], extra: Iterable[str]) -> None:
        """Refuse a sentence with words that no part of the reading accounts for."""
        check_all_read(spelled_out(self.sentence), self.text, forms, extra)


def form_of(text: str, match: re.Match[str], statistic: Statistic) -> Form:
    """Return the number that a match states, with the words around it."""
    named = match.groupdict()
    k, m = named.get("k") or named.get("k2"), named.get("m") or named.get("m2")
    if k and m:
        form = Form(match.start(), match.end(), statistic, 0.0, 1.0)
        return related(text, part_of(form, int(k), int(m)))
    number = named.get("n") or named.get("n2")
    if not number:
        value = {"twice": 2.0, "double": 2.0, "triple": 3.0}[str(named["fold"])]
        return related(text, Form(match.start(), match.end(), statistic, value, 1.0, give=0.2))
    value = float(number)
    return related(
        text,
        Form(match.start(), match.end(), statistic, value, step_of(number), give=give_of(value)),
    )


def reading_of(form: Form, question: Question) -> Reading:
    """Return a stated number with what it is held against."""
    return Reading(
        question, form.statistic, form.stated, form.relation, form.step, form.upper, form.hedge,
        form.give, form.base,
    )  # fmt: skip


def asked(
    reading: Reading | None, statistic: str, value: float | None, **named: str
) -> dict[str, Any]:
    """Return what was read, under the names that every claim's JSON has."""
    known = reading.question.as_dict() if reading else {}
    question: dict[str, Any] = {name: known.get(name) for name in ASKED} | named
    if reading is None:
        return {"question": question, "statistic": statistic, "relation": str(Relation.ABOUT),
                "hedge": str(Hedge.NONE), "stated_upper": None, "accepted": None,
                "miss": None}  # fmt: skip
    low, high = accepted(reading)
    missed = miss(reading, value)
    return {
        "question": question, "statistic": statistic, "relation": str(reading.relation),
        "hedge": str(reading.hedge), "stated_upper": reading.upper,
        "accepted": {"low": finite(low), "high": finite(high)},
        "miss": missed.as_dict() if missed else None,
    }  # fmt: skip


def cannot(said: Said, kind: str, reading: str, sentence: str, **more: Any) -> Checked:
    """Return the answer to a claim that these data cannot test."""
    return Checked(
        None, said.sentence, reading, None, None, Verdict.CANNOT, sentence, kind=kind, **more
    )
