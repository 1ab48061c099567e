"""Students in schools that have a police officer and lack a counselor, nurse, or other support.

The sets are those of the ACLU's "Cops and No Counselors" (2019), written out so that their words
cannot be mistaken: lacking *any* of the four is a union, lacking *all* an intersection. A school
that did not report is unknown, never zero: it is in a set only if what it did report settles it.
"""

from __future__ import annotations

import duckdb
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.place_ids import place_range
from homeroom.figures import coverage
from homeroom.figures.scope import Scope, nothing_at_hand
from homeroom.figures.staffing import high_school_sql, reported_sql
from homeroom.vocabulary.roles import ROLES, SUPPORT

COLUMNS = {
    "place": "Place id",
    "wave": "CRDC wave",
    "set": "police, police_and_no_ROLE, police_and_lacks_any, police_and_lacks_all",
    "label": "The set in words",
    "schools": "Schools in the set",
    "students": "Students in those schools",
    "share": "Of all students in schools at hand",
    "unknown_schools": "Schools that may or may not be in the set: they did not report",
    "unknown_students": "Students in those",
    "policy": "published or screened",
    "note": "Which schools the figures speak for, where they are not all",
}


def police_without_support(
    con: duckdb.DuckDBPyConnection, place: str, wave: str, *, policy: str = "published"
) -> pl.DataFrame:
    """Return a row a set, with schools and students that are in it, and those unknown.

    Police means a sworn officer of more than zero full-time equivalents; guards do not count.

    Raises
    ------
    NotAvailable
        The store holds no staff of the place and wave.
    """
    area = place_range(place)
    scope = Scope(area, (wave,), policy, only=high_school_sql(con, area, wave))
    schools = by_school(con, scope)
    if schools.is_empty():
        raise nothing_at_hand(area, wave, "Staff")
    asked = [role for role in SUPPORT if schools[role].is_not_null().any()]
    police = pl.col("officer") > 0
    sets = {"police": (police, "Students in schools with a police officer")}
    for role in asked:
        label = f"... and no {ROLES[role].label.lower().removesuffix('s').removeprefix('school ')}"
        sets[f"police_and_no_{role}"] = (police & (pl.col(role) == 0), label)
    if len(asked) == len(SUPPORT):
        lacks = [pl.col(role) == 0 for role in SUPPORT]
        sets["police_and_lacks_any"] = (
            police & pl.any_horizontal(lacks),
            "... and without at least one of counselor, social worker, psychologist, nurse",
        )
        sets["police_and_lacks_all"] = (
            police & pl.all_horizontal(lacks),
            "... and without all four",
        )
    everyone = int(schools["students"].sum())
    rows = [_row(schools, name, test, label, everyone) for name, (test, label) in sets.items()]
    frame = pl.DataFrame(rows).with_columns(
        place=pl.lit(area.place_id), wave=pl.lit(wave), policy=pl.lit(policy),
        note=pl.lit(coverage.note(con, area, wave, "support"), pl.String),
    ).select(list(COLUMNS))  # fmt: skip
    _assert_inequalities(frame)
    return frame


def by_school(con: duckdb.DuckDBPyConnection, scope: Scope) -> pl.DataFrame:
    """Return a row a school: school_no, students, and each role's full-time equivalents or null."""
    frame = sql.frame(con, reported_sql(scope))
    if frame.is_empty():
        return frame
    wide = frame.pivot("role", index=["school_no", "students"], values="fte")
    return wide.with_columns(
        (pl.col(role) if role in wide.columns else pl.lit(None, pl.Float64)).alias(role)
        for role in ROLES
    ).with_columns(pl.col("students").fill_null(0))


def _row(
    schools: pl.DataFrame, name: str, test: pl.Expr, label: str, everyone: int
) -> dict[str, object]:
    """Kleene's logic: null is unknown, and false beats unknown under `and`, true under `or`."""
    told = schools.select("students", inside=test)
    inside, unknown = told.filter(pl.col("inside")), told.filter(pl.col("inside").is_null())
    return {
        "set": name,
        "label": label,
        "schools": len(inside),
        "students": inside["students"].sum(),
        "share": inside["students"].sum() / everyone if everyone else None,
        "unknown_schools": len(unknown),
        "unknown_students": unknown["students"].sum(),
    }


def _assert_inequalities(frame: pl.DataFrame) -> None:
    """Check lacks_all <= min(single) and max(single) <= lacks_any <= sum(single)."""
    students = dict(frame.select("set", "students").iter_rows())
    if "police_and_lacks_any" not in students:
        return
    single = [students[f"police_and_no_{role}"] for role in SUPPORT]
    union, meet = students["police_and_lacks_any"], students["police_and_lacks_all"]
    if not (meet <= min(single) and max(single) <= union <= sum(single)):
        raise NotAvailable(f"The sets of schools contradict each other: {students}.")
