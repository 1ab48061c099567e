"""Disparities of one measure for every place of a level at once, by group, with intervals.

A group is held against another on the first axis of ``by`` (``versus="white"``), or against
everyone else on it (``versus="others"``), within the same sex and disability where those are
crossed. Methods: :data:`METHODS`. What the intervals mean: :mod:`homeroom.statistics.meaning`.
"""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.place_ids import place_range
from homeroom.figures import cube, official
from homeroom.figures.question import OTHERS
from homeroom.figures.rates import PER
from homeroom.figures.scope import Scope, measure_of
from homeroom.statistics.comparison import COMPARISONS, compare
from homeroom.statistics.composition import composition
from homeroom.statistics.dispersion import dispersion
from homeroom.statistics.reasons import REFERENCE
from homeroom.statistics.risk import number_to_one, risk
from homeroom.statistics.statistic import Statistic
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.states import FIPS

LEVELS = ("nation", "state", "district", "school")
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
    con: duckdb.DuckDBPyConnection,
    measure: str,
    wave: str,
    *,
    level: str = "district",
    within: str = "US",
    by: tuple[str, ...] = ("race",),
    versus: str = OTHERS,
    statistics: tuple[str, ...] = ("rate", "ratio"),
    policy: str = "published",
    basis: str = "",
    section504: str = "with",
) -> pl.DataFrame:
    """Return a row a place and group.

    Returns
    -------
    polars.DataFrame
        place, name, state, the axes of ``by``, events, students, other_events, other_students,
        and for each statistic ``S``: S, S_low, S_high, S_reason (a reason id; ``ok`` and
        ``few_events`` stand beside a number). ``rate`` is per 10,000 students, ``difference`` too.

    Raises
    ------
    BadInput
        An unknown measure, level, axis, comparison group or statistic.
    NotAvailable
        Nothing is at hand for the wave.
    """
    found = measure_of(measure)
    cube.check_axes([found], by)
    if level not in LEVELS:
        raise BadInput(f"level {level!r}: expected one of {', '.join(LEVELS)}.")
    if wrong := [name for name in statistics if name not in STATISTICS]:
        raise BadInput(f"statistic {wrong[0]!r}: expected one of {', '.join(STATISTICS)}.")
    if not by:
        raise BadInput("by: expected at least one of race, sex, disability to compare on.")
    area = place_range(within)
    tables = level in ("nation", "state") and basis != "schools" and policy == "published"
    frame = (
        official.every_state(con, found, wave, by, level)
        if tables
        else cube.by_groups(con, (measure,), Scope(area, (wave,), policy, level), by, section504)
    )
    frame = frame.filter(pl.all_horizontal(pl.col(axis) != ALL for axis in by))
    if frame.is_empty():
        raise NotAvailable(
            f"{found.label} of {wave} by {' and '.join(by)} for every {level} in {within}: "
            "expected figures in the store, found none. `homeroom build --from` adds files."
        )
    paired = _paired(frame, by, versus)
    named = _named(con, paired, level, tables=tables)
    computed = named.with_columns(_columns(named, statistics))
    return _without_self(computed, by, versus, statistics).select(
        "place", "name", "state", *by, "events", "students", "other_events", "other_students",
        *(f"{name}{end}" for name in statistics for end in ("", "_low", "_high", "_reason")),
    )  # fmt: skip


def spread(
    con: duckdb.DuckDBPyConnection,
    measure: str,
    wave: str,
    *,
    within: str = "US",
    group: str = ALL,
    policy: str = "published",
) -> dict[str, object]:
    """Say how much districts differ in the risk of a group, beyond what chance would give.

    Returns the figures of :func:`homeroom.statistics.dispersion.dispersion` with their reasons.
    """
    measure_of(measure)
    scope = Scope(place_range(within), (wave,), policy, "district")
    by: tuple[str, ...] = () if group == ALL else ("race",)
    frame = cube.by_groups(con, (measure,), scope, by).filter(pl.col("race") == group)
    result = dispersion(frame["events"].to_numpy(), frame["students"].to_numpy())
    names = ("units", "risk", "weighted_cv", "theil", "index", "p_value", "excess")
    return {name: _plain(getattr(result, name)) for name in names}


def _without_self(
    frame: pl.DataFrame, by: tuple[str, ...], versus: str, statistics: tuple[str, ...]
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
            .otherwise(f"{name}_reason")
            .alias(f"{name}_reason")
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


def _paired(frame: pl.DataFrame, by: tuple[str, ...], versus: str) -> pl.DataFrame:
    """Set each group beside those that it is held against."""
    first, rest = by[0], ["unit", *by[1:]]
    counts = frame.select("unit", *by, "events", "students")
    if versus == OTHERS:
        return counts.with_columns(
            other_events=pl.col("events").sum().over(rest) - pl.col("events"),
            other_students=pl.col("students").sum().over(rest) - pl.col("students"),
        )
    if versus not in set(counts[first]):
        known = ", ".join(sorted(set(counts[first])))
        raise BadInput(f"versus {versus!r}: expected `others` or one of {known}.")
    against = counts.filter(pl.col(first) == versus).select(
        *rest, other_events="events", other_students="students"
    )
    return counts.join(against, on=rest, how="left")


def _named(
    con: duckdb.DuckDBPyConnection, frame: pl.DataFrame, level: str, *, tables: bool
) -> pl.DataFrame:
    unit = pl.col("unit")
    if tables or level == "nation":
        key = pl.when(unit == "US").then(pl.lit("US")).otherwise("US-" + unit.cast(pl.String))
        frame = frame.with_columns(place=key if tables else pl.lit("US"))
    elif level == "state":
        postal = {int(fips): f"US-{state}" for state, fips in FIPS.items()}
        frame = frame.with_columns(place=unit.replace_strict(postal))
    else:
        form = {"district": "'lea:' || leaid_of(unit)", "school": "'school:' || combokey_of(unit)"}
        con.register("units", frame.select("unit").unique().to_arrow())
        ids = sql.frame(con, f"SELECT unit, {form[level]} AS place FROM units")
        con.unregister("units")
        frame = frame.join(ids, on="unit")
    places = sql.frame(con, "SELECT place_id AS place, name, state FROM place")
    return frame.join(places, on="place", how="left").sort("place")


def _columns(frame: pl.DataFrame, statistics: tuple[str, ...]) -> list[pl.Series]:
    x1, n1, x2, n2 = (
        frame[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in ("events", "students", "other_events", "other_students")
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
        for end, values in (("", found.value), ("_low", found.low), ("_high", found.high)):
            columns.append(pl.Series(f"{name}{end}", values * per).fill_nan(None))
        columns.append(pl.Series(f"{name}_reason", found.reason_ids.astype(str)))
    return columns
