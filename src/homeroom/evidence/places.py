"""Places: every nation, state, district and school that any file speaks of, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import duckdb
import polars as pl

from homeroom.errors import UnknownPlace
from homeroom.evidence import known_places, sql
from homeroom.evidence.place_ids import PlaceRange
from homeroom.vocabulary.states import FIPS, STATES


def fill_sizes(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables school_size and nonresponse from those that files filled."""
    connection.execute((files("homeroom.evidence") / "sizes.sql").read_text(encoding="utf-8"))


def fill(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Fill the table place from all others; give notes on what stayed unmatched.

    No join may lose a school: a district that only one file knows is a place all the same.
    """
    states = pl.DataFrame(
        [(postal, name, int(FIPS[postal])) for postal, name in STATES.items()],
        ["state", "name", "fips"],
        orient="row",
    )
    given = {
        "states": states,
        "known_name": known_places.names(),
        "known_parent": known_places.parents(),
        "known_alias": known_places.aliases(),
    }
    for name, frame in given.items():
        connection.register(name, frame.to_arrow())
    connection.execute((files("homeroom.evidence") / "places.sql").read_text(encoding="utf-8"))
    for name in given:
        connection.unregister(name)
    return [("places", str(note)) for (note,) in connection.execute(_UNMATCHED).fetchall() if note]


def facts(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> dict[str, Any]:
    """Return what is known of a place itself: the columns of table `place`, ids as text.

    Raises
    ------
    UnknownPlace
        The store has no such place.
    """
    names, found = sql.named_rows(con, "SELECT * FROM place WHERE place_id = ?", [area.place_id])
    if not found:
        raise UnknownPlace(f"{area.place_id}: expected a place of the store, found none.")
    return {name: value for name, value in zip(names, found[0], strict=True) if name != "school_no"}


@dataclass(frozen=True, slots=True)
class Part:
    """A place that belongs to another, or one that others belong to."""

    id: str
    name: str


def parent(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> Part | None:
    """Return the district that OCR counts a district within, or None."""
    found = sql.rows(
        con, "SELECT whole.place_id, whole.name FROM place JOIN place whole "
        "ON whole.place_id = place.parent WHERE place.place_id = ?", [area.place_id],
    )  # fmt: skip
    return Part(*map(str, found[0])) if found else None


def parts(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> list[Part]:
    """Return the districts that OCR counts within a district, in the order of their names."""
    found = sql.rows(
        con, "SELECT place_id, name FROM place WHERE parent = ? "
        "ORDER BY regexp_replace(name, '[# ]*[0-9]+$', ''), "
        "try_cast(regexp_extract(name, '[0-9]+$') AS INTEGER), place_id", [area.place_id],
    )  # fmt: skip
    return [Part(*map(str, row)) for row in found]


@dataclass(frozen=True, slots=True)
class Member:
    """A place directly inside another: a school of a district, a district of a state, a state."""

    id: str
    name: str
    students: int | None


_MEMBERS = {
    "district": "kind = 'school' AND leaid = ?",
    "state": "kind = 'district' AND state = ?",
    "nation": "kind = 'state' AND ? IS NOT NULL",
}


def members(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> list[Member]:
    """Return the places directly inside a place, in the order of their ids; a school has none."""
    if area.kind not in _MEMBERS:
        return []
    within = area.place_id.removeprefix("lea:").removeprefix("US-")
    found = sql.rows(
        con, "SELECT place_id, name, students FROM place "
        f"WHERE {_MEMBERS[area.kind]} ORDER BY place_id", [within],
    )  # fmt: skip
    return [Member(str(place), str(name or ""), students) for place, name, students in found]


_UNMATCHED = """
WITH directory AS (
         SELECT DISTINCT leaid FROM district WHERE year NOT IN (SELECT wave FROM answered)),
     crdc AS (SELECT wave, leaid_of(school_no // 100000) AS leaid, count(*) AS schools
              FROM (SELECT DISTINCT wave, school_no FROM answered
                    UNION SELECT wave, school_no FROM school_total) GROUP BY ALL)
SELECT format('{}: {:,} CRDC districts with {:,} schools have ids in no NCES directory given; '
              'they keep pages of their own', wave, count(*), sum(schools)::BIGINT)
FROM crdc WHERE leaid NOT IN (SELECT leaid FROM directory) AND EXISTS (FROM directory)
GROUP BY wave ORDER BY wave
"""
