"""Pareto-smoothed importance sampling (Vehtari, Simpson, Gelman, Yao & Gabry 2024)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homeroom.statistics.statistic import Floats


class Weights(NamedTuple):
    """Smoothed weights.

    Attributes
    ----------
    weights
        Add up to 1.
    khat
        Shape of the Pareto distribution fitted to the largest weights: above 0.7, sums of weights
        tell nothing; None where all weights are the same.
    ess
        Effective sample size, 1 over the sum of squared weights.
    log_mean
        Log of the mean weight: the log evidence, where both densities are normalized.
    """

    weights: Floats
    khat: float
    ess: float
    log_mean: float


def smoothed(log_weights: Floats) -> Weights:
    """Replace the largest weights by expected order statistics of the Pareto fitted to them."""
    top = float(log_weights.max())
    weights = np.exp(log_weights - top)
    log_mean = top + float(np.log(weights.mean()))
    count = len(weights)
    tail = int(min(np.ceil(0.2 * count), np.ceil(3 * np.sqrt(count))))
    order = np.argsort(weights, kind="stable")
    cut = weights[order[-tail - 1]]
    above = weights[order[-tail:]] - cut
    khat = -np.inf
    if tail >= 5 and above[-1] > 0:
        above = np.maximum(above, above[-1] * 1e-12)
        khat, sigma = generalized_pareto(above)
        at = (np.arange(tail) + 0.5) / tail
        smooth = sigma * (
            -np.log1p(-at) if abs(khat) < 1e-9 else np.expm1(-khat * np.log1p(-at)) / khat
        )
        weights[order[-tail:]] = np.minimum(smooth + cut, 1.0)
    weights /= weights.sum()
    return Weights(weights, float(khat), float(1 / np.sum(weights**2)), log_mean)


def generalized_pareto(x: Floats) -> tuple[float, float]:
    """Return shape, shrunk to 0.5, and scale by the posterior mean of Zhang & Stephens (2009)."""
    n = len(x)
    count = 30 + int(np.sqrt(n))
    quarter = x[int(n / 4 + 0.5) - 1]
    b = 1 / x[-1] + (1 - np.sqrt(count / (np.arange(1, count + 1) - 0.5))) / (3 * quarter)
    k = np.log1p(-b[:, None] * x).mean(axis=1)
    fit = n * (np.log(-b / k) - k - 1)
    weight = np.exp(fit - fit.max())
    weight /= weight.sum()
    best = float(weight @ b)
    shape = float(np.log1p(-best * x).mean())
    scale = -shape / best
    return (n * shape + 10 * 0.5) / (n + 10), scale
