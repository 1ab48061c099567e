"""What a unit costs: a default traced to its rows, or the plan's own price.

A default post is a published wage made like for like, loaded, and carried to the plan's first year
(``wage_prices``). Low and high are that price times the country's ratio of the lower and the upper
quartile of single workers' pay to the median. What only a news report or a vendor says is never
used unless the plan names its row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.store import Store
from homeroom.plans.actions import bridges
from homeroom.plans.document import PriceGiven
from homeroom.plans.money import Cents, to_cents
from homeroom.plans.wage_prices import OCCUPATION, Step, wage_price
from homeroom.research import cost
from homeroom.research.costs import addresses
from homeroom.research.library_files import load
from homeroom.research.price_index import PriceIndex, price_index
from homeroom.research.schema import CostKind
from homeroom.vocabulary.roles import ROLES

PRICED = (*OCCUPATION,)
_UNIT = "US$ per full-time equivalent and year: pay and benefits, no equipment or overhead"
QUARTILES = "the lower and upper quartile of single workers' pay in the country"
"""What the low and high of a default price are."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that a figure comes from, with its address."""

    id: str
    url: str
    what: str
    verified: bool = True

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        return {"id": self.id, "url": self.url, "what": self.what, "verified": self.verified}


@dataclass(frozen=True, slots=True)
class Price:
    """Cents a unit and year, with the rows behind them. Low and high are not an interval.

    Attributes
    ----------
    year
        The year that the price was published for; None where no year is known.
    dollars_of
        The year whose dollars it is in; None where it could not be carried.
    steps
        The factors that a default comes from, in order.
    range_is
        What low and high are; empty where the price has no range.
    """

    item: str
    low: int
    central: int
    high: int
    unit: str
    basis: str
    rows: tuple[Row, ...]
    year: int | None = None
    dollars_of: int | None = None
    steps: tuple[Step, ...] = ()
    range_is: str = ""

    @property
    def ranges(self) -> bool:
        """Whether the price has a range to draw from."""
        return self.low < self.high

    def drawn(self, level: np.ndarray) -> Cents:
        """Return the central price, then one price for each level in [0, 1).

        Levels below a half run evenly from low to central, the others from central to high.
        """
        middle = np.interp(level, [0.0, 0.5, 1.0], [self.low, self.central, self.high])
        return np.concatenate([[self.central], np.rint(middle).astype(np.int64)]).astype(np.int64)

    def times(self, factor: Fraction, why: str) -> Price:
        """Return the price times a factor, with the reason in its basis."""
        low, central, high = (
            round(Fraction(value) * factor) for value in (self.low, self.central, self.high)
        )
        basis = f"{self.basis}; times {float(factor):.3f}: {why}"
        return replace(self, low=low, central=central, high=high, basis=basis)

    def plus(self, other: Price) -> Price:
        """Return the price with another on top, as overtime comes on top of pay."""
        return replace(
            self,
            low=self.low + other.low, central=self.central + other.central,
            high=self.high + other.high,
            basis=f"{self.basis}; plus {other.item}: {other.basis}",
            rows=(*self.rows, *other.rows),
            range_is=self.range_is or other.range_is,
        )  # fmt: skip


def default_cost(
    item: str,
    state: str | None,
    store: Store | None = None,
    *,
    start: int | None = None,
    in_schools: bool = True,
    months: int | None = None,
    index: PriceIndex | None = None,
) -> Price:
    """Return the default price of a role, or of security staff priced as one.

    Parameters
    ----------
    item
        A role, or an action with wages behind it (plainclothes, unarmed_staff).
    state
        Postal code; without one, or where the state's wage is not published, the nation's.
    store
        The store with the wages by state.
    start
        The year whose dollars the price is in; the last year of the price index where not given.
    in_schools
        Whether the school district employs them. Officers of a city or county are not paid as
        schools pay.
    months
        Months that the contract pays; None is the usual contract.
    index
        What carries the price; the shipped index where not given.

    Raises
    ------
    NotAvailable
        No verified price is known; the message lists the unverified rows that a plan may name.
    BadInput
        There is no such item.
    """
    known = bridges().actions
    role = known[item].priced_as if item in known else None
    role = role or item
    if role not in OCCUPATION:
        if item in known:
            raise _no_price(item)
        raise BadInput(f"price of {item!r}: expected one of {', '.join((*PRICED, *known))}.")
    found = wage_price(
        role, state, store, start=price_index().last if start is None else start,
        in_schools=in_schools, months=months, index=index,
    )  # fmt: skip
    low, central, high = (_cents(value) for value in (found.low, found.central, found.high))
    return Price(
        item, low, central, high, _UNIT, _told(found.steps),
        tuple(Row(*row) for row in found.rows),
        year=found.year, dollars_of=found.dollars_of, steps=found.steps, range_is=QUARTILES,
    )  # fmt: skip


def _cents(exact: Fraction) -> int:
    """Round to the cent, halves to even."""
    return round(exact * 100)


