"""Windows of level and contrast for LEAs with events: where the joint density is not negligible."""

from __future__ import annotations

import numpy as np

from homeroom.estimates.kernels import kernel


@kernel
def _inner(n, y, a, w, center, tight):  # type: ignore[no-untyped-def]
    """Return the mode over w of Y w - F(w) - tight (w - center)²/2, its height, and its bend."""
    bend = tight
    for _ in range(60):
        slope, bend = y - tight * (w - center), tight
        for p in range(a.size):
            odds = a[p] * np.exp(w)
            x = odds / (1.0 + odds)
            slope -= n[p] * x
            bend += n[p] * x * (1.0 - x)
        move = min(max(slope / bend, -2.0), 2.0)
        w += move
        if abs(move) < 1e-4:
            break
    height = y * w - 0.5 * tight * (w - center) ** 2
    for p in range(a.size):
        height -= n[p] * np.log1p(a[p] * np.exp(w))
    return w, height, bend


@kernel
def find_windows(n, y, y_marked, free, eta, c, s1, ratio, tau, cut, out, bends):  # type: ignore[no-untyped-def]
    """Set lowest and highest α and β whose profile lies within ``cut`` of the joint maximum.

    Parameters
    ----------
    c
        By LEA, its state's mean.
    out
        LEA by four: α from and to, β from and to.
    bends
        Receives the larger curvature of the log density along α or β.
    """
    a = np.exp(eta)
    for j in range(y.size):
        for axis in range(2):
            # The axis is scanned; the other effect sits at its best given it.
            mean, sd = c[j], s1
            slope, noise = ratio, tau
            n_own, y_own, a_own = n[j, :free], y[j], a[:free]
            n_other, y_other, a_other = n[j, free:], y_marked[j], a[free:]
            if axis == 1:
                sd = np.sqrt(ratio * ratio * s1 * s1 + tau * tau)
                slope = ratio * s1 * s1 / (sd * sd)
                noise = s1 * tau / sd
                n_own, y_own, a_own, n_other, y_other, a_other = (
                    n_other, y_other, a_other, n_own, y_own, a_own
                )  # fmt: skip
            _scan(
                n_own, y_own, a_own, n_other, y_other, a_other, mean, sd, slope, noise, cut,
                out[j, 2 * axis : 2 * axis + 2], bends[j : j + 1], axis,
            )  # fmt: skip


@kernel
def _height(w, n_own, y_own, a_own, n_other, y_other, a_other, mean, sd, slope, noise, other):  # type: ignore[no-untyped-def]
    center = mean + slope * (w - mean)
    other, height, bend = _inner(n_other, y_other, a_other, other, center, 1.0 / (noise * noise))
    height += y_own * w - 0.5 * ((w - mean) / sd) ** 2
    for p in range(a_own.size):
        height -= n_own[p] * np.log1p(a_own[p] * np.exp(w))
    return height, other, bend


@kernel
def _scan(  # type: ignore[no-untyped-def]
    n_own, y_own, a_own, n_other, y_other, a_other, mean, sd, slope, noise, cut, out, bend, axis
):
    w, other, size = mean, mean, 1.0
    height, other, curve = _height(
        w, n_own, y_own, a_own, n_other, y_other, a_other, mean, sd, slope, noise, other
    )
    while size > 0.01:  # climb: the profile of a concave function is concave
        moved = False
        for sign in (1.0, -1.0):
            up, there, found = _height(
                w + sign * size, n_own, y_own, a_own, n_other, y_other, a_other, mean, sd, slope,
                noise, other,
            )  # fmt: skip
            if up > height:
                w, height, other, curve, moved = w + sign * size, up, there, found, True
                break
        if not moved:
            size *= 0.5
    own = 1.0 / (sd * sd)
    for p in range(a_own.size):
        odds = a_own[p] * np.exp(w)
        own += n_own[p] * odds / (1.0 + odds) ** 2
    bend[0] = max(own, curve) if axis == 0 else max(own, curve, bend[0])
    for side in range(2):
        sign = 2.0 * side - 1.0
        step, at, there = 0.3 / np.sqrt(own), w, other
        for _ in range(400):
            at += sign * step
            found, there, _curve = _height(
                at, n_own, y_own, a_own, n_other, y_other, a_other, mean, sd, slope, noise, there
            )
            if found < height - cut:
                break
            step *= 1.08
        out[side] = at
