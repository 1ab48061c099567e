"""Rates: events per 10,000 students, by group, from OCR's state tables or from schools."""

from __future__ import annotations

from typing import Any

import duckdb
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import places, sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures import coverage, cube, official
from homeroom.figures.scope import Scope, listed, measure_of, nothing_at_hand
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import Measure
from homeroom.vocabulary.status import NOT_APPLICABLE, Status, explain

PER = 10_000
BASES = ("state_table", "schools")

COLUMNS = {
    "place": "Place id",
    "place_name": "Name of the place",
    "wave": "CRDC wave",
    "measure": "Measure id",
    "group": "Group: the values of the axes asked for, joined by /, or all",
    "race": "Race id, or all",
    "sex": "Sex id, or all",
    "disability": "wodis, idea, s504, nonidea, or all",
    "students": "Students in the schools that reported: the denominator",
    "count": "Students counted (incidents for offenses); null where nothing was reported",
    "rate_per_10000": "count / students * 10,000; null where undefined",
    "status": "observed, structural_zero, missing or suppressed",
    "reason": "Why a figure is missing or undefined",
    "policy": "published or screened",
    "basis": "state_table or schools",
    "coverage": "Share of the place's students (state_table: of schools) that the figure covers",
    "coverage_schools": "Share of schools at hand that reported",
    "note": "Which schools the sum speaks for, where they are not all",
    "source": "Publication, file and SHA-256",
}


def rates(
    con: duckdb.DuckDBPyConnection,
    measure: str,
    place: str,
    wave: str,
    *,
    by: tuple[str, ...] = (),
    policy: str = "published",
    basis: str | None = None,
    section504: str = "with",
) -> pl.DataFrame:
    """Return counts, students and rates of a measure in a place, a row a group.

    Returns
    -------
    polars.DataFrame
        The columns of :data:`COLUMNS`.

    Raises
    ------
    BadInput
        An unknown measure, place, wave, axis, policy or basis.
    NotAvailable
        The store holds no figure; the message names the official file that would bring it.
    """
    found, area = measure_of(measure), place_range(place)
    cube.check_axes([found], by)
    scope = Scope(area, (wave,), policy)
    basis = _basis(con, basis, found, area, wave, policy)
    if basis == "state_table":
        frame = official.groups(con, found, area, wave, by, section504).with_columns(
            note=pl.lit(None, pl.String)
        )
    else:
        frame = _from_schools(con, found, scope, by, section504)
    name = places.facts(con, area)["name"]
    return _finished(frame, found, by).with_columns(
        place=pl.lit(area.place_id), place_name=pl.lit(name), wave=pl.lit(wave),
        policy=pl.lit(policy), basis=pl.lit(basis),
    ).select(list(COLUMNS))  # fmt: skip


def _basis(
    con: duckdb.DuckDBPyConnection,
    basis: str | None,
    measure: Measure,
    area: PlaceRange,
    wave: str,
    policy: str,
) -> str:
    if basis not in (None, *BASES):
        raise BadInput(f"basis {basis!r}: expected {' or '.join(BASES)}.")
    has_table = official.has(con, measure, area, wave)
    if basis == "state_table" and not has_table:
        raise NotAvailable(
            f"{measure.label} of {area.place_id} in {wave}: expected a state table of OCR, found "
            "none in the store. Ask with --basis schools."
        )
    if basis == "state_table" and policy == "screened":
        raise BadInput("OCR's state tables cannot be screened: ask with --basis schools.")
    if basis is None:
        return "state_table" if has_table and policy == "published" else "schools"
    return basis


