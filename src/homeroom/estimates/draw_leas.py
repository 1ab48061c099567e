"""Draw LEA effects exactly by rejection: one hash of seed, draw, and LEA decides each of them.

So there is one draw index for every row, and the same bytes come out at any number of threads.
"""

from __future__ import annotations

import numpy as np

from homeroom.estimates.draw_states import chance
from homeroom.estimates.kernels import kernel
from homeroom.estimates.vector_math import fast_exp, fast_log1p, normal_quantile

_FIRST = 1000
"""Hashes below belong to the hyperparameters and states."""
_TRIES = 4000


@kernel
def draw_leas(eta, su, c, n, y, state, near, seed, draw, out):  # type: ignore[no-untyped-def]
    """Draw w = c + u of every LEA given θ and the states' c.

    Parameters
    ----------
    n, y, state, near
        By LEA: students by pattern, events, state, and about the mode of w.
    out
        Receives w.
    """
    a = np.empty(eta.size)
    for p in range(eta.size):
        a[p] = fast_exp(eta[p])
    for j in range(y.size):
        if y[j] > 0.0:
            out[j] = one_with_events(a, su, c[state[j]], n[j], y[j], near[j], seed, draw, j)
        else:
            out[j] = _without_events(a, su, c[state[j]], n[j], seed, draw, j)


@kernel
def _without_events(a, su, c, n, seed, draw, j):  # type: ignore[no-untyped-def]
    """Propose from N(c, su²), accept with exp(-F): S1 U - S2 U²/2 < F < S1 U decides mostly."""
    s1 = s2 = 0.0
    for p in range(a.size):
        rate = n[p] * a[p]
        s1 += rate
        s2 += rate * a[p]
    for attempt in range(_TRIES):
        w = c + su * normal_quantile(chance(seed, draw, _FIRST + j, 2 * attempt))
        u = fast_exp(w)
        v = chance(seed, draw, _FIRST + j, 2 * attempt + 1)
        if v < 1.0 - s1 * u:
            return w
        level = -np.log(v)
        if level > s1 * u:
            return w
        if level > s1 * u - 0.5 * s2 * u * u:
            f = 0.0
            for p in range(a.size):
                f += n[p] * fast_log1p(a[p] * u)
            if level > f:
                return w
    return one_with_events(a, su, c, n, 0.0, c, seed, draw, j)  # where nearly nothing is accepted


@kernel
def _slopes(a, n, y, u):  # type: ignore[no-untyped-def]
    slope, bend = y, 0.0
    for p in range(a.size):
        odds = a[p] * u
        x = 1.0 / (1.0 + odds)
        rate = n[p] * odds * x
        slope -= rate
        bend += rate * x
    return slope, bend


@kernel
def _height(a, n, y, w, u, c, tight):  # type: ignore[no-untyped-def]
    f = 0.0
    for p in range(a.size):
        f += n[p] * fast_log1p(a[p] * u)
    return y * w - f - 0.5 * tight * (w - c) * (w - c)


@kernel
def one_with_events(a, su, c, n, y, near, seed, draw, j):  # type: ignore[no-untyped-def]
    """Propose from the hull of three tangents: the log density is concave (Devroye 1984)."""
    tight = 1.0 / (su * su)
    m = near
    bend = 1.0
    for _ in range(100):
        slope, bend = _slopes(a, n, y, fast_exp(m))
        bend += tight
        move = min(max((slope - tight * (m - c)) / bend, -2.0), 2.0)
        m += move
        if abs(move) < 1e-5 / np.sqrt(bend):
            break
    d = 1.3 / np.sqrt(bend)
    top = _height(a, n, y, m, fast_exp(m), c, tight)
    left, right = m - d, m + d
    u_left, u_right = fast_exp(left), fast_exp(right)
    up = _slopes(a, n, y, u_left)[0] - tight * (left - c)
    down = tight * (right - c) - _slopes(a, n, y, u_right)[0]
    x_left = left + (top - _height(a, n, y, left, u_left, c, tight)) / up
    x_right = right - (top - _height(a, n, y, right, u_right, c, tight)) / down
    total = 1.0 / up + (x_right - x_left) + 1.0 / down
    w = m
    for attempt in range(_TRIES):
        at = total * chance(seed, draw, _FIRST + j, 2 * attempt + 1_000_000)
        v = chance(seed, draw, _FIRST + j, 2 * attempt + 1_000_001)
        if at < 1.0 / up:
            w = x_left + np.log(at * up) / up
            hull = up * (w - x_left)
        elif at < total - 1.0 / down:
            w, hull = x_left + (at - 1.0 / up), 0.0
        else:
            w = x_right - np.log((total - at) * down) / down
            hull = -down * (w - x_right)
        if np.log(v) < _height(a, n, y, w, fast_exp(w), c, tight) - top - hull:
            break
    return w
