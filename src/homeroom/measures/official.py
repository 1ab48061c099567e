"""Groups from OCR's State and National Estimations."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence import ask
from homeroom.evidence.spans import Span
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import Measure


def has(con: duckdb.DuckDBPyConnection, measure: Measure, area: Span, wave: str) -> bool:
    """Tell whether a state table gives the measure and the enrollment to divide it by."""
    if area.state is None or measure.id == "offenses":
        return False
    found = ask.rows(
        con,
        """
        SELECT count(DISTINCT element) FROM official_estimate
        WHERE wave = ? AND state = ? AND element IN (?, 'enrollment') AND race = 'all'
          AND sex = 'all' AND disability = 'all'
        """,
        [wave, area.state, measure.id],
    )
    return bool(found[0][0] == (1 if measure.id == "enrollment" else 2))


def groups(
    con: duckdb.DuckDBPyConnection,
    measure: Measure,
    area: Span,
    wave: str,
    by: tuple[str, ...],
    section504: str,
) -> pl.DataFrame:
    """Give events and students by group from the state tables, with OCR's own coverage.

    Race rows cover students without disabilities and students served under IDEA; the total covers
    Section 504 too. Denominators are all students enrolled, as OCR divides.

    Raises
    ------
    NotAvailable
        The tables do not publish the crossing that was asked for.
    """
    events = _rows(con, measure.id, area, wave, by)
    enrolled = _rows(con, "enrollment", area, wave, by)
    if section504 == "without":
        raise NotAvailable(
            "OCR's state tables publish totals with Section 504 only: ask with --basis schools."
        )
    keys = ["race", "sex", "disability"]
    frame = enrolled.select(*keys, students="value").join(
        events.select(*keys, "value", "note", "reporting", "source"), on=keys
    )
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
    con: duckdb.DuckDBPyConnection, element: str, area: Span, wave: str, by: tuple[str, ...]
) -> pl.DataFrame:
    wanted = " AND ".join(
        f"{axis} {'IS NOT NULL' if axis in by else '= ' + repr(ALL)}"
        for axis in ("race", "sex", "disability")
    )
    sql = f"""
        SELECT race, sex, disability, value, note, reporting,
            'US ED Office for Civil Rights, ' || title || ': ' || name || ' (sha256 '
                || left(sha256, 12) || ')' AS source
        FROM official_estimate JOIN source_file USING (source_id)
        WHERE official_estimate.wave = ? AND state = ? AND element = ? AND {wanted}
    """
    frame = ask.frame(con, sql, [wave, area.state, element])
    if len(by) > 1:  # a crossing: groups on every axis, and the total of all
        on_all = pl.all_horizontal(pl.col(axis) == ALL for axis in by)
        on_none = pl.all_horizontal(pl.col(axis) != ALL for axis in by)
        frame = frame.filter(on_all | on_none)
    return frame
