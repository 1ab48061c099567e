"""Many places and what is shown of them: the choice, the figures, and the sentence over a map.

A doubtful figure keeps its mark, drawn hollow, and takes no part in ranks, superlatives, middles,
or shades; the sentence says how many were left out.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeroom.figures.figure import Figure
from homeroom.report.picture import OCR
from homeroom.report.place_figures import why
from homeroom.report.sentences import capital, doubted, figure, reach
from homeroom.report.tooltips import Hint, between, number
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES

FIGURES = {"rate": "per 10,000 students", "ratio": "times the rate of white students"}
LEAST = 500
"""Students of the group below which a district is not ranked; it keeps its dot on the map."""
_FEW = "few_events"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with its figure.

    Attributes
    ----------
    reason
        Id of why there is no figure, or a weak one; empty for neither.
    where
        The place, or which of its schools the figure counts.
    doubt
        Why the figure is doubtful, in brackets; empty where it is not.
    note
        Scope and doubt in words; empty where the figure is plain.
    """

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
    where: str = ""
    doubt: str = ""
    note: str = ""
    why: str = ""
    coverage: float | None = None
    policy: str = "published"

    @property
    def doubtful(self) -> bool:
        """Whether a rule doubts the figure as a whole."""
        return bool(self.doubt)

    @property
    def said(self) -> str:
        """Place and figure in words, with scope and doubt."""
        told = "no figure" if self.value is None else figure(self.value)
        return f"{self.where or self.name} {told}{self.doubt}"

    def as_row(self) -> dict[str, Any]:
        """Return the row that the CSV file holds."""
        return {
            "place": self.id, "name": self.name, "value": self.value, "low": self.low,
            "high": self.high, "count": self.count, "students": self.students,
            "reason": self.why, "reason_id": self.reason, "coverage": self.coverage,
            "doubtful": self.doubtful, "note": self.note, "policy": self.policy,
            "longitude": self.longitude, "latitude": self.latitude,
        }  # fmt: skip


def spot(one: Figure, name: str, where: tuple[float | None, float | None] = (None, None)) -> Spot:
    """Return a place with its figure.

    A ratio of nobody to somebody is no finding: a reported zero of few students tells nothing.
    """
    value, reason, told = one.value, one.reason or "", why(one)
    if one.versus is not None and one.group.count == 0 and (one.high is None or one.high >= 1):
        value, reason, told = None, _FEW, "none reported, and too few to tell"
    return Spot(
        one.question.place, name, value, one.low if value is not None else None,
        one.high if value is not None else None, one.group.count, one.group.students, reason,
        *where, where=reach(name, one), doubt=doubted(one), note=one.note or "", why=told,
        coverage=one.coverage, policy=one.question.policy,
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
        people = Group(self.group).people()
        return "all students" if people == "students" else people

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
        return capital(self.unit)

    def hint(self, row: dict[str, Any]) -> Hint:
        """Return what a live map tells of a place: a row as the CSV file holds it."""
        value, reason = row["value"], row["reason"] or row["reason_id"].replace("_", " ")
        missing = f"no figure ({reason})" if reason else "no figure"
        return {
            "Place": row["name"],
            self.axis: missing if value is None else figure(value),
            "95% interval": between(row["low"], row["high"]),
            "Counted": number(row["count"]),
            capital(self.people): number(row["students"]),
            "To know": row["note"] or "–",
        }


def ordered(spots: Sequence[Spot]) -> list[Spot]:
    """Return the places that have a figure no rule doubts, the highest first."""
    return sorted(
        (s for s in spots if s.value is not None and not s.doubtful),
        key=lambda s: (-(s.value or 0), s.id),
    )


def left_out(spots: Sequence[Spot]) -> str:
    """Say how many figures were left out as doubtful; empty for none."""
    count = sum(s.doubtful and s.value is not None for s in spots)
    return f"{count:,} doubtful {'figure' if count == 1 else 'figures'} left out" if count else ""


def told(choice: Choice, spots: Sequence[Spot], noun: str = "places") -> str:
    """Say in a sentence what is highest, and how many have none or little.

    The highest is named where five events or more were counted. The lowest is not: it would be one
    of many that have none, or the one that is left when those with few events are not looked at.
    """
    known, out = ordered(spots), left_out(spots)
    if not known:
        said = f"{choice.words}: no figure in the store"
        return f"{said} that no rule doubts; {out}" if out else said
    top = next((s for s in known if s.reason != _FEW and s.value), None)
    high = (
        f"highest in {top.where or top.name}, {figure(top.value or 0)}" if top
        else f"too few counted in any of the {len(known):,} {noun} to name one"
    )  # fmt: skip
    none = sum(not s.value for s in known)
    middle = statistics.median(s.value or 0 for s in known)
    rest = (
        f"{none:,} of {len(known):,} {noun} reported none" if none * 2 >= len(known)
        else f"half of the {len(known):,} {noun} have {figure(middle)} or less"
    )  # fmt: skip
    parts = [high, *([rest] if top and len(known) > 1 else [])]
    if none == len(known):
        parts = [f"none reported in any of the {none:,} {noun}"]
    return f"{choice.words}: {'; '.join(parts + ([out] if out else []))}"


def source(choice: Choice, basis: str = "") -> str:
    """Return the source line."""
    return f"Source: {OCR}, {choice.wave}{basis}."
