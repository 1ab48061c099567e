"""Names of places as people write them, where a publication shouts, squeezes, or cuts them off."""

from __future__ import annotations

import re
from functools import lru_cache

_ACRONYMS = frozenset((
    "ISD", "CISD", "GISD", "UISD", "AISD", "MISD", "USD", "UHSD", "CUSD", "CHSD", "UFSD", "ESD",
    "RISD", "MSD", "CSD", "SD", "NYC", "LBJ", "HS", "MS", "PS", "IS", "ECHS", "SCHS", "JHS",
    "YMCA", "KIPP", "STEM", "STEAM", "IDEA", "DAEP", "JJAEP", "AEP", "ALC", "GED", "JROTC",
    "ROTC", "UT", "RSU", "AOS", "PACE", "CAST", "SOAR", "ACE", "YES", "PK", "ECC", "EC", "RE",
    "RD", "TV", "USA", "US", "DC", "IB", "AVID", "UCLA", "ASU", "NAU", "MLK", "JFK", "FDR",
    "LLC", "K",
))  # fmt: skip
"""Words that are said letter by letter, or written so, though they have a vowel."""
_ROMAN = re.compile(r"R?-?(?:I{1,3}|IV|VI{0,3}|IX|X{1,3}|XI{1,3}|XIV|XV|XVI{1,3})")
_SMALL = frozenset(("OF", "THE", "AND", "IN", "FOR", "AT", "DE", "LA", "DEL", "DU", "ON"))
_SPOKEN = frozenset(("JR", "SR", "ST", "MT", "FT", "DR", "PT", "MTN", "TWP", "CTR", "SCH", "CHTR"))
"""Short forms without a vowel that stand for a word, and are said as one."""
_SHORT = {
    "ST": "St.", "STE": "Ste.", "MT": "Mt.", "FT": "Ft.", "DR": "Dr.", "JR": "Jr.", "SR": "Sr.",
    "MRS": "Mrs.", "MR": "Mr.", "CO": "County", "CTY": "City", "TWP": "Township", "BD": "Board",
    "SCH": "School", "SCHL": "School", "SCHLS": "Schools", "SCHS": "Schools", "ACAD": "Academy",
    "CTR": "Center", "CNTR": "Center", "ELEM": "Elementary", "DIST": "District", "PRI": "Primary",
    "INTERMED": "Intermediate", "ALTER": "Alternative", "VOC": "Vocational", "TECH": "Tech",
    "PREP": "Prep", "GOVT": "Government", "DEPT": "Department", "SVCS": "Services",
}  # fmt: skip
"""Words that publications shorten. St. and the like stay as people write them."""
_ENDS = (
    (r"H\.? ?S\.?", "High School"), (r"J\.? ?H\.?(?: ?S\.?)?", "Junior High School"),
    (r"M\.? ?S\.?", "Middle School"), (r"El(?:em)?\.?", "Elementary"), (r"Int\.?", "Intermediate"),
    (r"Pri\.?", "Primary"), (r"Sch\.?", "School"), (r"Acad\.?", "Academy"), (r"Ctr\.?", "Center"),
)  # fmt: skip
"""What a name ends in, and what it stands for; at other places "El" is the Spanish article."""
_END = tuple((re.compile(rf"(?<=\w[\w.)'] ){says}$"), meant) for says, meant in _ENDS)
_IRISH = re.compile(r"\b(O'|Mc)(?!odham)([a-z])(?=[a-z]{2})")
"""O'bryant and Mccallum; the Tohono O'odham are a nation of their own."""
_USUAL = {
    "school district no. 1 in the county of denver and state of c": "Denver Public Schools",
}
"""Names that a publication cuts off, and what the district calls itself."""


@lru_cache(maxsize=8192)
def readable(name: str) -> str:
    """Write a name as people do: without shouting, without a broken end; else as published.

    A name in capitals gets small letters, but for what is said letter by letter: known acronyms,
    Roman numerals, single letters, and words of two to five letters without a vowel. In every name
    a shortened end is written out ("McCallum H S" is McCallum High School).
    """
    if usual := _USUAL.get(name.casefold()):
        return usual
    name = _whole(" ".join(name.split()))
    letters = [letter for letter in name if letter.isalpha()]
    if len(letters) >= 3 and not any(letter.islower() for letter in letters):
        words = name.split(" ")
        name = " ".join(_word(word, first=at == 0) for at, word in enumerate(words))
    name = _IRISH.sub(lambda found: found[1] + found[2].upper(), name)
    for ending, meant in _END:
        name = ending.sub(meant, name)
    return name


def _whole(name: str) -> str:
    """Leave out where a district lies: Colorado's full names run past the files' 60 characters."""
    head = re.split(r" (?:in the county of|of the counties of) ", name)[0]
    # A bare number names nothing: there the county stays.
    return re.sub(" and State of.*", "", name) if head.startswith("School District No") else head


def _word(word: str, *, first: bool) -> str:
    bare = re.sub(r"[^A-Z]", "", word)
    if bare in _SMALL and not first:
        return word.lower()
    if bare == word.rstrip(".,") and bare in _SHORT and not (first and bare == "CO"):
        return _SHORT[bare] + ("," if word.endswith(",") else "")
    return re.sub(r"[A-Z]+(?:'S\b)?", lambda found: _part(found[0]), word)


def _part(letters: str) -> str:
    """Return a run of capitals as people write it."""
    spelled = len(letters) <= 5 and not re.search("[AEIOUY]", letters) and letters not in _SPOKEN
    if letters in _ACRONYMS or spelled or _ROMAN.fullmatch(letters):
        return letters
    return letters.capitalize()
