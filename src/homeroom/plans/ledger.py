"""What a plan costs, year by year: its lines, its prices, and books that balance to the cent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.actions import ACTIONS, PROGRAMMES
from homeroom.plans.baseline import Baseline
from homeroom.plans.costs import Price, default_cost, given
from homeroom.plans.document import Grant, Item, Plan
from homeroom.plans.money import MONTHS, Cents, Line, Year, amount, grown, rounded_division
from homeroom.plans.sizes import levels_drawn


@dataclass(frozen=True, slots=True)
class Staffed:
    """Hundredths of officers and guards before and after, over all schools."""

    officers: tuple[int, int]
    guards: tuple[int, int]


def prices(plan: Plan, base: Baseline, store: Store | None) -> dict[str, Price]:
    """Return the price of everything in the plan: the plan's own, or the default."""
    wanted = ["officer", "guard", *plan.hire]
    found = {
        role: given(role, plan.prices[role])
        if role in plan.prices
        else default_cost(role, base.state, store)
        for role in wanted
    }
    for item in plan.items:
        found[item.what] = (
            given(item.what, item.price)
            if item.price
            else default_cost(item.what, base.state, store)
        )
    if plan.transition:
        found["transition"] = given("transition", plan.transition)
    return found


def lines(plan: Plan, staffed: Staffed) -> list[Line]:
    """Return the lines of spending, in a fixed order."""
    before, after = _months(plan.leave_after, plan.years), _rest(plan.leave_after, plan.years)
    made = []
    for kind, role, (old, new) in (
        ("officers", "officer", staffed.officers),
        ("guards", "guard", staffed.guards),
    ):
        if getattr(plan, kind) is None:
            made.append(Line(kind, kind, role, old, (MONTHS,) * plan.years))
            continue
        made.append(Line(f"{kind} before the change", kind, role, old, before))
        made.append(Line(f"{kind} after the change", kind, role, new, after))
    working = _rest(plan.start_after, plan.years)
    made += [Line(role, "hire", role, posts, working) for role, posts in plan.hire.items()]
    for item in plan.items:
        kind = "programmes" if item.what in PROGRAMMES else "security"
        made.append(Line(item.what, kind, item.what, item.hundredths, _bought(item, plan)))
    if plan.transition:
        once = (MONTHS, *([0] * (plan.years - 1)))
        made.append(Line("transition", "transition", "transition", 100, once))
    return made


def _months(until: int, years: int) -> tuple[int, ...]:
    return tuple(min(max(until - MONTHS * year, 0), MONTHS) for year in range(years))


def _rest(after: int, years: int) -> tuple[int, ...]:
    return tuple(MONTHS - months for months in _months(after, years))


def _bought(item: Item, plan: Plan) -> tuple[int, ...]:
    """Return months paid: a purchase is paid once, a service from when the new staff start."""
    if not item.one_off:
        return _rest(plan.start_after, plan.years)
    return (MONTHS, *([0] * (plan.years - 1)))


def drawn(found: dict[str, Price], seed: int, draws: int) -> dict[str, Cents]:
    """Return each price as central and draws; all wages move together, other prices apart.

    One number stands for a district's wage level: to draw roles apart would make totals look
    surer than they are.
    """
    wages = levels_drawn(seed, "price:wages", draws)[2]
    return {
        name: price.drawn(
            levels_drawn(seed, f"price:{name}", draws)[2]
            if name in ACTIONS or name == "transition"
            else wages
        )
        for name, price in found.items()
    }


_BOUGHT = ("hire", "programmes", "security")


def books(plan: Plan, staffed: Staffed, unit: dict[str, Cents]) -> list[Year]:
    """Return the books of every year.

    Raises
    ------
    BadInput
        The plan spends more than it frees, is granted and may take from the budget.
    """
    made = []
    for number in range(plan.years):
        price = {name: grown(one, plan.growth, number) for name, one in unit.items()}
        spent: dict[str, Cents] = {}
        paid = {
            kind: np.zeros_like(price["officer"]) for kind in ("hire", "programmes", "security")
        }
        for line in lines(plan, staffed):
            part = amount(price[line.price], line.hundredths, line.months[number])
            spent[line.id] = part
            if line.kind in paid:
                paid[line.kind] = paid[line.kind] + part
        today = amount(price["officer"], staffed.officers[0], MONTHS) + amount(
            price["guard"], staffed.guards[0], MONTHS
        )
        grant = _granted(plan.grant, paid)
        total = sum(spent.values(), np.zeros_like(today))
        year = Year(plan.start + number, spent, today, grant, total - today - grant)
        year.check()
        made.append(year)
    _within_budget(plan, made)
    return made


def _granted(grant: Grant | None, paid: dict[str, Cents]) -> Cents:
    """Return what a grant pays: never more than what it may pay for costs."""
    if grant is None:
        return np.zeros_like(paid["hire"])
    eligible = sum((paid[kind] for kind in grant.pays_for), np.zeros_like(paid["hire"]))
    if grant.cents is not None:
        return np.minimum(eligible, grant.cents)
    top, bottom = (grant.share or 0).as_integer_ratio()
    if bottom > 10**6:
        raise BadInput("grant: share: expected at most six decimals, found more: round it.")
    return rounded_division(eligible * top, bottom)


def _within_budget(plan: Plan, made: list[Year]) -> None:
    """Refuse money from nowhere, at central prices."""
    if plan.budget is None:
        return
    for year in made:
        missing = int(year.local[0]) - plan.budget
        if missing > 0:
            raise BadInput(
                f"{plan.name}: money from nowhere: in {year.year} the plan spends "
                f"{_usd(int(year.total[0]))}; officers and guards cost {_usd(int(year.today[0]))} "
                f"today, the grant pays {_usd(int(year.grant[0]))} and the budget adds "
                f"{_usd(plan.budget)}: {_usd(missing)} has no source. Raise the budget, name a "
                "grant or buy less."
            )


def _usd(cents: int) -> str:
    return f"${cents / 100:,.2f}"
