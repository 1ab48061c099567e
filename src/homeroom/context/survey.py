"""Estimates of the School Survey on Crime and Safety, with intervals and differences.

A principal answered for each school, so these are reports of principals of public schools. With 50
jackknife replicates (JK1) a standard error has 49 degrees of freedom (Korn and Graubard 1999,
Analysis of Health Surveys). NCES tests differences with Student's t as well, without adjusting for
many comparisons (Indicators of School Crime and Safety, technical notes).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy import special

from homeroom.context.survey_items import (
    CATEGORIES,
    DOMAIN_BREAKS,
    DOMAINS,
    THEMES,
    change_of,
    item_of,
    school_year,
    theme_of,
    years_of,
)
from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.sources.ssocs import YEARS, Item, catalogue
from homeroom.statistics.statistic import Bounds, Floats, Method, checked_level

DEGREES_OF_FREEDOM = 49
UNSTABLE = 0.3
"""Share of the estimate above which NCES's tables say: interpret with caution."""

LOGIT = Method(
    "logit_t",
    "t interval of the log odds, turned back into percent: it stays between 0 and 100",
    "Korn and Graubard 1998, Survey Methodology 24:193-201; svyciprop(method = 'xlogit') of the R "
    "package survey",
)
LOG = Method(
    "log_t",
    "t interval of the logarithm, turned back: it stays above 0",
    "Wolter 2007, Introduction to Variance Estimation, 2nd edition, chapter 6 (Taylor series)",
)
DIFFERENCE = Method(
    "difference_t",
    "t interval of the difference of two independent estimates",
    "NCES, Indicators of School Crime and Safety, technical notes",
)

COLUMNS = {
    "theme": "Theme id",
    "item": "Item id: one id is one question",
    "label": "The question, in words",
    "year": "Spring of the school year",
    "domain": "How schools are grouped",
    "category": "Group of schools, or all",
    "unit": "percent (of the universe), count (in the nation) or mean (per school)",
    "universe": "The schools that a percentage is of",
    "estimate": "Weighted estimate in the unit; null where too few schools were sampled",
    "se": "Jackknife standard error",
    "low": "Low end of the 95% interval; null where the standard error says nothing",
    "high": "High end",
    "n": "Sampled schools that were asked",
    "segment": "Points of one segment may be joined by a line; others mean different things",
    "caution": "What to mind about this estimate; null where nothing",
    "note": "What to know of the question, and where it or the groups of schools changed",
    "method": "How the interval was made",
    "variable": "Variables of the file",
    "source": "Publication, file and SHA-256",
}


def survey(
    store: Store,
    item: str | None = None,
    domain: str = "all",
    year: int | None = None,
    *,
    theme: str | None = None,
) -> pl.DataFrame:
    """Return estimates with 95% intervals, by theme and item in the order of the survey.

    Parameters
    ----------
    item
        An item id; its other wordings come with it, as segments of their own. All items if None.
    domain
        all, level, locale, size or minority.
    year
        Spring of one survey's school year; all years if None.
    theme
        A key of :data:`survey_items.THEMES`.

    Returns
    -------
    polars.DataFrame
        The columns of :data:`COLUMNS`.

    Raises
    ------
    BadInput
        An unknown item, domain, theme or year.
    NotAvailable
        The survey did not ask this, or its file lacks it.
    """
    wanted = _wanted(item, theme)
    _check(domain, year)
    frame = sql.frame(
        store.con,
        f"SELECT e.*, {sql.CITED} "
        "FROM survey_estimate e JOIN source_file USING (source_id) WHERE domain = ?",
        [domain],
    ).filter(pl.col("item").is_in([one.id for one in wanted]))
    if year is not None:
        frame = frame.filter(pl.col("year") == year)
    if frame.is_empty():
        raise _nothing(item, domain, year)
    order = ["_order", "_group", "year"]
    told = _segmented(_bounded(frame).join(_words(wanted), on="item"), domain)
    return told.sort(order).select(list(COLUMNS))


