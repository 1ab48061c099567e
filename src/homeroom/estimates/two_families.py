"""The family of a level and a contrast per LEA; θ ends with log s1, κ, τ.

κ = ρ s2/s1 is the slope of the contrast on the level, and τ = s2 √(1 - ρ²) what the level does not
say of it. In these the posterior is nearly normal; in (s2, ρ) it is not. κ s1 and τ have normal and
half-normal priors of one width, so that the density is smooth even where the contrasts vanish, and
the angle of ρ is uniform. τ is folded: -τ stands for τ, so that no mass is lost at 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from homeroom.estimates.cells import Cells, as_leas
from homeroom.estimates.draw_contrasts import draw_two
from homeroom.estimates.families import Drawer
from homeroom.estimates.priors import Priors
from homeroom.estimates.two_effects import _HERMITE, _HERMITE_W, TwoLeas, sweep_two
from homeroom.estimates.windows_two import find_windows
from homeroom.statistics.statistic import Floats


def _positive(tau: float) -> float:
    """Return a folded standard deviation, no smaller than the lattices can bear."""
    return max(abs(float(tau)), 1e-3)


_CUT = 33.0
"""A window ends where the density is exp(-33) of its peak."""


class TwoEffects:
    """A level per LEA, and a contrast of the marked patterns.

    Parameters
    ----------
    marked
        1 for patterns that have the contrast, 0 for others.
    """

    scales: tuple[str, ...] = ("log_sd_lea", "slope", "sd_rest")
    folded: tuple[bool, ...] = (False, False, True)

    def __init__(self, marked: Floats) -> None:
        free, own = np.flatnonzero(marked == 0), np.flatnonzero(marked != 0)
        # Empty columns fill each kind up to a multiple of four: -1 stands for one.
        self._free = np.pad(free, (0, -len(free) % 4), constant_values=-1)
        self._order = np.concatenate(
            [self._free, np.pad(own, (0, -len(own) % 4), constant_values=-1)]
        )
        self.marked = marked

    def log_prior(self, tail: Floats, priors: Priors) -> float:
        """See `Family`: half-Cauchy s1; κ s1 normal, τ half-normal."""
        s1, kappa, tau = np.exp(tail[0]), tail[1], abs(tail[2])
        part = priors.log_contrast(np.array([abs(kappa) * s1, tau])).sum() - np.log(2.0)
        return float(priors.log_scale(s1) + 2 * tail[0] + part)

    def natural(self, tails: Floats) -> dict[str, Floats]:
        """See `Family`."""
        s1, kappa, tau = np.exp(tails[:, 0]), tails[:, 1], np.abs(tails[:, 2])
        s2 = np.hypot(tau, kappa * s1)
        return {"sd_lea": s1, "sd_contrast": s2, "correlation": kappa * s1 / s2}

    def begin(self, sd: float) -> Floats:
        """See `Family`."""
        return np.array([np.log(sd), 0.0, 0.5])

    def values(self, eta: Floats, tail: Floats, leas: Any, nodes: Floats, counts: Floats) -> Floats:
        """See `Family`."""
        out = np.empty_like(nodes)
        ratio = 1.0 + tail[1]
        if ratio < 0.05:  # levels and marked rates would go apart: nothing like it was ever seen
            out[:] = -1e12
            return out
        sweep_two(
            self._arranged(eta), float(np.exp(tail[0])), ratio, _positive(tail[2]), leas,
            nodes, counts, _HERMITE, _HERMITE_W, out,
        )  # fmt: skip
        return out

    def _arranged(self, values: Floats) -> Floats:
        """Return patterns in the kernels' order; what fills is 0."""
        out: Floats = np.where(self._order >= 0, values[..., self._order], 0.0)
        return np.ascontiguousarray(out)

    def lay_out(
        self, cells: Cells, b: Floats, tail: Floats, c: Floats, *, step: float = 1.0
    ) -> TwoLeas:
        """See `Family`."""
        n, y = self._arranged(cells.students), self._arranged(cells.events)
        eta, free = self._arranged(cells.design @ b), len(self._free)
        total = cells.events.sum(axis=1)
        size = cells.students @ np.exp(cells.design @ b)
        zero = as_leas(cells, np.zeros(len(n)), np.zeros(len(n)), size, step=step)
        has = np.flatnonzero(total > 0)
        window, level = self._windows(
            n[has], y[has, :free].sum(axis=1), y[has, free:].sum(axis=1), eta,
            c[cells.state[has]], tail, _CUT * (1.0 if step == 1.0 else 1.3),
        )  # fmt: skip
        order = np.lexsort((cells.state[has], level))
        chosen = has[order]
        lanes = np.zeros((len(zero.zero_real), len(self._order), zero.zero_n.shape[2]))
        for at, pattern in enumerate(self._order):
            if pattern >= 0:
                lanes[:, at] = zero.zero_n[:, pattern]
        return TwoLeas(
            free, lanes, zero.zero_state, zero.zero_real, n[chosen],
            y[chosen, :free].sum(axis=1), y[chosen, free:].sum(axis=1),
            cells.state[chosen].astype(np.int64), level[order], window[order], step,
        )  # fmt: skip

    def _windows(
        self, n: Floats, y: Floats, y_marked: Floats, eta: Floats, c: Floats, tail: Floats,
        cut: float,
    ) -> tuple[Floats, Any]:  # fmt: skip
        """Return each LEA's windows, and the level of its lattice."""
        s1, ratio, tau = float(np.exp(tail[0])), 1.0 + tail[1], _positive(tail[2])
        window, bend = np.empty((len(y), 4)), np.ones(len(y))
        find_windows(n, y, y_marked, len(self._free), eta, c, s1, ratio, tau, cut, window, bend)
        h = 0.6 / np.sqrt(np.maximum(bend - tau**-2.0, s1**-2.0))
        h = np.minimum(h, np.maximum(0.8 * tau / ratio, h / 3))
        level = np.maximum(np.ceil(2 * np.log2(0.5 / h)), 0).astype(np.int64)
        return window, level

    def drawer(self, cells: Cells, seed: int, b: Floats, tail: Floats, c: Floats) -> Drawer:
        """See `Family`."""
        n, y = self._arranged(cells.students), self._arranged(cells.events)
        free = len(self._free)
        marked, own = y[:, free:].sum(axis=1), y[:, :free].sum(axis=1)
        has = np.flatnonzero(marked + own > 0)
        reach = 10.0 * np.exp(tail[0])
        window = np.tile(
            [c.min() - reach, c.max() + reach, c.min() - reach, c.max() + reach], (len(n), 1)
        )
        level = np.zeros(len(n), dtype=np.int64)
        window[has], level[has] = self._windows(
            n[has], own[has], marked[has], self._arranged(cells.design @ b),
            c[cells.state[has]], tail, _CUT,
        )  # fmt: skip
        state = cells.state.astype(np.int64)

        def draw(
            eta: Floats, tail: Floats, c: Floats, draw: int, level_out: Any, contrast: Any
        ) -> None:
            draw_two(
                self._arranged(eta), float(np.exp(tail[0])), 1.0 + tail[1],
                _positive(tail[2]), c, free, n, own, marked, state, level, window, _HERMITE,
                _HERMITE_W, seed, draw, level_out, contrast,
            )  # fmt: skip

        return Drawer(contrasts=True, draw=draw)
