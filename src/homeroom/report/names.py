"""Names of places as people write them, where a publication shouts or squeezes them."""

from __future__ import annotations

import re

_KEEP = {
    "ISD", "CISD", "CHSD", "NYC", "USD", "UHSD", "CUSD", "RISD", "MSD", "CSD", "SD", "HS", "H",
    "S", "II", "III", "IV", "YMCA", "KIPP", "STEM", "IDEA", "DAEP", "JJAEP", "AEP", "PK", "ECC",
    "RE", "PS", "MS",
}  # fmt: skip
_SMALL = {"OF", "THE", "AND", "IN", "FOR", "AT", "DE", "LA"}


_USUAL = {
    "school district no. 1 in the county of denver and state of c": "Denver Public Schools",
}
"""Names that a publication cuts off, and what the district calls itself."""


def readable(name: str) -> str:
    """Write a name as people do: without shouting, without a broken end; else as published."""
    if usual := _USUAL.get(name.casefold()):
        return usual
    name = _whole(name)
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) < 4 or any(letter.islower() for letter in letters):
        return name
    words = name.split(" ")
    return " ".join(_word(word, first=at == 0) for at, word in enumerate(words))


def _whole(name: str) -> str:
    """Leave out where a district lies: Colorado's full names run past the files' 60 characters."""
    head = re.split(r" (?:in the county of|of the counties of) ", name)[0]
    # A bare number names nothing: there the county stays.
    return re.sub(" and State of.*", "", name) if head.startswith("School District No") else head


def _word(word: str, *, first: bool) -> str:
    bare = re.sub(r"[^A-Z]", "", word)
    if bare in _KEEP:
        return word
    if bare in _SMALL and not first:
        return word.lower()
    return re.sub(r"[A-Z]+('S\b)?", lambda found: found[0].capitalize(), word)
