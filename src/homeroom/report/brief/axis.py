"""Axes for the dot plots: round ticks, and places on the axis as shares of its length."""

from __future__ import annotations

import math
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)
_APART = 0.19
"""Least share of the axis between two labels of a logarithmic axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to ``high``, straight or logarithmic."""

    low: float
    high: float
    values: tuple[float, ...]
    log: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value, held within the axis."""
        if self.log:
            share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(min(max(share, 0.0), 1.0), 5)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return each tick's place and label."""
        return tuple((self.at(value), _label(value)) for value in self.values)


def straight(top: float) -> Axis:
    """Make an axis from zero with four to six round ticks."""
    if top <= 0:
        return Axis(0, 1, (0, 1))
    rough = top / 4
    scale = 10.0 ** math.floor(math.log10(rough))
    step = scale * min((s for s in _STEPS if s * scale >= rough), default=10)
    count = math.ceil(top / step - 1e-9)
    return Axis(0, count * step, tuple(round(n * step, 10) for n in range(count + 1)))


def logarithmic(least: float, most: float) -> Axis:
    """Make a logarithmic axis over one, two and five of each power of ten."""
    tens = range(math.floor(math.log10(least)) - 1, math.ceil(math.log10(most)) + 2)
    marks = [float(f"{lead}e{ten}") for ten in tens for lead in (1, 2, 5)]
    low = max(mark for mark in marks if mark <= least)
    high = min(mark for mark in marks if mark >= most and mark > low)
    kept = [mark for mark in marks if low <= mark <= high]
    shown: list[float] = []
    whole = math.log(high / low)
    for mark in kept:  # labels must not run into each other
        if not shown or math.log(mark / shown[-1]) >= _APART * whole:
            shown.append(mark)
    return Axis(low, high, tuple(shown), log=True)


def _label(value: float) -> str:
    return f"{value:,.10g}" if value < 1000 else f"{value:,.0f}"
