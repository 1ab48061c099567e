"""What an extract carries and what it can't: said beside every number, the ground of refusals."""

from __future__ import annotations

import duckdb

from homeroom.records import vocabulary as words
from homeroom.records.mapping import OF_ALL, Mapping
from homeroom.records.staging import Staged

SAID_SO = "carried"
"""What a coverage block says of a thing that the system collects though no row shows it."""
_COLUMNS = {
    "race": (("students", ("race", "hispanic", "race_black", "race_white")),),
    "disability": (("students", ("idea", "disability")), ("programs", ("student",))),
    "disability_category": (("students", ("disability",)), ("programs", ("disability",))),
    "setting": (("students", ("setting",)), ("programs", ("setting",))),
    "days": (("actions", ("days",)),),
    "enrollment": (("students", ("student",)),),
    "referrals": (
        ("actions", ("referred", "arrested")),
        ("participants", ("referred", "arrested")),
        ("incidents", ("referred",)),
    ),
    "arrests": (("actions", ("arrested",)), ("participants", ("arrested",))),
    "iss": (("actions", ("action",)),),
    "oss": (("actions", ("action",)),),
    "expulsions": (("actions", ("action",)),),
    "zero_tolerance": (("actions", ("zero_tolerance",)),),
    "transfers": (("actions", ("action",)),),
    "mechanical_restraint": (("actions", ("action",)),),
    "physical_restraint": (("actions", ("action",)),),
    "seclusion": (("actions", ("action",)),),
}
"""The roles and columns of which an extract must have one."""
_UNPROVEN = ("transfers", "mechanical_restraint", "physical_restraint", "seclusion")
"""Measures that many systems keep elsewhere: without a row, nobody knows whether it is zero."""


def carried(
    connection: duckdb.DuckDBPyConnection, staged: Staged, mapping: Mapping
) -> dict[str, str]:
    """Return each of :data:`words.CARRIED`, and why the extract can't carry it; empty if it can.

    Parameters
    ----------
    connection
        The database with the staged tables.
    staged
        What was staged.
    mapping
        The system's mapping, with its coverage block.
    """
    query = "SELECT DISTINCT action FROM stage_actions WHERE action > 0"
    seen = {
        words.MEASURE_OF_ACTION[number]
        for (number,) in connection.execute(query).fetchall()
        if number in words.MEASURE_OF_ACTION
    }
    coded = {
        words.MEASURE_OF_ACTION[words.ACTIONS.index(word)]
        for word in mapping.codes.get("action", {}).values()
        if words.ACTIONS.index(word) in words.MEASURE_OF_ACTION
    }
    found = {thing: _reason(thing, staged, mapping, seen, coded) for thing in words.CARRIED}
    found |= {thing: why for thing, why in mapping.lacks.items() if thing not in found}
    if not found["race"] and not _some_race(connection):
        found["race"] = "No student of the extract has a race."
    return found


def _some_race(connection: duckdb.DuckDBPyConnection) -> bool:
    flags = " OR ".join(f"race_{one} = 1" for one in words.RACES[1:6])
    query = f"SELECT 1 FROM stage_students WHERE race < 7 AND race >= 0 OR hispanic = 1 OR {flags}"
    return connection.execute(f"{query} LIMIT 1").fetchone() is not None


def _reason(thing: str, staged: Staged, mapping: Mapping, seen: set[str], coded: set[str]) -> str:
    said = mapping.lacks.get(thing, "")
    if said and said != SAID_SO:
        return said
    named = thing.replace("_", " ")
    has = any(
        staged.columns.get(role, set()).intersection(columns) for role, columns in _COLUMNS[thing]
    )
    if not has:
        return f"No file of the extract has a column for {named}."
    if thing in words.MEASURE_OF_ACTION.values() and thing not in coded:
        return f"The mapping has no code for {named}."
    if thing in _UNPROVEN and thing not in seen and said != SAID_SO:
        return (
            f"No row of the extract is about {named}: it may be kept elsewhere, so that this is "
            "not a zero."
        )
    return ""


def of_all_students(found: dict[str, str], measure: str) -> str:
    """Return why a measure can't be counted among all students; empty if it can."""
    return found.get(measure, "") or found.get(OF_ALL.format(measure), "")


def lacking(found: dict[str, str], things: tuple[str, ...]) -> str:
    """Return why some things can't be counted, in one text; empty if all can."""
    return " ".join(dict.fromkeys(found[thing] for thing in things if found.get(thing)))
