"""A tidy panel: measures, groups, waves, and places in rows, with staff and ids ready to join.

Every number is the engine's: the panel asks its questions all at once, and its rows are what
:func:`homeroom.figures.engine.answer` says of each, in columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache as once
from itertools import product
from typing import Any

import numpy as np
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.quality import check_policy
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.backing import Source, cited
from homeroom.figures.by_unit import LEVELS, place_of
from homeroom.figures.doubts import Doubt
from homeroom.figures.engine import Evaluated, evaluate
from homeroom.figures.figure import NOT_AT_HAND, PER
from homeroom.figures.panel_staff import staff_columns, with_staff
from homeroom.figures.question import SECTION_504, Question
from homeroom.figures.rates import RateRow, check_axes, groups_by, measure_of
from homeroom.figures.rows import column, columns, like, schema
from homeroom.figures.scope import WIDTH, in_list
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import FIPS, STATES
from homeroom.vocabulary.waves import WAVES, check_wave


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A place, wave, measure, and group: a number with all that it speaks for."""

    place: str = like(RateRow, "place")
    name: str | None = column("Name of the place, as published")
    state: str | None = column("Postal code; null for the nation")
    fips: str | None = column("FIPS code of the state: two digits, as text")
    leaid: str | None = column("NCES id of the district: seven characters, as text")
    combokey: str | None = column("NCES id of the school: twelve characters, as text")
    wave: str = like(RateRow, "wave")
    measure: str = like(RateRow, "measure")
    group: str = like(RateRow, "group")
    race: str = like(RateRow, "race")
    sex: str = like(RateRow, "sex")
    disability: str = like(RateRow, "disability")
    count: int | None = like(RateRow, "count")
    students: int | None = like(RateRow, "students")
    rate_per_10000: float | None = like(RateRow, "rate_per_10000")
    low: float | None = like(RateRow, "low")
    high: float | None = like(RateRow, "high")
    all_events: int | None = like(RateRow, "all_events")
    status: str = like(RateRow, "status")
    reason: str | None = like(RateRow, "reason")
    reason_id: str | None = like(RateRow, "reason_id")
    coverage: float | None = like(RateRow, "coverage")
    coverage_schools: float | None = like(RateRow, "coverage_schools")
    universe: str | None = like(RateRow, "universe")
    doubtful: bool = column("Whether quality rules or errata doubt the figure as a whole")
    doubts: str | None = like(RateRow, "doubts")
    note: str | None = like(RateRow, "note")
    basis: str = like(RateRow, "basis")
    policy: str = like(RateRow, "policy")
    source: str = like(RateRow, "source")


def panel_columns() -> dict[str, str]:
    """Return every column of a panel and its meaning, those of staff included."""
    return {**columns(PanelRow), **staff_columns()}


def types() -> dict[str, pl.DataType]:
    """Return the type of every column of a panel."""
    found: dict[str, pl.DataType] = {name: kind() for name, kind in schema(PanelRow).items()}
    for name in staff_columns():
        number = name.endswith(("_fte", "_coverage"))
        counted = name.endswith("_students")
        found[name] = pl.Float64() if number else pl.Int64() if counted else pl.String()
    return found


