"""Schools with a police officer beside schools without one: an association, not an effect.

Officers are placed by the size, level, and history of schools, so a difference between the two
kinds of schools does not say what an officer changes. Pooled rates weigh students alike; means of
school rates weigh schools alike, over schools with enough students of the group.
"""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures.engine import evaluate
from homeroom.figures.figure import Figure
from homeroom.figures.missing import no_figure
from homeroom.figures.question import Question
from homeroom.figures.rates import measure_of
from homeroom.figures.rows import column
from homeroom.figures.school_means import LEAST
from homeroom.vocabulary.groups import ALL, RACES, Group

__all__ = ["LEAST", "WORDS", "OfficerRow", "contrast", "contrast_rows"]

WORDS = (
    "Schools with officers differ from schools without them in size, level, and place; the "
    "difference between their rates is an association and does not show what officers change."
)
_KINDS = {"with": "with_officer", "without": "without_officer"}


@dataclass(frozen=True, slots=True)
class Contrast:
    """One group in schools of one kind.

    Attributes
    ----------
    officer
        ``with`` or ``without``: the schools' answer on sworn officers; unknown is left out.
    pooled
        The rate over all students.
    mean
        The mean of school rates, over schools with at least ``LEAST`` students of the group.
    schools
        Schools that reported, with at least one student of the group.
    """

    officer: str
    pooled: Figure
    mean: Figure
    schools: int


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One group in schools with, or without, a police officer."""

    place: str = column("Place id")
    wave: str = column("CRDC wave")
    measure: str = column("Measure id")
    group: str = column("Race id, or all")
    officer: str = column(
        "with or without: the schools' answer on sworn officers; unknown left out"
    )
    schools: int = column("Schools that reported, with at least one student of the group")
    students: int | None = column("Students of the group in them")
    count: int | None = column("Students counted")
    rate_per_10000: float | None = column("Pooled rate")
    low: float | None = column("Lower end of the 95 percent interval of the pooled rate")
    high: float | None = column("Upper end of the 95 percent interval of the pooled rate")
    mean_of_schools: float | None = column(
        f"Mean of school rates, over schools of {LEAST} or more of the group"
    )
    policy: str = column("published or screened")
    coverage: float | None = column("Share of the place's students that the figures cover")
    doubtful: bool = column("Whether quality rules or errata doubt the figures as a whole")
    note: str | None = column("Scope and doubt in words, where they matter")


def contrast(
    store: Store, measure: str, place: str, wave: str, *, policy: str = "published"
) -> list[Contrast]:
    """Return rates by race of schools with and without officers; groups without schools are out.

    Raises
    ------
    BadInput
        An unknown measure, place, wave, or policy.
    NotAvailable
        The store holds no school figures of the place and wave.
    """
    of, area = measure_of(measure), place_range(place)
    groups = (ALL, *RACES) if of.by_race else (ALL,)
    asked = [
        Question(
            measure, Group(group), place=area.place_id, wave=wave, policy=policy, basis="schools",
            schools=schools, average=average,
        )
        for schools in _KINDS.values()
        for group in groups
        for average in ("pooled", "mean_of_schools")
    ]  # fmt: skip
    found = evaluate(store, asked)
    figures = [found.figure(at) for at in range(len(asked))]
    if all(one.reason == reasons.NOT_AT_HAND for one in figures):
        raise no_figure(area, wave, of.label)
    kinds = {schools: kind for kind, schools in _KINDS.items()}
    return [
        Contrast(kinds[one.question.schools], one, figures[at + 1], int(found.counts.schools[at]))
        for at, one in enumerate(figures)
        if at % 2 == 0 and found.counts.schools[at] > 0
    ]


def contrast_rows(found: list[Contrast]) -> list[OfficerRow]:
    """Return contrasts as rows."""
    return [
        OfficerRow(
            q.place, q.wave, q.measure, q.group, one.officer, one.schools, pooled.group.students,
            pooled.group.count, pooled.group.rate_per_10000, pooled.low, pooled.high,
            one.mean.group.rate_per_10000, q.policy, pooled.coverage, pooled.doubtful, pooled.note,
        )
        for one in found
        for pooled in (one.pooled,)
        for q in (pooled.question,)
    ]  # fmt: skip
