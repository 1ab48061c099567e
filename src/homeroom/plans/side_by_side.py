"""Plans side by side: cost, people, students, research, what is open, who must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from homeroom.plans.local_money import summary
from homeroom.plans.money import dollars
from homeroom.plans.outcomes import Outcome
from homeroom.plans.simulate import PRICED, Result
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES, SUPPORT

_MINUS = "\u2212"
ROWS = {
    "cost": "Cost",
    "people": "People",
    "students": "Students reached",
    "research": "What research supports",
    "unknown": "What nobody knows",
    "agree": "Who must agree",
}
"""Keys of a column, and their headings, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Column:
    """One plan in six rows of sentences; each says what it is about and nothing more."""

    plan: str
    cost: tuple[str, ...]
    people: tuple[str, ...]
    students: tuple[str, ...]
    research: tuple[str, ...]
    unknown: tuple[str, ...]
    agree: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}


def columns(results: Sequence[Result]) -> list[Column]:
    """Return a column for each plan.

    Parameters
    ----------
    results
        What plans of one place come to, keeping as is first.
    """
    return [
        Column(
            one.plan.name,
            _cost(one),
            _people(one),
            _students(one),
            _research(one),
            _unknown(one),
            _agree(one),
        )
        for one in results
    ]


def _cost(one: Result) -> tuple[str, ...]:
    first = one.years[0]
    said = [f"{_usd(dollars(int(first.total[0])))} in {first.year}, whoever pays"]
    for case in summary(one.books)["cases"]:
        money = case["new_local_money"]
        between = (
            "" if money["low"] is None else f" ({_usd(money['low'])} to {_usd(money['high'])})"
        )
        word = "new local money" if money["central"] >= 0 else "local money freed"
        condition = "" if len(one.books) == 1 else f" {case['if']}"
        said.append(
            f"{_usd(abs(money['central']))} of {word} over {one.plan.years} years{condition}"
            if not between
            else f"{_usd(money['central'])}{between} of new local money over {one.plan.years} "
            f"years{condition}"
        )
    return tuple(said)


def _people(one: Result) -> tuple[str, ...]:
    said = []
    for role in (*PRICED, *SUPPORT):
        before, after = one.base.total(role), one.after[role]
        now = int(after[after > 0].sum())
        if now != before:
            said.append(f"{ROLES[role].label}: {_posts(before)} to {_posts(now)}")
    said += [
        f"{item.what.replace('_', ' ')}: {item.hundredths / 100:,g}" for item in one.plan.items
    ]
    return tuple(said) or ("Nobody comes or goes.",)


def _students(one: Result) -> tuple[str, ...]:
    """Count the students of the schools where somebody comes, goes, or begins to serve."""
    base = one.base
    total = int(base.students[base.enrolled].sum())
    said = []
    gains = np.any([one.after[r] > base.staff[r] for r in SUPPORT], axis=0)
    for item in one.plan.items:
        if item.hundredths:
            gains = gains | base.at(item.where, item.what)
    loses = np.any([one.after[role] < base.staff[role] for role in PRICED], axis=0)
    for here, words in ((gains, "gain staff or a program"), (loses, "lose an officer or guard")):
        known = here & base.enrolled
        students = int(base.students[known].sum())
        if here.any():
            said.append(
                f"{students:,} students ({students / total:.0%}) in {int(here.sum()):,} schools "
                f"that {words}"
            )
    first = [
        int(base.students[(base.staff[r] == 0) & (one.after[r] > 0) & base.enrolled].sum())
        for r in SUPPORT
    ]
    said += [
        f"{number:,} of them get their school's first {ROLES[role].label.lower().removesuffix('s')}"
        for role, number in zip(SUPPORT, first, strict=True)
        if number
    ]
    return tuple(said) or ("None: nothing changes.",)