def _told(steps: tuple[Step, ...]) -> str:
    first, *rest = steps
    told = [f"{first.value:,.0f} dollars, the {first.what} ({first.basis})"]
    told += [f"times {step.value:.3f}: {step.what} ({step.basis})" for step in rest]
    return "; ".join(told)


def _no_price(item: str) -> NotAvailable:
    near = [
        one.cost_id
        for one in load().costs.values()
        if one.kind in ("technology", "programme") and one.central is not None
    ]
    return NotAvailable(
        f"price of {item}: expected a price in the plan (central and source), found none, and no "
        "verified default is known. The cost table has these rows, most of them prices that a "
        f"press or vendor report names; a plan may name one as `row`: {', '.join(near)}."
    )


def wage_note(*, short: bool = False) -> str:
    """Say what the default prices rest on: wages, schools, benefits, and the year."""
    if short:
        return (
            "Wages: Bureau of Labor Statistics, made like for like with what schools pay; "
            f"benefits: ECEC table 3; carried to the year by the {price_index().name}."
        )
    told = ", ".join(
        f"{ROLES[role].label.lower()} {_percent(role)}" for role in OCCUPATION if role in ROLES
    )
    return (
        "Default prices: the median wage of the occupation in the state (OEWS); times what schools "
        f"pay people of it against all employers, in the nation in May 2024 ({told}); times "
        "benefits (ECEC table 3, over wages and paid leave, since yearly pay holds leave already); "
        f"carried to the plan's first year by the {price_index().name}. Officers whom a city or "
        "county employs are priced as all officers are. Your own price, where given, replaces the "
        "default."
    )


def _percent(role: str) -> str:
    slug = role.replace("_", "-")
    schools, every = (cost(f"wage-{slug}{part}-2024").central for part in ("-schools", ""))
    change = 100 * (float(schools or 0) / float(every or 1) - 1)
    return f"{change:+.0f}%"


def _row(cost_id: str) -> Row:
    found = cost(cost_id)
    url = next(iter(addresses(found, load())), "")
    return Row(cost_id, url, f"{found.item}; {found.source}", found.verified.at_source)


_LABOR = (CostKind.WAGE, CostKind.LOADED, CostKind.OBSERVED)
"""Rows that are what people cost, which the price index is about."""


def given(
    item: str, price: PriceGiven, start: int | None = None, index: PriceIndex | None = None
) -> Price:
    """Return the price that a plan states, or the row of the cost table that it names.

    Parameters
    ----------
    item
        What it is the price of.
    price
        The plan's price.
    start
        The plan's first year. A row of what people cost is carried there from its year; a stated
        price is one of that year, unless it names another.
    index
        What carries it; the shipped index where not given.

    Raises
    ------
    BadInput
        The row is unknown, or holds no price.
    """
    if price.row is None:
        stated = (Row(f"plan:{item}", "", f"stated in the plan: {price.source}"),)
        made = Price(
            item, price.low, price.central, price.high, "US$ per unit, as the plan states",
            price.source, stated, year=price.year or start, dollars_of=price.year or start,
            range_is="the plan's own low and high" if price.low < price.high else "",
        )  # fmt: skip
        return made if price.year is None or start is None else carried(made, start, index)
    found = cost(price.row)
    central = found.central
    if central is None or not found.unit.startswith("US$") or "illion" in found.unit:
        raise BadInput(
            f"price of {item}: row {price.row} is {found.unit!r} with central {central}: expected "
            "dollars a unit. State low, central, high and source instead."
        )
    low = min(found.low if found.low is not None else central, central)
    high = max(found.high if found.high is not None else central, central)
    made = Price(
        item, to_cents(low), to_cents(central), to_cents(high), found.unit,
        f"{found.basis}; {found.year}", (_row(found.cost_id),), year=year_of(found.year),
        dollars_of=year_of(found.year),
        range_is=f"as the row says: {found.basis}" if low < high else "",
    )  # fmt: skip
    if start is None:
        return made
    if found.kind not in _LABOR:
        return replace(
            made, basis=f"{made.basis}; not carried to {start}: no index of such prices was read"
        )
    return carried(made, start, index)


def year_of(text: str | None) -> int | None:
    """Return the last year that a cost row names; None where it names none."""
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text or "")
    return int(found[-1]) if found else None


def carried(price: Price, start: int, index: PriceIndex | None = None) -> Price:
    """Return a price in the dollars of another year, by the price index."""
    index = index or price_index()
    if price.year is None or price.year < index.first:
        why = (
            "its year is not known" if price.year is None else f"the index begins in {index.first}"
        )
        return replace(price, basis=f"{price.basis}; not carried to {start}: {why}")
    if price.year == start:
        return price
    made = price.times(Fraction(index.factor(price.year, start)), index.words(price.year, start))
    rows = tuple(Row(*row) for row in index.rows(price.year, start))
    return replace(made, dollars_of=start, rows=(*price.rows, *rows))
