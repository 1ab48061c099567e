"""What the title of an OCR estimation says: element, part of the student body, sex.

The wording of the titles is the same from 2011-12 to 2017-18. File names and the labels in the
first column are not: some were left over from the template ("Corporal punishment").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import OFFENSES

_DISCIPLINE = re.compile(
    r"Number and percentage of public school (?:(?P<sex>male|female) )?students "
    r"(?P<part>with and without|with|without) disabilities receiving (?P<what>.+?) "
    r"by (?:race/ethnicity|disability status)\b.*, by state: .*"
)
_ENROLLMENT = re.compile(
    r"(?:Number and percentage of )?public school (?:(?P<sex>male|female) )?students "
    r"(?P<part>overall|with disabilities served under IDEA overall|"
    r"with disabilities served solely under Section 504 .* overall) and by race/ethnicity,"
    r".*, by state: .*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:^|[^a-z])(male|female|total)(?:$|[^a-z])", re.IGNORECASE)
_OFFENSES = re.compile(r"Number of school offenses by type, by state: .*")

_ELEMENTS = {
    "school-related arrests": "arrests",
    "referral to law enforcement": "referrals",
    "one or more in-school suspensions": "iss",
    "one or more out-of-school suspensions": "oss",
    "only one out-of-school suspension": "oss_single",
    "more than one out-of-school suspension": "oss_multiple",
    "expulsions with and without educational services": "expulsions",
    "expulsions with or without educational services": "expulsions",
    "expulsions with educational services": "expulsions_with_services",
    "expulsions without educational services": "expulsions_without_services",
    "expulsions under zero-tolerance policies": "zero_tolerance",
    "corporal punishment": "corporal_punishment",
}
_PARTS = {"with and without": "all", "with": "dis", "without": "wodis"}

LABELS = {
    "arrests": "school-related arrests",
    "referrals": "referrals to law enforcement",
    "iss": "one or more in-school suspensions",
    "oss": "one or more out-of-school suspensions",
    "oss_single": "only one out-of-school suspension",
    "oss_multiple": "more than one out-of-school suspension",
    "expulsions": "expulsions with or without educational services",
    "expulsions_with_services": "expulsions with educational services",
    "expulsions_without_services": "expulsions without educational services",
    "zero_tolerance": "expulsions under zero-tolerance policies",
    "corporal_punishment": "corporal punishment",
    "enrollment": "enrollment",
    "offenses": "offenses",
    **OFFENSES,
}
"""Each element that the tables hold, in words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """``part`` is all, dis (IDEA and 504), wodis, idea or s504; ``sex`` is None if not said."""

    element: str
    part: str
    sex: str | None


def subject(title: str) -> Subject | None:
    """Read a title, or give None where it names nothing that Homeroom keeps."""
    if found := _DISCIPLINE.fullmatch(title):
        element = _ELEMENTS.get(found["what"].casefold())
        return Subject(element, _PARTS[found["part"]], found["sex"]) if element else None
    if found := _ENROLLMENT.fullmatch(title):
        part = found["part"].casefold()
        which = "idea" if "idea" in part else "s504" if "504" in part else "all"
        return Subject("enrollment", which, found["sex"] and found["sex"].casefold())
    return Subject("offenses", "all", None) if _OFFENSES.fullmatch(title) else None


def named_sex(sheet: str) -> str | None:
    """Return whom the name of a sheet says that it counts, or None: its title decides.

    Parameters
    ----------
    sheet
        The sheet's name, as in ``SCH_3T1_Female``.
    """
    found = _NAMED.search(sheet.replace("_", " "))
    return found[1].casefold().replace("total", ALL) if found else None
