"""What a plan costs, year by year: its lines, who pays them, and books that balance to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from homeroom.errors import BadInput
from homeroom.plans.actions import ACTIONS
from homeroom.plans.document import Plan
from homeroom.plans.grants import Terms, granted, terms
from homeroom.plans.lines import EXIT, Line, Staffed, lines
from homeroom.plans.money import MONTHS, Cents, Year, amount, grown, part
from homeroom.plans.payers import WHOEVER, Case, cases

__all__ = ["Books", "Staffed", "all_books", "books"]


@dataclass(frozen=True, slots=True)
class Books:
    """The books of all years in one case of who pays."""

    case: Case
    years: tuple[Year, ...]

    @property
    def local(self) -> Cents:
        """New local money over all years."""
        return np.asarray(sum(year.local for year in self.years), dtype=np.int64)


def all_books(plan: Plan, staffed: Staffed, unit: dict[str, Cents]) -> tuple[Books, ...]:
    """Return the books of every year, once for each case of who pays.

    Cases that come to the same (a plan that changes no officers) are one.

    Raises
    ------
    BadInput
        The plan spends more than it frees, is granted and may take from the budget.
    """
    found = lines(plan, staffed)
    limits = terms(plan, staffed, found)
    unit = unit | _exit(plan, unit)
    made = [
        Books(case, tuple(_years(plan, staffed, found, limits, unit, case))) for case in cases(plan)
    ]
    if len(made) > 1 and _same(made):
        made = [replace(made[0], case=replace(made[0].case, name="any", words=WHOEVER))]
    _within_budget(plan, made)
    return tuple(made)


def books(plan: Plan, staffed: Staffed, unit: dict[str, Cents]) -> list[Year]:
    """Return the books of the case that the plan states, or of a district that pays."""
    return list(all_books(plan, staffed, unit)[0].years)


def _exit(plan: Plan, unit: dict[str, Cents]) -> dict[str, Cents]:
    if plan.agreement is None or EXIT in unit:
        return {}
    return {EXIT: np.full_like(next(iter(unit.values())), plan.agreement.exit_cost)}


def _same(made: Sequence[Books]) -> bool:
    one, other = made
    return all(
        np.array_equal(a.local, b.local) for a, b in zip(one.years, other.years, strict=True)
    )


def _years(
    plan: Plan,
    staffed: Staffed,
    found: list[Line],
    limits: Terms | None,
    unit: dict[str, Cents],
    case: Case,
) -> list[Year]:
    made = []
    for number in range(plan.years):
        price = {name: grown(one, _growth(plan, name), number) for name, one in unit.items()}
        spent = {line.id: amount(price[line.price], line.months(number)) for line in found}
        before = {
            "officers": amount(price["officer"], staffed.officers[0] * MONTHS),
            "guards": amount(price["guard"], staffed.guards[0] * MONTHS),
        }
        zero = np.zeros_like(before["officers"])
        mine = zero
        others: dict[str, Cents] = {}
        for line in found:
            more = spent[line.id] - before.get(line.kind, zero)
            own, theirs = _parted(more, case.shares(line.kind))
            mine = mine + own
            for payer, money in theirs.items():
                others[payer] = others.get(payer, zero) + money
        grant = (
            granted(plan.grant, limits, found, price, number, mine)
            if plan.grant and limits else zero
        )  # fmt: skip
        year = Year(
            plan.start + number, spent, before["officers"] + before["guards"], grant,
            mine - grant, others,
        )  # fmt: skip
        year.check()
        made.append(year)
    return made


def _parted(more: Cents, shares: tuple[tuple[str, object], ...]) -> tuple[Cents, dict[str, Cents]]:
    """Part a change in spending among its payers; the district has what is left of rounding."""
    theirs = {
        payer: part(more, share)  # type: ignore[arg-type]
        for payer, share in shares
        if payer != "district"
    }
    if "district" in dict(shares):
        return more - sum(theirs.values(), np.zeros_like(more)), theirs
    last = list(theirs)[-1]
    theirs[last] = more - sum((m for p, m in theirs.items() if p != last), np.zeros_like(more))
    return np.zeros_like(more), theirs


def _growth(plan: Plan, name: str) -> int:
    """Return the yearly growth of a price in hundredths of a percent."""
    goods = name in ACTIONS or name in ("transition", EXIT)
    return round((plan.growths.prices if goods else plan.growths.wages) * 100)


def _within_budget(plan: Plan, made: Sequence[Books]) -> None:
    """Refuse money from nowhere, at central prices, in any case of who pays."""
    if plan.budget is None:
        return
    for one in made:
        for year in one.years:
            missing = int(year.local[0]) - plan.budget
            if missing > 0:
                unknown = "" if one.case.known or len(made) == 1 else f" {one.case.words}"
                raise BadInput(
                    f"{plan.name}: money from nowhere: in {year.year} the plan spends "
                    f"{_usd(int(year.total[0]))}; officers and guards cost "
                    f"{_usd(int(year.today[0]))} today, the grant pays "
                    f"{_usd(int(year.grant[0]))} and the budget adds {_usd(plan.budget)}: "
                    f"{_usd(missing)} has no source{unknown}. Raise the budget, name a grant or "
                    "buy less."
                )


def _usd(cents: int) -> str:
    return f"${cents / 100:,.2f}"
