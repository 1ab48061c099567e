"""What differs between specifications: which effects an LEA has, and how they are integrated."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from homeroom.estimates.cells import Cells
from homeroom.estimates.draw_leas import draw_leas
from homeroom.estimates.one_effect import Leas, sweep
from homeroom.estimates.priors import Priors
from homeroom.statistics.statistic import Floats


class Drawer(Protocol):
    """Draws the LEAs' effects given everything else."""

    contrasts: bool

    def __call__(
        self, eta: Floats, tail: Floats, c: Floats, draw: int, level: Any, contrast: Any
    ) -> None:
        """Set one draw's levels, and contrasts where there are any."""


class Family(Protocol):
    """A family of LEA effects: the scale parameters behind the fixed effects in θ."""

    scales: tuple[str, ...]

    def log_prior(self, tail: Floats, priors: Priors) -> float:
        """Return the log prior density of the scale parameters as they stand in θ."""

    def natural(self, tails: Floats) -> dict[str, Floats]:
        """Return named standard deviations and correlations from rows of scale parameters."""

    def values(
        self, eta: Floats, tail: Floats, leas: Leas, nodes: Floats, counts: Floats
    ) -> Floats:
        """Return the log-likelihood of each state at its nodes."""

    def begin(self, sd: float) -> Floats:
        """Return scale parameters to start from, given a first standard deviation."""

    def drawer(self, cells: Cells, seed: int) -> Drawer:
        """Return what draws the LEAs' effects."""


class OneEffect:
    """One effect per LEA; θ ends with log su."""

    scales = ("log_sd_lea",)

    def log_prior(self, tail: Floats, priors: Priors) -> float:
        """See `Family`."""
        return float(priors.log_scale(np.exp(tail[0])) + tail[0])

    def natural(self, tails: Floats) -> dict[str, Floats]:
        """See `Family`."""
        return {"sd_lea": np.exp(tails[:, 0])}

    def values(
        self, eta: Floats, tail: Floats, leas: Leas, nodes: Floats, counts: Floats
    ) -> Floats:
        """See `Family`."""
        out = np.empty_like(nodes)
        eta = np.pad(eta, (0, -len(eta) % 4))
        sweep(eta, float(np.exp(tail[0])), leas, nodes, counts, out)
        return out

    def begin(self, sd: float) -> Floats:
        """See `Family`."""
        return np.array([np.log(sd)])

    def drawer(self, cells: Cells, seed: int) -> Drawer:
        """See `Family`."""
        return _OneDrawer(cells, seed)


class _OneDrawer:
    contrasts = False

    def __init__(self, cells: Cells, seed: int) -> None:
        self._n = np.ascontiguousarray(cells.students)
        self._y = cells.events.sum(axis=1)
        self._state, self._seed = cells.state.astype(np.int64), seed
        with np.errstate(divide="ignore"):
            near = np.log(self._y / self._n.sum(axis=1))
        self._near = np.where(self._y > 0, near, 0.0)

    def __call__(
        self, eta: Floats, tail: Floats, c: Floats, draw: int, level: Any, contrast: Any
    ) -> None:
        """See `Drawer`."""
        draw_leas(
            eta, float(np.exp(tail[0])), c, self._n, self._y, self._state, self._near,
            self._seed, draw, level,
        )  # fmt: skip


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
