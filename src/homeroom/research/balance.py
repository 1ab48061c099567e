"""How the findings on each intervention divide: a count of directions, never of sizes.

A finding counts here whether or not its publication was read, so that nobody thinks one side was
read with more care; contrasts, variants, descriptions, reviews without a vote, older drafts, and
rows that a correction replaced don't count, and a direction restated counts once.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from homeroom.research.library_files import Library, load
from homeroom.research.query import bearing
from homeroom.research.schema import Effect, Estimand

SIDES = ("better", "null_or_mixed", "worse", "disputed", "not_counted")
_SIDE = {"no clear difference": "null_or_mixed", "mixed": "null_or_mixed"}


@dataclass(frozen=True, slots=True)
class Balance:
    """The findings on one intervention by what they mean for students, as ids."""

    intervention: str
    better: tuple[str, ...] = ()
    null_or_mixed: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()
    not_counted: tuple[str, ...] = ()

    def counts(self) -> dict[str, int]:
        """Return how many findings stand on each side."""
        return {side: len(getattr(self, side)) for side in SIDES}


def balance(*, as_reported: bool = False, library: Library | None = None) -> tuple[Balance, ...]:
    """Return the balance of each intervention that has findings, in the order of the library.

    Parameters
    ----------
    as_reported
        Take the authors' own direction also where the library's rule (95% interval, or p at 5%)
        takes it as no clear difference.
    library
        The library to ask; by default the one that Homeroom ships.
    """
    shelf = library or load()
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for effect in shelf.effects.values():
        if shelf.sources[effect.source_id].superseded_by is None and not effect.restates:
            row = found.setdefault(effect.intervention, dict.fromkeys(SIDES, ()))
            row[side(effect, shelf, as_reported=as_reported)] += (effect.effect_id,)
    return tuple(Balance(name, **found[name]) for name in shelf.interventions if name in found)


def side(effect: Effect, library: Library, *, as_reported: bool = False) -> str:
    """Return on which side of the balance a finding stands."""
    if effect.estimand is not Estimand.EFFECT:
        return "not_counted"
    if as_reported and effect.direction_reported is not None:
        effect = replace(effect, direction=effect.direction_reported)
    told = bearing(effect, library.outcomes[effect.outcome])
    return _SIDE.get(told, told)
