"""What studies found on the topics of a claim: both sides, counted and listed, not pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeroom.research import evidence_for, findings, load, summarize
from homeroom.research.schema import Grade

_SAID = {
    "better": "a better outcome for students",
    "worse": "a worse outcome for students",
    "no clear difference": "no clear difference",
    "mixed": "mixed results",
    "disputed": "a change whose reading is disputed",
    "about a difference": "a difference between groups",
    "no comparison": "no comparison",
}
_GRADES = list(Grade)
_SHOWN = 3
"""Findings listed a direction; the whole list is one command away."""


@dataclass(frozen=True, slots=True)
class TopicFindings:
    """The findings on one topic; ``counts`` is a vote count, not an estimate."""

    topic: str
    sentence: str
    counts: dict[str, int]
    rows: list[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: getattr(self, name) for name in ("topic", "sentence", "counts", "rows")}


_LISTED = 5
_BOTH = ("better", "worse")
_SIDES = (*_BOTH, "no clear difference")
_GRADED = {
    Grade.STRONG: "strong", Grade.STRONG_MODERATE: "strong to moderate",
    Grade.MODERATE: "moderate", Grade.SUGGESTIVE: "suggestive", Grade.WEAK: "weak",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strongest:
    """What the strongest studies of some topics find, on every side."""

    sentence: str
    lines: tuple[str, ...]
    sources: tuple[str, ...]

    def as_evidence(self) -> dict[str, Any]:
        """Return an entry of a claim's evidence."""
        return {
            "kind": "research", "says": "The strongest findings, with their designs.",
            "figures": list(self.lines),
            "caution": "Findings differ by place, age, and what was measured.",
            "sources": list(self.sources),
        }  # fmt: skip


def strongest(topics: Sequence[str]) -> Strongest:
    """Return what the best graded findings on topics say, in two sentences and up to five lines.

    The lines take turns between better, worse, and no clear difference, so that no side is told
    first or more often because of its number.
    """
    listed = {row["effect_id"]: row for row in findings().to_dicts()}
    told: list[str] = []
    sides: dict[str, list[dict[str, Any]]] = {side: [] for side in _SIDES}
    for topic in topics:
        found = evidence_for(topic)
        summary = summarize(found.interventions, found.outcomes, label=found.label)
        told += [summary.headline, *(summary.sides[side].sentences[0] for side in _BOTH)]
        for side in _SIDES:
            known = [listed[one] for one in summary.sides[side].strongest]
            sides[side] += [row for row in known if row not in sides[side]]
    rows = _in_turn({side: sorted(of, key=_order) for side, of in sides.items()})
    lines = tuple(
        f"{row['authors']} {row['year']} ({row['design']}, {_GRADED[Grade(row['grade'])]}): "
        f"{_found(row)}."
        for row in rows
    )
    text = " ".join(dict.fromkeys(told))
    return Strongest(text, lines, tuple(dict.fromkeys(str(row["url"]) for row in rows)))


def _in_turn(ordered: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    longest = max(len(rows) for rows in ordered.values())
    turns = [rows[at] for at in range(longest) for rows in ordered.values() if at < len(rows)]
    return turns[:_LISTED]


def _found(row: dict[str, Any]) -> str:
    outcome = load().outcomes[row["outcome"]].label.lower()
    for_whom = "" if row["subgroup"] in ("", "all", None) else f" ({row['subgroup']})"
    return f"{row['change']} {outcome}{for_whom}"


def on_topic(topic: str) -> TopicFindings:
    """Count the findings on a topic by what they mean for students, and list the best graded.

    As many are listed on one side as on the other, as far as there are any.
    """
    found = evidence_for(topic)
    summary = summarize(found.interventions, found.outcomes, label=found.label)
    # An older version of a study is counted nowhere, here as on the page of the research.
    listed = [row for row in findings(restated=False).to_dicts() if row["superseded_by"] is None]
    by_id = {row["effect_id"]: row for row in listed}
    sides = {name: [n for n in ids if n in by_id] for name, ids in found.by_bearing.items()}
    counts = {bearing: len(ids) for bearing, ids in sides.items() if ids}
    parts = [f"{number} report {_SAID.get(name, name)}" for name, number in counts.items()]
    sentence = (
        f"{found.label}: {sum(counts.values())} findings; {', '.join(parts)}. This counts findings "
        "by direction; it is no estimate of an effect. "
        f"{summary.headline}"
    )
    rows = [
        _row(by_id[number], bearing)
        for bearing in counts
        for number in sorted(sides[bearing], key=lambda one: _order(by_id[one]))[:_SHOWN]
    ]
    return TopicFindings(topic, sentence, counts, rows)


def _order(row: dict[str, Any]) -> tuple[bool, int, str]:
    return (not row["verified"], _GRADES.index(Grade(row["grade"])), row["effect_id"])


def _row(row: dict[str, Any], bearing: str) -> dict[str, Any]:
    kept = ("effect_id", "source_id", "authors", "year", "intervention", "outcome", "change",
            "subgroup", "design", "grade", "verified", "url")  # fmt: skip
    return {name: row[name] for name in kept} | {"bearing": bearing}
