"""What moves new local money most: each input alone from its low to its high, the others central.

The answer to "what would change your mind" is the value at which the sign turns, where one lies
inside an input's own range.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy import optimize

from homeroom.plans.costs import Price
from homeroom.plans.document import Plan
from homeroom.plans.ledger import Books, all_books
from homeroom.plans.lines import Staffed
from homeroom.plans.money import Cents, dollars
from homeroom.vocabulary.roles import ROLES


@dataclass(frozen=True, slots=True)
class Input:
    """One input and what it does to new local money over all years.

    Attributes
    ----------
    low, high
        The input's own ends, in words.
    at_low, at_high
        New local money over all years in dollars with the input there.
    range_is
        What the ends are.
    turns_at
        Where the sign turns, in words; None where it does not within the range.
    """

    name: str
    low: str
    high: str
    at_low: float
    at_high: float
    range_is: str
    turns_at: str | None = None

    @property
    def width(self) -> float:
        """How far the answer moves."""
        return abs(self.at_high - self.at_low)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self) | {"width": self.width}


@dataclass(frozen=True, slots=True)
class Tornado:
    """All inputs of one case of who pays, the widest first."""

    case: str
    words: str
    central: float
    years: int
    inputs: tuple[Input, ...]

    def sentence(self, name: str) -> str:
        """Say what would change your mind about a plan of that name."""
        over = f"over {self.years} years" if self.years > 1 else "in its year"
        now = f"{name} {_costs(self.central)} {over}, {self.words}"
        turning = [one for one in self.inputs if one.turns_at]
        if self.central == 0:
            return f"{now}: nothing in it moves local money."
        if turning:
            told = "; or ".join(str(one.turns_at) for one in turning[:3])
            return f"{now}. It would turn if {told}."
        if not self.inputs:
            return f"{now}. No input has a range, so nothing can be said of what would turn it."
        widest = self.inputs[0]
        return (
            f"{now}. No input turns that alone within its range. The one that moves it most is "
            f"{widest.name}: from {_usd(widest.at_low)} to {_usd(widest.at_high)}."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case, "if": self.words, "new_local_money": self.central,
            "years": self.years, "inputs": [one.as_dict() for one in self.inputs],
            "what_would_change_your_mind": self.sentence("The plan"),
        }  # fmt: skip


def tornadoes(
    plan: Plan,
    staffed: Staffed,
    prices: Mapping[str, Price],
    switches: Mapping[str, Callable[[], tuple[Plan, Mapping[str, Price], str, str, str, str]]],
) -> tuple[Tornado, ...]:
    """Return what moves the answer, once for each case of who pays.

    Parameters
    ----------
    plan
        The plan.
    staffed
        Officers and guards, today and by year.
    prices
        The prices used.
    switches
        Other inputs by name: each gives the plan and prices with the input changed, then the two
        ends in words, and what they are.
    """
    unit = _central(prices)
    found = all_books(_free(plan), staffed, unit)
    return tuple(_one(plan, staffed, prices, switches, books) for books in found)


def _one(
    plan: Plan,
    staffed: Staffed,
    prices: Mapping[str, Price],
    switches: Mapping[str, Callable[[], tuple[Plan, Mapping[str, Price], str, str, str, str]]],
    books: Books,
) -> Tornado:
    case = books.case.name
    central = int(books.local[0])

    def local(changed: Mapping[str, Price], other: Plan = plan) -> int:
        found = all_books(_free(other), staffed, _central(changed))
        same = next((one for one in found if one.case.name == case), found[0])
        return int(same.local[0])

    made = []
    for name, price in prices.items():
        if price.ranges:
            one = _price(name, price, prices, local, central)
            if one is not None:
                made.append(one)
    for name, switch in switches.items():
        other, changed, low, high, what, turning = switch()
        value = local(changed, other)
        if value != central:
            turns = turning if value * central < 0 else None
            made.append(Input(name, low, high, dollars(central), dollars(value), what, turns))
    made.sort(key=lambda one: (-one.width, one.name))
    words = books.case.words
    return Tornado(case, words, dollars(central), plan.years, tuple(made))


def _price(
    name: str,
    price: Price,
    prices: Mapping[str, Price],
    local: Callable[..., int],
    central: int,
) -> Input | None:
    def at(value: float) -> float:
        return float(local({**prices, name: _fixed(price, round(value))}))

    low, high = at(price.low), at(price.high)
    if low == high:
        return None
    turns = None
    if low * high < 0:
        level = optimize.brentq(at, price.low, price.high, xtol=0.5)
        side = "more" if (high > low) == (central < 0) else "less"
        turns = f"one {_label(name)} costs {_usd(dollars(round(level)))} or {side} a year"
    return Input(
        f"the price of one {_label(name)}", _usd(dollars(price.low)), _usd(dollars(price.high)),
        dollars(round(low)), dollars(round(high)), price.range_is, turns,
    )  # fmt: skip


def _fixed(price: Price, value: int) -> Price:
    return Price(price.item, value, value, value, price.unit, price.basis, price.rows)


def _central(prices: Mapping[str, Price]) -> dict[str, Cents]:
    return {name: np.array([one.central], dtype=np.int64) for name, one in prices.items()}


def _free(plan: Plan) -> Plan:
    return replace(plan, budget=None)


_ONE = {
    "officer": "officer", "guard": "guard", "counselor": "counselor", "nurse": "nurse",
    "psychologist": "psychologist", "social_worker": "social worker",
}  # fmt: skip


def _label(name: str) -> str:
    if name in _ONE:
        return _ONE[name]
    return ROLES[name].label.lower() if name in ROLES else name.replace("_", " ")


def _costs(amount: float) -> str:
    if amount > 0:
        return f"needs {_usd(amount)} of new local money"
    return f"frees {_usd(-amount)} of local money" if amount < 0 else "needs no new local money"


def _usd(amount: float) -> str:
    sign = "−" if round(amount) < 0 else ""
    return f"{sign}${abs(amount):,.0f}"
