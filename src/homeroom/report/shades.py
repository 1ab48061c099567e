"""Shades of a map: a class for none at all, and classes of like number for the others.

One hue from pale to strong tells more from less to every kind of color vision. None at all has a
neutral shade of its own: where most places have none, cuts at fifths of all would say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import altair as alt
import numpy as np

from homeroom.report.picture import Look

NONE = "0"
NO_FIGURE = "no figure"
_STEPS = {
    False: ["#CFE8DE", "#98CDB8", "#58AC8F", "#1F8468", "#004D3B"],
    True: ["#1D4A3C", "#2A7159", "#3B9C7B", "#62C8A4", "#B4F0DB"],
}
_NEUTRAL = {False: "#E3E6E4", True: "#3A403D"}
_SPREAD = {1: [2], 2: [1, 3], 3: [0, 2, 4], 4: [0, 1, 3, 4], 5: [0, 1, 2, 3, 4]}


@dataclass(frozen=True, slots=True)
class Classes:
    """Ranges that a legend can say, from the lowest.

    Attributes
    ----------
    labels
        Each range in words.
    cuts
        Upper ends of the ranges above none, but for the last, which is open.
    zero
        Whether the first range is none at all.
    """

    labels: tuple[str, ...]
    cuts: tuple[float, ...]
    zero: bool

    def of(self, value: float | None) -> str:
        """Return the range of a figure."""
        if value is None:
            return NO_FIGURE
        if self.zero and value == 0:
            return NONE
        at = int(np.searchsorted(self.cuts, value, side="left"))
        return self.labels[at + self.zero]

    def shades(self, look: Look) -> list[str]:
        """Return the colors of the ranges."""
        above = [_STEPS[look.dark][at] for at in _SPREAD[len(self.labels) - self.zero]] if (
            len(self.labels) > self.zero
        ) else []  # fmt: skip
        return [_NEUTRAL[look.dark], *above] if self.zero else above

    def inks(self, look: Look) -> list[str]:
        """Return the colors of text that can be read on the shades."""
        return ["#10231C" if _light(shade) else "#FFFFFF" for shade in self.shades(look)]

    def color(self, look: Look, legend: Any) -> Any:
        """Return the encoding of the column ``range``."""
        scale = alt.Scale(domain=list(self.labels), range=self.shades(look))
        return alt.Color("range:N", scale=scale, legend=legend)


def classes(values: Sequence[float | None]) -> Classes:
    """Cut the figures above none at quantiles, so that each range holds as many places."""
    known = [value for value in values if value is not None]
    above = [value for value in known if value > 0]
    zero = len(above) < len(known)
    first = (NONE,) if zero else ()
    if not above:
        return Classes(first or ("any figure",), (), zero)
    many = 4 if zero else 5
    found = np.quantile(above, [part / many for part in range(1, many)])
    cuts = tuple(sorted({_rounded(float(cut)) for cut in found}))
    cuts = tuple(cut for cut in cuts if min(above) <= cut < max(above))
    if not cuts:
        return Classes((*first, "over 0" if zero else "any figure"), (), zero)
    low = f"over 0 to {_said(cuts[0])}" if zero else f"up to {_said(cuts[0])}"
    middle = [f"{_said(a)} to {_said(b)}" for a, b in pairwise(cuts)]
    return Classes((*first, low, *middle, f"over {_said(cuts[-1])}"), cuts, zero)


def _rounded(value: float) -> float:
    """Keep two digits: the end of a range is no finding."""
    return float(f"{value:.2g}")


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"


def _light(shade: str) -> bool:
    red, green, blue = (int(shade[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue > 125
