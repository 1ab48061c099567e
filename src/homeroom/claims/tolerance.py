"""Which figures meet a stated number: one rule for every kind of claim.

A number is met by what rounds to it: half a unit of its last digit on either side. Of a small whole
number half a unit is a large part ("one percent", "twice"), so it may be missed by a fifth at most,
and any other by a twentieth. "About" and "nearly" allow more, "only" and "exactly" no more than a
tenth. "More than", "at most", and the like bound one side alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from homeroom.claims.model import Hedge, Reading, Relation, Statistic

EXACT = 0.1
"""What "only" and "exactly" allow at most, as a share of the number."""
HEDGED_LEAST = 0.025
"""What "about" and "nearly" always allow, as a share of the number."""
ABOVE_NEARLY = 0.01
"""How far above the number a figure may lie that is said to be nearly so much."""
CLOSE, CLOSE_TO_BOUND = 0.2, 0.05
"""How far a stated number, or a bound ("more than"), may lie from the figure and still be close."""


@dataclass(frozen=True, slots=True)
class Miss:
    """By how much a claim misses the figure."""

    overstates: bool
    by: float
    """In the unit of the stated value."""
    share: float | None
    """As a share of the figure; None where that is zero."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        said = "overstates" if self.overstates else "understates"
        percent = None if self.share is None else round(100 * self.share, 1)
        return {"is": said, "by": self.by, "percent": percent}


def reaches(reading: Reading, value: Any) -> Any:
    """Tell, an element each, whether a figure meets the stated value."""
    number = np.asarray(value, dtype=np.float64)
    low, high = accepted(reading)
    strict = reading.relation in (Relation.MORE_THAN, Relation.LESS_THAN)
    with np.errstate(invalid="ignore"):
        above = number > low if strict else number >= low
        below = number < high if strict else number <= high
    return above & below


def attains(reading: Reading, value: Any) -> Any:
    """Tell, an element each, whether a figure comes up to the stated value, not rounded.

    This is what a search for "which definition gives six?" looks for: six or more times, or, of a
    part ("half the rate"), that much or less. Other numbers must be met on both sides.
    """
    number = np.asarray(value, dtype=np.float64)
    plain = reading.relation is Relation.ABOUT and not reading.hedge and reading.upper is None
    if reading.statistic is not Statistic.RATIO or not plain or reading.base:
        return reaches(reading, value)
    with np.errstate(invalid="ignore"):
        return number <= reading.stated if reading.stated < 1 else number >= reading.stated


def accepted(reading: Reading) -> tuple[float, float]:
    """Return the lowest and the highest figure that meet a claim; infinite where it has no bound.

    "More than" and "less than" leave out the stated value itself. Of a fall, of "20 percent less",
    and of so many fewer, words like "more than" and "nearly" are about its size.
    """
    if reading.stated < reading.base:
        low, high = accepted(_mirrored(reading))
        return 2 * reading.base - high, 2 * reading.base - low
    half = slack(reading)
    low, high = reading.stated - half, _upper(reading) + half
    if reading.hedge is Hedge.NEARLY and reading.upper is None:
        high = reading.stated + min(half, abs(reading.stated) * ABOVE_NEARLY)
    return {
        Relation.MORE_THAN: (reading.stated, np.inf),
        Relation.LESS_THAN: (-np.inf, _upper(reading)),
        Relation.AT_LEAST: (low, np.inf),
        Relation.AT_MOST: (-np.inf, high),
    }.get(reading.relation, (low, high))


def _mirrored(reading: Reading) -> Reading:
    """Return the same claim of a rise, or of so much more."""
    upper = None if reading.upper is None else 2 * reading.base - reading.upper
    return replace(reading, stated=2 * reading.base - reading.stated, upper=upper)


def slack(reading: Reading) -> float:
    """Return how far a figure may lie from the stated value and still round to it."""
    size = max(abs(reading.stated - reading.base), abs(_upper(reading) - reading.base))
    exact = reading.relation is Relation.EXACTLY
    half = min(reading.step / 2, size * min(reading.give, EXACT if exact else 1.0))
    return max(half, size * HEDGED_LEAST) if reading.hedge else half


def miss(reading: Reading, value: float | None) -> Miss | None:
    """Return by how much a claim misses a figure; None where the figure meets it."""
    if value is None or not np.isfinite(value) or bool(reaches(reading, value)):
        return None
    stated = _upper(reading) if value > _upper(reading) else reading.stated
    away = abs(stated - value)
    size = abs(value - reading.base)
    over = abs(stated) > abs(value) if stated * value > 0 else stated > value
    if reading.statistic is Statistic.ONE_IN:  # one in fewer is more
        over = stated < value
    return Miss(over, away, away / size if size else None)


def is_close(reading: Reading, value: float | None) -> bool:
    """Return whether a claim misses a figure by a fifth at most, a bound by a twentieth."""
    missed = miss(reading, value)
    if missed is None or missed.share is None:
        return False
    plain = reading.relation in (Relation.ABOUT, Relation.EXACTLY)
    return missed.share <= (CLOSE if plain else CLOSE_TO_BOUND)


def _upper(reading: Reading) -> float:
    return reading.stated if reading.upper is None else reading.upper
