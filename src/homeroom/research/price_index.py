"""Carry a price from one year to another by a published index of what governments pay their staff.

The index is BLS's Employment Cost Index for state and local government workers, total
compensation, March to March. Beyond its last year the last change is taken to go on, and the
answer says so; before its first year nothing is carried.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from homeroom.errors import BadInput
from homeroom.research.schema import Verified


@dataclass(frozen=True, slots=True)
class Change:
    """The change over the 12 months that end in March of a year, in percent."""

    year: int
    percent: Decimal
    source: str
    url: str
    location: str
    verified: Verified


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """A published index, as its changes from year to year.

    Attributes
    ----------
    changes
        In the order of the years, without a gap.
    """

    id: str
    name: str
    series: str
    publisher: str
    changes: tuple[Change, ...]

    @property
    def first(self) -> int:
        """The earliest year from which a price can be carried."""
        return self.changes[0].year - 1

    @property
    def last(self) -> int:
        """The last year that is published."""
        return self.changes[-1].year

    @property
    def latest(self) -> Change:
        """The last change, which is taken to go on in later years."""
        return self.changes[-1]

    def factor(self, start: int, end: int) -> Decimal:
        """Return what a price of the year ``start`` is times in the year ``end``.

        Raises
        ------
        BadInput
            ``start`` lies before the index begins.
        """
        if start < self.first:
            raise BadInput(
                f"{self.name}: expected a price of {self.first} or later, found one of {start}: "
                "state a newer price."
            )
        product = Decimal(1)
        for year in range(min(start, end) + 1, max(start, end) + 1):
            product *= 1 + self._percent(year) / 100
        return product if end >= start else 1 / product

    def _percent(self, year: int) -> Decimal:
        known = {one.year: one.percent for one in self.changes}
        return known.get(year, self.latest.percent)

    def rows(self, start: int, end: int) -> list[tuple[str, str, str, bool]]:
        """Return id, address, words, and whether it was read at the source, change by change."""
        return [
            (f"{self.id}:{one.year}", one.url, f"{self.name}, {one.source}", one.verified.at_source)
            for one in self.changes
            if one.url and start < one.year <= end
        ]

    def words(self, start: int, end: int) -> str:
        """Return in words how a price was carried."""
        if not self.latest.url:
            return f"{self.name} ({self.series})"
        told = ", ".join(
            f"{year}: {one.percent}%" for one in self.changes if start < (year := one.year) <= end
        )
        beyond = (
            f"; after March {self.last} its last change of {self.latest.percent}% a year is taken "
            "to go on"
            if end > self.last
            else ""
        )
        return f"{self.name} ({self.series}; {told or 'no change published'}){beyond}"


def own_index(percent: Decimal) -> PriceIndex:
    """Return an index of one's own: the same change in every year from 2001 to 2120."""
    changes = tuple(
        Change(year, percent, "the plan", "", "", Verified.SECONDARY) for year in range(2001, 2121)
    )
    return PriceIndex(
        "plan", "the plan's own index", f"{percent.normalize():f}% a year", "", changes
    )


@cache
def price_index() -> PriceIndex:
    """Return the shipped index, read once."""
    text = files(__package__).joinpath("price_index.yaml").read_text("utf-8")
    keys: dict[str, Any] = yaml.safe_load(text)
    changes = tuple(
        Change(
            one["year"], Decimal(str(one["percent"])), one["source"], one["url"],
            one["location"], Verified(one["verified"]),
        )
        for one in keys["changes"]
    )  # fmt: skip
    return PriceIndex(keys["id"], keys["name"], keys["series"], keys["publisher"], changes)
