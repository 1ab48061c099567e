"""Importance points: scrambled Sobol points of a multivariate t, in up to three rounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import linalg, special, stats

from homeroom.estimates.kernels import Array
from homeroom.estimates.posterior import Evaluated
from homeroom.estimates.psis import Weights, smoothed
from homeroom.statistics.statistic import Bools

_FREEDOM = 30.0


class Sample(NamedTuple):
    """Weighted points of the outer posterior.

    Attributes
    ----------
    thetas, found, weights
        The points, what was evaluated there, and their weights.
    rounds
        How many proposals were tried.
    """

    thetas: Array
    found: Evaluated
    weights: Weights
    rounds: int


def t_points(mean: Array, cov: Array, folded: Bools, count: int, seed: int) -> tuple[Array, Array]:
    """Return points of a multivariate t and their log densities; folded ones lose their sign."""
    d = len(mean)
    sobol = stats.qmc.Sobol(d + 1, scramble=True, rng=np.random.default_rng(seed))
    u = np.clip(sobol.random(count), 1e-12, 1 - 1e-12)
    z = special.ndtri(u[:, :d])
    stretch = np.sqrt(_FREEDOM / (2 * special.gammaincinv(_FREEDOM / 2, u[:, d])))
    factor = np.linalg.cholesky(cov)
    points = mean + (z * stretch[:, None]) @ factor.T
    logq = log_t(points, mean, factor)
    for at in np.flatnonzero(folded):
        other = points.copy()
        other[:, at] *= -1.0
        logq = np.logaddexp(logq, log_t(other, mean, factor))
        points[:, at] = np.abs(points[:, at])
    return points, logq


def log_t(points: Array, mean: Array, factor: Array) -> Array:
    """Return the log density of a multivariate t whose scale matrix has this Cholesky factor."""
    d = len(mean)
    z = linalg.solve_triangular(factor, (points - mean).T, lower=True)
    out = -0.5 * (_FREEDOM + d) * np.log1p((z**2).sum(axis=0) / _FREEDOM)
    out -= np.log(np.diag(factor)).sum() + 0.5 * d * np.log(_FREEDOM * np.pi)
    out += special.gammaln((_FREEDOM + d) / 2) - special.gammaln(_FREEDOM / 2)
    found: Array = out
    return found


def sample(
    evaluate: Callable[[Array], Evaluated],
    mean: Array,
    cov: Array,
    *,
    folded: Bools,
    points: int,
    seed: int,
    good: Callable[[Weights], bool],
    most: int = 3,
) -> Sample:
    """Draw and weight points; where the weights are bad, match the moments and draw anew.

    Parameters
    ----------
    folded
        Which parameters are read without their sign.
    good
        Whether weights pass the gates.
    most
        Rounds at most; the last is returned, good or not.
    """
    for at in range(1, most + 1):
        thetas, logq = t_points(mean, cov, folded, points, seed + 7919 * at)
        found = evaluate(thetas)
        logw = np.where(np.isfinite(found.value), found.value - logq, -np.inf)
        weights = smoothed(logw)
        if good(weights) or at == most:
            break
        w = np.sqrt(weights.weights)  # tempered: a few large weights shall not decide the shape
        w /= w.sum()
        mean = w @ thetas
        apart = thetas - mean
        cov = (apart * w[:, None]).T @ apart + 0.02 * cov
    return Sample(thetas, found, weights, at)


def systematic(weights: Array, count: int, seed: int) -> Array:
    """Return which point each draw takes, by systematic resampling, in shuffled order."""
    rng = np.random.default_rng(seed)
    at = (np.arange(count) + rng.random()) / count
    chosen = np.minimum(np.searchsorted(np.cumsum(weights), at), len(weights) - 1)
    out: Array = rng.permutation(chosen)
    return out
