"""What differs between specifications: which effects an LEA has, and how they are integrated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from homeroom.estimates.cells import Cells, as_leas
from homeroom.estimates.draw_leas import draw_leas
from homeroom.estimates.one_effect import Leas, sweep
from homeroom.estimates.priors import Priors
from homeroom.statistics.statistic import Floats


@dataclass(frozen=True, slots=True)
class Drawer:
    """Draws the LEAs' effects given everything else.

    Attributes
    ----------
    contrasts
        Whether there are contrasts.
    draw
        Takes eta, scale parameters, the states' c, the draw's number, and the arrays that receive
        levels and contrasts.
    """

    contrasts: bool
    draw: Callable[[Floats, Floats, Floats, int, Any, Any], None]


class Family(Protocol):
    """A family of LEA effects: the scale parameters behind the fixed effects in θ."""

    scales: tuple[str, ...]
    folded: tuple[bool, ...]
    """Which scale parameters are read without their sign."""

    def log_prior(self, tail: Floats, priors: Priors) -> float:
        """Return the log prior density of the scale parameters as they stand in θ."""

    def natural(self, tails: Floats) -> dict[str, Floats]:
        """Return named standard deviations and correlations from rows of scale parameters."""

    def values(self, eta: Floats, tail: Floats, leas: Any, nodes: Floats, counts: Floats) -> Floats:
        """Return the log-likelihood of each state at its nodes."""

    def begin(self, sd: float) -> Floats:
        """Return scale parameters to start from, given a first standard deviation."""

    def lay_out(
        self, cells: Cells, b: Floats, tail: Floats, c: Floats, *, step: float = 1.0
    ) -> Any:
        """Return the kernels' LEAs, on lattices that suit these fixed effects, scales, and c."""

    def drawer(self, cells: Cells, seed: int, b: Floats, tail: Floats, c: Floats) -> Drawer:
        """Return what draws the LEAs' effects, with lattices that suit b, scales, and c."""


class OneEffect:
    """One effect per LEA; θ ends with log su."""

    scales: tuple[str, ...] = ("log_sd_lea",)
    folded: tuple[bool, ...] = (False,)

    def log_prior(self, tail: Floats, priors: Priors) -> float:
        """See `Family`."""
        return float(priors.log_scale(np.exp(tail[0])) + tail[0])

    def natural(self, tails: Floats) -> dict[str, Floats]:
        """See `Family`."""
        return {"sd_lea": np.exp(tails[:, 0])}

    def values(self, eta: Floats, tail: Floats, leas: Any, nodes: Floats, counts: Floats) -> Floats:
        """See `Family`."""
        out = np.empty_like(nodes)
        eta = np.pad(eta, (0, -len(eta) % 4))
        sweep(eta, float(np.exp(tail[0])), leas, nodes, counts, out)
        return out

    def begin(self, sd: float) -> Floats:
        """See `Family`."""
        return np.array([np.log(sd)])

    def lay_out(
        self,
        cells: Cells,
        b: Floats,
        tail: Floats,
        c: Floats,
        *,
        step: float = 1.0,
    ) -> Leas:
        """See `Family`: each LEA with events on a lattice fine enough for its curvature."""
        del c  # its lattices do not depend on it
        eta, su = cells.design @ b, float(np.exp(tail[0]))
        size = cells.students @ np.exp(eta)
        near = _near(cells, size)
        rate = np.exp(np.clip(near[:, None] + eta, -40, 40))
        bend = (cells.students * rate / (1 + rate) ** 2).sum(axis=1) + su**-2.0
        level = np.maximum(np.ceil(2 * np.log2(0.5 * np.sqrt(bend) / 0.6)), 0)
        return as_leas(cells, near, level, size, step=step)

    def drawer(
        self,
        cells: Cells,
        seed: int,
        b: Floats,
        tail: Floats,
        c: Floats,
    ) -> Drawer:
        """See `Family`."""
        del tail, c  # its lattices need neither
        n, y = np.ascontiguousarray(cells.students), cells.events.sum(axis=1)
        near = _near(cells, cells.students @ np.exp(cells.design @ b))
        state = cells.state.astype(np.int64)

        def draw(
            eta: Floats, tail: Floats, c: Floats, draw: int, level: Any, _contrast: Any
        ) -> None:
            draw_leas(eta, float(np.exp(tail[0])), c, n, y, state, near, seed, draw, level)

        return Drawer(contrasts=False, draw=draw)


def _near(cells: Cells, size: Floats) -> Floats:
    """Return about where w has its mode in LEAs with events; 0 in the others."""
    total = cells.events.sum(axis=1)
    out = np.zeros(len(total))
    has = total > 0
    out[has] = np.clip(np.log(total[has] / size[has]), -60.0, 60.0)
    return out


def conditional_effects(cells: Cells, priors: Priors) -> Floats:
    """Return fixed effects from how each LEA's events fall on its patterns (conditional Poisson).

    What an LEA has in all tells nothing of them to first order, so its effect drops out.
    """
    has = cells.events.sum(axis=1) > 0
    y, n, x = cells.events[has], cells.students[has], cells.design
    total = y.sum(axis=1)
    b = np.zeros(x.shape[1])
    for _ in range(30):
        weight = n * np.exp(x @ b)
        p = weight / weight.sum(axis=1, keepdims=True)
        mean = p @ x
        slope = (y @ x - total[:, None] * mean).sum(axis=0) - b / priors.effect_sd**2
        expected = total @ p
        bend = (x * expected[:, None]).T @ x - (mean * total[:, None]).T @ mean
        bend += np.eye(len(b)) / priors.effect_sd**2
        move = np.clip(np.linalg.solve(bend, slope), -1.0, 1.0)
        b += move
        if np.abs(move).max(initial=0.0) < 1e-4:
            break
    return b
