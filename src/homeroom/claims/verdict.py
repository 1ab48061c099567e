"""Whether a claim holds: a closed vocabulary, with criteria that anybody can apply again.

The criteria look only at definitions that *fit* the claim's words (see
:mod:`homeroom.claims.definitions`) and are *solid*: at least five events, a figure that may
carry the place's name (see :data:`homeroom.figures.coverage.NAMED`), and no doubt that leaving out
the schools in doubt doesn't settle. The pandemic year counts only for claims that name it. Interval
bounds do not count: an interval that touches the stated value does not make it the figure.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from homeroom.claims.multiverse import Multiverse
from homeroom.claims.statistics import reaches


class Verdict(StrEnum):
    """What the data say of a claim."""

    HOLDS = "holds"
    SOME = "holds_under_some_definitions"
    NOT = "does_not_hold"
    CANNOT = "cannot_be_tested"


CRITERIA: dict[Verdict, str] = {
    Verdict.HOLDS: "The stated definition is solid and supports the claim, and so do at least half "
    "of the solid definitions that fit its words.",
    Verdict.SOME: "At least one solid definition that fits the claim's words supports it, but "
    "the stated one does not, or fewer than half do.",
    Verdict.NOT: "No solid definition that fits the claim's words supports it, and the answer does "
    "not hang on figures in doubt.",
    Verdict.CANNOT: "No solid definition that fits the claim's words supports it and the answer "
    "hangs on figures in doubt, or there is no solid figure, or the claim is about effects, "
    "motives, or the law.",
}
LABELS = {
    Verdict.HOLDS: "Holds",
    Verdict.SOME: "Holds under some definitions",
    Verdict.NOT: "Does not hold",
    Verdict.CANNOT: "Cannot be tested with these data",
}


def judge(found: Multiverse) -> Verdict:
    """Apply the criteria."""
    numbers = found.values[:, 0]
    counts = found.mask("fits") & found.solid & ~np.isnan(numbers)
    if not counts.any():
        return Verdict.CANNOT
    met = np.asarray(reaches(found.reading, numbers, rounded=True), dtype=bool) & counts
    if not met.any():
        # A figure in doubt that would have met the value, or might have, leaves the claim open.
        return Verdict.CANNOT if found.left_out.doubtful else Verdict.NOT
    return Verdict.HOLDS if met[0] and met.sum() * 2 >= counts.sum() else Verdict.SOME


def at_least_half(met: list[bool]) -> Verdict:
    """Apply the criteria to solid definitions that fit, the stated one first."""
    if not met:
        return Verdict.CANNOT
    if not any(met):
        return Verdict.NOT
    return Verdict.HOLDS if met[0] and sum(met) * 2 >= len(met) else Verdict.SOME


_ORDER = (Verdict.NOT, Verdict.CANNOT, Verdict.SOME, Verdict.HOLDS)


def together(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict on a sentence of several parts: that of its weakest part."""
    return min(verdicts, key=_ORDER.index)
