"""A plan as a small document: one model reads it, refuses it in words, and writes it again.

The document says what a district would change and what it may spend; everything else (students,
staff today, wages, findings) comes from the store and the research library. The fields below are
the keys; from them come the reading, the refusals, the reference page, and the JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from homeroom.errors import BadInput
from homeroom.evidence.place_ids import place_range
from homeroom.law.documents import parse, text_of
from homeroom.plans.actions import HIRED
from homeroom.plans.format.buying import (
    GRANT,
    GROWTH,
    PRICE,
    PRICED,
    PROGRAM_ITEMS,
    SECURITY_ITEMS,
    TODAY,
    TRANSITION,
    Assumption,
    Grant,
    Growth,
    Item,
    PriceGiven,
    Today,
    Transition,
)
from homeroom.plans.format.kinds import (
    MONEY,
    YEAR,
    Choice,
    Flag,
    ListOf,
    MapOf,
    Named,
    Reading,
    Text,
    Whole,
)
from homeroom.plans.format.records import Record, key, keys
from homeroom.plans.format.staffing import (
    CHANGE,
    HIRE,
    PAID_BY,
    PAYERS,
    Agreement,
    Change,
    Hire,
    Hiring,
    OfficerCosts,
    PaidBy,
)
from homeroom.plans.format.words import plain
from homeroom.text_gate import short
from homeroom.vocabulary.waves import WAVES

__all__ = ["Assumption", "Change", "Grant", "Item", "Named", "Plan", "PriceGiven", "from_dict",
           "load", "read", "written"]  # fmt: skip

SPREADS = ("gaps", "students", "even")
STEPS = {"whole": 100, "half": 50, "quarter": 25, "tenth": 10, "any": 1}
"""Hundredths of a post in the smallest part that a school may gain or lose."""
_LONGEST_NAME = 200


class _Place:
    """The kind of a place where staff are hired and ended."""

    words = "a district or a school: its name, or its id (`lea:4808940`)"

    def read(self, value: object, where: str, reading: Reading) -> str:
        text = Text().read(value, where, reading)
        named = reading.named
        area = place_range(named(text) if named and len(text) <= _LONGEST_NAME else text)
        if area.kind not in ("district", "school"):
            raise BadInput(
                f"{where}: expected a district (lea:4808940) or a school, found {area.place_id}: "
                "staff are hired and ended there."
            )
        return area.place_id

    def write(self, value: str) -> str:
        return value

    def schema(self) -> dict[str, Any]:
        return {"type": ["string", "integer"]}


class _Wave:
    """The kind of a wave of the CRDC that a plan may start from."""

    words = ", ".join(f"`{wave}`" for wave, one in WAVES.items() if not one.pandemic)

    def read(self, value: object, where: str, reading: Reading) -> str:
        also = tuple(
            (f"{wave[:4]}{line}{end}", wave)
            for wave in WAVES
            for line in ("-", "/", "\u2013")
            for end in (wave[-2:], f"20{wave[-2:]}")
        )
        text = dict(also).get(value, value) if isinstance(value, str) else value
        if isinstance(text, str) and text in WAVES and WAVES[text].pandemic:
            raise BadInput(
                f"{where}: expected a usual year, found {text}, the pandemic year, in "
                "which many schools were remote and arrests near zero: it is never a baseline. Use "
                "2017-18 or 2021-22."
            )
        return Choice(tuple(WAVES)).read(text, where, reading)

    def write(self, value: str) -> str:
        return value

    def schema(self) -> dict[str, Any]:
        return {"enum": [wave for wave, one in WAVES.items() if not one.pandemic]}


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for one place: what changes, who pays, and what it may cost."""

    name: str = key(Text(), "What the plan is called.", also="title, plan")
    place: str = key(_Place(), "Where: a district or a school.", also="district, school, where")
    start: int = key(YEAR, "First school year.", also="first year, start year, begins, starts")
    years: int = key(Whole(1, 20, "year"), "How many years the books run.", also="for, duration")
    baseline: str = key(
        _Wave(), "Year of the public figures that the plan starts from.", "2017-18",
        also="base year, wave",
    )  # fmt: skip
    paid_by: PaidBy | None = key(
        PAID_BY, "Who pays the officers; asked first, since only the payer saves.", None,
        also="payer, who pays, officers paid by",
    )  # fmt: skip
    employed_by: str | None = key(
        Choice((*PAYERS, "unknown"), "payers"),
        "Who employs the officers, whoever pays.", None, also="employer",
    )  # fmt: skip
    guards_paid_by: PaidBy | None = key(
        PAID_BY, "Who pays the guards; left out: the district.", None
    )
    agreement: Agreement | None = key(
        Record(Agreement), "Terms of the agreement under which officers of another body serve.",
        None, also="mou, contract, memorandum, memorandum of understanding",
    )  # fmt: skip
    officer_costs: OfficerCosts | None = key(
        Record(OfficerCosts), "What an officer costs a year beyond pay and benefits.", None,
        also="officer overhead, other officer costs",
    )  # fmt: skip
    today: Today | None = key(
        TODAY, "The district's own figures of today instead of public figures.", None,
        also="current, now",
    )  # fmt: skip
    officers: Change | None = key(
        CHANGE, "What becomes of the officers.", None,
        also="sro, sros, police, police officers, school resource officers, officer",
    )  # fmt: skip
    guards: Change | None = key(
        CHANGE, "What becomes of the guards.", None, also="security guards, guard"
    )
    hires: dict[str, Hire] = key(
        MapOf(HIRED, HIRE, "roles"), "Whom the plan hires.", {}, name="hire",
        also="hiring staff, staff, add staff, new staff",
    )  # fmt: skip
    spread: str = key(
        Choice(SPREADS, "spreads"),
        "Where new staff go first: to the largest `gaps`, by `students`, or `even`ly.", "gaps",
    )  # fmt: skip
    posts_in: str = key(
        Choice(tuple(STEPS), "steps"), "Smallest part of a post that a school gains or loses.",
        "half", name="step", also="posts in, smallest post, round to",
    )  # fmt: skip
    hiring: Hiring | None = key(
        Record(Hiring), "How long posts take to fill, and how many stand vacant.", None,
        also="recruiting",
    )  # fmt: skip
    security: tuple[Item, ...] = key(SECURITY_ITEMS, "Security bought.", ())
    programs: tuple[Item, ...] = key(
        PROGRAM_ITEMS, "Programs and services bought.", (), also="programmes, services, program"
    )
    timing: Transition = key(
        TRANSITION, "When the change begins, and what it costs once.", Transition(),
        name="transition", also="timing",
    )  # fmt: skip
    grant: Grant | None = key(GRANT, "Money from outside.", None, also="grants, funding")
    budget: int | None = key(
        MONEY, "New local money a year at most; left out: what is needed is reported.", None,
        also="new local money, local budget, new money, limit",
    )  # fmt: skip
    prices: dict[str, PriceGiven] = key(
        MapOf(PRICED, PRICE, "roles"), "Your own prices of a post and year.", {},
        also="price, costs, local prices",
    )  # fmt: skip
    growths: Growth = key(
        GROWTH, "How prices grow a year.", Growth(), name="yearly_growth",
        also="growth, inflation, annual growth, price growth, yearly increase",
    )  # fmt: skip
    price_index: str | None = key(
        Text("id of a price index"),
        "Index that carries published prices from their year to the first year.", None,
        also="index, deflator",
    )  # fmt: skip
    fiscal_start: str | None = key(
        Choice(tuple(str(month) for month in range(1, 13)), "months"),
        "Month in which the fiscal year begins: `july`.", None, name="fiscal_year",
        also="fiscal year starts, fiscal year begins, budget year",
    )  # fmt: skip
    ratios: dict[str, int] = key(
        MapOf(HIRED, Whole(10, 100_000, "student"), "roles"),
        "Students per post to measure by, instead of the professional body's.", {},
        also="ratio, targets, students per post",
    )  # fmt: skip
    assumptions: tuple[Assumption, ...] = key(
        ListOf(Record(Assumption)), "Your own guesses of what changes; marked as such.", (),
        also="assume, sliders",
    )  # fmt: skip
    include_unverified: bool = key(
        Flag(), "Whether to use findings known only from reports about them.", default=False
    )

    @property
    def hire(self) -> dict[str, int]:
        """Hundredths of full-time posts hired in the end, by role."""
        return {role: one.hundredths for role, one in self.hires.items()}

    @property
    def items(self) -> tuple[Item, ...]:
        """Everything bought."""
        return (*self.security, *self.programs)

    @property
    def leave_after(self) -> int:
        """Months until officers leave."""
        return self.timing.leave_after

    @property
    def start_after(self) -> int:
        """Months until new staff begin."""
        return self.timing.start_after

    @property
    def transition(self) -> PriceGiven | None:
        """What the change costs once."""
        return self.timing.one_off

    @property
    def growth(self) -> int:
        """Yearly growth of pay in hundredths of a percent."""
        return round(self.growths.wages * 100)

    @property
    def fiscal_month(self) -> int | None:
        """Month in which the fiscal year begins."""
        return None if self.fiscal_start is None else int(self.fiscal_start)

    @property
    def step(self) -> int:
        """Hundredths in the smallest part of a post."""
        return STEPS[self.posts_in]

    def refuse(self, where: str) -> None:
        """Refuse parts that contradict each other."""
        named = [item.what for item in self.items]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise BadInput(f"{where}: {twice[0]} stands twice: put it into one entry.")
        acting = {"officers", "guards", *self.hires, *named}
        for one in self.assumptions:
            absent = one.action in ("officers", "guards") and getattr(self, one.action) is None
            if one.action not in acting or absent:
                raise BadInput(
                    f"{where}: assumptions: the plan does not change {one.action!r}: assume about "
                    "something that it changes."
                )


