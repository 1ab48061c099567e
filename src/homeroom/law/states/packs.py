"""What state laws say of officers and support staff: one dated, cited pack a state.

A pack holds what was read, and when. A rule with no entry is not known; that is not the same as
"no such law". ``begins`` is the first day for which the text read makes the rule certain: of a
month or a school year its first day, of a bare year the first day of the next. A rule without
``begins`` was read as in force, and counts from the day it was read.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.documents import listing, mapping, parse
from homeroom.law.logic import Truth
from homeroom.vocabulary.states import STATES

NOT_ADVICE = "This isn't legal advice; check with counsel."

TOPICS = {
    "officers": "Must schools have officers or armed staff?",
    "security_staff": "Must schools have security staff, armed or not?",
    "limits": "Does the state limit what officers in schools may do, or their number?",
    "agreement": "Must districts and police sign an agreement?",
    "training": "Must officers in schools be trained for schools?",
    "reporting": "Must arrests, referrals, or officers be reported?",
    "counselors": "Must schools have counselors, by a ratio or a number?",
    "psychologists": "Must schools have psychologists?",
    "social_workers": "Must schools have social workers?",
    "nurses": "Must schools have nurses?",
    "support_staff": "Must schools have support staff of several kinds together?",
    "money_officers": "Does the state pay for officers?",
    "money_support": "Does the state pay for support staff, by a grant?",
    "money_facilities": "Does the state pay for buildings' security?",
}
"""The questions asked of each state, by topic; each has a value on every day."""


class Kind(StrEnum):
    """What sort of rule it is: mandates, money, goals, and permissions differ."""

    MANDATE = "mandate"
    DUTY = "duty"
    LIMIT = "limit"
    REPEAL = "repeal"
    PERMISSION = "permission"
    FUNDING = "funding"
    GOAL = "goal"
    PROPOSAL = "proposal"
    BILL = "bill"
    FACT = "fact"
    NOT_READ = "not_read"
    NOT_FOUND = "not_found"


class TextStatus(StrEnum):
    """Where the rule was read: in the law's own words, in a report, or not at all."""

    VERBATIM = "verbatim"
    SECONDARY = "secondary"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as read; ``answers`` gives its value on the topics that it bears on."""

    rule_id: str
    kind: Kind
    answers: dict[str, Truth]
    says: str
    read_on: date
    text_status: TextStatus
    known_as: str = ""
    in_short: str = ""
    """The duty, its exception, and its money in one clause."""
    applies_to: str = ""
    places: tuple[str, ...] = ()
    exception: str = ""
    alternative: str = ""
    without_officers: bool = False
    """Whether the alternative meets the duty with no officer or armed person at the school."""
    penalty: str = ""
    money: str = ""
    role: str = ""
    students_per_post: int | None = None
    begins: date | None = None
    ends: date | None = None
    """The first day on which it no longer holds."""
    dates_as_read: str = ""
    citation: str = ""
    urls: tuple[str, ...] = ()
    location: str = ""
    note: str = ""

    @property
    def duty(self) -> str:
        """What a duty to have officers asks for, in the fewest words."""
        if self.without_officers:
            return f"officers or {self.alternative}"
        return "officers or armed staff"

    @property
    def first_day(self) -> date:
        """The first day for which the text makes the rule certain."""
        return self.begins or self.read_on

    def holds(self, day: date) -> bool:
        """Return whether the rule, as read, is in force on a day."""
        return self.first_day <= day and (self.ends is None or day < self.ends)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, dates as ISO text."""
        made: dict[str, Any] = {one.name: getattr(self, one.name) for one in fields(self)}
        made |= {name: made[name] and made[name].isoformat() for name in _DATES}
        return made | {
            "kind": str(self.kind),
            "text_status": str(self.text_status),
            "answers": {topic: str(value) for topic, value in self.answers.items()},
            "places": list(self.places),
            "urls": list(self.urls),
        }


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one state, in the order of its file."""

    state: str
    name: str
    rules: tuple[Rule, ...]


_DATES = ("begins", "ends", "read_on")
_NEEDED = "rule_id kind answers says read_on text_status"
_MAY = " ".join(one.name for one in fields(Rule) if one.name not in _NEEDED.split())


def states() -> tuple[str, ...]:
    """List the states that have a pack, by postal code."""
    names = (path.name for path in files("homeroom.law.states").iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".yaml")))


@cache
def pack(state: str) -> Pack | None:
    """Return a state's pack by postal code; None where it has none, so that all is unknown.

    Raises
    ------
    BadInput
        There is no such state, or its file is not well formed.
    """
    if state not in STATES:
        raise BadInput(f"expected a state's postal code, such as TX, found {state!r}.")
    path = files("homeroom.law.states") / f"{state}.yaml"
    if not path.is_file():
        return None
    where = f"{state}.yaml"
    raw = mapping(parse(path.read_text("utf-8"), where), where, required="state name rules")
    rules = tuple(_rule(one, f"{where}, rule {at}") for at, one in enumerate(raw["rules"], 1))
    return Pack(raw["state"], raw["name"], rules)


def _rule(raw: object, where: str) -> Rule:
    given = dict(mapping(raw, where, required=_NEEDED, optional=_MAY))
    answers = mapping(given["answers"], f"{where}: answers", optional=" ".join(TOPICS))
    try:
        given |= {
            "kind": Kind(given["kind"]),
            "text_status": TextStatus(given["text_status"]),
            "answers": {topic: Truth(value) for topic, value in answers.items()},
        }
    except ValueError as error:
        raise BadInput(f"{where}: {error}.") from None
    for name in ("places", "urls"):
        given[name] = tuple(listing(given.get(name, []), f"{where}: {name}"))
    for name in _DATES:
        if name in given and not isinstance(given[name], date):
            raise BadInput(f"{where}: {name}: expected a date, such as 2023-09-01.")
    return Rule(**given)
