"""Where staff go: who loses, who gains, in whole or half posts, at schools where people work.

New staff go to the school that is least covered, step after step (``apportion``). Detention,
hospitals, and other facilities get none unless the plan names them (``institutions``).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np

from homeroom.errors import BadInput
from homeroom.plans.apportion import filled, rounded, shared, taken
from homeroom.plans.baseline import UNKNOWN, Baseline, Flags, Ints
from homeroom.plans.document import Change, Plan
from homeroom.plans.format.amounts import Amount
from homeroom.plans.format.staffing import Where
from homeroom.plans.institutions import is_institution
from homeroom.vocabulary.roles import ROLES


def usual(base: Baseline) -> Flags:
    """Mark the schools that are no detention, hospital, or other facility."""
    marked = base.kinds or (frozenset(),) * len(base.names)
    return np.array(
        [
            not is_institution(name, juvenile="juvenile" in kinds)
            for name, kinds in zip(base.names, marked, strict=True)
        ],
        dtype=bool,
    )


def open_to(where: Where, base: Baseline, role: str) -> Flags:
    """Mark the schools that can take new staff: students known, role reported, no facility.

    A school that the plan names can take them whatever it is.
    """
    named = base.at(Where(names=where.names), role) if where.names else np.zeros_like(usual(base))
    able = (base.staff[role] != UNKNOWN) & (base.students > 0) & (usual(base) | named)
    return np.asarray(base.at(where, role) & able)


def targets(change: Change, base: Baseline, role: str, step: int) -> tuple[int, ...]:
    """Return hundredths over all schools in each year of the plan in turn, the last staying.

    Raises
    ------
    BadInput
        More would end than there are, or a number is no whole number of steps.
    """
    total = base.total(role)
    there = int(base.staff[role][_inside(change, base, role)].sum())
    if change.form == "add":
        return tuple(total + _whole(one, step, role) for one in change.steps)
    return tuple(
        total - there + _kept(one, change.form, there, base, role, step) for one in change.steps
    )


def changed(change: Change, base: Baseline, role: str, step: int) -> Ints:
    """Return officers or guards once the change is complete, school by school.

    Every school loses its share in whole steps, and added posts go, one a school, to the largest
    schools without one first.

    Raises
    ------
    BadInput
        More would end than there are, or a number is no whole number of steps.
    """
    before = base.staff[role]
    inside = _inside(change, base, role)
    last = change.steps[-1]
    if change.form == "add":
        hundredths = _whole(last, step, role)
        return before + _added(hundredths, base, role, open_to(change.where, base, role))
    there = int(before[inside].sum())
    kept = _kept(last, change.form, there, base, role, step)
    after = before.copy()
    if there:
        after[inside] -= taken(before[inside], base.students[inside], there - kept, step)
    return after


def _inside(change: Change, base: Baseline, role: str) -> Flags:
    return np.asarray(base.at(change.where, role) & (base.staff[role] != UNKNOWN))


def _kept(asked: Amount, form: str, there: int, base: Baseline, role: str, step: int) -> int:
    """Return the hundredths that stay of those that are there."""
    if asked.hundredths is None:
        share = int((there * (asked.share or Decimal(0))).to_integral_value(ROUND_HALF_EVEN))
        number = rounded(share, step, there)
    else:
        number = asked.hundredths
        if number > there:
            raise BadInput(
                f"{role}: expected at most {there / 100:g}, which {base.name} reported for "
                f"{base.wave} in the schools meant, found {number / 100:g} to {form}: correct "
                "the number."
            )
        if number != there:
            _whole(asked, step, role)
    return number if form == "keep" else there - number


def _whole(asked: Amount, step: int, role: str) -> int:
    """Refuse a number that is no whole number of steps."""
    number = asked.hundredths or 0
    if number % step:
        below = number // step * step
        raise BadInput(
            f"{role}: expected a number of {_STEP_WORDS.get(step, f'{step / 100:g} posts')}, found "
            f"{number / 100:g}: write {below / 100:g} or {(below + step) / 100:g}, or choose a "
            "smaller `step`."
        )
    return number


_STEP_WORDS = {100: "whole posts", 50: "whole or half posts", 25: "quarter posts",
               10: "tenths of a post", 1: "hundredths of a post"}  # fmt: skip


def _added(hundredths: int, base: Baseline, role: str, inside: Flags) -> Ints:
    added = np.zeros_like(base.staff[role])
    order = [int(at) for at in np.lexsort((-base.students, base.staff[role])) if inside[at]]
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
    """Return posts added to each school once all are hired.

    Raises
    ------
    BadInput
        No school can take them, or the number is no whole number of steps.
    """
    asked = plan.hires.get(role)
    if asked is None:
        return np.zeros_like(base.students)
    step = plan.step
    total = [_whole(Amount(hundredths=one), step, f"hire: {role}") for one in asked.steps][-1]
    before = base.staff[role]
    schools = open_to(asked.where, base, role)
    if total and not schools.any():
        raise BadInput(f"hire: {role}: no school of {base.place} reported this role.")
    weights = np.where(schools, base.students, 0).astype(np.float64)
    if plan.spread == "even":
        return shared(schools.astype(np.float64), total, step)
    ratio = ratio_of(plan, role)
    if plan.spread == "students" or not ratio:
        return shared(weights, total, step)
    made = filled(weights * 100 / ratio, np.maximum(before, 0), total, step)
    # What is left when no school lacks half a step goes by students.
    left = total - int(made.sum())
    return made + shared(weights, left, step) if left else made


def left_out(plan: Plan, base: Baseline) -> list[str]:
    """Return the facilities that get no new staff, by name."""
    if not plan.hires:
        return []
    named = {name.casefold() for one in plan.hires.values() for name in one.where.names}
    return [
        name.title() if name.isupper() else name
        for name, key, ok in zip(base.names, base.schools, usual(base), strict=True)
        if not ok and name.casefold() not in named and key not in named
    ]


def ratio_of(plan: Plan, role: str) -> int | None:
    """Return the students per post that the plan measures by: its own ratio, or a body's."""
    return plan.ratios.get(role, ROLES[role].recommended)


def shortfall(students: Ints, have: Ints, ratio: int) -> Ints:
    """Return hundredths short of the ratio, school by school; 0 where something is unknown."""
    need = np.ceil(np.round(students * 100 / ratio, 9)).astype(np.int64)
    return np.where((have == UNKNOWN) | (students == UNKNOWN), 0, np.maximum(need - have, 0))


def posts_short(students: Ints, have: Ints, ratio: int) -> float:
    """Return posts short of the ratio over all schools: exact until the sum is rounded once.

    Parameters
    ----------
    students, have
        By school; hundredths of posts. Schools where either is unknown do not count.
    ratio
        Students per post.
    """
    known = (have != UNKNOWN) & (students != UNKNOWN)
    lacking = np.maximum(students * 100 - have * ratio, 0)[known]
    return round(int(lacking.sum()) / (100 * ratio), 2)
