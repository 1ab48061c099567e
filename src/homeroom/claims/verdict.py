"""Whether a claim holds: a closed vocabulary, with criteria that anybody can apply again.

The stated definition decides, where its figure is *solid*: at least five events, a figure that may
carry the place's name (see :data:`homeroom.figures.coverage.NAMED`), and no doubt that leaving out
the schools in doubt doesn't settle. Only where it doesn't meet the stated number do the other
definitions that *fit* the claim's words matter (see :mod:`homeroom.claims.definitions`). The
pandemic year counts only for claims that name it. Interval bounds do not count: an interval that
touches the stated value does not make it the figure. What meets a number is said in
:mod:`homeroom.claims.tolerance`.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from homeroom.claims.multiverse import Multiverse
from homeroom.claims.tolerance import is_close, reaches


class Verdict(StrEnum):
    """What the data say of a claim."""

    HOLDS = "holds"
    CLOSE = "close"
    SOME = "holds_under_some_definitions"
    NOT = "does_not_hold"
    CANNOT = "cannot_be_tested"
    NO_CLAIM = "not_a_claim"


CRITERIA: dict[Verdict, str] = {
    Verdict.HOLDS: "The stated definition's figure is solid and meets the stated number, as "
    "precisely as the claim gives it.",
    Verdict.CLOSE: "No solid definition that fits the claim's words meets the stated number, but "
    "it is within a fifth of the figure, or a bound within a twentieth: the claim overstates or "
    "understates it.",
    Verdict.SOME: "The stated definition's figure doesn't meet the stated number, or isn't solid, "
    "but that of at least one other solid definition that fits the claim's words does.",
    Verdict.NOT: "No solid definition that fits the claim's words meets the stated number, it "
    "isn't close, and the answer does not hang on figures in doubt.",
    Verdict.CANNOT: "There is no solid figure, or the answer hangs on figures in doubt, or the "
    "claim is about effects, motives, or matters that these data do not hold.",
    Verdict.NO_CLAIM: "The sentence states nothing that a figure could confirm or refute: an "
    "opinion, a forecast, a question of values, or no statement at all.",
}
LABELS = {
    Verdict.HOLDS: "Holds",
    Verdict.CLOSE: "Close",
    Verdict.SOME: "Holds under some definitions",
    Verdict.NOT: "Does not hold",
    Verdict.CANNOT: "Cannot be tested with these data",
    Verdict.NO_CLAIM: "Not a factual claim",
}


def judge(found: Multiverse) -> Verdict:
    """Apply the criteria."""
    numbers = found.values[:, 0]
    counts = found.mask("fits") & found.solid & ~np.isnan(numbers)
    deciding = numbers[counts]
    met = np.asarray(reaches(found.reading, deciding), dtype=bool)
    stated_met = bool(counts[0]) and bool(met[0])
    # A figure in doubt that would have met the value, or might have, leaves the claim open.
    hangs = bool(found.left_out.doubtful) and not counts[0]
    near = bool(counts.any()) and is_close(found.reading, float(deciding[0]))
    return decide(stated_met, met.tolist(), hangs=hangs, near=near)


def decide(stated_met: bool, met: list[bool], *, hangs: bool, near: bool) -> Verdict:  # noqa: FBT001
    """Apply the criteria to what is known of a claim's definitions.

    Parameters
    ----------
    stated_met
        Whether the stated definition is solid and meets the number.
    met
        Which solid definitions that fit meet it, the stated one first if it is solid.
    hangs
        Whether figures in doubt might decide otherwise.
    near
        Whether the number is close to the figure of the first of them.
    """
    if not met:
        return Verdict.CANNOT
    if stated_met:
        return Verdict.HOLDS
    if any(met):
        return Verdict.SOME
    if hangs:
        return Verdict.CANNOT
    return Verdict.CLOSE if near else Verdict.NOT


_ORDER = (Verdict.NOT, Verdict.CANNOT, Verdict.SOME, Verdict.CLOSE, Verdict.HOLDS)


def together(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict on a sentence of several parts: that of its weakest part."""
    return min(verdicts, key=_ORDER.index)
