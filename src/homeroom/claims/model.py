"""What a claim says once it has been read: a question, a statistic, a stated value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from homeroom.figures.question import Question


class Statistic(StrEnum):
    """What is computed from the counts of the two groups."""

    RATIO = "ratio"
    """The group's rate divided by the other's."""
    RATE = "rate"
    """Students counted per 10,000."""
    PERCENT = "percent"
    """Students counted per 100 students of the group."""
    ONE_IN = "one_in"
    """Students of the group for each one counted."""
    COUNT = "count"
    """Students counted."""
    SHARE = "share"
    """The group's share of all students counted whose group is published, in percent."""
    SHARE_OF_STUDENTS = "share_of_students"
    """The group's share of all students, in percent."""
    POINTS = "points"
    """The group's rate less the other's, in percentage points."""
    COUNT_RATIO = "count_ratio"
    """The group's number of students counted divided by the other's."""
    INDEX = "composition_index"
    """The group's share of students counted divided by its share of all students."""
    OVER_SHARE = "points_over_share"
    """The group's share of students counted less its share of all students, in points."""
    CHANGE_NUMBER = "change_number"
    """Change of the count since the earlier wave, in students."""
    GAP_CHANGE = "gap_change"
    """Change of the ratio of the two rates since the earlier wave."""
    CHANGE_COUNT = "change_count"
    """Change of the count since the earlier wave, in percent."""
    CHANGE_RATE = "change_rate"
    """Change of the rate since the earlier wave, in percent."""


class Relation(StrEnum):
    """How the claim holds its value against the figure."""

    ABOUT = "about"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    EXACTLY = "exactly"


RELATION_WORDS = {
    Relation.ABOUT: "about",
    Relation.AT_LEAST: "at least",
    Relation.MORE_THAN: "more than",
    Relation.AT_MOST: "at most",
    Relation.LESS_THAN: "less than",
    Relation.EXACTLY: "exactly",
}
RISING = (Relation.AT_LEAST, Relation.MORE_THAN)


GIVE, GIVE_OF_SMALL, SMALL = 0.05, 0.2, 10
"""How much of a number rounding may be: of one under ten, which stands for much, more."""


def give_of(number: float) -> float:
    """Return which share of a number, as it is written, rounding may be."""
    return GIVE_OF_SMALL if abs(number) < SMALL else GIVE


class Hedge(StrEnum):
    """How a claim softens its number."""

    NONE = ""
    ABOUT = "about"
    """Near it on either side: about, some, roughly."""
    NEARLY = "nearly"
    """A little short of it: nearly, almost."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a claim.

    Attributes
    ----------
    step
        The unit that the stated value is rounded to: 1 for "three times", 0.1 for "2.9 times".
    upper
        The upper end of a stated range, "three to four times"; None where one value is stated.
    hedge
        How the words soften the number.
    give
        How far a figure may miss the stated value and still round to it, as a share of it.
    base
        What the number is counted from: 1 for "20 percent more", which is 1.2 times the rate.
    earlier
        For a change: the wave that it is counted from.
    left_open
        Fields of the question that the claim does not name; a default stands in for them.
    conventions
        Choices made in reading, in words; shown with every answer.
    alternatives
        Other readings of the same words, with the value they would state.
    also
        Further parts of the same sentence ("... but 16 percent of students").
    said_on
        The day on which it was said, where that is known: figures published later are none that
        the speaker could have meant.
    """

    question: Question
    statistic: Statistic
    stated: float
    relation: Relation = Relation.ABOUT
    step: float = 1.0
    upper: float | None = None
    hedge: Hedge = Hedge.NONE
    give: float = GIVE
    base: float = 0.0
    earlier: str = ""
    left_open: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    also: tuple[Reading, ...] = ()
    said_on: date | None = None

    def with_question(self, **changes: Any) -> Reading:
        """Return the same claim about another question."""
        return replace(self, question=replace(self.question, **changes))


@dataclass(frozen=True, slots=True)
class Nearest:
    """Evidence that comes near a claim that the data cannot test."""

    kind: str
    """question, officers, staff_gap, survey, incidents, research or law."""
    says: str
    """What the figure is, and what it is not, in a sentence."""
    spec: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """An entry of the catalogue."""

    id: str
    wording: str
    speaker: str
    role: str
    said_in: str
    kind: str
    """figure (a number to check), effect (what something causes), law, or fact."""
    would_test: str
    reading: Reading | None = None
    origin: str = ""
    """A statistic that the claim may come from, and what the data can test of it."""
    origin_question: dict[str, Any] | None = None
    cannot: str = ""
    """Why public data cannot test it."""
    nearest: tuple[Nearest, ...] = ()
    research: tuple[str, ...] = ()
    """Topics of the research library that speak to it."""
    law: tuple[str, ...] = ()
    """Provisions of the Act that speak to it."""
