"""Every LEA that a grant could reach: students, children in poverty, gaps and disparity."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.place_ids import place_range
from homeroom.figures import cube
from homeroom.figures.scope import Scope
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import POSTAL_OF_FIPS

WAVES = ("2017-18", "2015-16")
"""Waves with every school of a state at hand, the newer first; never the pandemic year."""
GAP_ROLES = ("counselor", "psychologist", "nurse")
LEAST = 10
"""Fewest students of a group for a rate, the commonest minimum among the states."""


def agencies(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return a row an LEA.

    Returns
    -------
    polars.DataFrame
        leaid, name, state, students (F-33), children_poverty (SAIPE), short_ROLE (posts short of
        the ratio, school by school, in ``wave``), excess (Black and Hispanic students referred to
        police beyond the rate of white students); null where not known.
    """
    frame = sql.frame(con, _BASE)
    frame = frame.with_columns(
        state=pl.col("leaid").str.slice(0, 2).replace_strict(POSTAL_OF_FIPS, default=None)
    )
    gaps = _newest([_gaps(con, wave) for wave in WAVES])
    excess = _newest([_excess(con, wave) for wave in WAVES])
    return (
        frame.join(gaps, on="leaid", how="left")
        .join(excess.rename({"wave": "excess_wave"}), on="leaid", how="left")
        .sort("leaid")
    )


_BASE = """
WITH members AS (
    SELECT leaid, amount AS students FROM finance
    WHERE item = 'V33' AND fiscal_year = (SELECT max(fiscal_year) FROM finance)),
poor AS (SELECT leaid, name, children_poverty FROM poverty
    WHERE year = (SELECT max(year) FROM poverty)),
named AS (SELECT leaid, any_value(name ORDER BY year DESC) AS name FROM district GROUP BY leaid)
SELECT leaid, coalesce(named.name, poor.name) AS name, students, children_poverty
FROM members FULL JOIN poor USING (leaid) LEFT JOIN named USING (leaid)
"""


def _newest(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).unique("leaid", keep="first", maintain_order=True)


def _gaps(con: duckdb.DuckDBPyConnection, wave: str) -> pl.DataFrame:
    """Return posts short by LEA; only LEAs of states whose schools are all at hand."""
    short = ", ".join(
        f"sum(greatest(students / {ROLES[role].recommended} - fte, 0)) "
        f"FILTER (role = '{role}') AS short_{role}"
        for role in GAP_ROLES
    )
    return sql.frame(
        con,
        f"""
        SELECT leaid_of(school_no // 100000) AS leaid, {short}, '{wave}' AS wave
        FROM staff JOIN school_size USING (wave, school_no)
        JOIN source_file USING (source_id)
        WHERE wave = '{wave}' AND fte IS NOT NULL AND publication = 'crdc'
        GROUP BY leaid HAVING count(DISTINCT role) FILTER
            (role IN ('counselor', 'psychologist', 'nurse')) = 3
        """.replace("WHERE wave", "WHERE staff.wave"),
    )


def _excess(con: duckdb.DuckDBPyConnection, wave: str) -> pl.DataFrame:
    """Return Black and Hispanic students referred beyond the white rate, by LEA."""
    scope = Scope(place_range("US"), (wave,), level="district")
    frame = cube.by_groups(con, ("referrals",), scope, ("race",))
    wide = frame.filter(pl.col("race").is_in(["black", "hispanic", "white"])).pivot(
        "race", index="unit", values=["events", "students"]
    )
    white = pl.col("events_white") / pl.col("students_white")
    over = sum(
        (
            (pl.col(f"events_{race}") - white * pl.col(f"students_{race}"))
            .clip(lower_bound=0)
            .fill_null(0)
            for race in ("black", "hispanic")
        ),
        pl.lit(0.0),
    )
    known = wide.filter(pl.col("students_white") >= LEAST).with_columns(excess=over)
    ids = sql.frame(con, "SELECT DISTINCT school_no // 100000 AS unit, "
                    "leaid_of(school_no // 100000) AS leaid FROM school_size")  # fmt: skip
    return known.join(ids, on="unit").select("leaid", "excess").with_columns(wave=pl.lit(wave))
