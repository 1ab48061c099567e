"""The 7 racial and ethnic groups and the 14 categories of 34 CFR 300.647(b)(2)-(4).

Arrests and referrals to law enforcement are none of the 14. A calculation about them may look the
same, but no State has to make it, and it identifies nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeroom.errors import BadInput
from homeroom.text_gate import short


@dataclass(frozen=True, slots=True)
class Group:
    """One of the seven groups; everyone but the first is not Hispanic or Latino."""

    id: str
    label: str
    also: tuple[str, ...] = ()


GROUPS = (
    Group("HL", "Hispanic or Latino of any race", ("H", "HI", "hispanic", "latino")),
    Group("AI", "American Indian or Alaska Native", ("AM", "american_indian")),
    Group("A", "Asian", ("AS",)),
    Group("B", "Black or African American", ("BL", "african_american")),
    Group("NH", "Native Hawaiian or Other Pacific Islander", ("HP", "PI", "pacific_islander")),
    Group("W", "White", ("WH",)),
    Group("2M", "Two or more races", ("T", "TR", "two_or_more", "multiracial")),
)
"""300.647(b)(2), in the rule's order."""


@dataclass(frozen=True, slots=True)
class Category:
    """One of the fourteen outcomes.

    Attributes
    ----------
    number
        From 1 to 14.
    id, label
        A name for data, and the name in words.
    among
        The base population: ``enrolled`` children, or ``children with disabilities``.
    ages
        First and last age counted.
    counts
        ``children``, or ``removals``: one child may have several removals, so that category
        14 may have a risk above 1.
    paragraph
        Where the rule lists it.
    """

    number: int
    id: str
    label: str
    among: str
    ages: tuple[int, int]
    counts: str
    paragraph: str
    also: tuple[str, ...] = ()


_ALL, _IDEA = "enrolled", "children with disabilities"
_FIRST, _KIND, _PLACED = "300.647(b)(3)(i)", "300.647(b)(3)(ii)", "300.647(b)(4)"
_IDENTIFIED = (
    ("identified", "Identified as a child with a disability", _FIRST, ()),
    ("intellectual_disability", "Intellectual disability", _KIND, ("ID",)),
    ("specific_learning_disability", "Specific learning disability", _KIND, ("SLD",)),
    ("emotional_disturbance", "Emotional disturbance", _KIND, ("ED",)),
    ("speech_or_language", "Speech or language impairment", _KIND, ("SLI",)),
    ("other_health_impairment", "Other health impairment", _KIND, ("OHI",)),
    ("autism", "Autism", _KIND, ("AUT",)),
)
_PLACEMENTS = (
    ("regular_class_under_40", "Inside a regular class less than 40% of the day", ("RCLT40",)),
    ("separate_settings", "In separate schools and residential facilities", ("SS",)),
)
_DISCIPLINE = (
    ("oss_10_or_less", "Out-of-school suspension or expulsion, 10 days or less", "OSSELTE10"),
    ("oss_over_10", "Out-of-school suspension or expulsion, more than 10 days", "OSSEMT10"),
    ("iss_10_or_less", "In-school suspension, 10 days or less", "ISSLTE10"),
    ("iss_over_10", "In-school suspension, more than 10 days", "ISSMT10"),
    ("total_removals", "Disciplinary removals in total", "TDR"),
)
CATEGORIES = (
    *(
        Category(number, name, label, _ALL, (3, 21), "children", paragraph, also)
        for number, (name, label, paragraph, also) in enumerate(_IDENTIFIED, 1)
    ),
    *(
        Category(number, name, label, _IDEA, (6, 21), "children", _PLACED, also)
        for number, (name, label, also) in enumerate(_PLACEMENTS, 8)
    ),
    *(
        Category(
            number, name, label, _IDEA, (3, 21),
            "removals" if name == "total_removals" else "children", _PLACED, (code,),
        )
        for number, (name, label, code) in enumerate(_DISCIPLINE, 10)
    ),
)  # fmt: skip
"""300.647(b)(3)-(4). Days of categories 10 to 13 add up over the school year."""

_OUTSIDE = re.compile(r"arrest|referral|referred|law.?enforcement|police", re.IGNORECASE)


def _key(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


_CATEGORY_OF = {
    key: one for one in CATEGORIES for key in (str(one.number), _key(one.id), *map(_key, one.also))
}
_GROUP_OF = {
    key: one.id
    for one in GROUPS
    for key in map(_key, (one.id, one.label, one.label.split(" or ")[0], *one.also))
}


def category(name: str | int) -> Category:
    """Return one of the fourteen categories.

    Parameters
    ----------
    name
        Its number from 1 to 14, its id, or a code in use, such as ``OSSEMT10``.

    Raises
    ------
    BadInput
        There is no such category; arrests and referrals are none.
    """
    if found := _CATEGORY_OF.get(_key(str(name))):
        return found
    if _OUTSIDE.search(str(name)):
        raise BadInput(
            f"category {short(name)}: arrests and referrals to law enforcement are not among the "
            "14 categories of 34 CFR 300.647(b)(3)-(4), and no State identifies by them. Compare "
            "their rates as a plain ratio instead."
        )
    names = ", ".join(f"{one.number} {one.id}" for one in CATEGORIES)
    raise BadInput(f"category {short(name)}: expected one of {names}.")


def group_id(name: str) -> str:
    """Return the id of one of the seven groups by any of its usual names, or the name as it is.

    Parameters
    ----------
    name
        Such as ``B``, ``black``, or ``Black or African American``.
    """
    return _GROUP_OF.get(_key(name), name.strip())
