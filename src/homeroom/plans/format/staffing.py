"""Parts of a plan document about people: where, how many, from when, and who employs and pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from homeroom.errors import BadInput
from homeroom.plans.format.amounts import Amount, months
from homeroom.plans.format.kinds import (
    ADDED,
    AMOUNT,
    MONEY,
    MONTHS,
    PART,
    POSTS,
    Choice,
    Kind,
    ListOf,
    MapOf,
    Quantity,
    Reading,
    Text,
)
from homeroom.plans.format.records import Record, key
from homeroom.plans.format.words import meant
from homeroom.text_gate import short

LEVELS = ("elementary", "middle", "high", "other")
TYPES = ("regular", "special_education", "vocational", "alternative", "charter", "magnet")
PAYERS = ("district", "city", "county", "state")
FORMS = ("keep", "end", "add")
_DIGITS = (11, 12)
"""Digits of a school's NCES id; a spreadsheet drops a leading zero."""
_SECONDARY = {"secondary": ("middle", "high"), "secondary schools": ("middle", "high")}


@dataclass(frozen=True, slots=True)
class Where:
    """Schools: by name or id, by level, by type, less some; nothing said means every school."""

    names: tuple[str, ...] = key(
        ListOf(Text("schools' names or NCES ids")), "Schools by name or by NCES id.", (),
        also="schools, only, school",
    )  # fmt: skip
    levels: tuple[str, ...] = key(
        ListOf(Choice(LEVELS, "levels")), "Every school of these levels, by its grades.", (),
        also="level",
    )  # fmt: skip
    types: tuple[str, ...] = key(
        ListOf(Choice(TYPES, "types")), "Only schools of these types.", (), also="type"
    )
    excluding: tuple[str, ...] = key(
        ListOf(Text("schools' names or NCES ids")), "Schools to leave out.", (),
        also="except, without, not",
    )  # fmt: skip

    @property
    def everywhere(self) -> bool:
        """Whether every school of the place is meant."""
        return not (self.names or self.levels or self.types or self.excluding)


def _where(value: object) -> Mapping[str, Any] | None:
    """Sort words into levels, types, and schools' names."""
    if value in ("all", "All", "every", "everywhere", "all schools"):
        return {}
    listed = value if isinstance(value, list) else [value]
    if not isinstance(value, list | str | int) or isinstance(value, bool):
        return None
    made: dict[str, list[str]] = {"names": [], "levels": [], "types": []}
    for one in listed:
        if not isinstance(one, str | int) or isinstance(one, bool):
            return None
        text = str(one).strip()
        if isinstance(one, int):
            if len(text) not in _DIGITS:
                return None
            text = text.zfill(max(_DIGITS))
        if level := meant(text, LEVELS, "levels"):
            made["levels"].append(level)
        elif text.casefold() in _SECONDARY:
            made["levels"] += _SECONDARY[text.casefold()]
        elif kind := meant(text, TYPES, "types"):
            made["types"].append(kind)
        else:
            made["names"].append(text)
    return {name: held for name, held in made.items() if held}


def _short(made: dict[str, Any]) -> Any:
    """Write levels and names as one list; one alone as a word."""
    if set(made) - {"levels", "names"}:
        return made
    listed = [*made.get("levels", ()), *made.get("names", ())]
    # A school called like a level would be read as the level.
    if sum(len(held) for held in made.values()) != len(listed) or _where(listed) != {
        name: held for name, held in made.items() if held
    }:
        return made
    return listed[0] if len(listed) == 1 else listed


@dataclass(frozen=True, slots=True)
class _Where:
    """The kind of a set of schools: refuses with the word "list" what is neither."""

    record = Record(
        Where,
        _where,
        "a level (`high`), a list of schools' names, `all`",
        _short,
    )

    @property
    def words(self) -> str:
        return self.record.words

    def read(self, value: object, where: str, reading: Reading) -> Where:
        if not isinstance(value, dict) and _where(value) is None:
            raise BadInput(
                f"{where}: expected a list, found {short(value)}: write schools' names, a level "
                f"({', '.join(LEVELS)}), or all."
            )
        return self.record.read(value, where, reading)  # type: ignore[no-any-return]

    def write(self, value: Where) -> Any:
        if value.everywhere:
            return "all"
        return self.record.write(value)

    def schema(self) -> dict[str, Any]:
        return self.record.schema()


WHERE = _Where()


