"""Every LEA that a grant could reach: students, children in poverty, gaps and disparity."""

from __future__ import annotations

import numpy as np
import polars as pl

from homeroom.context import finance, poverty
from homeroom.evidence import sql
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures.by_unit import count_units
from homeroom.figures.gaps import by_school
from homeroom.figures.query_cache import QueryCache
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import POSTAL_OF_FIPS

WAVES = ("2017-18", "2015-16")
"""Waves with every school of a state in the store, the newer first; never the pandemic year."""
GAP_ROLES = ("counselor", "psychologist", "nurse")
LEAST = 10
"""Fewest students of a group for a rate, the commonest minimum among the states."""


def agencies(store: Store) -> pl.DataFrame:
    """Return a row an LEA.

    Parameters
    ----------
    store
        F-33, SAIPE, and the schools' files.

    Returns
    -------
    polars.DataFrame
        leaid, name, state, students (F-33), children_poverty (SAIPE), short_ROLE (posts short of
        the ratio, school by school, in ``wave``), excess (Black and Hispanic students referred to
        police beyond the rate of white students, in ``excess_wave``), doubtful (whether rules
        doubt those referrals, so that ``excess`` is left null); null where not known.
    """
    gaps = _newest([_gaps(store, wave) for wave in WAVES])
    excess = _newest([_excess(store, wave) for wave in WAVES])
    return (
        _every(store)
        .with_columns(
            state=pl.col("leaid").str.slice(0, 2).replace_strict(POSTAL_OF_FIPS, default=None)
        )
        .join(gaps, on="leaid", how="left")
        .join(excess.rename({"wave": "excess_wave"}), on="leaid", how="left")
        .with_columns(pl.col("doubtful").fill_null(value=False))
        .sort("leaid")
    )


def _every(store: Store) -> pl.DataFrame:
    """Return every LEA of F-33 or SAIPE with its latest name."""
    named = sql.frame(
        store.con,
        "SELECT leaid, any_value(name ORDER BY year DESC) AS named FROM district GROUP BY leaid",
    )
    members, poor = finance.membership(store), poverty.latest(store)
    both = members.join(poor, on="leaid", how="full", coalesce=True)
    return both.join(named, on="leaid", how="left").select(
        "leaid", pl.coalesce("named", "name").alias("name"), "students", "children_poverty"
    )


def _newest(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).unique("leaid", keep="first", maintain_order=True)


def _gaps(store: Store, wave: str) -> pl.DataFrame:
    """Return posts short by LEA; only LEAs of states whose schools are all in the store."""
    files = QueryCache.of(store).availability.files
    states = sorted({place for place, held, _ in files if held == wave})
    frames = [by_school(store, place_range(place), wave) for place in states]
    names = ["leaid", *(f"short_{role}" for role in GAP_ROLES), "wave"]
    if not frames:
        kinds = [pl.String, *(pl.Float64 for _ in GAP_ROLES), pl.String]
        return pl.DataFrame(schema=dict(zip(names, kinds, strict=True)))
    # Millionths of a post, so that sums do not depend on the order in which they are added.
    short = {
        f"short_{role}": (
            (pl.col("students") / ROLES[role].recommended - pl.col(role)).clip(0) * 1e6
        )
        .round()
        .cast(pl.Int64)
        for role in GAP_ROLES
    }
    told = [pl.col(role).is_not_null().any() for role in GAP_ROLES]
    schools = pl.concat(frames).drop_nulls("students")
    by_lea = (
        schools.with_columns(**short, leaid=_leaid("school_no"))
        .group_by("leaid")
        .agg(*(pl.col(name).sum() / 1e6 for name in short), told=pl.all_horizontal(told))
    )
    return by_lea.filter("told").with_columns(wave=pl.lit(wave)).select(names)


def _leaid(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda no: combokey_of(no)[:7], return_dtype=pl.String)


def _excess(store: Store, wave: str) -> pl.DataFrame:
    """Return Black and Hispanic students referred beyond the white rate, by LEA."""
    groups = [Group(name) for name in ("black", "hispanic", "white")]
    found = count_units(store, "referrals", wave, groups, level="district")
    events, students = found.events, found.students
    with np.errstate(divide="ignore", invalid="ignore"):
        white = events[2] / students[2]
    over = sum(
        (np.nan_to_num(np.maximum(events[at] - white * students[at], 0)) for at in (0, 1)),
        np.zeros(len(found.places)),
    )
    known = np.isfinite(white) & (students[2] >= LEAST) if len(found.places) else over > 0
    return pl.DataFrame(
        {
            "leaid": [place.removeprefix("lea:") for place in found.places],
            "excess": np.where(found.doubtful, np.nan, over),
            "doubtful": found.doubtful,
        },
        schema={"leaid": pl.String, "excess": pl.Float64, "doubtful": pl.Boolean},
    ).filter(pl.Series(known)).with_columns(
        pl.col("excess").fill_nan(None), wave=pl.lit(wave)
    )  # fmt: skip
