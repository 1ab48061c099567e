"""What checking a claim gives: the same in form for every kind of claim, and its JSON."""

from __future__ import annotations

import textwrap
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from homeroom.claims import wording as words
from homeroom.claims.model import Reading, Statistic
from homeroom.claims.multiverse import Found, LeftOut, Multiverse, Summary
from homeroom.claims.tolerance import accepted, miss
from homeroom.claims.verdict import CRITERIA, LABELS, Verdict
from homeroom.errors import Ambiguous
from homeroom.figures.cards import card
from homeroom.figures.figure import Figure

NOTHING = Summary(0, 0, None, None, None)
ASKED = (
    "measure", "group", "versus", "comparator", "place", "wave", "sex", "disability", "schools",
)  # fmt: skip
KINDS = {
    Statistic.RATIO: "ratio", Statistic.RATE: "rate", Statistic.PERCENT: "rate",
    Statistic.ONE_IN: "one_in", Statistic.COUNT: "count", Statistic.SHARE: "share",
    Statistic.SHARE_OF_STUDENTS: "share_of_enrollment", Statistic.POINTS: "difference",
    Statistic.CHANGE_COUNT: "change", Statistic.CHANGE_RATE: "change",
    Statistic.COUNT_RATIO: "count_ratio", Statistic.INDEX: "composition_index",
    Statistic.OVER_SHARE: "composition_index", Statistic.CHANGE_NUMBER: "change",
    Statistic.GAP_CHANGE: "gap_trend",
}  # fmt: skip
_STATUS = {Verdict.CANNOT: "cannot", Verdict.NO_CLAIM: "not_a_claim"}