@dataclass(frozen=True, slots=True)
class Steps:
    """One amount, or one for each year in turn, the last staying."""

    of: Quantity

    @property
    def words(self) -> str:
        """What to write."""
        return f"{self.of.words}; or a list, one a year: `[2, 4, 6]`"

    def read(self, value: object, where: str, reading: Reading) -> tuple[Any, ...]:
        """Read the amounts, one for each year."""
        if not isinstance(value, list):
            return (self.of.read(value, where, reading),)
        if not 1 <= len(value) <= 20:
            raise BadInput(
                f"{where}: expected one amount a year, found {len(value)}: write `[2, 4]`."
            )
        return tuple(
            self.of.read(one, f"{where}: year {at}", reading) for at, one in enumerate(value, 1)
        )

    def write(self, value: tuple[Any, ...]) -> Any:
        """Return the amount, or the list."""
        listed = [self.of.write(one) for one in value]
        return listed[0] if len(listed) == 1 else listed

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        one = self.of.schema()
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": 20}]}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of officers or guards: keep, end, or add, where, and how fast."""

    keep: tuple[Amount, ...] | None = key(
        Steps(AMOUNT), "How many stay.", None, also="retain, maintain"
    )
    end: tuple[Amount, ...] | None = key(
        Steps(AMOUNT), "How many end.", None,
        also="remove, cut, reduce, drop, eliminate, withdraw, phase out",
    )  # fmt: skip
    add: tuple[Amount, ...] | None = key(
        Steps(ADDED), "How many come on top.", None, also="increase, hire"
    )
    where: Where = key(WHERE, "In which schools.", Where(), name="schools", also="at, where, in")
    over: int = key(
        MONTHS, "Months over which the change takes place in even steps.", 0,
        also="ramp, phased over",
    )  # fmt: skip

    def refuse(self, where: str) -> None:
        """Refuse a change that says no or two things."""
        forms = [form for form in FORMS if getattr(self, form) is not None]
        if len(forms) != 1:
            raise BadInput(f"{where}: expected one of {', '.join(FORMS)}, found {forms or 'none'}.")
        if self.over and len(self.steps) > 1:
            raise BadInput(f"{where}: expected steps by year or `over`, found both: choose one.")

    @property
    def form(self) -> str:
        """Which of keep, end, add."""
        return next(form for form in FORMS if getattr(self, form) is not None)

    @property
    def steps(self) -> tuple[Amount, ...]:
        """The amount in each year in turn; the last stays."""
        return getattr(self, self.form)  # type: ignore[no-any-return]

    @property
    def hundredths(self) -> int | None:
        """Posts in the end, in hundredths; None where a share is said."""
        return self.steps[-1].hundredths

    @property
    def share(self) -> Decimal | None:
        """Share in the end; None where posts are said."""
        return self.steps[-1].share


def change_of(value: object) -> Mapping[str, Any] | None:
    """Read ``keep``, ``keep all``, ``end half``, ``remove 10``."""
    if not isinstance(value, str):
        return None
    text = " ".join(value.casefold().split())
    for size in (3, 2, 1):
        words = text.split(" ")
        form = meant(" ".join(words[:size]), FORMS, "forms")
        rest = " ".join(words[size:])
        if form and (rest or form == "keep"):
            return {form: rest or "all"}
    return None


CHANGE = Record(Change, change_of, "`keep all`, `end half`, `add 3 posts`")


def _contract(value: object, where: str) -> int:
    found = months(value, where)
    if not 9 <= found <= 12:
        raise BadInput(
            f"{where}: expected 9 to 12 months, found {short(value)}: write `10 months`."
        )
    return found


@dataclass(frozen=True, slots=True)
class Hire:
    """Posts of one role to hire: how many, where, from when, and under which contract."""

    steps: tuple[int, ...] = key(
        Steps(POSTS), "How many full-time posts; a list gives the number in force in each year.",
        name="posts", also="number, fte, ftes, how many, count, positions",
    )  # fmt: skip
    where: Where = key(WHERE, "In which schools.", Where(), name="schools", also="at, where, in")
    contract: int | None = key(
        Quantity("months a year: `10`, `12 months`", _contract,
                 lambda value: value),
        "Months of the year under contract; left out: the default of the price.", None,
        also="contract months",
    )  # fmt: skip
    start_after: int | None = key(
        MONTHS, "Months from the start of the plan until they begin.", None, also="starts after"
    )
    over: int = key(MONTHS, "Months over which they are hired in even steps.", 0, also="ramp")
    vacancies: Decimal | None = key(
        PART, "Share of these posts vacant in a usual month.", None, also="vacancy, vacancy rate"
    )
    fill_after: int | None = key(
        MONTHS, "Months that it takes to fill a post.", None, name="months_to_fill",
        also="time to hire, hiring time",
    )  # fmt: skip

    @property
    def hundredths(self) -> int:
        """Posts in the end, in hundredths."""
        return self.steps[-1]


