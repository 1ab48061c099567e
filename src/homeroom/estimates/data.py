"""Cells of districts from the store: events and students by group and sex."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from homeroom.errors import BadInput, NotAvailable
from homeroom.estimates.cells import Cells, centered
from homeroom.estimates.design import design_of
from homeroom.estimates.specs import Spec
from homeroom.evidence.store import Store
from homeroom.figures.by_unit import count_units
from homeroom.figures.query_cache import QueryCache
from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import POSTAL_OF_FIPS


def waves_with(store: Store, outcome: str) -> list[str]:
    """Return the waves of which the store has districts' counts of an outcome, the latest last."""
    module = MEASURES[outcome].module
    return sorted({wave for wave, found in QueryCache.of(store).answered if found == module})


def read_cells(
    store: Store, outcome: str, waves: Sequence[str], spec: Spec, *, states: Sequence[str] = ()
) -> Cells:
    """Return the cells of every district.

    A cell that was not reported, or has no students, is missing: it is left out, and its district
    stays, even with no cell left: then its state and the others say what is known.
    Counts above enrollment are left out too, for perturbation makes them in small cells.

    Parameters
    ----------
    outcome
        Measure id.
    waves
        One or more waves; the first is the one that wave effects are compared with.
    states
        Postal codes; by default every state that the store has.

    Raises
    ------
    BadInput
        The outcome is not counted by race.
    NotAvailable
        The store has no districts' counts of it in a wave.
    """
    if outcome not in MEASURES or not MEASURES[outcome].by_race:
        raise BadInput(f"outcome {outcome!r}: expected a measure that is counted by race.")
    held = waves_with(store, outcome)
    for wave in waves:
        if wave not in held:
            raise NotAvailable(
                f"Expected districts' counts of {outcome} in {wave}; the store has "
                f"{', '.join(held) or 'none'}.", wave=wave,
            )  # fmt: skip
    patterns, effects, design = design_of(spec.groups, spec.sexes, waves)
    asked = [spec.group_of(group, sex) for group in spec.groups for sex in spec.sexes]
    parts = [count_units(store, outcome, wave, asked) for wave in waves]
    places = sorted({place for part in parts for place in part.places})
    if states:
        places = [place for place in places if _state(place) in states]
    row = {place: at for at, place in enumerate(places)}
    events = np.zeros((len(places), len(patterns)))
    students = np.zeros_like(events)
    for at, part in enumerate(parts):
        mine = np.array([row.get(place, -1) for place in part.places])
        here = mine >= 0
        columns = slice(at * len(asked), (at + 1) * len(asked))
        events[mine[here], columns] = part.events.T[here]
        students[mine[here], columns] = part.students.T[here]
    missing = ~(np.isfinite(events) & np.isfinite(students) & (students > 0))
    missing |= np.nan_to_num(events) > np.nan_to_num(students)
    events[missing] = students[missing] = 0.0
    return _cells(places, events, students, patterns, effects, design)


def _cells(
    places: list[str],
    events: Floats,
    students: Floats,
    patterns: tuple[tuple[str, str, str], ...],
    effects: tuple[str, ...],
    design: Floats,
) -> Cells:
    codes = [_state(place) for place in places]
    states = sorted(set(codes))
    at = np.array([states.index(code) for code in codes], dtype=np.int64)
    if students.any():
        used = (students > 0).any(axis=0)
        alive = (design[used] != design[used][:1]).any(axis=0)  # a column that never varies is none
        design = centered(design[:, alive], students)
        effects = tuple(np.array(effects)[alive])
    return Cells(tuple(places), tuple(states), at, events, students, design, effects, patterns)


def _state(place: str) -> str:
    return POSTAL_OF_FIPS[place.removeprefix("lea:")[:2]]
