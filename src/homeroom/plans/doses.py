"""How much of an action each school gets: the share by which a finding is applied there.

A finding compares a school that has something with one that does not. One full post, or one unit
bought, is a dose of one; a part of a post is that part of the change. That the change is in
proportion is an assumption, and every result says so.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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
    """Return minus the share that leaves; else the posts that come where there were none, to 1."""
    had = before > 0
    leaves = np.where(had, np.minimum(after - before, 0) / np.where(had, before, 1), 0.0)
    comes = np.where(before == 0, np.minimum(after / 100, 1.0), 0.0)
    return np.where(before == UNKNOWN, 0.0, leaves + comes)


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
    chosen = base.at(item.where, item.what)
    return chosen.astype(np.float64) if item.hundredths else np.zeros(len(chosen))
