"""The price of everything in a plan, in the dollars of its first year.

A local price comes before a default one: the plan's own price, then the pay that the district
states under `today`, then published wages.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.baseline import Baseline
from homeroom.plans.costs import Price, Row, carried, default_cost, given
from homeroom.plans.document import Plan
from homeroom.plans.format.amounts import share_of
from homeroom.plans.payers import employed_by_schools
from homeroom.plans.wage_prices import usual_months
from homeroom.research import fringe_load
from homeroom.research.price_index import PriceIndex, own_index, price_index
from homeroom.text_gate import short


def index_of(plan: Plan) -> PriceIndex:
    """Return the index that carries a plan's prices: the shipped one, none, or a percent a year.

    Raises
    ------
    BadInput
        The plan names an index that is not shipped.
    """
    name = plan.price_index
    if name is None or name == price_index().id:
        return price_index()
    if name.casefold() == "none":
        return own_index(Decimal(0))
    percent = share_of(name)
    if percent is not None and 0 <= percent <= Decimal("0.2"):
        return own_index(percent * 100)
    raise BadInput(
        f"price_index: expected {price_index().id}, none, or a percent a year such as 3%, found "
        f"{short(name)}: choose one."
    )


def prices(plan: Plan, base: Baseline, store: Store | None) -> dict[str, Price]:
    """Return the price of everything in the plan: the plan's own, or the default.

    Parameters
    ----------
    plan
        The plan.
    base
        The place, for its state.
    store
        The store with the wages by state.

    Raises
    ------
    NotAvailable
        Something bought has no verified default price.
    """
    found = {role: _post(plan, role, base, store) for role in ("officer", "guard", *plan.hires)}
    for item in plan.items:
        found[item.what] = (
            given(item.what, item.price, plan.start, index_of(plan))
            if item.price
            else default_cost(
                item.what, base.state, store, start=plan.start, index=index_of(plan),
                in_schools=item.what != "plainclothes" or employed_by_schools(plan),
            )
        )  # fmt: skip
    if plan.transition:
        found["transition"] = given("transition", plan.transition, plan.start, index_of(plan))
    if plan.officer_costs and plan.officer_costs.total:
        found["officer"] = found["officer"].plus(beyond_pay(plan))
    return found


def wages_in(plan: Plan) -> frozenset[str]:
    """Return the names whose price is a wage, which go together from district to district."""
    bought = {item.what for item in plan.items if item.what in ("plainclothes", "unarmed_staff")}
    return frozenset({"officer", "guard", *plan.hires, *bought})


def _post(plan: Plan, role: str, base: Baseline, store: Store | None) -> Price:
    months = plan.hires[role].contract if role in plan.hires else None
    index = index_of(plan)
    if role in plan.prices:
        own = plan.prices[role]
        made = given(role, own, plan.start, index)
        if own.row is None and own.basis == "salary":
            made = _loaded(made, role)
        if own.contract and months and own.contract != months:
            made = made.times(
                Fraction(months, own.contract),
                f"a contract of {months} months; the price pays {own.contract}",
            )
        return made
    if plan.today and role in plan.today.salaries:
        return _from_salary(plan, role, months, index)
    return default_cost(
        role, base.state, store, start=plan.start, months=months, index=index,
        in_schools=role != "officer" or employed_by_schools(plan),
    )  # fmt: skip


def _from_salary(plan: Plan, role: str, months: int | None, index: PriceIndex) -> Price:
    today = plan.today
    pay = today.salaries[role] if today else 0
    year = (today.year if today else None) or plan.start
    source = today.source if today else ""
    stated = Price(
        role, pay, pay, pay, "US$ per full-time equivalent and year: pay and benefits",
        f"average pay of ${pay / 100:,.0f} by the word of {source}, {year}",
        (Row(f"plan:{role}", "", f"stated in the plan: {source}"),), year=year, dollars_of=year,
    )  # fmt: skip
    made = carried(_loaded(stated, role), plan.start, index)
    usual = usual_months(role)
    if months and months != usual:
        return made.times(Fraction(months, usual), f"a contract of {months} months, not {usual}")
    return made


def _loaded(price: Price, role: str) -> Price:
    row = fringe_load(role)
    made = price.times(
        Fraction(str(row.load_factor)), f"benefits on top of pay ({row.basis}; {row.source})"
    )
    return replace(
        made, rows=(*price.rows, Row(row.cost_id, next(iter(row.urls), ""), row.item)),
    )  # fmt: skip


def beyond_pay(plan: Plan) -> Price:
    """Return what an officer costs beyond pay, as the plan states it."""
    costs = plan.officer_costs
    if costs is None:
        raise BadInput("officer_costs: expected some, found none.")
    told = ", ".join(
        f"{name} ${value / 100:,.0f}"
        for name in ("overtime", "vehicles", "equipment", "training", "liability")
        if (value := getattr(costs, name))
    )
    source = costs.source or "the plan"
    return Price(
        "costs beyond pay", costs.total, costs.total, costs.total, "US$ per officer and year",
        f"{told} ({source})", (Row("plan:officer_costs", "", f"stated in the plan: {source}"),),
        year=plan.start, dollars_of=plan.start,
    )  # fmt: skip
