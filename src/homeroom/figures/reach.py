"""How far a store reaches: the share of districts of which it holds school files of a measure."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.figures.query_cache import QueryCache, module_of
from homeroom.figures.scope import Scope, unit_of


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
    """

    measure: str
    covered: int
    districts: int

    @property
    def share(self) -> float:
        """Covered districts as a share of all, 0 to 1; 0 where the store has no districts."""
        return self.covered / self.districts if self.districts else 0.0


def reach(store: Store, measure: str = "arrests", state: str | None = None) -> Reach:
    """Count the districts of which a store holds school files of a measure.

    State tables do not count: they say nothing of a district.

    Parameters
    ----------
    store
        The open store.
    measure
        Measure id.
    state
        Postal code; the whole country if None.
    """
    cache, module = QueryCache.of(store), module_of(measure)
    files = cache.files(Scope("district"))
    asked = {unit for (_, asks), units in files.items() if asks == module for unit in units}
    teaching = sql.rows(
        store.con,
        "SELECT place_id FROM place WHERE kind = 'district' AND students > 0 "
        "AND (state = $1 OR $1 IS NULL)",
        [state],
    )
    units = [unit_of(str(place)) for (place,) in teaching]
    return Reach(measure, sum(unit in asked for unit in units), len(units))
