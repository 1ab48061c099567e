"""A national file held against the totals that are known of its wave: right, or off by how much.

The table ``known_totals.csv`` names each total's source. Totals of OCR are its State and National
Estimations; totals of "school files" are sums that others read off the same public-use file, for
waves of which OCR published no national table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

import duckdb

from homeroom.evidence import sql
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.vocabulary.ids import STATE_SPAN
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import FIPS, STATES
from homeroom.vocabulary.waves import WAVES

TERRITORIES = ("AS", "GU", "MP", "PR", "VI", "BI")
NATION = frozenset(int(FIPS[state]) for state in STATES if state not in TERRITORIES)
"""FIPS numbers of the 50 states and the District of Columbia."""


@dataclass(frozen=True, slots=True)
class KnownTotal:
    """A national total of one measure in one wave, and where it was published."""

    wave: str
    measure: str
    total: int
    kind: str
    """OCR, or school files."""
    source: str

    @property
    def words(self) -> str:
        """Whose number it is: ``OCR's published 54,321``."""
        whose = "OCR's published" if self.kind == "OCR" else "the known sum of the school file,"
        return f"{whose} {self.total:,}"


def known_totals() -> tuple[KnownTotal, ...]:
    """Return the table of known totals."""
    text = (files("homeroom.evidence") / "known_totals.csv").read_text(encoding="utf-8")
    return tuple(
        KnownTotal(row["wave"], row["measure"], int(row["total"]), row["kind"], row["source"])
        for row in csv.DictReader(text.splitlines())
    )


def compare(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Return a note for each national total and number of schools that can be compared.

    A wave is compared in the modules for which every state has schools in the store; part of the
    country says nothing of the nation's total.

    Parameters
    ----------
    connection
        A store with the tables answered, cell, and measure_cell filled.
    """
    whole = {
        (str(wave), str(module)): int(schools)
        for wave, module, schools, states in sql.rows(
            connection,
            "SELECT wave, module, count(DISTINCT school_no), "
            f"list(DISTINCT school_no // {STATE_SPAN}) FROM answered GROUP BY ALL",
        )
        if set(states) >= NATION
    }
    notes = []
    for wave in sorted({wave for wave, _ in whole}):
        schools = max(count for (of, _), count in whole.items() if of == wave)
        notes += [(f"CRDC {wave}", note) for note in _schools(wave, schools)]
    for known in known_totals():
        if (known.wave, _module(known.measure)) in whole:
            found = _sum(connection, known)
            notes.append((f"CRDC {known.wave}", _said(known, found)))
    return notes


def _module(measure: str) -> str:
    return ELEMENTS[MEASURES[measure].elements[0]].module


def _sum(connection: duckdb.DuckDBPyConnection, known: KnownTotal) -> int:
    found = sql.rows(
        connection,
        "SELECT coalesce(sum(value), 0) FROM cell JOIN measure_cell USING (cell_id) "
        "WHERE wave = ? AND measure = ?",
        [known.wave, known.measure],
    )
    return int(found[0][0])


def _said(known: KnownTotal, found: int) -> str:
    label = MEASURES[known.measure].label
    if found == known.total:
        return f"{label}: {found:,} in all states, which matches {known.words}"
    off = found - known.total
    return (
        f"{label}: {found:,} in all states, {abs(off):,} {'more' if off > 0 else 'fewer'} than "
        f"{known.words} ({off / known.total:+.2%})"
    )


def _schools(wave: str, found: int) -> list[str]:
    expected = WAVES[wave].expected_schools
    if expected is None:
        return []
    if found == expected:
        return [f"{found:,} schools, as many as OCR's file has"]
    return [f"{found:,} schools, where OCR's file has {expected:,}"]