def _research(one: Result) -> tuple[str, ...]:
    said = [_found(o) for o in one.outcomes if o.group == ALL and o.touched]
    if said:
        return tuple(said)
    if not _acts(one):
        return ("Nothing changes.",)
    return ("No finding gives a size that may be used as an effect here.",)


def _found(one: Outcome) -> str:
    value = f"{one.median:+,.2f}".replace("-", _MINUS)
    if one.range == "assumed":
        return f"{one.outcome}: {value}: your own assumption, not research"
    if one.low is None or one.high is None:
        return f"{one.outcome}: {value}; no range published, so no probability"
    low, high = (f"{end:+,.2f}".replace("-", _MINUS) for end in (one.low, one.high))
    return f"{one.outcome}: {value} ({low} to {high}: {one.range})"


def _acts(one: Result) -> bool:
    return any(not np.array_equal(one.base.staff[r], one.after[r]) for r in one.after) or any(
        item.hundredths for item in one.plan.items
    )


def _unknown(one: Result) -> tuple[str, ...]:
    if not _acts(one):
        return ("What keeping as is does: studies compare having with not having.",)
    said = []
    if any("deter shootings" in text for text in one.unknowns):
        said.append("Whether officers or guards deter shootings")
    said += [
        f"By how much {action} change {_listed(outcomes)}"
        for action, outcomes in _open(one).items()
    ]
    none = [
        text.partition(":")[0].lower() for text in one.unknowns
        if ": no study in the library on" in text or "holds no study of them" in text
    ]  # fmt: skip
    if none:
        said.append(f"Anything at all on some outcomes of {', '.join(dict.fromkeys(none))}")
    if len(one.books) > 1:
        said.append("Who pays the officers")
    said.append("How well posts are filled, trained, and led")
    return tuple(said)


def _open(one: Result) -> dict[str, list[str]]:
    """Return the outcomes for which no size may be used, by what the plan changes."""
    found: dict[str, list[str]] = {}
    for text in one.unknowns:
        about, marked, _ = text.partition(": no usable size.")
        action, _, outcome = about.partition(" and ")
        kept = action == "Officers" and np.array_equal(
            one.base.staff["officer"], one.after["officer"]
        )
        if marked and not kept:
            found.setdefault(action.lower(), []).append(outcome)
    return found


_NAMED = 3


def _listed(outcomes: list[str]) -> str:
    more = len(outcomes) - _NAMED
    told = ", ".join(outcomes[:_NAMED])
    return f"{told}, and {more} more outcomes" if more > 1 else ", ".join(outcomes)


def _agree(one: Result) -> tuple[str, ...]:
    """Name who has a say, as far as the plan and the rules read show."""
    plan = one.plan
    if not _acts(one):
        return ("Nobody: nothing changes.",)
    said = ["The district's board"]
    officers = plan.officers is not None and plan.officers.form != "keep"
    if officers and (plan.paid_by is None or not plan.paid_by.known):
        said.append("Whoever pays and employs the officers: the plan does not say who")
    elif officers and plan.paid_by is not None:
        others = [name for name, _ in plan.paid_by.shares if name != "district"]
        said += [f"The {name}, which pays for officers" for name in others]
    if plan.agreement is not None:
        notice = f", with {plan.agreement.notice} months' notice" if plan.agreement.notice else ""
        said.append(f"The other side of the agreement on officers{notice}")
    said += [f"The state: {note.short or note.text}" for note in one.law if note.conflict]
    if plan.grant is not None:
        act = plan.grant.version is not None
        said.append(
            f"{plan.grant.source}"
            + (": Congress must first enact the bill and appropriate money" if act else
               ", which gives the grant")
        )  # fmt: skip
    said.append("Staff under contract: their agreements are not on file here")
    return tuple(said)


def _posts(hundredths: int) -> str:
    return f"{hundredths / 100:,.1f}".removesuffix(".0")


def _usd(amount: float) -> str:
    amount = round(amount) or 0
    return f"{_MINUS if amount < 0 else ''}${abs(amount):,.0f}"
