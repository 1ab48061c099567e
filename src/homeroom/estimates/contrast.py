"""The contrast of all students together: districts' own ratios, weighted by students."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from homeroom.estimates.district import Interval, StateDraws, interval, state_draws
from homeroom.estimates.predict import expected, pooled
from homeroom.estimates.saved import Saved
from homeroom.statistics.statistic import Floats


@dataclass(frozen=True, slots=True)
class Contrast:
    """A ratio of two groups over many districts, from joint draws.

    Attributes
    ----------
    weighted
        Geometric mean of the districts' own ratios, weighted by students of the group: what the
        district of a student of the group says on average.
    pooled
        Ratio of all expected events to all students, group by group; differences between districts
        with few and many students of the group are in it.
    events
        Expected events over all districts.
    districts, states
        How many districts, and which states.
    """

    group: str
    versus: str
    weighted: Interval
    pooled: Interval
    events: Interval
    districts: int
    states: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def contrast(
    saved: Saved, *, group: str = "black", versus: str = "white", states: Iterable[str] = ()
) -> Contrast:
    """Return the contrast over every district of a fit, or of some states."""
    chosen = tuple(states) or tuple(saved.manifest["states"])
    sums: dict[str, Floats | float] = {}
    districts = 0
    for state in chosen:
        held = state_draws(saved, state)
        for name, value in _sums(held, group, versus).items():
            sums[name] = sums.get(name, 0.0) + value
        districts += int((held.students.sum(axis=1) > 0).sum())
    return Contrast(
        group, versus, interval(np.asarray(np.exp(sums["log"] / sums["weight"]))),
        interval(np.asarray((sums["y1"] / sums["n1"]) / (sums["y2"] / sums["n2"]))),
        interval(np.asarray(sums["events"])), districts, chosen,
    )  # fmt: skip


def _sums(held: StateDraws, group: str, versus: str) -> dict[str, Floats | float]:
    one, two = held.of(group), held.of(versus)
    n1, n2 = held.students @ one, held.students @ two
    both = (n1 > 0) & (n2 > 0)
    ratio = np.log(
        pooled(held.rates[:, both], held.students[both], one)
        / pooled(held.rates[:, both], held.students[both], two)
    )
    return {
        "log": ratio @ n1[both], "weight": float(n1[both].sum()),
        "y1": expected(held.rates, held.students * one).sum(axis=1), "n1": float(n1.sum()),
        "y2": expected(held.rates, held.students * two).sum(axis=1), "n2": float(n2.sum()),
        "events": expected(held.rates, held.students).sum(axis=1),
    }  # fmt: skip
