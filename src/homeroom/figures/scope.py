"""The schools that sums run over: those of some units of one level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.vocabulary.ids import LEA_SPAN, STATE_SPAN

WIDTH = {"state": STATE_SPAN, "district": LEA_SPAN, "school": 1}
"""How many school numbers a unit of each level takes."""
_LEVEL_OF = {"nation": "state", "state": "state", "district": "district", "school": "school"}


@dataclass(frozen=True, slots=True)
class Scope:
    """Schools of one level's units: all of them, or those of ``units``."""

    level: str
    units: frozenset[int] | None = None

    @property
    def width(self) -> int:
        """How many school numbers a unit takes."""
        return WIDTH[self.level]

    @property
    def where(self) -> str:
        """SQL on school_no that keeps the scope's schools."""
        if self.units is None:
            return "TRUE"
        known = sorted(self.units)
        if not known:
            return "FALSE"
        low, high = known[0] * self.width, (known[-1] + 1) * self.width - 1
        # The range lets the store pass over what lies outside, which the list alone would not.
        ranged = f"school_no BETWEEN {low} AND {high}"
        if len(known) == known[-1] - known[0] + 1:
            return ranged
        unit = "school_no" if self.width == 1 else f"school_no // {self.width}"
        return f"{ranged} AND {unit} IN ({', '.join(str(unit) for unit in known)})"


def level_of(area: PlaceRange) -> str:
    """Return the level at which a place's schools are summed."""
    return _LEVEL_OF[area.kind]


@lru_cache(maxsize=65_536)
def unit_of(place: str) -> int | None:
    """Return a place's unit at its level; None for the nation, which is the sum of the states."""
    area = place_range(place)
    return None if area.kind == "nation" else area.low // WIDTH[area.kind]


def scope_of(areas: Iterable[PlaceRange]) -> Scope:
    """Return the scope of places of one level."""
    listed = list(areas)
    units = {unit_of(area.place_id) for area in listed}
    found = {level_of(area) for area in listed}
    (level,) = found
    return Scope(level, None if None in units else frozenset(u for u in units if u is not None))


def in_list(names: Iterable[str]) -> str:
    """Return SQL of a list of our own ids."""
    return ", ".join(f"'{name}'" for name in names)
