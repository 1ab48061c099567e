"""Disparities of one measure for every place of a level at once, by group, with intervals.

A group is held against another on the first axis of ``by`` (``versus="white"``), or against
everyone else on it (``versus="others"``), within the same sex and disability where those are
crossed. Methods: :data:`METHODS`. What the intervals mean: :mod:`homeroom.statistics.meaning`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.figures.by_unit import UnitFigures, count_units
from homeroom.figures.figure import PER
from homeroom.figures.question import OTHERS
from homeroom.figures.rates import check_axes, groups_by, measure_of
from homeroom.statistics.comparison import COMPARISONS, compare
from homeroom.statistics.composition import composition
from homeroom.statistics.dispersion import dispersion
from homeroom.statistics.reasons import REFERENCE
from homeroom.statistics.risk import number_to_one, risk
from homeroom.statistics.statistic import Statistic
from homeroom.vocabulary.groups import ALL, Group

STATISTICS = ("rate", *COMPARISONS, "composition", "number_to_one")
METHODS = {
    "rate": "Clopper-Pearson exact interval of a risk (1934)",
    "ratio": "Score interval of a risk ratio (Koopman 1984; Miettinen and Nurminen 1985)",
    "difference": "Score interval of a risk difference (Miettinen and Nurminen 1985)",
    "odds_ratio": "Score interval of an odds ratio (Cornfield 1956)",
    "composition": "Share of events over share of students, from the score interval of the ratio "
    "to others",
    "number_to_one": "Clopper-Pearson interval of the risk, inverted",
}


def disparities(
    store: Store,
    measure: str,
    wave: str,
    *,
    level: str = "district",
    within: str = "US",
    by: Sequence[str] = ("race",),
    versus: str = OTHERS,
    statistics: Sequence[str] = ("rate", "ratio"),
    policy: str = "published",
    basis: str = "",
    section504: str = "with",
) -> pl.DataFrame:
    """Return a row a place and group.

    Parameters
    ----------
    level
        nation, state, district, or school.
    within
        Only places inside this one.
    by
        Axes to cross; the comparison is on the first.
    versus
        ``others``, or a category of the first axis.
    statistics
        Some of :data:`STATISTICS`.
    basis
        state_table, schools, or empty for each place's default.

    Returns
    -------
    polars.DataFrame
        place, name, state, wave, the axes of ``by``, count, students, other_count,
        other_students, for each statistic ``S``: S (``rate_per_10000`` for the rate), S_low,
        S_high, S_reason_id (``ok`` and ``few_events`` stand beside a number), then coverage,
        doubtful, basis, and note (scope and doubt in words, where they matter). A difference is
        per 10,000 students, too.

    Raises
    ------
    BadInput
        An unknown measure, level, axis, comparison group, basis, or statistic.
    NotAvailable
        The store has nothing of the wave.
    """
    of = measure_of(measure)
    check_axes(of, by)
    if wrong := [name for name in statistics if name not in STATISTICS]:
        raise BadInput(f"statistic {wrong[0]!r}: expected one of {', '.join(STATISTICS)}.")
    if not by:
        raise BadInput("by: expected at least one of race, sex, disability to compare on.")
    groups = groups_by(of, by, wave)[1:]
    found = count_units(
        store, measure, wave, groups, level=level, within=within, policy=policy, basis=basis,
        section504=section504,
    )  # fmt: skip
    if not found.places:
        raise NotAvailable(
            f"{of.label} of {wave} by {' and '.join(by)} for every {level} in {within}: "
            "expected figures in the store, found none.",
            wave=wave,
        )
    paired = _paired(_long(found, groups, by), by, versus)
    named = _named(store, paired)
    computed = named.with_columns(_columns(named, statistics))
    dated = computed.with_columns(pl.lit(wave).alias("wave"))
    return _without_self(dated, by, versus, statistics).select(
        "place", "name", "state", "wave", *by,
        "count", "students", "other_count", "other_students",
        *(column for name in statistics for column in statistic_columns(name)),
        "coverage", "doubtful", "basis", "note",
    )  # fmt: skip


def statistic_columns(name: str) -> tuple[str, str, str, str]:
    """Return the columns of a statistic: its value, the ends of its interval, and the reason."""
    value = "rate_per_10000" if name == "rate" else name
    return value, f"{name}_low", f"{name}_high", f"{name}_reason_id"


def spread(
    store: Store,
    measure: str,
    wave: str,
    *,
    within: str = "US",
    group: str = ALL,
    policy: str = "published",
) -> dict[str, object]:
    """Return how much districts differ in the risk of a group, beyond what chance would give.

    Parameters
    ----------
    within
        Only districts inside this place.
    group
        Whose risk.

    Returns
    -------
    dict
        The figures of :func:`homeroom.statistics.dispersion.dispersion` with their reasons.
    """
    measure_of(measure)
    found = count_units(store, measure, wave, [Group(group)], within=within, policy=policy)
    result = dispersion(found.events[0], found.students[0])
    names = ("units", "risk", "weighted_cv", "theil", "index", "p_value", "excess")
    return {name: _plain(getattr(result, name)) for name in names}


def _long(found: UnitFigures, groups: Sequence[Group], by: Sequence[str]) -> pl.DataFrame:
    """Return a row a place and group; a place without a student of the group has none."""
    frames = []
    for at, group in enumerate(groups):
        (crossing,) = group.crossings
        frames.append(
            pl.DataFrame(
                {
                    "place": found.places, "count": found.events[at],
                    "students": found.students[at], "coverage": found.coverage,
                    "doubtful": found.doubtful, "basis": found.basis,
                    "note": pl.Series(found.notes, dtype=pl.String),
                }
            ).with_columns(
                pl.col("count", "students", "coverage").fill_nan(None),
                *(pl.lit(getattr(crossing, axis)).alias(axis) for axis in by),
            )
        )  # fmt: skip
    whole = pl.concat(frames).with_columns(pl.col("count", "students").cast(pl.Int64))
    # A place without students of a group has no row for it; one that didn't report has.
    return whole.filter((pl.col("students") != 0) | pl.col("students").is_null())


def _without_self(
    frame: pl.DataFrame, by: Sequence[str], versus: str, statistics: Sequence[str]
) -> pl.DataFrame:
    """Say of a group held against itself that it is the reference: its ratio is no finding."""
    itself = pl.col(by[0]) == versus
    compared = [name for name in statistics if name in COMPARISONS]
    return frame.with_columns(
        *(
            pl.when(~itself).then(f"{name}{end}").alias(f"{name}{end}")
            for name in compared
            for end in ("", "_low", "_high")
        ),
        *(
            pl.when(itself)
            .then(pl.lit(REFERENCE.id))
            .otherwise(f"{name}_reason_id")
            .alias(f"{name}_reason_id")
            for name in compared
        ),
    )


def _plain(value: object) -> object:
    if isinstance(value, Statistic):
        return {
            "value": _plain(value.value), "low": _plain(value.low), "high": _plain(value.high),
            "reason": str(value.reason_ids.item()), "method": value.method.label,
        }  # fmt: skip
    number = float(np.asarray(value).item())
    return number if np.isfinite(number) else None


def _paired(frame: pl.DataFrame, by: Sequence[str], versus: str) -> pl.DataFrame:
    """Set each group beside those that it is compared with."""
    first, rest = by[0], ["place", *by[1:]]
    if versus == OTHERS:
        return frame.with_columns(
            other_count=_of_others("count", rest), other_students=_of_others("students", rest)
        )
    if versus not in set(frame[first]):
        known = ", ".join(sorted(set(frame[first])))
        raise BadInput(f"versus {versus!r}: expected `others` or one of {known}.")
    against = frame.filter(pl.col(first) == versus).select(
        *rest, other_count="count", other_students="students"
    )
    return frame.join(against, on=rest, how="left")


def _of_others(name: str, rest: list[str]) -> pl.Expr:
    """Sum the other groups; null where any of them did not report."""
    whole = pl.col(name).sum().over(rest) - pl.col(name)
    return pl.when(pl.col(name).null_count().over(rest) == 0).then(whole)


def _named(store: Store, frame: pl.DataFrame) -> pl.DataFrame:
    places = sql.frame(store.con, "SELECT place_id AS place, name, state FROM place")
    return frame.join(places, on="place", how="left").sort("place", maintain_order=True)


def _columns(frame: pl.DataFrame, statistics: Sequence[str]) -> list[pl.Series]:
    x1, n1, x2, n2 = (
        frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in ("count", "students", "other_count", "other_students")
    )
    columns: list[pl.Series] = []
    for name in statistics:
        per = 1.0
        if name == "rate":
            found, per = risk(x1, n1), float(PER)
        elif name == "number_to_one":
            found = number_to_one(x1, n1)
        elif name == "composition":
            found = composition(x1, n1, x1 + x2, n1 + n2).ratio
        else:
            found = compare(name, x1, n1, x2, n2)
            per = float(PER) if name == "difference" else 1.0
        value, low, high, reason = statistic_columns(name)
        for column, values in ((value, found.value), (low, found.low), (high, found.high)):
            columns.append(pl.Series(column, values * per).fill_nan(None))
        columns.append(pl.Series(reason, found.reason_ids.astype(str)))
    return columns
