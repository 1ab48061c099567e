"""What a post costs by default: a published wage, made like for like, loaded, and carried.

Five factors, each shown with its source: the median wage of the occupation in the state; what
schools pay people of it over what all employers pay (the nation, one year); the load that adds
benefits; the months of the contract; and the index that carries the price to the plan's first year.

The load is total compensation over wages *and* paid leave. ECEC counts paid leave as a benefit,
but yearly pay in OEWS already holds it, so a load over wages alone would count leave twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from homeroom.context.wages import Wage, median_wage
from homeroom.evidence.store import Store
from homeroom.research import cost, fringe_load
from homeroom.research.library_files import load
from homeroom.research.price_index import PriceIndex, price_index
from homeroom.research.schema import Cost
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.states import STATES

OCCUPATION = {
    "counselor": "21-1012",
    "social_worker": "21-1021",
    "psychologist": "19-3034",
    "nurse": "29-1141",
    "officer": "33-3051",
    "guard": "33-9032",
}
PEOPLE = {
    "counselor": "educational, guidance, and career counselors",
    "social_worker": "child, family, and school social workers",
    "psychologist": "school psychologists",
    "nurse": "registered nurses",
    "officer": "patrol officers",
    "guard": "security guards",
}
_SLUG = {"social_worker": "social-worker"}
USUAL_MONTHS = {"officer": 12, "guard": 12}
"""Months that the published yearly pay is taken to be for; school staff: a school year of ten."""
SCHOOL_YEAR = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One factor of a price: what it is, its value, and where it comes from."""

    what: str
    value: Decimal
    basis: str
    row: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return plain values."""
        return {"what": self.what, "value": float(self.value), "basis": self.basis, "row": self.row}


@dataclass(frozen=True, slots=True)
class WagePrice:
    """A price in exact dollars, with its factors and the year whose dollars it is in."""

    low: Fraction
    central: Fraction
    high: Fraction
    steps: tuple[Step, ...]
    rows: tuple[tuple[str, str, str, bool], ...]
    """Id, address, words, and whether it was read at the source, of each row behind it."""
    year: int
    """The year of the wage."""
    dollars_of: int
    """The year whose dollars the price is in."""


def usual_months(role: str) -> int:
    """Return the months of a usual contract of a role."""
    return USUAL_MONTHS.get(role, SCHOOL_YEAR)


def wage_price(
    role: str,
    state: str | None,
    store: Store | None,
    *,
    start: int,
    in_schools: bool = True,
    months: int | None = None,
    index: PriceIndex | None = None,
) -> WagePrice:
    """Return what a post of a role costs in the dollars of a year.

    Parameters
    ----------
    role
        One of :data:`OCCUPATION`.
    state
        Postal code; without it, or where BLS publishes no median, the nation's wage.
    store
        The store with the wages by state.
    start
        The year whose dollars the price is in.
    in_schools
        Whether a school district employs them; else another government does, and no factor for
        schools is taken.
    months
        Months that the contract pays, 1 to 12; None is the usual contract.
    index
        What carries the price; the shipped index where not given.
    """
    slug = _SLUG.get(role, role)
    wage = median_wage(store, OCCUPATION[role], state) if state and store is not None else None
    steps = [_wage_step(role, wage)]
    year = wage.year if wage else 2024
    nation = load().costs.get(f"wage-{slug}-{year}") or cost(f"wage-{slug}-2024")
    rows = [_wage_row(wage) if wage else _cited(nation)]
    if wage:
        rows.append(_cited(nation))
    if in_schools:
        schools, every = cost(f"wage-{slug}-schools-2024"), cost(f"wage-{slug}-2024")
        steps.append(_like_for_like(schools, every, role))
        rows.append(_cited(schools))
    fringe = fringe_load(role)
    steps.append(_load(fringe))
    rows.append(_cited(fringe))
    if months is not None and months != usual_months(role):
        steps.append(_contract(role, months))
    if start != year:
        steps.append(_carried(year, start, index or price_index()))
        rows += (index or price_index()).rows(year, start)
    central = Fraction(1)
    for step in steps:
        central *= Fraction(step.value)
    below, above = _quartiles(nation)
    return WagePrice(
        central * below, central, central * above, tuple(steps), tuple(rows), year, start
    )


def _wage_step(role: str, wage: Wage | None) -> Step:
    people = PEOPLE[role]
    if wage is None:
        row = cost(f"wage-{_SLUG.get(role, role)}-2024")
        return Step(
            f"median wage of {people} in the nation, May 2024, all employers",
            Decimal(str(row.central)), row.source, row.cost_id,
        )  # fmt: skip
    return Step(
        f"median wage of {people} in {STATES.get(wage.state, wage.state)}, May {wage.year}, all "
        "employers",
        Decimal(int(wage.median or 0)), PUBLICATIONS["oews"].title, wage.row_id,
    )  # fmt: skip


def _like_for_like(schools: Cost, every: Cost, role: str) -> Step:
    ratio = Fraction(str(schools.central)) / Fraction(str(every.central))
    exact = Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return Step(
        f"what {_where(schools)} pay over what all employers pay {PEOPLE[role]}, the nation, May "
        "2024",
        exact,
        f"{schools.central:,.0f} over {every.central:,.0f} dollars ({schools.source}; "
        f"{schools.item})",
        schools.cost_id,
    )


def _where(schools: Cost) -> str:
    return "public schools" if "local schools" in schools.item else "schools and colleges"


def _load(fringe: Cost) -> Step:
    return Step(
        "benefits on top of pay",
        Decimal(str(fringe.load_factor)),
        f"total compensation {fringe.hourly_total:.2f} over wages {fringe.hourly_wages:.2f} and "
        f"paid leave {fringe.hourly_paid_leave:.2f} dollars an hour ({fringe.source}); yearly pay "
        "already holds paid leave",
        fringe.cost_id,
    )


def _contract(role: str, months: int) -> Step:
    usual = usual_months(role)
    return Step(
        f"a contract of {months} months instead of the usual {usual}",
        Decimal(months) / Decimal(usual),
        "the plan",
    )


def _carried(year: int, start: int, index: PriceIndex) -> Step:
    return Step(
        f"carried from {year} to {start}", index.factor(year, start), index.words(year, start),
        index.id,
    )  # fmt: skip


def _quartiles(nation: Cost) -> tuple[Fraction, Fraction]:
    """Return the lower and upper quartile of single workers' pay over the median, in the nation."""
    low, middle, high = (Fraction(str(v)) for v in (nation.low, nation.central, nation.high))
    return low / middle, high / middle


def _wage_row(wage: Wage) -> tuple[str, str, str, bool]:
    publication = PUBLICATIONS["oews"]
    return (
        wage.row_id,
        publication.url,
        f"{publication.title}, May {wage.year}: median, all industries",
        True,
    )


def _cited(row: Cost) -> tuple[str, str, str, bool]:
    words = f"{row.item}; {row.source}"
    return row.cost_id, next(iter(row.urls), ""), words, row.verified.at_source
