"""Parts of a plan document about money: prices, what is bought, grants, today, and assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.act import load_act
from homeroom.plans.actions import ACTIONS, HIRED, PROGRAMMES, SECURITY
from homeroom.plans.format.kinds import (
    MONEY,
    MONTHS,
    PART,
    POSTS,
    YEAR,
    Choice,
    Flag,
    ListOf,
    MapOf,
    Quantity,
    Reading,
    Text,
    Whole,
    percent,
)
from homeroom.plans.format.records import Record, key
from homeroom.plans.format.staffing import WHERE, Where
from homeroom.text_gate import short

SLIDERS = ("arrests", "referrals", "oss", "expulsions", "offenses", "shootings")
"""Outcomes that a slider may be set for: those with a count, and shootings."""
PAYS_FOR = ("hire", "programmes", "security")
PRICED = ("officer", "guard", *HIRED)
_PROGRAMS = (("programs", "programmes"), ("program", "programmes"))


@dataclass(frozen=True, slots=True)
class PriceGiven:
    """A price a unit and year with where it comes from; ``row`` names a row of the cost table."""

    low: int = key(MONEY, "Lowest likely price; left out: the central one.", 0)
    central: int = key(MONEY, "Dollars a unit and year.", 0, also="price, amount, cost")
    high: int = key(MONEY, "Highest likely price; left out: the central one.", 0)
    source: str = key(
        Text(), "Where the figure comes from: a contract, a budget, a salary table.", "", also="by"
    )
    row: str | None = key(
        Text("id of a row of the cost table"), "A row of the cost table instead of a price.", None
    )
    year: int | None = key(
        YEAR, "School year of whose dollars the price is; left out: the plan's first.", None,
        also="price year, in dollars of",
    )  # fmt: skip
    basis: str = key(
        Choice(("full", "salary"), None, (("loaded", "full"), ("with benefits", "full"),
               ("total compensation", "full"), ("pay", "salary"), ("wage", "salary"))),
        "`full` has benefits in it already; to `salary` they are added.", "full",
    )  # fmt: skip
    contract: int | None = key(
        MONTHS, "Months of the year that the price pays for; left out: the whole year.", None,
        also="contract months",
    )  # fmt: skip

    @classmethod
    def complete(cls, made: dict[str, Any], where: str) -> dict[str, Any]:
        """Fill the range from the central price."""
        if "row" in made:
            if len(made) > 1:
                raise BadInput(
                    f"{where}: expected a row of the cost table alone, found more: choose."
                )
            return made
        if "central" not in made or "source" not in made:
            raise BadInput(
                f"{where}: expected `central` (dollars) and `source`, found {sorted(made)}: say "
                "what it costs and who says so."
            )
        filled = {"low": made["central"], "high": made["central"]} | made
        if not filled["low"] <= filled["central"] <= filled["high"]:
            raise BadInput(f"{where}: expected low <= central <= high, found another order.")
        return filled


def _priced(made: dict[str, Any]) -> dict[str, Any]:
    """Leave out a range that is none, and beside a row everything."""
    if "row" in made:
        return {"row": made["row"]}
    ends = {name for name in ("low", "high") if made.get(name) == made["central"]}
    return {name: held for name, held in made.items() if name not in ends or len(ends) < _BOTH}


_BOTH = 2
PRICE = Record(PriceGiven, shorten=_priced)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something bought: security, or a program."""

    what: str = key(Choice(ACTIONS, "things"), "What is bought.", also="item, name")
    units: int | None = key(
        POSTS,
        "How many; left out: one for each school meant.",
        None,
        also="number, how many, count",
    )
    where: Where = key(WHERE, "In which schools.", Where(), name="schools", also="at, where, in")
    price: PriceGiven | None = key(PRICE, "What one unit costs a year.", None, also="cost")
    one_off: bool = key(
        Flag(), "Whether it is paid once, not every year.", default=False, also="once, one time"
    )

    def refuse(self, where: str) -> None:
        """Refuse something for nothing: whoever pays, it has a price."""
        if self.price is not None and self.price.row is None and not self.price.central:
            raise BadInput(
                f"{where}: {self.what}: price: expected more than $0, found $0: where somebody "
                "else pays, write the price and name who pays under `grant`."
            )

    @property
    def hundredths(self) -> int:
        """Units in hundredths; one where their number follows from schools not yet looked up."""
        return 100 if self.units is None else self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityItem(Item):
    """Security bought instead of, or beside, officers."""

    what: str = key(Choice(SECURITY, "things"), "What is bought.", also="item, name")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramItem(Item):
    """A program or service bought."""

    what: str = key(Choice(PROGRAMMES, "things"), "What is bought.", also="item, name, program")


