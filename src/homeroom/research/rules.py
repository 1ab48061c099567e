"""What must hold inside one entry and between entries; each rule yields plain complaints."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from homeroom.research.certainty import rules_out_no_effect
from homeroom.research.schema import (
    Cost,
    Design,
    Effect,
    Estimand,
    Scale,
    Source,
    Topic,
    Uncertainty,
)
from homeroom.vocabulary.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from homeroom.research.library_files import Library


def inside(entry: object) -> Iterator[str]:
    """Complain about one entry by itself."""
    if (rule := _RULES.get(type(entry))) is not None:
        yield from rule(entry)


def _effect(effect: Effect) -> Iterator[str]:
    yield from _address(effect.url)
    if effect.direction not in {None, 1, -1, 0}:
        yield f"direction: expected 1, -1 or 0 (the sign of the change), found {effect.direction}"
    no_direction = effect.mixed or effect.estimand is Estimand.DESCRIPTIVE
    review = effect.design is Design.REVIEW and not effect.mixed
    if (effect.direction is None) != no_direction and not review:
        yield (
            "direction: give 1, -1 or 0; leave it out only where mixed is true or the estimand "
            "is descriptive"
        )
    if effect.direction and rules_out_no_effect(effect) is False:
        yield (
            "direction: expected 0, since the interval or p-value doesn't rule out no effect at "
            f"5%, found {effect.direction}"
        )
    only = effect.scale is Scale.DIRECTION_ONLY
    if only and any(x is not None for x in (effect.estimate, effect.low, effect.high, effect.se)):
        yield "scale direction_only has no numbers: name the scale of the estimate"
    if not only and effect.estimate is None and effect.low is None:
        yield f"scale {effect.scale}: expected an estimate or a range, found neither"
    yield from _UNCERTAINTY[effect.uncertainty](effect)
    yield from _ordered(low=effect.low, estimate=effect.estimate, high=effect.high)
    if effect.scale.is_ratio and any(
        x is not None and x <= 0 for x in (effect.estimate, effect.low, effect.high)
    ):
        yield f"scale {effect.scale}: a ratio is above 0"


def _ci(effect: Effect) -> Iterator[str]:
    if effect.estimate is None or effect.low is None or effect.high is None:
        yield "uncertainty ci: expected estimate, low and high; for a reported range write range"


def _se(effect: Effect) -> Iterator[str]:
    if effect.estimate is None or effect.se is None or effect.se <= 0:
        yield "uncertainty se: expected an estimate and a se above 0"
    if (effect.low is None) != (effect.high is None):
        yield "low and high: give both or neither"


def _range(effect: Effect) -> Iterator[str]:
    if effect.low is None or effect.high is None:
        yield "uncertainty range: expected low and high"
    if effect.se is not None or effect.interval_computed:
        yield "uncertainty range: a range is no interval; it has no se and is not computed"


def _none(effect: Effect) -> Iterator[str]:
    if any(x is not None for x in (effect.se, effect.low, effect.high)):
        yield "uncertainty none: found se, low or high; say ci, se or range"


_UNCERTAINTY: dict[Uncertainty, Callable[[Effect], Iterator[str]]] = {
    Uncertainty.CI: _ci,
    Uncertainty.SE: _se,
    Uncertainty.RANGE: _range,
    Uncertainty.NONE: _none,
}


def _source(source: Source) -> Iterator[str]:
    if not source.doi and not source.url:
        yield "expected a doi or a url, found neither"
    if source.doi and not source.doi.startswith("10."):
        yield f"doi: expected one that begins with 10., found {source.doi!r}"
    if source.url:
        yield from _address(source.url)
    if source.superseded_by == source.source_id:
        yield "superseded_by: a source cannot replace itself"


def _cost(cost: Cost) -> Iterator[str]:
    if not cost.urls and not cost.derived_from:
        yield "expected urls or derived_from, found neither"
    for url in cost.urls:
        yield from _address(url)
    yield from _ordered(low=cost.low, central=cost.central, high=cost.high)
    if any(x is not None and x < 0 for x in (cost.low, cost.central, cost.high)):
        yield "a cost is not below 0"
    if cost.load_factor is not None and cost.load_factor < 1:
        yield f"load_factor: expected 1 or more (total pay over wages), found {cost.load_factor}"
    for role in (cost.role, *cost.applies_to):
        if role is not None and role not in ROLES:
            yield f"role: expected one of {', '.join(ROLES)}; found {role!r}"


_RULES: dict[type, Callable[[Any], Iterator[str]]] = {
    Effect: _effect,
    Source: _source,
    Cost: _cost,
}


def between(library: Library) -> Iterator[str]:
    """Complain about entries that name what is not there."""
    for effect in library.effects.values():
        yield from _named(effect, library)
    for effect in library.replaced.values():
        if effect.replaced_by not in library.effects:
            yield f"{effect.effect_id}: replaced_by names {effect.replaced_by!r}, found none"
    for source in library.sources.values():
        yield from _replaced(source, library)
    yield from _told(library)
    for cost in library.costs.values():
        for name in cost.derived_from:
            if name not in library.costs:
                yield f"{cost.cost_id}: derived_from names {name!r}, which is not in the library"
    for topic in library.topics.values():
        yield from _topic(topic, library)


def _named(effect: Effect, library: Library) -> Iterator[str]:
    for name, known in (
        (effect.source_id, library.sources),
        (effect.intervention, library.interventions),
        (effect.outcome, library.outcomes),
    ):
        if name not in known:
            yield f"{effect.effect_id}: {name!r} is not in the library: add it first"


def _told(library: Library) -> Iterator[str]:
    told = {one.id: one.interventions for one in library.unmeasured.values()}
    told |= {one.id: one.interventions for one in library.questions.values()}
    for key, names in told.items():
        for name in names:
            if name not in library.interventions:
                yield f"{key}: {name!r} is not an intervention of the library"
    for question in library.questions.values():
        for name in question.outcomes:
            if name not in library.outcomes:
                yield f"{question.id}: {name!r} is not an outcome of the library"
    known = {*library.effects, *library.replaced, *library.sources}
    for correction in library.corrections.values():
        if correction.entry not in known:
            yield f"{correction.correction_id}: {correction.entry!r} is not in the library"


def _replaced(source: Source, library: Library) -> Iterator[str]:
    if source.superseded_by is None:
        return
    newer = library.sources.get(source.superseded_by)
    if newer is None or newer.study != source.study:
        yield (
            f"{source.source_id}: superseded_by names {source.superseded_by!r}, which is not a "
            f"source of the same study ({source.study}): give both the same study"
        )


def _topic(topic: Topic, library: Library) -> Iterator[str]:
    for name in topic.interventions:
        if name not in library.interventions:
            yield f"topic {topic.id}: {name!r} is not an intervention of the library"
    for name in topic.outcomes:
        if name not in library.outcomes:
            yield f"topic {topic.id}: {name!r} is not an outcome of the library"


def _ordered(**numbers: float | None) -> Iterator[str]:
    given = [(name, value) for name, value in numbers.items() if value is not None]
    for (first, small), (second, large) in pairwise(given):
        if small > large and not math.isclose(small, large):
            yield f"expected {first} <= {second}, found {small:g} > {large:g}: swap or correct them"


def _address(url: str) -> Iterator[str]:
    if not url.startswith(("http://", "https://")):
        yield f"url: expected an address that begins with http, found {url!r}"