def _from_schools(
    con: duckdb.DuckDBPyConnection,
    measure: Measure,
    scope: Scope,
    by: tuple[str, ...],
    section504: str,
) -> pl.DataFrame:
    wave = scope.waves[0]
    covered = cube.coverage(con, (measure.id,), scope)
    if covered.is_empty() or not _asked(con, measure, scope):
        raise nothing_at_hand(scope.span, wave, measure.label)
    share = covered.row(0, named=True)
    frame = cube.by_groups(con, (measure.id,), scope, by, section504).drop(
        "unit", "wave", "measure"
    )
    if frame.is_empty():
        frame = pl.DataFrame(
            {"race": [ALL], "sex": [ALL], "disability": [ALL], "events": [0], "students": [0]}
        )
    silent = share["schools_reporting"] == 0
    whole = coverage.students_of(con, scope.span, wave, share["enrolled"])
    status, reason = _standing(con, measure, scope, share)
    return frame.with_columns(
        count=pl.lit(None, pl.Int64) if silent else pl.col("events"),
        status=pl.lit(str(status)),
        reason=pl.lit(reason, pl.String),
        coverage=pl.lit(share["students_reporting"] / max(whole, 1)),
        coverage_schools=pl.lit(share["schools_reporting"] / share["schools"]),
        note=pl.lit(coverage.note(con, scope.span, wave, measure.module), pl.String),
        source=pl.lit(sources_of(con, measure.module, scope)),
    )


def _standing(
    con: duckdb.DuckDBPyConnection, measure: Measure, scope: Scope, share: dict[str, Any]
) -> tuple[Status, str | None]:
    """Tell what stands behind a sum: something observed, a structural zero, or nothing."""
    if share["schools_reporting"]:
        skipped = scope.span.kind == "school" and sql.rows(
            con,
            f"SELECT 1 FROM unanswered WHERE {scope.where} AND code = {NOT_APPLICABLE} AND element "
            f"IN ({listed(measure.elements)}) AND disability IN ({listed(measure.parts)})",
        )
        if skipped:
            return Status.STRUCTURAL_ZERO, "the question is on grades that the school has not"
        return Status.OBSERVED, None
    if share["code"] is None:
        return Status.MISSING, "a quality rule doubts the figure, or the question was not answered"
    return explain(share["code"], scope.waves[0])


def _asked(con: duckdb.DuckDBPyConnection, measure: Measure, scope: Scope) -> bool:
    statement = f"SELECT 1 FROM answered WHERE module = ? AND {scope.where} LIMIT 1"
    return bool(sql.rows(con, statement, [measure.module]))


def sources_of(con: duckdb.DuckDBPyConnection, module: str, scope: Scope) -> str:
    """Name the files behind a sum over schools."""
    rows = sql.rows(
        con,
        f"""
        SELECT DISTINCT title, name, sha256 FROM source_file SEMI JOIN (
            SELECT source_id FROM answered WHERE module = ? AND {scope.where}
        ) USING (source_id) ORDER BY name
        """,
        [module],
    )
    if not rows:
        return ""
    files = "; ".join(f"{name} (sha256 {sha[:12]})" for _title, name, sha in rows[:3])
    more = f"; and {len(rows) - 3} more files" if len(rows) > 3 else ""
    return f"US ED Office for Civil Rights, {rows[0][0]}: {files}{more}"


def _finished(frame: pl.DataFrame, measure: Measure, by: tuple[str, ...]) -> pl.DataFrame:
    overall = pl.all_horizontal(pl.col(axis) == ALL for axis in cube.AXES)
    group = pl.concat_str([pl.col(axis) for axis in by], separator="/") if by else pl.lit(ALL)
    undefined = pl.col("students").fill_null(0) == 0
    why = pl.when(pl.col("students").is_null()).then(
        pl.lit("no enrollment of the wave and group is at hand to divide by")
    ).otherwise(pl.lit("no students of the group"))  # fmt: skip
    return frame.with_columns(
        measure=pl.lit(measure.id),
        group=pl.when(overall).then(pl.lit(ALL)).otherwise(group),
        rate_per_10000=pl.when(~undefined).then(pl.col("count") * PER / pl.col("students")),
        reason=pl.when(undefined & pl.col("reason").is_null()).then(why).otherwise("reason"),
    )
