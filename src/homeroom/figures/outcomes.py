"""The outcomes of one place: every wave in the store, every race, in one call to the engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures.availability import state_id
from homeroom.figures.engine import answer
from homeroom.figures.figure import MISSING, WORDS, Figure
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.figures.rows import column
from homeroom.statistics.ratio import risk_ratio
from homeroom.vocabulary.groups import ALL, RACES, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.status import Status
from homeroom.vocabulary.waves import WAVES, usual

OUTCOMES = ("arrests", "referrals")


def outcomes(
    store: Store,
    place: str,
    policy: str = "published",
    measures: Sequence[str] = OUTCOMES,
    waves: Iterable[str] | None = None,
) -> list[Figure]:
    """Return the rates of a place by race, measure by measure and wave by wave.

    Waves and measures that the store holds nothing of are left out; a wave that was asked and not
    answered is not.

    Parameters
    ----------
    waves
        Waves to look in; every wave if none are named.

    Returns
    -------
    list of Figure
        By measure, wave, and group: all students first, then the races in their order.
    """
    area = place_range(place)
    known = _known(store, area)
    looked = [wave for wave in WAVES if waves is None or wave in set(waves)]
    questions = [
        Question(measure, Group(group), place=area.place_id, wave=wave, policy=policy)
        for measure in measures
        for wave in looked
        if (wave, measure) in known
        for group in ((ALL, *RACES) if MEASURES[measure].by_race else (ALL,))
    ]
    return [one for one in answer(store, questions) if one.reason != reasons.NOT_AT_HAND]


def _known(store: Store, area: PlaceRange) -> set[tuple[str, str]]:
    """Return the waves and measures that a state table or school file may answer for a place."""
    can = QueryCache.of(store).availability
    here = {area.place_id} if area.kind in ("nation", "state") else set()
    files = {
        (wave, module)
        for place, wave, module in can.files
        if area.kind == "nation" or place == state_id(area)
    }
    tabled = {(wave, measure) for place, wave, measure in can.tables if place in here}
    return tabled | {
        (wave, measure.id)
        for wave, module in files
        for measure in MEASURES.values()
        if measure.module == module
    }


def usual_wave(figures: Iterable[Figure], measure: str = "arrests") -> str | None:
    """Return the wave to show first: the latest with a figure that may carry the place's name.

    The pandemic year comes last, a wave without such a figure later still.
    """
    mine = [one for one in figures if one.question.measure == measure and _overall(one)]
    whole = [one.question.wave for one in mine if one.whole and one.value is not None]
    some = [one.question.wave for one in mine if one.value is not None]
    return usual(whole) or usual(some) or usual([one.question.wave for one in mine])


def _overall(one: Figure) -> bool:
    return one.question.group == ALL


def ratios_to(figures: Sequence[Figure], reference: Figure) -> list[Figure]:
    """Return the ratio of each rate to a reference's: what the engine answers with ``versus``.

    The engine counts both sides of such a question as it counts each side alone, so ratios of
    rates that are already there need no second count.

    Parameters
    ----------
    figures
        Rates of one place, wave, measure, and policy.
    reference
        The rate of the group to compare with, of the same.
    """
    sides = [np.array([_events(one), _students(one)]) for one in figures]
    x1, n1 = np.array(sides).reshape(-1, 2).T
    x2, n2 = np.full_like(x1, _events(reference)), np.full_like(n1, _students(reference))
    found = risk_ratio(x1, n1, x2, n2)
    made = []
    for at, one in enumerate(figures):
        missing = next((f.reason for f in (one, reference) if f.reason in MISSING), None)
        why = missing or (None if found.reason_ids[at] == "ok" else str(found.reason_ids[at]))
        value, low, high = (
            float(part[at]) if np.isfinite(part[at]) and not missing else None
            for part in (found.value, found.low, found.high)
        )
        made.append(
            replace(
                one, question=replace(one.question, versus=reference.question.group), value=value,
                low=low, high=high, method=str(found.method.id), reason=why,
                status=str(Status.MISSING) if missing else one.status,
                explanation=WORDS[why] if why else None, versus=reference.group,
            )
        )  # fmt: skip
    return made


def _events(one: Figure) -> float:
    return np.nan if one.group.count is None else float(one.group.count)


def _students(one: Figure) -> float:
    return np.nan if one.group.students is None else float(one.group.students)


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A figure of an outcome as the place page and the API list it."""

    measure: str = column("Measure id")
    wave: str = column("CRDC wave")
    group: str = column("Race id, or all")
    students: int | None = column("Students in the schools that reported")
    count: int | None = column("Students counted in those schools")
    rate_per_10000: float | None = column("count / students * 10,000; null where undefined")
    low: float | None = column("Lower end of the 95 percent interval of the rate")
    high: float | None = column("Upper end of the 95 percent interval of the rate")
    coverage: float | None = column("Share of the place's students that the figure covers")
    reason: str | None = column("Why there is no figure")
    basis: str = column("state_table or schools")
    doubtful: bool = column("Whether quality rules or errata doubt the figure as a whole")
    note: str | None = column("Scope and doubt in words, where they matter")


def outcome_row(one: Figure) -> OutcomeRow:
    """Return a figure as a row."""
    q = one.question
    return OutcomeRow(
        q.measure, q.wave, q.group, one.group.students, one.group.count, one.group.rate_per_10000,
        one.low, one.high, one.coverage,
        one.explanation if one.value is None or one.status != "observed" else None,
        one.basis, one.doubtful, one.note,
    )  # fmt: skip
