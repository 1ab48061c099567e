"""How far a store reaches: the share of districts of which it holds school files of a measure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.figures.query_cache import QueryCache, module_of
from homeroom.figures.scope import Scope, unit_of

_MOST = 0.5
"""A state counts as covered when files cover more than this share of its districts."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Districts with figures of their own schools, among all districts that teach anyone.

    Attributes
    ----------
    measure
        Measure id.
    covered
        Districts whose schools a file of any wave asks for the measure.
    districts
        Districts of the store with students.
    states
        Postal codes of the states most of whose districts are covered.
    """

    measure: str
    covered: int
    districts: int
    states: tuple[str, ...]

    @property
    def share(self) -> float:
        """Covered districts as a share of all, 0 to 1; 0 where the store has no districts."""
        return self.covered / self.districts if self.districts else 0.0


def reach(store: Store, measure: str = "arrests") -> Reach:
    """Count the districts of which a store holds school files of a measure.

    State tables do not count: they say nothing of a district.

    Parameters
    ----------
    store
        The open store.
    measure
        Measure id.
    """
    files, module = QueryCache.of(store).files(Scope("district")), module_of(measure)
    asked = {unit for (_, asks), units in files.items() if asks == module for unit in units}
    teaching = sql.rows(
        store.con, "SELECT place_id, state FROM place WHERE kind = 'district' AND students > 0"
    )
    every = Counter(str(state) for _, state in teaching)
    covered = Counter(str(state) for place, state in teaching if unit_of(str(place)) in asked)
    most = sorted(state for state, count in covered.items() if count > _MOST * every[state])
    return Reach(measure, covered.total(), len(teaching), tuple(most))
