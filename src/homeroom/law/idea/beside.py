"""What to know beside the yes or no, and apart from it: none of this is in the rule.

The rule compares two counts with a threshold and asks nothing of chance. A board may still want to
know how sure the ratio is, how likely next year's exceeds, and how many students lie between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln

from homeroom.law.idea.ratio import ALTERNATE, NOT_CALCULATED, Result
from homeroom.law.idea.settings import Settings
from homeroom.statistics.ratio import risk_ratio

LIKELY = 0.25
"""The probability from which next year's ratio is worth a warning."""
NOTE = (
    "None of this is part of 34 CFR 300.647. Next year's probability assumes the same numbers of "
    "children and the same chances as this year, and that children's outcomes do not depend on "
    "each other; it is a guide for planning, not a forecast."
)
_TAIL = 1e-9
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one result.

    Attributes
    ----------
    group
        As in the result.
    ratio_low, ratio_high
        The 95% score interval of the ratio; None where there is none. For removals none is
        given, since one child may have several.
    probability_next_year
        That next year's ratio is calculated and exceeds, from 0 to 1.
    students_to_threshold
        Above 0: so many more children of the group with the outcome, all else equal, and the
        ratio exceeds. Below 0: so many fewer, and it no longer exceeds. None where no number of
        the group's children does.
    warning
        ``exceeds``, ``likely``, ``rising``, ``none``, or ``unknown``.
    sentence
        The warning and the distance in words.
    """

    group: str
    ratio_low: float | None
    ratio_high: float | None
    probability_next_year: float | None
    students_to_threshold: int | None
    warning: str
    sentence: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def beside(result: Result, past: Sequence[Fraction | None] = ()) -> Beside:
    """Return what stands beside a result.

    Parameters
    ----------
    result
        This year's.
    past
        Ratios of the years before and this one, oldest first; three of them that rise make a
        warning.
    """
    low, high = _interval(result)
    chance, distance = probability_next_year(result), students_to_threshold(result)
    warning = _warning(result, chance, past)
    return Beside(
        result.group, low, high, chance, distance, warning, _sentence(result, distance, warning)
    )


def students_to_threshold(result: Result) -> int | None:
    """Return how many children of the group lie between its count and the threshold.

    Parameters
    ----------
    result
        With the State's threshold. The comparison group's counts stay as they are.

    Returns
    -------
    int or None
        See :attr:`Beside.students_to_threshold`.
    """
    threshold, settings = result.settings.threshold, result.settings
    if threshold is None or not result.other_cell or not result.other_n or not result.n:
        return None
    if result.n < settings.min_n or _comparison_short(result):
        return None
    first = _first_above(result, threshold)
    removals = result.counts.category is not None and result.counts.category.counts == "removals"
    if result.exceeds:
        return -min(result.cell - first + 1, result.cell - settings.min_cell + 1)
    needed = max(first, settings.min_cell)
    return needed - result.cell if removals or needed <= result.n else None


def probability_next_year(result: Result) -> float | None:
    """Return the probability that next year's ratio is calculated and exceeds.

    Each side's count next year is drawn from the beta-binomial distribution that this year's
    count and Jeffreys' prior give (removals: negative binomial); see Gelman et al. 2013, Bayesian
    Data Analysis, 3rd ed., sections 2.4 and 2.6. The State's counts stay as they are.

    Parameters
    ----------
    result
        With the State's threshold.
    """
    settings = result.settings
    if settings.threshold is None or not result.n or not result.other_n:
        return None
    if result.n < settings.min_n or _comparison_short(result):
        return None
    counted = result.counts.category is not None and result.counts.category.counts == "removals"
    mine, chances = _next(result.cell, result.n, removals=counted)
    chances = np.where(mine >= settings.min_cell, chances, 0.0)
    limit, equal = _limit(settings, settings.threshold)
    # Equal ratios must fall on the rule's side of the limit whatever floats make of them.
    least = float(limit) * (1 - _TAIL if equal else 1 + _TAIL)
    if result.comparison == "state":
        ratio = mine * float(result.other_n) / (float(result.n) * float(result.other_cell))
        return _share(float(chances[ratio > least].sum()))
    theirs, weights = _next(result.other_cell, result.other_n, removals=counted)
    weights = np.where(theirs >= max(settings.minima[2], 1), weights, 0.0)
    below = mine * float(result.other_n) / (float(result.n) * least)
    upto = np.concatenate(([0.0], np.cumsum(weights)))
    return _share(float((chances * upto[np.searchsorted(theirs, below)]).sum()))


def _next(count: int, n: int, *, removals: bool) -> tuple[Floats, Floats]:
    """Return the counts that next year may bring, and how likely each is."""
    a, b = count + 0.5, n - count + 0.5
    if removals:
        mean, spread = a, (2 * a) ** 0.5
    else:
        mean = n * a / (n + 1)
        spread = (n * a * b * (2 * n + 1) / ((n + 1) ** 2 * (n + 2))) ** 0.5
    low, high = max(0, int(mean - 12 * spread) - 1), int(mean + 12 * spread) + 20
    k = np.arange(low, (high if removals else min(high, n)) + 1, dtype=float)
    if removals:
        log = gammaln(k + a) - gammaln(a) - gammaln(k + 1) - (k + a) * np.log(2.0)
    else:
        log = betaln(k + a, n - k + b) - betaln(a, b) - betaln(k + 1, n - k + 1) - np.log(n + 1.0)
    return k, np.exp(log)


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


def _limit(settings: Settings, threshold: Fraction) -> tuple[Fraction, bool]:
    """Return the ratio that an unrounded ratio must pass, and whether to equal it is enough."""
    if settings.round_to is None:
        return threshold, False
    scale = 10**settings.round_to
    step = threshold * scale
    return Fraction(2 * (step.numerator // step.denominator) + 1, 2 * scale), True


def _first_above(result: Result, threshold: Fraction) -> int:
    """Return the least count of the group whose ratio is above the threshold, in integers."""
    least, equal = _limit(result.settings, threshold)
    limit = least * result.n * result.other_cell / result.other_n
    return (
        -(-limit.numerator // limit.denominator)
        if equal
        else (limit.numerator // limit.denominator + 1)
    )


def _comparison_short(result: Result) -> bool:
    least_cell, least_n = result.settings.minima[2:]
    return result.other_cell < least_cell or result.other_n < least_n


def _interval(result: Result) -> tuple[float | None, float | None]:
    removals = result.counts.category is not None and result.counts.category.counts == "removals"
    if result.method == NOT_CALCULATED or removals:
        return None, None
    found = risk_ratio(result.cell, result.n, result.other_cell, result.other_n)
    low, high = float(found.low), float(found.high)
    return (None if np.isnan(low) else low), (None if np.isnan(high) else high)


def _warning(result: Result, chance: float | None, past: Sequence[Fraction | None]) -> str:
    if result.settings.threshold is None:
        return "unknown"
    if result.exceeds:
        return "exceeds"
    if chance is not None and chance >= LIKELY:
        return "likely"
    return "rising" if _rising(result.settings, past) else "none"


def _rising(settings: Settings, past: Sequence[Fraction | None]) -> bool:
    """Return whether three years rise, and two more such years lead above the threshold."""
    last = [one for one in past[-3:] if one is not None]
    if len(last) < 3 or settings.threshold is None or not last[0] < last[1] < last[2]:
        return False
    return last[2] + (last[2] - last[0]) > settings.threshold


def _sentence(result: Result, distance: int | None, warning: str) -> str:
    if warning == "unknown":
        return "The State's threshold is not known."
    if distance is None:
        return "No number of the group's own children would change the answer."
    what = "student" if abs(distance) == 1 else "students"
    if result.exceeds:
        return f"Above the threshold; with {-distance} fewer {what}, all else equal, it is not."
    against = "the State's" if result.method == ALTERNATE else "the LEA's"
    told = {
        "likely": "Next year may exceed: ",
        "rising": "Rising three years in a row: ",
        "none": "",
    }[warning]
    text = (
        f"{told}{distance} more {what} of the group, with {against} other counts as they are, and "
        "the ratio exceeds."
    )
    return text[0].upper() + text[1:]
