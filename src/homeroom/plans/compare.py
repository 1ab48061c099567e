"""Up to four plans side by side, beside keeping things as they are."""

from __future__ import annotations

from dataclasses import replace

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.baseline import baseline
from homeroom.plans.document import Plan
from homeroom.plans.format.buying import Transition
from homeroom.plans.simulate import DRAWS, SEED, Result, simulate

MOST = 4
AS_IS = "Keep as is"


def compare(
    plans: list[Plan], store: Store, *, seed: int = SEED, draws: int = DRAWS
) -> list[Result]:
    """Run plans of one place on the same draws, after keeping things as they are.

    Raises
    ------
    BadInput
        More than four plans, plans of different places, waves or years, or two of one name.
    """
    if not 1 <= len(plans) <= MOST:
        raise BadInput(
            f"expected one to four plans beside `{AS_IS}`, found {len(plans)}: compare fewer."
        )
    first = plans[0]
    for plan in plans[1:]:
        for name in ("place", "baseline", "start", "years"):
            one, other = getattr(first, name), getattr(plan, name)
            if one != other:
                raise BadInput(
                    f"{plan.name}: {name} is {other}, that of {first.name} is {one}: plans can be "
                    "compared for the same place, baseline and years only."
                )
    names = [AS_IS, *(plan.name for plan in plans)]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(f"two plans are called {twice[0]!r}: give each a name of its own.")
    base = baseline(store, first.place, first.baseline)
    return [
        simulate(plan, store, seed=seed, draws=draws, base=base) for plan in (as_is(first), *plans)
    ]


def as_is(plan: Plan) -> Plan:
    """Return the plan that changes nothing, for the same place and years and at the same prices."""
    return replace(
        plan, name=AS_IS, officers=None, guards=None, hires={}, security=(), programs=(),
        timing=Transition(), grant=None, budget=None, assumptions=(),
        prices={role: one for role, one in plan.prices.items() if role in ("officer", "guard")},
    )  # fmt: skip
