"""The nearest evidence for a claim that cannot be tested: figures, each with what it is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from homeroom.claims.model import Claim, Nearest, Reading, Statistic
from homeroom.claims.sentences import sentence
from homeroom.context.shootings import guarded_summary
from homeroom.context.survey import survey
from homeroom.errors import NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures import officers
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.gaps import police_without_support
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.figures.screened import without_doubt
from homeroom.vocabulary.waves import WAVES

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Told:
    """A figure and, where it is in doubt, the figure without the schools in doubt."""

    figure: Figure
    screened: Figure | None = None

    @property
    def without(self) -> tuple[Figure, float] | None:
        """The screened figure with its value, where there is one."""
        if self.screened is None or self.screened.value is None:
            return None
        return self.screened, self.screened.value


def told(store: Store, questions: list[Question]) -> list[Told]:
    """Answer questions; leave out those without a number, and put both figures where in doubt."""
    found = [one for one in answer(store, questions) if one.value is not None]
    return [Told(*both) for both in zip(found, without_doubt(store, found), strict=True)]


def evidence(store: Store, claim: Claim) -> Rows:
    """Return an entry each: what it says, a sentence a figure, and the sources."""
    return [_KINDS[item.kind](store, item) for item in claim.nearest]


def _officers(store: Store, item: Nearest) -> dict[str, Any]:
    found = by_state(store, Question(**item.spec, comparator="same_group", basis="schools"))
    sources = [one.figure.source for one in found]
    return _entry(item, [line(one) for one in found], sources, officers.WORDS)


def by_state(store: Store, question: Question) -> list[Told]:
    """Ask the same question of every state and wave whose school files are in the store."""
    can = QueryCache.of(store).availability
    asked = [
        replace(question, place=place, wave=wave)
        for wave in WAVES
        for place in can.states
        if can.schools(place, wave, question.measure)
    ]
    return told(store, asked)


def line(one: Told) -> str:
    """Return a figure as a sentence, with its doubt, its weakness, and the pandemic."""
    found, q = one.figure, one.figure.question
    reading = Reading(q, Statistic.RATIO if q.compares else Statistic.RATE, 1.0, step=0.1)
    text = sentence(reading, found, found.value or 0.0, screened=one.without)
    weak = f" {found.explanation}" if found.reason else ""
    pandemic = " This was the pandemic year." if WAVES[q.wave].pandemic else ""
    return text + weak + pandemic


def _staff_gap(store: Store, item: Nearest) -> dict[str, Any]:
    try:
        found = police_without_support(store, item.spec["place"], item.spec["wave"])
    except NotAvailable as error:
        return _entry(item, [], [], str(error))
    lines = [
        f"{one.label}: {one.students:,} students in {one.schools:,} schools "
        f"({one.wave}{'; ' + one.note if one.note else ''})."
        for one in found
    ]
    return _entry(item, lines, [one.source for one in found], "")


def _survey(store: Store, item: Nearest) -> dict[str, Any]:
    try:
        rows = survey(store.con, item.spec["item"]).to_dicts()
    except NotAvailable as error:
        return _entry(item, [], [], str(error))
    lines = [
        f"{row['year']}: {row['estimate']:.1f} percent (95 percent interval {row['low']:.1f} to "
        f"{row['high']:.1f}; {row['n']:,} schools asked): {row['label']}."
        for row in rows
        if row["estimate"] is not None and row["low"] is not None
    ]
    notes = [str(row["note"]) for row in rows if row["note"]]
    return _entry(item, lines, [row["source"] for row in rows], " ".join(dict.fromkeys(notes)))


def _shootings(store: Store, item: Nearest) -> dict[str, Any]:
    try:
        found = guarded_summary(store.con)
    except NotAvailable as error:
        return _entry(item, [], [], str(error))
    return _entry(item, list(found.sentences), [found.source], " ".join(found.cannot))


def _question(store: Store, item: Nearest) -> dict[str, Any]:
    found = told(store, [Question.from_dict(item.spec)])
    return _entry(item, [line(one) for one in found], [one.figure.source for one in found], "")


def _entry(item: Nearest, lines: list[str], sources: list[str], caution: str) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "says": item.says,
        "figures": lines,
        "caution": caution,
        "sources": [source for source in dict.fromkeys(sources) if source],
    }


_KINDS: dict[str, Callable[[Store, Nearest], dict[str, Any]]] = {
    "officers": _officers,
    "staff_gap": _staff_gap,
    "survey": _survey,
    "shootings": _shootings,
    "question": _question,
}