PLAN = Record(Plan)


def load(path: Path, *, named: Named | None = None) -> Plan:
    """Read a plan file; see :func:`from_dict`. Files that it names lie beside it."""
    text = text_of(path, "a plan in YAML")
    return _built(parse(text, path.name), path.name, Reading(named, path.resolve().parent))


def read(text: str, where: str = "plan", *, named: Named | None = None) -> Plan:
    """Read a plan from YAML text.

    Raises
    ------
    BadInput
        A key is unknown or missing, an amount is negative or could mean two things, the baseline
        is the pandemic year, or two parts contradict each other; the message says which, and what
        to write.
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
    return _built(document, where, Reading(named))


def written(plan: Plan) -> str:
    """Return a plan as YAML that :func:`read` reads as the same plan."""
    document = PLAN.write(plan)
    return str(
        yaml.safe_dump(
            document, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None
        )
    )


def _built(document: object, where: str, reading: Reading) -> Plan:
    if not isinstance(document, dict):
        names = sorted(one.name for one in keys(Plan).values())
        raise BadInput(f"{where}: expected a mapping with {names}, found {short(document)}.")
    plan = PLAN.read(_lifted(document, where), where, reading)
    assert isinstance(plan, Plan)  # noqa: S101 - tells the type checker what the model is
    return plan


_OF_OFFICERS = {
    "paid by": "paid_by", "payer": "paid_by", "who pay": "paid_by", "employed by": "employed_by",
    "employer": "employed_by",
    "agreement": "agreement", "mou": "agreement", "cost": "officer_costs",
    "officer cost": "officer_costs",
}  # fmt: skip


def _lifted(document: Mapping[Any, Any], where: str) -> dict[Any, Any]:
    """Bring what is said of the officers inside their entry to where the document has it."""
    lifted = dict(document)
    if lifted.get("grant") in ("none", "None", "no", False):
        lifted.pop("grant")
    name = next((k for k in lifted if plain(str(k)) in ("officer", "sro", "police")), None)
    entry = lifted.get(name)
    if not isinstance(entry, dict):
        return lifted
    kept = {}
    for key_, held in entry.items():
        target = _OF_OFFICERS.get(plain(str(key_)))
        if target is None:
            kept[key_] = held
        elif target in lifted:
            raise BadInput(f"{where}: {target} stands twice: keep one.")
        else:
            lifted[target] = held
    if kept:
        lifted[name] = kept
    else:
        lifted.pop(name)
    return lifted
