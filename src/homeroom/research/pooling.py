"""Random-effects pooling of independent estimates.

Between-study variance by DerSimonian & Laird (1986), "Meta-analysis in clinical trials",
Controlled Clinical Trials 7:177-188, or by restricted maximum likelihood (Viechtbauer 2005,
"Bias and efficiency of meta-analytic variance estimators", J. Educ. Behav. Stat. 30:261-293).
Interval by Hartung & Knapp (2001), Statistics in Medicine 20:1771-1782, 3875-3889, never
narrower than the plain one with the same t quantile (Roever, Knapp & Friede 2015, BMC Med. Res.
Methodol. 15:99). Prediction interval by Higgins, Thompson & Spiegelhalter (2009), JRSS A
172:137-159.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from homeroom.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

Method = Literal["reml", "dl"]
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled effect; ``low`` to ``high`` is about the mean, the prediction about a new study."""

    studies: int
    estimate: float
    se: float
    low: float
    high: float
    tau2: float
    q: float
    i2: float
    prediction_low: float
    prediction_high: float
    method: Method
    level: float


def pool(
    estimates: Sequence[float],
    errors: Sequence[float],
    *,
    method: Method = "reml",
    level: float = 0.95,
) -> Pooled:
    """Pool independent estimates with their standard errors; at least three are needed."""
    y, variance = np.asarray(estimates, float), np.asarray(errors, float) ** 2
    if len(y) < 3 or y.shape != variance.shape:
        raise BadInput(
            f"expected three or more estimates, each with a standard error, found {y.size} and "
            f"{variance.size}: count directions instead"
        )
    if not (np.isfinite(y).all() and np.isfinite(variance).all() and (variance > 0).all()):
        raise BadInput("expected finite estimates and standard errors above 0; correct them first")
    tau2 = {"reml": tau2_reml, "dl": tau2_dl}[method](y, variance)
    weights = 1 / (variance + tau2)
    mean = float(weights @ y / weights.sum())
    spread = float(weights @ (y - mean) ** 2 / (len(y) - 1))
    se = float(np.sqrt(max(spread, 1.0) / weights.sum()))
    reach = float(special.stdtrit(len(y) - 1, (1 + level) / 2)) * se
    beyond = float(special.stdtrit(len(y) - 2, (1 + level) / 2) * np.sqrt(tau2 + 1 / weights.sum()))
    q = cochran_q(y, variance)
    return Pooled(
        studies=len(y),
        estimate=mean,
        se=se,
        low=mean - reach,
        high=mean + reach,
        tau2=tau2,
        q=q,
        i2=max(0.0, (q - (len(y) - 1)) / q) if q > 0 else 0.0,
        prediction_low=mean - max(beyond, reach),
        prediction_high=mean + max(beyond, reach),
        method=method,
        level=level,
    )


def cochran_q(y: Vector, variance: Vector) -> float:
    """Cochran's (1954) weighted sum of squares around the common-effect mean."""
    weights = 1 / variance
    return float(weights @ (y - weights @ y / weights.sum()) ** 2)


def tau2_dl(y: Vector, variance: Vector) -> float:
    """Return DerSimonian and Laird's moment estimate, cut at zero."""
    weights = 1 / variance
    scale = weights.sum() - (weights**2).sum() / weights.sum()
    return max(0.0, (cochran_q(y, variance) - (len(y) - 1)) / float(scale))


def tau2_reml(y: Vector, variance: Vector) -> float:
    """Maximize the restricted likelihood over tau2 >= 0, from a grid and then exactly."""

    def loss(tau2: float) -> float:
        weights = 1 / (variance + tau2)
        mean = weights @ y / weights.sum()
        return float(
            np.log(variance + tau2).sum() + np.log(weights.sum()) + weights @ (y - mean) ** 2
        )

    top = float(np.var(y, ddof=1) * len(y) + variance.max()) * 4
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-10, top, 200)])
    best = int(np.argmin([loss(value) for value in grid]))
    ends = (float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)]))
    found = optimize.minimize_scalar(
        loss, bounds=ends, method="bounded", options={"xatol": top * 1e-14}
    )
    return float(found.x) if found.fun < loss(0.0) else 0.0
