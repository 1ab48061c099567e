"""What a grant pays, and what stops it: years, match, supplement, and the terms of the bill.

A grant under the Counseling Not Criminalization in Schools bill pays nothing while officers are in
schools, nothing in the days that must pass after they have left, and nothing for a use that the
version bars or does not name. Where the texts of a version that were read are silent on a term,
the books take the stricter reading and say so. The bill is not law.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeroom.errors import HomeroomError
from homeroom.law.act import load_act, use
from homeroom.law.logic import Truth
from homeroom.plans.actions import bridges
from homeroom.plans.document import Grant, Plan
from homeroom.plans.lines import Line, Staffed, grant_years, officers_by_month
from homeroom.plans.money import MONTHS, Cents, amount, part

_DAYS_A_MONTH = 30


@dataclass(frozen=True, slots=True)
class Terms:
    """What a grant may pay for.

    Attributes
    ----------
    counted
        Which months it can pay, over all years of the plan.
    barred
        Lines that it cannot pay for.
    said
        Each limit in a sentence.
    """

    counted: NDArray[np.bool_]
    barred: frozenset[str]
    said: tuple[str, ...]


def terms(plan: Plan, staffed: Staffed, found: list[Line]) -> Terms | None:
    """Return the limits of a plan's grant; None where there is none.

    Parameters
    ----------
    plan
        The plan.
    staffed
        Officers and guards, today and by year.
    found
        The plan's lines.
    """
    grant = plan.grant
    if grant is None:
        return None
    first, end = grant_years(plan)
    months = np.arange(plan.years * MONTHS)
    counted = (months >= first * MONTHS) & (months < end * MONTHS)
    said = [_cliff(plan, end)] if end < plan.years else []
    if first:
        said.append(f"The grant pays from {plan.start + first}.")
    barred: list[str] = []
    if grant.version is not None:
        open_from, why = _open_from(plan, staffed)
        counted &= months >= open_from
        said = [load_act().bill(grant.version).notice, *why, *said]
        refused = [_barred(line, grant.version) for line in found if line.kind in grant.pays_for]
        barred = [line for line, _ in (one for one in refused if one)]
        said += [text for _, text in (one for one in refused if one)]
    return Terms(counted, frozenset(barred), tuple(said))


def _cliff(plan: Plan, end: int) -> str:
    grant = plan.grant
    ends = grant is not None and grant.afterwards == "end"
    then = "what it paid for ends with it" if ends else "the district pays for what it paid for"
    return f"The grant ends after {plan.start + end - 1}; from {plan.start + end} on, {then}."


def _open_from(plan: Plan, staffed: Staffed) -> tuple[int, list[str]]:
    """Return the first month that a grant under the bill may pay, and why not earlier."""
    officers = officers_by_month(plan, staffed)
    version = plan.grant.version if plan.grant else None
    act = load_act()
    bill = act.bill(version or "2025")
    days = act.value("eligibility.lead-days", bill).content
    silent = not isinstance(days, int)
    lead = 30 if silent else int(str(days))
    there = np.flatnonzero(officers)
    said = []
    if silent:
        said.append(
            f"The texts read of the {bill.year} version do not say how long before a grant the "
            "officers must be gone; the books take the 30 days of the 2025 version."
        )
    if not len(there) and not staffed.officers[0]:
        return 0, said
    if len(there) and there[-1] == len(officers) - 1:
        said.append(
            "Grant: officers stay, and the bill's grants ask that none be there during the grant "
            "(rule eligibility.no-officers-during-grant): it pays nothing."
        )
        return len(officers), said
    gone = int(there[-1]) + 1 if len(there) else 0
    opened = gone + -(-lead // _DAYS_A_MONTH)
    said.append(
        f"Grant: it pays nothing until {lead} days after the last officer has left, that is for "
        f"the plan's first {opened} months (rules eligibility.no-officers-during-grant and "
        "eligibility.lead-days)."
    )
    return opened, said


def _barred(line: Line, version: str) -> tuple[str, str] | None:
    """Return a line that a version does not pay for, with the reason."""
    label = bridges().actions[line.price].label
    try:
        fit = use(label, version=version)
    except HomeroomError as error:
        return line.id, f"Grant: it is not counted on for {label.lower()}: {error}"
    if fit.fits is Truth.YES:
        return None
    if fit.fits is Truth.NO:
        return line.id, (
            f"Grant: it pays nothing for {label.lower()}, which the bill bars ({fit.rule}; "
            f"{fit.value.citation})."
        )
    return line.id, (
        f"Grant: it is not counted on for {label.lower()}: the texts read do not say that the bill "
        f"pays for them ({fit.rule})."
    )


def granted(
    grant: Grant,
    limits: Terms,
    found: list[Line],
    price: dict[str, Cents],
    year: int,
    room: Cents,
) -> Cents:
    """Return what a grant pays in a year.

    Parameters
    ----------
    grant
        The grant.
    limits
        What :func:`terms` says of it.
    found
        The plan's lines.
    price
        Cents a unit and year in that year, by name.
    year
        Which year, from 0.
    room
        What the district spends beyond what it spends today: a grant that must supplement local
        money pays no more.
    """
    eligible = np.zeros_like(room)
    for line in found:
        if line.kind in grant.pays_for and line.id not in limits.barred:
            eligible = eligible + amount(price[line.price], line.months(year, limits.counted))
    most = part(eligible, 1 - grant.match)
    if grant.share is not None:
        paid = np.minimum(part(eligible, grant.share), most)
    else:
        paid = np.minimum(most, grant.cents or 0)
    if grant.supplement:
        paid = np.minimum(paid, np.maximum(room, 0))
    return paid