def intervals(
    unit: str, estimate: Floats, se: Floats, level: float = 0.95
) -> tuple[Method, Bounds]:
    """Bound estimates of a unit; NaN where the standard error is zero or the estimate is an end."""
    t = _t(level)
    if unit == "percent":
        with np.errstate(divide="ignore", invalid="ignore"):
            share = estimate / 100
            reach = t * se / 100 / (share * (1 - share))
            low, high = (100 * special.expit(special.logit(share) + s * reach) for s in (-1, 1))
        method = LOGIT
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = np.exp(t * se / estimate)
            low, high = estimate / reach, estimate * reach
        method = LOG
    known = (se > 0) & (estimate > 0) & ((estimate < 100) | (unit != "percent"))
    return method, (np.where(known, low, np.nan), np.where(known, high, np.nan))


def differences(
    store: Store,
    item: str,
    domain: str = "all",
    year: int | None = None,
) -> pl.DataFrame:
    """Hold every two estimates of an item against each other that may be compared.

    With ``domain`` all: the years of one wording. Else: the groups of schools within each year.
    Samples of different years are independent; groups of one year share no school and are taken
    as independent, as NCES does.

    Returns
    -------
    polars.DataFrame
        ``item, unit, first, second, year, difference, se, low, high, p, sentence``; difference is
        second minus first.
    """
    frame = survey(store, item, domain, year).drop_nulls("estimate")
    frame = frame.with_columns(
        side=pl.col("year") if domain == "all" else pl.col("category"),
        within=pl.col("segment") if domain == "all" else pl.format("{} {}", "segment", "year"),
    )
    pairs = [
        _difference(rows[a], rows[b], domain)
        for _, group in frame.group_by("within", maintain_order=True)
        for rows in [group.to_dicts()]
        for a in range(len(rows))
        for b in range(a + 1, len(rows))
    ]
    return pl.DataFrame(pairs, schema=_DIFFERENCE)


_DIFFERENCE = {
    "item": pl.String, "unit": pl.String, "first": pl.String, "second": pl.String, "year": pl.Int32,
    "difference": pl.Float64, "se": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "p": pl.Float64, "method": pl.String, "sentence": pl.String,
}  # fmt: skip


def _difference(one: dict[str, Any], two: dict[str, Any], domain: str) -> dict[str, Any]:
    difference = two["estimate"] - one["estimate"]
    se = float(np.hypot(one["se"], two["se"]))
    reach = _t(0.95) * se
    p = 2 * float(special.stdtr(DEGREES_OF_FREEDOM, -abs(difference) / se)) if se else None
    names = (
        [school_year(row["year"]) for row in (one, two)]
        if domain == "all"
        else [CATEGORIES[row["category"]] for row in (one, two)]
    )
    found = {
        "item": one["item"], "unit": one["unit"], "first": names[0], "second": names[1],
        "year": None if domain == "all" else one["year"], "difference": difference,
        "se": se, "low": difference - reach, "high": difference + reach, "p": p,
        "method": DIFFERENCE.id,
    }  # fmt: skip
    return found | {"sentence": _sentence(one, two, found, domain)}


def _sentence(one: dict[str, Any], two: dict[str, Any], found: dict[str, Any], domain: str) -> str:
    where = "" if domain == "all" else f", {school_year(one['year'])}, by {DOMAINS[domain]}"
    label = f"{one['label']} ({one['universe'][0].lower()}{one['universe'][1:]}{where})"
    sides = ", against ".join(
        f"{amount(row['estimate'], row['unit'])} {'in' if domain == 'all' else 'for'} "
        f"{name if domain == 'all' else name.lower()}"
        for row, name in ((two, found["second"]), (one, found["first"]))
    )
    size = amount(abs(found["difference"]), one["unit"], difference=True)
    signed = amount(found["difference"], one["unit"], difference=True)
    span = bounds(found["low"], found["high"], one["unit"])
    if found["p"] is None or found["low"] <= 0 <= found["high"]:
        said = f"The difference of {signed} (95% interval {span}) is within sampling error."
    else:
        said = (
            f"That is {size} {'more' if found['difference'] > 0 else 'less'} (95% interval of the "
            f"difference {span})."
        )
    return f"{label}: {sides}. {said}"


def amount(value: float, unit: str, *, difference: bool = False, bare: bool = False) -> str:
    """Write an estimate with the digits that it can bear."""
    if unit == "percent":
        text = f"{value:.1f}".replace("-", "\N{MINUS SIGN}")
        return text if bare else f"{text} percentage points" if difference else f"{text}%"
    # Hundreds, as NCES prints numbers of incidents: their standard errors are thousands.
    text = f"{round(value, -2):,.0f}" if unit == "count" else f"{value:.1f}"
    return text.replace("-", "\N{MINUS SIGN}")


