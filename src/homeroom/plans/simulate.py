"""Run a plan: money, staff, gaps to the recommended ratios, outcomes, and what is not known.

Every draw comes from NumPy's PCG64 (O'Neill 2014, "PCG: A family of simple fast space-efficient
statistically good algorithms for random number generation") with a seed that the result names:
the same plan, store, version and seed give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from homeroom.errors import BadInput, HomeroomError
from homeroom.evidence.store import Store
from homeroom.figures.cards import card
from homeroom.law.act import use
from homeroom.law.states import NOT_ADVICE
from homeroom.plans.actions import PROGRAMMES, bridges
from homeroom.plans.baseline import UNKNOWN, Baseline, Ints, baseline
from homeroom.plans.costs import Price, Row
from homeroom.plans.document import Plan
from homeroom.plans.doses import doses, staff_after
from homeroom.plans.ledger import Staffed, books, drawn, prices
from homeroom.plans.money import Cents, Year, dollars
from homeroom.plans.outcomes import Outcome, outcomes
from homeroom.plans.placing import ratio_of, shortfall
from homeroom.plans.state_law import Note, notes
from homeroom.plans.unknowns import unknowns
from homeroom.vocabulary.roles import ROLES, SUPPORT

SEED, DRAWS = 20210617, 4000
"""The seed is the day on which the Act of 2021 was introduced: a number, nothing more."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What a plan costs without the officers and guards that we doubt.

    Attributes
    ----------
    years
        The books; empty where the plan cannot be run without the doubted posts.
    reason
        Why it cannot; None where it can.
    """

    years: tuple[Year, ...]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a plan comes to.

    Attributes
    ----------
    base
        The place as it is, with what each figure speaks for.
    after
        Role to hundredths of posts after the plan, school by school.
    screened
        The cost without doubted posts; None where no officer or guard figure is doubtful.
    law
        What the state's rules say of the plan, as far as they were read.
    """

    plan: Plan
    base: Baseline
    after: dict[str, Ints]
    prices: dict[str, Price]
    years: tuple[Year, ...]
    outcomes: tuple[Outcome, ...]
    unknowns: tuple[str, ...]
    warnings: tuple[str, ...]
    screened: Screened | None = None
    law: tuple[Note, ...] = ()

    def __repr__(self) -> str:
        """Return the plan and the cost of its first year in a line."""
        first = self.years[0]
        return f"<Result {self.plan.name!r}, {self.plan.place}: {first.year} {_usd(first)}>"

    def _repr_html_(self) -> str:
        rows = [
            (year, one["central"], one["low"], one["high"]) for year, one in self.cost().items()
        ]
        posts = [
            f"{row['role'].replace('_', ' ')}: {row['before']:,.1f} posts before, "
            f"{row['after']:,.1f} after" for row in self.staff()["roles"] if row["change"]
        ]  # fmt: skip
        lines = [*posts, *self.doubts(), *self.warnings, *(note.text for note in self.law)]
        head = ("year", "dollars", "from", "to")
        return card(self.plan.name, lines, head, [(str(row[0]), *row[1:]) for row in rows])

    def cost(self) -> dict[str, dict[str, float]]:
        """Return what each year costs: central prices, and the middle 95% of the draws."""
        return {str(year.year): spread(year.total) for year in self.years}

    def cost_screened(self) -> dict[str, dict[str, float]] | None:
        """Return the same without doubted posts; None where none are, or the plan needs them."""
        if self.screened is None or not self.screened.years:
            return None
        return {str(year.year): spread(year.total) for year in self.screened.years}

    def doubts(self) -> list[str]:
        """Return what must stand beside the plan's price and posts: why we doubt the baseline."""
        roles = dict.fromkeys(
            (*PRICED, *(r for r in SUPPORT if ratio_of(self.plan, r)), *self.plan.hire)
        )
        said = [str(one.sentence) for one in self.base.doubtful(*roles)]
        if self.screened is None:
            return said
        first = self.years[0]
        cost = f"In {first.year} {self.plan.name} costs {_usd(first)} by the posts reported"
        other = (
            f"; without the posts that we doubt it can't be run: {self.screened.reason}"
            if not self.screened.years
            else f", and {_usd(self.screened.years[0])} without those that we doubt."
        )
        return [*said, cost + other]

    def staff(self) -> dict[str, Any]:
        """Return posts before and after, in all and school by school."""
        base, roles = self.base, ("officer", "guard", *SUPPORT)
        return {
            "wave": base.wave,
            "roles": [
                {
                    "role": role,
                    "before": base.total(role) / 100,
                    "after": _known(self.after[role]) / 100,
                    "change": (_known(self.after[role]) - base.total(role)) / 100,
                    "schools_unknown": int((base.staff[role] == UNKNOWN).sum()),
                    "doubt": next((one.sentence for one in base.doubtful(role)), None),
                }
                for role in roles
            ],
            "schools": [
                {"school": f"school:{key}", "name": base.names[at], "level": base.level[at],
                 "students": int(base.students[at]) if base.enrolled[at] else None}
                | {role: _posts(base.staff[role][at], self.after[role][at]) for role in roles}
                for at, key in enumerate(base.schools)
            ],
        }  # fmt: skip

    def gaps(self) -> list[dict[str, Any]]:
        """Return each role's gap to its ratio, before and after, schools added up."""
        made = []
        for role in SUPPORT:
            ratio = ratio_of(self.plan, role)
            if ratio is None:
                continue
            have, after, students = self.base.staff[role], self.after[role], self.base.students
            short = [shortfall(students, posts, ratio) for posts in (have, after)]
            known = (have != UNKNOWN) & self.base.enrolled
            none = [int(students[known & (posts == 0)].sum()) for posts in (have, after)]
            made.append(
                {
                    "role": role,
                    "students_per_post": ratio,
                    "by": "the plan" if role in self.plan.ratios else ROLES[role].recommended_by,
                    "short_before": int(short[0].sum()) / 100,
                    "short_after": int(short[1].sum()) / 100,
                    "schools_meeting_before": int((known & (short[0] == 0)).sum()),
                    "schools_meeting_after": int((known & (short[1] == 0)).sum()),
                    "schools": int(known.sum()),
                    "schools_unknown": int((~known).sum()),
                    "students_without_any_before": none[0],
                    "students_without_any_after": none[1],
                }
            )
        return made

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of the contract."""
        return {
            "name": self.plan.name,
            "cost": self.cost(),
            "staff": self.staff(),
            "gaps": self.gaps(),
            "outcomes": [one.as_dict() for one in self.outcomes],
            "unknowns": list(self.unknowns),
            "doubts": self.doubts(),
            "cost_screened": self.cost_screened(),
        }

    def money(self) -> list[dict[str, Any]]:
        """Return the books at central prices, a row a year, in dollars."""
        return [
            {
                "year": year.year,
                "spent": dollars(int(year.total[0])),
                "officers_and_guards_today": dollars(int(year.today[0])),
                "grant": dollars(int(year.grant[0])),
                "new_local_money": dollars(int(year.local[0])),
                "lines": {name: dollars(int(part[0])) for name, part in year.spent.items()},
            }
            for year in self.years
        ]

    def rows(self) -> list[Row]:
        """Return every row that a figure rests on, once."""
        found = [row for price in self.prices.values() for row in price.rows]
        found += [row for one in self.outcomes for row in one.rows]
        return list(dict.fromkeys(found))


PRICED = ("officer", "guard")
"""Roles whose posts today are a part of every plan's price."""


