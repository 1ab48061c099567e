"""Whether wages and employment of OEWS agree with each other, and whether a file is whole.

The tolerances were measured on the states' May 2023 estimates: employment is rounded to tens and
jobs per 1,000 to three decimals, and every row agrees within that rounding.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.text import require
from homeroom.vocabulary.states import STATES

_PERCENTILES = ("A_PCT10", "A_PCT25", "A_MEDIAN", "A_PCT75", "A_PCT90")
_HALF_STEP = 5.0
"""Employment is rounded to tens."""
_DECIMALS = 0.0005
_NATION_SLACK = 0.01
"""States miss the nation by at most 0.1 percent in May 2023, for lack of small unreleased ones."""
_TERRITORIES = {"AS", "GU", "MP", "PR", "VI", "BI"}
_MEDIAN_OF_MEAN = (0.2, 1.6)
"""What the median may be of the mean; 0.67 to 1.18 in May 2023; these leave room on both sides."""
_ORDER = [state for state in STATES if state not in _TERRITORIES]
_ALL = "00-0000"

UNRELEASED: dict[int, dict[str, str]] = {
    2023: {
        "00-0000": "",
        "19-3034": "GU HI VI",
        "19-3039": "AK DE GU NE VI VT WY",
        "21-1012": "",
        "21-1021": "VI",
        "21-1029": "GU",
        "25-0000": "",
        "29-1141": "",
        "33-3051": "GU VI",
        "33-9032": "",
        "33-9094": "DC GU HI KY PR VI WV",
    }
}
"""Year and occupation to the states for which BLS has no row."""


def check_rows(wage: pl.DataFrame, year: int, name: str) -> None:
    """Refuse a row with another year, no state, no SOC code, or a negative number.

    Raises
    ------
    BadInput
        As said; the message names row and column.
    """
    amounts = ("employment", "mean", "median")
    rules = {
        "year": (pl.col("year") == year, "the year of the first row"),
        "state": (pl.col("state").is_in([*STATES, "US"]), "a postal code"),
        "occupation": (
            pl.col("occupation").str.contains(r"^\d\d-\d{4}$"),
            "a SOC code, as in 21-1012",
        ),
        "title": (pl.col("title").is_not_null(), "an occupation"),
        **{c: (pl.col(c).fill_null(0) >= 0, "a number that is not negative") for c in amounts},
    }
    require(wage, rules, name=name)


def check_amounts(frame: pl.DataFrame, wage: pl.DataFrame, name: str) -> None:
    """Refuse percentiles out of order, and employment that contradicts another column.

    Parameters
    ----------
    frame
        The rows as published, with names in capitals.
    wage
        The same rows as :func:`check_rows` takes them.

    Raises
    ------
    BadInput
        As said; the message names row and column.
    """
    optional = [c for c in (*_PERCENTILES, "JOBS_1000") if c in frame.columns]
    numbers = wage.with_columns(
        frame.select(pl.col(optional).str.strip_chars().cast(pl.Float64, strict=False))
    )
    # A few high wages lift the mean over the median of all jobs, in every state and year: a mean
    # below it shows that the two columns changed places.
    lifted = (pl.col("occupation") != _ALL) | (pl.col("mean") >= pl.col("median"))
    share = pl.col("median") / pl.col("mean")
    alike = share.is_between(*_MEDIAN_OF_MEAN).fill_null(value=True)
    rules = {"mean": (lifted.fill_null(value=True), "for all occupations, at least the A_MEDIAN")}
    for low, high in pairwise([c for c in _PERCENTILES if c in optional]):
        ordered = (pl.col(low) <= pl.col(high)) | pl.col(low).is_null() | pl.col(high).is_null()
        rules[high] = (ordered, f"at least the wage in {low}")
    rules["median"] = (alike, "a wage near the A_MEAN")
    if "JOBS_1000" in optional:
        totals = numbers.filter(occupation=_ALL).select("state", total="employment")
        totals = totals.unique("state", keep="first")
        numbers = numbers.join(totals, on="state", how="left", maintain_order="left")
        share = 1000 / pl.col("total")
        gap = (pl.col("employment") * share - pl.col("JOBS_1000")).abs()
        # The total is rounded too, which matters where the occupation is a large part of it.
        rounding = (_HALF_STEP * share) * (1 + pl.col("JOBS_1000") / 1000) + _DECIMALS
        agrees = (gap <= rounding).fill_null(value=True)
        rules["employment"] = (agrees, "the employment that JOBS_1000 tells")
    require(numbers, rules, name=name)
    _check_nation(wage, name)


def _check_nation(wage: pl.DataFrame, name: str) -> None:
    states = wage.filter(pl.col("state").is_in(_ORDER)).drop_nulls("employment")
    sums = states.group_by("occupation").agg(sum=pl.col("employment").sum(), n=pl.len())
    nation = wage.filter(state="US").drop_nulls("employment").select("occupation", us="employment")
    both = sums.filter(n=len(_ORDER)).join(nation, on="occupation")
    slack = _NATION_SLACK * pl.col("us") + _HALF_STEP * (len(_ORDER) + 1)
    for row in both.filter((pl.col("sum") - pl.col("us")).abs() > slack).iter_rows(named=True):
        raise BadInput(
            f"{name}: expected the states to add up to the nation's {row['us']:,} employed in "
            f"{row['occupation']}, found {row['sum']:,}. Take the file from BLS again."
        )


def check_whole(wage: pl.DataFrame, year: int, name: str) -> tuple[str, ...]:
    """Refuse a file that was cut; give a note where it holds some states only.

    Raises
    ------
    BadInput
        A state lacks an occupation that BLS has released for it, or the first states in BLS's
        order are there and all later ones are not.
    """
    for code, absent in UNRELEASED.get(year, {}).items():
        have = set(wage.filter(occupation=code)["state"])
        if have and (gone := sorted(set(wage["state"]) - have - set(absent.split()))):
            raise BadInput(
                f"{name}: expected every occupation of the file for every state, found none of "
                f"{code} for {gone[0]}: the file is cut off or lost rows. Take it from BLS again."
            )
    held = [state for state in _ORDER if state in set(wage["state"])]
    if 1 < len(held) < len(_ORDER) and held == _ORDER[: len(held)]:
        raise BadInput(
            f"{name}: expected wages of all states, or of those that are asked for, found the "
            f"first {len(held)} in BLS's order, {held[0]} to {held[-1]}: the file is cut off. "
            "Take it from BLS again."
        )
    whole = not held or len(held) == len(_ORDER)
    return () if whole else (f"an extract: {len(held)} of {len(_ORDER)} states",)
