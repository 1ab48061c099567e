"""Numbers of posts that are more likely a slip than a plan."""

from __future__ import annotations

from homeroom.errors import BadInput
from homeroom.plans.baseline import Baseline, Ints
from homeroom.plans.document import Plan
from homeroom.plans.placing import ratio_of
from homeroom.vocabulary.roles import ROLES

_CROWDED, _TWICE = 25, 2
"""Students a post below which a number is a slip; multiple of a ratio that is asked about."""


def too_many(plan: Plan, base: Baseline, after: dict[str, Ints]) -> list[str]:
    """Ask about more posts than a place can have use for.

    Parameters
    ----------
    plan
        Whom it hires.
    base
        The place, whose students are counted.
    after
        Role to hundredths of posts after the plan, school by school.

    Raises
    ------
    BadInput
        The plan comes to more than one post of a role for 25 students, a class.
    """
    students = int(base.students[base.enrolled].sum())
    said = []
    for role, hired in plan.hire.items():
        posts, ratio = int(after[role][after[role] > 0].sum()) / 100, ratio_of(plan, role)
        label = ROLES[role].label.lower()
        if posts * _CROWDED > students > 0:
            raise BadInput(
                f"hire: {role}: {hired / 100:,g} {label} would make one for each "
                f"{students / posts:.0f} students of {base.name}: expected at most one for each "
                f"{_CROWDED}, a class: correct the number."
            )
        if ratio and posts * ratio > _TWICE * students > 0:
            said.append(
                f"{hired / 100:,g} {label} would make one for each {students / posts:.0f} "
                f"students, more than twice what {ratio} students a post asks for: check the "
                "number."
            )
    return said
