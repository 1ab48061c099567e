"""The one gate: what may be used as an effect, by synthesis, plans, claims, and briefs alike.

A finding stands for an effect if it was read in the publication itself, compares having a thing
with not having it, is no older version of a study, pools no other studies, and rests on a trial, a
cutoff, or changes over time where the thing came. An association, a difference between schools
that differ in other ways too, never qualifies, whatever its size or its interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from homeroom.research.library_files import Library
from homeroom.research.schema import Design, Effect, Estimand, Uncertainty

ASSOCIATION = frozenset(
    {Design.CROSS_SECTION, Design.MATCHED, Design.TIME_SERIES, Design.NOT_STATED}
)
"""Designs that compare what differs in other ways too, or do not say how they compare."""
REVIEWS = frozenset({Design.META_ANALYSIS, Design.REVIEW})
"""Designs that hold other studies, which would count twice or are no firmer than those are."""


class Standing(StrEnum):
    """What a finding may be used as."""

    EFFECT = "effect"
    ASSOCIATION = "association"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a finding may be used as, and why not as an effect; the reason is empty for effects."""

    standing: Standing
    reason: str = ""

    @property
    def is_effect(self) -> bool:
        """Whether it may be used as an effect."""
        return self.standing is Standing.EFFECT


def judge(effect: Effect, library: Library, *, include_unverified: bool = False) -> Judgment:
    """Return what a finding may be used as, and why not as an effect.

    Parameters
    ----------
    effect
        The finding.
    library
        The library that holds it: its source says whether a newer version has replaced it.
    include_unverified
        Let findings through that are known only from a report about the publication.
    """
    newer = library.sources[effect.source_id].superseded_by
    if not effect.verified.at_source and not include_unverified:
        return Judgment(Standing.APART, "known only from a report about the publication")
    if effect.estimand is Estimand.CONTRAST:
        return Judgment(Standing.APART, "about a difference between groups")
    if effect.estimand is not Estimand.EFFECT:
        return Judgment(Standing.APART, f"about another comparison: {effect.estimand}")
    if newer is not None:
        return Judgment(Standing.APART, f"an older version; {newer} has replaced it")
    if effect.design in REVIEWS:
        return Judgment(Standing.APART, "a review, no firmer than its studies, which stand alone")
    if effect.design in ASSOCIATION:
        return Judgment(
            Standing.ASSOCIATION, "an association between schools that differ in other ways too"
        )
    return Judgment(Standing.EFFECT)


def has_range(effect: Effect) -> bool:
    """Return whether a range was published: without one a size is a point and no probability."""
    if effect.uncertainty is Uncertainty.SE:
        return effect.se is not None or effect.low is not None
    return effect.uncertainty is not Uncertainty.NONE and effect.low is not None
