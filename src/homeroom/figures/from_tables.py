"""Counts for questions that OCR's State and National Estimations answer, all states at once."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.evidence import sql
from homeroom.figures.cell_weights import Token
from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.groups import ALL, RACES
from homeroom.vocabulary.states import STATES

_DISABILITY = {name: at for at, name in enumerate((ALL, "wodis", "idea", "s504"))}
_RACE = {name: at for at, name in enumerate((ALL, *RACES))}
_SEX = {name: at for at, name in enumerate((ALL, "male", "female"))}
STATE_AT = {name: at for at, name in enumerate(("US", *STATES))}
_SHAPE = (len(STATE_AT), len(_DISABILITY), len(_RACE), len(_SEX))
ENROLLMENT = "enrollment"


@dataclass(slots=True)
class Element:
    """One element of one wave: values of every state and group, NaN where none is published."""

    values: Floats
    reporting: Floats
    suppressed: NDArray[np.bool_]
    source: dict[int, str] = field(default_factory=dict)
    """By position of the state."""

    def of(self, token: Token) -> Floats:
        """Return a category's values, a state an element."""
        if token.disability not in _DISABILITY or token.sex not in _SEX:
            return np.full(len(STATE_AT), np.nan)
        at = _DISABILITY[token.disability], _RACE[token.race], _SEX[token.sex]
        return self.values[:, at[0], at[1], at[2]]


Tables = dict[tuple[str, str], Element]
"""By wave and element."""


def load(con: duckdb.DuckDBPyConnection) -> Tables:
    """Read every state table of students in the store, with one statement."""
    frame = sql.frame(
        con,
        """
        SELECT e.wave, element, state, disability, race, sex, value, note, reporting,
            'US ED Office for Civil Rights, ' || title || ': ' || name || ' (sha256 '
                || left(sha256, 12) || ')' AS source
        FROM official_estimate e JOIN source_file USING (source_id)
        WHERE disability <> 'dis' AND element IN (SELECT measure FROM measure_element)
        """,
    ).rename({"wave": "w", "element": "e"})
    return {
        (str(w), str(e)): _element(part)
        for (w, e), part in frame.partition_by("w", "e", as_dict=True).items()
    }


def _element(part: pl.DataFrame) -> Element:
    at = tuple(
        part[column].replace_strict(known, default=-1).to_numpy()
        for column, known in (
            ("state", STATE_AT),
            ("disability", _DISABILITY),
            ("race", _RACE),
            ("sex", _SEX),
        )
    )
    known = np.all(np.stack(at) >= 0, axis=0)
    at = tuple(axis[known] for axis in at)
    kept = part.filter(pl.Series(known))
    values, hidden = np.full(_SHAPE, np.nan), np.zeros(_SHAPE, dtype=bool)
    values[at] = kept["value"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    hidden[at] = kept["note"].is_not_null().to_numpy()
    reporting = np.full(len(STATE_AT), np.nan)
    reporting[at[0]] = kept["reporting"].fill_null(np.nan).to_numpy() / 100
    totals = kept.filter(pl.all_horizontal(pl.col("race", "sex", "disability") == ALL))
    source = {STATE_AT[s]: str(text) for s, text in totals.select("state", "source").rows()}
    return Element(values, reporting, hidden, source)


def side(
    tables: Tables, wave: str, measure: str, tokens: tuple[Token, ...], section504: str
) -> tuple[Floats, Floats]:
    """Return events and students of a side, a state an element; NaN where not published."""
    nothing = np.full(len(STATE_AT), np.nan)
    counted, enrolled = tables.get((wave, measure)), tables.get((wave, ENROLLMENT))
    if counted is None:
        return nothing, nothing
    events = sum((_events(counted, token, section504) for token in tokens), np.zeros(len(STATE_AT)))
    if enrolled is None:
        return events, nothing
    if measure == ENROLLMENT:
        return events, _students(enrolled, Token(), "with")
    students = sum(
        (_students(enrolled, token, section504) for token in tokens), np.zeros(len(STATE_AT))
    )
    return events, students


def _events(table: Element, token: Token, section504: str) -> Floats:
    """Count events: a total has students under Section 504 only, unless left out; a race none."""
    whole = table.of(token)
    if section504 == "without" and token.disability == ALL and token.race == ALL:
        return whole - table.of(Token(ALL, token.sex, "s504"))
    return whole


def _students(table: Element, token: Token, section504: str) -> Floats:
    whole = table.of(Token(token.race, token.sex))
    only504 = table.of(Token(token.race, token.sex, "s504"))
    if token.disability == "wodis":
        return whole - table.of(Token(token.race, token.sex, "idea")) - only504
    if token.disability == ALL:
        return whole - only504 if section504 == "without" else whole
    return table.of(token)
