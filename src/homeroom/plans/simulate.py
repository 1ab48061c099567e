"""Run a plan: money, staff, gaps to the recommended ratios, outcomes, and what is not known.

Every draw comes from NumPy's PCG64 (O'Neill 2014, "PCG: A family of simple fast space-efficient
statistically good algorithms for random number generation") with a seed that the result names:
the same plan, store, version and seed give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.figures.cards import card
from homeroom.law.states import NOT_ADVICE
from homeroom.plans import gap_ranges, local_money
from homeroom.plans.baseline import UNKNOWN, Baseline, Ints, baseline
from homeroom.plans.costs import Price, Row
from homeroom.plans.document import Plan
from homeroom.plans.doses import doses, settled, staff_after
from homeroom.plans.grants import terms
from homeroom.plans.ledger import Books, all_books
from homeroom.plans.lines import Staffed, lines
from homeroom.plans.money import Cents, Year, dollars
from homeroom.plans.outcomes import Outcome, outcomes
from homeroom.plans.placing import left_out, ratio_of, targets
from homeroom.plans.plan_prices import prices, wages_in
from homeroom.plans.plausible import too_many
from homeroom.plans.state_law import Note, notes
from homeroom.plans.today import stated
from homeroom.plans.tornado import Tornado
from homeroom.plans.uncertainty import DRAWN, drawn
from homeroom.plans.unknowns import unknowns
from homeroom.plans.what_moves import what_moves
from homeroom.research.library_files import load
from homeroom.vocabulary.roles import SUPPORT

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
    books
        The books of all years, once for each case of who pays the officers.
    law
        What the state's rules say of the plan, as far as they were read.
    own
        Roles, and ``students``, that the district states of today; the rest are public figures.
    moves
        What moves new local money most, once for each case.
    """

    plan: Plan
    base: Baseline
    after: dict[str, Ints]
    prices: dict[str, Price]
    books: tuple[Books, ...]
    outcomes: tuple[Outcome, ...]
    unknowns: tuple[str, ...]
    warnings: tuple[str, ...]
    screened: Screened | None = None
    law: tuple[Note, ...] = ()
    own: frozenset[str] = frozenset()
    moves: tuple[Tornado, ...] = ()

    @property
    def years(self) -> tuple[Year, ...]:
        """The books of the case that the plan states, or of a district that pays."""
        return self.books[0].years

    def figures_of(self, role: str) -> str:
        """Return the year of a role's posts today, for headings, and who says so."""
        if role not in self.own or self.plan.today is None:
            return self.base.wave
        return f"{self.plan.today.year or self.plan.start}, {self.plan.today.source}"

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
                    "figures_of": self.figures_of(role),
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
        return [
            row | {"figures_of": self.figures_of(row["role"])}
            for row in gap_ranges.gaps(self.plan, self.base, self.after)
        ]

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
            "new_local_money": local_money.summary(self.books),
            "what_moves_it": [one.as_dict() for one in self.moves],
        }

    def money(self) -> list[dict[str, Any]]:
        """Return the books at central prices, a row a year, in dollars, with every case."""
        return local_money.rows(self.books)

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
    known = stated(plan, base or baseline(store, plan.place, plan.baseline))
    base, plan = known.base, settled(plan, known.base)
    after, staffed = staff_after(plan, base), staffed_of(plan, base)
    cost = prices(plan, base, store)
    unit = drawn(cost, seed, draws, wages_in(plan))
    return Result(
        plan=plan,
        base=base,
        after=after,
        prices=cost,
        books=all_books(plan, staffed, unit),
        outcomes=tuple(outcomes(plan, base, doses(plan, base, after), seed, draws)),
        unknowns=tuple(unknowns(plan)),
        warnings=(
            *known.said,
            *too_many(plan, base, after),
            *_warnings(plan, base, cost, staffed, known.own),
        ),
        screened=_screened(plan, base, unit),
        law=notes(plan, base, after),
        own=known.own,
        moves=what_moves(plan, base, store, staffed, cost),
    )


def _screened(plan: Plan, base: Baseline, unit: dict[str, Cents]) -> Screened | None:
    """Price the plan without doubted posts; the budget is not held against them."""
    if not base.doubtful(*PRICED):
        return None
    left = base.without_doubted()
    try:
        staffed = staffed_of(plan, left)
    except BadInput as error:
        return Screened((), str(error))
    return Screened(all_books(replace(plan, budget=None), staffed, unit)[0].years)


def staffed_of(plan: Plan, base: Baseline) -> Staffed:
    """Return officers and guards over all schools, today and by year, and the units bought."""
    found = [
        (base.total(role),) + (targets(change, base, role, plan.step) if change is not None else ())
        for role, change in zip(PRICED, (plan.officers, plan.guards), strict=True)
    ]
    return Staffed(found[0], found[1], {item.what: item.units or 0 for item in plan.items})


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
                    "year": price.year, "dollars_of": price.dollars_of,
                    "range_is": price.range_is or None,
                    "derivation": [step.as_dict() for step in price.steps],
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
            "range": DRAWN,
            "outcomes": "change a year against keeping as is, once the plan works in full",
        },
    }  # fmt: skip


def spread(values: Cents) -> dict[str, float]:
    """Return low, central and high of a cost whose first entry is the central one."""
    found = local_money.spread(values)
    return {name: float(value or 0) for name, value in found.items()}


def _known(posts: Ints) -> int:
    return int(posts[posts > 0].sum())


def _posts(before: int, after: int) -> dict[str, float | None]:
    if before == UNKNOWN:
        return {"before": None, "after": None}
    return {"before": int(before) / 100, "after": int(after) / 100}


def _warnings(
    plan: Plan,
    base: Baseline,
    cost: dict[str, Price],
    staffed: Staffed,
    own: frozenset[str],
) -> list[str]:
    said = [_age(plan, base, own), *(f"Baseline {base.wave}: {note}" for note in base.notes)]
    said += _dollars(plan, cost)
    if limits := terms(plan, staffed, lines(plan, staffed)):
        said += limits.said
    for price in cost.values():
        said += [
            f"{price.item}: row {row.id} is known only from a report; the plan names it."
            for row in price.rows
            if not row.verified and row.id in load().costs
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
    if kept_out := left_out(plan, base):
        said.append(
            f"No new staff go to {', '.join(kept_out[:3])}"
            f"{f' and {len(kept_out) - 3} more' if len(kept_out) > 3 else ''}: facilities that "
            "another body often runs. Name a school to hire there."
        )
    return [one for one in said if one]


def _age(plan: Plan, base: Baseline, own: frozenset[str]) -> str:
    """Say how old the public figures are."""
    years = plan.start - int(base.wave[:4])
    rest = " that the plan does not state itself" if own else ""
    return (
        f"Staff, students, and counts{rest} are public figures of {base.wave}, {years} years "
        "before the plan starts. What has changed since is not in them: state today's under "
        "`today`."
    )


def _dollars(plan: Plan, cost: dict[str, Price]) -> list[str]:
    """Say in which dollars the amounts are, and which prices could not be carried there."""
    growth = plan.growths
    grown = (
        f"they grow {float(growth.wages):g}% a year for pay and {float(growth.prices):g}% for the "
        "rest"
        if growth.wages or growth.prices
        else "no growth is added in later years"
    )
    said = [f"All amounts are in dollars of {plan.start}; {grown}."]
    said += [
        f"The price of {name.replace('_', ' ')} is one of {price.year or 'no known year'}, not "
        f"carried to {plan.start}."
        for name, price in cost.items()
        if price.dollars_of != plan.start
    ]
    return said
