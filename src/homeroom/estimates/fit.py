"""Fit a specification: mode, importance points, gates, and joint draws."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from homeroom.estimates.cells import Cells, checked
from homeroom.estimates.checkpoint import Checkpoint, key_of
from homeroom.estimates.draw_states import draw_hyper, draw_states
from homeroom.estimates.families import Family, OneEffect
from homeroom.estimates.gates import Gate, gates, weights_pass
from homeroom.estimates.importance import Sample, sample, systematic
from homeroom.estimates.mcmc import walk
from homeroom.estimates.mode import Mode, climb
from homeroom.estimates.posterior import Evaluated, Posterior
from homeroom.estimates.priors import Priors
from homeroom.estimates.start import first_values, trimmed, wide_grid
from homeroom.statistics.statistic import Bools, Floats

_BATCH = 128
"""Importance points evaluated between two checkpoints."""
Progress = Callable[[str, float], None]
"""Is told which step runs and what share of the fit is done."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How much to compute.

    Attributes
    ----------
    points, draws
        Importance points and joint draws.
    seed
        One seed, one result, at any number of threads.
    threads
        How many points or draws are worked on side by side.
    """

    points: int = 1024
    draws: int = 1000
    seed: int = 1
    threads: int = 2


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Joint draws: row i of every array belongs to the same draw.

    Attributes
    ----------
    theta
        Fixed effects and scale parameters.
    ci, sv
        Mean and standard deviation of the states' effects.
    states
        Each state's c, draw by state.
    level
        Each LEA's w = c + u, draw by LEA.
    contrast
        Each LEA's contrasts, draw by LEA; None where the specification has none.
    """

    theta: Floats
    ci: Floats
    sv: Floats
    states: Floats
    level: NDArray[np.float32]
    contrast: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted specification.

    Attributes
    ----------
    sample, gates
        Weighted points, and what was checked.
    seconds
        By step.
    method
        ``importance``, or ``mcmc`` where that was needed.
    """

    cells: Cells
    family: Family
    priors: Priors
    settings: Settings
    draws: Draws
    sample: Sample
    gates: list[Gate]
    seconds: dict[str, float]
    method: str = "importance"

    @property
    def passed(self) -> bool:
        """Return whether every gate holds."""
        return all(gate.passed for gate in self.gates)

    def hyper(self) -> dict[str, Floats]:
        """Return draws of each parameter that is no place's."""
        effects = self.cells.design.shape[1]
        out = {"intercept": self.draws.ci}
        out |= {f"b[{name}]": self.draws.theta[:, at] for at, name in enumerate(self.cells.effects)}
        out |= self.family.natural(self.draws.theta[:, effects:])
        if len(self.cells.states) > 1:
            out["sd_state"] = self.draws.sv
        return out


class Clock:
    """Seconds by step, and word of progress."""

    def __init__(self, tell: Progress | None) -> None:
        self.seconds: dict[str, float] = {}
        self._tell, self._name, self._since = tell, "", time.perf_counter()

    def told(self, name: str, share: float) -> None:
        """Tell how far a step is."""
        if self._tell:
            self._tell(name, share)

    def step(self, name: str, share: float) -> None:
        """Begin a step."""
        now = time.perf_counter()
        if self._name:
            self.seconds[self._name] = now - self._since
        self._name, self._since = name, now
        self.told(name or "done", share)


def fit(
    cells: Cells,
    *,
    family: Family | None = None,
    priors: Priors | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
    checkpoint: Path | None = None,
) -> Fit:
    """Fit one specification to cells.

    Parameters
    ----------
    family
        Which effects an LEA has; by default one.
    priors, settings
        By default the documented ones.
    progress
        Is told of each step.
    checkpoint
        A file in which to keep what is done; a fit of the same data, priors, and settings goes on
        from it, and ends with the same bytes as one that was not interrupted.

    Raises
    ------
    BadInput
        The counts are none that a model of a rate fits: see `cells.checked`.
    """
    family = family or OneEffect()
    priors, settings = priors or Priors(), settings or Settings()
    checked(cells.events, cells.students, cells.leas)
    clock = Clock(progress)
    clock.step("mode", 0.0)
    kept = Checkpoint(
        checkpoint,
        key_of(cells.events, cells.students, cells.design, cells.state, family.scales, priors,
               settings.points, settings.seed),
    )  # fmt: skip
    posterior, refined, mode = _prepared(cells, family, priors, settings, kept)
    folded: Bools = np.array([*[False] * len(cells.effects), *family.folded], dtype=bool)
    clock.step("importance", 0.25)
    sampled = sample(
        _in_batches(posterior, kept, clock), mode.theta, mode.cov, points=settings.points,
        folded=folded, seed=settings.seed,
        good=weights_pass,
    )  # fmt: skip
    rhat = None
    if not weights_pass(sampled.weights):
        clock.step("chains", 0.6)
        sampled, rhat = walk(
            posterior.each, sampled, mode.cov, folded, points=settings.points, seed=settings.seed
        )
    clock.step("gates", 0.75)
    verdicts = gates(posterior, sampled, refined, rhat=rhat)
    clock.step("draws", 0.8)
    drawn = joint_draws(posterior, sampled, settings, kept.get("c"))
    clock.step("", 1.0)
    kept.done()
    method = "importance" if rhat is None else "mcmc"
    return Fit(cells, family, priors, settings, drawn, sampled, verdicts, clock.seconds, method)


