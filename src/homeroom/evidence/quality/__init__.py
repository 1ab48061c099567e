"""Quality rules: which published figures are doubted, by which rule, on whose word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb
import yaml

from homeroom.errors import BadInput
from homeroom.vocabulary.ids import lea_number, school_number_of
from homeroom.vocabulary.waves import WAVES

POLICIES = {
    "published": "As OCR published it; reserve codes are missing.",
    "screened": "As published, but figures that a quality rule doubts are taken as missing.",
}

KINDS = ("zero", "count")
_LISTS = ("leaids", "waves", "subjects")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in words, with its source; ``sql`` or an erratum says which rows it flags."""

    id: str
    kind: str
    """``zero`` where the rule doubts a zero or says that figures are missing, else ``count``."""
    sentence: str
    source: str
    sql: str = ""
    leaids: tuple[str, ...] = ()
    """Districts of an erratum."""
    combokey: str = ""
    """School of an erratum."""
    waves: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()


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
    made = [Rule(**entry | {k: tuple(entry[k]) for k in _LISTS if k in entry}) for entry in found]
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
    # Errata first, so that no rule takes a figure known to be wrong as a yardstick for another.
    for rule in sorted(rules().values(), key=lambda rule: bool(rule.sql)):
        if rule.sql:
            connection.execute(
                f"INSERT INTO quality_flag {_FLAG} SELECT ?, * FROM ({rule.sql})", [rule.id]
            )
        else:
            _flag_erratum(connection, rule)
    connection.execute(_SIZES)
    for table in ("school_count", "school_answer", "pandemic"):
        connection.execute(f"DROP TABLE {table}")
    counts = connection.execute(
        "SELECT rule, count(*) FROM quality_flag GROUP BY rule ORDER BY rule"
    ).fetchall()
    return [("quality rules", f"{rule}: {number:,} figures flagged") for rule, number in counts]


def _count(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that rules read, beside those of the store.

    ``school_count``: each school's total of each measure, all parts, races, and sexes that it
    reported. ``school_answer``: a row a school and measure that it was asked for, with that total
    (0 where nothing was counted), its students, and whether it reported every part. ``pandemic``:
    the waves in which most schools were remote.
    """
    connection.execute("""
        CREATE TEMP TABLE school_count AS
        SELECT wave, school_no, measure AS subject, sum(value)::BIGINT AS n
        FROM cell JOIN measure_cell USING (cell_id) WHERE value IS NOT NULL
        GROUP BY ALL
    """)
    connection.execute("""
        CREATE TEMP TABLE school_answer AS
        SELECT a.wave, a.school_no, asked.measure AS subject, coalesce(n, 0) AS n, students,
            none.school_no IS NULL AS reported
        FROM answered a
        JOIN (SELECT DISTINCT measure, module FROM measure_element) AS asked
            ON asked.module = a.module
        LEFT JOIN school_size s ON s.wave = a.wave AND s.school_no = a.school_no
        LEFT JOIN school_count c
            ON c.wave = a.wave AND c.school_no = a.school_no AND c.subject = asked.measure
        LEFT JOIN (SELECT DISTINCT wave, measure, school_no FROM nonresponse) AS none
            ON none.wave = a.wave AND none.school_no = a.school_no
            AND none.measure = asked.measure
    """)
    waves = [(wave.id,) for wave in WAVES.values() if wave.pandemic]
    connection.execute("CREATE TEMP TABLE pandemic (wave VARCHAR)")
    connection.executemany("INSERT INTO pandemic VALUES (?)", waves)


def _flag_erratum(connection: duckdb.DuckDBPyConnection, rule: Rule) -> None:
    spans = [(lea_number(leaid) * 100_000, 99_999) for leaid in rule.leaids]
    if rule.combokey:
        spans.append((school_number_of(rule.combokey), 0))
    for low, more in spans:
        connection.execute(
            f"""
            INSERT INTO quality_flag {_FLAG}
            SELECT DISTINCT ?, wave, school_no, subject, ? FROM (
                SELECT wave, school_no, measure AS subject
                FROM answered JOIN measure_element USING (module)
                UNION ALL SELECT wave, school_no, role FROM staff)
            WHERE school_no BETWEEN ? AND ? AND list_contains(?, wave) AND list_contains(?, subject)
            """,
            [
                rule.id,
                rule.sentence,
                low,
                low + more,
                list(rule.waves),
                list(rule.subjects),
            ],
        )
