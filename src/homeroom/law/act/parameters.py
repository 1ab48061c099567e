"""The bill as data: its versions, and what each provision says in each of them.

Everything comes from ``bills.yaml`` and ``provisions.yaml`` beside this module. A provision has
exactly one entry for each version: a value with its source, or "unknown".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

from homeroom.errors import BadInput
from homeroom.law.documents import listing, mapping, parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

KINDS = ("text", "list", "number", "flag", "use")
FINDS = ("use", "days", "money", "words", "mention", "title", "finding")
USE_VALUES = ("required", "allowed", "barred")
Content: TypeAlias = str | int | bool | tuple[str, ...] | None


class TextStatus(StrEnum):
    """How the content of a provision is known."""

    VERBATIM = "verbatim"
    SECONDARY = "secondary"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Bill:
    """One introduction of the bill."""

    id: str
    number: str
    congress: int
    year: int
    introduced: date
    congress_ends: date
    status: str
    companions: tuple[tuple[str, str], ...]
    sponsors: Mapping[str, list[str] | None]
    committees: Mapping[str, list[str] | None]

    @property
    def notice(self) -> str:
        """Say what the text is: a bill."""
        return (
            f"{self.number} ({self.congress}th Congress) is a bill, not law: it was introduced on "
            f"{self.introduced.isoformat()} and has not been enacted."
        )

    def pending_on(self, day: date) -> bool:
        """Return whether the bill lay before Congress on ``day``."""
        return self.introduced <= day < self.congress_ends


@dataclass(frozen=True, slots=True)
class Value:
    """What a provision says in one version; ``content`` is ``None`` where that is unknown."""

    version: str
    content: Content
    text_status: TextStatus
    citation: str
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Find:
    """How to recognize a provision in the text of a bill."""

    check: str
    words: tuple[tuple[str, ...], ...] = ()
    polarity: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision of the bill through all its versions."""

    id: str
    title: str
    kind: str
    unit: str
    values: Mapping[str, Value]
    find: Find | None


@dataclass(frozen=True, slots=True)
class Act:
    """All versions and all provisions."""

    bills: tuple[Bill, ...]
    provisions: Mapping[str, Provision]

    def bill(self, name: str | int) -> Bill:
        """Find a version by id, companion's id, or year of introduction.

        Raises
        ------
        BadInput
            If there is no such version.
        """
        wanted = str(name).strip().casefold()
        for bill in self.bills:
            if wanted in {bill.id, str(bill.year), *(key for key, _ in bill.companions)}:
                return bill
        known = ", ".join(f"{bill.year} or {bill.id}" for bill in self.bills)
        raise BadInput(f"There is no version {str(name)!r} of the bill; choose one of {known}.")

    def pending_on(self, day: date) -> Bill | None:
        """Return the version that lay before Congress on ``day``, if any did."""
        return next((bill for bill in self.bills if bill.pending_on(day)), None)

    def value(self, provision: str, bill: Bill) -> Value:
        """Return what ``provision`` says in ``bill``."""
        return self.provisions[provision].values[bill.id]


@cache
def load_act() -> Act:
    """Read the bill's data once."""
    here = files(__package__)
    bills = read_bills(here.joinpath("bills.yaml").read_text("utf-8"), "bills.yaml")
    text = here.joinpath("provisions.yaml").read_text("utf-8")
    return Act(bills, read_provisions(text, "provisions.yaml", bills))


def read_bills(text: str, where: str) -> tuple[Bill, ...]:
    """Read the list of versions."""
    keys = "id number congress year introduced congress_ends status companions sponsors committees"
    bills = []
    for row in listing(parse(text, where), where):
        fields = mapping(row, where, required=keys)
        companions = tuple(
            (entry["id"], entry["number"])
            for entry in (
                mapping(one, where, required="id number introduced")
                for one in listing(fields.pop("companions"), where)
            )
        )
        for side in ("sponsors", "committees"):
            mapping(fields[side], f"{where}: {side}", required="senate house")
        bills.append(Bill(**fields, companions=companions))
    return tuple(bills)


