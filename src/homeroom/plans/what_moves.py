"""The inputs of a plan's money that are no price range: choices, each with its other end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction

from homeroom.evidence.store import Store
from homeroom.plans.baseline import Baseline
from homeroom.plans.costs import Price, default_cost
from homeroom.plans.document import Plan
from homeroom.plans.lines import Staffed
from homeroom.plans.payers import employed_by_schools
from homeroom.plans.plan_prices import beyond_pay, index_of
from homeroom.plans.tornado import Tornado, tornadoes
from homeroom.research import cost

Changed = tuple[Plan, Mapping[str, Price], str, str, str, str]
"""The plan and prices with an input changed; its two ends; what they are; when the sign turns."""
Switch = Callable[[], Changed]


def what_moves(
    plan: Plan, base: Baseline, store: Store | None, staffed: Staffed, prices: Mapping[str, Price]
) -> tuple[Tornado, ...]:
    """Return what moves a plan's new local money, once for each case of who pays.

    Parameters
    ----------
    plan
        The plan.
    base
        The place, for its state.
    store
        The store with the wages by state.
    staffed
        Officers and guards, today and by year.
    prices
        The prices used.
    """
    switches: dict[str, Switch] = {}
    if prices["officer"].steps:
        switches["the pay that officers get"] = lambda: _officers(plan, base, store, prices)
        switches["the benefits on officers' pay"] = lambda: _load(plan, prices)
    if plan.grant is not None:
        switches["the grant"] = lambda: _no_grant(plan, prices)
    if plan.start > index_of(plan).last:
        switches["how pay rises until the first year"] = lambda: _faster(plan, prices)
    return tornadoes(plan, staffed, prices, switches)


def _officers(
    plan: Plan, base: Baseline, store: Store | None, prices: Mapping[str, Price]
) -> Changed:
    schools = employed_by_schools(plan)
    other = default_cost(
        "officer", base.state, store, start=plan.start, in_schools=not schools, index=index_of(plan)
    )
    if plan.officer_costs and plan.officer_costs.total:
        other = other.plus(beyond_pay(plan))
    ends = ("as police of schools and colleges", "as all police")
    now, then = ends if schools else ends[::-1]
    return (
        plan, {**prices, "officer": other}, now, then, "two published medians, May 2024",
        f"officers are paid {then}",
    )  # fmt: skip


def _load(plan: Plan, prices: Mapping[str, Price]) -> Changed:
    """Take the load of all state and local workers instead of service occupations."""
    every, service = cost("fringe-government"), cost("fringe-service")
    ratio = Fraction(str(every.load_factor)) / Fraction(str(service.load_factor))
    other = prices["officer"].times(ratio, "the load of all state and local workers")
    return (
        plan, {**prices, "officer": other}, f"times {service.load_factor} (service occupations)",
        f"times {every.load_factor} (all state and local workers)", "two rows of ECEC table 3",
        f"officers' benefits are those of all state and local workers, times {every.load_factor}",
    )  # fmt: skip


def _no_grant(plan: Plan, prices: Mapping[str, Price]) -> Changed:
    return (
        replace(plan, grant=None), prices, "it comes", "it does not come", "the plan's own grant",
        "the grant does not come",
    )  # fmt: skip


def _faster(plan: Plan, prices: Mapping[str, Price]) -> Changed:
    index = index_of(plan)
    fastest = max(one.percent for one in index.changes)
    years = plan.start - index.last
    ratio = ((1 + Fraction(fastest) / 100) / (1 + Fraction(index.latest.percent) / 100)) ** years
    other = {
        name: one.times(ratio, f"{fastest}% a year after {index.last}") if one.steps else one
        for name, one in prices.items()
    }
    return (
        plan, other, f"{index.latest.percent}% a year after {index.last}",
        f"{fastest}% a year after {index.last}", "the last and the largest published change",
        f"pay rises {fastest}% a year after {index.last}",
    )  # fmt: skip
