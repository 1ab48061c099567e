"""How much of an action each school gets: the share by which a finding is applied there.

A finding compares a school that has something with one that does not. A school that keeps an
officer keeps the presence, so nothing changes there: an effect of presence is applied only where
the first comes or the last leaves. A full post hired is a dose of one, and a part of a post that
part: that the change is in proportion is an assumption, and every result says so. Something bought
serves one school a unit, and what is spread over more schools than units is refused.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from homeroom.errors import BadInput
from homeroom.plans.actions import bridges
from homeroom.plans.baseline import UNKNOWN, Baseline, Ints
from homeroom.plans.document import Item, Plan
from homeroom.plans.placing import changed, hired

Dose = NDArray[np.float64]


def staff_after(plan: Plan, base: Baseline) -> dict[str, Ints]:
    """Return hundredths of every role after the plan, school by school; -1 stays unknown."""
    after = {role: posts.copy() for role, posts in base.staff.items()}
    if plan.officers:
        after["officer"] = changed(plan.officers, base, "officer", plan.step)
    if plan.guards:
        after["guard"] = changed(plan.guards, base, "guard", plan.step)
    for role in plan.hire:
        after[role] = base.staff[role] + hired(plan, base, role)
    return after


def doses(plan: Plan, base: Baseline, after: dict[str, Ints]) -> dict[str, Dose]:
    """Return each action's dose by school; below zero where something is taken away."""
    made: dict[str, Dose] = {}
    for role, action, asked in (
        ("officer", "officers", plan.officers),
        ("guard", "guards", plan.guards),
    ):
        if asked:
            made[action] = _of_change(base.staff[role], after[role])
    for role in plan.hire:
        made[role] = np.minimum((after[role] - base.staff[role]) / 100, 1.0)
    for item in plan.items:
        made[item.what] = _of_item(item, base)
    return made


def _of_change(before: Ints, after: Ints) -> Dose:
    """Return -1 where presence ends and 1 where it begins, of a part of a post that part; else 0.

    A school that goes from two officers to one still has an officer.
    """
    had, has = np.minimum(before / 100, 1.0), np.minimum(after / 100, 1.0)
    ends = np.where((before > 0) & (after == 0), -had, 0.0)
    begins = np.where((before == 0) & (after > 0), has, 0.0)
    return np.where(before == UNKNOWN, 0.0, ends + begins)


def settled(plan: Plan, base: Baseline) -> Plan:
    """Return the plan with the number of everything bought: one unit a school where none is said.

    Parameters
    ----------
    plan
        As read.
    base
        The place, whose schools are counted.
    """

    def counted(items: tuple[Item, ...]) -> tuple[Item, ...]:
        return tuple(
            item if item.units is not None
            else replace(item, units=100 * int(base.at(item.where, item.what).sum()))
            for item in items
        )  # fmt: skip

    return replace(plan, security=counted(plan.security), programs=counted(plan.programs))


def _of_item(item: Item, base: Baseline) -> Dose:
    """Return one for each school that a unit serves.

    Posts bought as security may serve several schools in turns, each by its part.

    Raises
    ------
    BadInput
        Fewer units are bought than there are schools meant.
    """
    chosen = base.at(item.where, item.what)
    schools = int(chosen.sum())
    if not item.hundredths or not schools:
        return np.zeros(len(chosen))
    if item.units is None:  # one for each
        return chosen.astype(np.float64)
    if bridges().actions[item.what].priced_as:
        return np.where(chosen, min(item.hundredths / (100 * schools), 1.0), 0.0)
    if item.hundredths < 100 * schools:
        raise BadInput(
            f"{item.what}: expected a unit for each of the {schools} schools meant, found "
            f"{item.hundredths / 100:g}: one unit serves one school. Name fewer schools (`schools: "
            f"high`, or a list of names), or buy {schools}."
        )
    return chosen.astype(np.float64)
