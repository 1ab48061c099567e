"""Diagnostics of a saved fit: gates, posterior predictive checks, and what priors weigh."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from homeroom.estimates.district import state_draws
from homeroom.estimates.priors import Priors
from homeroom.estimates.saved import Saved
from homeroom.statistics.statistic import Floats

LARGE = 5_000
"""Students from which a district counts as large."""


def diagnose(saved: Saved, *, seed: int = 1) -> dict[str, Any]:
    """Return gates, predictive checks, prior sensitivity, and the largest districts' share.

    Parameters
    ----------
    seed
        Of the replicated counts.
    """
    found = saved.manifest
    return {
        "spec": found["spec"], "outcome": found["outcome"], "waves": found["waves"],
        "method": found["method"], "khat": found["khat"], "ess": found["ess"],
        "gates": found["gates"], "predictive": predictive(saved, seed=seed),
        "priors": sensitivity(saved), "largest": largest(saved),
    }  # fmt: skip


def predictive(saved: Saved, *, seed: int = 1) -> list[dict[str, Any]]:
    """Compare what was counted with counts replicated from each draw.

    Returns
    -------
    list of dict
        Name, observed value, mean and 90% interval of the replications, and the share of
        replications at or above what was observed: near 0 or 1, the model does not look like the
        data.
    """
    rng = np.random.default_rng(seed)
    seen: dict[str, list[float]] = {}
    made: dict[str, list[Floats]] = {}
    for state in saved.manifest["states"]:
        held = state_draws(saved, state)
        counted = held.students.sum(axis=1) > 0
        copies = rng.binomial(held.students.astype(np.int64), held.rates).sum(axis=2)[:, counted]
        size = held.students.sum(axis=1)[counted]
        for name, value in _checks(held.events.sum(axis=1)[None, counted], size).items():
            seen.setdefault(name, []).append(float(value[0]))
        for name, value in _checks(copies, size).items():
            made.setdefault(name, []).append(value)
    out = []
    for name, parts in seen.items():
        join = np.max if name.startswith("most") else np.sum
        real, copied = float(join(parts)), np.asarray(join(made[name], axis=0))
        low, high = np.quantile(copied, [0.05, 0.95])
        out.append(
            {
                "check": name, "observed": real, "mean": float(copied.mean()), "low_90": float(low),
                "high_90": float(high), "share_at_or_above": float(np.mean(copied >= real)),
            }
        )  # fmt: skip
    return out


def _checks(events: Floats, size: Floats) -> dict[str, Floats]:
    return {
        "districts without events": (events == 0).sum(axis=1),
        f"districts of {LARGE:,} or more students without events": (
            (events == 0) & (size >= LARGE)
        ).sum(axis=1),
        "most events in a district": events.max(axis=1),
        "all events": events.sum(axis=1),
    }


def sensitivity(saved: Saved) -> list[dict[str, Any]]:
    """Say how far each mean moves, in posterior sds, when a prior's width is halved or doubled.

    Draws are weighted anew by the ratio of priors; ``ess`` says how far that can be trusted.
    """
    draws = {n: saved.parameters[n].to_numpy() for n in saved.parameters.columns if n != "draw"}
    base = Priors(**saved.manifest["priors"])
    out = []
    for field in ("intercept_sd", "effect_sd", "scale_width", "contrast_width"):
        for factor in (0.5, 2.0):
            changed = base.changed(**{field: factor * getattr(base, field)})
            log = _log_prior(draws, changed) - _log_prior(draws, base)
            w = np.exp(log - log.max())
            w /= w.sum()
            moved = {n: float((w @ v - v.mean()) / max(v.std(), 1e-12)) for n, v in draws.items()}
            most = max(moved, key=lambda name: abs(moved[name]))
            out.append(
                {"prior": field, "factor": factor, "moves_most": most, "by_sds": moved[most],
                 "ess": float(1 / (w**2).sum())}
            )  # fmt: skip
    return out


def _log_prior(draws: dict[str, Floats], priors: Priors) -> Floats:
    out: Floats = -0.5 * ((draws["intercept"] - priors.intercept_mean) / priors.intercept_sd) ** 2
    out = out - np.log(priors.intercept_sd)
    for name, values in draws.items():
        if name.startswith("b["):
            out = out - 0.5 * (values / priors.effect_sd) ** 2 - np.log(priors.effect_sd)
        if name in ("sd_lea", "sd_state"):
            out = out + priors.log_scale(values)
    if "sd_contrast" in draws:  # the slope's part and the rest are two draws of one width
        out = out - 0.5 * (draws["sd_contrast"] / priors.contrast_width) ** 2
        out = out - 2 * np.log(priors.contrast_width)
    return out


def largest(saved: Saved, count: int = 10) -> list[dict[str, Any]]:
    """Return the districts with most events and their share of all: they weigh most."""
    total = saved.cells.group_by("lea").agg(
        events=pl.col("events").sum(), students=pl.col("students").sum()
    )
    every = max(int(total["events"].sum()), 1)
    rows = total.sort("events", "lea", descending=[True, False]).head(count).to_dicts()
    return [row | {"share": row["events"] / every} for row in rows]