def simulate(
    plan: Plan,
    store: Store,
    *,
    seed: int = SEED,
    draws: int = DRAWS,
    base: Baseline | None = None,
) -> Result:
    """Run a plan on a store.

    Parameters
    ----------
    plan
        What to change.
    store
        Students, staff, counts, and wages.
    seed, draws
        Of the random numbers: the same give the same bytes.
    base
        The place, where it has been read already.

    Raises
    ------
    NotAvailable
        The store has no such place, or no staff of it in the baseline wave; or a price is not
        known.
    BadInput
        The plan takes away more than there is, names a school of another place, or spends money
        that has no source.
    """
    base = base or baseline(store, plan.place, plan.baseline)
    after = staff_after(plan, base)
    cost = prices(plan, base, store)
    unit = drawn(cost, seed, draws)
    years = books(plan, _staffed(base, after), unit)
    return Result(
        plan=plan,
        base=base,
        after=after,
        prices=cost,
        years=tuple(years),
        outcomes=tuple(outcomes(plan, base, doses(plan, base, after), seed, draws)),
        unknowns=tuple(unknowns(plan)),
        warnings=tuple(_warnings(plan, base, after, cost)),
        screened=_screened(plan, base, unit),
        law=notes(plan, base, after),
    )


def _screened(plan: Plan, base: Baseline, unit: dict[str, Cents]) -> Screened | None:
    """Price the plan without doubted posts; the budget is not held against them."""
    if not base.doubtful(*PRICED):
        return None
    left = base.without_doubted()
    try:
        staffed = _staffed(left, staff_after(plan, left))
    except BadInput as error:
        return Screened((), str(error))
    return Screened(tuple(books(replace(plan, budget=None), staffed, unit)))


