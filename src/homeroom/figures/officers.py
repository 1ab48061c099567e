"""Schools with a police officer beside schools without one: an association, not an effect.

Officers are placed by the size, level and history of schools, so a difference between the two
kinds of schools does not say what an officer changes. Pooled rates weigh students alike; means of
school rates weigh schools alike, and are taken over schools of at least ``LEAST`` students of the
group, since a rate of a handful is noise.
"""

from __future__ import annotations

from dataclasses import replace

import duckdb
import polars as pl

from homeroom.evidence.place_ids import place_range
from homeroom.figures import coverage, cube
from homeroom.figures.rates import PER
from homeroom.figures.scope import Scope, measure_of, nothing_at_hand

LEAST = 30
WORDS = (
    "Schools with officers differ from schools without them in size, level and place; the "
    "difference between their rates is an association and does not show what officers change."
)
COLUMNS = {
    "place": "Place id",
    "wave": "CRDC wave",
    "measure": "Measure id",
    "group": "Race id, or all",
    "officer": "with or without: the schools' answer on sworn officers; unknown left out",
    "schools": "Schools that reported, with at least one student of the group",
    "students": "Students of the group in them",
    "count": "Students counted",
    "rate_per_10000": "Pooled rate",
    "mean_of_schools": f"Mean of school rates, over schools of {LEAST} or more of the group",
    "policy": "published or screened",
    "note": "Which schools the figures speak for, where they are not all",
}


def contrast(
    con: duckdb.DuckDBPyConnection,
    measure: str,
    place: str,
    wave: str,
    *,
    policy: str = "published",
) -> pl.DataFrame:
    """Return rates by race of schools with and without officers.

    Raises
    ------
    NotAvailable
        The store holds no school figures of the place and wave.
    """
    found, area = measure_of(measure), place_range(place)
    scope = Scope(area, (wave,), policy, "school")
    frames = [
        _side(con, measure, replace(scope, only=only_sql(scope, kind)), kind)
        for kind in ("with", "without")
    ]
    frame = pl.concat(frames)
    if frame.is_empty():
        raise nothing_at_hand(area, wave, found.label)
    return frame.with_columns(
        place=pl.lit(area.place_id), wave=pl.lit(wave), measure=pl.lit(measure),
        policy=pl.lit(policy),
        note=pl.lit(coverage.note(con, area, wave, found.module), pl.String),
    ).select(list(COLUMNS))  # fmt: skip


def only_sql(scope: Scope, kind: str) -> str:
    """Return SQL on school_no that keeps the schools with, or without, an officer."""
    test = "fte > 0" if kind == "with" else "fte = 0"
    trusted = scope.trusted("'officer'")
    return (
        f"school_no IN (SELECT school_no FROM staff WHERE {scope.where} AND role = 'officer' "
        f"AND {test} {trusted})"
    )


def _side(con: duckdb.DuckDBPyConnection, measure: str, scope: Scope, kind: str) -> pl.DataFrame:
    schools = cube.by_groups(con, (measure,), scope, ("race",)).filter(pl.col("students") > 0)
    rate = pl.col("events") / pl.col("students") * PER
    return schools.group_by(pl.col("race").alias("group")).agg(
        officer=pl.lit(kind),
        schools=pl.len(),
        # A side without schools has narrower integers.
        students=pl.col("students").sum().cast(pl.Int64),
        count=pl.col("events").sum().cast(pl.Int64),
        rate_per_10000=pl.col("events").sum() / pl.col("students").sum() * PER,
        mean_of_schools=rate.filter(pl.col("students") >= LEAST).mean(),
    ).sort(pl.col("group") != "all", "group")  # fmt: skip
