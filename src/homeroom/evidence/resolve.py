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
    index = index_of(store)
    found = index.find(text, _MOST, kind)
    named = [one for one in found if _has_every_word(text, one, index.names_of(one))]
    if named and named[0].score >= _SURE and _is_clear(store, named, text):
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


def search(store: Store, text: str, limit: int = 10) -> list[Found]:
    """Return the place that an id means, or the places whose names are like a text, best first.

    Parameters
    ----------
    text
        An id as :func:`resolve` takes it, or a name with typos.
    limit
        How many at most.
    """
    try:
        area = place_range(text)
    except BadPlace:
        return index_of(store).find(text, limit)
    rows = sql.rows(
        store.con, "SELECT place_id, name, kind, state, coalesce(lea_name, county) FROM place "
        "WHERE place_id = ?", [area.place_id],
    )  # fmt: skip
    return [Found(str(i), str(n), str(k), state, 100.0, within) for i, n, k, state, within in rows]


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
        postal = POSTAL_OF_NAME.get(plain.casefold())
        if postal is not None:
            return place_range(f"US-{postal}")
        if plain.casefold() in ("united states", "the nation", "nation"):
            return place_range("US")
        if ":" in plain or plain.upper().startswith("US-"):
            raise
        return None


def _is_clear(store: Store, found: list[Found], text: str) -> bool:
    """Return whether the first match stands out, or is the only one with exactly that name."""
    index = index_of(store)
    if len(index.names_of(found[0])) > 1:  # An abbreviation may name two districts.
        exactly = index.called(text, found[0].kind, exactly=True)
        about = index.called(text, found[0].kind, exactly=False)
        if exactly == {found[0].id}:
            return True
        if len(exactly) > 1 or len(about) > 1:
            return False
    if len(found) == 1 or found[0].score - found[1].score >= _CLEAR:
        return True
    names = sql.rows(
        store.con, "SELECT count(*) FROM place WHERE name = ? AND kind = ?",
        [found[0].name, found[0].kind],
    )  # fmt: skip
    return bool(names[0][0] == 1 and found[0].name != found[1].name and found[0].score >= 80)


def _has_every_word(text: str, one: Found, names: list[str]) -> bool:
    """Return whether a place's names account for every word, so that none is dropped in silence."""
    state = STATES.get(one.state or "", "")
    known = fold(" ".join([*names, state, one.state or "", one.within or ""])).split()
    return all(
        len(word) < _SHORT or max(fuzz.ratio(word, other) for other in known) >= _ALIKE
        for word in fold(text).split()
    )
