"""Checking a claim: by id, by options, or by a sentence; the answer is the same in form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from homeroom.claims import schools_lacking
from homeroom.claims import wording as words
from homeroom.claims.catalogue import catalogue
from homeroom.claims.grammar import Finder, read
from homeroom.claims.grammar.schools_lacking import Lacking, read_lacking
from homeroom.claims.model import Claim, Reading
from homeroom.claims.multiverse import (
    Found,
    LeftOut,
    Multiverse,
    Summary,
    in_doubt,
    multiverse,
    without_doubt,
)
from homeroom.claims.nearby import evidence
from homeroom.claims.origin import origin
from homeroom.claims.sentences import sentence
from homeroom.claims.statistics import CHANGES, accepted, of_counts, reaches
from homeroom.claims.verdict import CRITERIA, LABELS, Verdict, judge, together
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.vocabulary.waves import breaks_between


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
    """The solid definitions that fit the claim's words; the verdict rests on them."""
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
            **_behind(self.figure),
            "screened": _screened(self.screened),
            "left_out": asdict(self.left_out),
            "origin": self.origin,
            "evidence": self.evidence,
            "research": list(self.research),
            "law": list(self.law),
            "parts": [part.as_dict() for part in self.parts],
            **_as_read(self.read, self.value),
            "status": "cannot" if self.verdict is Verdict.CANNOT else "checked",
            "unread": [],
        }


_ASKED = (
    "measure", "group", "versus", "comparator", "place", "wave", "sex", "disability", "schools",
)  # fmt: skip


def _as_read(reading: Reading | None, value: float | None) -> dict[str, Any]:
    """Return what a claim was read as, the figures that meet it, and by how much it misses."""
    if reading is None:
        return {"question": None, "statistic": None, "relation": None, "hedge": None,
                "stated_upper": None, "accepted": None, "miss": None}  # fmt: skip
    low, high = accepted(reading)
    question = reading.question.as_dict()
    return {
        "question": {name: question[name] for name in _ASKED},
        "statistic": str(reading.statistic),
        "relation": str(reading.relation),
        "hedge": str(reading.hedge),
        "stated_upper": reading.upper,
        "accepted": {"low": _number(low), "high": _number(high)},
        "miss": _miss(reading, value),
    }


def _miss(reading: Reading, value: float | None) -> dict[str, Any] | None:
    """Return by how much a claim overstates or understates; None where the figure meets it."""
    if value is None or bool(reaches(reading, value, rounded=True)):
        return None
    stated = reading.stated
    if reading.upper is not None and value > reading.upper:
        stated = reading.upper
    over = abs(stated) > abs(value) if stated * value > 0 else stated > value
    return {"is": "overstates" if over else "understates", "by": abs(stated - value)}


def check(
    store: Store,
    claim: str,
    *,
    finder: Finder | None = None,
    namer: Callable[[str], str] | None = None,
) -> Checked:
    """Check a claim of the catalogue by its id, or else a sentence.

    Parameters
    ----------
    finder
        Finds places by name; without one a sentence may name states only.
    namer
        Returns the name of a place id, for the sentences.

    Raises
    ------
    Ambiguous
        The sentence has several readings; ``choices`` lists them.
    """
    known = catalogue().get(claim.strip())
    if known is not None:
        return check_claim(store, known)
    lacking = read_lacking(claim, finder)
    if lacking is not None:
        return check_lacking(store, lacking, claim, namer)
    reading = read(claim, finder)
    place = reading.question.place
    names = {place: namer(place)} if namer and not place.startswith("US") else {}
    return check_reading(store, reading, claim, names=names)


def check_claim(store: Store, claim: Claim, *, names: dict[str, str] | None = None) -> Checked:
    """Check an entry of the catalogue."""
    if claim.reading is None:
        out = _untestable(claim)
    else:
        out = check_reading(store, claim.reading, claim.wording, names=names)
        out.id = claim.id
    out.evidence = evidence(store, claim)
    out.research, out.law = claim.research, claim.law
    if claim.origin:
        out.origin = origin(store, claim)
        out.sentence += f" {claim.origin} {out.origin['can']}"
    for entry in out.evidence:
        out.sources += [source for source in entry["sources"] if source not in out.sources]
    return out


def check_reading(
    store: Store, reading: Reading, statement: str, *, names: dict[str, str] | None = None
) -> Checked:
    """Check what a claim was read as."""
    found = multiverse(store, reading)
    if other := _other_wave(found):
        reading = _in_wave(reading, other)
        found = multiverse(store, reading)
    stated = found.evaluated.figure(0)
    (screened,) = without_doubt(store, found, [0]) if in_doubt(found, 0) else (None,)
    verdict = judge(found)
    nearest = found.nearest()
    names = names or {}
    value, low, high = (_number(part) for part in found.values[0])
    sources = (stated, *(near.figure for near in nearest), *([screened.figure] if screened else []))
    out = Checked(
        None, statement, words.echo(reading, names), reading.stated, value, verdict,
        _sentence(found, stated, screened, verdict, names), found.summary(),
        found.summary(found.mask("fits") & found.solid), [_near(near, names) for near in nearest],
        [source for source in dict.fromkeys(one.source for one in sources) if source],
        low, high, stated, screened, found.left_out, read=reading, found=found,
    )  # fmt: skip
    out.parts = [check_reading(store, part, statement, names=names) for part in reading.also]
    if out.parts:
        out.verdict = together([out.verdict, *(part.verdict for part in out.parts)])
        out.sentence = " ".join([out.sentence, *(part.sentence for part in out.parts)])
    return out


