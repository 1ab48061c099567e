"""Rates over waves, cut into segments: no line runs across a break without saying so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures.figure import Figure
from homeroom.figures.missing import no_figure_of_any_wave
from homeroom.figures.outcomes import outcomes
from homeroom.figures.rates import measure_of
from homeroom.figures.rows import column
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.waves import WAVES, breaks_between


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One group's rate in one wave, and whether a line may join it to the wave before."""

    place: str = column("Place id")
    measure: str = column("Measure id")
    group: str = column("Race id, or all")
    wave: str = column("CRDC wave")
    students: int | None = column("Students in schools that reported")
    count: int | None = column("Students counted")
    rate_per_10000: float | None = column("Rate")
    low: float | None = column("Lower end of the 95 percent interval of the rate")
    high: float | None = column("Upper end of the 95 percent interval of the rate")
    coverage: float | None = column("Share of the place's students that the figure speaks for")
    reason: str | None = column("Why there is no figure")
    basis: str = column("state_table or schools")
    segment: int = column("Points of one segment may be joined by a line; points of two may not")
    break_before: str | None = column(
        "Why this wave can't be compared with the one before, or null"
    )
    doubtful: bool = column("Whether quality rules or errata doubt the figure as a whole")
    note: str = column("What to know of the wave, with scope and doubt where they matter")


def trend(store: Store, measure: str, place: str, *, policy: str = "published") -> list[TrendRow]:
    """Return a measure's rates over every wave in the store, by race, with breaks marked.

    A break stands where the definition, the privacy method, or the year itself makes two waves
    incomparable, where a wave between them is missing, where one wave is a state table and the
    next a sum over schools, and where they speak for different schools.

    Raises
    ------
    BadInput
        An unknown measure, place, or policy.
    NotAvailable
        The store holds no figure of the place in any wave.
    """
    of, area = measure_of(measure), place_range(place)
    rows = segments(outcomes(store, place, policy, (measure,)))
    if not rows:
        raise no_figure_of_any_wave(area, of.label)
    return rows


def segments(figures: Sequence[Figure]) -> list[TrendRow]:
    """Return the figures of one measure as rows, cut into segments."""
    order = sorted(
        figures, key=lambda one: (one.question.group != ALL, one.question.group, _at(one))
    )
    rows: list[TrendRow] = []
    for _, members in groupby(order, key=lambda one: one.question.group):
        segment = 0
        last: Figure | None = None
        for one in members:
            why = _break(last, one) if last is not None else None
            segment += why is not None
            rows.append(_row(one, segment, why))
            last = one
    return rows


def _row(one: Figure, segment: int, why: str | None) -> TrendRow:
    q = one.question
    words = [WAVES[q.wave].note, *([one.note] if one.note else [])]
    return TrendRow(
        q.place, q.measure, q.group, q.wave, one.group.students, one.group.count,
        one.group.rate_per_10000, one.low, one.high, one.coverage,
        one.explanation if one.value is None else None, one.basis, segment, why, one.doubtful,
        " ".join(words),
    )  # fmt: skip


def _at(one: Figure) -> int:
    return list(WAVES).index(one.question.wave)


def _break(before: Figure, now: Figure) -> str | None:
    """Return every reason not to join two waves, or None."""
    tabled = now.basis == "state_table"
    waves, measure = (before.question.wave, now.question.wave), now.question.measure
    why = list(breaks_between(*waves, measure, table=tabled))
    if before.basis != now.basis:
        why.append("One figure is OCR's state table, the other a sum over schools.")
    if before.universe.states != now.universe.states:
        why.append("The two figures speak for different states.")
    between = list(WAVES)[_at(before) + 1 : _at(now)]
    if between:
        why.append(f"The wave {', '.join(between)} lies between, and isn't in the store.")
    return " ".join(why) or None
