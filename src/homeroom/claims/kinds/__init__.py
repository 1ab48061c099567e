"""Claims of other kinds than outcomes of students, each held against what knows of it."""

from __future__ import annotations

from collections.abc import Callable

from homeroom.claims.checked import Checked
from homeroom.claims.grammar import lexicon
from homeroom.claims.grammar.places import Finder
from homeroom.claims.kinds import (
    effects,
    money,
    opinions,
    places_compared,
    publishers,
    rank,
    shootings,
    staff,
    staff_change,
    states,
    survey,
)
from homeroom.claims.kinds.said import Namer, Said, cannot
from homeroom.evidence.store import Store

_ROOMS: tuple[Callable[[Store, Said], Checked | None], ...] = (
    opinions.check,
    shootings.check,
    money.check,
    effects.check,
    publishers.check,
    states.check,
    rank.check,
    places_compared.check,
    staff_change.check,
    survey.check,
    staff.check,
)
"""Asked in this order; what none of them knows is read as a claim of students' outcomes."""


def check(
    store: Store, sentence: str, finder: Finder | None = None, namer: Namer | None = None
) -> Checked | None:
    """Check a claim that is of another kind; None where it is about outcomes of students.

    Raises
    ------
    Ambiguous
        A part of the sentence was not read, or can be read in several ways.
    """
    said = Said(sentence, finder, namer)
    for room in _ROOMS:
        found = room(store, said)
        if found is not None:
            return found
    return None


def unknown(sentence: str, finder: Finder | None = None) -> Checked | None:
    """Say of a sentence that could not be read that it's about nothing these data count.

    None where it names an outcome or a group of students, so that a question about it helps.
    """
    said = Said(sentence, finder)
    named = [one for one in lexicon.mentions(said.text) if one.race not in ("others", "peers")]
    if lexicon.outcomes(said.text) or any(one.token() != "all" for one in named):
        return None
    if "referral" in said.text or "discipline" in said.text:
        return None
    return cannot(
        said, "other", "Not read: it names no outcome or staff that these data count.",
        "Cannot be tested with these data. They count students arrested, referred to law "
        "enforcement, suspended, expelled, restrained, or secluded; staff of schools; schools with "
        "police and without support; and what principals say of safety.",
    )  # fmt: skip