class Items:
    """The kind of what is bought: a list, or what is bought with its number or its keys."""

    def __init__(self, record: Record) -> None:
        """Take what one entry is."""
        self.record = record

    @property
    def words(self) -> str:
        """What to write."""
        return f"a list; each: {self.record.words}; or `cameras: 24`"

    def read(self, value: object, where: str, reading: Reading) -> tuple[Any, ...]:
        """Read the entries; a mapping has what is bought as its keys."""
        if isinstance(value, dict) and not {"what", "item"} & set(value):
            value = [_named(name, held, where) for name, held in value.items()]
        elif isinstance(value, dict | str):
            value = [value]
        if not isinstance(value, list):
            raise BadInput(f"{where}: expected a list, found {short(value)}.")
        return tuple(self.record.read(one, where, reading) for one in value)

    def write(self, value: tuple[Any, ...]) -> list[Any]:
        """Return the list."""
        return [self.record.write(one) for one in value]

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        return {
            "anyOf": [
                {"type": "array", "items": self.record.schema()}, {"type": ["object", "string"]},
            ]
        }  # fmt: skip


def _named(name: object, held: object, where: str) -> Mapping[str, Any]:
    if isinstance(held, dict):
        return {"what": name} | held
    if isinstance(held, bool) or held is None:
        raise BadInput(
            f"{where}: {short(str(name))}: expected how many units, found {short(held)}."
        )
    return {"what": name, "units": held}


def _one(value: object) -> Mapping[str, Any] | None:
    return {"what": value} if isinstance(value, str) else None


SECURITY_ITEMS = Items(Record(SecurityItem, _one, "its name"))
PROGRAM_ITEMS = Items(Record(ProgramItem, _one, "its name"))


@dataclass(frozen=True, slots=True)
class Transition:
    """When the change begins, in months from the start of the plan, and what it costs once."""

    leave_after: int = key(
        MONTHS, "Months until officers leave.", 0, name="officers_leave_after",
        also="leave after, officers leave",
    )  # fmt: skip
    guards_leave_after: int = key(MONTHS, "Months until guards leave.", 0, also="guards leave")
    start_after: int = key(
        MONTHS, "Months until new staff, services, and programs begin.", 0,
        name="staff_start_after", also="start after, staff start, new staff start after",
    )  # fmt: skip
    one_off: PriceGiven | None = key(
        PRICE, "What the change costs once: recruiting, training, moving.", None, also="once"
    )


TRANSITION = Record(Transition)


def _act(value: object, where: str) -> str:
    """Read a version of the bill; only those that were introduced exist."""
    text = Text().read(value, where, Reading())
    try:
        load_act().bill(text)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error
    return text


@dataclass(frozen=True, slots=True)
class Grant:
    """Money from outside: dollars a year, or a share of what it pays for."""

    source: str = key(Text(), "Who gives it.", also="from, by, name")
    cents: int | None = key(MONEY, "Dollars a year.", None, name="amount", also="dollars")
    share: Decimal | None = key(PART, "A share of what it pays for.", None, also="percent")
    pays_for: tuple[str, ...] = key(
        ListOf(Choice(PAYS_FOR, "paid", _PROGRAMS, (("programmes", "programs"),))),
        "What it may pay for.",
        ("hire", "programmes"), also="for, pays, covers",
    )  # fmt: skip
    version: str | None = key(
        Quantity("a year or id of a version of the Act: `2025`", _act, lambda value: value),
        "Version of the Act whose terms the grant carries.", None, name="act", also="act version",
    )  # fmt: skip
    starts: int | None = key(
        YEAR, "First school year in which it pays; left out: the plan's first.", None,
        also="first year, from year, start",
    )  # fmt: skip
    years: int | None = key(
        Whole(1, 20, "year"), "For how many years it pays; left out: to the plan's end.", None,
        also="for years, lasts",
    )  # fmt: skip
    match: Decimal = key(
        PART, "Share of what it pays for that the district must pay itself.", Decimal(0),
        also="local match, matching",
    )  # fmt: skip
    supplement: bool = key(
        Flag(),
        "Whether the grant must add to local money: it then pays no more than the district spends "
        "beyond today.", default=False,
        also="supplement not supplant, supplement only, no supplanting",
    )  # fmt: skip
    afterwards: str = key(
        Choice(("district", "end"), None, (("local", "district"), ("keep", "district"),
               ("stop", "end"))),
        "When it ends: the `district` pays on, or what it paid for comes to an `end`.", "district",
        also="then, after, when it ends",
    )  # fmt: skip

    def refuse(self, where: str) -> None:
        """Refuse a grant of no or two amounts."""
        if (self.cents is None) == (self.share is None):
            raise BadInput(f"{where}: expected either `amount` (dollars a year) or `share`.")


