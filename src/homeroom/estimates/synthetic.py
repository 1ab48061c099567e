"""Synthetic national waves with known truth: LEAs, states, and cells in the nation's shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homeroom.estimates.cells import Cells, centered
from homeroom.estimates.design import design_of
from homeroom.statistics.statistic import Floats
from homeroom.vocabulary.states import STATES

NATIONAL = 14_600
GROUPS, SEXES = ("white", "black", "hispanic", "other"), ("female", "male")


@dataclass(frozen=True, slots=True)
class Truth:
    """What synthetic counts are drawn from.

    Attributes
    ----------
    intercept
        Mean over states of the centered log odds of the median LEA.
    lea, state
        Standard deviations of the LEA and state effects.
    contrast, correlation
        Standard deviation of the LEAs' Black contrasts, and their correlation with the LEA effect.
    effects
        Group, sex, group × sex, and wave effects, as `design_of` names them; waves follow.
    """

    intercept: float = -11.4
    lea: float = 2.90
    state: float = 0.80
    contrast: float = 0.0
    correlation: float = 0.0
    effects: tuple[float, ...] = (0.85, 0.3, -0.15, 0.8, 0.05, 0.0, -0.05)


@dataclass(frozen=True, slots=True, eq=False)
class Synthetic:
    """Counts, and the effects they were drawn from.

    Attributes
    ----------
    level, contrast
        Each LEA's log odds (state and LEA effect), and its Black contrast.
    """

    cells: Cells
    truth: Truth
    level: Floats
    contrast: Floats


def synthetic(
    leas: int = NATIONAL,
    *,
    states: int = 51,
    waves: int = 1,
    seed: int = 1,
    truth: Truth | None = None,
) -> Synthetic:
    """Draw a nation of LEAs.

    Parameters
    ----------
    leas, states
        How many; states differ in size as the nation's do.
    waves
        How often each LEA is counted, with the same effects.
    seed
        The same seed gives the same counts.
    truth
        Parameters; by default those of the published benchmark (scales 2.90 and 0.80).
    """
    truth = truth or Truth()
    rng = np.random.Generator(np.random.PCG64(seed))
    names = tuple(f"wave {at + 1}" for at in range(waves))
    patterns, effects, design = design_of(GROUPS, SEXES, names)
    share = rng.dirichlet(np.full(states, 1.4)) if states > 1 else np.ones(1)
    state = np.sort(rng.choice(states, size=leas, p=share))
    base = _students(rng, leas)
    students = np.concatenate(
        [rng.poisson(base * rng.uniform(0.97, 1.03, (leas, 1))) for _ in names], axis=1
    ).astype(np.float64)
    design = centered(design, students)
    b = np.array([*truth.effects, *np.linspace(0.1, 0.2, waves - 1)])
    level = (
        truth.intercept
        + rng.normal(0.0, truth.state, states)[state]
        + (u := rng.normal(0.0, truth.lea, leas))
    )
    slope = truth.correlation * truth.contrast / truth.lea
    rest = truth.contrast * np.sqrt(1.0 - truth.correlation**2)
    contrast = slope * u + rest * rng.normal(size=leas)
    black = np.array([g == "black" for g, _, _ in patterns])
    logit = level[:, None] + design @ b + np.where(black, contrast[:, None], 0.0)
    events = rng.binomial(students.astype(np.int64), 1.0 / (1.0 + np.exp(-logit))).astype(float)
    codes = list(STATES)[:states]
    kept = np.flatnonzero(students.sum(axis=1) > 0)
    cells = Cells(
        tuple(f"{j:07d}" for j in kept), tuple(codes), state[kept], events[kept], students[kept],
        design, effects, patterns,
    )  # fmt: skip
    return Synthetic(cells, truth, level[kept], contrast[kept])


def _students(rng: np.random.Generator, leas: int) -> Floats:
    """Return expected students, LEA by group and sex: few large LEAs, many small ones."""
    size = np.clip(np.exp(rng.normal(6.65, 1.55, leas)), 15.0, 1_000_000.0)
    groups = rng.dirichlet((2.4, 0.45, 0.7, 0.45), leas)
    sexes = np.full((leas, 2), 0.5)
    out: Floats = (size[:, None, None] * groups[:, :, None] * sexes[:, None, :]).reshape(leas, -1)
    return out
