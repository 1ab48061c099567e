"""The nearest evidence for a claim that cannot be tested: figures, each with what it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb

from homeroom.claims import words
from homeroom.claims.model import Claim, Nearest, Reading, Statistic
from homeroom.context.shootings import guarded_summary
from homeroom.context.survey import survey
from homeroom.errors import NotAvailable
from homeroom.figures import officers
from homeroom.figures.engine import answer
from homeroom.figures.figure import Answer
from homeroom.figures.gaps import police_without_support
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.vocabulary.waves import WAVES

Rows = list[dict[str, Any]]


def evidence(con: duckdb.DuckDBPyConnection, claim: Claim, desk: QueryCache) -> Rows:
    """Return an entry each: what it says, a sentence a figure, and the sources."""
    return [_KINDS[item.kind](con, item, desk) for item in claim.nearest]


def _officers(con: duckdb.DuckDBPyConnection, item: Nearest, desk: QueryCache) -> dict[str, Any]:
    found = by_state(con, Question(**item.spec, comparator="same_group", basis="schools"), desk)
    lines = [line(answer) for answer in found]
    return _entry(item, lines, [answer.source for answer in found], officers.WORDS)


def by_state(con: duckdb.DuckDBPyConnection, question: Question, desk: QueryCache) -> list[Answer]:
    """Ask the same question of every state and wave of which school files are at hand."""
    reach = desk.reach(con)
    asked = [
        Question.from_dict(question.as_dict() | {"place": place, "wave": wave})
        for wave in WAVES
        for place in reach.states
        if reach.schools(place, wave, question.measure)
    ]
    return [found for found in answer(con, asked, desk) if found.value is not None]


def line(found: Answer) -> str:
    """Put a comparison of the two kinds of schools in words."""
    q = found.question
    reading = Reading(q, Statistic.RATIO, 1.0)
    text = words.figure(reading, found, found.value or 0.0)
    weak = f" {found.explanation}" if found.reason else ""
    pandemic = " This was the pandemic year." if WAVES[q.wave].pandemic else ""
    return text + weak + pandemic


def _staff_gap(con: duckdb.DuckDBPyConnection, item: Nearest, desk: QueryCache) -> dict[str, Any]:
    del desk
    try:
        frame = police_without_support(con, item.spec["place"], item.spec["wave"])
    except NotAvailable as error:
        return _entry(item, [], [], str(error))
    lines = [
        f"{row['label']}: {row['students']:,} students in {row['schools']:,} schools "
        f"({item.spec['wave']}{', ' + row['note'] if row['note'] else ''})."
        for row in frame.to_dicts()
    ]
    return _entry(item, lines, ["US ED Office for Civil Rights, Civil Rights Data Collection"], "")


def _survey(con: duckdb.DuckDBPyConnection, item: Nearest, desk: QueryCache) -> dict[str, Any]:
    del desk
    try:
        rows = survey(con, item.spec["item"]).to_dicts()
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


def _shootings(con: duckdb.DuckDBPyConnection, item: Nearest, desk: QueryCache) -> dict[str, Any]:
    del desk
    try:
        found = guarded_summary(con)
    except NotAvailable as error:
        return _entry(item, [], [], str(error))
    return _entry(item, list(found.sentences), [found.source], " ".join(found.cannot))


def _question(con: duckdb.DuckDBPyConnection, item: Nearest, desk: QueryCache) -> dict[str, Any]:
    found = answer(con, [Question.from_dict(item.spec)], desk)[0]
    return _entry(item, [line(found)] if found.value is not None else [], [found.source], "")


def _entry(item: Nearest, lines: list[str], sources: list[str], caution: str) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "says": item.says,
        "figures": lines,
        "caution": caution,
        "sources": [source for source in dict.fromkeys(sources) if source],
    }


_KINDS: dict[str, Callable[[duckdb.DuckDBPyConnection, Nearest, QueryCache], dict[str, Any]]] = {
    "officers": _officers,
    "staff_gap": _staff_gap,
    "survey": _survey,
    "shootings": _shootings,
    "question": _question,
}
