"""Groups from OCR's State and National Estimations."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange
from homeroom.figures.scope import listed
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import Measure


def has(con: duckdb.DuckDBPyConnection, measure: Measure, area: PlaceRange, wave: str) -> bool:
    """Return whether OCR's state tables give the measure for the place."""
    if area.state is None:
        return False
    statement = f"""
        SELECT 1 FROM official_estimate WHERE wave = ? AND state = ? AND race = 'all'
        AND sex = 'all' AND disability = 'all' AND element IN ({listed(_elements(measure))}) LIMIT 1
    """
    return bool(sql.rows(con, statement, [wave, area.state]))


def _elements(measure: Measure) -> tuple[str, ...]:
    """Return the elements of the state tables that add up to a measure."""
    return measure.elements if measure.id == "offenses" else (measure.id,)


def groups(
    con: duckdb.DuckDBPyConnection,
    measure: Measure,
    area: PlaceRange,
    wave: str,
    by: tuple[str, ...],
    section504: str,
) -> pl.DataFrame:
    """Return events and students by group from the state tables, with OCR's own coverage.

    Race rows cover students without disabilities and students served under IDEA; the total covers
    Section 504 too. Denominators are all students enrolled, as OCR divides.

    Raises
    ------
    NotAvailable
        The tables do not publish the crossing that was asked for.
    """
    events = _rows(con, _elements(measure), area, wave, by)
    enrolled = _rows(con, ("enrollment",), area, wave, by)
    if section504 == "without":
        raise NotAvailable(
            "OCR's state tables publish totals with Section 504 only: ask with --basis schools."
        )
    keys = ["race", "sex", "disability"]
    frame = events.join(enrolled.select(*keys, students="value"), on=keys, how="left")
    if measure.id == "enrollment":  # every group is a share of all students
        whole = frame.filter(pl.all_horizontal(pl.col(key) == ALL for key in keys))["students"]
        frame = frame.with_columns(students=pl.lit(whole[0] if len(whole) else None))
    if by and frame.filter(pl.any_horizontal(pl.col(axis) != ALL for axis in by)).is_empty():
        raise NotAvailable(
            f"OCR's state tables do not publish {measure.label.lower()} by {' and '.join(by)} with "
            "the enrollment to divide by: ask with --basis schools."
        )
    return frame.select(
        *keys,
        "students",
        count=pl.col("value"),
        status=pl.when(pl.col("value").is_null())
        .then(pl.lit("suppressed"))
        .otherwise(pl.lit("observed")),
        reason=pl.when(pl.col("note").is_not_null()).then(pl.format("published as {}", "note")),
        coverage=pl.col("reporting") / 100,
        coverage_schools=pl.col("reporting") / 100,
        source=pl.col("source"),
    ).sort(pl.col("race") != ALL, *keys)


def _rows(
    con: duckdb.DuckDBPyConnection,
    elements: tuple[str, ...],
    area: PlaceRange,
    wave: str,
    by: tuple[str, ...],
) -> pl.DataFrame:
    wanted = " AND ".join(
        f"{axis} = 'all'" for axis in ("race", "sex", "disability") if axis not in by
    )
    statement = f"""
        SELECT race, sex, disability,
            CASE WHEN count(value) = count(*) THEN sum(value)::BIGINT END AS value,
            max(note) AS note, min(reporting) AS reporting,
            'US ED Office for Civil Rights, ' || min(title) || ': '
                || string_agg(DISTINCT name, ', ')
                || ' (sha256 ' || left(min(sha256), 12) || ')' AS source
        FROM official_estimate JOIN source_file USING (source_id)
        WHERE official_estimate.wave = ? AND state = ? AND element IN ({listed(elements)})
        {"AND " + wanted if wanted else ""}
        GROUP BY race, sex, disability
    """
    frame = sql.frame(con, statement, [wave, area.state])
    if len(by) > 1:  # a crossing: groups on every axis, and the total of all
        on_all = pl.all_horizontal(pl.col(axis) == ALL for axis in by)
        on_none = pl.all_horizontal(pl.col(axis) != ALL for axis in by)
        frame = frame.filter(on_all | on_none)
    return frame


def every_state(
    con: duckdb.DuckDBPyConnection,
    measure: Measure,
    wave: str,
    by: tuple[str, ...],
    level: str,
) -> pl.DataFrame:
    """Return events and students by group of every state, or of the nation.

    Returns
    -------
    polars.DataFrame
        unit (postal code or US), race, sex, disability, events, students; null where OCR published
        no number.
    """
    wanted = " AND ".join(
        f"count.{axis} {'<>' if axis in by else '='} 'all'"
        for axis in ("race", "sex", "disability")
    )
    return sql.frame(
        con,
        f"""
        WITH mine AS (SELECT state, element, race, sex, disability, value FROM official_estimate
            WHERE wave = ? AND (state = 'US') = ?)
        SELECT count.state AS unit, count.race, count.sex, count.disability,
            count.value AS events, enrolled.value AS students
        FROM mine AS count JOIN mine AS enrolled
            ON enrolled.state = count.state AND enrolled.race = count.race
            AND enrolled.sex = count.sex AND enrolled.disability = count.disability
        WHERE count.element = ? AND enrolled.element = 'enrollment' AND {wanted}
        """,
        [wave, level == "nation", measure.id],
    )
