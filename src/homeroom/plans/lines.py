"""What a plan spends money on, line by line, with the posts of every month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from homeroom.plans.actions import PROGRAMMES
from homeroom.plans.baseline import Ints
from homeroom.plans.document import Plan
from homeroom.plans.format.staffing import Change, Hire
from homeroom.plans.money import MONTHS
from homeroom.plans.schedule import post_months, posts_by_month, shifted

EXIT = "leaving the agreement"


@dataclass(frozen=True, slots=True)
class Staffed:
    """Hundredths over all schools: today, then in each year in turn, the last staying.

    Attributes
    ----------
    units
        Hundredths of what is bought, by what it is.
    """

    officers: tuple[int, ...]
    guards: tuple[int, ...]
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that money is spent on.

    Attributes
    ----------
    kind
        officers, guards, hire, security, programmes, transition, or exit.
    price
        Name of its price.
    posts
        Hundredths of a post or unit by month, over all years.
    worked
        Share of the posts that are filled.
    """

    id: str
    kind: str
    price: str
    posts: Ints
    worked: Fraction = Fraction(1)

    def months(self, year: int, counted: np.ndarray | None = None) -> int:
        """Return hundredths of post-months of a year, or of those of its months that count."""
        return post_months(self.posts, year, self.worked, counted)


def lines(plan: Plan, staffed: Staffed) -> list[Line]:
    """Return the lines of spending, in a fixed order."""
    made = [
        Line("officers", "officers", "officer", officers_by_month(plan, staffed)),
        Line("guards", "guards", "guard", _guards(plan, staffed)),
    ]
    made += [_hired(plan, role, one) for role, one in plan.hires.items()]
    for item in plan.items:
        kind = "programmes" if item.what in PROGRAMMES else "security"
        units = staffed.units.get(item.what, item.units or 0)
        posts = (
            _once(units, plan.start_after, plan.years)
            if item.one_off
            else posts_by_month(0, (units,), begins=plan.start_after, over=0, years=plan.years)
        )
        made.append(Line(item.what, kind, item.what, posts))
    if plan.transition:
        made.append(Line("transition", "transition", "transition", _once(100, 0, plan.years)))
    if plan.agreement and plan.agreement.exit_cost and _ends(staffed.officers):
        when = leaves(plan)
        made.append(Line(EXIT, "exit", EXIT, _once(100, when, plan.years)))
    return _until_grant_ends(plan, made)


def leaves(plan: Plan) -> int:
    """Return the month in which officers begin to leave: never before the notice has run out."""
    notice = plan.agreement.notice if plan.agreement else 0
    return max(plan.leave_after, notice)


def officers_by_month(plan: Plan, staffed: Staffed) -> Ints:
    """Return hundredths of officers in each month."""
    return _changed(plan, plan.officers, staffed.officers, leaves(plan))


def _guards(plan: Plan, staffed: Staffed) -> Ints:
    return _changed(plan, plan.guards, staffed.guards, plan.timing.guards_leave_after)


def _changed(plan: Plan, change: Change | None, staffed: tuple[int, ...], begins: int) -> Ints:
    before, targets = staffed[0], staffed[1:]
    if change is None or not targets:
        return np.full(plan.years * MONTHS, before, dtype=np.int64)
    if change.form == "add":
        begins = plan.start_after
    return posts_by_month(before, targets, begins=begins, over=change.over, years=plan.years)


def _hired(plan: Plan, role: str, one: Hire) -> Line:
    begins = plan.start_after if one.start_after is None else one.start_after
    posts = posts_by_month(0, one.steps, begins=begins, over=one.over, years=plan.years)
    common = plan.hiring
    fill, vacant = one.fill_after, one.vacancies
    if fill is None:
        fill = common.fill_after if common else 0
    if vacant is None:
        vacant = common.vacancies if common else None
    worked = Fraction(1) - Fraction(vacant or 0)
    return Line(role, "hire", role, shifted(posts, fill), worked)


def _once(units: int, month: int, years: int) -> Ints:
    """Return a purchase: its whole price in the year in which it is made."""
    made = np.zeros(years * MONTHS, dtype=np.int64)
    year = month // MONTHS
    made[year * MONTHS : (year + 1) * MONTHS] = units
    return made


def _ends(staffed: tuple[int, ...]) -> bool:
    return min(staffed) < staffed[0]


def _until_grant_ends(plan: Plan, made: list[Line]) -> list[Line]:
    """End what a grant paid for together with the grant, where the plan says so."""
    grant = plan.grant
    if grant is None or grant.afterwards != "end" or grant.years is None:
        return made
    last = grant_years(plan)[1] * MONTHS
    kept = np.arange(plan.years * MONTHS) < last
    return [
        replace(line, posts=line.posts * kept) if line.kind in grant.pays_for else line
        for line in made
    ]


def grant_years(plan: Plan) -> tuple[int, int]:
    """Return the first year of a grant and the first after it, counted from the plan's first."""
    grant = plan.grant
    if grant is None:
        return 0, 0
    first = max((grant.starts or plan.start) - plan.start, 0)
    length = plan.years if grant.years is None else grant.years
    return first, min(first + length, plan.years)
