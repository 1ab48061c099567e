"""Integrate one effect per LEA exactly: the log-likelihood of every state at chosen values of c.

With w = c + u the effect of an LEA, its likelihood is L(c) = ∫ exp(Y w - F(w)) N(w; c, su²) dw,
F(w) = Σ_p N_p log1p(a_p exp(w)). F does not know c, so it is tabulated once per pattern on lattices
that all LEAs share; an LEA costs a product of its eight students' counts with that table.
The trapezoid rule is exact to 1e-8 here: the transform of exp(-S e^w) falls like exp(-π|ω|/2).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from homeroom.estimates.kernels import Array, kernel
from homeroom.estimates.vector_math import fast_exp, fast_log1p

LANES = 32
"""LEAs without events that are integrated side by side."""
_REACH = 8.7
"""Standard deviations of N(w; c, su²) to either side that count: beyond lies 3e-18."""
_SMALL = 0.02
"""Below this S1·U, exp(-F) is its cubic, to 4e-9."""
_GONE = 34.0
"""Where exp(-F), or a weight relative to its maximum, counts as zero: 2e-15."""
_BLOCK = 8
_MARGIN = 18
"""Blocks of table beyond the outermost modes: weights fall like exp(w) or faster."""


class Leas(NamedTuple):
    """LEAs as kernels read them: those without events in lanes, those with events one by one.

    Attributes
    ----------
    zero_n, zero_state, zero_real
        Students by chunk, pattern, lane; state of a chunk; lanes that are LEAs and not filling.
    n, y, state, level, near
        Students by pattern, events, state, lattice (step 0.5 / 2**(level / 2)), about w's mode.
        Patterns are filled up to a multiple of four.
    step
        Factor on every lattice's step: 1, or 0.5 to see whether anything moves.
    """

    zero_n: Array
    zero_state: Array
    zero_real: Array
    n: Array
    y: Array
    state: Array
    level: Array
    near: Array
    step: float


@kernel
def sweep(eta, su, leas, nodes, counts, out):  # type: ignore[no-untyped-def]
    """Add up the log-likelihoods of a state's LEAs at each of its nodes.

    Parameters
    ----------
    eta
        Linear predictor of each pattern without c.
    su
        Standard deviation of the LEA effects.
    leas
        A `Leas`.
    nodes, counts
        Values of c, state by node, and how many a state has.
    out
        Receives the sums, state by node.
    """
    out[:] = 0.0
    if leas.zero_real.size:
        _without_events(eta, su, leas, nodes, counts, out)
    if leas.y.size:
        _with_events(eta, su, leas, nodes, counts, out)


@kernel
def _patterns_table(eta, h, first, size, table):  # type: ignore[no-untyped-def]
    for p in range(eta.size):
        for k in range(size):
            table[p, k] = fast_log1p(fast_exp(eta[p] + (first + k) * h))


@kernel
def _moments(su, h, first, nodes, m, phi, moments):  # type: ignore[no-untyped-def]
    """Tabulate N(w_k; c, su²) h and its running sums with U^0 to U^3, up to before k."""
    scale = h / (su * np.sqrt(2.0 * np.pi))
    for k in range(phi.shape[0]):
        w = (first + k) * h
        for i in range(m):
            z = (w - nodes[i]) / su
            phi[k, i] = scale * fast_exp(-0.5 * z * z)
    moments[0] = 0.0
    for k in range(phi.shape[0]):
        u = fast_exp((first + k) * h)
        for i in range(m):
            value = phi[k, i]
            for r in range(4):
                moments[k + 1, r, i] = moments[k, r, i] + value
                value *= u


@kernel
def _four_nodes(n, table, k, g):  # type: ignore[no-untyped-def]
    """Set exp(-F) at four nodes from k, node by lane; return the least F at the last of them."""
    for q in range(4):
        f = g[q]
        f[:] = 0.0
        for p in range(0, n.shape[0], 4):  # four products at once: the sum stays in registers
            t0, t1, t2, t3 = (
                table[p, k + q], table[p + 1, k + q], table[p + 2, k + q], table[p + 3, k + q]
            )  # fmt: skip
            for lane in range(LANES):
                f[lane] += (n[p, lane] * t0 + n[p + 1, lane] * t1) + (
                    n[p + 2, lane] * t2 + n[p + 3, lane] * t3
                )
    least = g[3, 0]
    for lane in range(1, LANES):
        least = min(least, g[3, lane])
    for q in range(4):
        for lane in range(LANES):
            g[q, lane] = fast_exp(-g[q, lane])
    return least


@kernel
def _add_four(g, phi, k, m, sums):  # type: ignore[no-untyped-def]
    for i in range(m):
        w0, w1, w2, w3 = phi[k, i], phi[k + 1, i], phi[k + 2, i], phi[k + 3, i]
        for lane in range(LANES):
            sums[i, lane] += (w0 * g[0, lane] + w1 * g[1, lane]) + (
                w2 * g[2, lane] + w3 * g[3, lane]
            )


@kernel
def _without_events(eta, su, leas, nodes, counts, out):  # type: ignore[no-untyped-def]
    h = min(0.5, su) * leas.step
    low = high = nodes[0, 0]
    for s in range(nodes.shape[0]):
        for i in range(counts[s]):
            low, high = min(low, nodes[s, i]), max(high, nodes[s, i])
    first = int(np.floor((low - _REACH * su) / h))
    size = int(np.ceil((high + _REACH * su) / h)) - first + 5  # four nodes at a time
    table = np.empty((eta.size, size))
    _patterns_table(eta, h, first, size, table)
    phi = np.empty((size, nodes.shape[1]))
    moments = np.empty((size + 1, 4, nodes.shape[1]))
    sums, g = np.empty((nodes.shape[1], LANES)), np.empty((4, LANES))
    now = -1
    for chunk in range(leas.zero_state.size):
        s = leas.zero_state[chunk]
        m = counts[s]
        if s != now:
            _moments(su, h, first, nodes[s], m, phi, moments)
            now = s
        n = leas.zero_n[chunk]
        start = _left_part(eta, n, h, first, size, moments, m, sums)
        for k in range(start, size - 3, 4):
            least = _four_nodes(n, table, k, g)
            _add_four(g, phi, k, m, sums)
            if least > _GONE:
                break
        add_logs(sums, m, leas.zero_real[chunk], out[s])


@kernel
def add_logs(sums, m, lanes, out):  # type: ignore[no-untyped-def]
    """Add the log of each node's product over lanes; a small product is logged on the way."""
    for i in range(m):
        product = 1.0
        for lane in range(lanes):
            product *= max(sums[i, lane], 1e-290)
            if product < 1e-15:
                out[i] += np.log(product)
                product = 1.0
        out[i] += np.log(product)