def panel(
    store: Store,
    measures: Sequence[str] = ("arrests",),
    waves: Sequence[str] = (),
    *,
    by: Sequence[str] = (),
    level: str = "district",
    within: str = "US",
    policy: str = "published",
    section504: str = "with",
) -> pl.DataFrame:
    """Return a row a place, wave, measure, and group.

    A place has a row in each wave of which the store has a file of it, of the measure or of staff;
    where there is no number, its status and reason say why.

    Parameters
    ----------
    measures
        What is counted.
    waves
        Waves; every wave in the store if none is named.
    by
        Axes to cross: race, sex, disability. All students have a row in any case.
    level
        nation, state, district, or school.
    within
        Only places inside this one.

    Raises
    ------
    BadInput
        An unknown measure, wave, axis, level, or policy; a level whose places are larger than
        ``within``; or schools of the whole nation.
    NotAvailable
        The store has nothing of these waves.
    """
    area = place_range(within)
    _check(measures, waves, by, level, area, policy, section504)
    asked = _questions(store, measures, waves, by, level, area, policy, section504)
    nothing = NotAvailable(
        f"{', '.join(MEASURES[one].label for one in measures)} of every {level} in {within}"
        f"{' in ' + ', '.join(waves) if waves else ''}: expected figures in the store, found none.",
        wave=waves[0] if waves else None,
    )
    if not asked:
        raise nothing
    found = evaluate(store, asked)
    rows = _frame(found, by)
    joined = with_staff(_named(store, rows), store, level, area, policy)
    silent = pl.col("reason_id").eq_missing(NOT_AT_HAND) & pl.col("staff_coverage").is_null()
    silent &= pl.all_horizontal(pl.col(f"{role}_fte").is_null() for role in ROLES)
    kept = joined.filter(~silent).select(*panel_columns())
    if kept.is_empty():
        raise nothing
    return kept


def _check(
    measures: Sequence[str], waves: Sequence[str], by: Sequence[str], level: str,
    area: PlaceRange, policy: str, section504: str,
) -> None:  # fmt: skip
    if not measures:
        raise BadInput(f"measures: expected one or more of {', '.join(MEASURES)}, found none.")
    for measure in measures:
        check_axes(measure_of(measure), by)
    for wave in waves:
        check_wave(wave)
    check_policy(policy)
    if section504 not in SECTION_504:
        raise BadInput(f"section504 {section504!r}: expected `with` or `without`.")
    if level not in LEVELS:
        raise BadInput(f"level {level!r}: expected one of {', '.join(LEVELS)}.")
    if LEVELS.index(level) < LEVELS.index(area.kind):
        raise BadInput(
            f"level {level!r}: no {level} lies within {area.place_id}; ask for a smaller level."
        )
    if level == "school" and area.kind == "nation":
        raise BadInput("level school: expected `within` to name a state or a district.")


def _questions(
    store: Store, measures: Sequence[str], waves: Sequence[str], by: Sequence[str], level: str,
    area: PlaceRange, policy: str, section504: str,
) -> list[Question]:  # fmt: skip
    """Return the questions in the order of the rows: place, wave, measure, group."""
    named = tuple(wave for wave in WAVES if wave in waves) or tuple(WAVES)
    groups = {
        (measure, wave): groups_by(measure_of(measure), by, wave)
        for measure, wave in product(measures, named)
    }
    return [
        Question(
            measure, group, place=place, wave=wave, policy=policy, section504=section504
        )
        for place, wave in _held(store, measures, named, level, area)
        for measure in measures
        for group in groups[measure, wave]
    ]  # fmt: skip


def _held(
    store: Store, measures: Sequence[str], waves: Sequence[str], level: str, area: PlaceRange
) -> Iterator[tuple[str, str]]:
    """Yield each place of a level with each wave that may have a figure or staff of it."""
    if level in ("nation", "state"):
        nation = ["US"] if level == "nation" else [f"US-{state}" for state in STATES]
        places = [place for place in nation if area.kind == "nation" or place == area.place_id]
        yield from product(places, waves)
        return
    modules = sorted({MEASURES[measure].module for measure in measures})
    unit = f"school_no // {WIDTH[level]}"
    inside = f"wave IN ({in_list(waves)}) AND school_no BETWEEN {area.low} AND {area.high}"
    rows = sql.rows(
        store.con,
        f"SELECT DISTINCT {unit} AS unit, wave FROM answered WHERE module IN ({in_list(modules)}) "
        f"AND {inside} UNION SELECT DISTINCT {unit}, wave FROM staff WHERE {inside} ORDER BY ALL",
    )
    for number, wave in rows:
        yield place_of(int(number), level), str(wave)