@dataclass(slots=True)
class Checked:
    """A claim that was checked against the data."""

    id: str | None
    statement: str
    reading: str
    stated_value: float | None
    value: float | None
    verdict: Verdict
    sentence: str
    multiverse: Summary = NOTHING
    """Every definition, those of neighboring claims among them."""
    fitting: Summary = NOTHING
    """The solid definitions that fit the claim's words, with their figures."""
    nearest: list[dict[str, Any]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    figure: Figure | None = None
    """The stated definition's figure, with all that it speaks for."""
    screened: Found | None = None
    """The stated definition without the schools in doubt, where its figure is doubtful."""
    left_out: LeftOut = field(default_factory=LeftOut)
    """Definitions that fit the claim's words and do not decide the verdict."""
    origin: dict[str, Any] | None = None
    evidence: list[dict[str, Any]] = field(default_factory=list)
    research: tuple[str, ...] = ()
    law: tuple[str, ...] = ()
    parts: list[Checked] = field(default_factory=list)
    read: Reading | None = None
    """The reading that was checked."""
    found: Multiverse | None = None
    """Everything behind the summary; what the chart is drawn from."""
    kind: str = ""
    """What kind of claim it is: ratio, share, count, staff, effect, and so on."""
    say_instead: str | None = None
    """The sentence that the data support, where the claim's own is not met."""
    asked: dict[str, Any] = field(default_factory=dict)
    """What was read, of a claim that is of other things than outcomes of students."""
    later: list[dict[str, Any]] = field(default_factory=list)
    """The claim's figure in waves that were published after it was made."""
    elsewhere: str | None = None
    """Who publishes what would answer the claim, where these data don't."""

    def __repr__(self) -> str:
        """Return the verdict and what it rests on in a line: all definitions would fill a book."""
        value = "" if self.value is None else f", {self.value:,.4g}"
        stated = "" if self.stated_value is None else f" (stated {self.stated_value:,.4g})"
        said = textwrap.shorten(self.statement, 80, placeholder=" ...")
        return f"<Checked {LABELS[self.verdict]}{value}{stated}: {said}>"

    def _repr_html_(self) -> str:
        fitting = self.fitting
        lines = [f"{LABELS[self.verdict]}. {CRITERIA[self.verdict]}", self.sentence,
                 self.say_instead or "", self.elsewhere or "", self.reading,
                 (self.figure.note or "") if self.figure else "", *self.sources]  # fmt: skip
        rows = [("stated", self.stated_value, None, None),
                ("these data", self.value, self.low, self.high)]  # fmt: skip
        if fitting.median is not None:
            rows.append((f"{fitting.definitions} definitions", fitting.median, fitting.min,
                         fitting.max))  # fmt: skip
        known = rows if self.value is not None else []
        return card(self.statement, lines, ("", "value", "from", "to"), known)

    @property
    def status(self) -> str:
        """Whether the claim was checked, cannot be, or is none."""
        return _STATUS.get(self.verdict, "checked")

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract, with a few keys more."""
        said_on = self.read.said_on if self.read else None
        return {
            "id": self.id,
            "statement": self.statement,
            "kind": self.kind or (KINDS[self.read.statistic] if self.read else "none"),
            "status": self.status,
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
            "say_instead": self.say_instead,
            "elsewhere": self.elsewhere,
            "sources": self.sources,
            **behind(self.figure),
            "screened": _screened(self.screened),
            "left_out": asdict(self.left_out),
            "origin": self.origin,
            "evidence": self.evidence,
            "research": list(self.research),
            "law": list(self.law),
            "parts": [part.as_dict() for part in self.parts],
            "said_on": said_on.isoformat() if said_on else None,
            "later": self.later,
            **_as_read(self.read, self.value, self.verdict),
            **self.asked,
            "unread": [],
        }


def _as_read(reading: Reading | None, value: float | None, verdict: Verdict) -> dict[str, Any]:
    """Return what a claim was read as, the figures that meet it, and by how much it misses."""
    if reading is None:
        return {"question": None, "statistic": None, "relation": None, "hedge": None,
                "stated_upper": None, "accepted": None, "miss": None}  # fmt: skip
    low, high = accepted(reading)
    question = reading.question.as_dict()
    missed = miss(reading, value) if verdict is not Verdict.CANNOT else None
    return {
        "question": {name: question[name] for name in ASKED},
        "statistic": str(reading.statistic),
        "relation": str(reading.relation),
        "hedge": str(reading.hedge),
        "stated_upper": reading.upper,
        "accepted": {"low": finite(low), "high": finite(high)},
        "miss": missed.as_dict() if missed else None,
    }


def asked_back(sentence: str, error: Ambiguous) -> dict[str, Any]:
    """Return what a sentence that must be asked about gives: the question and sentences to choose.

    The keys that every claim has are there, empty.
    """
    nothing = Checked(None, sentence, "", None, None, Verdict.CANNOT, "").as_dict()
    return dict.fromkeys(nothing) | {
        "statement": sentence, "status": "asked", "question": str(error),
        "ambiguous": error.choices, "unread": getattr(error, "words", []), "sources": [],
    }  # fmt: skip


def finite(value: float) -> float | None:
    """Return a number, or None for what is none."""
    return float(value) if np.isfinite(value) else None


def behind(figure: Figure | None) -> dict[str, Any]:
    """Return what stands behind a figure, as every row that shows one carries it."""
    if figure is None:
        return {"reason": None, "universe": None, "coverage": None, "doubts": [],
                "doubtful": False, "note": None}  # fmt: skip
    return {
        "reason": figure.reason,
        "universe": figure.universe.as_dict(),
        "coverage": figure.coverage,
        "doubts": [doubt.as_dict() for doubt in figure.doubts],
        "doubtful": figure.doubtful,
        "note": figure.note,
    }


def _screened(found: Found | None) -> dict[str, Any] | None:
    if found is None:
        return None
    one = found.figure
    return {
        "value": found.value, "low": one.low, "high": one.high, "reaches": found.reaches,
        "group": asdict(one.group), "versus": asdict(one.versus) if one.versus else None,
        **behind(one),
    }  # fmt: skip


def near(one: Found, names: dict[str, str]) -> dict[str, Any]:
    """Return a neighboring definition with its figure as a row."""
    found = one.figure
    return {
        "definition": words.definition(one.definition.question, names),
        "value": one.value,
        "low": found.low,
        "high": found.high,
        "reaches": one.reaches,
        "fits": one.definition.fits,
        "changes": list(one.definition.changes),
        "place": found.question.place,
        "wave": found.question.wave,
        "group": asdict(found.group),
        "versus": asdict(found.versus) if found.versus else None,
        "reason": found.explanation,
        "reason_id": found.reason,
        "question": found.question.as_dict(),
        **behind(found),
    }
