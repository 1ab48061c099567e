"""A plan as a small document: read strictly, refused in words.

The document says what a district would change and what it may spend; everything else (students,
staff today, wages, findings) comes from the store and the research library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from homeroom.errors import BadInput
from homeroom.evidence.place_ids import place_range
from homeroom.law.documents import listing, mapping, parse, text_of
from homeroom.plans.actions import ACTIONS, HIRED, PROGRAMMES, SECURITY
from homeroom.plans.money import cents
from homeroom.text_gate import check, short
from homeroom.vocabulary.waves import WAVES

FORMS = ("keep", "end", "add")
SPREADS = ("gaps", "students", "even")
LEVELS = ("elementary", "middle", "high", "other")
SLIDERS = ("arrests", "referrals", "oss", "expulsions", "offenses", "shootings")
"""Outcomes that a slider may be set for: those with a count, and shootings."""
_KEYS = (
    "baseline officers guards hire spread security programmes transition grant budget prices "
    "yearly_growth ratios assumptions include_unverified"
)


@dataclass(frozen=True, slots=True)
class PriceGiven:
    """A price in cents, with where it comes from; ``row`` names a row of the cost table instead."""

    low: int = 0
    central: int = 0
    high: int = 0
    source: str = ""
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of officers or guards: ``amount`` is hundredths, or a share of those today."""

    form: str
    hundredths: int | None = None
    share: Decimal | None = None
    schools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """Security or a program bought; ``schools`` are ids, a level, or empty for all."""

    what: str
    hundredths: int
    price: PriceGiven | None
    one_off: bool = False
    schools: tuple[str, ...] = ()
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """Money from outside: cents a year, or a share of what it pays for."""

    source: str
    cents: int | None = None
    share: Decimal | None = None
    pays_for: tuple[str, ...] = ("hire", "programmes")
    version: str | None = None
    """Version of the Act whose terms the grant would carry, or None."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A slider: percent by which an outcome changes; not research."""

    action: str
    outcome: str
    low: float
    central: float
    high: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as read."""

    name: str
    place: str
    start: int
    years: int
    baseline: str = "2017-18"
    officers: Change | None = None
    guards: Change | None = None
    hire: dict[str, int] = field(default_factory=dict)
    """Role to hundredths of full-time equivalents."""
    spread: str = "gaps"
    items: tuple[Item, ...] = ()
    leave_after: int = 0
    start_after: int = 0
    transition: PriceGiven | None = None
    grant: Grant | None = None
    budget: int | None = None
    """New local money a year, in cents; None reports what is needed."""
    prices: dict[str, PriceGiven] = field(default_factory=dict)
    growth: int = 0
    """Yearly growth of prices in hundredths of a percent."""
    ratios: dict[str, int] = field(default_factory=dict)
    assumptions: tuple[Assumption, ...] = ()
    include_unverified: bool = False


_LONGEST_NAME, _LONGEST_TEXT = 200, 1_000
Named = Callable[[str], str]
"""From what a person calls a place to its id."""


def load(path: Path, *, named: Named | None = None) -> Plan:
    """Read a plan file; see :func:`from_dict`."""
    text = text_of(path, "a plan in YAML")
    return read(text, path.name, named=named)


def read(text: str, where: str = "plan", *, named: Named | None = None) -> Plan:
    """Read a plan from YAML text.

    Raises
    ------
    BadInput
        A key is unknown or missing, an amount is negative, the baseline is the pandemic year, or
        two parts contradict each other; the message says which, and what to do.
    """
    return from_dict(parse(text, where), where, named=named)


def from_dict(document: object, where: str = "plan", *, named: Named | None = None) -> Plan:
    """Read a plan from plain values, as a form gives them.

    Parameters
    ----------
    document
        The keys of a plan file.
    where
        What to call the document in a refusal.
    named
        Turns a place's name into its id; without it the plan must give the id.

    Raises
    ------
    BadInput
        See :func:`read`.
    """
    keys = mapping(document, where, required="name place start years", optional=_KEYS)
    plan = Plan(
        name=_text(keys["name"], f"{where}: name"),
        place=_place(keys["place"], where, named),
        start=_whole(keys["start"], f"{where}: start", 2000, 2100),
        years=_whole(keys["years"], f"{where}: years", 1, 20),
        baseline=_wave(keys.get("baseline", "2017-18"), where),
        officers=_change(keys.get("officers"), f"{where}: officers"),
        guards=_change(keys.get("guards"), f"{where}: guards"),
        hire=_hire(keys.get("hire"), f"{where}: hire"),
        spread=_one_of(keys.get("spread", "gaps"), SPREADS, f"{where}: spread"),
        items=(
            *_items(keys.get("security"), SECURITY, f"{where}: security"),
            *_items(keys.get("programmes"), PROGRAMMES, f"{where}: programmes"),
        ),
        **_transition(keys.get("transition"), f"{where}: transition"),
        grant=_grant(keys.get("grant"), f"{where}: grant"),
        budget=None if keys.get("budget") is None else cents(keys["budget"], f"{where}: budget"),
        prices=_prices(keys.get("prices"), f"{where}: prices"),
        growth=_growth(keys.get("yearly_growth", 0), f"{where}: yearly_growth"),
        ratios=_ratios(keys.get("ratios"), f"{where}: ratios"),
        assumptions=_assumptions(keys.get("assumptions"), f"{where}: assumptions"),
        include_unverified=_flag(keys.get("include_unverified", False), where),
    )
    _no_contradiction(plan, where)
    return plan


def _no_contradiction(plan: Plan, where: str) -> None:
    named = [item.what for item in plan.items]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise BadInput(f"{where}: {twice[0]} stands twice: put it into one entry.")
    acting = {"officers", "guards", *plan.hire, *named}
    for one in plan.assumptions:
        absent = (one.action == "officers" and plan.officers is None) or (
            one.action == "guards" and plan.guards is None
        )
        if one.action not in acting or absent:
            raise BadInput(
                f"{where}: assumptions: the plan does not change {one.action!r}: assume about "
                "something that it changes."
            )


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{where}: expected words, found {short(value)}.")
    return check(value, where, longest=_LONGEST_TEXT)


def _place(value: object, where: str, named: Named | None) -> str:
    text = _text(value, f"{where}: place")
    area = place_range(named(text) if named and len(text) <= _LONGEST_NAME else text)
    if area.kind not in ("district", "school"):
        raise BadInput(
            f"{where}: place: expected a district (lea:4808940) or a school, found "
            f"{area.place_id}: staff are hired and ended there."
        )
    return area.place_id


def _wave(value: object, where: str) -> str:
    if isinstance(value, str) and value in WAVES and WAVES[value].pandemic:
        raise BadInput(
            f"{where}: baseline: expected a usual year, found {value}, the pandemic year, in "
            "which many schools were remote and arrests near zero: it is never a baseline. Use "
            "2017-18 or 2021-22."
        )
    return _one_of(value, tuple(WAVES), f"{where}: baseline")


def _one_of(value: object, known: tuple[str, ...], where: str) -> str:
    if value not in known:
        raise BadInput(f"{where}: expected one of {', '.join(known)}, found {short(value)}.")
    return str(value)


def _whole(value: object, where: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BadInput(
            f"{where}: expected a whole number from {least} to {most}, found {short(value)}."
        )
    return value


def _flag(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise BadInput(
            f"{where}: include_unverified: expected true or false, found {short(value)}."
        )
    return value


def _number(value: object, where: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadInput(
            f"{where}: expected a number from {least:g} to {most:g}, found {short(value)}."
        )
    return float(value)


def hundredths(value: object, where: str) -> int:
    """Read full-time equivalents, to the hundredth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(
            f"{where}: expected a number of full-time equivalents, found {short(value)}."
        )
    if value < 0:
        raise BadInput(
            f"{where}: expected zero or more, found {short(value)}: to take staff away, "
            "write `end`."
        )
    if value > 100_000:
        raise BadInput(f"{where}: expected at most 100,000, found {short(value)}: correct it.")
    amount = Decimal(str(value)) * 100
    if not amount.is_finite() or amount != int(amount):
        raise BadInput(f"{where}: expected at most two decimals, found {short(value)}.")
    return int(amount)


