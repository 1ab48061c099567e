"""Which findings give a size that a plan may use, and how one is drawn.

The gate of ``research`` decides what may be used as an effect; associations and reviews never
qualify. Where three comparable studies publish their uncertainty, one district gets their
prediction interval. Where fewer do, a draw picks a study, then one of its estimates, then a value
within what that study published. A size without a published range stays a point and is never drawn
from.
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
from homeroom.research.gate import has_range, judge
from homeroom.research.library_files import load
from homeroom.research.pooling import Pooled, pool
from homeroom.research.query import change
from homeroom.research.schema import Effect, Scale, Scope, Source, Uncertainty
from homeroom.research.synthesis import comparable, standard_error

Draws = NDArray[np.float64]
COUNTED = (Scale.PERCENT_CHANGE, Scale.IRR, Scale.PERCENTAGE_POINTS, Scale.RATE_PER_100)
_WORDS = {
    Uncertainty.CI: "interval {low:g} to {high:g}",
    Uncertainty.SE: "interval {low:g} to {high:g}",
    Uncertainty.RANGE: "a reported range, not an interval, {low:g} to {high:g}",
    Uncertainty.NONE: "no range published",
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
    def ranged(self) -> bool:
        """Whether a range was published."""
        return has_range(self.effect)

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
    judged = judge(effect, load(), include_unverified=include_unverified)
    if not judged.is_effect:
        return judged.reason
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


@dataclass(frozen=True, slots=True)
class Carried:
    """What several findings on one thing give together.

    Attributes
    ----------
    used
        Those that the value comes from.
    points
        Those beside them that publish no range, where others do.
    kind
        ``prediction``: a prediction interval for one district, from three studies or more;
        ``published``: what each study publishes of its own mean; ``none``: a point, without a
        range and without a probability.
    pooled
        The pooled studies of a prediction, on the logarithm for ratios.
    """

    used: tuple[Size, ...]
    points: tuple[Size, ...]
    kind: str
    pooled: Pooled | None = None

    @property
    def ranged(self) -> bool:
        """Whether there is a range to draw from."""
        return self.kind != NO_RANGE


PREDICTION, PUBLISHED, NO_RANGE = "prediction", "published", "none"


def carried(found: list[Size]) -> Carried:
    """Decide what the findings on one thing give: a prediction, a published range, or a point."""
    shelf = load()
    by_id = {size.effect.effect_id: size for size in found}
    sets = comparable([size.effect for size in found], shelf)
    if sets:
        ratio = sets[0][0].scale.is_ratio
        values = [one.estimate or 0.0 for one in sets[0]]
        pooled = pool(
            [math.log(value) if ratio else value for value in values],
            [standard_error(one) or 0.0 for one in sets[0]],
        )
        used = tuple(by_id[one.effect_id] for one in sets[0])
        return Carried(used, _others(found, used), PREDICTION, pooled)
    ranged = tuple(size for size in found if size.ranged)
    if ranged:
        return Carried(ranged, _others(found, ranged), PUBLISHED)
    first: dict[str, Size] = {}
    for size in sorted(found, key=lambda s: (s.effect.scope is Scope.PART, s.effect.effect_id)):
        first.setdefault(size.source.study, size)
    return Carried(tuple(first.values()), (), NO_RANGE)


def _others(found: list[Size], used: tuple[Size, ...]) -> tuple[Size, ...]:
    return tuple(size for size in found if size not in used)


def beside(action: str, outcome: str, used: tuple[Size, ...]) -> tuple[str, ...]:
    """Say which other findings on the same question stand beside a number, whatever they find.

    Parameters
    ----------
    action, outcome
        The question.
    used
        Findings that the number comes from.
    """
    shelf = load()
    ids = {size.effect.effect_id for size in used}
    studies = {size.source.study for size in used}
    said: dict[str, list[str]] = {}
    for effect in shelf.effects.values():
        judged = judge(effect, shelf, include_unverified=True)
        source = shelf.sources[effect.source_id]
        asked = effect.intervention in bridges().actions[action].interventions
        if not asked or effect.outcome != outcome or effect.effect_id in ids:
            continue
        if judged.is_effect and not effect.restates and source.study not in studies:
            known = "" if effect.verified.at_source else ", known only from a report"
            said.setdefault(change(effect), []).append(
                f"{effect.effect_id} ({effect.source_id}, {effect.design}{known})"
            )
    return tuple(f"{finding}: {', '.join(ids)}" for finding, ids in said.items())


def draw(found: list[Size], level: Draws) -> Draws:
    """Draw a value from what several findings give; a point where none publishes a range.

    Parameters
    ----------
    found
        Findings on one thing.
    level
        Three rows of uniform numbers: study, estimate, value.
    """
    given = carried(found)
    if given.pooled is not None:
        return _predicted(given.pooled, given.used[0], level[2])
    if not given.ranged:
        values = [size.value(np.full(1, 0.5))[0] for size in given.used]
        return np.full(level.shape[1], float(np.mean(values)))
    studies: dict[str, list[Size]] = {}
    for size in given.used:
        studies.setdefault(size.source.study, []).append(size)
    chosen = np.minimum((level[0] * len(studies)).astype(int), len(studies) - 1)
    made = np.empty(level.shape[1])
    for number, group in enumerate(studies.values()):
        which = np.minimum((level[1] * len(group)).astype(int), len(group) - 1)
        for at, size in enumerate(group):
            here = (chosen == number) & (which == at)
            made[here] = size.value(level[2][here])
    return made


def _predicted(pooled: Pooled, first: Size, level: Draws) -> Draws:
    """Draw what a new district would find, so that the middle 95% is the prediction interval.

    The distribution is Student's t with two degrees of freedom less than there are studies
    (Higgins, Thompson & Spiegelhalter 2009, JRSS A 172:137-159).
    """
    degrees = pooled.studies - 2
    reach = (pooled.prediction_high - pooled.estimate) / special.stdtrit(degrees, 0.975)
    drawn = pooled.estimate + reach * special.stdtrit(degrees, level)
    if first.effect.scale.is_ratio:
        return np.asarray(np.exp(drawn))
    return np.maximum(1 + drawn / 100, 0.0) if first.relative else np.asarray(drawn)
