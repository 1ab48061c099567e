"""The figures of a place page: several outcomes, every wave, every race, in few queries."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange
from homeroom.figures import coverage, cube
from homeroom.figures.rates import PER
from homeroom.figures.scope import Scope, listed
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.status import explain
from homeroom.vocabulary.waves import WAVES, WITH_SCHOOL_FILES

OUTCOMES = ("arrests", "referrals")
_LEAST = 0.5
"""A place's page leaves out a wave of which the files at hand hold less than half."""
_EMPTY = {
    "measure": pl.String, "wave": pl.String, "group": pl.String, "students": pl.Int64,
    "count": pl.Int64, "rate_per_10000": pl.Float64, "coverage": pl.Float64,
    "reason": pl.String, "basis": pl.String,
}  # fmt: skip


def outcomes(
    con: duckdb.DuckDBPyConnection,
    area: PlaceRange,
    policy: str = "published",
    measures: tuple[str, ...] = OUTCOMES,
) -> pl.DataFrame:
    """Return counts and rates by race of several measures in every wave at hand.

    Nation and states come from OCR's state tables where one exists.

    Returns
    -------
    polars.DataFrame
        measure, wave, group (race id or all), students, count, rate_per_10000, coverage,
        reason, basis (state_table or schools).
    """
    tables = _state_tables(con, area, measures) if area.state and policy == "published" else None
    done = set(tables.select("measure", "wave").rows()) if tables is not None else set()
    schools = _schools(con, area, policy, measures)
    if done:
        here = pl.struct("measure", "wave").is_in([{"measure": m, "wave": w} for m, w in done])
        schools = schools.filter(~here)
    frames = [f for f in (tables, schools) if f is not None and len(f)]
    if not frames:
        return pl.DataFrame(schema=_EMPTY)
    return pl.concat(frames).sort("measure", "wave", pl.col("group") != ALL, "group")


def _schools(
    con: duckdb.DuckDBPyConnection, area: PlaceRange, policy: str, measures: tuple[str, ...]
) -> pl.DataFrame:
    scope = Scope(area, WITH_SCHOOL_FILES, policy)
    answered = sql.rows(con, f"SELECT DISTINCT wave, module FROM answered WHERE {scope.where}")
    asked = pl.DataFrame(
        [
            (wave, measure)
            for wave, module in answered
            for measure in measures
            if MEASURES[measure].module == module
        ],
        schema={"wave": pl.String, "measure": pl.String},
        orient="row",
    )
    if asked.is_empty():
        return pl.DataFrame(schema=_EMPTY)
    groups = cube.by_groups(con, measures, scope, ("race",))
    shares = cube.coverage(con, measures, scope).drop("unit")
    whole = {
        wave: coverage.students_of(con, area, wave, at_hand)
        for wave, at_hand in shares.select("wave", "enrolled").unique().rows()
    }
    shares = shares.with_columns(at_hand="enrolled", enrolled=pl.col("wave").replace_strict(whole))
    shares = shares.filter(pl.col("at_hand") >= _LEAST * pl.col("enrolled"))
    frame = (
        groups.drop("unit").join(asked, on=["wave", "measure"], how="semi")
        .join(shares, on=["wave", "measure"])
    )  # fmt: skip
    silent = pl.col("schools_reporting") == 0
    return frame.select(
        "measure",
        "wave",
        pl.col("race").alias("group"),
        "students",
        pl.when(~silent).then("events").alias("count"),
        pl.when(~silent & (pl.col("students") > 0))
        .then(pl.col("events") / pl.col("students") * PER)
        .alias("rate_per_10000"),
        (pl.col("students_reporting") / pl.col("enrolled")).alias("coverage"),
        pl.struct("code", "wave", "schools_reporting", "students")
        .map_elements(_reason, return_dtype=pl.String)
        .alias("reason"),
        pl.lit("schools").alias("basis"),
    )


def _reason(row: dict[str, int | str | None]) -> str | None:
    if row["schools_reporting"] == 0:
        if row["code"] is None:
            return "a quality rule doubts the figure, or the question was not answered"
        return explain(int(row["code"]), str(row["wave"]))[1]
    return "no students of the group" if row["students"] == 0 else None


