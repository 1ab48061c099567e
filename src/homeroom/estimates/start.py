"""Where to start, and the grids: a wide pass first, then windows cut to where the mass lies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homeroom.estimates.cells import Cells
from homeroom.estimates.families import OneEffect, conditional_effects
from homeroom.estimates.kernels import Array
from homeroom.estimates.posterior import Evaluated, Posterior
from homeroom.estimates.priors import Priors
from homeroom.estimates.states import Grid, make_grid, single_grid, window_mass

_Z = 0.8 * np.arange(-8, 9)
"""ci runs this many standard deviations about its mean given sv."""
_LEFT_OUT = 1e-11
"""A window ends where a state's density is this share of its peak."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """First values.

    Attributes
    ----------
    b, sd, sv, ci
        Fixed effects; standard deviations of LEA and state effects; mean of the state effects.
    c, bend
        Mode of each state's c, and the curvature of its log-likelihood there.
    """

    b: Array
    sd: float
    sv: float
    ci: float
    c: Array
    bend: Array


def first_values(cells: Cells, priors: Priors) -> Start:
    """Return fixed effects from conditional Poisson, the rest by alternating Newton steps."""
    b, family = conditional_effects(cells, priors), OneEffect()
    eta = cells.design @ b
    size = cells.students @ np.exp(eta)
    states, one = len(cells.states), len(cells.states) == 1
    ls, sv = np.log(2.0), 0.7
    mean = np.log(cells.events.sum() / size.sum()) - 0.5 * np.exp(2 * ls)
    ci, sv = (priors.intercept_mean, priors.intercept_sd) if one else (float(mean), sv)
    c = np.full(states, float(mean))
    counts, offsets = np.full(states, 3), np.array([-0.3, 0.0, 0.3])
    bend = np.ones(states)
    for _ in range(80):
        leas = family.lay_out(cells, b, np.array([ls]), c)
        found = family.values(eta, np.array([ls]), leas, c[:, None] + offsets, counts)
        slope = (found[:, 2] - found[:, 0]) / 0.6 - (c - ci) / sv**2
        bend = np.maximum(-(found[:, 2] - 2 * found[:, 1] + found[:, 0]) / 0.09, 1e-3)
        move = np.clip(slope / (bend + sv**-2), -1.0, 1.0)
        c = c + move
        values = [
            family.values(eta, np.array([at]), leas, c[:, None], counts - 2).sum()
            + priors.log_scale(np.exp(at)) + at
            for at in (ls - 0.15, ls, ls + 0.15)
        ]  # fmt: skip
        down, here, up = (float(one) for one in values)
        curve = max(-(up - 2 * here + down) / 0.0225, 1.0)
        step = float(np.clip((up - down) / 0.3 / curve, -0.4, 0.4))
        ls += step
        if not one:
            ci = float(c.mean())
            sv = float(np.sqrt(np.mean((c - ci) ** 2 + 1 / (bend + sv**-2))))
        if abs(step) < 0.01 and np.abs(move).max() < 0.05:
            break
    return Start(b, float(np.exp(ls)), sv, ci, c, bend)


def wide_grid(start: Start, priors: Priors, *, refine: float = 1.0) -> Grid:
    """Return a grid that is wide about the first values."""
    sv = max(start.sv, 0.05)
    if len(start.c) == 1:
        half = 9.0 / np.sqrt(start.bend[0] + priors.intercept_sd**-2.0)
        c = float(start.c[0])
        step = 0.5 / np.sqrt(start.bend[0] + priors.intercept_sd**-2.0) / refine
        return single_grid(c - half, c + half, _nodes_for(2 * half / start.sd, 0), step=step)
    log_sv, ci_mean, ci_sd = _hyper_points(start, priors)
    high = np.exp(log_sv[-1])
    half = 9.0 / np.sqrt(start.bend + min(high, 6 * sv) ** -2.0)
    windows = np.stack([start.c - half, start.c + half], axis=1)
    counts = np.array([_nodes_for(2 * h / start.sd, 4) for h in half])
    return _grid(start, priors, windows, counts, (log_sv, ci_mean, ci_sd), refine)


def _nodes_for(width: float, more: int) -> int:
    """Return how many Chebyshev nodes a window of so many LEA standard deviations needs."""
    return int(np.clip(np.ceil(6 + 2.6 * width), 7, 29)) + more


def _grid(
    start: Start,
    priors: Priors,
    windows: Array,
    counts: Array,
    points: tuple[Array, Array, Array],
    refine: float,
) -> Grid:
    log_sv, ci_mean, ci_sd = points
    step = 0.7 / np.sqrt(start.bend.max()) / refine
    step = max(step, float(windows[:, 1].max() - windows[:, 0].min()) / 3000)
    z = _Z
    if refine > 1:
        count = int(2 * (len(log_sv) - 1)) + 1
        fine = np.linspace(log_sv[0], log_sv[-1], count)
        ci_mean, ci_sd = np.interp(fine, log_sv, ci_mean), np.interp(fine, log_sv, ci_sd)
        log_sv, z = fine, np.linspace(z[0], z[-1], 2 * len(z) - 1)
    prior = priors.log_scale(np.exp(log_sv)) + log_sv
    return make_grid(
        windows, counts, step=step, log_sv=log_sv, ci_mean=ci_mean, ci_sd=ci_sd, z=z,
        log_prior=prior,
    )  # fmt: skip


def _hyper_points(start: Start, priors: Priors) -> tuple[Array, Array, Array]:
    """Return points of log sv, and mean and sd of ci at each, from a normal approximation."""
    t = np.linspace(-12.0, 5.0, 1701)
    variance = np.exp(2 * t)[:, None] + 1 / start.bend
    weight = 1 / variance
    precision = weight.sum(axis=1) + priors.intercept_sd**-2.0
    mean = (weight @ start.c + priors.intercept_mean * priors.intercept_sd**-2.0) / precision
    fit = -0.5 * (
        np.log(variance).sum(axis=1)
        + (weight * (start.c - mean[:, None]) ** 2).sum(axis=1)
        + ((mean - priors.intercept_mean) / priors.intercept_sd) ** 2
        + np.log(precision)
    )
    density = fit + priors.log_scale(np.exp(t)) + t
    density -= density.max()
    kept = np.flatnonzero(density > -16.0)
    low, high = t[kept[0]], t[kept[-1]]
    core = np.flatnonzero(density > -0.5)
    sd = max((t[core[-1]] - t[core[0]]) / 2, 0.02)
    count = int(np.clip(np.ceil((high - low) / (0.75 * sd)), 12, 32)) + 1
    log_sv = np.linspace(low, high, count)
    return log_sv, np.interp(log_sv, t, mean), np.interp(log_sv, t, precision**-0.5)


def trimmed(
    posterior: Posterior, found: Evaluated, start: Start, sd: float, *, refine: float = 1.0
) -> tuple[Grid, Start]:
    """Return a grid cut to where the states' mass lies at one evaluated point.

    Parameters
    ----------
    found
        The evaluation of one point: where the grid is to be centered.
    sd
        Standard deviation of the LEA effects there.
    """
    old, states = posterior.grid, len(start.c)
    share = np.zeros((states, int(old.length.max())))
    window_mass(found.states[0], old, found.grid[0], share)
    windows, c, bend = np.empty((states, 2)), np.empty(states), np.empty(states)
    for s in range(states):
        lattice = old.first + old.step * (old.start[s] + np.arange(old.length[s]))
        mass = share[s, : old.length[s]]
        kept = np.flatnonzero(mass > _LEFT_OUT)
        mean = mass @ lattice / mass.sum()
        spread = np.sqrt(max(mass @ (lattice - mean) ** 2 / mass.sum(), old.step**2 / 4))
        margin = 1.0 * spread + old.step
        windows[s] = lattice[kept[0]] - margin, lattice[kept[-1]] + margin
        c[s], bend[s] = mean, max(spread**-2.0 - np.exp(-2 * _mean_log_sv(found, old)), 1e-3)
    fresh = Start(start.b, sd, float(np.exp(_mean_log_sv(found, old))), float(found.ci[0]), c, bend)
    counts = np.array([_nodes_for((high - low) / sd, 0) for low, high in windows])
    if states == 1:
        step = 0.5 / np.sqrt(bend[0]) / refine
        low, high = (float(end) for end in windows[0])
        return single_grid(low, high, int(counts[0]), step=step), fresh
    return _grid(
        fresh, posterior.priors, windows, counts, _hyper_points(fresh, posterior.priors), refine
    ), fresh


def _mean_log_sv(found: Evaluated, grid: Grid) -> float:
    if not np.isfinite(grid.log_sv).all():
        return 10.0
    weight = np.exp(found.grid[0] - found.grid[0].max())
    return float(weight @ grid.log_sv / weight.sum())