HIRE = Record(
    Hire,
    lambda value: None if isinstance(value, dict | bool) or value is None else {"posts": value},
    "full-time posts (`10`), or one number a year (`[4, 8, 10]`)",
    lambda made: made["posts"] if set(made) == {"posts"} else made,
)


@dataclass(frozen=True, slots=True)
class Hiring:
    """How long posts take to fill, and how many stand vacant, for every role hired."""

    vacancies: Decimal = key(
        PART,
        "Share of new posts vacant in a usual month.",
        Decimal(0),
        also="vacancy, vacancy rate",
    )
    fill_after: int = key(
        MONTHS, "Months that it takes to fill a post.", 0, name="months_to_fill",
        also="time to hire, hiring time",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaidBy:
    """Who pays: shares that add up to one, or nothing where it is not known."""

    shares: tuple[tuple[str, Decimal], ...] = ()

    @property
    def known(self) -> bool:
        """Whether the payer is known."""
        return bool(self.shares)

    @property
    def district(self) -> Decimal | None:
        """The district's share; None where the payer is not known."""
        return dict(self.shares).get("district", Decimal(0)) if self.known else None


class _PaidBy:
    """The kind of a payer."""

    words = (
        "`district`, `city`, `county`, `state`, `unknown`, or shares: "
        "`shared: {district: 60%, city: 40%}`"
    )

    def read(self, value: object, where: str, _reading: Reading) -> PaidBy:
        if isinstance(value, dict):
            shared = value["shared"] if set(value) == {"shared"} else value
            return _shares(shared, where)
        name = Choice((*PAYERS, "unknown"), "payers").read(value, where, _reading)
        return PaidBy() if name == "unknown" else PaidBy(((name, Decimal(1)),))

    def write(self, value: PaidBy) -> Any:
        if not value.known:
            return "unknown"
        if len(value.shares) == 1:
            return value.shares[0][0]
        return {"shared": {name: PART.write(share) for name, share in value.shares}}

    def schema(self) -> dict[str, Any]:
        shares = {"type": "object", "properties": {name: PART.schema() for name in PAYERS}}
        return {
            "anyOf": [
                {"enum": [*PAYERS, "unknown"]}, {"type": "string"}, shares,
                {"type": "object", "properties": {"shared": shares}},
            ]
        }  # fmt: skip


def _shares(value: object, where: str) -> PaidBy:
    found: dict[str, Decimal] = MapOf(PAYERS, PART, "payers").read(value, where, Reading())
    total = sum(found.values(), Decimal(0))
    if total != 1:
        raise BadInput(
            f"{where}: expected shares that add up to 100%, found {float(total * 100):g}%: say who "
            "pays the rest, or write unknown."
        )
    return PaidBy(tuple((name, share) for name, share in found.items() if share))


PAID_BY: Kind = _PaidBy()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms of the agreement under which another body's officers serve."""

    notice: int = key(
        MONTHS, "Months of notice before officers can leave.", 0, also="notice period"
    )
    exit_cost: int = key(
        MONEY, "What leaving the agreement costs, once.", 0,
        also="exit fee, termination fee, termination cost",
    )  # fmt: skip
    source: str = key(Text(), "The agreement and the section.", "", also="by")


@dataclass(frozen=True, slots=True)
class OfficerCosts:
    """What an officer costs a year beyond pay and benefits, in dollars a post."""

    overtime: int = key(MONEY, "Overtime.", 0)
    vehicles: int = key(MONEY, "Vehicles and fuel.", 0, also="vehicle, car")
    equipment: int = key(MONEY, "Equipment.", 0, also="weapons, gear, radio")
    training: int = key(MONEY, "Training.", 0)
    liability: int = key(MONEY, "Liability insurance and settlements.", 0, also="insurance")
    source: str = key(Text(), "Who says so.", "", also="by")

    @property
    def total(self) -> int:
        """All of it, in cents a post and year."""
        return self.overtime + self.vehicles + self.equipment + self.training + self.liability