def bounds(low: float, high: float, unit: str) -> str:
    """Write an interval with the digits that it can bear; its unit stands with the estimate."""
    return f"{amount(low, unit, bare=True)} to {amount(high, unit, bare=True)}"


def _wanted(item: str | None, theme: str | None) -> list[Item]:
    if item is not None and theme is not None:
        raise BadInput("item, theme: expected one of the two, found both.")
    if theme is not None and theme not in THEMES:
        raise BadInput(f"theme {theme!r}: expected one of {', '.join(THEMES)}.")
    if item is not None:
        one = item_of(item)
        change = change_of(one.id)
        return [item_of(name) for name in change.items] if change else [one]
    return [one for one in catalogue().items if theme in (None, theme_of(one))]


def _check(domain: str, year: int | None) -> None:
    if domain not in DOMAINS:
        raise BadInput(f"domain {domain!r}: expected one of {', '.join(DOMAINS)}.")
    if year is not None and year not in YEARS:
        raise BadInput(
            f"year {year}: expected the spring of a survey that Homeroom has, "
            f"{', '.join(map(str, YEARS))}."
        )


def _nothing(item: str | None, domain: str, year: int | None) -> NotAvailable:
    if item is None:
        return NotAvailable(
            f"SSOCS {year or ''} by {DOMAINS[domain]}: expected estimates, found none in the "
            "store. The public-use file of 2018 has no shares of students of color, and that of "
            "2019-20 does not come with Homeroom: build from NCES's file."
        )
    return NotAvailable(
        f"{item}, {year or 'any year'}, by {DOMAINS[domain]}: expected an estimate, found none. "
        f"Asked and in the public-use file: {years_of(item_of(item))}."
    )


def _bounded(frame: pl.DataFrame) -> pl.DataFrame:
    """Add intervals and cautions."""
    parts = []
    for (unit,), part in frame.group_by("unit", maintain_order=True):
        values = part.select(pl.col("estimate", "se").fill_null(float("nan"))).to_numpy().T
        method, (low, high) = intervals(str(unit), values[0], values[1])
        parts.append(
            part.with_columns(
                low=pl.Series(low), high=pl.Series(high), method=pl.lit(method.id)
            ).with_columns(pl.col("low", "high").fill_nan(None))
        )
    share = pl.col("se") / pl.col("estimate")
    order = list(CATEGORIES)
    return pl.concat(parts).with_columns(
        _group=pl.col("category").replace_strict(
            order, range(len(order)), return_dtype=pl.Int64
        ),
        caution=pl.when(pl.col("estimate").is_null())
        .then(pl.lit("fewer than 30 sampled schools: no estimate"))
        .when(pl.col("se") == 0)
        .then(pl.lit("all sampled schools answered alike: the standard error of 0 says nothing"))
        .when(share > UNSTABLE)
        .then(pl.lit("the standard error is over 30% of the estimate: interpret with caution")),
    )  # fmt: skip


def _segmented(frame: pl.DataFrame, domain: str) -> pl.DataFrame:
    """Tell which points are of one question and of one kind of groups."""
    frame = frame.with_columns(segment=pl.col("item"))
    for (broken, since), why in DOMAIN_BREAKS.items():
        if broken == domain:
            old = pl.col("year") < since
            frame = frame.with_columns(
                segment=pl.when(old).then(pl.format("{} before {}", "item", pl.lit(since)))
                .otherwise("segment"),
                note=pl.concat_str(["note", pl.lit(why)], separator=" ", ignore_nulls=True),
            )  # fmt: skip
    return frame


def _words(items: list[Item]) -> pl.DataFrame:
    """Return label, universe, theme and note of each item."""
    return pl.DataFrame(
        [
            {
                "item": one.id, "_order": order, "theme": theme_of(one), "label": one.label,
                "universe": one.universe.label,
                "note": change.why if (change := change_of(one.id)) else one.note or None,
            }
            for order, one in enumerate(items)
        ],
        infer_schema_length=None,
    )  # fmt: skip


def _t(level: float) -> float:
    return float(special.stdtrit(DEGREES_OF_FREEDOM, (1 + checked_level(level)) / 2))
