"""The yearly report that the bill would ask of a grantee, with small cells protected.

Which items it holds follows the version; where a version is silent the item is marked unknown and
still printed if it was given. Deadlines and the groups to report by are in no source read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from homeroom.errors import Ambiguous, BadInput
from homeroom.law.act.check import LATEST, PLACE
from homeroom.law.act.rules import read, stated
from homeroom.law.act.uses import use
from homeroom.law.documents import mapping
from homeroom.law.logic import Truth
from homeroom.statistics.suppression import MINIMUM, CountTable, ProtectedTable, protect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from homeroom.law.act.parameters import Bill

COUNTED = ("arrests", "referrals")
YEAR = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Item:
    """One part of the report: whether the version asks for it, and what was given."""

    id: str
    title: str
    required: Truth
    citation: str
    text_status: str
    content: object | None

    @property
    def missing(self) -> bool:
        """Return whether the version asks for the item and it was not given."""
        return self.required is Truth.YES and self.content is None

    def as_dict(self) -> dict[str, object]:
        """Return the item as plain values."""
        content = self.content
        return {
            "item": self.id,
            "title": self.title,
            "required": str(self.required),
            "citation": self.citation,
            "text_status": self.text_status,
            "content": content.as_dict() if isinstance(content, ProtectedTable) else content,
        }


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """A grantee's report for one school year, fit to publish."""

    bill: Bill
    place: str
    year: str
    minimum: int
    items: tuple[Item, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the report as plain values."""
        return {
            "notice": self.bill.notice,
            "version": self.bill.id,
            "status": self.bill.status,
            "place": self.place,
            "year": self.year,
            "privacy": (
                f"Counts from 1 to {self.minimum - 1} are hidden (*), and others with them so that "
                "totals do not give them back. The minimum is Homeroom's default, not the bill's."
            ),
            "items": [item.as_dict() for item in self.items],
            "missing": [item.id for item in self.items if item.missing],
        }


def yearly_report(
    tables: Mapping[str, CountTable],
    *,
    place: str,
    year: str,
    version: str | int = LATEST,
    funds: Mapping[str, float] | None = None,
    surveillance: list[str] | None = None,
    minimum: int = MINIMUM,
) -> YearlyReport:
    """Produce the report.

    Parameters
    ----------
    tables
        Exact counts of ``arrests`` and ``referrals``, by group; each is protected here.
    place, year
        ``lea:`` with seven digits, and a school year such as ``2025-26``.
    funds
        Dollars by use, in the district's words; each is held against the bill's uses.
    surveillance
        Surveillance tools in use; an empty list says that there are none.
    minimum
        Smallest count that is published.
    """
    if not PLACE.fullmatch(place):
        raise BadInput(f"The place {place!r} is no district: write lea: and its seven digits.")
    if not YEAR.fullmatch(year):
        raise BadInput(f"The year {year!r} is no school year; write it like 2025-26.")
    strange = sorted(set(tables) - set(COUNTED))
    if strange:
        raise BadInput(f"Tables are of {COUNTED}, found {strange[0]!r}.")
    contents: dict[str, object | None] = {
        "use-of-funds": None if funds is None else _spent(funds, version),
        **{
            name: protect(tables[name], minimum=minimum) if name in tables else None
            for name in COUNTED
        },
        "surveillance": surveillance,
    }
    bill = read(version).bill
    items = tuple(_item(key, content, version) for key, content in contents.items())
    return YearlyReport(bill, place, year, minimum, items)


def _item(key: str, content: object | None, version: str | int) -> Item:
    reading = read(version)
    entry = stated(reading, f"report.{key}").trace[0]
    title = reading.act.provisions[entry.rule].title
    return Item(key, title, entry.result, entry.citation, entry.text_status, content)


def _spent(funds: Mapping[str, float], version: str | int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name, dollars in funds.items():
        if not _is_amount(dollars):
            raise BadInput(f"funds: {name!r} has {dollars!r}; expected dollars from 0.")
        try:
            fit = use(name, version=version)
            answer, rule = str(fit.fits), fit.rule
        except Ambiguous as error:
            answer, rule = str(Truth.UNKNOWN), f"several readings: {'; '.join(error.choices)}"
        rows.append({"use": name, "dollars": dollars, "fits": answer, "rule": rule})
    return rows


def report_from(document: object, *, version: str | int, minimum: int) -> YearlyReport:
    """Produce the report from a mapping as read from YAML; an unknown key is an error."""
    keys = mapping(document, "report", required="place year", optional="funds surveillance tables")
    tables = mapping(keys.get("tables") or {}, "report: tables", optional=" ".join(COUNTED))
    return yearly_report(
        {name: _table(entry, name) for name, entry in tables.items()},
        place=str(keys["place"]),
        year=str(keys["year"]),
        version=version,
        funds=keys.get("funds"),
        surveillance=keys.get("surveillance"),
        minimum=minimum,
    )


def _is_amount(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 <= value < math.inf  # type: ignore[operator]


def _table(entry: object, name: str) -> CountTable:
    keys: dict[str, Any] = mapping(entry, f"report: {name}", required="rows columns counts")
    return CountTable(
        tuple(str(row) for row in keys["rows"]),
        tuple(str(column) for column in keys["columns"]),
        tuple(tuple(row) for row in keys["counts"]),
    )
