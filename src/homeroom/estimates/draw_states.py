"""Draw sv, ci, and the states' effects given θ, by inverse distribution functions."""

from __future__ import annotations

import numpy as np

from homeroom.estimates.kernels import kernel
from homeroom.estimates.vector_math import fast_exp, mixed, uniform

_COARSE, _FINE, _WITHIN = 64, 129, 12


@kernel
def chance(seed, draw, what, attempt):  # type: ignore[no-untyped-def]
    """Return a uniform number that only these four numbers decide."""
    first = mixed(np.uint64(seed) + np.uint64(draw) * np.uint64(0xD1342543DE82EF95))
    return uniform(mixed(mixed(first ^ np.uint64(what)) + np.uint64(attempt)))


@kernel
def invert(density, size, u):  # type: ignore[no-untyped-def]
    """Return where, in steps, the integral of a piecewise linear density reaches the share u."""
    total = 0.0
    for k in range(size - 1):
        total += 0.5 * (density[k] + density[k + 1])
    rest = u * total
    for k in range(size - 1):
        part = 0.5 * (density[k] + density[k + 1])
        if rest <= part and part > 0.0:
            f, slope = density[k], density[k + 1] - density[k]
            root = np.sqrt(max(f * f + 2.0 * slope * rest, 0.0))
            return k + min(2.0 * rest / (f + root), 1.0) if f + root > 0.0 else k + 1.0
        rest -= part
    return size - 1.0


@kernel
def cubic(values, size, at):  # type: ignore[no-untyped-def]
    """Interpolate equispaced values by the cubic through the four nearest."""
    k = min(max(int(np.floor(at)) - 1, 0), max(size - 4, 0))
    out = 0.0
    for i in range(min(4, size)):
        factor = values[k + i]
        for j in range(min(4, size)):
            if j != i:
                factor *= (at - k - j) / (i - j)
        out += factor
    return out


@kernel
def _draw_log(logs, size, fine, u):  # type: ignore[no-untyped-def]
    """Draw a position from a density whose logs are known at equispaced nodes."""
    top = -np.inf
    for k in range(size):
        top = max(top, logs[k])
    count = (size - 1) * _WITHIN + 1
    for k in range(count):
        fine[k] = np.exp(min(cubic(logs, size, k / _WITHIN) - top, 3.0))
    return invert(fine, count, u) / _WITHIN


@kernel
def draw_hyper(logp, grid, seed, draw):  # type: ignore[no-untyped-def]
    """Draw ci (before the shift) and log sv from the grid's log weights."""
    t_size, z_size = grid.shape[0], grid.shape[1]
    logs, column = np.empty(max(t_size, z_size)), np.empty(t_size)
    fine = np.empty(max(t_size, z_size) * _WITHIN)
    if t_size == 1:
        at = _draw_log(logp, z_size, fine, chance(seed, draw, 1, 0))
        return grid.ci[0] + at * grid.step, -np.inf
    for t in range(t_size):
        part = logp[t * z_size : (t + 1) * z_size]
        top = part.max()
        total = 0.0
        for z in range(z_size):
            total += np.exp(part[z] - top)
        logs[t] = top + np.log(total)
    t_at = _draw_log(logs, t_size, fine, chance(seed, draw, 1, 0))
    for z in range(z_size):
        for t in range(t_size):
            column[t] = logp[t * z_size + z]
        logs[z] = cubic(column, t_size, t_at)
    z_at = _draw_log(logs, z_size, fine, chance(seed, draw, 2, 0))
    ends = np.empty(2)
    for end in range(2):
        for t in range(t_size):
            column[t] = grid.ci[t * z_size + end]
        ends[end] = cubic(column, t_size, t_at)
    log_sv = grid.log_sv[0] + t_at * (grid.log_sv[z_size] - grid.log_sv[0])
    return ends[0] + z_at * (ends[1] - ends[0]), log_sv


@kernel
def _likelihood(values, nodes, m, c):  # type: ignore[no-untyped-def]
    """Interpolate a state's log-likelihood from its Chebyshev nodes (barycentric)."""
    top = low = 0.0
    for i in range(m):
        apart = c - nodes[i]
        if abs(apart) < 1e-12:
            return values[i]
        term = np.sin(np.pi * (2 * i + 1) / (2 * m)) / apart
        if i % 2:
            term = -term
        top += term * values[i]
        low += term
    return top / low


@kernel
def draw_states(values, grid, ci, sv, seed, draw, out):  # type: ignore[no-untyped-def]
    """Draw each state's c (before the shift), given ci and sv."""
    dens = np.empty(_FINE)
    for s in range(grid.counts.size):
        m = grid.counts[s]
        nodes = grid.nodes[s]
        window_low, window_high = nodes[0], nodes[m - 1]
        low = min(max(window_low, ci - 8.0 * sv), window_high)
        high = max(min(window_high, ci + 8.0 * sv), window_low)
        if high - low < 1e-9:
            out[s] = min(max(ci, window_low), window_high)
            continue
        step = (high - low) / (_COARSE - 1)
        top, first, last = -np.inf, 0, _COARSE - 1
        for k in range(_COARSE):
            c = low + k * step
            dens[k] = _likelihood(values[s], nodes, m, c) - 0.5 * ((c - ci) / sv) ** 2
            top = max(top, dens[k])
        while dens[first] < top - 22.0:
            first += 1
        while dens[last] < top - 22.0:
            last -= 1
        begin = low + max(first - 1, 0) * step
        step = (low + min(last + 1, _COARSE - 1) * step - begin) / (_FINE - 1)
        top = -np.inf
        for k in range(_FINE):
            c = begin + k * step
            dens[k] = _likelihood(values[s], nodes, m, c) - 0.5 * ((c - ci) / sv) ** 2
            top = max(top, dens[k])
        for k in range(_FINE):
            dens[k] = fast_exp(dens[k] - top)
        out[s] = begin + step * invert(dens, _FINE, chance(seed, draw, 16 + s, 0))
