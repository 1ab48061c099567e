"""Whether a finding rules out no effect: one rule for every finding, whatever its sign.

A finding has a direction only where its 95% interval, or its p-value at 5%, rules out no effect,
or where nothing at all is published of its uncertainty.
"""

from __future__ import annotations

import re

from homeroom.research.schema import Effect, Uncertainty

LEVEL = 0.05
_P = re.compile(r"\bp\s*([<=>])\s*(0?\.\d+)")
_UNSURE = ("not significant", "marginal")
"""What authors write instead of a p-value above 5%."""


def includes_no_effect(effect: Effect) -> bool | None:
    """Return whether the interval holds the value of no effect; None where there is no interval."""
    is_interval = effect.uncertainty in {Uncertainty.CI, Uncertainty.SE}
    if not is_interval or effect.low is None or effect.high is None:
        return None
    null = 1.0 if effect.scale.is_ratio else 0.0
    return effect.low <= null <= effect.high


def rules_out_no_effect(effect: Effect) -> bool | None:
    """Return whether the finding rules out no effect at 5%; None where that is not published."""
    held = includes_no_effect(effect)
    if held is not None:
        return not held
    text = (effect.p_text or "").casefold()
    if any(word in text for word in _UNSURE):
        return False
    if (found := _P.search(text)) is None:
        return None
    sign, value = found[1], float(found[2])
    if sign == ">":
        return False if value >= LEVEL else None
    return value <= LEVEL
