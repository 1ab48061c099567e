"""Weighted totals and ratios with delete-a-group jackknife (JK1) standard errors.

Method: Wolter, Introduction to Variance Estimation (2nd ed. 2007), section 4.2; NCES, SSOCS
public-use data file user's manuals, chapter on variance estimation: JK1 with 50 replicates, that
is a coefficient of 49/50 on squared deviations from the full-sample estimate. The standard errors
that NCES prints for 2005-06 to 2017-18 come out to the last digit with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the sampled units: ``columns`` is (units, 1 + replicates), final weight first."""

    columns: Floats

    def of(self, rows: NDArray[np.intp]) -> Weights:
        """Return the weights of some units."""
        return Weights(self.columns[rows])

    @property
    def replicates(self) -> int:
        """Number of replicate weights."""
        return int(self.columns.shape[1]) - 1


@dataclass(frozen=True, slots=True)
class Replicated:
    """Estimates by the final and each replicate weight: ``values`` is (estimates, 1 + replicates).

    An estimate is NaN where its denominator has no weight; so is its standard error where that
    befalls a replicate.
    """

    values: Floats

    @property
    def estimate(self) -> Floats:
        """The estimates by the final weight."""
        return self.values[:, 0]

    @property
    def standard_error(self) -> Floats:
        """Square root of (R - 1) / R times the sum of squared deviations of the R replicates."""
        count = self.values.shape[1] - 1
        deviations = self.values[:, 1:] - self.values[:, :1]
        return np.asarray(np.sqrt((count - 1) / count * np.square(deviations).sum(axis=1)))


def totals(amounts: Floats, weights: Weights) -> Replicated:
    """Estimate population totals.

    Parameters
    ----------
    amounts
        One column for each total, one row for each unit.
    weights
        Weights of the same units.
    """
    return Replicated(amounts.T @ weights.columns)


def ratios(above: Replicated, below: Replicated) -> Replicated:
    """Divide totals: a share or a mean where ``below`` counts the units that were asked."""
    share = np.full_like(above.values, np.nan)
    return Replicated(np.divide(above.values, below.values, out=share, where=below.values > 0))