def _staffed(base: Baseline, after: dict[str, Ints]) -> Staffed:
    officers, guards = ((base.total(role), _known(after[role])) for role in PRICED)
    return Staffed(officers, guards)


def _usd(year: Year) -> str:
    return f"${dollars(int(year.total[0])):,.0f}"


def as_document(results: list[Result], seed: int, draws: int) -> dict[str, Any]:
    """Return what ``homeroom plan run --json`` prints."""
    rows = list(dict.fromkeys(row for one in results for row in one.rows()))
    return {
        "plans": [one.as_dict() for one in results],
        "baseline": results[0].base.as_dict(),
        "money": {one.plan.name: one.money() for one in results},
        "prices": {
            one.plan.name: {
                name: {
                    "low": dollars(price.low), "central": dollars(price.central),
                    "high": dollars(price.high), "unit": price.unit, "basis": price.basis,
                    "rows": [row.id for row in price.rows],
                }
                for name, price in one.prices.items()
            }
            for one in results
        },
        "sources": [row.as_dict() for row in rows],
        "warnings": {one.plan.name: list(one.warnings) for one in results},
        "law": {one.plan.name: [note.as_dict() for note in one.law] for one in results},
        "law_notice": NOT_ADVICE,
        "method": {
            "seed": seed, "draws": draws, "generator": "numpy PCG64",
            "range": "the middle 95% of the draws; cost: central is at central prices",
            "outcomes": "change a year against keeping as is, once the plan works in full",
        },
    }  # fmt: skip


def spread(values: Cents) -> dict[str, float]:
    """Return low, central and high of a cost whose first entry is the central one."""
    low, high = np.quantile(values[1:], [0.025, 0.975], method="inverted_cdf")
    central = int(values[0])
    return {
        "low": dollars(min(int(low), central)),
        "central": dollars(central),
        "high": dollars(max(int(high), central)),
    }


def _known(posts: Ints) -> int:
    return int(posts[posts > 0].sum())


def _posts(before: int, after: int) -> dict[str, float | None]:
    if before == UNKNOWN:
        return {"before": None, "after": None}
    return {"before": int(before) / 100, "after": int(after) / 100}


def _warnings(
    plan: Plan, base: Baseline, after: dict[str, Ints], cost: dict[str, Price]
) -> list[str]:
    said = [f"Baseline {base.wave}: {note}" for note in base.notes]
    if plan.growth == 0:
        said.append("Prices are those of their year (see the rows); no growth is added.")
    for price in cost.values():
        said += [
            f"{price.item}: row {row.id} is known only from a report; the plan names it."
            for row in price.rows
            if not row.verified
        ]
    if plan.include_unverified:
        said.append("Findings known only from reports are drawn from too: the plan asks for it.")
    unknown = int((base.staff["officer"] == UNKNOWN).sum())
    if unknown:
        said.append(f"{unknown} schools did not report officers; they are left out.")
    bare = int((~base.enrolled).sum())
    if bare:
        said.append(
            f"The store has no enrollment of {bare} schools: how short of staff they are is not "
            "known, and no new staff go there."
        )
    return said + _terms(plan, after)


def _terms(plan: Plan, after: dict[str, Ints]) -> list[str]:
    """Hold a grant under the Act against the bill's terms."""
    if plan.grant is None or plan.grant.version is None:
        return []
    said = []
    paid = [*plan.hire] if "hire" in plan.grant.pays_for else []
    for item in plan.items:
        kind = "programmes" if item.what in PROGRAMMES else "security"
        paid += [item.what] if kind in plan.grant.pays_for else []
    notice = ""
    for name in paid:
        try:
            fit = use(bridges().actions[name].label, version=plan.grant.version)
        except HomeroomError as error:
            said.append(f"Grant: {name}: {error}")
            continue
        notice = fit.bill.notice
        if str(fit.fits) != "yes":
            said.append(
                f"Grant: {name} fits the bill: {fit.fits} ({fit.rule}; {fit.value.citation})."
            )
    if _known(after["officer"]):
        said.append(
            "Grant: officers stay, and the bill's grants ask that none be there during the grant "
            "(rule eligibility.no-officers-during-grant)."
        )
    return [notice, *said] if notice else said
