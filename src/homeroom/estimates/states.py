"""Integrate the state effects and their two parameters, given the LEAs' log-likelihoods.

A state's log-likelihood Λ(c) is smooth, so it is known from a few Chebyshev nodes. The mean ci and
the standard deviation sv of the states' c never enter it: one grid serves every point of the outer
posterior, and shifts with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from homeroom.estimates.kernels import Array, kernel
from homeroom.estimates.vector_math import fast_exp


class Grid(NamedTuple):
    """Nodes of c by state, the lattice between them, and the grid of ci and sv.

    Attributes
    ----------
    nodes, counts
        Chebyshev nodes by state, and how many; before the shift.
    start, length, offset, interpolate
        Part of the lattice that is a state's window, and the matrix from nodes to lattice.
    first, step
        First point of the lattice, and its step.
    gauss
        N(c; ci, sv²) times the step, lattice by grid point.
    narrow, narrow_at, narrow_interpolate, narrow_weights
        Grid points whose sv is below the lattice's step: Gauss-Hermite instead, between six points
        of the lattice each.
    ci, log_sv, log_weight
        By grid point: sv-major; the weight holds the prior of sv and both steps.
    shape
        Points of sv, points of ci for each.
    """

    nodes: Array
    counts: Array
    start: Array
    length: Array
    offset: Array
    interpolate: Array
    first: float
    step: float
    gauss: Array
    narrow: int
    narrow_at: Array
    narrow_interpolate: Array
    narrow_weights: Array
    ci: Array
    log_sv: Array
    log_weight: Array
    shape: Array


@kernel
def on_lattice(values, grid, s, out):  # type: ignore[no-untyped-def]
    """Interpolate a state's log-likelihood on its window of the lattice; return its maximum."""
    m, base = grid.counts[s], grid.offset[s]
    top = -np.inf
    for k in range(grid.length[s]):
        value = 0.0
        for i in range(m):
            value += grid.interpolate[base + k * m + i] * values[s, i]
        out[k] = value
        top = max(top, value)
    return top


@kernel
def _mix(fine, top, length, gauss, narrow, z):  # type: ignore[no-untyped-def]
    """Add exp(Λ - top) times the normal densities, four rows of the lattice at once."""
    for k in range(length):
        fine[k] = fast_exp(fine[k] - top)
    whole = length // 4 * 4
    for k in range(0, whole, 4):
        w0, w1, w2, w3 = fine[k], fine[k + 1], fine[k + 2], fine[k + 3]
        r0, r1, r2, r3 = gauss[k], gauss[k + 1], gauss[k + 2], gauss[k + 3]
        for g in range(narrow, z.size):
            z[g] += (w0 * r0[g] + w1 * r1[g]) + (w2 * r2[g] + w3 * r3[g])
    for k in range(whole, length):
        w0, r0 = fine[k], gauss[k]
        for g in range(narrow, z.size):
            z[g] += w0 * r0[g]


@kernel
def hyper(values, grid, shift, mean, sd, logp):  # type: ignore[no-untyped-def]
    """Return the log marginal over states, ci, and sv, and the mean of ci (before the shift).

    Parameters
    ----------
    values
        Log-likelihoods, state by node.
    mean, sd
        Prior of ci.
    logp
        Receives the log weight of each grid point.
    """
    points, narrow = grid.ci.size, grid.narrow
    fine, logs = np.empty(grid.length.max()), np.empty(grid.length.max())
    z, product = np.empty(points), np.ones(points)
    for g in range(points):
        d = (grid.ci[g] + shift - mean) / sd
        logp[g] = grid.log_weight[g] - 0.5 * d * d - np.log(sd * np.sqrt(2.0 * np.pi))
    total = 0.0
    for s in range(grid.counts.size):
        top = on_lattice(values, grid, s, fine)
        total += top
        z[:] = 0.0
        logs[: grid.length[s]] = fine[: grid.length[s]]
        _mix(fine, top, grid.length[s], grid.gauss[grid.start[s] :], narrow, z)
        for g in range(narrow):
            for q in range(grid.narrow_weights.size):
                k = grid.narrow_at[g, q] - grid.start[s]
                if 0 <= k <= grid.length[s] - 6:
                    value = 0.0
                    for i in range(6):
                        value += grid.narrow_interpolate[g, q, i] * logs[k + i]
                    z[g] += grid.narrow_weights[q] * fast_exp(min(value - top, 0.7))
        for g in range(points):
            product[g] *= max(z[g], 1e-60)
        if s % 4 == 3 or s == grid.counts.size - 1:
            for g in range(points):
                logp[g] += np.log(product[g])
                product[g] = 1.0
    top = logp.max()
    mass = average = 0.0
    for g in range(points):
        w = np.exp(logp[g] - top)
        mass += w
        average += w * grid.ci[g]
    return total + top + np.log(mass), average / mass


