"""From a public-use file to weighted estimates with standard errors, by kind of school."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from homeroom.errors import BadInput
from homeroom.sources.ssocs.items import Domain, Item, catalogue
from homeroom.sources.ssocs.jackknife import Floats, Weights, ratios, totals
from homeroom.sources.tables import TABLES

MINIMUM_SCHOOLS = 30
"""With fewer sampled schools, estimate and standard error are withheld: NCES too prints no estimate
from too few cases, and the jackknife of so few schools is itself unstable."""

SKIP = -1
"""The survey's code for a question that does not apply to the school (legitimate skip)."""

_PERCENT = 100.0
_TAKE_AGAIN = "Take the public-use file from NCES again."


@dataclass(frozen=True, slots=True)
class Amounts:
    """Of each school and item: the amount (1 for yes), and 1 where the school was asked."""

    amount: Floats
    asked: Floats


def estimates(year: int, schools: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    """Estimate every item of a year for all schools and in every domain of the file.

    Parameters
    ----------
    year
        Spring of the survey's school year.
    schools
        The variables of :meth:`Catalogue.variables` as floats, a row for each sampled school.
    weights
        Final and replicate weights of the same schools.

    Returns
    -------
    polars.DataFrame
        Rows of the table ``survey_estimate``.

    Raises
    ------
    BadInput
        A variable holds a code that its question does not allow.
    """
    items = [item for item in catalogue().items if year in item.questions]
    columns = [_amounts(item, year, schools) for item in items]
    whole = Amounts(
        np.column_stack([column.amount for column in columns]),
        np.column_stack([column.asked for column in columns]),
    )
    frames = [
        _estimate(items, whole, weights, rows).with_columns(
            pl.lit(domain).alias("domain"), pl.lit(category).alias("category")
        )
        for domain, category, rows in _groups(year, schools)
    ]
    named = pl.DataFrame(
        {"item": [i.id for i in items], "variable": [str(i.questions[year]) for i in items]}
    )
    found = pl.concat(frames).join(named, on="item", maintain_order="left")
    return TABLES["survey_estimate"].conform(found.with_columns(pl.lit(year).alias("year")))


def _amounts(item: Item, year: int, schools: pl.DataFrame) -> Amounts:
    question = item.questions[year]
    values = [_values(schools, name) for name in question.names]
    skipped = np.logical_and.reduce([column == SKIP for column in values])
    if question.any_of:
        for name, column in zip(question.names, values, strict=True):
            _check_codes(name, column, {*item.answers, SKIP})
        number = np.logical_or.reduce([np.isin(column, list(item.yes)) for column in values])
    else:
        for name, column in zip(question.names, values, strict=True):
            _check_numbers(name, column)
        signs = [1] * len(question.plus) + [-1] * len(question.minus)
        # A skip stands for none: the school had no staff, or no offense, to count.
        number = sum(s * np.maximum(c, 0) for s, c in zip(signs, values, strict=True))
        number = number > 0 if item.kind == "percent" else number
    asked = ~skipped if item.universe.leaves_out_skips else np.ones_like(skipped)
    return Amounts(np.where(asked, number, 0).astype(np.float64), asked.astype(np.float64))


def _values(schools: pl.DataFrame, name: str) -> Floats:
    column = schools[name]
    if column.null_count():
        raise BadInput(
            f"SSOCS variable {name}: expected a code or a number for every school, found "
            f"{column.null_count()} empty. {_TAKE_AGAIN}"
        )
    return column.to_numpy()


def _check_codes(name: str, column: Floats, allowed: set[int]) -> None:
    if odd := sorted(set(np.unique(column).tolist()) - allowed):
        raise BadInput(
            f"SSOCS variable {name}: expected the codes {sorted(allowed)}, found {odd[:5]}. "
            f"{_TAKE_AGAIN}"
        )


def _check_numbers(name: str, column: Floats) -> None:
    odd = column[(column < 0) & (column != SKIP)]
    if odd.size:
        raise BadInput(
            f"SSOCS variable {name}: expected a count or {SKIP}, found {odd[0]}. {_TAKE_AGAIN}"
        )


def _groups(year: int, schools: pl.DataFrame) -> Iterator[tuple[str, str, NDArray[np.intp]]]:
    yield "all", "all", np.arange(schools.height)
    for domain in catalogue().domains:
        if year in domain.variables:
            codes = _domain_codes(domain, year, schools)
            for code, category in domain.categories.items():
                yield domain.id, category, np.flatnonzero(codes == code)


def _domain_codes(domain: Domain, year: int, schools: pl.DataFrame) -> Floats:
    name = domain.variables[year]
    codes = _values(schools, name)
    _check_codes(name, codes, {*domain.categories, *domain.unknown})
    return codes


def _estimate(
    items: list[Item], whole: Amounts, weights: Weights, rows: NDArray[np.intp]
) -> pl.DataFrame:
    amount, asked, part = whole.amount[rows], whole.asked[rows], weights.of(rows)
    sums = totals(amount, part)
    shares = ratios(sums, totals(asked, part))
    counts = np.array([item.kind == "count" for item in items])
    scale = np.array([_PERCENT if item.kind == "percent" else 1.0 for item in items])
    n = asked.sum(axis=0).astype(np.int32)
    enough = n >= MINIMUM_SCHOOLS

    def chosen(share: Floats, total: Floats) -> Floats:
        return np.where(enough, np.where(counts, total, scale * share), np.nan)

    return pl.DataFrame(
        {
            "item": [item.id for item in items],
            "unit": [item.kind for item in items],
            "estimate": chosen(shares.estimate, sums.estimate),
            "se": chosen(shares.standard_error, sums.standard_error),
            "n": n,
        }
    ).with_columns(pl.col("estimate", "se").fill_nan(None))
