"""What a store can be asked: which waves and states, and what answers for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures.cell_weights import ENROLLMENT
from homeroom.vocabulary.ids import STATE_SPAN
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import POSTAL_OF_FIPS

MOST_STATES = 40
"""Sums over the schools of fewer states than this are not offered as figures of the nation."""


@dataclass(frozen=True, slots=True)
class Availability:
    """What the store can be asked.

    Attributes
    ----------
    tables
        Place id, wave, and measure of every figure in a state table.
    files
        Place id of a state, wave, and module of every school file.
    """

    tables: frozenset[tuple[str, str, str]]
    files: frozenset[tuple[str, str, str]]

    @property
    def waves(self) -> frozenset[str]:
        """Waves with any figure."""
        return frozenset(wave for _, wave, _ in self.tables | self.files)

    @property
    def states(self) -> tuple[str, ...]:
        """Place ids of the states with a state table or school files."""
        return tuple(sorted({place for place, _, _ in self.tables | self.files} - {"US"}))

    def table(self, place: str, wave: str, measure: str) -> bool:
        """Return whether a state table gives the measure's rates."""
        both = ((place, wave, measure), (place, wave, ENROLLMENT))
        return all(one in self.tables for one in both)

    def schools(self, place: str, wave: str, measure: str) -> bool:
        """Return whether school files of the place's state, or of most states, hold the measure."""
        module = MEASURES[measure].module
        state = _state_of(place)
        if state is None:
            return sum(w == wave and m == module for _, w, m in self.files) >= MOST_STATES
        return (state, wave, module) in self.files


@lru_cache(maxsize=4_096)
def _state_of(place: str) -> str | None:
    area = place_range(place)
    return None if area.kind == "nation" else state_id(area)


def state_id(area: PlaceRange) -> str:
    """Return the place id of the state that a place lies in."""
    code = f"{area.low // STATE_SPAN:02d}"
    return f"US-{POSTAL_OF_FIPS.get(code, code)}"  # an id may name a state that isn't one
