"""Draw level and contrast of each LEA, jointly, given everything else."""

from __future__ import annotations

import numpy as np

from homeroom.estimates.draw_leas import one_with_events
from homeroom.estimates.draw_states import chance, cubic, invert
from homeroom.estimates.kernels import kernel
from homeroom.estimates.two_effects import _weights, log_factor
from homeroom.estimates.vector_math import fast_exp, fast_log1p, normal_quantile

_FIRST = 1000
_TRIES = 4000
_WITHIN = 4


@kernel
def draw_two(  # type: ignore[no-untyped-def]
    eta,
    s1,
    ratio,
    tau,
    c,
    free,
    n,
    y,
    y_marked,
    state,
    level,
    window,
    hermite,
    hermite_w,
    seed,
    draw,
    levels,
    contrasts,
):
    """Draw α and u2 = β - α of every LEA.

    LEAs without events are proposed from their normal and accepted with exp(-F); for the others α
    comes from its marginal, tabulated where it counts, and β given α from the hull of tangents.
    """  # fmt: skip
    a = np.empty(eta.size)
    for p in range(eta.size):
        a[p] = fast_exp(eta[p])
    logs, b, w = np.empty(4096), np.empty(4096), np.empty(8192)
    fine = np.empty(4096 * _WITHIN)
    for j in range(y.size):
        mean = c[state[j]]
        if y[j] + y_marked[j] == 0.0:
            alpha, beta, good = _unmoved(a, s1, ratio, tau, mean, free, n[j], seed, draw, j)
            if good:
                levels[j], contrasts[j] = alpha, beta - alpha
                continue
        alpha = _marginal(
            eta, s1, ratio, tau, mean, free, n[j], y[j], y_marked[j], level[j], window[j],
            hermite, hermite_w, chance(seed, draw, _FIRST + j, 3_000_000), logs, b, w, fine,
        )  # fmt: skip
        center = ratio * alpha + (1.0 - ratio) * mean
        beta = one_with_events(
            a[free:], tau, center, n[j, free:], y_marked[j], center, seed, draw, j
        )
        levels[j], contrasts[j] = alpha, beta - alpha


@kernel
def _unmoved(a, s1, ratio, tau, c, free, n, seed, draw, j):  # type: ignore[no-untyped-def]
    for attempt in range(_TRIES):
        key = 4 * attempt
        alpha = c + s1 * normal_quantile(chance(seed, draw, _FIRST + j, key))
        center = ratio * alpha + (1.0 - ratio) * c
        beta = center + tau * normal_quantile(chance(seed, draw, _FIRST + j, key + 1))
        v = chance(seed, draw, _FIRST + j, key + 2)
        u, x, bound = fast_exp(alpha), fast_exp(beta), 0.0
        for p in range(a.size):
            bound += n[p] * a[p] * (u if p < free else x)
        if v < 1.0 - bound:
            return alpha, beta, True
        at = -np.log(v)
        if at > bound:
            return alpha, beta, True
        f = 0.0
        for p in range(a.size):
            f += n[p] * fast_log1p(a[p] * (u if p < free else x))
        if at > f:
            return alpha, beta, True
    return 0.0, 0.0, False


@kernel
def _marginal(  # type: ignore[no-untyped-def]
    eta,
    s1,
    ratio,
    tau,
    c,
    free,
    n,
    y,
    y_marked,
    level,
    window,
    hermite,
    hermite_w,
    chosen,
    logs,
    b,
    w,
    fine,
):
    """Draw α from its marginal, by inversion of a density between whose nodes its log is cubic."""
    h = 0.5 / 2.0 ** (0.5 * level)
    hb = ratio * h
    first_a = int(np.floor(window[0] / h))
    size_a = min(int(np.ceil(window[1] / h)) - first_a + 1, logs.size)
    first_b = int(np.floor(window[2] / hb))
    size_b = min(int(np.ceil(window[3] / hb)) - first_b + 1, b.size)
    log_factor(n[:free], y, eta[:free], h, first_a, size_a, logs)
    log_factor(n[free:], y_marked, eta[free:], hb, first_b, size_b, b)
    top = b[:size_b].max()
    for k in range(size_b):
        b[k] = fast_exp(b[k] - top)
    offset = (1.0 - ratio) * c / hb
    base = int(np.round(offset))
    reach = min(max(int(np.ceil(7.3 * tau / hb)) + 1, 6), w.size // 2 - 1)
    _weights(tau / hb, offset - base, reach, hermite, hermite_w, w[: 2 * reach + 1])
    top = -np.inf
    for k in range(size_a):
        at = first_a + k + base - reach - first_b
        inner = 0.0
        for q in range(max(0, at), min(size_b, at + 2 * reach + 1)):
            inner += b[q] * w[q - at]
        z = ((first_a + k) * h - c) / s1
        logs[k] += np.log(max(inner, 1e-300)) - 0.5 * z * z
        top = max(top, logs[k])
    low, high = 0, size_a - 1
    while low < high and logs[low] < top - 30.0:
        low += 1
    while high > low and logs[high] < top - 30.0:
        high -= 1
    low, high = max(low - 1, 0), min(high + 1, size_a - 1)
    size = high - low + 1
    count = (size - 1) * _WITHIN + 1
    for k in range(count):
        value = cubic(logs[low : high + 1], size, k / _WITHIN)
        fine[k] = fast_exp(min(value - top, 1.0))
    return (first_a + low + invert(fine, count, chosen) / _WITHIN) * h
