"""Where no option was given: the adults of today, what they cost, and what one adult costs.

This is the ground that every option starts from. It picks no shift, so that the brief does not
speak for a side by the choice of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from homeroom.errors import HomeroomError, NotAvailable
from homeroom.figures.wording import listed
from homeroom.plans.compare import AS_IS
from homeroom.plans.costs import Price, default_cost, wage_note
from homeroom.plans.document import Plan
from homeroom.plans.money import dollars
from homeroom.plans.simulate import Result, simulate
from homeroom.report.brief.blocks import Section, Table, Text
from homeroom.report.brief.subject import Subject
from homeroom.report.brief.wording import cost, money
from homeroom.report.place_figures import high_schools_only
from homeroom.report.sentences import posts
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.vocabulary.states import STATES
from homeroom.vocabulary.waves import WAVES

_ROLES = ("officer", "guard", *SUPPORT)
_PLURAL = {"officer": "officers", "guard": "guards"}
_START, _YEARS = 2026, 1
"""Any year does: without growth the prices are those of the wage tables."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Keeping as is, where the store has a usual year's adults, and the price of each role."""

    as_is: Result | None
    prices: dict[str, Price]
    sources: tuple[dict[str, Any], ...]

    @property
    def yearly(self) -> dict[str, float] | None:
        """What officers and guards cost a year as things are: central, low, high."""
        return next(iter(self.as_is.cost().values())) if self.as_is else None


def ground(about: Subject) -> Ground | None:
    """Find the adults of today and the default prices."""
    state = about.facts["state"] if about.area.kind != "nation" else None
    prices = {}
    for role in _ROLES:
        try:
            prices[role] = default_cost(role, state, about.store)
        except NotAvailable:
            continue
    if not prices:
        return None
    rows = dict.fromkeys(row for price in prices.values() for row in price.rows)
    return Ground(_as_is(about), prices, tuple(row.as_dict() for row in rows))


def _as_is(about: Subject) -> Result | None:
    if about.area.kind not in ("district", "school"):
        return None
    held = {one.wave for one in about.page.staff if not WAVES[one.wave].pandemic}
    usual = Plan(AS_IS, about.area.place_id, _START, _YEARS)
    later = sorted(held - {usual.baseline}, key=list(WAVES).index, reverse=True)
    for wave in [usual.baseline, *later]:
        if wave not in held:
            continue
        plan = Plan(AS_IS, about.area.place_id, _START, _YEARS, baseline=wave)
        try:
            return simulate(plan, about.store)
        except HomeroomError:
            continue
    return None


def sentence(found: Ground | None) -> str:
    """Say what the officers and guards of today cost, for a brief that was given no option."""
    told = _today(found)
    return f"{told} No option was given to set against that." if told else ""


def _today(found: Ground | None) -> str:
    if found is None or found.as_is is None or found.yearly is None:
        return ""
    as_is = found.as_is
    wave = as_is.base.wave
    posted = {row["role"]: row["before"] for row in as_is.staff()["roles"]}
    told = [f"{posts(posted[role])} {noun}" for role, noun in _PLURAL.items() if posted[role]]
    if not told:
        return f"No officers or guards were reported in {wave}, so none cost anything."
    doubts = as_is.base.doubtful(*_PLURAL)
    if not doubts:
        return (
            f"The {listed(told)} reported in {wave} cost {cost(found.yearly)} a year at the usual "
            "wages and benefits."
        )
    left = as_is.cost_screened()
    rest = f"{cost(next(iter(left.values())))} a year" if left else "no cost can be given"
    return (
        f"{' '.join(str(one.sentence) for one in doubts)} All {listed(told)} as reported would "
        f"cost {cost(found.yearly)} a year at the usual wages and benefits; without what we doubt, "
        f"{rest}."
    )


def section(about: Subject, found: Ground | None) -> Section | None:
    """Set out the adults of today beside what one of each costs."""
    if found is None:
        return None
    said = (
        "No option was given to this brief, and it proposes none. This is the ground that every "
        "option starts from: what one full-time adult of each kind costs a year is what ending or "
        "adding one would free or take."
    )
    now = _now(found.as_is) if found.as_is else {}
    wave = found.as_is.base.wave if found.as_is else None
    rows = tuple(
        (
            ROLES[role].label,
            *((now[role],) if wave else ()),
            money(dollars(price.central)),
            f"{money(dollars(price.low))} to {money(dollars(price.high))}",
        )
        for role, price in found.prices.items()
    )
    scope = ", high schools only" if wave and high_schools_only(about.page.staff, wave) else ""
    where = STATES.get(str(about.facts["state"]), "the country")
    doubts = found.as_is.base.doubtful(*_PLURAL) if found.as_is else []
    notes = [
        *(str(one.sentence) for one in doubts),
        (f"Wages and benefits, from the median wage of each occupation in {where}; low and high "
         "follow the quartiles of wages. No equipment, training or overhead. The district's own "
         "contracts may differ: its budget office knows.")
    ]  # fmt: skip
    notes.append(wage_note(short=True))
    if "–" in now.values():
        notes.append("A dash: the store does not have it.")
    columns: tuple[str, ...] = ("", "One full-time adult a year", "Low to high")
    widths: tuple[float, ...] = (0.4, 0.3, 0.3)
    title = "What one full-time adult costs a year"
    if wave:
        columns = ("", f"Full-time, {wave}{scope}", *columns[1:])
        widths = (0.31, 0.21, 0.23, 0.25)
        title = "Keeping as is: the adults of today, and what one full-time adult costs a year"
    table = Table(title, columns, rows, widths, (False, *[True] * (len(columns) - 1)), tuple(notes))
    heading = "Keeping as is, and what an adult costs" if wave else "What an adult costs"
    return Section("options", heading, (Text(" ".join(filter(None, [said, _today(found)]))), table))


def _now(as_is: Result) -> dict[str, str]:
    """Write the posts of today; a role that no school reported is a dash, and never zero."""
    schools = len(as_is.base.schools)
    return {
        row["role"]: "–" if row["schools_unknown"] == schools else posts(row["before"])
        for row in as_is.staff()["roles"]
    }