def _frame(found: Evaluated, by: Sequence[str]) -> pl.DataFrame:
    """Return the engine's figures as columns, the names of places left out."""
    counts, asked = found.counts, found.questions
    crossings = [q.group.crossings[0] for q in asked]
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(counts.n1 > 0, counts.x1 / counts.n1, np.nan) * PER
    every = np.nan_to_num(counts.x1) + counts.apart
    numbers = {
        "count": np.rint(counts.x1), "students": np.rint(counts.n1), "rate_per_10000": rate,
        "low": found.low, "high": found.high,
        "all_events": np.where(counts.apart > 0, np.rint(every), np.nan),
        "coverage": counts.coverage, "coverage_schools": counts.coverage_schools,
    }  # fmt: skip
    types = schema(PanelRow)
    return pl.DataFrame(
        {
            "place": [q.place for q in asked], "wave": [q.wave for q in asked],
            "measure": [q.measure for q in asked],
            "group": [
                ALL if q.group == ALL else "/".join(str(getattr(one, axis)) for axis in by)
                for q, one in zip(asked, crossings, strict=True)
            ],
            "race": [one.race for one in crossings], "sex": [one.sex for one in crossings],
            "disability": [one.disability for one in crossings],
            "basis": counts.basis, "policy": [q.policy for q in asked],
            **{name: pl.Series(name, values).fill_nan(None).cast(types[name])
               for name, values in numbers.items()},
        }
    ).hstack(_words(found))  # fmt: skip


def _words(found: Evaluated) -> pl.DataFrame:
    """Return what is said of each figure: groups of a place, wave, and measure share most of it."""
    rows, counts, last = [], found.counts, None
    shared: tuple[Any, ...] = ()
    for at, q in enumerate(found.questions):
        share = counts.coverage[at]
        key = (q.place, q.wave, q.measure, counts.why[at] is None, str(share), counts.why[at])
        if key != last:
            behind, last = found.behind(at), key
            coverage = None if np.isnan(share) else float(share)
            shared = (
                wording.scope(behind.universe, coverage, _whole(q.place)),
                any(doubt.material for doubt in behind.doubts), _ids(behind.doubts), behind.note,
                _cited(behind.sources),
            )  # fmt: skip
        status, why, words = found.told(at, behind)
        no_number = np.isnan(found.value[at]) or status != "observed"
        rows.append((status, words if no_number else None, why, *shared))
    types = schema(PanelRow)
    names = ("status", "reason", "reason_id", "universe", "doubtful", "doubts", "note", "source")
    return pl.DataFrame(rows, schema={name: types[name] for name in names}, orient="row")


def _named(store: Store, rows: pl.DataFrame) -> pl.DataFrame:
    """Add names, and the ids that other files of the agencies join by."""
    names = sql.frame(store.con, "SELECT place_id AS place, name FROM place")
    key = pl.col("place").str.strip_prefix("lea:").str.strip_prefix("school:")
    small = pl.col("place").str.contains(":", literal=True)
    state = pl.col("place").str.strip_prefix("US-")
    postal = {code: postal for postal, code in FIPS.items()}
    return rows.join(names, on="place", how="left", maintain_order="left").with_columns(
        fips=pl.when(small).then(key.str.slice(0, 2)).otherwise(
            state.replace_strict(FIPS, default=None, return_dtype=pl.String)
        ),
        leaid=pl.when(small).then(key.str.slice(0, 7)),
        combokey=pl.when(pl.col("place").str.starts_with("school:")).then(key),
    ).with_columns(
        state=pl.col("fips").replace_strict(postal, default=None, return_dtype=pl.String)
    )  # fmt: skip


@once
def _cited(sources: tuple[Source, ...]) -> str:
    return cited(sources)


@once
def _whole(place: str) -> str:
    return wording.whole_of(place_range(place))


def _ids(doubts: tuple[Doubt, ...]) -> str | None:
    return "; ".join(dict.fromkeys(one.rule for one in doubts)) or None
