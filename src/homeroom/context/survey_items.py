"""How the items of SSOCS are presented: in themes, in words, and where the question changed.

The items themselves stand in :mod:`homeroom.sources.ssocs`, where one id is one question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from homeroom.errors import BadInput
from homeroom.sources.ssocs import Item, catalogue

THEMES = {
    "present": "Officers and guards present",
    "tasks": "What officers do",
    "equipment": "What officers carry",
    "security": "Access, cameras and detectors",
    "threat_assessment": "Threat assessment",
    "support": "Support for students, and what limits it",
    "incidents": "Incidents, arrests and discipline",
}

_THEME_OF_TOPIC = {
    "officers": "present", "security": "tasks", "officer_tasks": "tasks", "officer_policy": "tasks",
    "officer_arms": "equipment", "access": "security", "prevention": "support",
    "mental_health": "support", "limits": "support", "incidents": "incidents",
    "arrests": "incidents", "discipline": "incidents",
}  # fmt: skip
_THEME_OF_ITEM = {
    "security_staff": "present", "security_full_time": "present", "security_guard": "present",
    "security_firearm": "equipment", "security_firearm_of_all": "equipment",
    "security_stun_gun": "equipment", "security_chemical_spray": "equipment",
    "threat_assessment": "threat_assessment", "threat_assessment_monthly": "threat_assessment",
    "anonymous_reporting": "threat_assessment",
}  # fmt: skip

DOMAINS = {
    "all": "all public schools",
    "level": "level",
    "locale": "locale",
    "size": "students enrolled",
    "minority": "share of students of color",
}

CATEGORIES = {
    "all": "All", "primary": "Primary", "middle": "Middle", "high": "High", "combined": "Combined",
    "city": "City", "suburb": "Suburb", "town": "Town", "rural": "Rural",
    "under_300": "Under 300", "300_to_499": "300 to 499", "500_to_999": "500 to 999",
    "1000_or_more": "1,000 or more",
    "under_5": "Under 5%", "5_to_20": "5 to under 20%", "20_to_50": "20 to under 50%",
    "50_or_more": "50% or more",
}  # fmt: skip
"""Labels of categories, in the order in which they are shown."""

DOMAIN_BREAKS = {
    ("locale", 2008): "In 2006 schools were sorted by metropolitan status, later by distance from "
    "urban areas: the groups of 2006 are others.",
}
"""From which year the groups of a domain are other groups, and why."""


@dataclass(frozen=True, slots=True)
class Change:
    """Items that ask about one matter in different words; no line joins them."""

    items: tuple[str, ...]
    why: str


_TOGETHER = (
    "In 2006 and 2008 the question was on guards and officers together, from 2016 on sworn "
    "officers alone."
)
_FORM = (
    "In 2016 a yes to any of three questions by place and provider, in 2018 to one question: the "
    "two do not measure the same."
)
_PARENTS = (
    "In 2016 the question was on lack of parental support, in 2018 on concerns about reactions "
    "from parents."
)
_BOTH = (
    "firearm", "firearm_of_all", "chemical_spray", "patrol", "discipline", "coordination",
    "problem_solving", "training", "mentoring", "teaching",
)  # fmt: skip

CHANGES = (
    *(Change((f"security_{what}", f"officer_{what}"), _TOGETHER) for what in _BOTH),
    Change(
        ("security_stun_gun", "officer_stun_gun", "officer_restraints"),
        f"{_TOGETHER} In 2018 it was on physical restraints instead of stun guns.",
    ),
    Change(
        ("visitor_sign_in", "visitor_sign_in_and_badge"),
        "Until 2008 the question was on visitors who sign in, from 2016 on those who sign in and "
        "wear badges.",
    ),
    Change(
        ("student_conflict_resolution", "peer_mediation"),
        "Until 2008 the question named conflict resolution, peer mediation and student court "
        "together, from 2016 peer mediation alone.",
    ),
    Change(("diagnosis_2016_form", "diagnosis"), _FORM),
    Change(("diagnosis_at_school_2016_form", "diagnosis_at_school_of_all"), _FORM),
    Change(("diagnosis_outside_2016_form", "diagnosis_outside"), _FORM),
    Change(("treatment_2016_form", "treatment"), _FORM),
    Change(("treatment_at_school_2016_form", "treatment_at_school_of_all"), _FORM),
    Change(("treatment_outside_2016_form", "treatment_outside"), _FORM),
    Change(("limit_parent_support", "limit_parent_reactions"), _PARENTS),
    Change(("limit_parent_support_any", "limit_parent_reactions_any"), _PARENTS),
    Change(
        ("serious_action_with_insubordination", "serious_action"),
        "Insubordination was asked about in 2006 and 2008 only. The public-use file of 2018 has no "
        "removals or transfers.",
    ),
)


def theme_of(item: Item) -> str:
    """Return the theme under which an item is shown."""
    return _THEME_OF_ITEM.get(item.id) or _THEME_OF_TOPIC[item.topic]


def items_of(theme: str) -> Iterator[Item]:
    """Return a theme's items in the order of the survey."""
    return (item for item in catalogue().items if theme_of(item) == theme)


def item_of(item_id: str) -> Item:
    """Return an item.

    Raises
    ------
    BadInput
        There is none of that id; the message lists ids like it.
    """
    known = {item.id: item for item in catalogue().items}
    if item_id not in known:
        near = get_close_matches(item_id, known, n=5, cutoff=0.5)
        like = f" Like it: {', '.join(near)}." if near else ""
        raise BadInput(
            f"survey item {item_id!r}: expected an item of the survey, found none of "
            f"that name.{like}"
        )
    return known[item_id]


def change_of(item_id: str) -> Change | None:
    """Return the other wordings of an item, if its question changed."""
    return next((change for change in CHANGES if item_id in change.items), None)


def years_of(item: Item) -> str:
    """Name an item's years, as in 2005-06 and 2007-08."""
    years = [school_year(year) for year in sorted(item.questions)]
    return " and ".join([", ".join(years[:-1]), years[-1]] if years[1:] else years)


def school_year(year: int) -> str:
    """Name the school year that ended in the spring of a year."""
    return f"{year - 1}-{year % 100:02d}"
