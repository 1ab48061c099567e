"""Dispersion: how much a risk differs between places, beyond what chance makes of small counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from homeroom.statistics import reasons
from homeroom.statistics.reasons import RULES, Rules, first_of
from homeroom.statistics.statistic import (
    Bounds,
    Floats,
    Method,
    Statistic,
    assemble,
    counts,
    divide,
    z_squared,
)

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

EXCESS = Method(
    "moments_log_jackknife",
    "moment estimate less binomial noise, with a jackknife over places on the log scale",
    "Kleinman 1973, Journal of the American Statistical Association 68:46-54; "
    "Miller 1968, Annals of Mathematical Statistics 39:567-582",
)


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Arrays without the axis of places.

    Attributes
    ----------
    units
        Places that reported and have students.
    risk
        The pooled risk, each student counting once.
    weighted_cv
        The standard deviation of the places' risks, weighted by students, divided by the pooled
        risk. Chance is in it: it is large wherever events are rare.
    theil
        Theil's index (1967) of events against students: 0 where every place has its share. Chance
        is in it too.
    index
        Pearson's chi-square divided by its degrees of freedom: near 1 where chance explains all.
    p_value
        Of the chi-square test that all places share one risk.
    excess
        The coefficient of variation of the places' true risks: what chance leaves unexplained.
    """

    units: NDArray[np.int64]
    risk: Floats
    weighted_cv: Floats
    theil: Floats
    index: Floats
    p_value: Floats
    excess: Statistic


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the moments need; leaving a place out subtracts its terms."""

    units: Floats
    x: Floats
    n: Floats
    n_squared: Floats
    x_squared_by_n: Floats

    def without(self, x: Floats, n: Floats) -> _Sums:
        terms = (np.ones_like(x), x, n, n * n, x * x / n)
        names = ("units", "x", "n", "n_squared", "x_squared_by_n")
        return _Sums(
            *(
                getattr(self, name)[..., None] - term
                for name, term in zip(names, terms, strict=True)
            )
        )

    def spread(self) -> Floats:
        """Return the sum of n (place's risk - pooled risk)^2."""
        return self.x_squared_by_n - divide(self.x * self.x, self.n)

    def weight(self) -> Floats:
        """Return what one unit of squared coefficient of variation adds to the spread."""
        weight = self.n - divide(self.n_squared, self.n) - (self.units - 1)
        return np.asarray(weight * divide(self.x, self.n) ** 2)

    def squared_cv(self) -> Floats:
        """Estimate the true risks' squared coefficient of variation; negative by chance."""
        risk = divide(self.x, self.n)
        return divide(self.spread() - (self.units - 1) * risk * (1 - risk), self.weight())


def dispersion(
    x: ArrayLike, n: ArrayLike, *, axis: int = -1, level: float = 0.95, rules: Rules = RULES
) -> Dispersion:
    """Measure how a risk differs along an axis of places.

    Parameters
    ----------
    x, n
        Students counted and enrolled; places lie along ``axis``. Places that did not report, or
        that count more students than are enrolled, are left out.
    axis
        The axis of places; it is not in the answer.
    level
        The nominal coverage of the interval of ``excess``.
    rules
        What counts as few.

    Raises
    ------
    BadInput
        Arrays of no common shape, counts that are not whole numbers, or a level that is not
        between 0 and 1.

    Notes
    -----
    In simulated districts (30 or 300 of them, mean risks of 5 to 100 in 10,000, gamma-distributed
    true risks) the 95% interval of ``excess`` covered the truth 87 to 99 times in 100, least
    where few districts hold some hundred events. Methods made for normal effects (DerSimonian and
    Laird's with Q-profile bounds) fell to 70 there.
    """
    given = counts(x=x, n=n)
    events, students = (np.moveaxis(array, axis, -1) for array in given.arrays)
    used = np.moveaxis(~given.missing, axis, -1) & (students > 0) & (events <= students)
    # A place left out becomes one student in no sum.
    e, s = np.where(used, events, 0.0), np.where(used, students, 1.0)

    def total(terms: Floats) -> Floats:
        return np.asarray(np.sum(terms, axis=-1, where=used))

    sums = _Sums(total(np.ones_like(s)), total(e), total(s), total(s * s), total(e * e / s))
    codes = first_of(
        sums.x.shape,
        (sums.units < 2, reasons.TOO_FEW_UNITS),
        (sums.n < rules.min_students, reasons.TOO_FEW_STUDENTS),
        (sums.x == 0, reasons.NO_EVENTS),
        (sums.x == sums.n, reasons.ALL_IN_GROUP),
        (sums.x < rules.few_events, reasons.FEW_EVENTS),
    )
    shown = reasons.HAS_VALUE[codes]
    risk = divide(sums.x, sums.n)
    pq = risk * (1 - risk)
    statistic, free = divide(sums.spread(), pq), sums.units - 1
    variance = _variance(sums, pq, total(1 / s))
    p_value = _tail(statistic, free, variance)
    squared = np.where(shown, sums.squared_cv(), np.nan)
    codes[(codes == reasons.OK.code) & (squared <= 0)] = reasons.NO_EXCESS.code
    left = np.where(used, sums.without(e, s).squared_cv(), np.nan)
    low, high = _jackknife(sums.units, squared, left, level)
    # Few events: places that happen to look alike must not pass for proof that they are.
    chance = np.sqrt(z_squared(level) * np.maximum(variance, 0)) * divide(pq, sums.weight())
    high = np.fmax(high, np.sqrt(np.maximum(squared + chance, 0)))
    low = np.where(p_value > (1 - level) / 2, 0.0, low)
    share = divide(e, sums.x[..., None])
    theil = total(special.xlogy(share, divide(e * sums.n[..., None], s * sums.x[..., None])))
    return Dispersion(
        units=sums.units.astype(np.int64),
        risk=np.where(sums.units > 0, risk, np.nan),
        weighted_cv=np.where(
            shown, divide(np.sqrt(np.maximum(divide(sums.spread(), sums.n), 0)), risk), np.nan
        ),
        theil=np.where(shown, theil, np.nan),
        index=np.where(shown, divide(statistic, free), np.nan),
        p_value=np.where(shown, p_value, np.nan),
        excess=assemble(np.sqrt(np.maximum(squared, 0)), (low, high), codes, EXCESS, level),
    )


def _variance(sums: _Sums, pq: Floats, reciprocals: Floats) -> Floats:
    """Return the variance of Pearson's statistic where all places share one risk.

    Each squared standardized binomial has ``2 + (1 - 6pq) / npq``: with rare events far more than
    the 2 of a chi-square.
    """
    terms = 2 * sums.units + divide(1 - 6 * pq, pq) * reciprocals
    return np.asarray(divide(sums.units - 1, sums.units) * terms)


def _tail(statistic: Floats, free: Floats, variance: Floats) -> Floats:
    """Test by a chi-square scaled to the statistic's mean and variance (Satterthwaite 1946)."""
    scale = divide(variance, 2 * free)
    return np.asarray(special.chdtrc(divide(free, scale), divide(statistic, scale)))


def _jackknife(units: Floats, squared: Floats, left: Floats, level: float) -> Bounds:
    """Bound the coefficient of variation from its estimates with one place left out.

    On the log scale where every estimate is positive; elsewhere the low bound is 0 and the high
    bound comes from the plain scale.
    """
    used = ~np.isnan(left)
    positive = (squared > 0) & np.all(~used | (left > 0), axis=-1)
    factor = z_squared(level) * divide(units - 1, units)

    def reach(values: Floats) -> Floats:
        mean = divide(np.sum(values, axis=-1, where=used), units)
        squares = np.sum((values - mean[..., None]) ** 2, axis=-1, where=used)
        return np.asarray(np.sqrt(factor * squares))

    plain = np.sqrt(np.maximum(squared + reach(left), 0))
    spread = np.exp(reach(np.log(np.where(positive[..., None] & used, left, 1.0))) / 2)
    center = np.sqrt(np.where(positive, squared, 0))
    return np.where(positive, center / spread, 0.0), np.where(positive, center * spread, plain)
