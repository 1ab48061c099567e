"""Where a state's duty to have officers and a condition of the bill would collide.

For each version of the bill two questions are asked: can a district meet both the state's duty
and the grant's condition that no officers be there, and who would have to pay for officers that
the state requires. What either text leaves open stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from homeroom.law.act.parameters import Bill, load_act
from homeroom.law.act.rules import Reading, stated
from homeroom.law.logic import Finding, Truth, conjunction
from homeroom.law.states.answers import Answer, ask
from homeroom.law.states.packs import NOT_ADVICE
from homeroom.vocabulary.states import STATES

CONDITION = "eligibility.no-officers-during-grant"
MONEY = "ban.federal-funds"


@dataclass(frozen=True, slots=True)
class Collision:
    """One version of the bill beside one state's rules."""

    bill: Bill
    mandate: Answer
    grant: Truth
    """Whether the grant's condition and the state's duty collide."""
    grant_says: str
    money: Truth
    """Whether the bill would bar Federal money for officers that the state requires."""
    money_says: str
    traces: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "version": self.bill.id,
            "number": self.bill.number,
            "mandate": str(self.mandate.value),
            "grant_collides": str(self.grant),
            "grant": self.grant_says,
            "federal_money_collides": str(self.money),
            "federal_money": self.money_says,
            "trace": [entry.as_dict() for one in self.traces for entry in one.trace],
            "notice": f"{self.bill.notice} {NOT_ADVICE}",
        }


def collisions(state: str, day: date, *, place: str | None = None) -> tuple[Collision, ...]:
    """Return every version of the bill beside a state's duty to have officers on a day.

    Parameters
    ----------
    state
        Postal code.
    day
        The day whose state law is asked.
    place
        A district, for rules made for one district.
    """
    mandate = ask(state, "officers", day, place=place)
    act = load_act()
    return tuple(_one(Reading(act, bill), mandate) for bill in act.bills)


def _one(reading: Reading, mandate: Answer) -> Collision:
    condition, money = stated(reading, CONDITION), stated(reading, MONEY)
    grant = conjunction([condition.answer, mandate.value])
    if grant is Truth.YES and any(one.without_officers for one in mandate.rules):
        grant = Truth.UNKNOWN
    barred = conjunction([money.answer, mandate.value])
    return Collision(
        reading.bill,
        mandate,
        grant,
        _grant_says(grant, condition.answer, mandate),
        barred,
        _money_says(barred, mandate),
        (condition, money),
    )


def _grant_says(grant: Truth, condition: Truth, mandate: Answer) -> str:
    name = STATES[mandate.state]
    if grant is Truth.NO:
        return f"No collision: {name} has no duty to have officers, as far as its rules were read."
    if grant is Truth.YES:
        ways = [f"{one.alternative}" for one in mandate.rules if one.alternative]
        ways += [f"an exception ({one.exception})" for one in mandate.rules if one.exception]
        out = f" The state offers {ways[0]}." if ways else ""
        arms = (
            " Whether that counts as an officer under the bill is not known, and its grants may "
            "not pay for arming staff."
        )
        return (
            f"They collide: a district would have to end its officers to get the grant, and {name} "
            f"requires {mandate.rules[0].duty}.{out}{arms if ways else ''}"
        )
    if mandate.value is Truth.YES and condition is Truth.YES:
        return (
            f"Not settled: officers would have to go, and {name} requires {mandate.rules[0].duty}. "
            "A district may be able to meet both; whether the bill would take that for officers "
            "is not known."
        )
    if mandate.value is Truth.YES:
        return (
            f"Not known: the sources on this version don't say whether officers must go; {name} "
            f"requires {mandate.rules[0].duty}."
        )
    if condition is Truth.YES:
        return f"Not known: officers would have to go, and no rule that settles {name}'s was read."
    return "Not known: neither text settles it."


def _money_says(barred: Truth, mandate: Answer) -> str:
    name = STATES[mandate.state]
    if barred is Truth.YES:
        return (
            f"Officers who meet {name}'s duty could not be paid from Federal money; state or local "
            "money would have to pay."
        )
    if barred is Truth.NO:
        return f"No Federal money is needed for a duty that {name} does not have."
    return f"Not known: whether {name} requires officers is not settled by what was read."