@kernel
def _left_part(eta, n, h, first, size, moments, m, sums):  # type: ignore[no-untyped-def]
    """Start the sums with the nodes where exp(-F) is a cubic of U; return the first after them."""
    powers = np.zeros((3, LANES))
    for p in range(eta.size):
        a = np.exp(eta[p])
        for lane in range(LANES):
            powers[0, lane] += n[p, lane] * a
            powers[1, lane] += n[p, lane] * a * a
            powers[2, lane] += n[p, lane] * a * a * a
    largest = powers[0].max()
    start = size
    if largest > 0.0:
        start = min(max(int(np.floor(np.log(_SMALL / largest) / h)) - first, 0), size)
    for i in range(m):
        for lane in range(LANES):
            s1, s2, s3 = powers[0, lane], powers[1, lane], powers[2, lane]
            sums[i, lane] = (
                moments[start, 0, i]
                - s1 * moments[start, 1, i]
                + (s1 * s1 + s2) * 0.5 * moments[start, 2, i]
                - (s1 * s1 * s1 + 3.0 * s1 * s2 + 2.0 * s3) / 6.0 * moments[start, 3, i]
            )
    return start


@kernel
def _block(n, y, table, offset, k, h, middle, tight, g):  # type: ignore[no-untyped-def]
    """Tabulate Y w - F(w) - (w - middle)² tight / 2 on a block of nodes from k."""
    at = k - offset
    for i in range(_BLOCK):
        w = (k + i) * h
        d = w - middle
        g[i] = y * w - 0.5 * tight * d * d
    for p in range(0, n.size, 4):
        n0, n1, n2, n3 = n[p], n[p + 1], n[p + 2], n[p + 3]
        for i in range(_BLOCK):
            g[i] -= (n0 * table[p, at + i] + n1 * table[p + 1, at + i]) + (
                n2 * table[p + 2, at + i] + n3 * table[p + 3, at + i]
            )


