"""Counts and students by group, for every unit, wave and measure of a scope at once.

Totals follow one rule. The CRDC publishes students without disabilities and students served
under IDEA by race and sex, and students served under Section 504 only by sex alone. So the total
is the sum of the three parts; a race has the first two. Denominators are the students enrolled in
the schools that reported the measure, by race, as in OCR's state tables (``section504="with"``);
or those students less the ones under Section 504 only, with the total of the first two parts
(``section504="without"``). Of enrollment, every group is a share of all students.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import polars as pl

from homeroom.errors import BadInput
from homeroom.evidence import sql
from homeroom.figures.scope import Scope, listed
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.groups import ALL, UNPUBLISHED
from homeroom.vocabulary.measures import MEASURES, Measure

AXES = ("race", "sex", "disability")
UNIT = ("unit", "wave", "measure")
SECTION_504 = ("with", "without")


def events(con: duckdb.DuckDBPyConnection, measures: tuple[str, ...], scope: Scope) -> pl.DataFrame:
    """Sum measures over the schools that reported.

    Returns
    -------
    polars.DataFrame
        unit (integer), wave, measure, disability (wodis, idea, s504, nonidea, any), race, sex
        (each ``none`` where unpublished), n. Groups without an event have no row.
    """
    return sql.frame(
        con,
        f"""
        WITH counted AS (
            SELECT {scope.unit} AS unit, wave, cell_id, sum(value)::BIGINT AS n FROM cell
            WHERE {scope.where} AND value IS NOT NULL AND {_cells(measures)} {scope.trusted_cells}
            GROUP BY ALL)
        SELECT unit, wave, measure, part AS disability, race, sex, sum(n)::BIGINT AS n
        FROM counted JOIN measure_cell USING (cell_id) WHERE measure IN ({listed(measures)})
        GROUP BY ALL
        """,
    )


def students(
    con: duckdb.DuckDBPyConnection, measures: tuple[str, ...], scope: Scope
) -> pl.DataFrame:
    """Sum enrollment over the schools that reported each measure.

    Returns
    -------
    polars.DataFrame
        unit, wave, measure, disability (any, idea, s504), race, sex, n.
    """
    enrolled = f"{scope.where} AND value IS NOT NULL AND {_cells(('enrollment',), every_part=True)}"
    hushed = ", ".join(f"bool_or(measure = '{name}') AS {name}" for name in measures)
    # One pass over enrollment, which is most of what there is to read.
    counted = ", ".join(
        f"coalesce(sum(value) FILTER (hushed.{name} IS NOT TRUE), 0)::BIGINT AS {name}"
        for name in measures
    )
    frame = sql.frame(
        con,
        f"""
        WITH hushed AS (
            SELECT wave, school_no, {hushed} FROM ({scope.quiet}) AS quiet
            WHERE measure IN ({listed(measures)}) GROUP BY wave, school_no),
        counted AS (
            SELECT {scope.unit} AS unit, wave, cell_id, {counted}
            FROM (SELECT wave, school_no, cell_id, value FROM cell WHERE {enrolled}) AS cell
            LEFT JOIN hushed USING (wave, school_no) GROUP BY ALL)
        SELECT unit, wave, disability, race, sex, {", ".join(f"counted.{m}" for m in measures)}
        FROM counted JOIN cell_column USING (cell_id)
        """,
    )
    keys = ["unit", "wave", "disability", "race", "sex"]
    return frame.unpivot(measures, index=keys, variable_name="measure", value_name="n")


def _cells(measures: tuple[str, ...], *, every_part: bool = False) -> str:
    """Return SQL that keeps the cells of measures, by number: they are summed before they get names.

    The cells of a module lie together, so that the range skips the others unread.
    """
    elements = {element for name in measures for element in MEASURES[name].elements}
    numbers = [
        cell.id
        for cell in CELLS
        if cell.element in elements
        and (every_part or cell.element != "ENR" or cell.disability == "any")
    ]
    low, high = min(numbers), max(numbers)
    span = f"cell_id BETWEEN {low} AND {high}"
    if len(numbers) == high - low + 1:
        return span
    return f"{span} AND cell_id IN ({', '.join(str(number) for number in numbers)})"


def coverage(
    con: duckdb.DuckDBPyConnection, measures: tuple[str, ...], scope: Scope
) -> pl.DataFrame:
    """Return the share of schools and students that reported each measure.

    Returns
    -------
    polars.DataFrame
        unit, wave, measure, schools and enrolled (all that the files at hand know),
        schools_reporting, students_reporting, and code (the commonest reserve code, or null).
    """
    return sql.frame(
        con,
        f"""
        WITH quiet AS (
            SELECT * FROM ({scope.quiet}) AS quiet WHERE measure IN ({listed(measures)})),
        known AS (SELECT * FROM school_size WHERE {scope.where}),
        total AS (SELECT {scope.unit} AS unit, wave, count(*) AS schools,
                    sum(students)::BIGINT AS enrolled FROM known GROUP BY ALL),
        hushed AS (SELECT {scope.unit} AS unit, wave, quiet.measure, count(*) AS n,
                    sum(students)::BIGINT AS students, mode(quiet.code) AS code
                 FROM known JOIN quiet USING (wave, school_no) GROUP BY ALL),
        asked AS (SELECT unnest([{listed(measures)}]) AS measure)
        SELECT unit, wave, asked.measure, schools, enrolled,
            schools - coalesce(hushed.n, 0) AS schools_reporting,
            enrolled - coalesce(hushed.students, 0) AS students_reporting, code
        FROM total CROSS JOIN asked LEFT JOIN hushed USING (unit, wave, measure)
        ORDER BY ALL
        """,
    )


def by_groups(
    con: duckdb.DuckDBPyConnection,
    measures: tuple[str, ...],
    scope: Scope,
    by: tuple[str, ...] = (),
    section504: str = "with",
) -> pl.DataFrame:
    """Return events and students for each unit, wave, measure and group, and for all students.

    Parameters
    ----------
    by
        Axes to cross, of race, sex and disability. Rows with ``all`` on every axis come too.
    section504
        ``with`` or ``without``; see the module's text.

    Returns
    -------
    polars.DataFrame
        unit, wave, measure, race, sex, disability, events, students. Crossing race and
        disability leaves out Section 504, for which no race is published.
    """
    if section504 not in SECTION_504:
        raise BadInput(f"section504 {section504!r}: expected `with` or `without`.")
    chosen = [MEASURES[name] for name in measures]
    check_axes(chosen, by)
    counted, enrolled = events(con, measures, scope), students(con, measures, scope)
    alike: dict[tuple[bool, tuple[str, ...]], list[Measure]] = {}
    for measure in chosen:
        alike.setdefault((measure.id == "enrollment", measure.parts), []).append(measure)
    frames = []
    for some in alike.values():  # what is published by the same parts is summed together
        mine = pl.col("measure").is_in([measure.id for measure in some])
        one, base = counted.filter(mine), enrolled.filter(mine)
        frames += [_grouped(one, base, some[0], axes, section504) for axes in {(), by}]
    return pl.concat(frames).sort(*UNIT, *AXES)


def check_axes(measures: Sequence[Measure], by: tuple[str, ...]) -> None:
    """Refuse an axis that does not exist, or that a measure is not published by.

    Raises
    ------
    BadInput
        The message lists the axes, or names the measure.
    """
    if wrong := [axis for axis in by if axis not in AXES]:
        raise BadInput(f"--by {wrong[0]!r}: expected one or more of {', '.join(AXES)}.")
    if by and (plain := [measure for measure in measures if not measure.by_race]):
        raise BadInput(
            f"{plain[0].label}: not published by group of students, so ask without --by."
        )


def _grouped(
    counted: pl.DataFrame,
    enrolled: pl.DataFrame,
    measure: Measure,
    by: tuple[str, ...],
    section504: str,
) -> pl.DataFrame:
    keys = [*UNIT, *AXES]
    top = _by_axes(_events_that_count(counted, by, section504), by, "events")
    if measure.id == "enrollment":
        whole = _by_axes(_students_that_count(enrolled, measure, (), section504), (), "students")
        return top.join(whole.drop(AXES), on=list(UNIT)).select(*keys, "events", "students")
    base = _by_axes(_students_that_count(enrolled, measure, by, section504), by, "students")
    return (
        base.join(top, on=keys, how="full", coalesce=True)
        .with_columns(pl.col("events", "students").fill_null(0))
        .select(*keys, "events", "students")
    )


def _events_that_count(counted: pl.DataFrame, by: tuple[str, ...], section504: str) -> pl.DataFrame:
    if section504 == "without":
        counted = counted.filter(pl.col("disability") != "s504")
    return counted.filter(pl.col("race") != UNPUBLISHED) if "race" in by else counted


def _students_that_count(
    enrolled: pl.DataFrame, measure: Measure, by: tuple[str, ...], section504: str
) -> pl.DataFrame:
    """Turn the published parts (any, idea, s504) into those that the question needs."""
    keys = [*UNIT, "race", "sex"]
    wide = enrolled.pivot("disability", index=keys, values="n", aggregate_function="sum")
    wide = wide.with_columns(
        (pl.col(part) if part in wide.columns else pl.lit(0)).fill_null(0).alias(part)
        for part in ("any", "idea", "s504")
    )
    parts: dict[str, pl.Expr]
    if "disability" not in by:
        parts = {"any": pl.col("any") - (pl.col("s504") if section504 == "without" else 0)}
    elif "nonidea" in measure.parts:
        parts = {"nonidea": pl.col("any") - pl.col("idea"), "idea": pl.col("idea")}
    else:
        parts = {"wodis": pl.col("any") - pl.col("idea") - pl.col("s504"), "idea": pl.col("idea")}
        if "race" not in by and section504 == "with":
            parts["s504"] = pl.col("s504")
    return wide.select(*keys, **parts).unpivot(
        index=keys, variable_name="disability", value_name="n"
    )


def _by_axes(frame: pl.DataFrame, by: tuple[str, ...], name: str) -> pl.DataFrame:
    """Sum away the axes that were not asked for."""
    return (
        frame.with_columns(
            (pl.col(axis) if axis in by else pl.lit(ALL)).alias(axis) for axis in AXES
        )
        .group_by(*UNIT, *AXES)
        .agg(pl.col("n").sum().alias(name))
    )
