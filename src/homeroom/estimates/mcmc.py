"""The fallback where importance weights fail: random-walk Metropolis on the same outer density."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from homeroom.estimates.importance import Sample, systematic
from homeroom.estimates.posterior import Evaluated
from homeroom.estimates.psis import Weights
from homeroom.statistics.statistic import Bools, Floats

CHAINS, WARM_UP, APART = 4, 300, 10
"""Chains side by side, steps that adapt the proposal and are dropped, steps between kept points."""
_WANTED = 0.25
"""Share of moves that a random walk in ten dimensions should accept."""


class Chains(NamedTuple):
    """Points of several chains.

    Attributes
    ----------
    sample
        Points with equal weights; ``weights.ess`` is the chains' effective sample size.
    rhat
        The largest split R-hat of any parameter: near 1 where the chains agree.
    """

    sample: Sample
    rhat: float


def walk(
    evaluate: Callable[[Floats], Evaluated],
    begin: Sample,
    cov: Floats,
    folded: Bools,
    *,
    points: int,
    seed: int,
) -> Chains:
    """Walk from points of a failed importance sample.

    Parameters
    ----------
    begin
        Where the chains start: drawn from its weighted points.
    cov
        Shape of the proposal; its size adapts while warming up.
    folded
        Parameters that are read without their sign: a step below zero is reflected.
    """
    d = len(cov)
    factor = np.linalg.cholesky(cov) * 2.38 / np.sqrt(d)
    rng = np.random.default_rng([seed, 4])
    at = begin.thetas[systematic(begin.weights.weights, CHAINS, seed)].copy()
    here = evaluate(at)
    size = 1.0
    each = -(-points // CHAINS)
    kept: list[Floats] = []
    found: list[Evaluated] = []
    for step in range(WARM_UP + each * APART):
        there = at + size * rng.normal(size=at.shape) @ factor.T
        there[:, folded] = np.abs(there[:, folded])
        new = evaluate(there)
        take = np.log(rng.random(CHAINS)) < new.value - here.value
        at = np.where(take[:, None], there, at)
        here = Evaluated(
            *(
                np.where(take.reshape(-1, *[1] * (a.ndim - 1)), b, a)
                for a, b in zip(here, new, strict=True)
            )
        )
        if step < WARM_UP:
            size *= float(np.exp((take.mean() - _WANTED) / np.sqrt(step + 1.0)))
        elif (step - WARM_UP) % APART == APART - 1:
            kept.append(at.copy())
            found.append(here)
    thetas = np.concatenate(kept)
    joined = Evaluated(*(np.concatenate(part) for part in zip(*found, strict=True)))
    chains = np.array(kept).transpose(1, 0, 2)
    equal = np.full(len(thetas), 1.0 / len(thetas))
    weights = Weights(equal, 0.0, effective(chains), float("nan"))
    return Chains(Sample(thetas, joined, weights, begin.rounds), split_rhat(chains))


def split_rhat(chains: Floats) -> float:
    """Return the largest split R-hat (Gelman et al. 2013); chain, step, parameter."""
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = half * parts.mean(axis=1).var(axis=0, ddof=1)
    return float(np.sqrt(((half - 1) / half * within + between / half) / within).max())


def effective(chains: Floats) -> float:
    """Return the smallest effective sample size of any parameter (Geyer's initial sequence)."""
    count, steps, _ = chains.shape
    apart = chains - chains.mean(axis=1, keepdims=True)
    variance = (apart**2).mean(axis=(0, 1)) + chains.mean(axis=1).var(axis=0)
    tau = np.full(chains.shape[2], -1.0)
    going = np.ones(chains.shape[2], dtype=bool)
    for lag in range(0, steps - 2, 2):
        pair = sum(
            1.0 - ((apart[:, k:] - apart[:, : steps - k]) ** 2).mean(axis=(0, 1)) / (2 * variance)
            for k in (lag, lag + 1)
        )
        going &= pair > 0
        if not going.any():
            break
        tau[going] += 2 * np.asarray(pair)[going]
    return float(count * steps / np.maximum(tau, 1.0 / steps).max())