def _other_wave(found: Multiverse) -> str:
    """Return the latest wave with a figure where a claim names none and the default has none."""
    if "wave" not in found.reading.left_open or np.isfinite(found.values[0, 0]):
        return ""
    solid = found.mask("fits") & found.solid
    waves = {found.definitions[at].question.wave for at in np.flatnonzero(solid).tolist()}
    return max(waves, default="")


def _in_wave(reading: Reading, wave: str) -> Reading:
    note = f"No year is named: {wave} is taken, the latest year with this figure."
    kept = tuple(note if one.startswith("No year is named") else one for one in reading.conventions)
    return replace(reading.with_question(wave=wave), conventions=kept)


def check_lacking(
    store: Store, claim: Lacking, statement: str, namer: Callable[[str], str] | None = None
) -> Checked:
    """Check a claim about schools with police and without a counselor, nurse, or other support."""
    place = claim.reading.question.place
    names = {place: namer(place)} if namer and not place.startswith("US") else {}
    found = schools_lacking.found_for(store, claim)
    first = found.figures[0] if found.figures else None
    decided = schools_lacking.summary(found, claim.reading)
    out = Checked(
        None, statement,
        schools_lacking.echo(claim, names, first.wave if first else claim.reading.question.wave),
        claim.reading.stated, found.values[0] if first and first.whole else None, found.verdict,
        schools_lacking.sentence(claim, found, names), decided, decided,
        sources=list(dict.fromkeys(one.source for one in found.figures if one.source)),
        read=claim.reading,
    )  # fmt: skip
    out.evidence = schools_lacking.evidence(found)
    if place == "US" and claim.set != "police":
        out.sentence += f" {schools_lacking.ORIGIN}"
    return out


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _sentence(
    found: Multiverse,
    stated: Figure,
    screened: Found | None,
    verdict: Verdict,
    names: dict[str, str],
) -> str:
    """Return figure, scope, doubt, and verdict, in this order."""
    reading, value = found.reading, _number(found.values[0, 0])
    if value is None:
        out = [stated.explanation or "There is no figure."]
        if stated.note and not stated.whole:
            out.append(f"{stated.note}.")
    else:
        twin = (screened.figure, screened.value) if screened else None
        out = [sentence(reading, stated, value, names, twin)]
        divided = not of_counts(reading) or stated.reason == "few_events"
        if stated.reason and stated.explanation and divided:
            out.append(stated.explanation)
        out += _since(found, stated)
    claimed = f"The claim says {words.stated(reading)}"
    many = int((found.mask("fits") & found.solid).sum())
    end = {
        Verdict.HOLDS: "it holds.",
        Verdict.SOME: f"it holds under some, but not all, of the {many} definitions that fit its "
        "words." if many > 1 else "it holds under one definition that fits its words, though not "
        "under the stated one.",
        Verdict.NOT: f"it does not hold under any of the {many} definitions that fit its words."
        if many > 1 else "it does not hold.",
        Verdict.CANNOT: f"it cannot be tested with these data{_why_not(found, stated)}.",
    }[verdict]  # fmt: skip
    out.append(f"{claimed}: {end}")
    if verdict is not Verdict.CANNOT:
        out += _left_out(found.left_out)
    return " ".join(out)


def _since(found: Multiverse, stated: Figure) -> list[str]:
    """Return what a change must be read with: the earlier figure's scope, and breaks between."""
    reading = found.reading
    if found.earlier is None or reading.statistic not in CHANGES:
        return []
    before, q = found.earlier.figure(0), reading.question
    out = [f"{reading.earlier}: {before.note}."] if before.note else []
    tabled = {stated.basis, before.basis} == {"state_table"}
    return [*out, *breaks_between(reading.earlier, q.wave, q.measure, table=tabled)]


def _why_not(found: Multiverse, stated: Figure) -> str:
    """Return why no definition decides: a part of the place, doubts, or too few events."""
    if stated.value is None:
        return ""
    left, q = found.left_out, stated.question
    if not stated.whole:
        area = place_range(q.place)
        said = wording.scope(stated.universe, stated.coverage, wording.whole_of(area), q.policy)
        return f", which don't cover {wording.whole_of(area)}: {said}"
    if left.doubtful:
        return ", since the answer hangs on figures that we doubt"
    return ""


def _left_out(left: LeftOut) -> list[str]:
    reasons = (
        (left.doubtful, "its figure is in doubt", "their figures are in doubt"),
        (left.partial, "it covers only a part of the place", "they cover only a part of the place"),
    )
    return [
        f"{number} more definition{'s' if number > 1 else ''} that fit{'' if number > 1 else 's'} "
        f"its words {'are' if number > 1 else 'is'} left out because "
        f"{several if number > 1 else one}."
        for number, one, several in reasons
        if number
    ]


def _behind(figure: Figure | None) -> dict[str, Any]:
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
        **_behind(one),
    }  # fmt: skip


def _near(near: Found, names: dict[str, str]) -> dict[str, Any]:
    found = near.figure
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
        "explanation": found.explanation,
        "question": found.question.as_dict(),
        **_behind(found),
    }


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
