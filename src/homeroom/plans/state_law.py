"""Hold a plan against the rules of its state, as far as they were read.

A plan that ends officers where the state requires them says so first, with the exception or the
alternative that the law offers and its money. A plan that hires shows the state's mandate for the
role, or that none is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from homeroom.law.logic import Truth
from homeroom.law.states import NOT_ADVICE, Answer, Kind, Rule, ask, read_on
from homeroom.plans.baseline import UNKNOWN, Baseline, Ints
from homeroom.plans.document import Plan
from homeroom.vocabulary.roles import ROLES
from homeroom.vocabulary.states import POSTAL_OF_NAME, STATES

STAFF = {
    "counselor": "counselors",
    "psychologist": "psychologists",
    "social_worker": "social_workers",
    "nurse": "nurses",
}
_FIRST_MONTH = 8
"""A school year's law is that of August, or of the day of reading where that is later."""
_MONEY = {Kind.MANDATE, Kind.FUNDING}


@dataclass(frozen=True, slots=True)
class Note:
    """What the state's rules say of one part of a plan."""

    about: str
    value: Truth
    text: str
    details: tuple[str, ...]
    urls: tuple[str, ...]
    conflict: bool = False
    short: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "about": self.about,
            "value": str(self.value),
            "conflict": self.conflict,
            "text": self.text,
            "short": self.short,
            "details": list(self.details),
            "urls": list(self.urls),
        }


def notes(plan: Plan, base: Baseline, after: dict[str, Ints]) -> tuple[Note, ...]:
    """Return what the state's rules say of a plan: officers first, then each role it hires.

    Parameters
    ----------
    plan
        What is to change.
    base
        The place as it is.
    after
        Role to hundredths of posts after the plan, school by school.
    """
    state = _postal(base.state)
    if state is None:
        return ()
    day = law_day(state, plan.start)
    said = []
    if plan.officers is not None and plan.officers.form == "end":
        said.append(_officers(ask(state, "officers", day, place=base.place), base, after))
    said += [
        _staff(ask(state, STAFF[role], day, place=base.place), role, base, after)
        for role in plan.hire
        if role in STAFF
    ]
    return tuple(said)


def law_day(state: str, start: int) -> date:
    """Return the day whose rules hold for a plan's first year: August, or the day of reading."""
    return max(date(start, _FIRST_MONTH, 1), read_on(state))


def told(answer: Answer) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Return what an answer's rules say: one text, details, and addresses."""
    rules = answer.rules
    said = " ".join(f"{one.says} ({_named(one)})" for one in rules)
    details = [part for one in rules for part in _offered(one)]
    also = [one for one in answer.beside if one.holds(answer.day) or one.kind is Kind.FACT]
    details += [f"Also: {one.says}" for one in also if one.kind is not Kind.NOT_FOUND]
    if rules:
        details += _more_money(answer)
    urls = tuple(dict.fromkeys(url for one in (*rules, *also) for url in one.urls))
    return said, tuple(dict.fromkeys(details)), urls


def _officers(answer: Answer, base: Baseline, after: dict[str, Ints]) -> Note:
    name = STATES[answer.state]
    said, details, urls = told(answer)
    if answer.value is Truth.YES:
        duty = answer.rules[0].duty
        text = f"This plan ends officers, and {name} requires {duty}: {said}"
        details = (*_left(base, after), *details)
        rule = answer.rules[0]
        short = f"{name}: {rule.in_short or rule.known_as or rule.citation}"
        return Note("officers", answer.value, text, details, urls, conflict=True, short=short)
    if answer.value is Truth.NO:
        text = f"{name} has no duty to have officers, as far as its rules were read: {said}"
    else:
        text = (
            f"Whether {name} requires officers in schools is unknown: no rule that settles it was "
            f"read. {NOT_ADVICE}"
        )
    return Note("officers", answer.value, text, details, urls)


def _staff(answer: Answer, role: str, base: Baseline, after: dict[str, Ints]) -> Note:
    name, label = STATES[answer.state], ROLES[role].label.lower()
    said, details, urls = told(answer)
    if answer.value is Truth.YES:
        text = f"{name} has a staffing mandate for {label}: {said}"
        details = (*_ratio(role, base, after), *details)
    elif answer.value is Truth.NO:
        text = f"{name} has no staffing mandate for {label}: {said}"
    else:
        text = f"Whether {name} has a staffing mandate for {label} is unknown: none was read."
    return Note(role, answer.value, text, details, urls)


def _named(rule: Rule) -> str:
    since = f"in force since {rule.begins:%B} {rule.begins.day}, {rule.begins.year}; " if (
        rule.begins
    ) else ""  # fmt: skip
    known = f"{rule.known_as}; " if rule.known_as else ""
    how = "in the law's words" if rule.text_status == "verbatim" else "in a report about it"
    return f"{known}{rule.citation}; {since}read {how} on {rule.read_on.isoformat()}"


def _offered(rule: Rule) -> list[str]:
    made = [
        f"Exception: {rule.exception}" if rule.exception else "",
        f"Alternative: {rule.alternative}." if rule.alternative else "",
        f"Money: {rule.money}." if rule.money else "",
        f"Penalty: {rule.penalty}." if rule.penalty else "",
    ]
    return [one for one in made if one]


def _more_money(answer: Answer) -> list[str]:
    """Name money for officers that other rules of the state bring."""
    if answer.topic != "officers":
        return []
    rules = ask(answer.state, "money_officers", answer.day).rules
    return [
        f"More money: {one.says} ({one.citation})"
        for one in rules
        if one.kind in _MONEY and one not in answer.rules
    ]


def _left(base: Baseline, after: dict[str, Ints]) -> list[str]:
    posts = after["officer"]
    known = posts != UNKNOWN
    bare, before = int((posts[known] == 0).sum()), int((base.staff["officer"][known] == 0).sum())
    if not known.any():
        return []
    text = (
        f"By the posts of {base.wave}, {bare} of {int(known.sum())} schools that reported would "
        f"have no officer of their own ({before} had none then)."
    )
    return [text]


def _ratio(role: str, base: Baseline, after: dict[str, Ints]) -> list[str]:
    """Say how many students there would be for each post: the whole place, not each school."""
    known = (after[role] != UNKNOWN) & base.enrolled
    posts, students = int(after[role][known].sum()), int(base.students[known].sum())
    if posts <= 0:
        return []
    text = (
        f"With the plan there would be {students * 100 / posts:,.0f} students for each of them in "
        f"the schools that reported ({base.wave})."
    )
    return [text]


def _postal(state: str | None) -> str | None:
    if state is None:
        return None
    return state if state in STATES else POSTAL_OF_NAME.get(state.casefold())
