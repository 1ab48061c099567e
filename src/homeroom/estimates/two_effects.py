"""Integrate a level and a contrast per LEA: a banded convolution inside the one-dimensional rule.

α = c + u1 is the level of unmarked patterns, β = α + u2 that of marked ones, (u1, u2) normal with
standard deviations s1, s2 and correlation ρ. Given α, β is normal about λα + (1 - λ)c with standard
deviation τ, where λ = 1 + ρ s2/s1 and τ = s2 √(1 - ρ²). α runs over multiples of h and β over
multiples of λh, so that the inner integral is a convolution with the same few weights at every α:
no two-dimensional table of exponentials, and nothing but the weights knows c.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from homeroom.estimates.kernels import Array, kernel
from homeroom.estimates.one_effect import LANES, add_logs
from homeroom.estimates.vector_math import fast_exp, fast_log1p

_REACH = 8.7
_SMALL = 0.02
_GONE = 36.0
_BAND = 7.3
"""Weights of the convolution end this many τ from their middle: 3e-12."""
_NARROW = 1.05
"""Below this many steps per τ the normal weights are no quadrature: see `_weights`."""
_HERMITE, _HERMITE_W = hermegauss(15)
_HERMITE_W = _HERMITE_W / _HERMITE_W.sum()


class TwoLeas(NamedTuple):
    """LEAs as these kernels read them; unmarked patterns first, each kind filled to fours.

    Attributes
    ----------
    free
        Number of unmarked patterns, filling included.
    zero_n, zero_state, zero_real
        As in `one_effect.Leas`.
    n, y, y_marked, state, level
        LEAs with events, sorted by level, then state.
    window
        By LEA: lowest and highest α, lowest and highest β that count.
    step
        Factor on every lattice's step.
    """

    free: int
    zero_n: Array
    zero_state: Array
    zero_real: Array
    n: Array
    y: Array
    y_marked: Array
    state: Array
    level: Array
    window: Array
    step: float


@kernel
def _weights(width, offset, reach, hermite, hermite_w, out):  # type: ignore[no-untyped-def]
    """Set weights of the nodes -reach..reach for a normal about ``offset``, ``width`` steps wide.

    Where it is narrower than a step, Gauss-Hermite points of it are spread over eight nodes each by
    Lagrange's polynomials; the lattice is then fine beside what is integrated.
    """
    if width >= _NARROW:
        scale = 1.0 / (width * np.sqrt(2.0 * np.pi))
        for d in range(-reach, reach + 1):
            z = (d - offset) / width
            out[d + reach] = scale * fast_exp(-0.5 * z * z)
        return
    out[:] = 0.0
    for q in range(hermite.size):
        x = offset + width * hermite[q]
        first = min(max(int(np.floor(x)) - 3, -reach), reach - 7)
        for i in range(8):
            factor = hermite_w[q]
            for j in range(8):
                if j != i:
                    factor *= (x - first - j) / (i - j)
            out[first + i + reach] += factor


@kernel
def _table(eta, h, first, size, table):  # type: ignore[no-untyped-def]
    for p in range(eta.size):
        for k in range(size):
            table[p, k] = fast_log1p(fast_exp(eta[p] + (first + k) * h))


@kernel
def sweep_two(eta, s1, ratio, tau, leas, nodes, counts, hermite, hermite_w, out):  # type: ignore[no-untyped-def]
    """Add up the log-likelihoods of a state's LEAs at each of its nodes.

    Parameters
    ----------
    eta
        Linear predictor of each pattern without c, unmarked first, filled like the students.
    s1, ratio, tau
        Standard deviation of levels; λ; standard deviation of β given α.
    leas
        A `TwoLeas`.
    nodes, counts
        Values of c, state by node, and how many a state has.
    hermite, hermite_w
        Gauss-Hermite points and weights.
    out
        Receives the sums, state by node.
    """
    out[:] = 0.0
    if leas.zero_real.size:
        _zero(eta, s1, ratio, tau, leas, nodes, counts, hermite, hermite_w, out)
    if leas.y.size:
        _some(eta, s1, ratio, tau, leas, nodes, counts, hermite, hermite_w, out)


@kernel
def _moments(s1, ratio, tau, h, first, nodes, m, phi, moments):  # type: ignore[no-untyped-def]
    """Tabulate N(α; c, s1²) h, and its running sums with U^p E[V^q | α] for p + q up to 3."""
    scale = h / (s1 * np.sqrt(2.0 * np.pi))
    for i in range(m):
        c = nodes[i]
        for k in range(phi.shape[0]):
            alpha = (first + k) * h
            z = (alpha - c) / s1
            value = scale * fast_exp(-0.5 * z * z)
            phi[k, i] = value
            mean = ratio * alpha + (1.0 - ratio) * c
            at = 0
            for q in range(4):
                v = value * fast_exp(q * mean + 0.5 * q * q * tau * tau)
                u = fast_exp(alpha)
                for _ in range(4 - q):
                    moments[k + 1, at, i] = moments[k, at, i] + v
                    v *= u
                    at += 1


@kernel
def _lane_exp(n, table, k, g):  # type: ignore[no-untyped-def]
    """Set exp(-F) of each lane at a node; return the least F."""
    g[:] = 0.0
    for p in range(0, n.shape[0], 4):
        t0, t1, t2, t3 = table[p, k], table[p + 1, k], table[p + 2, k], table[p + 3, k]
        for lane in range(LANES):
            g[lane] += (n[p, lane] * t0 + n[p + 1, lane] * t1) + (
                n[p + 2, lane] * t2 + n[p + 3, lane] * t3
            )
    least = g[0]
    for lane in range(1, LANES):
        least = min(least, g[lane])
    for lane in range(LANES):
        g[lane] = fast_exp(-g[lane])
    return least


@kernel
def _convolve(b, at, w, taps, t):  # type: ignore[no-untyped-def]
    """Set t to the sum of w[d] b[at + d] over the taps, a multiple of four."""
    t[:] = 0.0
    for d in range(0, taps, 4):
        w0, w1, w2, w3 = w[d], w[d + 1], w[d + 2], w[d + 3]
        b0, b1, b2, b3 = b[at + d], b[at + d + 1], b[at + d + 2], b[at + d + 3]
        for lane in range(LANES):
            t[lane] += (w0 * b0[lane] + w1 * b1[lane]) + (w2 * b2[lane] + w3 * b3[lane])


@kernel
def _powers(eta, n, first, last, out):  # type: ignore[no-untyped-def]
    """Set the coefficients of exp(-F) as a cubic, lane by lane; return the largest of the first."""
    out[:] = 0.0
    for p in range(first, last):
        a = np.exp(eta[p])
        for lane in range(LANES):
            out[1, lane] += n[p, lane] * a
            out[2, lane] += n[p, lane] * a * a
            out[3, lane] += n[p, lane] * a * a * a
    largest = out[1].max()
    for lane in range(LANES):
        a1, a2, a3 = out[1, lane], out[2, lane], out[3, lane]
        out[0, lane] = 1.0
        out[1, lane] = -a1
        out[2, lane] = 0.5 * (a1 * a1 + a2)
        out[3, lane] = -(a1 * a1 * a1 + 3.0 * a1 * a2 + 2.0 * a3) / 6.0
    return largest


@kernel
def _zero(eta, s1, ratio, tau, leas, nodes, counts, hermite, hermite_w, out):  # type: ignore[no-untyped-def]
    h = min(0.5, s1, max(0.95 * tau / ratio, 0.2)) * leas.step
    hb, free = ratio * h, leas.free
    low = high = nodes[0, 0]
    for s in range(nodes.shape[0]):
        for i in range(counts[s]):
            low, high = min(low, nodes[s, i]), max(high, nodes[s, i])
    first = int(np.floor((low - _REACH * s1) / h))
    size = int(np.ceil((high + _REACH * s1) / h)) - first + 2
    reach = max(int(np.ceil(_BAND * tau / hb)) + 1, 6)
    taps = (2 * reach + 4) // 4 * 4
    drift = int(np.ceil(max(abs((1.0 - ratio) * low), abs((1.0 - ratio) * high)) / hb)) + 1
    pad = reach + drift + 4
    table_a, table_b = np.empty((free, size)), np.empty((eta.size - free, size + 2 * pad))
    _table(eta[:free], h, first, size, table_a)
    _table(eta[free:], hb, first - pad, size + 2 * pad, table_b)
    most = nodes.shape[1]
    phi, moments = np.empty((size, most)), np.zeros((size + 1, 10, most))
    w, base = np.zeros((most, taps)), np.zeros(most, np.int64)
    b, g = np.empty((size + 2 * pad, LANES)), np.empty(LANES)
    sums, t = np.empty((most, LANES)), np.empty(LANES)
    pa, pb = np.empty((4, LANES)), np.empty((4, LANES))
    now = -1
    for chunk in range(leas.zero_state.size):
        s = leas.zero_state[chunk]
        m = counts[s]
        if s != now:
            _moments(s1, ratio, tau, h, first, nodes[s], m, phi, moments)
            for i in range(m):
                offset = (1.0 - ratio) * nodes[s, i] / hb
                base[i] = int(np.round(offset))
                w[i, :] = 0.0
                _weights(tau / hb, offset - base[i], reach, hermite, hermite_w, w[i])
            now = s
        n = leas.zero_n[chunk]
        # Left of `start`, exp(-F) is a cubic in U and V, whose means are known.
        start = size
        largest = _powers(eta, n, 0, free, pa)
        if largest > 0.0:
            start = min(start, int(np.floor(np.log(_SMALL / largest) / h)) - first)
        largest = _powers(eta, n, free, eta.size, pb)
        if largest > 0.0:
            edge = np.log(_SMALL / largest) - 2.0 * tau * tau
            edge -= max((1.0 - ratio) * low, (1.0 - ratio) * high)
            start = min(start, int(np.floor(edge / hb)) - first)
        start = max(start, 0)
        _left(moments, start, m, pa, pb, sums)
        # From there on both factors are tabulated, and the inner integral is a convolution.
        k = max(start + pad - drift - reach - 1, 0)
        while k < size + 2 * pad and _lane_exp(n[free:], table_b, k, b[k]) < _GONE:
            k += 1
        b[min(k + 1, size + 2 * pad) :] = 0.0
        for k in range(start, size):
            least = _lane_exp(n[:free], table_a, k, g)
            largest = 0.0
            for i in range(m):
                _convolve(b, k + pad + base[i] - reach, w[i], taps, t)
                weight = phi[k, i]
                for lane in range(LANES):
                    value = g[lane] * t[lane]
                    sums[i, lane] += weight * value
                    largest = max(largest, value)
            if least > _GONE or largest < 1e-16:
                break
        add_logs(sums, m, leas.zero_real[chunk], out[s])


@kernel
def _left(moments, start, m, pa, pb, sums):  # type: ignore[no-untyped-def]
    for i in range(m):
        for lane in range(LANES):
            sums[i, lane] = 0.0
        at = 0
        for q in range(4):
            for p in range(4 - q):
                value = moments[start, at, i]
                for lane in range(LANES):
                    sums[i, lane] += value * pa[p, lane] * pb[q, lane]
                at += 1


@kernel
def log_factor(n, y, eta, h, first, size, out):  # type: ignore[no-untyped-def]
    """Set Y w - F(w) at nodes of w."""
    for k in range(size):
        out[k] = y * (first + k) * h
    for p in range(n.size):
        share, at = n[p], eta[p]
        if share > 0.0:
            for k in range(size):
                out[k] -= share * fast_log1p(fast_exp(at + (first + k) * h))


@kernel
def _some(eta, s1, ratio, tau, leas, nodes, counts, hermite, hermite_w, out):  # type: ignore[no-untyped-def]
    most = nodes.shape[1]
    now_state = now_level = -1
    w = np.zeros((1, most))
    reach, base, h, hb = 0, 0, 0.5, 0.5
    a, b, t = np.empty(4096), np.empty(4096), np.empty(most)
    for j in range(leas.y.size):
        s, level = leas.state[j], leas.level[j]
        m = counts[s]
        middle = nodes[s, m // 2]
        if s != now_state or level != now_level:
            now_state, now_level = s, level
            h = 0.5 * leas.step / 2.0 ** (0.5 * level)
            hb = ratio * h
            base = int(np.round((1.0 - ratio) * middle / hb))
            drift = 1.0
            for i in range(m):
                drift = max(drift, abs((1.0 - ratio) * (nodes[s, i] - middle) / hb))
            reach = max(int(np.ceil(_BAND * tau / hb + drift)) + 1, 6)
            w = np.zeros((2 * reach + 1, m))
            column = np.zeros(2 * reach + 1)
            for i in range(m):
                offset = (1.0 - ratio) * nodes[s, i] / hb - base
                _weights(tau / hb, offset, reach, hermite, hermite_w, column)
                w[:, i] = column
        _one(eta, s1, leas, j, h, hb, base, reach, w, nodes[s], m, middle, a, b, t, out[s])


@kernel
def _one(eta, s1, leas, j, h, hb, base, reach, w, nodes, m, middle, a, b, t, out):  # type: ignore[no-untyped-def]
    """Integrate one LEA with events over its windows of α and β, at every node of its state."""
    free, tight = leas.free, 1.0 / (s1 * s1)
    first_a = int(np.floor(leas.window[j, 0] / h))
    size_a = min(int(np.ceil(leas.window[j, 1] / h)) - first_a + 1, a.size)
    first_b = int(np.floor(leas.window[j, 2] / hb))
    size_b = min(int(np.ceil(leas.window[j, 3] / hb)) - first_b + 1, b.size)
    log_factor(leas.n[j, :free], leas.y[j], eta[:free], h, first_a, size_a, a)
    log_factor(leas.n[j, free:], leas.y_marked[j], eta[free:], hb, first_b, size_b, b)
    top_a, top_b = -np.inf, b[:size_b].max()
    for k in range(size_a):
        d = (first_a + k) * h - middle
        a[k] -= 0.5 * tight * d * d
        top_a = max(top_a, a[k])
    for k in range(size_b):
        b[k] = fast_exp(b[k] - top_b)
    sums, factor, ratio = np.zeros(m), np.empty(m), np.empty(m)
    for i in range(m):
        d = (nodes[i] - middle) * tight
        ratio[i] = np.exp(h * d)
        factor[i] = np.exp((first_a * h - middle) * d - 0.5 * d * (nodes[i] - middle))
    for k in range(size_a):
        value = fast_exp(a[k] - top_a)
        # β's node k' has weight w[k' - k - base + reach] at α's node k.
        at = first_a + k + base - reach - first_b
        low, high = max(0, at), min(size_b, at + 2 * reach + 1)
        t[:m] = 0.0
        for q in range(low, high):
            share = b[q]
            for i in range(m):
                t[i] += share * w[q - at, i]
        for i in range(m):
            sums[i] += value * factor[i] * t[i]
            factor[i] *= ratio[i]
    norm = np.log(h / (s1 * np.sqrt(2.0 * np.pi))) + top_a + top_b
    for i in range(m):
        out[i] += np.log(max(sums[i], 1e-300)) + norm
