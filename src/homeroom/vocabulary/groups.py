"""Groups of students as the CRDC names them: race and ethnicity, sex, disability."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """A category of one axis. ``element`` is its token in CRDC column names."""

    id: str
    label: str
    element: str
    definition: str


def _index(*groups: Group) -> dict[str, Group]:
    return {group.id: group for group in groups}


RACES = _index(
    Group("american_indian", "American Indian or Alaska Native", "AM", "Not Hispanic"),
    Group("asian", "Asian", "AS", "Not Hispanic"),
    Group("hispanic", "Hispanic or Latino", "HI", "Of any race"),
    Group("black", "Black or African American", "BL", "Not Hispanic"),
    Group("white", "White", "WH", "Not Hispanic"),
    Group("pacific", "Native Hawaiian or Other Pacific Islander", "HP", "Not Hispanic"),
    Group("two_or_more", "Two or more races", "TR", "Not Hispanic"),
)
SEXES = _index(
    Group("male", "Male", "M", "As reported by the school"),
    Group("female", "Female", "F", "As reported by the school"),
    Group("nonbinary", "Nonbinary", "X", "Optional from 2021-22 on"),
)
DISABILITIES = _index(
    Group("wodis", "Students without disabilities", "WODIS", "Neither IDEA nor Section 504"),
    Group("idea", "Students with disabilities (IDEA)", "IDEA", "Served under IDEA"),
    Group(
        "s504",
        "Students with disabilities (Section 504 only)",
        "504",
        "Served under Section 504 only; the CRDC publishes no race for them in discipline",
    ),
)
ALL = "all"
UNPUBLISHED = "none"
"""The race of a cell whose race the CRDC does not publish (Section 504 only)."""

RACE_OF_ELEMENT = {group.element: group.id for group in RACES.values()}
SEX_OF_ELEMENT = {group.element: group.id for group in SEXES.values()}
