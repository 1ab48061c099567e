"""Many places and what is shown of them: the choice, the figures, and the sentence over a map."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeroom.figures.figure import Answer
from homeroom.report.picture import OCR
from homeroom.report.sentences import PEOPLE, figure
from homeroom.report.tooltips import Hint, between, number
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES

FIGURES = {"rate": "per 10,000 students", "ratio": "times the rate of white students"}
LEAST = 500
"""Students of the group below which a district is not ranked; it keeps its dot on the map."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its figure."""

    id: str
    name: str
    value: float | None
    low: float | None
    high: float | None
    count: int | None
    students: int | None
    reason: str
    longitude: float | None = None
    latitude: float | None = None

    def as_row(self) -> dict[str, Any]:
        """Return the row that the CSV file holds."""
        return {
            "place": self.id, "name": self.name, "value": self.value, "low": self.low,
            "high": self.high, "count": self.count, "students": self.students,
            "reason": self.reason, "longitude": self.longitude, "latitude": self.latitude,
        }  # fmt: skip


def spot(
    answer: Answer, name: str, where: tuple[float | None, float | None] = (None, None)
) -> Spot:
    """Take the figure of an answer."""
    value = answer.value
    return Spot(
        answer.question.place, name, value, answer.low, answer.high, answer.group.count,
        answer.group.students, answer.reason or "", *where,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What a map shows."""

    measure: str
    group: str
    wave: str
    figure: str

    @property
    def people(self) -> str:
        """The group in words."""
        return PEOPLE[self.group] if self.group != ALL else "all students"

    @property
    def words(self) -> str:
        """The choice in words, for titles."""
        label = MEASURES[self.measure].label
        if self.figure == "ratio":
            times = f"rate of {self.people} as a multiple of white students' rate"
            return f"{label}, {self.wave}: {times}"
        return f"{label}, {self.wave}, {self.people}"

    @property
    def unit(self) -> str:
        """What a figure counts."""
        return FIGURES[self.figure]

    @property
    def axis(self) -> str:
        """What a figure counts, at the beginning of a line."""
        return self.unit[0].upper() + self.unit[1:]

    def hint(self, row: dict[str, Any]) -> Hint:
        """Return what a live map tells of a place: a row as the CSV file holds it."""
        people = self.people[0].upper() + self.people[1:]
        value, reason = row["value"], row["reason"].replace("_", " ")
        missing = f"no figure ({reason})" if reason else "no figure"
        return {
            "Place": row["name"],
            self.axis: missing if value is None else figure(value),
            "95 % interval": between(row["low"], row["high"]),
            "Counted": number(row["count"]),
            people: number(row["students"]),
        }


def ordered(spots: Sequence[Spot]) -> list[Spot]:
    """Return the places that have a figure, the highest first."""
    return sorted((s for s in spots if s.value is not None), key=lambda s: (-(s.value or 0), s.id))


def told(choice: Choice, spots: Sequence[Spot], noun: str = "places") -> str:
    """Say in a sentence what is highest, and how many have none or little.

    The highest is named where five events or more were counted. The lowest is not: it would be one
    of many that have none, or the one that is left when those with few events are not looked at.
    """
    known = ordered(spots)
    if not known:
        return f"{choice.words}: no figure is at hand"
    top = next((s for s in known if s.reason != "few_events" and s.value), None)
    high = (
        f"highest in {top.name}, {figure(top.value or 0)}" if top
        else f"too few counted in any of the {len(known):,} {noun} to name one"
    )  # fmt: skip
    none = sum(not s.value for s in known)
    middle = statistics.median(s.value or 0 for s in known)
    if none == len(known):
        return f"{choice.words}: none counted in any of the {none:,} {noun}"
    rest = (
        f"none counted in {none:,} of {len(known):,} {noun}" if none * 2 >= len(known)
        else f"half of the {len(known):,} {noun} have {figure(middle)} or less"
    )  # fmt: skip
    return f"{choice.words}: {high}; {rest}" if top else f"{choice.words}: {high}"


def source(choice: Choice, basis: str = "") -> str:
    """Return the source line."""
    return f"Source: {OCR}, {choice.wave}{basis}."
