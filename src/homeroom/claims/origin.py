"""The statistic that a claim may come from, and what the data can test of it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from homeroom.claims import wording as words
from homeroom.claims.model import Claim
from homeroom.claims.nearby import Told, by_state, line, told
from homeroom.claims.sentences import without_doubted
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.vocabulary.waves import WAVES


def origin(store: Store, claim: Claim) -> dict[str, Any]:
    """Return what the data say of the statistic, there and in the states that can be asked."""
    question = Question.from_dict(claim.origin_question or {})
    known = QueryCache.of(store).availability.waves
    waves = [wave for wave, of in WAVES.items() if wave in known and not of.pandemic]
    there = told(store, [replace(question, wave=wave) for wave in waves])
    elsewhere = by_state(store, question)
    return {
        "says": claim.origin,
        "question": question.as_dict(),
        "can": _can(question, there, elsewhere, waves),
        "tested_there": [one.figure.as_dict() for one in there],
        "elsewhere": [_row(one) for one in elsewhere],
    }


def _can(question: Question, there: list[Told], elsewhere: list[Told], waves: list[str]) -> str:
    where = words.place(question.place)
    if there:
        can = f"For {where} the data give: " + " ".join(line(one) for one in there)
    else:
        can = (
            f"It cannot be tested for {where}: the store has no school files of {where}, and state "
            "tables do not tell schools with officers from schools without."
        )
    solid = [
        one for one in elsewhere if not one.figure.reason and one.figure.question.wave in waves
    ]
    if solid:
        can += (
            " The same comparison in the states whose school files are in the store and have "
            "enough events gives these ratios, as associations: "
            f"{'; '.join(_ratio(one) for one in solid)}."
        )
    return can


def _ratio(one: Told) -> str:
    """Return a state's ratio in a few words; one in doubt with the ratio without the doubt."""
    found, value = one.figure, one.figure.value or 0.0
    start = f"{words.where(found)} {found.question.wave}"
    if value == 0:
        return f"{start}, none reported in schools with an officer"
    if not found.doubtful:
        return f"{start} {value:.2f}"
    left = f"; without the schools in doubt {without_doubted(*one.without)}" if one.without else ""
    return f"{start} {value:.2f} as published ({wording.doubt(found.doubts)}{left})"


def _row(one: Told) -> dict[str, Any]:
    found, screened = one.figure, one.screened
    return {
        "place": found.question.place, "wave": found.question.wave, "ratio": found.value,
        "low": found.low, "high": found.high, "reason": found.reason,
        "group": asdict(found.group),
        "versus": asdict(found.versus) if found.versus else None,
        "universe": found.universe.as_dict(), "coverage": found.coverage,
        "doubts": [doubt.as_dict() for doubt in found.doubts], "doubtful": found.doubtful,
        "note": found.note,
        "screened": screened.value if screened else None,
        "screened_note": screened.note if screened else None,
    }  # fmt: skip
