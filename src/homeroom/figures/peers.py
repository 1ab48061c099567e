"""Peers: places most like a place, by a distance that anyone can check and replace.

Each feature is put on a common scale (difference over the standard deviation of all candidates;
locale by its own steps), and the distance is the weighted root mean square over the features that
both places have. The weights are shown with the list; both can be replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures.by_unit import UnitFigures, count_units
from homeroom.figures.figure import PER
from homeroom.vocabulary.groups import ALL, Group


@dataclass(frozen=True, slots=True)
class Feature:
    """What places are compared on; ``scale`` fixes the unit, or None for a standard deviation."""

    id: str
    label: str
    weight: float
    scale: float | None = None


FEATURES: dict[str, Feature] = {
    feature.id: feature
    for feature in (
        Feature("log_students", "Students (logarithm to base 10)", 2.0),
        Feature("grades", "Grades offered (highest less lowest)", 0.5),
        Feature("urban", "Locale: city 1, suburb 2, town 3, rural 4", 1.0, 1.0),
        Feature("urban_size", "Size or remoteness within the locale, 1 to 3", 0.25, 1.0),
        Feature("poverty", "Share of children 5 to 17 in families in poverty", 1.5),
        Feature("black", "Share of students who are Black", 0.75),
        Feature("hispanic", "Share of students who are Hispanic", 0.75),
        Feature("white", "Share of students who are white", 0.75),
    )
}
WEIGHTS = {feature.id: feature.weight for feature in FEATURES.values()}


def features(store: Store, kind: str) -> pl.DataFrame:
    """Return the features of every district or state.

    Returns
    -------
    polars.DataFrame
        place_id, name, state, students, and a column for each of :data:`FEATURES`; null where a
        file that would tell is not in the store.
    """
    if kind not in _SQL:
        raise BadInput(f"peers of a {kind}: expected a district or a state.")
    return sql.frame(store.con, _SQL[kind])


def peers(
    store: Store,
    place: str,
    *,
    count: int = 10,
    weights: Mapping[str, float] | None = None,
    same_state: bool = False,
    known: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return the places nearest to a place.

    Parameters
    ----------
    weights
        Weight of each feature; those left out weigh nothing. By default :data:`WEIGHTS`.
    same_state
        Only places of the same state.
    known
        What :func:`features` gives for places of that kind, where the caller keeps it.

    Returns
    -------
    polars.DataFrame
        place, name, state, students, distance, compared_on (number of features), and the
        features. The first row is the place itself, at distance 0.

    Raises
    ------
    BadInput
        An unknown feature or a negative weight.
    NotAvailable
        The store has no features of the place.
    """
    area = place_range(place)
    chosen = _checked(WEIGHTS if weights is None else weights)
    table = features(store, area.kind) if known is None else known
    if area.place_id not in table["place_id"]:
        raise NotAvailable(f"{area.place_id}: expected a place with features, found none.")
    me = table.filter(pl.col("place_id") == area.place_id)
    if same_state:
        table = table.filter(pl.col("state") == me["state"][0])
    distance, shared = _distances(table, me, chosen)
    return (
        table.with_columns(distance=pl.Series(distance), compared_on=pl.Series(shared))
        .filter(pl.col("distance").is_finite())
        .sort(pl.col("place_id") != area.place_id, "distance", "place_id")
        .head(count + 1)
        .select(
            pl.col("place_id").alias("place"),
            "name",
            "state",
            "students",
            "distance",
            "compared_on",
            *FEATURES,
        )
    )


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in one place, to rank it among others.

    Attributes
    ----------
    events, students
        Students counted, and students in the schools that reported.
    doubtful
        Whether quality rules doubt the figure as a whole: it then takes no part in ranks.
    """

    events: int
    students: int
    doubtful: bool = False

    @property
    def rate(self) -> float:
        """The rate per 10,000."""
        return self.events / self.students * PER


Counts = Mapping[str, Counted | None]
"""Place to what was counted; None where there is no figure."""


def standing(
    store: Store,
    place: str,
    others: Sequence[str],
    measure: str,
    wave: str,
    *,
    group: str = ALL,
    policy: str = "published",
) -> dict[str, Any]:
    """Return where a place's rate stands among others: see :func:`ranked`.

    Parameters
    ----------
    others
        Place ids of the same kind.
    """
    found = counted(store, [place, *others], measure, wave, group=group, policy=policy)
    return ranked(place, found)


def ranked(place: str, counts: Counts) -> dict[str, Any]:
    """Return where a place's rate stands among those counted with it.

    Places without a rate are counted apart, never ranked; so are those whose figure is doubtful.

    Returns
    -------
    dict
        rate_per_10000, doubtful, peers (place to rate or None), peers_with_a_rate,
        doubtful_peers, lower, equal, percentile.
    """
    rates = {
        one: found.rate if found and not found.doubtful else None for one, found in counts.items()
    }
    own = counts[place]
    mine = rates.pop(place)
    known = [rate for rate in rates.values() if rate is not None]
    lower = sum(rate < mine for rate in known) if mine is not None else None
    same = sum(rate == mine for rate in known) if mine is not None else None
    return {
        "rate_per_10000": own.rate if own else None,
        "doubtful": bool(own and own.doubtful),
        "peers": rates,
        "peers_with_a_rate": len(known),
        "doubtful_peers": sum(
            bool(found and found.doubtful) for one, found in counts.items() if one != place
        ),
        "lower": lower,
        "equal": same,
        "percentile": None
        if lower is None or same is None or not known
        else 100 * (lower + same / 2) / len(known),
    }


def counted(
    store: Store,
    places: Sequence[str],
    measure: str,
    wave: str,
    *,
    group: str = ALL,
    policy: str = "published",
) -> dict[str, Counted | None]:
    """Count a measure and the students of several places of one kind, in their order."""
    kind = place_range(places[0]).kind
    only = None if kind in ("nation", "state") else places
    found = count_units(
        store, measure, wave, [Group(group)], level=kind, only=only, policy=policy
    )  # fmt: skip
    every = _counts(found)
    return {place: every.get(place) for place in places}


def every_district(
    store: Store, measure: str, wave: str, *, policy: str = "published"
) -> dict[str, Counted]:
    """Count a measure in every district that has a figure: slower than one, but only once."""
    return _counts(count_units(store, measure, wave, [Group()], policy=policy))


def _counts(found: UnitFigures) -> dict[str, Counted]:
    rows = zip(found.places, found.events[0], found.students[0], found.doubtful, strict=True)
    return {
        place: Counted(round(events), round(students), bool(doubtful))
        for place, events, students, doubtful in rows
        if np.isfinite(events) and students > 0
    }


def _checked(weights: Mapping[str, float]) -> dict[str, float]:
    for name, weight in weights.items():
        if name not in FEATURES:
            raise BadInput(f"feature {name!r}: expected one of {', '.join(FEATURES)}.")
        if not weight >= 0:
            raise BadInput(f"weight of {name}: expected a number from 0 up, found {weight}.")
    if not any(weights.values()):
        raise BadInput("weights: expected at least one above 0.")
    return {name: weight for name, weight in weights.items() if weight > 0}


def _distances(
    table: pl.DataFrame, me: pl.DataFrame, weights: Mapping[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    total = np.zeros(len(table))
    weight_shared = np.zeros(len(table))
    shared = np.zeros(len(table), dtype=np.int64)
    for name, weight in weights.items():
        values = table[name].cast(pl.Float64).to_numpy()
        mine = me[name][0]
        if mine is None:
            continue
        spread = FEATURES[name].scale or np.nanstd(values) or 1.0
        gap = (values - mine) / spread
        both = ~np.isnan(gap)
        total[both] += weight * gap[both] ** 2
        weight_shared[both] += weight
        shared += both
    # A place that shares less than half of the weight cannot be called alike.
    enough = weight_shared >= 0.5 * max(weight_shared.max(), 1e-12)
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.where(enough, np.sqrt(total / weight_shared), np.inf)
    return distance, shared


_MIX = """
    mixed AS (
        SELECT unit,
            sum(n) FILTER (race = 'black') / sum(n) AS black,
            sum(n) FILTER (race = 'hispanic') / sum(n) AS hispanic,
            sum(n) FILTER (race = 'white') / sum(n) AS white
        FROM mix GROUP BY unit HAVING sum(n) > 0)
