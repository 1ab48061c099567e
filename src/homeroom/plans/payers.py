"""Who pays the officers: the district saves only what it pays.

Many officers in schools are on the payroll of a city, a county, or a sheriff. Where a plan does
not say who pays, no saving is given: the books are kept twice, once as if the district paid and
once as if another government did.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from homeroom.plans.document import Plan
from homeroom.plans.format.staffing import PaidBy

DISTRICT = PaidBy((("district", Decimal(1)),))
_ELSEWHERE = PaidBy((("another government", Decimal(1)),))
WHO = {
    "district": "the school district", "city": "the city", "county": "the county",
    "state": "the state", "another government": "another government",
}  # fmt: skip


WHOEVER = "whoever pays the officers"
"""The one case of a plan whose money does not depend on who pays."""


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to who pays, and the shares under it.

    Attributes
    ----------
    name
        As the plan says it, ``district``, or ``elsewhere``.
    words
        The case as a clause.
    known
        Whether the plan says so; else it is one of two cases.
    """

    name: str
    words: str
    officers: PaidBy
    guards: PaidBy
    known: bool

    def shares(self, kind: str) -> tuple[tuple[str, Decimal], ...]:
        """Return who pays a kind of line, and which part; what a plan adds is the district's."""
        payer = {"officers": self.officers, "guards": self.guards}.get(kind, DISTRICT)
        return payer.shares


def cases(plan: Plan) -> tuple[Case, ...]:
    """Return the one case that a plan states, or the two that are possible."""
    guards = plan.guards_paid_by
    guards = guards if guards is not None and guards.known else DISTRICT
    officers = plan.paid_by
    if officers is not None and officers.known:
        return (Case("stated", _words(officers), officers, guards, known=True),)
    return (
        Case("district", "if the school district pays the officers", DISTRICT, guards, known=False),
        Case(
            "elsewhere", "if another government pays the officers", _ELSEWHERE, guards, known=False
        ),
    )


def _words(payer: PaidBy) -> str:
    if len(payer.shares) == 1:
        return f"{WHO[payer.shares[0][0]]} pays the officers"
    told = [f"{WHO[name]} {100 * share:.4g}%" for name, share in payer.shares]
    return f"the officers are paid by {', '.join(told[:-1])} and {told[-1]}"


def employed_by_schools(plan: Plan) -> bool:
    """Return whether the officers are the district's own police, paid as schools pay.

    An agreement says that another body employs them, whoever pays.
    """
    officers = plan.paid_by
    return (
        plan.agreement is None
        and officers is not None
        and officers.known
        and officers.district == 1
    )