def _in_batches(
    posterior: Posterior, kept: Checkpoint, clock: Clock
) -> Callable[[Floats], Evaluated]:
    """Return what evaluates points batch by batch, keeping each batch."""
    rounds = 0

    def evaluate(thetas: Floats) -> Evaluated:
        nonlocal rounds
        rounds += 1
        found = []
        for start in range(0, len(thetas), _BATCH):
            part, name = thetas[start : start + _BATCH], f"points.{rounds}.{start}"
            known = kept.evaluated(name, part)
            if known is None:
                known = posterior.each(part)
                kept.put_evaluated(name, part, known)
            found.append(known)
            clock.told("importance", 0.25 + 0.5 * (start + len(part)) / len(thetas))
        return Evaluated(*(np.concatenate(one) for one in zip(*found, strict=True)))

    return evaluate


def _prepared(
    cells: Cells, family: Family, priors: Priors, settings: Settings, kept: Checkpoint
) -> tuple[Posterior, Posterior, Mode]:
    """Return the posterior with its grids, the same with every step halved, and the mode."""
    effects = cells.design.shape[1]
    if "theta" not in kept:
        _climbed(cells, family, priors, settings, kept)
    center, slope = kept.get("center"), kept.get("slope")
    posterior, refined = (
        Posterior(
            cells, priors, family,
            family.lay_out(cells, center[:effects], center[effects:], kept.get("c"), step=step),
            kept.grid(name), settings.threads, center, slope,
        ) for name, step in (("grid", 1.0), ("refined", 0.5))
    )  # fmt: skip
    if "theta" not in kept:
        mode = climb(posterior.each, center, np.sqrt(np.diag(kept.get("cov"))), close=5e-3)
        kept.put(theta=mode.theta, cov=mode.cov)
    mode = Mode(kept.get("theta"), 0.0, kept.get("cov"), slope)
    return posterior, refined, mode


def _climbed(
    cells: Cells, family: Family, priors: Priors, settings: Settings, kept: Checkpoint
) -> None:
    """Climb on a wide grid, and cut the grid to where the mass lies."""
    begin = first_values(cells, priors)
    effects = cells.design.shape[1]
    theta = np.concatenate([begin.b, family.begin(begin.sd)])
    wide = Posterior(
        cells, priors, family, family.lay_out(cells, begin.b, theta[effects:], begin.c),
        wide_grid(begin, priors), settings.threads, theta, np.zeros_like(theta),
    )  # fmt: skip
    scale = np.concatenate([np.full(effects, 0.06), np.full(len(theta) - effects, 0.04)])
    mode = climb(wide.each, theta, scale, close=0.5)
    found = wide.each(mode.theta[None])
    sd = float(family.natural(mode.theta[None, effects:])["sd_lea"][0])
    for name, refine in (("grid", 1.0), ("refined", 2.0)):
        grid, fresh = trimmed(wide, found, begin, sd, refine=refine)
        kept.put_grid(name, grid)
    kept.put(center=mode.theta, cov=mode.cov, slope=mode.slope, c=fresh.c)


def joint_draws(posterior: Posterior, sampled: Sample, settings: Settings, c: Floats) -> Draws:
    """Draw θ by systematic resampling, then sv, ci, the states, and the LEAs."""
    cells, grid, count = posterior.cells, posterior.grid, settings.draws
    chosen = systematic(sampled.weights.weights, count, settings.seed)
    theta = sampled.thetas[chosen]
    ci, sv = np.empty(count), np.empty(count)
    states = np.empty((count, len(cells.states)))
    level = np.empty((count, len(cells.leas)), dtype=np.float32)
    middle, effects = posterior.center, posterior.effects
    drawer = posterior.family.drawer(cells, settings.seed, middle[:effects], middle[effects:], c)
    contrast = np.empty_like(level) if drawer.contrasts else None

    def one(draw: int) -> None:
        at = chosen[draw]
        shift = posterior.shift(theta[draw])
        mean, log_sv = draw_hyper(sampled.found.grid[at], grid, settings.seed, draw)
        if len(cells.states) == 1:
            states[draw] = mean
        else:
            draw_states(
                sampled.found.states[at], grid, mean, np.exp(log_sv), settings.seed, draw,
                states[draw],
            )  # fmt: skip
        ci[draw], sv[draw] = mean + shift, np.exp(log_sv)
        states[draw] += shift
        drawer.draw(
            cells.design @ theta[draw, :effects], theta[draw, effects:], states[draw], draw,
            level[draw], None if contrast is None else contrast[draw],
        )  # fmt: skip

    with ThreadPoolExecutor(settings.threads) as pool:
        list(pool.map(one, range(count)))
    return Draws(theta, ci, sv, states, level, contrast)
