"""What every statistic takes and gives: arrays of counts in, arrays of figures out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from homeroom.errors import BadInput
from homeroom.statistics.reasons import HAS_VALUE, IDS, Codes, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Bounds = tuple[Floats, Floats]

BLOCK = 1 << 14
"""Rows worked on at once: the dozen arrays of an interval then stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Method:
    """How an interval is made, and who described it.

    Attributes
    ----------
    id
        A short name that stays the same: data and addresses use it.
    label
        The name in plain words.
    source
        The work that describes the method.
    """

    id: str
    label: str
    source: str


@dataclass(frozen=True, slots=True)
class Statistic:
    """One statistic for many places at once.

    Attributes
    ----------
    value, low, high
        Arrays of one shape. NaN where undefined; ``low`` may stand where ``value`` cannot.
    reason
        Codes of :mod:`homeroom.statistics.reasons`.
    method
        How the interval was made.
    level
        The interval's nominal coverage.
    """

    value: Floats
    low: Floats
    high: Floats
    reason: Codes
    method: Method
    level: float

    @property
    def reason_ids(self) -> NDArray[Any]:
        """The reasons as words."""
        return np.asarray(IDS[self.reason])


@dataclass(frozen=True, slots=True)
class Counts:
    """Arrays of one shape, as floats, with a flag where any of them was not reported."""

    arrays: tuple[Floats, ...]
    missing: Bools

    @property
    def shape(self) -> tuple[int, ...]:
        """The common shape."""
        return self.missing.shape


def counts(**named: ArrayLike) -> Counts:
    """Bring counts to one shape.

    Parameters
    ----------
    **named
        Arrays of whole numbers, by the name that an error gives them. NaN, masked and negative
        elements are not reported: the CRDC's reserve codes are negative.

    Returns
    -------
    Counts
        The arrays in the order named, as floats of their common shape, with 0 and a flag where
        one was not reported.

    Raises
    ------
    BadInput
        The arrays have no common shape, or a count is not a whole number.
    """
    try:
        arrays = np.broadcast_arrays(
            *(np.ma.asanyarray(array) for array in named.values()), subok=True
        )
    except ValueError as error:
        shapes = ", ".join(f"{name} {np.shape(array)}" for name, array in named.items())
        raise BadInput(f"Expected counts of one shape, found {shapes}.") from error
    missing = np.zeros(arrays[0].shape, dtype=bool)
    out = []
    for name, array in zip(named, arrays, strict=True):
        floats = np.ma.filled(array.astype(np.float64), np.nan)
        absent = ~(floats >= 0)
        floats = np.where(absent, 0.0, floats)
        if np.any(np.isinf(floats) | (floats != np.floor(floats))):
            raise BadInput(f"{name}: expected whole numbers of students, found others.")
        missing |= absent
        out.append(floats)
    return Counts(tuple(out), missing)


def divide(top: Floats, bottom: Floats) -> Floats:
    """Divide ``top`` by ``bottom``, arrays of one common shape; NaN where the divisor is zero."""
    out = np.full(np.broadcast(top, bottom).shape, np.nan)
    np.divide(top, bottom, out=out, where=bottom != 0)
    return out


def bounds_where(wanted: Bools, interval: Callable[..., Bounds], *arrays: Floats) -> Bounds:
    """Compute an interval at the wanted elements only, a block at a time; NaN elsewhere.

    Parameters
    ----------
    wanted
        The elements to compute.
    interval
        Takes as many flat arrays as there are ``arrays``, and gives the low and the high bounds.
    *arrays
        What the interval is computed from, each of the shape of ``wanted``.
    """
    low, high = np.full(wanted.shape, np.nan), np.full(wanted.shape, np.nan)
    at = np.flatnonzero(wanted)
    flat = [array.ravel() for array in arrays]
    for start in range(0, at.size, BLOCK):
        block = at[start : start + BLOCK]
        low.flat[block], high.flat[block] = interval(*(array[block] for array in flat))
    return low, high


def assemble(
    value: Floats, bounds: Bounds, reason: Codes, method: Method, level: float, *keep_low: Reason
) -> Statistic:
    """Join the parts of a statistic, and blank what a reason forbids.

    Parameters
    ----------
    value, bounds, reason
        Arrays of one shape: the values, the pair of low and high bounds, and the reasons' codes.
    method, level
        How the interval was made, and its nominal coverage.
    *keep_low
        Reasons that forbid the value and the high bound, but not the low bound.
    """
    shown = HAS_VALUE[reason]
    low_shown = shown | np.isin(reason, [item.code for item in keep_low])
    low, high = bounds
    return Statistic(
        np.where(shown, value, np.nan),
        np.where(low_shown, low, np.nan),
        np.where(shown, high, np.nan),
        reason,
        method,
        level,
    )


def z_squared(level: float) -> float:
    """Return the chi-square quantile (one degree of freedom) of a two-sided level.

    Raises
    ------
    BadInput
        The level is not between 0 and 1.
    """
    return float(special.ndtri((1 + checked_level(level)) / 2) ** 2)


def checked_level(level: float) -> float:
    """Return the level, or refuse what is not a probability strictly between 0 and 1.

    Raises
    ------
    BadInput
        The level is 0 or less, 1 or more, or NaN.
    """
    if not 0 < level < 1:
        raise BadInput(f"level {level}: expected a number between 0 and 1, as 0.95.")
    return level
