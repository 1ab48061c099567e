"""One sentence on what a district reported and what the model adds."""

from __future__ import annotations

from homeroom.estimates.district import Estimate
from homeroom.vocabulary.groups import RACES, Group
from homeroom.vocabulary.measures import MEASURES

_NOUNS = {"arrests": "arrests", "referrals": "referrals to police"}


def people(group: str) -> str:
    """Return the name of a group's students."""
    return Group(group).people() if group in RACES else "other students"


def reported(found: Estimate) -> str:
    """Return what the district reported, in words."""
    what, wave = (
        _NOUNS.get(found.outcome) or MEASURES[found.outcome].label.lower(),
        " and ".join(found.waves),
    )
    if not found.students:
        return f"This district reported no {what} figures for {wave}."
    parts = [
        f"{_count(found.events_of[group], what)} among {_students(found, group)}"
        for group in (found.group, found.versus)
        if found.students_of[group]
    ]
    return f"In {wave} this district reported {' and '.join(parts)}." if parts else (
        f"This district has no {people(found.group)} and no {people(found.versus)}."
    )  # fmt: skip


def _count(events: int, what: str) -> str:
    return f"{events:,} {what}" if events else f"no {what}"


def _students(found: Estimate, group: str) -> str:
    return f"{found.students_of[group]:,} {people(group)}"


def data_or_model(found: Estimate) -> str:
    """Return how much of the ratio is the district's own data."""
    if found.ratio is None:
        return "Without students of both groups there is no ratio."
    own = (
        f"The model puts the rate of {people(found.group)} at {found.ratio.median:.1f} times that "
        f"of {people(found.versus)} (95% interval {found.ratio.low_95:.1f} to "
        f"{found.ratio.high_95:.1f})."
    )
    if found.moved is None:
        return own + " This specification gives every district the same ratio within a sex."
    if not found.own:
        return own + (
            " The data barely move this: it is what the model expects of a district like it."
        )
    return own + (
        f" Its own data take away {found.moved:.0%} of what the model did not know beforehand."
    )


def sentence(found: Estimate) -> str:
    """Return what was reported, and what the model adds."""
    return f"{reported(found)} {data_or_model(found)}"
