"""Quality rules: which published figures are doubted, by which rule, on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb
import yaml

from homeroom.errors import BadInput
from homeroom.vocabulary.ids import lea_number, school_number_of

POLICIES = {
    "published": "As OCR published it; reserve codes are missing.",
    "screened": "As published, but figures that a quality rule doubts are taken as missing.",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, with its source; ``sql`` or an erratum says which rows it flags."""

    id: str
    sentence: str
    source: str
    sql: str = ""
    leaid: str = ""
    combokey: str = ""
    waves: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    kind: str = "count"


def check_policy(policy: str) -> None:
    """Refuse a policy that does not exist.

    Raises
    ------
    BadInput
        The message lists the policies.
    """
    if policy not in POLICIES:
        raise BadInput(
            f"policy {policy!r}: expected one of {', '.join(POLICIES)}. `published` is "
            "as OCR published; `screened` takes doubted figures as missing."
        )


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by id: the general ones, then the known errata."""
    folder = files("homeroom.evidence.quality")
    found = [
        entry
        for name in ("rules.yaml", "errata.yaml")
        for entry in yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    ]
    made = [
        Rule(**entry | {k: tuple(entry[k]) for k in ("waves", "subjects") if k in entry})
        for entry in found
    ]
    return {rule.id: rule for rule in made}


_FLAG = "(rule, wave, school_no, subject, detail)"
_SIZES = """
UPDATE quality_flag SET amount = known.amount, students = known.students FROM (
    SELECT wave, school_no, subject, coalesce(n, fte, 0)::DOUBLE AS amount,
        coalesce(students, 0) AS students
    FROM (SELECT DISTINCT wave, school_no, subject FROM quality_flag)
    LEFT JOIN school_count USING (wave, school_no, subject)
    LEFT JOIN (SELECT wave, school_no, role AS subject, fte FROM staff)
        USING (wave, school_no, subject)
    LEFT JOIN school_size USING (wave, school_no)) AS known
WHERE known.wave = quality_flag.wave AND known.school_no = quality_flag.school_no
    AND known.subject = quality_flag.subject
"""
"""How much of a sum a doubted figure is: its events or full-time equivalents, its students."""


def flag(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Fill quality_flag from the tables; give a note for each rule that flagged anything."""
    _count(connection)
    for rule in rules().values():
        if rule.sql:
            connection.execute(
                f"INSERT INTO quality_flag {_FLAG} SELECT ?, * FROM ({rule.sql})", [rule.id]
            )
        else:
            _flag_erratum(connection, rule)
    connection.execute(_SIZES)
    connection.execute("DROP TABLE school_count")
    counts = connection.execute(
        "SELECT rule, count(*) FROM quality_flag GROUP BY rule ORDER BY rule"
    ).fetchall()
    return [("quality rules", f"{rule}: {number:,} figures flagged") for rule, number in counts]


def _count(connection: duckdb.DuckDBPyConnection) -> None:
    """Each school's total of each measure: all parts, races and sexes that it reported."""
    connection.execute("""
        CREATE TEMP TABLE school_count AS
        SELECT wave, school_no, measure AS subject, sum(value)::BIGINT AS n
        FROM cell JOIN measure_cell USING (cell_id) WHERE value IS NOT NULL
        GROUP BY ALL
    """)


def _flag_erratum(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    if rule.combokey:
        low = high = school_number_of(rule.combokey)
    else:
        low = lea_number(rule.leaid) * 100_000
        high = low + 99_999
    connection.execute(
        f"""
        INSERT INTO quality_flag {_FLAG}
        SELECT DISTINCT ?, wave, school_no, unnest(?), ? FROM answered
        WHERE school_no BETWEEN ? AND ? AND list_contains(?, wave)
        """,
        [rule.id, list(rule.subjects), rule.sentence, low, high, list(rule.waves)],
    )
