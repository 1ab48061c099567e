"""The place that a brief is about, with the figures that several of its sections read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.outcomes import usual_wave
from homeroom.figures.question import Question
from homeroom.report.place_figures import OutcomeTable, StaffRow, staff_wave
from homeroom.report.profile import Profile, profile
from homeroom.report.sentences import place_name
from homeroom.vocabulary.states import STATES


@dataclass(frozen=True, slots=True)
class Subject:
    """A place and its figures."""

    store: Store
    area: PlaceRange
    name: str
    policy: str
    page: Profile

    @property
    def facts(self) -> dict[str, Any]:
        """What is known of the place itself."""
        return self.page.facts

    @property
    def wave(self) -> str | None:
        """The wave whose arrests the brief reads: see :func:`usual_wave`."""
        return usual_wave(self.page.outcomes, "arrests")

    @property
    def staff_wave(self) -> str | None:
        """The wave whose adults the brief reads: see :func:`staff_wave`."""
        return staff_wave(self.page.staff)

    @property
    def adults(self) -> list[StaffRow]:
        """The adults of that wave."""
        return self.page.adults(self.staff_wave) if self.staff_wave else []

    @property
    def wider(self) -> tuple[tuple[str, str], ...]:
        """The places that hold this one: ids and names."""
        state = self.facts["state"]
        nation = (("US", "the United States"),)
        if self.area.kind == "nation":
            return ()
        if self.area.kind == "state":
            return nation
        return ((f"US-{state}", STATES[state]), *nation)

    def table(self, measure: str) -> OutcomeTable | None:
        """Return a measure by group in the wave that the brief reads; None where there is none."""
        wave = usual_wave(self.page.outcomes, measure)
        return self.page.table(measure, wave) if wave else None

    def rate(self, measure: str, place: str, wave: str) -> Figure:
        """Return the rate of all students in a place."""
        return answer(self.store, [Question(measure, place=place, wave=wave)])[0]

    def beside(self, measure: str, wave: str) -> list[tuple[str, Figure]]:
        """Return the rates of the larger places in a wave, those that have one."""
        found = [(name, self.rate(measure, place, wave)) for place, name in self.wider]
        return [(name, one) for name, one in found if one.value is not None]


def subject(store: Store, place: str, *, name: str | None, policy: str) -> Subject:
    """Look a place up.

    Raises
    ------
    NotAvailable
        The store has no such place.
    """
    area = place_range(place)
    page = profile(store, area.place_id, policy=policy)
    called = place_name(area.place_id, name) if name else page.name
    return Subject(store, area, called, policy, page)
