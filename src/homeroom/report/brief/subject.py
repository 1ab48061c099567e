"""The place that a brief is about, with the rows that several of its sections read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence import places
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures import overview, rates
from homeroom.report.names import readable
from homeroom.report.place_figures import Rows, staff_wave, waves_of
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import usual


@dataclass(frozen=True, slots=True)
class Subject:
    """A place and its figures."""

    con: duckdb.DuckDBPyConnection
    area: PlaceRange
    facts: dict[str, Any]
    name: str
    policy: str
    outcomes: Rows
    staff: Rows

    @property
    def wave(self) -> str | None:
        """The wave whose arrests the brief reads: the latest, the pandemic year last."""
        return usual(waves_of(self.outcomes, "arrests"))

    @property
    def staff_wave(self) -> str | None:
        """The wave whose adults the brief reads: the latest of all schools, else the latest."""
        return staff_wave(self.staff)

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

    def rate(self, measure: str, place: str, wave: str) -> dict[str, Any] | None:
        """Return the rate of all students in a place, or None where it is not at hand."""
        try:
            frame = rates.rates(self.con, measure, place, wave)
        except NotAvailable:
            return None
        return frame.filter(pl.col("group") == "all").row(0, named=True)


def subject(
    con: duckdb.DuckDBPyConnection, place: str, *, name: str | None, policy: str
) -> Subject:
    """Look a place up.

    Raises
    ------
    NotAvailable
        The store has no such place.
    """
    area = place_range(place)
    facts = places.facts(con, area)
    called = readable(str(facts["name"]))
    return Subject(
        con, area, facts, name or (f"the {called}" if area.kind == "nation" else called), policy,
        overview.outcomes(con, area, policy).to_dicts(),
        overview.staff(con, area, policy).to_dicts(),
    )  # fmt: skip