GRANT = Record(Grant)


@dataclass(frozen=True, slots=True)
class Growth:
    """How prices grow a year after the first."""

    wages: Decimal = key(percent(0, 20), "Pay and benefits.", Decimal(0), also="pay, salaries")
    prices: Decimal = key(percent(0, 20), "Everything else.", Decimal(0), also="other, goods")


def _grows(value: object) -> Mapping[str, Any] | None:
    return None if isinstance(value, bool | list) else {"wages": value, "prices": value}


def _grown(made: dict[str, Any]) -> Any:
    """Write one percent for both, where it is the same."""
    return made["wages"] if made.get("wages") == made.get("prices", "") else made


GROWTH = Record(Growth, _grows, "a percent for all (`3%`)", _grown)


@dataclass(frozen=True, slots=True)
class Assumption:
    """A slider: percent by which the plan assumes an outcome changes; not research."""

    action: str = key(
        Choice(("officers", "guards", *HIRED, *ACTIONS), "things", (("sros", "officers"),)),
        "Which part of the plan changes it.",
    )  # fmt: skip
    outcome: str = key(Choice(SLIDERS, "outcomes"), "What is assumed to change.")
    central: float = key(percent(-100, 1000), "Central change.", also="change, percent")
    low: float = key(percent(-100, 1000), "Least change.", 0.0)
    high: float = key(percent(-100, 1000), "Most change.", 0.0)

    @classmethod
    def complete(cls, made: dict[str, Any], where: str) -> dict[str, Any]:
        """Fill the range from the central change."""
        names = ("low", "central", "high")
        filled = made | {name: float(made.get(name, made["central"])) for name in names}
        if not filled["low"] <= filled["central"] <= filled["high"]:
            raise BadInput(f"{where}: expected low <= central <= high, found another order.")
        return filled


@dataclass(frozen=True, slots=True)
class SchoolToday:
    """One school as it is today."""

    school: str = key(Text("a school's name or NCES id"), "Which school.", also="name, id")
    students: int | None = key(Whole(0, 100_000, "student"), "Students enrolled.", None,
                               also="enrollment")  # fmt: skip
    staff: dict[str, int] = key(
        MapOf(PRICED, POSTS, "roles"), "Full-time posts by role.", {}, also="posts"
    )


def _file(value: object, where: str, reading: Reading) -> Path:
    text = Text().read(value, where, reading)
    if reading.folder is None:
        raise BadInput(
            f"{where}: a file can be named only in a plan file on your own computer: list the "
            "schools under `schools` instead."
        )
    path = reading.folder / text
    if not path.is_file():
        raise BadInput(
            f"{where}: expected a file beside the plan, found none called {short(text)}."
        )
    return path


class _File:
    """The kind of a file that lies beside the plan."""

    words = "a CSV file beside the plan: `staff.csv`"

    def read(self, value: object, where: str, reading: Reading) -> Path:
        return _file(value, where, reading)

    def write(self, value: Path) -> str:
        return value.name

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Today:
    """The district as it is today, by its own word, in place of older public figures."""

    year: int | None = key(YEAR, "School year of these figures.", None, also="as of, school year")
    source: str = key(Text(), "Who says so.", "the district", also="by")
    enrollment: int | None = key(
        Whole(1, 3_000_000, "student"), "Students enrolled in the district.", None, also="students"
    )
    staff: dict[str, int] = key(
        MapOf(PRICED, POSTS, "roles"), "Full-time posts in the district by role.", {}, also="posts"
    )
    salaries: dict[str, int] = key(
        MapOf(PRICED, MONEY, "roles"), "Average pay a year by role, without benefits.", {},
        also="salary, pay",
    )  # fmt: skip
    schools: tuple[SchoolToday, ...] = key(
        ListOf(Record(SchoolToday)), "Schools one by one, where they are known.", ()
    )
    file: Path | None = key(
        _File(), "Schools one by one, a row each: school, students, and a column for each role.",
        None, also="from file, csv",
    )  # fmt: skip

    def refuse(self, where: str) -> None:
        """Refuse two lists of schools."""
        if self.schools and self.file:
            raise BadInput(f"{where}: expected `schools` or `file`, found both: keep one.")


TODAY = Record(Today)
