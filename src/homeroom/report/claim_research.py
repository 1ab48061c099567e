"""What studies found on the topics of a claim: both sides, counted and listed, not pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeroom.research import evidence_for, findings, load
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
_TOP = (Grade.STRONG, Grade.STRONG_MODERATE)
_SIDES = ("better", "worse", "no clear difference")
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
    sides: dict[str, list[dict[str, Any]]] = {side: [] for side in _SIDES}
    for topic in topics:
        for side in _SIDES:
            known = [listed[one] for one in evidence_for(topic).by_bearing.get(side, ())]
            sides[side] += [row for row in known if row not in sides[side]]
    best = {
        side: [row for row in rows if Grade(row["grade"]) in _TOP] for side, rows in sides.items()
    }
    graded = "strongest " if any(best.values()) else ""
    counted = best if any(best.values()) else sides
    labels = " and ".join(evidence_for(topic).label.lower() for topic in topics)
    if not any(counted.values()):
        text = f"No study on {labels} in the library reports a better, worse, or equal outcome."
        return Strongest(text, (), ())
    counts = ", ".join(f"{_SAID[side]} {len(rows)}" for side, rows in counted.items())
    ordered = {side: sorted(rows, key=_order) for side, rows in sides.items()}
    rows = _in_turn(ordered)
    first = [ordered[side][0] for side in _SIDES[:2] if ordered[side]]
    examples = "; ".join(f"{row['authors']} {row['year']} found {_found(row)}" for row in first)
    text = (
        f"Of the {graded}findings on {labels}, these many report each: {counts}. "
        f"For example, {examples}."
    )
    lines = tuple(
        f"{row['authors']} {row['year']} ({row['design']}, {_GRADED[Grade(row['grade'])]}"
        f"{'' if row['verified'] else ', not verified in full text'}): {_found(row)}."
        for row in rows
    )
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
    counts = {bearing: len(ids) for bearing, ids in found.by_bearing.items() if ids}
    parts = [f"{number} report {_SAID.get(name, name)}" for name, number in counts.items()]
    sentence = (
        f"{found.label}: {sum(counts.values())} findings; {', '.join(parts)}. This counts findings "
        "by direction; it is no estimate of an effect."
    )
    listed = findings().to_dicts()
    by_id = {row["effect_id"]: row for row in listed}
    rows = [
        _row(by_id[number], bearing)
        for bearing in counts
        for number in sorted(found.by_bearing[bearing], key=lambda one: _order(by_id[one]))[:_SHOWN]
    ]
    return TopicFindings(topic, sentence, counts, rows)


def _order(row: dict[str, Any]) -> tuple[bool, int, str]:
    return (not row["verified"], _GRADES.index(Grade(row["grade"])), row["effect_id"])


def _row(row: dict[str, Any], bearing: str) -> dict[str, Any]:
    kept = ("effect_id", "source_id", "authors", "year", "intervention", "outcome", "change",
            "subgroup", "design", "grade", "verified", "url")  # fmt: skip
    return {name: row[name] for name in kept} | {"bearing": bearing}
