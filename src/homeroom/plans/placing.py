"""Where staff go: who loses, who gains, to the hundredth of a post.

New staff are spread by water-filling: the schools furthest from the ratio are raised first, to one
common level. Posts are whole hundredths and none is lost on the way (Hamilton's method).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from homeroom.errors import BadInput
from homeroom.plans.baseline import UNKNOWN, Baseline, Flags, Ints
from homeroom.plans.document import Change, Plan
from homeroom.plans.money import split
from homeroom.vocabulary.roles import ROLES


def changed(change: Change, base: Baseline, role: str) -> Ints:
    """Return officers or guards after the change, school by school.

    Where the plan names no schools, every school's posts shrink in proportion; added posts go,
    one a school, to the largest schools without one first.

    Raises
    ------
    BadInput
        More would end than there are.
    """
    before = base.staff[role]
    inside = base.at(change.where, role) & (before != UNKNOWN)
    there = int(before[inside].sum())
    if change.form == "add":
        return before + _added(change.hundredths or 0, base, role, inside)
    if change.hundredths is not None:
        asked = change.hundredths
    else:
        asked = int((there * (change.share or Decimal(0))).to_integral_value(ROUND_HALF_EVEN))
    if asked > there:
        raise BadInput(
            f"{role}: expected at most {there / 100:g}, which {base.name} reported for {base.wave} "
            f"in the schools meant, found {asked / 100:g} to {change.form}: correct the number."
        )
    kept = asked if change.form == "keep" else there - asked
    after = before.copy()
    after[inside] = split(kept, before[inside]) if there else before[inside]
    return after


def _added(hundredths: int, base: Baseline, role: str, inside: Flags) -> Ints:
    added = np.zeros_like(base.staff[role])
    order = [
        int(at)
        for at in np.lexsort((-base.students, base.staff[role]))
        if inside[at] and base.students[at] > 0
    ]
    if hundredths and not order:
        raise BadInput(f"{role}: no school that reported staff can take the posts added.")
    left = hundredths
    while left > 0:
        for at in order:
            part = min(100, left)
            added[at] += part
            left -= part
    return added


def hired(plan: Plan, base: Baseline, role: str) -> Ints:
    """Return posts added to each school; those that did not report the role get none."""
    total = plan.hire.get(role, 0)
    before = base.staff[role]
    open_to = (before != UNKNOWN) & (base.students > 0)
    if total and not open_to.any():
        raise BadInput(f"hire: {role}: no school of {base.place} reported this role.")
    weights = np.where(open_to, base.students, 0).astype(np.float64)
    if plan.spread == "even":
        return split(total, open_to.astype(np.float64))
    if plan.spread == "students":
        return split(total, weights)
    ratio = ratio_of(plan, role)
    need = weights * 100 / ratio if ratio else weights
    filled = water_fill(need, before * open_to, total, capped=ratio is not None)
    # What is left when every school meets its ratio goes by students.
    short = total - int(filled.sum())
    return filled + split(short, weights) if short else filled


def water_fill(need: np.ndarray, have: Ints, total: int, *, capped: bool) -> Ints:
    """Raise the least covered to a common share of their need, with ``total`` hundredths."""
    at = need > 0
    if total == 0 or not at.any():
        return np.zeros(len(need), dtype=np.int64)
    share = have[at] / need[at]
    if capped:
        wanted = np.maximum(need[at] - have[at], 0).sum()
        total = min(total, int(wanted))
    low, high = 0.0, float(share.max() + total / need[at].sum() + 1)
    for _ in range(200):
        level = (low + high) / 2
        if np.maximum(level * need[at] - have[at], 0).sum() > total:
            high = level
        else:
            low = level
    lifted = np.maximum(low * need - have, 0) * at
    return split(total, lifted) if lifted.sum() > 0 else np.zeros(len(need), dtype=np.int64)


def ratio_of(plan: Plan, role: str) -> int | None:
    """Return the students per post that the plan measures by: its own ratio, or a body's."""
    return plan.ratios.get(role, ROLES[role].recommended)


def shortfall(students: Ints, have: Ints, ratio: int) -> Ints:
    """Return hundredths short of the ratio, school by school; 0 where something is unknown."""
    need = np.ceil(np.round(students * 100 / ratio, 9)).astype(np.int64)
    return np.where((have == UNKNOWN) | (students == UNKNOWN), 0, np.maximum(need - have, 0))
