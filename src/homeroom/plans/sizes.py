"""Which findings give a size that a plan may use, and how one is drawn.

A draw picks a study, then one of its estimates, then a value: of a normal curve where an interval
or a standard error is published (on the logarithm for ratios), evenly from a reported range, or
the bare estimate. So ranges carry both the disagreement between studies and the uncertainty that
each publishes. Findings that compare schools and follow none (association) are never drawn from.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from homeroom.plans.actions import Count, bridges
from homeroom.plans.costs import Row
from homeroom.research.library_files import load
from homeroom.research.schema import Effect, Estimand, Scale, Source, Uncertainty
from homeroom.research.synthesis import ASSOCIATION, standard_error

Draws = NDArray[np.float64]
COUNTED = (Scale.PERCENT_CHANGE, Scale.IRR, Scale.PERCENTAGE_POINTS, Scale.RATE_PER_100)
_WORDS = {
    Uncertainty.CI: "interval {low:g} to {high:g}",
    Uncertainty.SE: "interval {low:g} to {high:g}",
    Uncertainty.RANGE: "a reported range, not an interval, {low:g} to {high:g}",
    Uncertainty.NONE: "no uncertainty published",
}


@dataclass(frozen=True, slots=True)
class Size:
    """One finding that may be drawn from."""

    effect: Effect
    source: Source
    count: Count | None
    """How it is counted in the CRDC; None leaves it in its own unit."""

    @property
    def key(self) -> tuple[str, str]:
        """What it is about: outcome, and the measures or the unit it is told in."""
        if self.count:
            return self.effect.outcome, self.count.label
        unit = "percent" if self.relative else "percentage points"
        return self.effect.outcome, f"{self.effect.measured or self.label}, {unit}"

    @property
    def label(self) -> str:
        """The outcome in words."""
        return load().outcomes[self.effect.outcome].label.lower()

    @property
    def relative(self) -> bool:
        """Whether the size is a change in proportion."""
        return self.effect.scale in (Scale.PERCENT_CHANGE, Scale.IRR)

    @property
    def level(self) -> str | None:
        """The level of school that the finding speaks for, by its words; None is every level."""
        text = self.effect.subgroup.lower()
        if "secondary" in text or "K-12" in self.effect.subgroup:
            return None
        named = [level for level in ("elementary", "middle", "high") if level in text]
        grades = {"grades 3-5": "elementary"}
        named += [level for words, level in grades.items() if words in text]
        return named[0] if len(named) == 1 else None

    @property
    def row(self) -> Row:
        """The finding as a row with its address."""
        return Row(
            self.effect.effect_id,
            self.effect.url,
            f"{self.source.source_id}, {self.effect.contrast}",
            self.effect.verified.at_source,
        )

    @property
    def words(self) -> str:
        """Say where the size comes from."""
        effect = self.effect
        uncertain = _WORDS[effect.uncertainty].format(low=effect.low or 0, high=effect.high or 0)
        size = "" if effect.estimate is None else f"{effect.estimate:g} "
        doubt = "" if effect.verified.at_source else "; known only from a report about it"
        return (
            f"{effect.effect_id} ({self.source.source_id}, {effect.design}, "
            f"{self.source.grade}: {self.source.grade_reason}): {size}"
            f"{effect.scale.replace('_', ' ')}, {uncertain}{doubt}; {effect.url}"
        )

    def value(self, level: Draws) -> Draws:
        """Return values at levels in (0, 1): factors where relative, else points of the outcome."""
        effect, error = self.effect, standard_error(self.effect)
        low, high = effect.low, effect.high
        if effect.uncertainty is Uncertainty.RANGE and low is not None and high is not None:
            drawn = low + level * (high - low)
        elif error is not None:
            middle = effect.estimate or 0.0
            if effect.scale.is_ratio:
                middle = math.log(middle)
            drawn = special.ndtri(level) * error + middle
            drawn = np.exp(drawn) if effect.scale.is_ratio else drawn
        else:
            drawn = np.full_like(level, effect.estimate or 0.0)
        if effect.scale is Scale.IRR:
            return np.asarray(drawn)
        if self.relative:
            return np.maximum(1 + drawn / 100, 0.0)
        # An attendance share rises where absence falls: what is told is what was measured.
        return np.asarray(drawn)


def sizes(action: str, *, include_unverified: bool = False) -> dict[tuple[str, str], list[Size]]:
    """Return the sizes that speak for an action, by what they are about."""
    shelf = load()
    found: dict[tuple[str, str], list[Size]] = {}
    known = bridges()
    for effect in shelf.effects.values():
        if effect.intervention not in known.actions[action].interventions:
            continue
        size = Size(effect, shelf.sources[effect.source_id], _count(effect))
        if why_not(action, effect, include_unverified=include_unverified) is None:
            found.setdefault(size.key, []).append(size)
    # A draw is of one kind: where a change in proportion is known, points are not mixed in.
    return {key: [one for one in group if one.relative] or group for key, group in found.items()}


def why_not(action: str, effect: Effect, *, include_unverified: bool) -> str | None:
    """Say why a finding cannot be drawn from, or None if it can."""
    has_size = effect.estimate is not None or effect.low is not None
    if (action, effect.effect_id) in bridges().not_carried:
        return bridges().not_carried[action, effect.effect_id]
    if effect.estimand is Estimand.CONTRAST:
        return "about a difference between groups"
    if effect.estimand is not Estimand.EFFECT:
        return "about another comparison"
    if load().sources[effect.source_id].superseded_by:
        return "an older version of a study"
    if not effect.verified.at_source and not include_unverified:
        return "known only from a report about the publication"
    if effect.design in ASSOCIATION:
        return "an association between schools that differ in other ways too"
    if not has_size or effect.scale not in COUNTED:
        return "a direction without a size that can be carried over"
    return None


def _count(effect: Effect) -> Count | None:
    for one in bridges().counts:
        if one.outcome == effect.outcome and effect.measured in one.measured:
            return one
    return None


def levels_drawn(seed: int, about: str, draws: int) -> Draws:
    """Return three rows of uniform numbers for one question: study, estimate, value.

    The stream depends on the seed and the question alone, never on a plan's name or place in a
    list, so that two plans that change the same thing meet the same draws.
    """
    stream = np.random.SeedSequence([seed, zlib.crc32(about.encode())])
    rng = np.random.Generator(np.random.PCG64(stream))
    return np.clip(rng.random((3, draws)), 1e-12, 1 - 1e-12)


def draw(found: list[Size], level: Draws) -> Draws:
    """Draw a value from several findings: study, then estimate, then value."""
    studies: dict[str, list[Size]] = {}
    for size in found:
        studies.setdefault(size.source.study, []).append(size)
    chosen = np.minimum((level[0] * len(studies)).astype(int), len(studies) - 1)
    made = np.empty(level.shape[1])
    for number, group in enumerate(studies.values()):
        which = np.minimum((level[1] * len(group)).astype(int), len(group) - 1)
        for at, size in enumerate(group):
            here = (chosen == number) & (which == at)
            made[here] = size.value(level[2][here])
    return made
