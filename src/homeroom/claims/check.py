"""Checking a claim: by id, by options, or by a sentence; the answer is the same in form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb
import numpy as np

from homeroom.claims import words
from homeroom.claims.catalogue import catalogue
from homeroom.claims.grammar import Finder, read
from homeroom.claims.model import Claim, Reading
from homeroom.claims.multiverse import Found, Multiverse, Summary, multiverse
from homeroom.claims.nearby import by_state, evidence, line
from homeroom.claims.verdict import CRITERIA, LABELS, Verdict, judge, together
from homeroom.figures.engine import answer
from homeroom.figures.figure import Answer
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question


@dataclass(slots=True)
class Checked:
    """A claim held to the data."""

    id: str | None
    statement: str
    reading: str
    stated_value: float | None
    value: float | None
    verdict: Verdict
    sentence: str
    multiverse: Summary
    """Every definition, those of neighboring claims among them."""
    fitting: Summary
    """The definitions that fit the claim's words; the verdict rests on the solid ones of them."""
    nearest: list[dict[str, Any]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    answer: Answer | None = None
    origin: dict[str, Any] | None = None
    evidence: list[dict[str, Any]] = field(default_factory=list)
    research: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    parts: list[Checked] = field(default_factory=list)
    found: Multiverse | None = None
    """Everything behind the summary; what the chart is drawn from."""

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract, with a few keys more."""
        return {
            "id": self.id,
            "statement": self.statement,
            "reading": self.reading,
            "stated_value": self.stated_value,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "verdict": str(self.verdict),
            "verdict_criteria": CRITERIA[self.verdict],
            "multiverse": asdict(self.multiverse),
            "fitting": asdict(self.fitting),
            "nearest": self.nearest,
            "sentence": self.sentence,
            "sources": self.sources,
            "reason": self.answer.reason if self.answer else None,
            "origin": self.origin,
            "evidence": self.evidence,
            "research": list(self.research),
            "law": list(self.law),
            "parts": [part.as_dict() for part in self.parts],
        }


def check(
    con: duckdb.DuckDBPyConnection,
    claim: str,
    *,
    finder: Finder | None = None,
    desk: QueryCache | None = None,
    namer: Callable[[str], str] | None = None,
) -> Checked:
    """Check a claim of the catalogue by its id, or else a sentence.

    Parameters
    ----------
    finder
        Finds places by name; without one a sentence may name states only.
    namer
        Gives the name of a place id, for the sentences.

    Raises
    ------
    Ambiguous
        The sentence has several readings; ``choices`` lists them.
    """
    known = catalogue().get(claim.strip())
    if known is not None:
        return check_claim(con, known, desk=desk)
    reading = read(claim, finder)
    place = reading.question.place
    names = {place: namer(place)} if namer and not place.startswith("US") else {}
    return check_reading(con, reading, claim, desk=desk, names=names)


def check_claim(
    con: duckdb.DuckDBPyConnection,
    claim: Claim,
    *,
    desk: QueryCache | None = None,
    names: dict[str, str] | None = None,
) -> Checked:
    """Check an entry of the catalogue."""
    desk = desk or QueryCache()
    if claim.reading is None:
        out = _untestable(claim)
    else:
        out = check_reading(con, claim.reading, claim.wording, desk=desk, names=names)
        out.id = claim.id
    out.evidence = evidence(con, claim, desk)
    out.research, out.law = claim.research, claim.law
    if claim.origin:
        out.origin = _origin(con, claim, desk)
        out.sentence += f" {claim.origin} {out.origin['can']}"
    for entry in out.evidence:
        out.sources += [source for source in entry["sources"] if source not in out.sources]
    return out


def check_reading(
    con: duckdb.DuckDBPyConnection,
    reading: Reading,
    statement: str,
    *,
    desk: QueryCache | None = None,
    names: dict[str, str] | None = None,
) -> Checked:
    """Check what a claim was read as."""
    desk = desk or QueryCache()
    found = multiverse(con, reading, desk)
    stated = found.evaluated.answer(0)
    fits = found.mask("fits")
    verdict = judge(found)
    nearest = found.nearest()
    names = names or {}
    value, low, high = (_number(part) for part in found.values[0])
    out = Checked(
        None, statement, words.echo(reading, names), reading.stated, value, verdict,
        _sentence(found, stated, value, verdict, names), found.summary(), found.summary(fits),
        [_near(near, names) for near in nearest],
        [s for s in dict.fromkeys((stated.source, *(n.answer.source for n in nearest))) if s],
        low, high, stated, found=found,
    )  # fmt: skip
    out.parts = [
        check_reading(con, part, statement, desk=desk, names=names) for part in reading.also
    ]
    if out.parts:
        out.verdict = together([out.verdict, *(part.verdict for part in out.parts)])
        out.sentence = " ".join([out.sentence, *(part.sentence for part in out.parts)])
    return out


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _sentence(
    found: Multiverse, stated: Answer, value: float | None, verdict: Verdict, names: dict[str, str]
) -> str:
    reading = found.reading
    if value is None:
        start = stated.explanation or "No figure is at hand."
    else:
        start = words.figure(reading, stated, value, names)
        if stated.reason and stated.explanation:
            start += " " + stated.explanation
    claimed = f"The claim says {words.stated(reading)}"
    many = int((found.mask("fits") & found.solid).sum())
    end = {
        Verdict.HOLDS: f"{claimed}: it holds.",
        Verdict.SOME: f"{claimed}: it holds under some, but not all, of the {many} definitions "
        "that fit its words.",
        Verdict.NOT: f"{claimed}: it does not hold under any of the {many} definitions that "
        "fit its words."
        if many > 1
        else f"{claimed}: it does not hold.",
        Verdict.CANNOT: f"{claimed}: it cannot be tested with the data at hand.",
    }[verdict]
    return f"{start} {end}"


def _near(near: Found, names: dict[str, str]) -> dict[str, Any]:
    found = near.answer
    return {
        "definition": words.definition(near.definition.question, names),
        "value": near.value,
        "low": found.low,
        "high": found.high,
        "reaches": near.reaches,
        "fits": near.definition.fits,
        "changes": list(near.definition.changes),
        "place": found.question.place,
        "wave": found.question.wave,
        "group": asdict(found.group),
        "versus": asdict(found.versus) if found.versus else None,
        "reason": found.reason,
        "explanation": found.explanation,
        "question": found.question.as_dict(),
    }


def _origin(con: duckdb.DuckDBPyConnection, claim: Claim, desk: QueryCache) -> dict[str, Any]:
    """Say what the data at hand can test of the statistic that the claim may come from."""
    question = Question.from_dict(claim.origin_question or {})
    waves = [w for w in ("2015-16", "2017-18", "2021-22") if w in desk.reach(con).waves]
    asked = [Question.from_dict(question.as_dict() | {"wave": wave}) for wave in waves]
    there = [found for found in answer(con, asked, desk) if found.value is not None]
    elsewhere = by_state(con, question, desk)
    solid = [found for found in elsewhere if not found.reason and found.question.wave in waves]
    where = words.place(question.place)
    if there:
        can = f"For {where} the data at hand give: " + " ".join(line(found) for found in there)
    else:
        can = (
            f"It cannot be tested for {where}: no school files of {where} are at hand, and state "
            "tables do not tell schools with officers from schools without."
        )
    if solid:
        span = ", ".join(
            f"{words.place(found.question.place)} {found.question.wave} "
            f"{words.number(found.value or 0.0, 0.1)}"
            for found in solid
        )
        can += (
            " The same comparison in the states whose school files are at hand and have enough "
            f"events gives these ratios, as associations: {span}."
        )
    return {
        "says": claim.origin,
        "question": question.as_dict(),
        "can": can,
        "tested_there": [found.as_dict() for found in there],
        "elsewhere": [
            {
                "place": found.question.place, "wave": found.question.wave, "ratio": found.value,
                "low": found.low, "high": found.high, "reason": found.reason,
                "group": asdict(found.group),
                "versus": asdict(found.versus) if found.versus else None,
            }
            for found in elsewhere
        ],
    }  # fmt: skip


def _untestable(claim: Claim) -> Checked:
    nothing = Summary(0, 0, None, None, None)
    pointers = []
    if claim.law:
        pointers.append("`homeroom act` shows what the bill says.")
    if claim.research:
        pointers.append("What studies found: `homeroom research`.")
    return Checked(
        claim.id, claim.wording,
        f"A claim of kind {claim.kind}. What would test it: {claim.would_test}",
        None, None, Verdict.CANNOT,
        " ".join([LABELS[Verdict.CANNOT] + ".", claim.cannot, *pointers]), nothing, nothing,
    )  # fmt: skip
