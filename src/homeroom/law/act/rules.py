"""The bill's conditions as small functions of facts.

Each is bound to one provision. Where a version is silent on the provision, the rule answers
"unknown" whatever the facts are.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from homeroom.law.act.parameters import Bill, Content, load_act
from homeroom.law.logic import Entry, Finding, Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from homeroom.law.act.facts import LeaFacts
    from homeroom.law.act.parameters import Act

BOUNDARIES = ("at_least", "more_than")
Said: TypeAlias = tuple[Truth, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Reading:
    """One version of the bill, read with one treatment of the boundary day."""

    act: Act
    bill: Bill
    boundary: str = "at_least"

    def content(self, provision: str) -> Content:
        """Return what ``provision`` says here."""
        return self.act.value(provision, self.bill).content


@dataclass(frozen=True, slots=True)
class Rule:
    """A function of facts that speaks for one provision."""

    provision: str
    uses: tuple[str, ...]
    decide: Callable[..., Said]

    def apply(self, reading: Reading, facts: LeaFacts) -> Finding:
        """Evaluate the rule, and tell which facts it used and lacked."""
        used: dict[str, Any] = {name: getattr(facts, name) for name in self.uses}
        if reading.content(self.provision) is None:
            return stated(reading, self.provision, used)
        result, shown = self.decide(reading, **used)
        lacking = tuple(name for name, value in used.items() if value is None)
        entry = _entry(reading, self.provision, {**used, **shown}, result)
        return Finding(result, (entry,), lacking if result is Truth.UNKNOWN else ())


RULES: dict[str, Rule] = {}


def rule(provision: str) -> Callable[[Callable[..., Said]], Callable[..., Said]]:
    """Bind a function to a provision; its keyword arguments name the facts that it uses."""

    def bind(decide: Callable[..., Said]) -> Callable[..., Said]:
        names = inspect.signature(decide).parameters.values()
        uses = tuple(name.name for name in names if name.kind is name.KEYWORD_ONLY)
        RULES[provision] = Rule(provision, uses, decide)
        return decide

    return bind


def stated(reading: Reading, provision: str, facts: Mapping[str, object] | None = None) -> Finding:
    """Answer from the bill alone: what a flag says, or unknown where the sources are silent."""
    content = reading.content(provision)
    result = Truth.of(None if content is None else bool(content))
    entry = _entry(reading, provision, facts or {}, result)
    title = reading.act.provisions[provision].title
    silent = (f"{provision}: {title} (not in the sources read for {reading.bill.number})",)
    return Finding(result, (entry,), silent if result is Truth.UNKNOWN else ())


def _entry(reading: Reading, provision: str, facts: Mapping[str, object], result: Truth) -> Entry:
    value = reading.act.value(provision, reading.bill)
    return Entry(provision, value.citation, str(value.text_status), facts, result)


def _gone_in_time(
    reading: Reading, standing: str | None, ended: date | None, received: date | None
) -> Said:
    days = reading.content("eligibility.lead-days")
    shown: dict[str, object] = {"days_required": days, "boundary": reading.boundary}
    if standing == "never":
        return Truth.YES, shown
    if standing == "running":
        return Truth.NO, shown
    if ended is None or received is None or not isinstance(days, int):
        return Truth.UNKNOWN, shown
    between = (received - ended).days
    enough = between > days or (between == days and reading.boundary == "at_least")
    return Truth.of(enough), {**shown, "days_between": between}


@rule("eligibility.contract-ended")
def contract_ended(
    reading: Reading,
    *,
    contract: str | None,
    contract_end_date: date | None,
    grant_start_date: date | None,
) -> Said:
    """Ask whether no contract with police is left in the days before the funds."""
    return _gone_in_time(reading, contract, contract_end_date, grant_start_date)


@rule("eligibility.own-police-dissolved")
def own_police_gone(
    reading: Reading,
    *,
    own_police: str | None,
    own_police_dissolved: date | None,
    grant_start_date: date | None,
) -> Said:
    """Ask whether the district's own police are dissolved in the days before the funds."""
    return _gone_in_time(reading, own_police, own_police_dissolved, grant_start_date)


@rule("eligibility.no-officers-during-grant")
def no_officers(_reading: Reading, *, officers_during_grant: bool | None) -> Said:
    """Ask whether officers stay away during the grant."""
    known = officers_during_grant
    return Truth.of(None if known is None else not known), {}


@rule("priority.contracts-terminated")
def already_terminated(
    _reading: Reading,
    *,
    contract: str | None,
    contract_end_date: date | None,
    application_date: date | None,
) -> Said:
    """Ask whether a contract with police had ended when the district applied."""
    if contract in ("never", "running"):
        return Truth.NO, {}
    if contract_end_date is None or application_date is None:
        return Truth.UNKNOWN, {}
    return Truth.of(contract_end_date <= application_date), {}


@rule("ban.federal-funds")
def federal_money_barred(_reading: Reading, *, federal_money_for_officers: bool | None) -> Said:
    """Ask whether the district uses Federal money that the bill would bar."""
    return Truth.of(federal_money_for_officers), {}


@rule("cops.closed")
def cops_grant_closed(_reading: Reading, *, cops_grant_for_officers: bool | None) -> Said:
    """Ask whether the district holds a COPS grant that the bill would close."""
    return Truth.of(cops_grant_for_officers), {}


def apply(provision: str, reading: Reading, facts: LeaFacts) -> Finding:
    """Apply the rule of a provision."""
    return RULES[provision].apply(reading, facts)


def read(version: str | int, *, boundary: str = "at_least", act: Act | None = None) -> Reading:
    """Open one version of the bill."""
    act = act or load_act()
    return Reading(act, act.bill(version), boundary)
