"""Money in whole cents: rounding once a line, splitting without loss, books that must balance.

Amounts are integers throughout, so that sums are exact. Arrays hold one price scenario a place:
the central prices first, then the draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

from homeroom.errors import BadInput
from homeroom.text_gate import short

Cents = NDArray[np.int64]
MONTHS = 12
LARGEST = 10**15
"""Ten trillion dollars: more than any plan, and far from the end of 64-bit integers."""


def cents(value: object, where: str) -> int:
    """Read dollars as cents.

    Raises
    ------
    BadInput
        The value is no number, is negative, has parts of a cent or is out of all proportion.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise BadInput(
            f"{where}: expected dollars, found {short(value)}: write a number such as 85000."
        )
    try:
        amount = Decimal(str(value)) * 100
    except (ArithmeticError, ValueError) as error:
        raise BadInput(
            f"{where}: expected dollars, found {short(value)}: write a number such as 85000."
        ) from error
    # Bounds come before int(), which would write out every digit of 1e999999.
    if not amount.is_finite() or not 0 <= amount <= LARGEST or amount != int(amount):
        raise BadInput(
            f"{where}: expected dollars from 0 to ten trillion with at most two decimals, found "
            f"{short(value)}: correct it."
        )
    return int(amount)


def to_cents(dollars: Decimal | float) -> int:
    """Round computed dollars to the cent, halves to even."""
    return int((Decimal(str(dollars)) * 100).to_integral_value(ROUND_HALF_EVEN))


def dollars(amount: int) -> float:
    """Return cents as dollars, for JSON."""
    return int(amount) / 100


def rounded_division(top: Cents, bottom: int) -> Cents:
    """Divide and round halves to even, in integers."""
    whole, rest = np.divmod(top, bottom)
    up = (2 * rest > bottom) | ((2 * rest == bottom) & (whole % 2 == 1))
    return np.asarray(whole + up, dtype=np.int64)


def amount(unit: Cents, post_months: int) -> Cents:
    """Price a line: cents a unit and year, times hundredths of a unit times months."""
    return rounded_division(unit * post_months, 100 * MONTHS)


def part(whole: Cents, share: Decimal) -> Cents:
    """Return a share of an amount, rounded to the cent, halves to even."""
    top, bottom = share.as_integer_ratio()
    if bottom > 10**6:
        top, bottom = round(share * 10**6), 10**6
    return rounded_division(whole * top, bottom)


def split(total: int, weights: Sequence[float] | NDArray[np.float64]) -> Cents:
    """Split cents by weights; the parts add up to the total, the largest remainders rounding up.

    The method is Hamilton's of apportionment. Weights of nothing but zero split into zeros only
    if the total is zero.
    """
    share = np.asarray(weights, dtype=np.float64)
    if (share < 0).any() or not np.isfinite(share).all():
        raise BadInput("expected weights of zero or more, found others: correct them.")
    if total == 0:
        return np.zeros(len(share), dtype=np.int64)
    if share.sum() <= 0:
        raise BadInput("expected at least one weight above zero to split money by, found none.")
    exact = share / share.sum() * total
    parts = np.floor(exact).astype(np.int64)
    order = np.lexsort((np.arange(len(share)), -(exact - parts)))
    order = order[share[order] > 0]
    left = total - int(parts.sum())
    if left < 0:  # a float that was rounded up to the next whole cent
        parts[np.argmax(parts)] += left
    else:
        parts[order] += left // len(order)
        parts[order[: left % len(order)]] += 1
    return np.asarray(parts, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Year:
    """The books of one year: what is spent, and where each cent comes from.

    Attributes
    ----------
    today
        What officers and guards cost today, whoever pays: money that is there already.
    local
        The district's new money; below zero where the plan costs it less than today.
    elsewhere
        What other payers spend more than today; below zero where they spend less. None of it is
        the district's to use.
    """

    year: int
    spent: Mapping[str, Cents]
    today: Cents
    grant: Cents
    local: Cents
    elsewhere: Mapping[str, Cents] = field(default_factory=dict)

    @property
    def total(self) -> Cents:
        """All that is spent, whoever pays."""
        return np.asarray(sum(self.spent.values(), np.zeros_like(self.today)), dtype=np.int64)

    def check(self) -> None:
        """Refuse books that do not balance to the cent, in any scenario."""
        others = sum(self.elsewhere.values(), np.zeros_like(self.today))
        if not np.array_equal(self.total, self.today + self.grant + self.local + others):
            raise BadInput(f"The books of {self.year} do not balance: this is a fault of ours.")


def grown(unit: Cents, basis_points: int, years: int) -> Cents:
    """Raise a price year by year, rounding each year as a payroll would."""
    for _ in range(years):
        unit = rounded_division(unit * (10_000 + basis_points), 10_000)
    return unit
