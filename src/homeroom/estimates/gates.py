"""Gates: when a fit is good, and what says so. A small k-hat alone proves no integral right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homeroom.estimates.importance import Sample
from homeroom.estimates.posterior import Posterior
from homeroom.estimates.psis import Weights
from homeroom.estimates.states import Grid, window_mass

KHAT, RHAT, ESS, HALVED, EDGE, WINDOW = 0.5, 1.05, 400.0, 1e-3, 1e-4, 1e-4


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate.

    Attributes
    ----------
    name, found, limit, passed
        Its id, what was found, what is allowed, and whether it holds.
    meaning
        What it says.
    """

    name: str
    found: float
    limit: float
    passed: bool
    meaning: str


def weights_pass(weights: Weights) -> bool:
    """Return whether k-hat and effective sample size are good for as many points as there are."""
    return weights.khat < KHAT and weights.ess > min(ESS, 0.4 * len(weights.weights))


def gates(
    posterior: Posterior, sampled: Sample, refined: Posterior, *, rhat: float | None = None
) -> list[Gate]:
    """Return every gate of a fit.

    Parameters
    ----------
    refined
        The same posterior with each step of the quadrature halved.
    rhat
        R-hat of chains, where the points come from chains and not from importance sampling.
    """
    weights = sampled.weights
    best = np.argsort(-weights.weights, kind="stable")
    few = best[:: max(len(best) // 2 // 8, 1)][:8]  # eight points over the likelier half
    apart = refined.each(sampled.thetas[few]).value - sampled.found.value[few]
    hyper, window = _edges(posterior.grid, sampled, best[:24])
    shape = (
        ("khat", weights.khat, KHAT, "Shape of the largest importance weights.")
        if rhat is None
        else ("rhat", rhat, RHAT, "Largest split R-hat of the chains.")
    )
    found = (
        shape,
        ("ess", weights.ess, ESS, "Effective importance points; more is better."),
        ("halved_steps", float(apart.std()), HALVED,
         "Spread of the change in log density at 8 points when every step is halved."),
        ("hyper_edges", hyper, EDGE, "Share of the mass at the edge of the grid of ci and sv."),
        ("windows", window, WINDOW, "Density of a state's effect at its window's end."),
    )  # fmt: skip
    return [
        Gate(name, value, limit, value > limit if name == "ess" else value < limit, meaning)
        for name, value, limit, meaning in found
    ]


def _edges(grid: Grid, sampled: Sample, chosen: np.ndarray) -> tuple[float, float]:
    """Return the mass at the edges of the grid of ci and sv, and the density at windows' ends."""
    hyper = window = 0.0
    t, z = (int(one) for one in grid.shape)
    share = np.zeros((len(grid.counts), int(grid.length.max())))
    for at in chosen:
        logp = sampled.found.grid[at]
        mass = np.exp(logp - logp.max()).reshape(t, z)
        mass /= mass.sum()
        hyper = max(hyper, float(mass[:, [0, -1]].sum()))
        if t > 1:
            hyper = max(hyper, float(mass[[0, -1]].sum()))
            window_mass(sampled.found.states[at], grid, logp, share)
            last = grid.length - 1
            ends = np.maximum(share[:, 0], share[np.arange(len(last)), last])
            window = max(window, float(ends.max()))
    return hyper, window
