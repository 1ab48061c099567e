"""What a unit costs by default: state wages and a fringe load, each traced to a row.

A state's wage row (OEWS) gives the median. Low and high are that median times the country's
ratio of the lower and the upper quartile to the median, of the same year, from the cost table;
all three times the load that turns wages into total compensation (BLS, ECEC table 3). What only a
news report or a vendor says is never used unless the plan names its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from homeroom.context.wages import Wage, median_wage
from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.store import Store
from homeroom.plans.actions import bridges
from homeroom.plans.document import PriceGiven
from homeroom.plans.money import Cents, to_cents
from homeroom.research import cost, fringe_load
from homeroom.research.costs import addresses
from homeroom.research.library_files import load
from homeroom.research.schema import Cost
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.roles import ROLES

OCCUPATION = {
    "counselor": "21-1012",
    "social_worker": "21-1021",
    "psychologist": "19-3034",
    "nurse": "29-1141",
    "officer": "33-3051",
    "guard": "33-9032",
}
PRICED = (*OCCUPATION,)
_SLUG = {"social_worker": "social-worker"}
_UNIT = "US$ per full-time equivalent and year: wages and benefits, no equipment or overhead"


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
    """Cents a unit and year, with the rows behind them. Low and high are not an interval."""

    item: str
    low: int
    central: int
    high: int
    unit: str
    basis: str
    rows: tuple[Row, ...]

    def drawn(self, level: np.ndarray) -> Cents:
        """Return the central price, then one price for each level in [0, 1).

        Levels below a half run evenly from low to central, the others from central to high.
        """
        middle = np.interp(level, [0.0, 0.5, 1.0], [self.low, self.central, self.high])
        return np.concatenate([[self.central], np.rint(middle).astype(np.int64)]).astype(np.int64)


def default_cost(item: str, state: str | None, store: Store | None = None) -> Price:
    """Return the default price of a role, or of security staff priced as one.

    Parameters
    ----------
    item
        A role, or an action with wages behind it (plainclothes, unarmed_staff).
    state
        Postal code; without one, or where the state's wage is not published, the nation's.
    store
        The store with the wages by state.

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
    wage = median_wage(store, OCCUPATION[role], state) if state and store is not None else None
    return _national(item, role) if wage is None else _of_state(item, role, wage)


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


def _of_state(item: str, role: str, wage: Wage) -> Price:
    median, year = int(wage.median or 0), wage.year
    costs = load().costs
    name = f"wage-{_SLUG.get(role, role)}-{year}"
    spread = costs.get(name) or costs[f"wage-{_SLUG.get(role, role)}-2024"]
    fringe = fringe_load(role)
    load_by = Decimal(str(fringe.load_factor))
    low, central, high = (
        Decimal(str(value)) for value in (spread.low, spread.central, spread.high)
    )
    publication = PUBLICATIONS["oews"]
    rows = (
        Row(
            wage.row_id, publication.url, f"{publication.title}, May {year}: median, all industries"
        ),
        _row(spread.cost_id),
        _row(fringe.cost_id),
    )
    return Price(
        item,
        to_cents(median * low / central * load_by),
        to_cents(median * load_by),
        to_cents(median * high / central * load_by),
        _UNIT,
        f"median wage of the state in May {year}, all industries{_wider(role)}, {median:,} "
        f"dollars, times {load_by} for benefits ({fringe.source}); low and high keep the country's "
        "ratio of the lower and upper quartile to the median",
        rows,
    )


def like_for_like(role: str) -> Cost | None:
    """Return what a role costs in public schools alone, with benefits; None where none is known.

    It is no default: the one there is (counselors) is known from a report only. A plan may name
    its row.
    """
    found = (one for one in load().costs.values() if one.kind == "loaded" and one.role == role)
    return next((one for one in found if "schools" in one.cost_id), None)


def wage_note(*, short: bool = False) -> str:
    """Say what the default prices rest on, and what schools alone pay where that is known."""
    if short:
        return (
            "Wages are medians of all industries, not of schools; benefits: Bureau of Labor "
            "Statistics, ECEC table 3."
        )
    told = [
        f"{ROLES[role].label.lower()} in local public schools cost ${one.central:,.0f} a year in "
        f"the nation ({one.year}, {one.basis}; row {one.cost_id}, known only from a report)"
        for role in OCCUPATION
        if (one := like_for_like(role)) is not None and one.central is not None
    ]
    alone = f" Like for like, {'; '.join(told)}." if told else ""
    return (
        "Default wages are medians of all industries, not of schools: those of counselors count "
        "advisers at colleges, those of nurses count hospitals. Benefits come from the Bureau of "
        f"Labor Statistics (ECEC, table 3).{alone} Your own price, where given, replaces the "
        "default."
    )


def _wider(role: str) -> str:
    return f" ({_COUNTED_TOO[role]})" if role in _COUNTED_TOO else ""


_COUNTED_TOO = {
    "counselor": "advisers at colleges are counted too",
    "nurse": "nurses in hospitals are counted too",
    "social_worker": "agencies outside schools are counted too",
    "officer": "all patrol officers",
    "guard": "all security guards",
}


def _national(item: str, role: str) -> Price:
    found = cost(f"loaded-{_SLUG.get(role, role)}-2024")
    if found.low is None or found.central is None or found.high is None:
        raise _no_price(item)
    rows = tuple(_row(name) for name in (found.cost_id, *found.derived_from))
    low, central, high = (to_cents(value) for value in (found.low, found.central, found.high))
    basis = f"{found.basis}; the nation, all industries{_wider(role)}"
    return Price(item, low, central, high, _UNIT, basis, rows)


def _row(cost_id: str) -> Row:
    found = cost(cost_id)
    url = next(iter(addresses(found, load())), "")
    return Row(cost_id, url, f"{found.item}; {found.source}", found.verified.at_source)


def given(item: str, price: PriceGiven) -> Price:
    """Return the price that a plan states, or the row of the cost table that it names.

    Raises
    ------
    BadInput
        The row is unknown, or holds no price.
    """
    if price.row is None:
        stated = (Row(f"plan:{item}", "", f"stated in the plan: {price.source}"),)
        return Price(
            item, price.low, price.central, price.high, "US$ per unit, as the plan states",
            price.source, stated,
        )  # fmt: skip
    found = cost(price.row)
    central = found.central
    if central is None or not found.unit.startswith("US$") or "illion" in found.unit:
        raise BadInput(
            f"price of {item}: row {price.row} is {found.unit!r} with central {central}: expected "
            "dollars a unit. State low, central, high and source instead."
        )
    low = min(found.low if found.low is not None else central, central)
    high = max(found.high if found.high is not None else central, central)
    return Price(
        item, to_cents(low), to_cents(central), to_cents(high), found.unit,
        f"{found.basis}; {found.year}", (_row(found.cost_id),),
    )  # fmt: skip
