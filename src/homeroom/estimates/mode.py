"""Find the mode of a smooth density of ten or so dimensions by Newton's rule with differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from homeroom.estimates.posterior import Evaluated
from homeroom.statistics.statistic import Floats

_STEP = 0.35
"""Differences are taken this many posterior standard deviations apart."""
_SIZES = np.array([1.0, 0.5, 0.25, 0.1, 0.03])


class Mode(NamedTuple):
    """A mode.

    Attributes
    ----------
    theta, value, cov
        The point, its log density, and the inverse of the negative Hessian.
    slope
        Change of the mean of ci with θ, beside the shift that was in force.
    """

    theta: Floats
    value: float
    cov: Floats
    slope: Floats


def differences(
    evaluate: Callable[[Floats], Evaluated], theta: Floats, step: Floats
) -> tuple[float, Floats, Floats, Floats]:
    """Return value, gradient, Hessian, and the gradient of ci, by central differences."""
    d = len(theta)
    pairs = [(i, j) for i in range(d) for j in range(i)]
    moves = [np.zeros(d)]
    moves += [sign * step[i] * np.eye(d)[i] for i in range(d) for sign in (1.0, -1.0)]
    moves += [
        sign * (step[i] * np.eye(d)[i] + step[j] * np.eye(d)[j])
        for i, j in pairs
        for sign in (1.0, -1.0)
    ]
    found = evaluate(theta + np.array(moves))
    f, c = found.value, found.ci
    up, down = f[1 : 2 * d + 1 : 2], f[2 : 2 * d + 2 : 2]
    gradient = (up - down) / (2 * step)
    hessian = np.diag((up - 2 * f[0] + down) / step**2)
    for at, (i, j) in enumerate(pairs):
        both = f[2 * d + 1 + 2 * at] + f[2 * d + 2 + 2 * at]
        mixed = both - up[i] - down[i] - up[j] - down[j] + 2 * f[0]
        hessian[i, j] = hessian[j, i] = mixed / (2 * step[i] * step[j])
    slope = (c[1 : 2 * d + 1 : 2] - c[2 : 2 * d + 2 : 2]) / (2 * step)
    return float(f[0]), gradient, hessian, slope


def covariance(hessian: Floats, scale: Floats) -> Floats:
    """Return the inverse of the negative Hessian, with directions that bend upward flattened."""
    scaled = -hessian * np.outer(scale, scale)
    bend, axes = np.linalg.eigh((scaled + scaled.T) / 2)
    bend = np.maximum(np.abs(bend), 1e-3)
    out: Floats = (axes / bend) @ axes.T * np.outer(scale, scale)
    return out


def climb(
    evaluate: Callable[[Floats], Evaluated],
    theta: Floats,
    scale: Floats,
    *,
    close: float,
    most: int = 25,
) -> Mode:
    """Climb to the mode.

    Parameters
    ----------
    scale
        A guess of the posterior standard deviations.
    close
        Stop where Newton's rule expects to gain less than this in log density.
    """
    step = _STEP * scale
    for _ in range(most):
        value, gradient, hessian, slope = differences(evaluate, theta, step)
        cov = covariance(hessian, scale)
        move = cov @ gradient
        gain = float(gradient @ move) / 2
        sds = np.sqrt(np.diag(cov))
        step = _STEP * np.clip(sds, step / _STEP / 4, step / _STEP * 4)
        scale = step / _STEP
        if 0 <= gain < close:
            return Mode(theta + move, value + gain, cov, slope)
        length = np.abs(move / np.maximum(sds, 1e-9)).max()
        move *= min(1.0, 12.0 / length)
        tried = theta + _SIZES[:, None] * move
        found = evaluate(tried).value
        best = int(np.nanargmax(found))
        if not found[best] > value:
            return Mode(theta, value, cov, slope)
        theta = tried[best]
    return Mode(theta, value, cov, slope)
