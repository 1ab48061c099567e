"""Claims of how many states something is true in: "in 30 states, Black students were ..."."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from homeroom.claims import wording as words_of
from homeroom.claims.checked import Checked
from homeroom.claims.grammar import read
from homeroom.claims.grammar.forms import Form, related
from homeroom.claims.grammar.numbers import plain
from homeroom.claims.kinds.said import FIFTY, Said, asked, reading_of
from homeroom.claims.model import RELATION_WORDS, Reading, Relation, Statistic, give_of
from homeroom.claims.statistics import CHANGES, SHARES, question_of, values
from homeroom.claims.tolerance import is_close, reaches
from homeroom.claims.verdict import Verdict
from homeroom.evidence.store import Store
from homeroom.figures.engine import Evaluated, evaluate
from homeroom.figures.question import Question

_HEDGES = r"(?:more than|fewer than|less than|at least|at most|only|about|nearly|almost|over|just) "
_SAID = re.compile(
    rf"\b(?:in|across) (?P<said>(?:{_HEDGES})?(?:\w+|\d+)(?:-\w+)?(?: of (?:the |all )?(?:50)?)?)"
    r" ?states?\b,?",
    re.IGNORECASE,
)
_WORDS = (
    (r"\b(?:all|every|each)(?: 50)?\b", "50"), (r"\bmost\b", "more than 25"),
    (r"\bhalf(?: of)?(?: the| all)?(?: 50)?\b|\b1/2(?: of)?\b", "25"),
)  # fmt: skip
OF_STATES = 50


def check(store: Store, said: Said) -> Checked | None:
    """Check a number of states; None where the sentence states none."""
    match = _SAID.search(said.sentence)
    number = _number(match["said"]) if match else None
    if match is None or number is None:
        return None
    rest = f"{said.sentence[: match.start()]} {said.sentence[match.end() :]}".strip(" ,")
    reading = read(f"{rest[0].upper()}{rest[1:]}", said.finder)
    if reading.also or reading.statistic in (*CHANGES, *SHARES):
        return None
    if "place" not in reading.left_open:
        return None
    return _checked(store, said, number, question_of(reading))


def _number(said: str) -> Form | None:
    text = f"{said} states".lower()
    for says, number in _WORDS:
        text = re.sub(says, number, text)
    text = plain(text)
    match = re.search(r"(?P<n>\d+)", text)
    if match is None:
        return None
    value = float(match["n"])
    form = Form(match.start(), match.end(), Statistic.COUNT, value, 1.0, give=give_of(value))
    return related(text, form)


def _checked(store: Store, said: Said, number: Form, reading: Reading) -> Checked:
    places = [f"US-{postal}" for postal in FIFTY]
    asked_of = [replace(reading.question, place=place) for place in places]
    found = evaluate(store, asked_of)
    known = _known(found, reading)
    met = np.asarray(reaches(reading, values(reading.statistic, found)[0]), dtype=bool) & known
    value, many = float(met.sum()), int(known.sum())
    stated = reading_of(replace(number, step=1.0, give=0.0), Question())
    enough = many >= stated.stated or not bool(reaches(stated, value))
    verdict = _verdict(stated, value, open_=len(places) - many)
    what = words_of.stated(reading)
    wave = reading.question.wave
    plainly = (
        f"In {wave}, the figure was {what} in {value:,.0f} of the {many} states with a figure "
        "that we don't doubt"
    )
    end = {
        Verdict.HOLDS: "it holds.", Verdict.CLOSE: "that is close, but not it.",
        Verdict.NOT: "it does not hold.",
        Verdict.CANNOT: f"it cannot be tested: {len(places) - many} states have no figure, or one "
        "in doubt, and they could decide it.",
    }[verdict]  # fmt: skip
    return Checked(
        None, said.sentence,
        f"Read as: the number of states where this holds: {words_of.echo(reading)}",
        number.stated, value if verdict is not Verdict.CANNOT or enough else None, verdict,
        f"{plainly}, according to the Civil Rights Data Collection {wave} of the US Department of "
        f"Education's Office for Civil Rights. The claim says {_relation(number)}"
        f"{number.stated:,.0f} states: {end}",
        sources=_sources(found, met), kind="number_of_states",
        asked=asked(
            replace(stated, question=reading.question), "number_of_states", value,
        ),
        say_instead=f"{plainly}." if verdict in (Verdict.CLOSE, Verdict.NOT) else None,
    )  # fmt: skip


def _known(found: Evaluated, reading: Reading) -> np.ndarray:
    numbers = values(reading.statistic, found)[0]
    solid = np.asarray(found.whole & (found.reason == "ok") & ~np.isnan(numbers), dtype=bool)
    doubtful = [bool(kept) and found.figure(at).doubtful for at, kept in enumerate(solid.tolist())]
    return np.asarray(solid & ~np.array(doubtful, dtype=bool), dtype=bool)


def _verdict(stated: Reading, value: float, *, open_: int) -> Verdict:
    """Judge a count of states, of which some more may belong to it."""
    met = [bool(reaches(stated, value + more)) for more in range(open_ + 1)]
    if met[0] and (stated.relation in (Relation.AT_LEAST, Relation.MORE_THAN) or all(met)):
        return Verdict.HOLDS
    if any(met[1:]) and not met[0]:
        return Verdict.CANNOT
    if met[0]:
        return Verdict.HOLDS if open_ <= 2 else Verdict.CANNOT
    return Verdict.CLOSE if is_close(stated, value) else Verdict.NOT


def _relation(form: Form) -> str:
    return "" if form.relation is Relation.ABOUT else f"{RELATION_WORDS[form.relation]} "


def _sources(found: Evaluated, met: np.ndarray) -> list[str]:
    first = [found.figure(at).source for at in np.flatnonzero(met)[:1].tolist()]
    return [one for one in first if one]
