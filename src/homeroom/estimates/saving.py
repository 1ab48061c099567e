"""Write a fit into a folder: see `saved` for what lies there."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from homeroom.estimates.cells import Cells
from homeroom.estimates.fit import Fit
from homeroom.estimates.saved import FORMAT
from homeroom.estimates.specs import spec_of
from homeroom.statistics.statistic import Floats
from homeroom.version import __version__


def quantity(values: Floats) -> dict[str, float]:
    """Return mean, sd, and the 5% and 95% quantiles of draws."""
    low, high = np.quantile(values, [0.05, 0.95])
    return {
        "mean": float(values.mean()), "sd": float(values.std()),
        "q05": float(low), "q95": float(high),
    }  # fmt: skip


def manifest_of(fitted: Fit, *, spec: str, outcome: str, waves: tuple[str, ...]) -> dict[str, Any]:
    """Return what describes a fit, as JSON's values."""
    cells = fitted.cells
    return {
        "format": FORMAT, "homeroom": __version__, "spec": spec, "outcome": outcome,
        "waves": list(waves), "states": list(cells.states), "cells": cells.count,
        "leas": len(cells.leas), "events": int(cells.events.sum()),
        "leas_without_events": int((cells.events.sum(axis=1) == 0).sum()),
        "method": fitted.method, "draws": len(fitted.draws.ci), "seed": fitted.settings.seed,
        "points": fitted.settings.points, "rounds": fitted.sample.rounds,
        "seconds": {name: round(value, 3) for name, value in fitted.seconds.items()},
        "ess": float(fitted.sample.weights.ess), "khat": float(fitted.sample.weights.khat),
        "gates": [
            {"name": g.name, "found": g.found, "limit": g.limit, "passed": bool(g.passed),
             "meaning": g.meaning} for g in fitted.gates
        ],
        "hyper": {name: quantity(values) for name, values in fitted.hyper().items()},
        "priors": {
            name: getattr(fitted.priors, name) for name in type(fitted.priors).__dataclass_fields__
        },
        "effects": list(cells.effects), "contrast_of": spec_of(spec).effects,
    }  # fmt: skip


def save(
    fitted: Fit, folder: Path, *, spec: str, outcome: str, waves: tuple[str, ...], every: int = 1
) -> None:
    """Write a fit into a folder; a folder that was there is replaced when all is written.

    Parameters
    ----------
    every
        Keep each so-many-th draw.
    """
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    cells, draws = fitted.cells, fitted.draws
    kept = np.arange(0, len(draws.ci), every)
    document = manifest_of(fitted, spec=spec, outcome=outcome, waves=waves)
    document["draws"] = len(kept)
    index = pl.Series("draw", np.arange(len(kept)), dtype=pl.Int32)
    pl.DataFrame(
        [index, *(pl.Series(name, values[kept]) for name, values in fitted.hyper().items())]
    ).write_parquet(draft / "parameters.parquet")
    _pattern_rows(fitted, kept).write_parquet(draft / "patterns.parquet")
    states = np.array(cells.states)
    pl.DataFrame(
        {
            "draw": np.repeat(np.arange(len(kept), dtype=np.int32), len(states)),
            "state": np.tile(states, len(kept)),
            "level": draws.states[kept].astype(np.float32).ravel(),
        }
    ).write_parquet(draft / "states.parquet")
    _cell_rows(cells).write_parquet(draft / "cells.parquet")
    for s, name in enumerate(cells.states):
        mine = np.flatnonzero(cells.state == s)
        part = draft / "draws" / f"state={name}"
        part.mkdir(parents=True)
        columns = {
            "draw": np.tile(np.arange(len(kept), dtype=np.int32), len(mine)),
            "lea": np.repeat(np.array(cells.leas)[mine], len(kept)),
            "level": _rounded(draws.level[np.ix_(kept, mine)].T.ravel(), thin=every > 1),
        }
        if draws.contrast is not None:
            columns["contrast"] = _rounded(
                draws.contrast[np.ix_(kept, mine)].T.ravel(), thin=every > 1
            )
        pl.DataFrame(columns).write_parquet(part / "part.parquet", compression_level=9)
    (draft / "manifest.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def _rounded(values: Any, *, thin: bool) -> Any:
    """Round what ships to 1/256 of a logit, so that it is small; draws of one's own stay whole."""
    return np.round(values * 256).astype(np.float32) / np.float32(256) if thin else values


def _cell_rows(cells: Cells) -> pl.DataFrame:
    j, p = np.nonzero(cells.students > 0)
    group, sex, wave = (np.array(column) for column in zip(*cells.patterns, strict=True))
    return pl.DataFrame(
        {
            "lea": np.array(cells.leas)[j], "state": np.array(cells.states)[cells.state[j]],
            "group": group[p], "sex": sex[p], "wave": wave[p],
            "events": cells.events[j, p].astype(np.int32),
            "students": cells.students[j, p].astype(np.int32),
        }
    )  # fmt: skip


def _pattern_rows(fitted: Fit, kept: Any) -> pl.DataFrame:
    cells = fitted.cells
    eta = fitted.draws.theta[kept, : cells.design.shape[1]] @ cells.design.T
    group, sex, wave = (np.array(column) for column in zip(*cells.patterns, strict=True))
    return pl.DataFrame(
        {
            "draw": np.repeat(np.arange(len(kept), dtype=np.int32), len(group)),
            "group": np.tile(group, len(kept)), "sex": np.tile(sex, len(kept)),
            "wave": np.tile(wave, len(kept)), "eta": eta.astype(np.float32).ravel(),
        }
    )  # fmt: skip
