"""Fit, save, and describe: what the command line and the benchmark ask for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from homeroom.estimates.cells import Cells
from homeroom.estimates.families import Family, OneEffect
from homeroom.estimates.fit import Fit, Progress, Settings, fit
from homeroom.estimates.predict import marked_patterns
from homeroom.estimates.priors import Priors
from homeroom.estimates.saving import quantity, save
from homeroom.estimates.specs import Spec, spec_of
from homeroom.estimates.synthetic import Truth, synthetic

CONTRAST_TRUTH = Truth(contrast=0.6, correlation=0.1)
"""What the disparity benchmark draws from."""


def family_of(spec: Spec, cells: Cells) -> Family:
    """Return the family of a specification for these cells' patterns."""
    if spec.effects == "one":
        return OneEffect()
    from homeroom.estimates.two_families import TwoEffects  # noqa: PLC0415 - compiles more

    return TwoEffects(marked_patterns(cells, spec.effects))


def fit_and_save(
    cells: Cells,
    spec: Spec,
    folder: Path,
    *,
    outcome: str,
    waves: tuple[str, ...],
    priors: Priors | None = None,
    settings: Settings | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    every: int = 1,
) -> Fit:
    """Fit and write the draws.

    Parameters
    ----------
    resume
        Go on with an interrupted fit of the same data into the same folder.
    every
        Keep each so-many-th draw.
    """
    checkpoint = folder.with_name(f".{folder.name}.checkpoint.npz")
    if not resume:
        checkpoint.unlink(missing_ok=True)
    found = fit(
        cells, family=family_of(spec, cells), priors=priors, settings=settings,
        progress=progress, checkpoint=checkpoint,
    )  # fmt: skip
    save(found, folder, spec=spec.id, outcome=outcome, waves=waves, every=every)
    return found


def contract(found: Fit, spec: str, folder: Path | None) -> dict[str, Any]:
    """Return a fit as JSON's keys: see the reference of the command line."""
    return {
        "spec": spec,
        "cells": found.cells.count,
        "leas": len(found.cells.leas),
        "seconds": round(sum(found.seconds.values()), 3),
        "ess": float(found.sample.weights.ess),
        "khat": float(found.sample.weights.khat),
        "hyper": {name: quantity(values) for name, values in found.hyper().items()},
        "draws_path": str(folder / "draws") if folder else None,
        "method": found.method,
        "gates": [
            {"name": one.name, "found": one.found, "limit": one.limit, "passed": bool(one.passed)}
            for one in found.gates
        ],
        "steps": {name: round(value, 3) for name, value in found.seconds.items()},
    }


def warm_up(spec: str) -> None:
    """Compile, or load from the cache, every kernel of a specification."""
    small = synthetic(120, states=4, seed=1, truth=CONTRAST_TRUTH)
    fit(
        small.cells, family=family_of(spec_of(spec), small.cells),
        settings=Settings(points=16, draws=4),
    )  # fmt: skip


def bench(
    leas: int, *, waves: int = 1, spec: str = "unified", settings: Settings | None = None
) -> dict[str, Any]:
    """Fit a synthetic nation and compare with its truth.

    Returns
    -------
    dict
        As `contract`, with ``coverage_90``: the share of true LEA effects inside their 90%
        intervals, and where there are contrasts ``coverage_90_contrast``.
    """
    settings = settings or Settings()
    warm_up(spec)
    truth = Truth() if spec == "unified" else CONTRAST_TRUTH
    began = time.perf_counter()
    made = synthetic(leas, waves=waves, seed=settings.seed, truth=truth)
    built = time.perf_counter() - began
    found = fit(made.cells, family=family_of(spec_of(spec), made.cells), settings=settings)
    out = contract(found, spec, None)
    out["steps"] = {"build": round(built, 3)} | out["steps"]
    out["seconds"] = round(out["seconds"] + built, 3)
    out["truth"] = {"sd_lea": truth.lea, "sd_state": truth.state}
    # An LEA's effect is u = w - c: the state's c is drawn with it.
    out["coverage_90"] = _covered(found.draws.level, made.level)
    if found.draws.contrast is not None:
        out["truth"] |= {"sd_contrast": truth.contrast, "correlation": truth.correlation}
        out["coverage_90_contrast"] = _covered(found.draws.contrast, made.contrast)
    return out


def _covered(draws: Any, truth: Any) -> float:
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    return round(float(np.mean((truth >= low) & (truth <= high))), 4)