@kernel
def _with_events(eta, su, leas, nodes, counts, out):  # type: ignore[no-untyped-def]
    g = np.empty(4096)
    for level in range(leas.level.max() + 1):
        h = 0.5 * leas.step / 2.0 ** (0.5 * level)
        low, high = np.inf, -np.inf
        for j in range(leas.y.size):
            if leas.level[j] == level:
                low, high = min(low, leas.near[j]), max(high, leas.near[j])
        if low > high:
            continue
        margin = int(_MARGIN / leas.step) * _BLOCK
        first = int(np.floor(low / h)) - margin
        size = int(np.ceil(high / h)) + margin - first
        table = np.empty((eta.size, size))
        _patterns_table(eta, h, first, size, table)
        for j in range(leas.y.size):
            if leas.level[j] == level:
                _one(su, leas, j, h, table, first, nodes, counts, g, out)


@kernel
def _one(su, leas, j, h, table, first, nodes, counts, g, out):  # type: ignore[no-untyped-def]
    """Integrate one LEA with events on its lattice, and add its logs at the nodes of its state."""
    s = leas.state[j]
    m, tight = counts[s], 1.0 / (su * su)
    middle = nodes[s, m // 2]
    n, y = leas.n[j], leas.y[j]
    k = int(np.round(leas.near[j] / h))
    half = g.size // 2
    right = left = half
    top = -np.inf
    while k + right - half + _BLOCK < first + table.shape[1] and right + _BLOCK <= g.size:
        _block(n, y, table, first, k + right - half, h, middle, tight, g[right : right + _BLOCK])
        right += _BLOCK
        top = max(top, g[right - _BLOCK : right].max())
        if g[right - 1] < top - _GONE:
            break
    while k + left - half - _BLOCK >= first and left >= _BLOCK:
        left -= _BLOCK
        _block(n, y, table, first, k + left - half, h, middle, tight, g[left : left + _BLOCK])
        top = max(top, g[left : left + _BLOCK].max())
        if g[left] < top - _GONE:
            break
    for q in range(left, right):
        g[q] = fast_exp(g[q] - top)
    sums, ratio = np.zeros(m), np.empty(m)
    for i in range(m):
        ratio[i] = fast_exp(h * (nodes[s, i] - middle) * tight)
    for q in range(right - 4, left - 1, -4):  # Σ g_k r^(k - left), by Horner's rule
        g0, g1, g2, g3 = g[q], g[q + 1], g[q + 2], g[q + 3]
        for i in range(m):
            r = ratio[i]
            sums[i] = (((sums[i] * r + g3) * r + g2) * r + g1) * r + g0
    norm = np.log(h / (su * np.sqrt(2.0 * np.pi))) + top
    from_middle = (k + left - half) * h - middle
    for i in range(m):
        d = nodes[s, i] - middle
        out[s, i] += np.log(sums[i]) + norm + tight * d * (from_middle - 0.5 * d)
