"""From what people type to a place: an id, a postal code, a state, or a name."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from homeroom.errors import AmbiguousPlace, BadPlace, UnknownPlace
from homeroom.evidence import sql
from homeroom.evidence.find import Found, PlaceIndex, fold
from homeroom.evidence.place_ids import PlaceRange, place_range
from homeroom.evidence.store import Store
from homeroom.vocabulary.states import POSTAL_OF_NAME, STATES

_SURE, _CLEAR, _MOST = 70.0, 4.0, 5
"""A name is taken when its best match scores this much, and so much more than the next."""
_NCES = {6: ("lea", 7), 7: ("lea", 7), 11: ("school", 12), 12: ("school", 12)}
"""Lengths of NCES ids, whose leading zero people and spreadsheets drop."""
_NO_NAME = re.compile(r"[\\<>{}=;\x00-\x1f]|\.\.")
"""Characters that no name of a place has."""
_SHORT, _ALIKE = 3, 70.0
"""Words from this length on must be in the name, spelled about like this (of 100)."""


def resolve(store: Store, text: str, kind: str | None = None) -> PlaceRange:
    """Return the place that a text means.

    Parameters
    ----------
    text
        A place id (``lea:4808940``), an NCES id (``4808940``), a postal code (``TX``), a state's
        name, or a place's name.
    kind
        Keep to nation, state, district, or school.

    Raises
    ------
    BadPlace
        The text begins like a place id and is none, or has characters that no name has.
    AmbiguousPlace
        Several places have such a name; ``choices`` lists their ids and names.
    UnknownPlace
        No place has such a name.
    """
    if (known := _known(text)) is not None:
        return known
    if odd := _NO_NAME.search(text):
        raise BadPlace(f"{text!r}: expected a place id or the name of a place, found {odd[0]!r}.")
    found = index_of(store).find(text, _MOST, kind)
    named = [one for one in found if _has_every_word(text, one)]
    if named and named[0].score >= _SURE and _is_clear(store, named):
        return place_range(named[0].id)
    if not found:
        raise UnknownPlace(
            f"{text!r}: expected a place id or the name of a place, found no such place."
        )
    listed = [f"{one.id} ({one.name}, {one.state or 'US'})" for one in found]
    if not named:
        raise UnknownPlace(
            f"{text!r}: expected the name of a place, found none with all these words. "
            f"Did you mean {listed[0]}?"
        )
    raise AmbiguousPlace(
        f"{text!r}: expected the name of one place, found several. Did you mean {listed[0]}?",
        listed,
    )


def index_of(store: Store) -> PlaceIndex:
    """Return the search index of a store, made at the first search."""
    return store.cache.get("place index", lambda: PlaceIndex(store.con))


def _known(text: str) -> PlaceRange | None:
    plain = text.strip()
    try:
        return place_range(plain)
    except BadPlace:
        if plain.upper() in STATES and plain.isupper():
            return place_range(f"US-{plain}")
        if plain.isdigit() and len(plain) in _NCES:
            kind, digits = _NCES[len(plain)]
            return place_range(f"{kind}:{plain.zfill(digits)}")
        postal = POSTAL_OF_NAME.get(plain.casefold())
        if postal is not None:
            return place_range(f"US-{postal}")
        if plain.casefold() in ("united states", "the nation", "nation"):
            return place_range("US")
        if ":" in plain or plain.upper().startswith("US-"):
            raise
        return None


def _is_clear(store: Store, found: list[Found]) -> bool:
    """Return whether the first match stands out, or is the only one with exactly that name."""
    if len(found) == 1 or found[0].score - found[1].score >= _CLEAR:
        return True
    names = sql.rows(
        store.con, "SELECT count(*) FROM place WHERE name = ? AND kind = ?",
        [found[0].name, found[0].kind],
    )  # fmt: skip
    return bool(names[0][0] == 1 and found[0].name != found[1].name and found[0].score >= 80)


def _has_every_word(text: str, one: Found) -> bool:
    """Return whether a place's name accounts for every word, so that none is dropped in silence."""
    state = STATES.get(one.state or "", "")
    known = fold(f"{one.name} {state} {one.state or ''} {one.within or ''}").split()
    return all(
        len(word) < _SHORT or max(fuzz.ratio(word, other) for other in known) >= _ALIKE
        for word in fold(text).split()
    )