def _change(value: object, where: str) -> Change | None:
    if value is None:
        return None
    keys = mapping(value, where, optional=f"{' '.join(FORMS)} schools")
    forms = [form for form in FORMS if form in keys]
    if len(forms) != 1:
        raise BadInput(f"{where}: expected one of {', '.join(FORMS)}, found {forms or 'none'}.")
    how_many = keys[forms[0]]
    schools = _schools(keys.get("schools", []), where)
    words = {"all": "100%", "half": "50%", "none": "0%"}
    if isinstance(how_many, str):
        text = words.get(how_many, how_many)
        try:
            share = Decimal(text.removesuffix("%")) / 100
        except ArithmeticError:
            share = Decimal(-1)
        if not (text.endswith("%") and share.is_finite() and 0 <= share <= 1) or forms[0] == "add":
            raise BadInput(
                f"{where}: {forms[0]}: expected a number of full-time equivalents, all, half, none "
                f"or a percent, found {short(how_many)}."
            )
        return Change(forms[0], share=share, schools=schools)
    return Change(
        forms[0], hundredths=hundredths(how_many, f"{where}: {forms[0]}"), schools=schools
    )


def _schools(value: object, where: str) -> tuple[str, ...]:
    """Read a list of schools' ids or names."""
    where = f"{where}: schools"
    return tuple(_text(name, where) for name in listing(value, where))


def _hire(value: object, where: str) -> dict[str, int]:
    keys = mapping(value or {}, where, optional=" ".join(HIRED))
    return {role: hundredths(keys[role], f"{where}: {role}") for role in HIRED if role in keys}