"""
_SQL = {
    "district": f"""
        WITH wave_of AS (  -- the latest wave with races, the pandemic year last
            SELECT school_no // 100000 AS lea, max_by(wave, (wave <> '2020-21', wave)) AS wave
            FROM answered WHERE module = 'enrollment' GROUP BY ALL),
        mix AS (
            SELECT leaid_of(lea) AS unit, race, sum(value) AS n
            FROM cell JOIN cell_column USING (cell_id)
            JOIN wave_of ON wave_of.lea = school_no // 100000 AND wave_of.wave = cell.wave
            WHERE element = 'ENR' AND disability = 'any' AND value IS NOT NULL GROUP BY ALL),
        {_MIX},
        poor AS (
            SELECT leaid, arg_max(children_poverty / children, year) AS poverty
            FROM poverty WHERE children > 0 GROUP BY leaid)
        SELECT place_id, name, state, students, log10(students) AS log_students,
            high_grade - low_grade AS grades,
            TRY_CAST(left(locale, 1) AS INTEGER) AS urban,
            TRY_CAST(right(locale, 1) AS INTEGER) AS urban_size,
            poverty, coalesce(black, CASE WHEN white IS NOT NULL THEN 0 END) AS black,
            coalesce(hispanic, CASE WHEN white IS NOT NULL THEN 0 END) AS hispanic, white
        FROM place LEFT JOIN mixed ON unit = leaid LEFT JOIN poor USING (leaid)
        WHERE kind = 'district' AND students > 0 ORDER BY place_id
    """,
    "state": f"""
        WITH mix AS (
            SELECT state AS unit, race, arg_max(value, wave) AS n FROM official_estimate
            WHERE element = 'enrollment' AND sex = 'all' AND disability = 'all' AND race <> 'all'
            GROUP BY ALL),
        {_MIX},
        poor AS (
            SELECT state, sum(children_poverty) / sum(children) AS poverty
            FROM poverty JOIN place USING (leaid)
            WHERE year = (SELECT max(year) FROM poverty) AND kind = 'district' GROUP BY state)
        SELECT place_id, name, state, students, log10(students) AS log_students,
            NULL::INTEGER AS grades, NULL::INTEGER AS urban, NULL::INTEGER AS urban_size,
            poverty, black, hispanic, white
        FROM place LEFT JOIN mixed ON unit = state LEFT JOIN poor USING (state)
        WHERE kind = 'state' AND students > 0 ORDER BY place_id
    """,
}
