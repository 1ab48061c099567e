"""Hold what a district says of its police against what its schools reported."""

from __future__ import annotations

from dataclasses import replace

from homeroom.evidence.store import Store
from homeroom.figures.staffing import staff_over_waves
from homeroom.law.act import LeaFacts


def held_against(store: Store, place: str | None, facts: LeaFacts) -> LeaFacts:
    """Return the facts with the officers that the district's schools reported.

    The wave with the most officers counts: "never had any" stands against each of them. Figures
    that quality rules doubt are left out, and officers that the facts name themselves are kept.

    Parameters
    ----------
    store
        What to ask.
    place
        Id of a district; None for none in particular.
    facts
        What is said of it.
    """
    if place is None or facts.officers_reported is not None:
        return facts
    known = [
        one
        for one in staff_over_waves(store, place)
        if one.role == "officer" and one.fte is not None and not one.doubtful
    ]
    if not known:
        return facts
    most = max(known, key=lambda one: one.fte or 0)
    return replace(facts, officers_reported=most.fte, officers_reported_in=most.wave)
