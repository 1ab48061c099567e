"""What studies found on the topics of a claim: both sides, counted and listed, not pooled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homeroom.research import evidence_for, findings, summarize
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


def on_topic(topic: str) -> TopicFindings:
    """Count the findings on a topic by what they mean for students, and list the best graded.

    As many are listed on one side as on the other, as far as there are any.
    """
    found = evidence_for(topic)
    summary = summarize(found.interventions, found.outcomes, label=found.label)
    counts = {bearing: len(ids) for bearing, ids in found.by_bearing.items() if ids}
    parts = [f"{number} report {_SAID.get(name, name)}" for name, number in counts.items()]
    sentence = (
        f"{found.label}: {sum(counts.values())} findings; {', '.join(parts)}. This counts findings "
        "by direction; it is no estimate of an effect. "
        f"{summary.headline}"
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
