"""Say what the studies of a question say together: pooled where that is sound, else counted.

Only what the gate lets through as an effect counts. Independent estimates of one intervention,
outcome, measure and scale, each with published uncertainty, are pooled, and only from three studies
on; otherwise studies are counted by direction. Reported ranges are never pooled.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

from scipy import special

from homeroom.research.library_files import Library, load
from homeroom.research.pooling import Method, Pooled, pool
from homeroom.research.query import findings
from homeroom.research.schema import Effect, Scale, Scope, Uncertainty
from homeroom.research.votes import VoteCount, count_votes

LEAST = 3
"""Studies from which on estimates are pooled."""


@dataclass(frozen=True, slots=True)
class Synthesis:
    """What the studies of one question say together.

    ``kind`` is ``pooled`` or ``vote count``. A pooled ratio is given on its own scale, not its
    logarithm. ``votes`` holds for each grade the studies by direction, ``associations`` those
    that only compare schools which differ in other ways too; ``left_out`` says for each other
    finding why it was not used.
    """

    intervention: str
    outcome: str
    kind: str
    votes: dict[str, dict[str, tuple[str, ...]]]
    used: tuple[str, ...]
    left_out: dict[str, str]
    sentence: str
    measured: str | None = None
    scale: str | None = None
    pooled: Pooled | None = None
    associations: dict[str, tuple[str, ...]] = field(default_factory=dict)


def synthesise(
    intervention: str,
    outcome: str,
    *,
    include_unverified: bool = False,
    method: Method = "reml",
    library: Library | None = None,
) -> tuple[Synthesis, ...]:
    """Pool each comparable set of estimates of a question; without any, count votes.

    Findings known only from a report about the publication are left out unless asked for.
    """
    shelf = library or load()
    findings(intervention, outcome, library=shelf)  # refuses names that the library lacks
    asked = [
        effect
        for effect in shelf.effects.values()
        if (effect.intervention, effect.outcome) == (intervention, outcome)
    ]
    counted = count_votes(asked, shelf, include_unverified=include_unverified)
    sets = comparable([shelf.effects[name] for name in counted.used], shelf)
    if sets:
        return tuple(_pooled(effects, asked, counted.left_out, method=method) for effects in sets)
    return (_vote_count(intervention, outcome, counted),)


def qualifying(
    *, include_unverified: bool = False, library: Library | None = None
) -> list[tuple[str, str]]:
    """List the (intervention, outcome) pairs with at least one set that may be pooled."""
    shelf = library or load()
    pairs = dict.fromkeys((e.intervention, e.outcome) for e in shelf.effects.values())
    ask = partial(synthesise, include_unverified=include_unverified, library=shelf)
    return [pair for pair in pairs if ask(*pair)[0].kind == "pooled"]


def comparable(effects: list[Effect], library: Library) -> list[list[Effect]]:
    """Return the sets that may be pooled: one estimate of each study, three studies or more.

    Of a study with several estimates the one about the whole sample counts, then the first by
    id: the choice never looks at the value.
    """
    sets: dict[tuple[str | None, Scale], dict[str, Effect]] = defaultdict(dict)
    for effect in sorted(effects, key=lambda e: (e.scope is Scope.PART, e.effect_id)):
        if standard_error(effect) is not None:
            study = library.sources[effect.source_id].study
            sets[effect.measured, effect.scale].setdefault(study, effect)
    return [list(group.values()) for group in sets.values() if len(group) >= LEAST]


def standard_error(effect: Effect) -> float | None:
    """Return the standard error on the pooling scale; of a range or a bare estimate, None.

    A published 95% interval is taken as estimate -+ 1.96 errors, on the logarithm for ratios.
    """
    if effect.uncertainty is Uncertainty.SE and not effect.scale.is_ratio:
        return effect.se
    if effect.uncertainty is not Uncertainty.CI or effect.low is None or effect.high is None:
        return None
    low, high = effect.low, effect.high
    if effect.scale.is_ratio:
        low, high = math.log(low), math.log(high)
    width = (high - low) / (2 * float(special.ndtri(0.975)))
    return width if width > 0 else None


def _pooled(
    effects: list[Effect], asked: list[Effect], left_out: dict[str, str], *, method: Method
) -> Synthesis:
    first = effects[0]
    ratio = first.scale.is_ratio
    # An attendance share rises where absence falls: all estimates are turned to the outcome.
    signs = [-1.0 if e.estimate_reversed else 1.0 for e in effects]
    values = [e.estimate or 0.0 for e in effects]
    result = pool(
        [s * (math.log(v) if ratio else v) for s, v in zip(signs, values, strict=True)],
        [standard_error(e) or 0.0 for e in effects],
        method=method,
    )
    used = tuple(e.effect_id for e in effects)
    others = {
        e.effect_id: "not comparable with the pooled estimates, or the study is already in"
        for e in asked
        if e.effect_id not in used
    }
    shown = _exponentials(result) if ratio else result
    return Synthesis(
        intervention=first.intervention,
        outcome=first.outcome,
        kind="pooled",
        votes={},
        used=used,
        left_out=others | left_out,
        sentence=(
            f"Pooled over {result.studies} independent studies: {shown.estimate:.3g} "
            f"({result.level:.0%} interval {shown.low:.3g} to {shown.high:.3g}; a new study may "
            f"find {shown.prediction_low:.3g} to {shown.prediction_high:.3g})."
        ),
        measured=first.measured,
        scale=first.scale,
        pooled=shown,
    )


def _exponentials(result: Pooled) -> Pooled:
    values = {name: getattr(result, name) for name in Pooled.__slots__}
    for name in ("estimate", "low", "high", "prediction_low", "prediction_high"):
        values[name] = math.exp(values[name])
    return Pooled(**values)


def _vote_count(intervention: str, outcome: str, counted: VoteCount) -> Synthesis:
    said = counted.sentence
    if counted.used:
        said += (
            f" A vote count gives no size: fewer than {LEAST} comparable estimates with published "
            "uncertainty are known."
        )
    return Synthesis(
        intervention=intervention,
        outcome=outcome,
        kind="vote count",
        votes=counted.by_grade,
        used=counted.used,
        left_out=counted.left_out,
        sentence=said,
        associations=counted.associations,
    )
