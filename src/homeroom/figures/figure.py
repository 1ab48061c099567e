"""What an answer is: a number with all that a reader needs to judge it, or a reason for none."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from homeroom.figures.question import Question
from homeroom.statistics.reasons import REASONS


@dataclass(frozen=True, slots=True)
class Side:
    """A group as counted: students with the outcome, students, and the rate per 10,000.

    For a mean of schools the count and the students are those of the schools that count for the
    group, and the rate is the mean of those schools' rates.
    """

    count: int | None
    students: int | None
    rate_per_10000: float | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question.

    Attributes
    ----------
    value
        The ratio of the two groups' risks; the rate per 10,000 where nobody is compared.
    status
        observed, missing or suppressed.
    reason
        None, or an id of :data:`WORDS`: why there is no number, or why it is weak.
    explanation
        The reason in words, with what would help.
    basis
        state_table or schools.
    coverage
        Share of the place's schools (state_table) or students (schools) that the figure covers.
    note
        Which schools the sum speaks for, where they are not all.
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
    coverage: float | None
    note: str | None
    source: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


NOT_AT_HAND = "not_at_hand"
NOT_PUBLISHED = "not_published"
SUPPRESSED = "suppressed"
NO_TABLE = "not_in_state_tables"
CONTRADICTION = "contradiction"

WORDS: dict[str, str] = {
    **{reason.id: reason.sentence for reason in REASONS if reason.id != "ok"},
    NOT_AT_HAND: "No file in the store holds this measure for this place and wave; `homeroom "
    "download` fetches official files and `homeroom build --from` adds them.",
    NOT_PUBLISHED: "The publication does not give counts, or the enrollment to divide them by, for "
    "this group; sums over schools (basis schools) may.",
    SUPPRESSED: "The publication withholds a count that the figure needs.",
    NO_TABLE: "OCR's state tables give published totals of states and the nation only: no "
    "districts, no choice of schools, no screening. Ask with basis schools.",
    CONTRADICTION: "The same group in schools with an officer and without can be compared among "
    "all, regular or high schools, not among schools of one of the two kinds.",
}
"""Every reason that an answer can carry, in words."""
