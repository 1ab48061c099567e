"""Adults beside students: full-time equivalents, students per adult, recommended ratios."""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.figures import coverage
from homeroom.figures.scope import Scope, nothing_at_hand
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.status import Status, explain

COLUMNS = {
    "place": "Place id",
    "wave": "CRDC wave",
    "role": "Role id",
    "fte": "Full-time equivalents in the schools that reported; null where none did",
    "students": "Students in the schools that reported the role",
    "students_per_fte": "students / fte; null where there is none of the role",
    "recommended": "Recommended students per full-time equivalent, where a body gives one",
    "recommended_by": "That body",
    "short": "Full-time equivalents short of the recommended ratio, school by school",
    "status": "observed, missing or suppressed",
    "reason": "Why a figure is missing or undefined",
    "schools": "Schools in the scope",
    "schools_with": "Schools that reported any of the role",
    "schools_without": "Schools that reported none",
    "schools_unknown": "Schools that did not report, or whose figure is doubted (screened)",
    "policy": "published or screened",
    "coverage": "Share of the place's students in schools that reported the role",
    "note": "What the schools at hand are, where they are not all",
    "source": "Publication, file and SHA-256",
}


def staffing(
    con: duckdb.DuckDBPyConnection, place: str, wave: str, *, policy: str = "published"
) -> pl.DataFrame:
    """Return a row a role: full-time equivalents and students per adult.

    Students are those of the schools that reported the role. ``short`` adds, over schools, what
    each lacks of ``students / recommended``; one school's surplus does not fill another's gap.

    Raises
    ------
    NotAvailable
        The store holds no staff of the place and wave.
    """
    area = place_range(place)
    scope = Scope(area, (wave,), policy, only=high_school_sql(con, area, wave))
    frame = sql.frame(con, _sql(scope))
    if frame.is_empty():
        raise nothing_at_hand(scope.span, wave, "Staff")
    whole = coverage.students_of(con, area, wave, frame["enrolled"][0] or 0)
    if scope.only:
        whole = frame["enrolled"][0] or 0
    rows = [_row(row, scope, whole) for row in frame.iter_rows(named=True)]
    order = {role: at for at, role in enumerate(ROLES)}
    return (
        pl.DataFrame(rows, infer_schema_length=None)
        .with_columns(
            source=pl.lit(_sources(con, scope)),
            note=pl.lit(coverage.note(con, scope.span, wave, "support"), pl.String),
        )
        .sort(pl.col("role").replace_strict(order))
        .select(list(COLUMNS))
    )


def high_school_sql(con: duckdb.DuckDBPyConnection, area: PlaceRange, wave: str) -> str:
    """Return SQL that keeps to the high-school files, where the place must be read from them."""
    if not coverage.high_schools_only(con, area, wave):
        return ""
    return f"school_no IN (SELECT school_no FROM school_total WHERE wave = '{wave}')"


def reported_sql(scope: Scope) -> str:
    """Return SQL of each school's figure: school_no, role, fte (null: unknown), code, students."""
    trusted = scope.trusted("role", "staff")
    return f"""
        SELECT wave, school_no, role, CASE WHEN TRUE {trusted} THEN fte END AS fte, code, students
        FROM staff LEFT JOIN school_size USING (wave, school_no)
        WHERE {scope.where}
    """


def _sql(scope: Scope) -> str:
    ratios = " ".join(
        f"WHEN '{role.id}' THEN {role.recommended}" for role in ROLES.values() if role.recommended
    )
    return f"""
        WITH figure AS ({reported_sql(scope)}),
        total AS (SELECT count(*) AS schools, sum(students) AS enrolled FROM school_size
                  WHERE {scope.where})
        SELECT role, sum(fte) AS fte,
            coalesce(sum(students) FILTER (fte IS NOT NULL), 0)::BIGINT AS students,
            count(*) AS schools,
            count(*) FILTER (fte > 0) AS schools_with,
            count(*) FILTER (fte = 0) AS schools_without,
            count(*) FILTER (fte IS NULL) AS schools_unknown,
            mode(code) AS code,
            -- greatest() passes over nulls, so a role without a ratio is left out first.
            sum(CASE WHEN (CASE role {ratios} END) IS NOT NULL
                THEN greatest(students / (CASE role {ratios} END) - fte, 0) END) AS short,
            any_value(total.enrolled)::BIGINT AS enrolled
        FROM figure, total GROUP BY role
    """


def _row(row: dict[str, object], scope: Scope, whole: int) -> dict[str, object]:
    role = ROLES[str(row["role"])]
    fte, students = row["fte"], row["students"]
    status, reason = Status.OBSERVED, None
    if fte is None:
        code = row["code"]
        status, reason = (
            explain(int(str(code)), scope.waves[0])
            if code is not None
            else (Status.MISSING, "a quality rule doubts the figure")
        )
    elif fte == 0:
        reason = "the schools reported none of the role, so students per adult is undefined"
    return row | {
        "place": scope.span.place_id,
        "wave": scope.waves[0],
        "policy": scope.policy,
        "students_per_fte": students / fte if fte else None,  # type: ignore[operator]
        "recommended": role.recommended,
        "recommended_by": role.recommended_by,
        "status": str(status),
        "reason": reason,
        "coverage": int(str(students)) / max(whole, 1),
    }


def _sources(con: duckdb.DuckDBPyConnection, scope: Scope) -> str:
    rows = sql.rows(
        con,
        f"""
        SELECT DISTINCT title, name, left(sha256, 12) FROM source_file SEMI JOIN (
            SELECT source_id FROM staff WHERE {scope.where}) USING (source_id)
        ORDER BY name""",
    )
    files = "; ".join(f"{title}: {name} (sha256 {sha})" for title, name, sha in rows[:3])
    return "US ED Office for Civil Rights, " + files + (f"; {len(rows) - 3} more" * (len(rows) > 3))
