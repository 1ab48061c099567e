"""The figures of an edition's pages as tables: Parquet for programs, JSON for pages."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import polars as pl

from homeroom.figures.figure import Figure
from homeroom.figures.staffing import StaffFigure
from homeroom.report.profile import Profile

RATES = {
    "place": pl.String, "name": pl.String, "wave": pl.String, "measure": pl.String,
    "group": pl.String, "count": pl.Int64, "students": pl.Int64, "rate_per_10000": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "status": pl.String, "reason": pl.String,
    "coverage": pl.Float64, "doubtful": pl.Boolean, "note": pl.String,
}  # fmt: skip
"""Columns of the rates, as :class:`homeroom.figures.rates.RateRow` defines them."""
STAFF = {
    "place": pl.String, "name": pl.String, "wave": pl.String, "role": pl.String, "fte": pl.Float64,
    "students": pl.Int64, "students_per_fte": pl.Float64, "status": pl.String,
    "reason": pl.String, "coverage": pl.Float64, "doubtful": pl.Boolean, "note": pl.String,
}  # fmt: skip


def rate_rows(page: Profile) -> Iterable[tuple[Any, ...]]:
    """Return the rates of a place's page, a row a group, measure, and wave."""
    return (_rate(page, one) for one in page.outcomes)


def _rate(page: Profile, one: Figure) -> tuple[Any, ...]:
    q, side = one.question, one.group
    return (
        q.place, page.facts["name"], q.wave, q.measure, str(q.group), side.count, side.students,
        side.rate_per_10000, one.low, one.high, one.status, one.reason, one.coverage,
        one.doubtful, one.note,
    )  # fmt: skip


def staff_rows(page: Profile) -> Iterable[tuple[Any, ...]]:
    """Return the adults of a place's page, a row a role and wave."""
    return (_staff(page, one) for one in page.staff)


def _staff(page: Profile, one: StaffFigure) -> tuple[Any, ...]:
    return (
        one.place, page.facts["name"], one.wave, one.role, one.fte, one.students,
        one.students_per_fte, str(one.status), one.reason, one.coverage, one.doubtful, one.note,
    )  # fmt: skip


def parquet(rows: list[tuple[Any, ...]], schema: dict[str, Any], meta: dict[str, str]) -> bytes:
    """Return rows as a Parquet file that says what it is.

    Parameters
    ----------
    rows, schema
        Rows and their columns.
    meta
        What the file's metadata hold: data version, citation, license.
    """
    out = io.BytesIO()
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame.write_parquet(out, compression="zstd", metadata=meta)
    return out.getvalue()


def columns(rows: list[tuple[Any, ...]], schema: dict[str, Any]) -> dict[str, Any]:
    """Return rows as columns and values, which JSON holds in a third of the space."""
    return {"columns": list(schema), "rows": [list(row) for row in rows]}