@kernel
def window_mass(values, grid, logp, edges):  # type: ignore[no-untyped-def]
    """Set the share of each state's posterior at each end of its window, relative to its peak."""
    points = grid.ci.size
    fine = np.empty(grid.length.max())
    top = logp.max()
    z, mix = np.empty(points), np.empty(points)
    for s in range(grid.counts.size):
        peak = on_lattice(values, grid, s, fine)
        n = grid.length[s]
        z[:] = 1e-300
        for k in range(n):
            weight = np.exp(fine[k] - peak)
            for g in range(points):
                z[g] += weight * grid.gauss[grid.start[s] + k, g]
        for g in range(points):
            mix[g] = np.exp(logp[g] - top) / z[g]
        for k in range(n):
            density = 0.0
            for g in range(grid.narrow, points):
                density += mix[g] * grid.gauss[grid.start[s] + k, g]
            fine[k] = density * np.exp(fine[k] - peak)
        edges[s, :n] = fine[:n] / fine[:n].max()


def chebyshev(low: float, high: float, count: int) -> Array:
    """Return Chebyshev nodes of the first kind, ascending."""
    angle = np.pi * (2 * np.arange(count) + 1) / (2 * count)
    nodes: Array = (low + high) / 2 - (high - low) / 2 * np.cos(angle)
    return nodes


def interpolation(nodes: Array, at: Array) -> Array:
    """Return the matrix from values at Chebyshev nodes to values elsewhere (barycentric)."""
    count = len(nodes)
    weights = (-1.0) ** np.arange(count) * np.sin(np.pi * (2 * np.arange(count) + 1) / (2 * count))
    apart = at[:, None] - nodes[None, :]
    exact = np.abs(apart) < 1e-13
    apart[exact] = 1.0
    terms = weights / apart
    out: Array = terms / terms.sum(axis=1, keepdims=True)
    hit = exact.any(axis=1)
    out[hit] = exact[hit]
    return out


_HERMITE, _HERMITE_WEIGHTS = hermegauss(9)


def _lagrange(at: Array) -> Array:
    """Return the weights of nodes 0 to 5 in the polynomial through them."""
    out = np.ones((*at.shape, 6))
    for i in range(6):
        for j in range(6):
            if j != i:
                out[..., i] *= (at - j) / (i - j)
    return out


def make_grid(
    windows: Array,
    counts: Array,
    *,
    step: float,
    log_sv: Array,
    ci_mean: Array,
    ci_sd: Array,
    z: Array,
    log_prior: Array,
) -> Grid:
    """Lay out nodes, lattice, and grid.

    Parameters
    ----------
    windows
        Lower and upper end of c, state by two.
    counts
        Nodes by state.
    step
        Step of the lattice: at most .7 of the narrowest state's posterior sd.
    log_sv, log_prior
        Points of log sv, and the log prior density of log sv there.
    ci_mean, ci_sd, z
        At each sv, ci runs over mean + sd·z.
    """
    states = len(windows)
    first = float(windows[:, 0].min())
    start = np.floor((windows[:, 0] - first) / step).astype(np.int64)
    length = np.ceil((windows[:, 1] - first) / step).astype(np.int64) - start + 1
    size = int((start + length).max())
    lattice = first + step * np.arange(size)
    nodes = np.zeros((states, int(counts.max())))
    parts = []
    for s in range(states):
        low, high = lattice[start[s]], lattice[start[s] + length[s] - 1]
        nodes[s, : counts[s]] = chebyshev(low, high, int(counts[s]))
        nodes[s, counts[s] :] = nodes[s, counts[s] - 1]
        at = lattice[start[s] : start[s] + length[s]]
        parts.append(interpolation(nodes[s, : counts[s]], at).ravel())
    offset = np.cumsum([0, *(len(part) for part in parts[:-1])])
    sv = np.exp(log_sv)
    ci = (ci_mean[:, None] + ci_sd[:, None] * z).ravel()
    width = np.repeat(sv, len(z))
    gauss = np.exp(-0.5 * ((lattice[:, None] - ci) / width) ** 2) * step
    gauss /= np.sqrt(2 * np.pi) * width
    dz = z[1] - z[0]
    dt = log_sv[1] - log_sv[0]
    weight = np.repeat(log_prior + np.log(ci_sd * dz * dt), len(z))
    narrow = int((sv < step).sum()) * len(z)
    position = (ci[:narrow, None] + width[:narrow, None] * _HERMITE - first) / step
    base = np.floor(position).astype(np.int64) - 2
    return Grid(
        nodes, counts.astype(np.int64), start, length, offset.astype(np.int64),
        np.concatenate(parts), first, step, gauss, narrow, base, _lagrange(position - base),
        _HERMITE_WEIGHTS / _HERMITE_WEIGHTS.sum(), ci, np.repeat(log_sv, len(z)), weight,
        np.array([len(log_sv), len(z)], dtype=np.int64),
    )  # fmt: skip


def single_grid(low: float, high: float, count: int, *, step: float) -> Grid:
    """Return the grid of a state that stands alone: it has no state effect, so its c is ci."""
    size = int(np.ceil((high - low) / step)) + 1
    lattice = low + step * np.arange(size)
    nodes = chebyshev(float(lattice[0]), float(lattice[-1]), count)[None, :]
    one = np.zeros(1, dtype=np.int64)
    return Grid(
        nodes, one + count, one, one + size, one, interpolation(nodes[0], lattice).ravel(),
        low, step, np.eye(size), 0,
        np.zeros((1, 1), dtype=np.int64), np.zeros((1, 1, 6)),
        np.ones(1), lattice,
        np.full(size, -np.inf), np.full(size, np.log(step)), np.array([1, size], dtype=np.int64),
    )  # fmt: skip