def price(value: object, where: str) -> PriceGiven:
    """Read a price: low, central, high and source, or a row of the cost table."""
    keys = mapping(value, where, optional="low central high source row")
    if "row" in keys:
        if len(keys) > 1:
            raise BadInput(f"{where}: expected a row of the cost table alone, found more: choose.")
        return PriceGiven(row=_text(keys["row"], f"{where}: row"))
    if "central" not in keys or "source" not in keys:
        raise BadInput(
            f"{where}: expected `central` (dollars) and `source`, found {sorted(keys)}: say what "
            "it costs and by whose word."
        )
    central = cents(keys["central"], f"{where}: central")
    low = cents(keys.get("low", keys["central"]), f"{where}: low")
    high = cents(keys.get("high", keys["central"]), f"{where}: high")
    if not low <= central <= high:
        raise BadInput(f"{where}: expected low <= central <= high, found another order.")
    return PriceGiven(low, central, high, _text(keys["source"], f"{where}: source"))


def _items(value: object, known: tuple[str, ...], where: str) -> list[Item]:
    found = []
    for row in listing(value or [], where):
        keys = mapping(row, where, required="what", optional="units schools price one_off")
        what = _one_of(keys["what"], known, f"{where}: what")
        schools = keys.get("schools", "all")
        if isinstance(schools, str):
            _one_of(schools, ("all", *LEVELS), f"{where}: {what}: schools")
        found.append(
            Item(
                what,
                hundredths(keys.get("units", 1), f"{where}: {what}: units"),
                price(keys["price"], f"{where}: {what}: price") if "price" in keys else None,
                _flag(keys.get("one_off", False), f"{where}: {what}"),
                () if isinstance(schools, str) else _schools(schools, f"{where}: {what}"),
                schools if isinstance(schools, str) and schools != "all" else None,
            )
        )
    return found


def _transition(value: object, where: str) -> dict[str, Any]:
    keys = mapping(value or {}, where, optional="officers_leave_after staff_start_after one_off")
    return {
        "leave_after": _whole(keys.get("officers_leave_after", 0), f"{where} (months)", 0, 120),
        "start_after": _whole(keys.get("staff_start_after", 0), f"{where} (months)", 0, 120),
        "transition": price(keys["one_off"], f"{where}: one_off") if "one_off" in keys else None,
    }


def _grant(value: object, where: str) -> Grant | None:
    if value in (None, "none"):
        return None
    keys = mapping(value, where, required="source", optional="amount share pays_for act")
    if ("amount" in keys) == ("share" in keys):
        raise BadInput(f"{where}: expected either `amount` (dollars a year) or `share`.")
    pays = tuple(
        _one_of(kind, ("hire", "programmes", "security"), f"{where}: pays_for")
        for kind in listing(keys.get("pays_for", ["hire", "programmes"]), f"{where}: pays_for")
    )
    share = None
    if "share" in keys:
        share = Decimal(str(_number(keys["share"], f"{where}: share", 0, 1)))
    return Grant(
        source=_text(keys["source"], f"{where}: source"),
        cents=cents(keys["amount"], f"{where}: amount") if "amount" in keys else None,
        share=share,
        pays_for=pays,
        version=_version(keys["act"], f"{where}: act") if "act" in keys else None,
    )


def _version(value: object, where: str) -> str:
    """Read the year of a version of the Act, which YAML takes for a number."""
    return str(value) if type(value) is int else _text(value, where)


def _prices(value: object, where: str) -> dict[str, PriceGiven]:
    known = ("officer", "guard", *HIRED)
    keys = mapping(value or {}, where, optional=" ".join(known))
    return {role: price(keys[role], f"{where}: {role}") for role in known if role in keys}


def _growth(value: object, where: str) -> int:
    return round(_number(value, f"{where} (percent)", 0, 20) * 100)


def _ratios(value: object, where: str) -> dict[str, int]:
    keys = mapping(value or {}, where, optional=" ".join(HIRED))
    return {role: _whole(keys[role], f"{where}: {role}", 10, 100_000) for role in keys}


def _assumptions(value: object, where: str) -> tuple[Assumption, ...]:
    found = []
    for row in listing(value or [], where):
        keys = mapping(row, where, required="action outcome central", optional="low high")
        numbers = {
            name: _number(keys.get(name, keys["central"]), f"{where}: {name} (percent)", -100, 1000)
            for name in ("low", "central", "high")
        }
        if not numbers["low"] <= numbers["central"] <= numbers["high"]:
            raise BadInput(f"{where}: expected low <= central <= high, found another order.")
        action = _one_of(keys["action"], ("officers", "guards", *HIRED, *ACTIONS), where)
        found.append(
            Assumption(action, _one_of(keys["outcome"], SLIDERS, f"{where}: outcome"), **numbers)
        )
    return tuple(found)