def _state_tables(
    con: duckdb.DuckDBPyConnection, area: PlaceRange, measures: tuple[str, ...]
) -> pl.DataFrame:
    return sql.frame(
        con,
        f"""
        WITH mine AS (
            SELECT wave, element, race, value, note, reporting FROM official_estimate
            WHERE state = ? AND sex = 'all' AND disability = 'all')
        SELECT count.element AS measure, count.wave, count.race AS group,
            enrolled.value AS students, count.value AS count,
            count.value / enrolled.value * {PER} AS rate_per_10000,
            count.reporting / 100 AS coverage,
            CASE WHEN count.value IS NULL THEN 'published as ' || count.note END AS reason,
            'state_table' AS basis
        FROM mine AS count LEFT JOIN mine AS enrolled
            ON enrolled.wave = count.wave AND enrolled.race = count.race
            AND enrolled.element = 'enrollment'
        WHERE count.element IN ({listed(measures)})
        """,
        [area.state],
    )


def staff(
    con: duckdb.DuckDBPyConnection, area: PlaceRange, policy: str = "published"
) -> pl.DataFrame:
    """Return staff of every wave at hand.

    Returns
    -------
    polars.DataFrame
        wave, role, fte, students, students_per_fte, recommended, recommended_by, schools,
        schools_with, schools_without, schools_unknown, high_schools_only.
    """
    scope = Scope(area, tuple(WAVES), policy)
    narrow = [w for w in WAVES if coverage.high_schools_only(con, area, w)]
    alone = (
        f"WHERE NOT staff.wave IN ({listed(tuple(narrow))}) "
        "OR (staff.wave, staff.school_no) IN (SELECT (wave, school_no) FROM school_total)"
        if narrow
        else ""
    )
    frame = sql.frame(
        con,
        f"""
        WITH figure AS (
            SELECT staff.wave, role, students,
                CASE WHEN TRUE {scope.trusted("role", "staff")} THEN fte END AS fte,
                publication = 'crdc_high_schools' AS compiled
            FROM (SELECT * FROM staff WHERE {scope.where}) AS staff
            JOIN source_file USING (source_id)
            LEFT JOIN (SELECT * FROM school_size WHERE {scope.where}) AS size
                ON size.wave = staff.wave AND size.school_no = staff.school_no
            {alone})
        SELECT wave, role, sum(fte) AS fte,
            coalesce(sum(students) FILTER (fte IS NOT NULL), 0)::BIGINT AS students,
            count(*) AS schools, count(*) FILTER (fte > 0) AS schools_with,
            count(*) FILTER (fte = 0) AS schools_without,
            count(*) FILTER (fte IS NULL) AS schools_unknown,
            bool_and(compiled) AS high_schools_only
        FROM figure GROUP BY ALL
        """,
    )
    role = pl.col("role")
    if area.kind == "nation":  # a few states are no nation
        frame = frame.filter(
            pl.col("wave").is_in(narrow)
            | pl.col("wave").is_in(
                [
                    wave
                    for wave in frame["wave"].unique()
                    if len(coverage.states_at_hand(con, wave, "enrollment")) >= 50
                ]
            )
        )
    return frame.with_columns(
        students_per_fte=pl.when(pl.col("fte") > 0).then(pl.col("students") / pl.col("fte")),
        high_schools_only=pl.col("high_schools_only") | pl.col("wave").is_in(narrow),
        recommended=role.replace_strict({r.id: r.recommended for r in ROLES.values()}),
        recommended_by=role.replace_strict({r.id: r.recommended_by for r in ROLES.values()}),
    ).sort("wave", role.replace_strict({name: at for at, name in enumerate(ROLES)}))


def sources(con: duckdb.DuckDBPyConnection, area: PlaceRange) -> list[str]:
    """Name every file behind a place's figures, with its hash."""
    school = "school_no BETWEEN ? AND ?"
    rows = sql.rows(
        con,
        f"""
        SELECT title, name, sha256 FROM source_file WHERE source_id IN (
            SELECT source_id FROM answered WHERE {school}
            UNION SELECT source_id FROM staff WHERE {school}
            UNION SELECT source_id FROM official_estimate WHERE state = ?
            UNION SELECT source_id FROM finance WHERE leaid = ?
            UNION SELECT source_id FROM poverty WHERE leaid = ?
            UNION SELECT source_id FROM district WHERE leaid = ?)
        ORDER BY wave, title, name
        """,
        [area.low, area.high, area.low, area.high, area.state or "", *([area.place_id[4:]] * 3)],
    )
    return [f"{title}: {name}, SHA-256 {sha}" for title, name, sha in rows]
