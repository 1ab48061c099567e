"""Posts short of the recommended ratios, before and after, each with what could make it larger."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from homeroom.plans.baseline import UNKNOWN, Baseline, Ints
from homeroom.plans.document import Plan
from homeroom.plans.placing import posts_short, ratio_of
from homeroom.vocabulary.roles import ROLES, SUPPORT


def gaps(plan: Plan, base: Baseline, posts: dict[str, Ints]) -> list[dict[str, Any]]:
    """Return each role's gap to its ratio, before and after, schools added up.

    Parameters
    ----------
    plan
        The plan, for its own ratios and its vacancies.
    base
        The place as it is.
    posts
        Role to hundredths of posts after the plan, by school.
    """
    made = []
    for role in SUPPORT:
        ratio = ratio_of(plan, role)
        if ratio is None:
            continue
        have, after, students = base.staff[role], posts[role], base.students
        known = (have != UNKNOWN) & base.enrolled
        met = [int((known & (students * 100 <= one * ratio)).sum()) for one in (have, after)]
        none = [int(students[known & (one == 0)].sum()) for one in (have, after)]
        short = [posts_short(students, one, ratio) for one in (have, after)]
        most = _most(plan, base, role, after, ratio)
        made.append(
            {
                "role": role,
                "students_per_post": ratio,
                "by": "the plan" if role in plan.ratios else ROLES[role].recommended_by,
                "short_before": short[0],
                "short_after": short[1],
                "short_after_most": most,
                "range_is": _words(plan, role, int((~known).sum()), short[1], most),
                "schools_meeting_before": met[0],
                "schools_meeting_after": met[1],
                "schools": int(known.sum()),
                "schools_unknown": int((~known).sum()),
                "students_without_any_before": none[0],
                "students_without_any_after": none[1],
            }
        )
    return made


def vacant(plan: Plan, role: str) -> Fraction:
    """Return the share of new posts of a role that stand vacant in a usual month."""
    one = plan.hires.get(role)
    if one is None:
        return Fraction(0)
    own = one.vacancies
    if own is None and plan.hiring is not None:
        own = plan.hiring.vacancies
    return Fraction(own or 0)


def _most(plan: Plan, base: Baseline, role: str, after: Ints, ratio: int) -> float:
    """Return the gap if silent schools have none of the role and vacancies stay open."""
    have = np.where(after == UNKNOWN, 0, after)
    new = np.maximum(have - np.maximum(base.staff[role], 0), 0)
    empty = vacant(plan, role)
    open_posts = -(-new * empty.numerator // empty.denominator)
    return posts_short(base.students, have - open_posts, ratio)


def _words(plan: Plan, role: str, silent: int, short: float, most: float) -> str:
    if most == short:
        return "every school reported, and every new post is taken to be filled"
    told = []
    if silent:
        told.append(f"the {silent} schools that did not report have none")
    if share := vacant(plan, role):
        told.append(f"{float(share):.0%} of the new posts stay vacant")
    return f"the larger figure holds if {' and '.join(told)}" if told else ""
