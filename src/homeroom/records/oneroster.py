"""OneRoster: its files of people, schools, enrollments, and races as one table of students."""

from __future__ import annotations

from pathlib import Path

import duckdb

from homeroom.errors import BadInput
from homeroom.records.reading import Sheet

_PARTS = {
    "orgs": {"sourcedid", "name", "type"},
    "users": {"sourcedid", "role", "givenname"},
    "demographics": {"sourcedid", "hispanicorlatinoethnicity"},
    "enrollments": {"sourcedid", "usersourcedid", "schoolsourcedid"},
}
"""Columns that tell a file of the standard."""
_RACES = (
    "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander", "white", "hispanicOrLatinoEthnicity",
)  # fmt: skip


def part_of(sheet: Sheet) -> str:
    """Return which file of the standard a sheet is; empty if it is none that counts."""
    columns = {one.lower() for one in sheet.columns}
    return next((name for name, needs in _PARTS.items() if needs <= columns), "")


def write(
    connection: duckdb.DuckDBPyConnection, sheets: list[Sheet], folder: Path
) -> list[tuple[str, Path]]:
    """Write students and schools of a roster as CSV files; return their names and paths.

    Parameters
    ----------
    connection
        A database of this import alone.
    sheets
        The roster's files, among others.
    folder
        Where the files go: a folder for the owner alone.

    Raises
    ------
    BadInput
        The roster lacks people or schools.
    """
    parts = {part_of(one): one for one in sheets}
    for name in ("users", "orgs", "demographics"):
        if name not in parts:
            raise BadInput(f"Expected {name}.csv of a OneRoster roster, found none.")
    for name in _PARTS:
        if name in parts:
            connection.execute(f"CREATE OR REPLACE TEMP VIEW r_{name} AS FROM {parts[name].sql}")
    if "enrollments" not in parts:
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW r_enrollments AS SELECT NULL AS userSourcedId, "
            "NULL AS schoolSourcedId, NULL AS beginDate, NULL AS endDate WHERE false"
        )
    told = {
        "oneroster_schools.csv": """
            SELECT s.sourcedId AS school, s.name AS schoolName, d.sourcedId AS district,
                d.name AS districtName, s.identifier AS identifier
            FROM r_orgs s LEFT JOIN r_orgs d ON d.sourcedId = s.parentSourcedId
            WHERE lower(s.type) = 'school'
        """,
        "oneroster_students.csv": f"""
            WITH stay AS (
                SELECT userSourcedId AS student, schoolSourcedId AS school, min(beginDate) AS begun,
                    max(endDate) AS ended
                FROM r_enrollments GROUP BY ALL)
            SELECT u.sourcedId,
                coalesce(stay.school, split_part(u.orgSourcedIds, ',', 1)) AS school,
                s.parentSourcedId AS district, split_part(u.grades, ',', 1) AS grade,
                d.birthDate, d.sex, {", ".join(f"d.{one}" for one in _RACES)},
                stay.begun AS beginDate, stay.ended AS endDate
            FROM r_users u LEFT JOIN r_demographics d ON d.sourcedId = u.sourcedId
            LEFT JOIN stay ON stay.student = u.sourcedId
            LEFT JOIN r_orgs s
                ON s.sourcedId = coalesce(stay.school, split_part(u.orgSourcedIds, ',', 1))
            WHERE lower(u.role) = 'student'
        """,
    }
    made = []
    for name, query in told.items():
        path = folder / name
        target = str(path).replace("'", "''")
        connection.execute(f"COPY ({query}) TO '{target}' (FORMAT csv, HEADER)")
        made.append((name, path))
    return made
