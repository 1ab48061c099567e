"""What a figure is: a number with all that it speaks for, or a reason for none."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from homeroom.figures.backing import Backing
from homeroom.figures.question import Question
from homeroom.figures.shown import as_html, one_line
from homeroom.statistics.reasons import REASONS

PER = 10_000
"""Rates are per this many students."""


@dataclass(frozen=True, slots=True)
class Side:
    """A group as counted: students with the outcome, students, and the rate per 10,000.

    For a mean of schools the count and the students are those of the schools that count for the
    group, and the rate is the mean of those schools' rates.
    """

    count: int | None
    students: int | None
    rate_per_10000: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Backing):
    """The answer to one question; what it speaks for is in :class:`Backing`.

    Attributes
    ----------
    value
        The ratio of the two groups' risks; the rate per 10,000 where nobody is compared.
    low, high
        95 percent interval, in the unit of the value.
    method
        Id of the interval's method.
    status
        observed, structural_zero, missing, or suppressed.
    reason
        None, or an id of :data:`WORDS`: why there is no number, or why it is weak.
    explanation
        The reason in words, with what would help.
    group, versus
        Events and students of both sides; ``versus`` is None for a rate.
    basis
        state_table, schools, or model.
    coverage_schools
        Share of the schools asked that reported, 0 to 1.
    breaks
        Why the wave must not be compared with others as if nothing had changed.
    all_events
        Events in every school that reported, those without enrollment included; None where that
        is the same as ``group.count``.
    """

    question: Question
    value: float | None
    low: float | None
    high: float | None
    method: str
    status: str
    reason: str | None
    explanation: str | None
    group: Side
    versus: Side | None
    basis: str
    coverage_schools: float | None
    breaks: tuple[str, ...]
    all_events: int | None = field(default=None)

    def __repr__(self) -> str:
        return f"<Figure {one_line(self)}>"

    def _repr_html_(self) -> str:
        return as_html(self)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values: the row of the API and of ``--json``."""
        return {
            "question": self.question.as_dict(),
            "value": self.value, "low": self.low, "high": self.high,
            "method": self.method, "status": self.status, "reason": self.explanation,
            "reason_id": self.reason,
            "group": asdict(self.group),
            "versus": asdict(self.versus) if self.versus else None,
            "basis": self.basis, "coverage": self.coverage,
            "coverage_schools": self.coverage_schools,
            "universe": self.universe.as_dict(),
            "doubts": [doubt.as_dict() for doubt in self.doubts],
            "doubtful": self.doubtful,
            "breaks": list(self.breaks), "note": self.note,
            "all_events": self.all_events,
            "source": self.source,
            "sources": [asdict(source) for source in self.sources],
        }  # fmt: skip


NOT_AT_HAND = "not_at_hand"
NOT_PUBLISHED = "not_published"
SUPPRESSED = "suppressed"
NO_TABLE = "not_in_state_tables"
CONTRADICTION = "contradiction"
NO_ENROLLMENT = "no_enrollment"
NOBODY_ENROLLED = "nobody_enrolled"
DOUBTED = "doubted"
NOT_REPORTED = "not_reported"

MISSING = frozenset(
    (
        NOT_AT_HAND,
        NOT_PUBLISHED,
        NO_TABLE,
        CONTRADICTION,
        NO_ENROLLMENT,
        NOBODY_ENROLLED,
        DOUBTED,
        NOT_REPORTED,
    )
)
"""Reasons that leave no number because none is known."""

WORDS: dict[str, str] = {
    **{reason.id: reason.sentence for reason in REASONS if reason.id != "ok"},
    NOT_AT_HAND: "No file in the store holds this measure for this place and wave.",
    NOT_PUBLISHED: "The publication does not give counts, or the enrollment to divide them by, for "
    "this group; sums over schools (basis schools) may.",
    SUPPRESSED: "The publication withholds a count that the figure needs.",
    NO_TABLE: "OCR's state tables give published totals of states and the nation only: no "
    "districts, no choice of schools, no screening. Ask with basis schools.",
    CONTRADICTION: "The same group in schools with an officer and without can be compared among "
    "all, regular, or high schools, not among schools of one of the two kinds.",
    NO_ENROLLMENT: "No enrollment of the wave is in the store, so there is nothing to divide by.",
    NOBODY_ENROLLED: "The schools that reported had nobody enrolled on the day of the count, so "
    "there is nothing to divide by.",
    DOUBTED: "Reported, but left out: a quality rule doubts it.",
}
"""Every reason that a figure can carry, in words."""