def read_provisions(text: str, where: str, bills: tuple[Bill, ...]) -> dict[str, Provision]:
    """Read the provisions; each must speak, or be silent, once for each version."""
    document = mapping(parse(text, where), where, required="sources provisions")
    sources = {
        key: mapping(entry, f"{where}: source {key}", required="title sites")
        for key, entry in document["sources"].items()
    }
    provisions: dict[str, Provision] = {}
    for row in listing(document["provisions"], where):
        provision = _provision(row, where, bills, sources)
        if provision.id in provisions:
            raise BadInput(f"{where}: the provision {provision.id} stands twice; keep one.")
        provisions[provision.id] = provision
    return provisions


def _provision(
    row: object, where: str, bills: tuple[Bill, ...], sources: dict[str, Any]
) -> Provision:
    keys = mapping(row, where, required="id title kind", optional="unit values unknown find")
    where = f"{where}: {keys['id']}"
    if keys["kind"] not in KINDS:
        raise BadInput(f"{where}: kind is one of {KINDS}, found {keys['kind']!r}.")
    by_year = {bill.year: bill for bill in bills}
    found = [
        (year, _value(entry, where, keys["kind"], _at(by_year, year, where), sources))
        for entry in keys.get("values", [])
        for year in entry.get("years", [])
    ]
    found += [(year, silence(_at(by_year, year, where))) for year in keys.get("unknown", [])]
    years = sorted(year for year, _ in found)
    if years != sorted(by_year):
        raise BadInput(f"{where}: expected each of {sorted(by_year)} once, found {years}.")
    return Provision(
        id=keys["id"],
        title=keys["title"],
        kind=keys["kind"],
        unit=keys.get("unit", ""),
        values={by_year[year].id: value for year, value in sorted(found, key=lambda at: at[0])},
        find=_find(keys.get("find"), where),
    )


def _at(by_year: dict[int, Bill], year: int, where: str) -> Bill:
    if year not in by_year:
        raise BadInput(f"{where}: no version of {year}; the years are {sorted(by_year)}.")
    return by_year[year]


def silence(bill: Bill) -> Value:
    """Return the value of a provision on which no source was found."""
    return Value(
        bill.id, None, TextStatus.UNKNOWN, f"{bill.number}: not in the sources read", "none found"
    )


def _value(entry: object, where: str, kind: str, bill: Bill, sources: dict[str, Any]) -> Value:
    keys = mapping(
        entry, where, required="years value text_status citation source", optional="note"
    )
    status = keys["text_status"]
    if status not in (TextStatus.VERBATIM, TextStatus.SECONDARY):
        raise BadInput(f"{where}: text_status of a value is verbatim or secondary, not {status!r}.")
    source = sources.get(keys["source"])
    if source is None or bill.year not in source["sites"]:
        raise BadInput(f"{where}: no source {keys['source']!r} for {bill.year} is listed.")
    return Value(
        version=bill.id,
        content=_content(keys["value"], kind, where),
        text_status=TextStatus(status),
        citation=f"{bill.number}, {keys['citation']}",
        source=f"{source['title']}: {source['sites'][bill.year]}",
        note=keys.get("note", ""),
    )


def _content(value: object, kind: str, where: str) -> Content:
    if kind == "list" and isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    if kind == "flag" and isinstance(value, bool):
        return value
    if kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and (kind == "text" or (kind == "use" and value in USE_VALUES)):
        return value
    raise BadInput(f"{where}: {value!r} is no value for a provision of kind {kind}.")


def _find(entry: object, where: str) -> Find | None:
    if entry is None:
        return None
    keys = mapping(entry, where, required="check", optional="words polarity")
    if keys["check"] not in FINDS:
        raise BadInput(f"{where}: find.check is one of {FINDS}, found {keys['check']!r}.")
    words = tuple(tuple(group) for group in keys.get("words", []))
    return Find(keys["check"], words, keys.get("polarity", ""))
