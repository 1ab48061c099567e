"""What is odd about an extract, as counts: never which rows, never a value of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from homeroom.records.staging import Staged


@dataclass(frozen=True, slots=True)
class Problem:
    """Something odd, in how many rows, and what became of them."""

    id: str
    says: str
    rows: int
    stops: bool = False
    """Whether an import stops at it."""


_OF_ROWS: tuple[tuple[str, str, str, bool], ...] = (
    ("student_without_id", "Students' rows without an id: left out",
     "SELECT count(*) FROM stage_students WHERE student IS NULL", False),
    ("duplicate_students", "Students' rows that repeat student, school, and year: taken once",
     ("SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM stage_students "
     "WHERE student IS NOT NULL GROUP BY student, lea, school, year, entry HAVING count(*) > 1)"),
     False),
    ("unknown_race", "Students' rows without a race: in no group",
     ("SELECT count(*) FROM stage_students WHERE student IS NOT NULL AND coalesce(race, 7) "
     "NOT BETWEEN 0 AND 6 AND coalesce(hispanic, 0) <> 1 AND coalesce(race_american_indian, 0) "
     "<> 1 AND coalesce(race_asian, 0) <> 1 AND coalesce(race_black, 0) <> 1 AND "
     "coalesce(race_pacific, 0) <> 1 AND coalesce(race_white, 0) <> 1"), False),
    ("bad_birth_date", "Birth dates that are no date, or of nobody aged 3 to 21: age not known",
     ("SELECT count(*) FROM stage_students WHERE bad_birth_date OR (birth_date IS NOT NULL AND "
     "year IS NOT NULL AND year - 1 - year(birth_date) NOT BETWEEN 2 AND 22)"), False),
    ("bad_enrollment_date", "Entry or exit dates that are no date, or an exit before the entry",
     "SELECT count(*) FROM stage_students WHERE bad_entry OR bad_exit OR exit < entry", False),
    ("bad_program_date", "Programs without a date to begin with, or ended before: left out",
     'SELECT count(*) FROM stage_programs WHERE begin IS NULL OR bad_end OR "end" < begin',
     False),
    ("event_without_student", "Events without a student: left out",
     ("SELECT (SELECT count(*) FROM stage_actions WHERE student IS NULL) + "
     "(SELECT count(*) FROM stage_participants WHERE student IS NULL)"), False),
    ("bad_event_date", "Events with a date that is none: placed by the year alone",
     ("SELECT (SELECT count(*) FROM stage_actions WHERE bad_date) + "
     "(SELECT count(*) FROM stage_participants WHERE bad_date) + "
     "(SELECT count(*) FROM stage_incidents WHERE bad_date)"), False),
    ("event_outside_year", "Events dated outside the school year that their row names",
     ("SELECT count(*) FROM stage_actions WHERE year IS NOT NULL AND date IS NOT NULL AND "
     "date NOT BETWEEN make_date(year - 1, 7, 1) AND make_date(year, 8, 31)"), False),
    ("bad_days", "Lengths that are no number of days, or below zero: not known",
     "SELECT count(*) FROM stage_actions WHERE bad_days", False),
    ("continuations", "Continuations of an earlier removal: never counted as new ones",
     "SELECT count(*) FROM stage_actions WHERE action = 9", False),
    ("repeated_actions", "Rows that repeat an action: taken once",
     ("SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM stage_actions "
     "WHERE student IS NOT NULL GROUP BY student, lea, school, year, date, action, "
     "coalesce(id, incident), CASE WHEN id IS NULL AND incident IS NULL THEN hundredths END "
     "HAVING count(*) > 1)"), False),
    ("ids_in_scientific_notation",
     "A spreadsheet turned ids of schools or LEAs into numbers such as 1E+11. Export them as text",
     ("SELECT (SELECT count(*) FROM stage_students WHERE regexp_full_match(coalesce(school, lea), "
     "'[0-9][.,]?[0-9]*[eE][+][0-9]+')) + (SELECT count(*) FROM stage_actions WHERE "
     "regexp_full_match(coalesce(school, lea), '[0-9][.,]?[0-9]*[eE][+][0-9]+'))"), True),
)  # fmt: skip
_PLACED: tuple[tuple[str, str, str], ...] = (
    ("race_conflict", "Students whose rows in one LEA give several races: in no group",
     "SELECT count(*) FROM at_lea WHERE race_conflict"),
    ("event_of_unknown_student", "Events of students who are not in the students' file: left out",
     "SELECT count(*) FROM placed WHERE NOT known"),
    ("removal_without_length", "Removals whose length is not known",
     "SELECT count(*) FROM placed WHERE known AND action BETWEEN 1 AND 5 AND hundredths < 0"),
    ("unknown_age", "Students whose age is not known: taken as of school age",
     "SELECT count(*) FROM pupil WHERE age = -1"),
)  # fmt: skip


def of_rows(connection: duckdb.DuckDBPyConnection, staged: Staged) -> list[Problem]:
    """Return what shows in the staged rows, and what the mapping left out."""
    found = [
        Problem(name, says, rows, stops)
        for name, says, query, stops in _OF_ROWS
        if (rows := _count(connection, query))
    ]
    return [
        *found,
        *(Problem("left_out", f"Rows left out: {why}", n) for why, n in staged.left_out.items()),
    ]


def after_placing(connection: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Return what shows when every event is held against the students."""
    return [
        Problem(name, says, rows)
        for name, says, query in _PLACED
        if (rows := _count(connection, query))
    ]


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0] or 0) if row else 0


def told(problems: Iterable[Problem]) -> list[str]:
    """Return problems as lines for people."""
    return [f"{one.says}: {one.rows:,}" for one in problems]
