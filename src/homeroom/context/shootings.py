"""School shootings as The Washington Post counts them, and what they can and cannot show.

Deaths come in clusters: one shooting may hold a quarter of all deaths of a group, and shootings
bunch in years. Exact Poisson intervals (Garwood) are given for numbers of shootings; every ratio
has an interval from a delete-one-year jackknife, which needs no assumption on how deaths are spread
within a year (Efron and Stein 1981, Annals of Statistics 9:586-596).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from scipy import special

from homeroom.errors import NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.statistics.intervals import GARWOOD, garwood
from homeroom.statistics.statistic import Floats, Method

PRESENT, NOT_PRESENT, EMPTY = "present", "not_present_or_unknown", "not_recorded"
PRESENCE = {
    PRESENT: "an officer or guard recorded as present",
    NOT_PRESENT: "recorded as not present or not known",
    EMPTY: "nothing recorded",
}
BANDS = {"under_500": "under 500", "500_to_999": "500 to 999", "1000_or_more": "1,000 or more"}
OUTCOMES = {
    "killed": "people killed per shooting",
    "injured": "people injured per shooting",
    "fatal": "share of shootings in which anyone was killed",
}
WELL_RECORDED = 0.75
"""A school year counts as recorded if the field on officers is filled for this share of its
shootings. Through 2017-18 it is for at least 86%, from 2018-19 for 39% at most."""

CREDIT = (
    "Source: The Washington Post, school shootings database (CC BY-NC-SA 4.0); counts by Homeroom."
)
JACKKNIFE = Method(
    "jackknife_years",
    "t interval of the log ratio, standard error by leaving out one school year at a time",
    "Efron and Stein 1981, Annals of Statistics 9:586-596",
)
MANTEL_HAENSZEL = Method(
    "mantel_haenszel_jackknife_years",
    "Mantel-Haenszel rate ratio over bands of enrollment, with the jackknife over school years",
    "Rothman, Greenland and Lash 2008, Modern Epidemiology, 3rd edition, chapter 15",
)

CANNOT = tuple(
    " ".join(reason.split())
    for reason in (
        """Officers and guards are placed by risk and size: schools that have them are larger and
        differ in other ways, so a difference between the groups is not an effect of officers.""",
        """The data hold shootings only. A shooting that was deterred or stopped beforehand is in no
        row, and schools without shootings are not in the data, so no risk can be compared.""",
        """The file's "no" means not present or not known, and for many shootings the field is
        empty. More may be known of shootings with many victims, officers on the grounds
        included: that alone would raise the averages of shootings with an officer.""",
        """It says whether an officer or guard was on the grounds, not whether one was armed, near,
        or acted.""",
        "Deaths are few and clustered: single shootings decide the averages.",
    )
)
"""Why the counts cannot show whether officers deter or limit shootings."""


def shootings(store: Store) -> pl.DataFrame:
    """Return shootings, deaths and injuries by school year and by what is recorded on officers.

    Returns
    -------
    polars.DataFrame
        ``school_year`` (or ``all``), ``presence`` (a key of :data:`PRESENCE`, or ``all``),
        ``incidents`` with ``low`` and ``high`` (exact Poisson interval of the expected number),
        ``killed``, ``injured``, ``partial`` (first and last school year of the file), ``source``.
    """
    counts = _counts(store, "incident_year")
    sums = [pl.col(c).sum() for c in ("incidents", "killed", "injured")]
    every = [pl.lit("all").alias(c) for c in ("school_year", "presence")]
    parts = [
        counts.group_by("school_year", "presence").agg(sums),
        counts.group_by("school_year", every[1]).agg(sums),
        counts.group_by(every[0], "presence").agg(sums),
        counts.group_by(*every).agg(sums),
    ]
    frame = pl.concat(part.select(parts[0].columns) for part in parts)
    x = frame["incidents"].to_numpy().astype(np.float64)
    low, high = garwood(x, np.ones_like(x))
    ends = (counts["school_year"].min(), counts["school_year"].max())
    order = [*PRESENCE, "all"]
    return frame.with_columns(
        low=pl.Series(low),
        high=pl.Series(high),
        method=pl.lit(GARWOOD.id),
        partial=pl.col("school_year").is_in(ends),
        source=pl.lit(_source(store)),
        _order=pl.col("presence").replace_strict(order, range(4), return_dtype=pl.Int64),
    ).sort("school_year", "_order").drop("_order")  # fmt: skip


def ratios(store: Store) -> pl.DataFrame:
    """Divide averages of shootings with an officer or guard present by those of the others.

    Each outcome of :data:`OUTCOMES` comes under three readings of the file and, for the first,
    without and with adjustment for enrollment:

    ``recorded_years``
        School years in which the field is filled (see :data:`WELL_RECORDED`), empty ones left out.
    ``recorded``
        All school years, empty ones left out.
    ``empty_as_no``
        All school years, empty ones read as no officer. A sensitivity check, not a finding.

    Raises
    ------
    NotAvailable
        The store has no counts by enrollment.
    """
    counts = _counts(store, "incident_size")
    known = counts.filter(pl.col("presence") != EMPTY)
    years = recorded_years(counts)
    within = known.filter(pl.col("school_year").is_in(years))
    read = pl.col("presence").replace(EMPTY, NOT_PRESENT)
    readings = [
        ("recorded_years", "none", within),
        ("recorded_years", "enrollment", within.drop_nulls("enrollment")),
        ("recorded", "none", known),
        ("recorded", "enrollment", known.drop_nulls("enrollment")),
        ("empty_as_no", "none", counts.with_columns(presence=read)),
        ("empty_as_no", "enrollment", counts.with_columns(presence=read).drop_nulls("enrollment")),
    ]
    source = _source(store)
    return pl.DataFrame(
        [
            {"outcome": outcome, "reading": reading, "adjusted_for": adjusted}
            | _ratio(cells, outcome, by_band=adjusted == "enrollment")
            | {"source": source}
            for outcome in OUTCOMES
            for reading, adjusted, cells in readings
        ],
        infer_schema_length=None,
    )


def recorded_years(counts: pl.DataFrame) -> list[str]:
    """Return the school years in which the field on officers is filled for most shootings."""
    filled = (
        counts.group_by("school_year")
        .agg(
            filled=pl.col("incidents").filter(pl.col("presence") != EMPTY).sum()
            / pl.col("incidents").sum()
        )
        .filter(pl.col("filled") >= WELL_RECORDED)
    )
    return sorted(filled["school_year"])


def by_enrollment(store: Store) -> pl.DataFrame:
    """Return shootings and deaths by enrollment band and by what is recorded on officers."""
    return (
        _counts(store, "incident_size")
        .group_by("enrollment", "presence")
        .agg(pl.col("incidents", "fatal", "killed", "injured").sum())
        .sort("enrollment", "presence", nulls_last=True)
    )


@dataclass(frozen=True, slots=True)
class GuardedSummary:
    """What the shootings say on officers, for the claims that both sides make."""

    sentences: tuple[str, ...]
    cannot: tuple[str, ...]
    ratios: pl.DataFrame
    source: str
    claims: tuple[str, ...] = ("no-panacea", "sros-protect")


def guarded_summary(store: Store) -> GuardedSummary:
    """Say what the counts show and what they cannot, in words that favor neither side."""
    found = ratios(store)
    sentences = [
        _overview(store),
        *_recording(store),
        *(_compared(found, one) for one in OUTCOMES),
        _both(found),
    ]
    return GuardedSummary(tuple(sentences), CANNOT, found, CREDIT)


def _overview(store: Store) -> str:
    frame = shootings(store)
    whole = frame.filter(pl.col("school_year") == "all")
    count = dict(whole.select("presence", "incidents").iter_rows())
    total = whole.filter(pl.col("presence") == "all").row(0, named=True)
    years = sorted(set(frame["school_year"]) - {"all"})
    return (
        f"The Post counts {total['incidents']:,} shootings at schools from {years[0]} to "
        f"{years[-1]}, with {total['killed']:,} people killed and {total['injured']:,} injured "
        f"(shooters not counted). An officer or guard is recorded as present at "
        f"{count.get(PRESENT, 0)}, as not present or not known at {count.get(NOT_PRESENT, 0)}; for "
        f"{count.get(EMPTY, 0)} the file says nothing."
    )


def _recording(store: Store) -> list[str]:
    counts = _counts(store, "incident_size")
    years = recorded_years(counts)
    rest = counts.filter(~pl.col("school_year").is_in(years))
    if not years or rest.is_empty():
        return []
    empty = rest.filter(pl.col("presence") == EMPTY)["incidents"].sum()
    told = (
        f"The field is filled for most shootings in {len(years)} school years, {years[0]} to "
        f"{years[-1]}; in the others it is empty for {empty} of {rest['incidents'].sum()}. "
        "Comparisons use the school years in which it is filled."
    )
    return [told]


def _compared(found: pl.DataFrame, outcome: str) -> str:
    row, adjusted = (_row(found, outcome, by) for by in ("none", "enrollment"))
    label = OUTCOMES[outcome]
    sides = ", ".join(
        f"{_average(row[f'{side}_rate'])} in {row[f'{side}_incidents']} shootings {what}"
        for side, what in (("present", "with an officer or guard present"), ("other", "without"))
    )
    crude, like = _ratio_words(row), _ratio_words(adjusted)
    return (
        f"{label[0].upper()}{label[1:]}: {sides} (or not known). Ratio {crude}; among schools of "
        f"like enrollment {like}."
    )


def _average(rate: float | None) -> str:
    return "no average" if rate is None else f"{rate:.2f}"


def _both(found: pl.DataFrame) -> str:
    row = _row(found, "fatal", "none")
    return (
        f"In those years people were killed in {row['present_events']} shootings with an officer "
        f"or guard present and in {row['other_events']} others: presence does not rule deaths out. "
        "Shootings that officers prevented, or cut short, cannot be counted from these data, so "
        "they do not show that officers fail to protect either."
    )


def _ratio_words(row: dict[str, Any]) -> str:
    if row["ratio"] is None:
        return f"not defined ({row['reason']})"
    if row["low"] is None:
        return f"{row['ratio']:.2f} (no interval: {row['reason']})"
    told = "can" if not row["low"] <= 1 <= row["high"] else "cannot"
    span = f"95% interval {row['low']:.2f} to {row['high']:.2f}"
    return f"{row['ratio']:.2f} ({span}: {told} be told from 1)"


def _row(found: pl.DataFrame, outcome: str, adjusted: str) -> dict[str, Any]:
    return found.row(
        by_predicate=(pl.col("outcome") == outcome)
        & (pl.col("reading") == "recorded_years")
        & (pl.col("adjusted_for") == adjusted),
        named=True,
    )


def _ratio(cells: pl.DataFrame, outcome: str, *, by_band: bool) -> dict[str, Any]:
    events, incidents = _cube(cells, outcome, by_band=by_band)
    years = events.shape[0]
    ratio = float(mantel_haenszel(events.sum(axis=0), incidents.sum(axis=0)))
    left = [
        float(mantel_haenszel(e, i))
        for e, i in zip(
            events.sum(axis=0) - events, incidents.sum(axis=0) - incidents, strict=True
        )
    ]  # fmt: skip
    method = MANTEL_HAENSZEL if by_band else JACKKNIFE
    x, n = events.sum(axis=(0, 1)), incidents.sum(axis=(0, 1))
    low, high, reason = _bounds(ratio, np.array(left))
    return {
        "ratio": ratio if np.isfinite(ratio) and ratio > 0 else None, "low": low, "high": high,
        "reason": reason, "method": method.id, "school_years": years,
        "present_incidents": int(n[0]), "present_events": int(x[0]),
        "present_rate": float(x[0] / n[0]) if n[0] else None,
        "other_incidents": int(n[1]), "other_events": int(x[1]),
        "other_rate": float(x[1] / n[1]) if n[1] else None,
    }  # fmt: skip


def _bounds(ratio: float, left: Floats) -> tuple[float | None, float | None, str | None]:
    """Bound a ratio by its values with one school year left out."""
    if not np.isfinite(ratio) or ratio <= 0:
        return None, None, "nothing was counted in one of the groups"
    if len(left) < 3 or not np.isfinite(left).all() or (left <= 0).any():
        return None, None, "without one school year nothing is left to compare"
    logs = np.log(left)
    years = len(logs)
    error = np.sqrt((years - 1) / years * np.square(logs - logs.mean()).sum())
    reach = float(np.exp(special.stdtrit(years - 1, 0.975) * error))
    return ratio / reach, ratio * reach, None


def mantel_haenszel(events: Floats, incidents: Floats) -> np.float64:
    """Return the Mantel-Haenszel rate ratio of (strata, 2) arrays; NaN where it is not defined.

    With one stratum it is the plain ratio of rates.
    """
    total = incidents.sum(axis=1)
    held = total > 0
    above = (events[held, 0] * incidents[held, 1] / total[held]).sum()
    below = (events[held, 1] * incidents[held, 0] / total[held]).sum()
    return np.float64(above / below) if below > 0 else np.float64("nan")


def _cube(cells: pl.DataFrame, outcome: str, *, by_band: bool) -> tuple[Floats, Floats]:
    """Return events and shootings as arrays of (school years, bands, present or not)."""
    years = sorted(cells["school_year"].unique())
    bands = list(BANDS) if by_band else [None]
    events = np.zeros((len(years), len(bands), 2))
    incidents = np.zeros_like(events)
    columns = ("school_year", "enrollment", "presence", outcome, "incidents")
    for year, band, presence, happened, count in cells.select(columns).iter_rows():
        at = years.index(year), bands.index(band) if by_band else 0, int(presence != PRESENT)
        events[at] += happened
        incidents[at] += count
    return events, incidents


def _counts(store: Store, table: str) -> pl.DataFrame:
    frame = sql.frame(store.con, f"SELECT * FROM {table}")
    if frame.is_empty():
        raise NotAvailable(
            f"School shootings: expected counts in table {table}, found none. The "
            "Washington Post's file, school-shootings-data.csv, would bring them."
        )
    return frame.with_columns(
        presence=pl.when(pl.col("guarded").is_null())
        .then(pl.lit(EMPTY))
        .when("guarded")
        .then(pl.lit(PRESENT))
        .otherwise(pl.lit(NOT_PRESENT))
    )


def _source(store: Store) -> str:
    rows = sql.rows(
        store.con,
        "SELECT DISTINCT title, name, sha256 FROM source_file SEMI JOIN incident_year "
        "USING (source_id) ORDER BY name",
    )
    return "; ".join(f"{title}: {name} (sha256 {sha[:12]})" for title, name, sha in rows)


_RATE_YEARS = ("2019-20", "2023-24")


def per_school(store: Store) -> float | None:
    """Return shootings a school and year in the country: five school years over public schools.

    Parameters
    ----------
    store
        What to ask.

    Returns
    -------
    float or None
        None where the store lacks the shootings or OCR's number of the nation's schools.
    """
    years = sql.rows(
        store.con,
        "SELECT sum(incidents), count(DISTINCT school_year) FROM incident_year "
        "WHERE school_year BETWEEN ? AND ?",
        _RATE_YEARS,
    )
    schools = sql.rows(
        store.con,
        "SELECT schools FROM official_estimate WHERE wave = '2017-18' AND state = 'US' "
        "AND element = 'enrollment' AND race = 'all' AND sex = 'all' AND disability = 'all'",
    )
    if not years[0][1] or not schools:
        return None
    return float(years[0][0] / years[0][1] / schools[0][0])
