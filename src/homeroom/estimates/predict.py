"""Rates, ratios, and sums from joint draws: every number of one draw comes from one draw index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from homeroom.statistics.statistic import Floats

if TYPE_CHECKING:
    from homeroom.estimates.cells import Cells


def cell_rates(eta: Floats, level: Floats, contrast: Floats | None, marked: Floats) -> Floats:
    """Return the risk in each cell: draw, LEA, pattern.

    Parameters
    ----------
    eta
        Linear predictor, draw by pattern.
    level, contrast
        Draw by LEA.
    marked
        1 for patterns that have the contrast, 0 for others.
    """
    logit = level[:, :, None] + eta[:, None, :]
    if contrast is not None:
        logit = logit + contrast[:, :, None] * marked
    out: Floats = special.expit(logit)
    return out


def pooled(rates: Floats, students: Floats, patterns: Floats) -> Floats:
    """Return the risk over some patterns, weighted by an LEA's students: draw by LEA; NaN if none.

    Parameters
    ----------
    rates
        Draw, LEA, pattern.
    students
        LEA by pattern.
    patterns
        Which patterns count.
    """
    n = students * patterns
    total = n.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        out: Floats = np.einsum("djp,jp->dj", rates, n) / total
    return out


def expected(rates: Floats, students: Floats) -> Floats:
    """Return expected events of each LEA: draw by LEA."""
    out: Floats = np.einsum("djp,jp->dj", rates, students)
    return out


def marked_patterns(cells: Cells, effects: str) -> Floats:
    """Return which patterns carry an LEA's contrast: of a group, or of a sex."""
    return np.array([effects in (group, sex) for group, sex, _ in cells.patterns], dtype=np.float64)


def ranks(values: Floats) -> Floats:
    """Return each LEA's rank in each draw, 1 for the highest; ties share the mean rank."""
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to import, and needed here only

    out: Floats = rankdata(-values, axis=1)
    return out
