"""One measure for every place of a level at once: the engine's counts as arrays.

States and the nation are asked like any question. Districts and schools are thousands, so their
sums are taken whole from the arrays that questions on single places are answered from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures import wording
from homeroom.figures.coverage import Universe
from homeroom.figures.doubts import Doubt, Flagged, of_flags
from homeroom.figures.engine import evaluate
from homeroom.figures.query_cache import QueryCache, ScopeCache, module_of
from homeroom.figures.question import Question
from homeroom.figures.scope import scope_of
from homeroom.statistics.statistic import Bools, Floats
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.states import STATES

LEVELS = ("nation", "state", "district", "school")


@dataclass(frozen=True, slots=True, eq=False)
class UnitFigures:
    """Events and students of groups in every place of a level.

    Attributes
    ----------
    places
        Place ids.
    events, students
        Group by place; NaN where nothing was reported or published.
    coverage
        Share of each place's students in schools that reported.
    doubtful
        Which places' figures quality rules doubt as a whole.
    basis
        state_table or schools, for each place.
    notes
        Scope and doubt of each place's figures in words, or None where they are plain.
    """

    places: list[str]
    events: Floats
    students: Floats
    coverage: Floats
    doubtful: Bools
    basis: list[str]
    notes: list[str | None]

    def at(self, place: str) -> int | None:
        """Return the position of a place, or None."""
        return self.places.index(place) if place in self.places else None


def count_units(
    store: Store,
    measure: str,
    wave: str,
    groups: Sequence[Group],
    *,
    level: str = "district",
    within: str = "US",
    only: Sequence[str] | None = None,
    policy: str = "published",
    basis: str = "",
    section504: str = "with",
) -> UnitFigures:
    """Count groups in every place of a level.

    Parameters
    ----------
    within
        A place: only places inside it.
    only
        Place ids: only these, read alone.

    Raises
    ------
    BadInput
        An unknown measure, wave, level, or policy; or a level whose places are larger than the
        place that they should lie inside.
    """
    if level not in LEVELS:
        raise BadInput(f"level {level!r}: expected one of {', '.join(LEVELS)}.")
    if LEVELS.index(level) < LEVELS.index(place_range(within).kind):
        raise BadInput(
            f"level {level!r}: no {level} lies within {within}; ask for a smaller level."
        )
    sample = Question(measure, place=within, wave=wave, policy=policy, section504=section504)
    if level in ("nation", "state"):
        return _asked(store, sample, groups, _larger(level, within), basis)
    if wrong := [one for one in only or () if place_range(one).kind != level]:
        raise BadInput(f"only {wrong[0]!r}: expected places of level {level}.")
    if basis == "state_table":
        raise BadInput("basis 'state_table': OCR's state tables have no districts and schools.")
    return _summed(store, sample, groups, level, only)


def _larger(level: str, within: str) -> list[str]:
    area = place_range(within)
    if level == "nation":
        return ["US"]
    return [f"US-{s}" for s in STATES] if area.kind == "nation" else [area.place_id]


def _asked(
    store: Store, sample: Question, groups: Sequence[Group], places: list[str], basis: str
) -> UnitFigures:
    asked = [
        Question(
            sample.measure, group, place=place, wave=sample.wave, policy=sample.policy,
            section504=sample.section504, basis=basis,
        )
        for group in groups
        for place in places
    ]  # fmt: skip
    found = evaluate(store, asked)
    counts, shape = found.counts, (len(groups), len(places))
    absent = np.array([why in reasons.MISSING for why in counts.why]).reshape(shape)
    figures = [found.figure(at) for at in range(len(places))]
    kept = [at for at, one in enumerate(figures) if one.reason != reasons.NOT_AT_HAND]
    events, students = (
        np.where(absent, np.nan, part.reshape(shape))[:, kept] for part in (counts.x1, counts.n1)
    )
    return UnitFigures(
        [places[at] for at in kept], events, students, counts.coverage[: len(places)][kept],
        np.array([figures[at].doubtful for at in kept], dtype=bool),
        [figures[at].basis for at in kept],
        [figures[at].note for at in kept],
    )  # fmt: skip


def _summed(
    store: Store,
    sample: Question,
    groups: Sequence[Group],
    level: str,
    only: Sequence[str] | None,
) -> UnitFigures:
    cache, area = QueryCache.of(store), place_range(sample.place)
    held = _held(cache, level, only)
    if (sample.wave, module_of(sample.measure)) not in cache.answered:
        nothing = np.empty((len(groups), 0))
        return UnitFigures([], nothing, nothing, np.empty(0), np.empty(0, dtype=bool), [], [])
    if only is not None:
        held.arrays.read(store.con, [sample.wave], [sample.measure])
    counts = held.counts(store, sample.wave, sample.measure, sample.policy, stratified=False)
    units = np.array(list(counts.units), dtype=np.int64)
    inside = _inside(units, area, held) & (counts.asked[:-1] > 0)
    if only is not None:  # what is held may have more places
        inside &= np.isin(units, [place_range(place).low // held.scope.width for place in only])
    rows = []
    for group in groups:
        silent = counts.share_reporting((group.crossings, sample.section504))[:-1] == 0
        side = counts.side((group.crossings, sample.section504))
        both = (np.full(len(units), np.nan),) * 2 if side is None else (
            side[0][:-1].sum(axis=1), side[1][:-1].sum(axis=1)
        )  # fmt: skip
        rows.append([np.where(silent, np.nan, part)[inside] for part in both])
    # As for one place alone: a group none of whose parts was reported has no figure.
    share = counts.share_reporting((Group().crossings, sample.section504))[:-1]
    kept = np.flatnonzero(inside)
    doubts = _doubts(store, held, sample, (counts.total, counts.enrolled), units, kept)
    return UnitFigures(
        [place_of(int(unit), level) for unit in units[kept]],
        np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), share[kept],
        np.isin(kept, list(doubts)), ["schools"] * len(kept),
        [
            wording.note(
                Universe(), None if np.isnan(share[at]) else float(share[at]),
                doubts.get(int(at), ()), f"the {level}", sample.policy,
            )
            for at in kept
        ],
    )  # fmt: skip


def _held(cache: QueryCache, level: str, only: Sequence[str] | None) -> ScopeCache:
    if only is None:
        return cache.every(level)
    return cache.cache_of(cache.held(scope_of([place_range(place) for place in only])))


def _inside(units: np.ndarray, area: PlaceRange, held: ScopeCache) -> Bools:
    low, high = units * held.scope.width, (units + 1) * held.scope.width - 1
    inside: Bools = (low >= area.low) & (high <= area.high)
    return inside


def _doubts(
    store: Store,
    held: ScopeCache,
    sample: Question,
    sums: tuple[Floats, Floats],
    units: np.ndarray,
    kept: np.ndarray,
) -> Mapping[int, tuple[Doubt, ...]]:
    """Return the doubts of each doubtful unit among those kept, by its position.

    ``sums`` are all events and all students of each unit.
    """
    if sample.policy == "screened":
        return {}
    mine = held.doubts(store).filter(
        (pl.col("wave") == sample.wave)
        & (pl.col("subject") == sample.measure)
        & pl.col("unit").is_in(units[kept].tolist())
    )
    total, enrolled = sums
    at = {int(units[position]): int(position) for position in kept}
    flagged: dict[int, list[Flagged]] = {}
    for unit, *one in mine.select(
        "unit", "subject", "rule", "schools", "amount", "students"
    ).rows():
        if unit in at:
            flagged.setdefault(at[unit], []).append((one[0], one[1], one[2], one[3], one[4]))
    found = {
        where: of_flags(rows, {sample.measure: float(total[where])}, float(enrolled[where]))
        for where, rows in flagged.items()
    }
    return {
        where: doubts for where, doubts in found.items() if any(doubt.material for doubt in doubts)
    }


def place_of(unit: int, level: str) -> str:
    """Return the place id of a district's or school's unit."""
    if level == "school":
        return f"school:{combokey_of(unit)}"
    return f"lea:{combokey_of(unit * 100_000)[:7]}"
