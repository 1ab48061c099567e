"""Priors: explicit, and changeable by name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from homeroom.errors import BadInput
from homeroom.statistics.statistic import Floats


@dataclass(frozen=True, slots=True)
class Priors:
    """Priors of one fit, on the log-odds scale.

    Attributes
    ----------
    intercept_mean, intercept_sd
        Normal prior of ci, the mean over states with centered predictors.
    effect_sd
        Normal prior of each fixed effect about 0.
    scale_location, scale_width
        Half-Cauchy prior of the standard deviations of LEA and state effects.
    contrast_width
        Half-normal prior of the standard deviation of an LEA's contrast.
    """

    intercept_mean: float = -8.0
    intercept_sd: float = 3.0
    effect_sd: float = 5.0
    scale_location: float = 1.0
    scale_width: float = 2.0
    contrast_width: float = 1.0

    def changed(self, **values: float) -> Self:
        """Return priors with some values changed.

        Raises
        ------
        BadInput
            No prior has that name, or a width is not positive.
        """
        known = {field.name for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise BadInput(f"Expected a prior of {', '.join(sorted(known))}; found {name!r}.")
            if not np.isfinite(value) or (name.endswith(("_sd", "_width")) and value <= 0):
                raise BadInput(f"Expected a positive number for {name}, found {value}.")
        return replace(self, **values)

    def log_effects(self, b: Floats) -> float:
        """Return the log prior density of the fixed effects."""
        z = b / self.effect_sd
        return float(-0.5 * z @ z - len(b) * np.log(self.effect_sd * np.sqrt(2 * np.pi)))

    def log_scale(self, scale: Floats) -> Floats:
        """Return the log half-Cauchy density of a standard deviation."""
        z = (scale - self.scale_location) / self.scale_width
        above = 0.5 + np.arctan(self.scale_location / self.scale_width) / np.pi
        out: Floats = -np.log1p(z * z) - np.log(np.pi * self.scale_width * above)
        return out

    def log_contrast(self, scale: Floats) -> Floats:
        """Return the log half-normal density of a contrast's standard deviation."""
        z = scale / self.contrast_width
        out: Floats = -0.5 * z * z + 0.5 * np.log(2 / np.pi) - np.log(self.contrast_width)
        return out
