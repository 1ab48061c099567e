"""The outer posterior of fixed effects and scales, with everything else integrated out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from homeroom.estimates.cells import Cells
from homeroom.estimates.families import Family
from homeroom.estimates.one_effect import Leas
from homeroom.estimates.priors import Priors
from homeroom.estimates.states import Grid, hyper
from homeroom.statistics.statistic import Floats


class Evaluated(NamedTuple):
    """The log density at some points.

    Attributes
    ----------
    value
        Log density of θ and the data, by point.
    ci
        Mean of ci given θ, by point.
    states
        Log-likelihoods of the states at their nodes: point, state, node.
    grid
        Log weight of each point of the grid of ci and sv, by point of θ.
    """

    value: Floats
    ci: Floats
    states: Floats
    grid: Floats


@dataclass(slots=True)
class Posterior:
    """Data, priors, and grids: the log density of θ = fixed effects, scales.

    Attributes
    ----------
    threads
        Points are evaluated side by side; each is evaluated by one thread, so that no result
        depends on how many there are.
    center, slope
        The states' nodes shift with slope·(θ - center).
    """

    cells: Cells
    priors: Priors
    family: Family
    leas: Leas
    grid: Grid
    threads: int
    center: Floats
    slope: Floats
    totals: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.totals = self.cells.events.sum(axis=0)

    @property
    def effects(self) -> int:
        """Return how many fixed effects there are."""
        return int(self.cells.design.shape[1])

    def shift(self, theta: Floats) -> float:
        """Return how far the nodes move at θ."""
        return float(self.slope @ (theta - self.center))

    def at(self, theta: Floats) -> tuple[float, float, Floats, Floats]:
        """Evaluate one point: see `Evaluated`."""
        b, tail = theta[: self.effects], theta[self.effects :]
        eta, shift = self.cells.design @ b, self.shift(theta)
        states = self.family.values(eta, tail, self.leas, self.grid.nodes + shift, self.grid.counts)
        logp = np.empty(len(self.grid.ci))
        value, ci = hyper(
            states, self.grid, shift, self.priors.intercept_mean, self.priors.intercept_sd, logp
        )
        value += float(self.totals @ eta) + self.priors.log_effects(b)
        value += self.family.log_prior(tail, self.priors)
        return value, ci, states, logp

    def each(self, thetas: Floats) -> Evaluated:
        """Evaluate many points, side by side."""
        if self.threads > 1 and len(thetas) > 1:
            with ThreadPoolExecutor(self.threads) as pool:
                found = list(pool.map(self.at, thetas))
        else:
            found = [self.at(theta) for theta in thetas]
        value, ci, states, grid = zip(*found, strict=True)
        return Evaluated(np.array(value), np.array(ci), np.array(states), np.array(grid))
