"""Counts from OCR's State and National Estimations, all states at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np
import polars as pl

from homeroom.evidence import sql
from homeroom.figures.backing import Source
from homeroom.figures.cell_weights import ENROLLMENT
from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.groups import ALL, RACES, Crossing
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import STATES

_DISABILITY = {name: at for at, name in enumerate((ALL, "wodis", "idea", "s504"))}
_RACE = {name: at for at, name in enumerate((ALL, *RACES))}
_SEX = {name: at for at, name in enumerate((ALL, "male", "female"))}
STATE_AT = {name: at for at, name in enumerate(("US", *STATES))}
_SHAPE = (len(STATE_AT), len(_DISABILITY), len(_RACE), len(_SEX))
_Place = tuple[int, int, int, int]


@dataclass(slots=True)
class Table:
    """One measure of one wave: values of every state and group, NaN where none is published.

    Attributes
    ----------
    values
        State by disability by race by sex.
    reporting
        Share of the state's schools that reported, 0 to 1.
    notes
        What OCR published instead of a number, as ``1-3``.
    sources
        Files, by position of the state.
    """

    values: Floats
    reporting: Floats
    notes: dict[_Place, str]
    sources: dict[int, tuple[Source, ...]] = field(default_factory=dict)

    def of(self, crossing: Crossing) -> Floats:
        """Return a crossing's values, a state an element."""
        if crossing.disability not in _DISABILITY or crossing.sex not in _SEX:
            return np.full(len(STATE_AT), np.nan)
        return self.values[:, *_at(crossing)]

    def note(self, state: int, crossings: tuple[Crossing, ...]) -> str | None:
        """Return what OCR published instead of a count of these crossings, or None."""
        for one in crossings:
            if one.disability in _DISABILITY and one.sex in _SEX:
                found = self.notes.get((state, *_at(one)))
                if found is not None:
                    return found
        return None


def _at(crossing: Crossing) -> tuple[int, int, int]:
    return _DISABILITY[crossing.disability], _RACE[crossing.race], _SEX[crossing.sex]


Tables = dict[tuple[str, str], Table]
"""By wave and measure."""


def load(con: duckdb.DuckDBPyConnection) -> Tables:
    """Read every state table of students in the store, with one statement."""
    frame = sql.frame(
        con,
        """
        SELECT e.wave, element, state, disability, race, sex, value, note, reporting,
            title, name, sha256, publication
        FROM official_estimate e JOIN source_file USING (source_id)
        WHERE disability <> 'dis' ORDER BY ALL
        """,
    )
    found = {
        (str(wave), str(element)): _table(part)
        for (wave, element), part in frame.partition_by("wave", "element", as_dict=True).items()
    }
    waves = {wave for wave, _ in found}
    return {
        (wave, measure): table
        for wave in waves
        for measure in MEASURES
        if (table := _of_measure(found, wave, measure)) is not None
    }


def _of_measure(found: Tables, wave: str, measure: str) -> Table | None:
    """Return the table of a measure: its own, or the sum of its elements' where OCR gives those."""
    if (wave, measure) in found:
        return found[wave, measure]
    parts = [found[wave, one] for one in MEASURES[measure].elements if (wave, one) in found]
    if not parts:
        return None
    return Table(
        np.sum([part.values for part in parts], axis=0),
        np.min([part.reporting for part in parts], axis=0),
        {place: note for part in parts for place, note in part.notes.items()},
        {
            state: tuple(dict.fromkeys(s for part in parts for s in part.sources.get(state, ())))
            for state in parts[0].sources
        },
    )


def _table(part: pl.DataFrame) -> Table:
    axes = (("state", STATE_AT), ("disability", _DISABILITY), ("race", _RACE), ("sex", _SEX))
    at = tuple(part[column].replace_strict(known, default=-1).to_numpy() for column, known in axes)
    known = np.all(np.stack(at) >= 0, axis=0)
    at = tuple(axis[known] for axis in at)
    kept = part.filter(pl.Series(known))
    values = np.full(_SHAPE, np.nan)
    values[at] = kept["value"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    reporting = np.full(len(STATE_AT), np.nan)
    reporting[at[0]] = kept["reporting"].fill_null(np.nan).to_numpy() / 100
    notes = {
        (int(at[0][row]), int(at[1][row]), int(at[2][row]), int(at[3][row])): str(note)
        for row, note in enumerate(kept["note"])
        if note is not None
    }
    totals = kept.filter(pl.all_horizontal(pl.col("race", "sex", "disability") == ALL))
    sources: dict[int, tuple[Source, ...]] = {
        STATE_AT[state]: (Source(*found),)
        for state, *found in totals.select("state", "title", "name", "sha256", "publication").rows()
    }
    return Table(values, reporting, notes, sources)


def side(
    tables: Tables, wave: str, measure: str, crossings: tuple[Crossing, ...], section504: str
) -> tuple[Floats, Floats]:
    """Return events and students of a side, a state an element; NaN where not published."""
    nothing = np.full(len(STATE_AT), np.nan)
    counted, enrolled = tables.get((wave, measure)), tables.get((wave, ENROLLMENT))
    if counted is None:
        return nothing, nothing
    zero = np.zeros(len(STATE_AT))
    events = sum((_events(counted, one, section504) for one in crossings), zero)
    if enrolled is None:
        return events, nothing
    if measure == ENROLLMENT:  # every group is a share of all students
        return events, _students(enrolled, Crossing(), "with")
    return events, sum((_students(enrolled, one, section504) for one in crossings), zero)


def _events(table: Table, crossing: Crossing, section504: str) -> Floats:
    """Count events: a total has students under Section 504 only, unless left out; a race none."""
    whole = table.of(crossing)
    if section504 == "without" and crossing.disability == ALL and crossing.race == ALL:
        return whole - table.of(Crossing(ALL, crossing.sex, "s504"))
    return whole


def _students(table: Table, crossing: Crossing, section504: str) -> Floats:
    whole = table.of(Crossing(crossing.race, crossing.sex))
    only504 = table.of(Crossing(crossing.race, crossing.sex, "s504"))
    if crossing.disability == "wodis":
        return whole - table.of(Crossing(crossing.race, crossing.sex, "idea")) - only504
    if crossing.disability == ALL:
        return whole - only504 if section504 == "without" else whole
    return table.of(crossing)
