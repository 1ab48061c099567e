"""A claim held against everything that knows of it: school data, studies, and the bill's text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from homeroom.claims import check as figures
from homeroom.claims.catalogue import listed
from homeroom.claims.checked import Checked
from homeroom.claims.grammar.places import Finder
from homeroom.evidence.store import Store
from homeroom.report import claim_act, claim_law
from homeroom.report.claim_research import strongest
from homeroom.report.names import readable


def check(
    store: Store,
    claim: str,
    *,
    finder: Finder | None = None,
    namer: Callable[[str], str] | None = None,
    said_on: date | None = None,
    wide: bool = True,
) -> Checked:
    """Check a claim of the catalogue by its id or its wording, or else a sentence.

    Parameters
    ----------
    finder
        Finds places by name; without one a sentence may name states only.
    namer
        Returns the name of a place id, for the sentences.
    said_on
        The day on which the claim was made, where that is known.
    wide
        Look for neighbors of a catalogue's claim under every definition, which takes a second.

    Raises
    ------
    Ambiguous
        The sentence has several readings; ``choices`` lists them.
    """
    named = (lambda place: readable(namer(place))) if namer else None
    found = None if listed(claim) else claim_act.check(claim) or claim_law.check(claim)
    found = found or figures.check(
        store, claim, finder=finder, namer=named, said_on=said_on, wide=wide
    )
    if found.kind == "effect" and found.research:
        told = strongest(found.research)
        found.sentence += f" {told.sentence}"
        found.evidence = [told.as_evidence(), *found.evidence]
    return found
