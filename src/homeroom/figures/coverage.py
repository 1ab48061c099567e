"""How much of a place the files at hand speak for.

A state of which only the high schools are at hand, or a nation of which three states are, must
not look whole. So coverage is a share of the students that OCR's state tables give the place, as
soon as the schools at hand hold fewer than nine in ten of them; districts and schools are measured
against their own enrollment.
"""

from __future__ import annotations

import duckdb

from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange
from homeroom.vocabulary.states import POSTAL_OF_FIPS

_WHOLE = 0.9


def students_of(con: duckdb.DuckDBPyConnection, area: PlaceRange, wave: str, at_hand: int) -> int:
    """Return the students that a figure of the place should speak for."""
    if area.state is None:
        return at_hand
    found = sql.rows(
        con,
        """
        SELECT value FROM official_estimate
        WHERE state = ? AND element = 'enrollment' AND race = 'all' AND sex = 'all'
          AND disability = 'all' AND value IS NOT NULL
        ORDER BY wave <> ?, wave DESC LIMIT 1
        """,
        [area.state, wave],
    )
    official = found[0][0] if found else 0
    return at_hand if at_hand >= _WHOLE * official else official


def states_at_hand(con: duckdb.DuckDBPyConnection, wave: str, module: str) -> list[str]:
    """List the states whose full school files hold a module of a wave."""
    rows = sql.rows(
        con,
        "SELECT DISTINCT school_no // 100000000000 FROM answered WHERE wave = ? AND module = ?",
        [wave, module],
    )
    return sorted(POSTAL_OF_FIPS[f"{fips:02d}"] for (fips,) in rows)


def high_schools_only(con: duckdb.DuckDBPyConnection, area: PlaceRange, wave: str) -> bool:
    """Return whether staff of the place must be read from the high-school files alone.

    For the nation, the full files of a few states must not be mixed into the high schools of all
    the others: they would weigh too much.
    """
    if area.kind != "nation":
        return False
    has = sql.rows(con, "SELECT 1 FROM school_total WHERE wave = ? LIMIT 1", [wave])
    return bool(has) and len(states_at_hand(con, wave, "enrollment")) < 50


def note(con: duckdb.DuckDBPyConnection, area: PlaceRange, wave: str, module: str) -> str | None:
    """Say in words which schools a sum speaks for, where they are not all."""
    if high_schools_only(con, area, wave):
        return "high schools only"
    if area.kind == "nation":
        states = states_at_hand(con, wave, module)
        if states and len(states) < 50:
            return f"only the schools at hand, which lie in {', '.join(states)}"
    elif area.kind in ("state", "district"):
        counted = sql.rows(
            con,
            "SELECT count(*) FILTER (publication = 'crdc_high_schools'), count(*) "
            "FROM staff JOIN source_file USING (source_id) "
            "WHERE staff.wave = ? AND school_no BETWEEN ? AND ?",
            [wave, area.low, area.high],
        )[0]
        if counted[0] and counted[0] == counted[1]:
            return "high schools only"
    return None
