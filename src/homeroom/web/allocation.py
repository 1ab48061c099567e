"""What the authorized total could mean, as the page and the API both ask for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from homeroom.errors import BadInput
from homeroom.law.act.check import LATEST
from homeroom.plans.agencies import GAP_ROLES
from homeroom.plans.funding import Funding, Scenario, funding
from homeroom.plans.money import cents, dollars
from homeroom.plans.policies import POLICIES
from homeroom.vocabulary.roles import ROLES, SUPPORT
from homeroom.web.page_cache import PageCache
from homeroom.web.params import Parameter, Read

LABELS = {
    "enrollment": "By enrollment",
    "poverty": "By children in poverty",
    "gap": "By staffing gap",
    "disparity": "By disparity in referrals",
}
SHARES = tuple(
    Parameter(role, f"Percent of the money for posts: {ROLES[role].label.lower()}. The four add "
              "up to 100.", "integer", default=25, least=0, most=100, longest=3)
    for role in SUPPORT
)  # fmt: skip
FORM = (
    Parameter("version", "Year or id of the bill.", default=LATEST, longest=40),
    Parameter("total", "Dollars to share instead of the bill's total.", default="", longest=20),
    Parameter("policy", "One policy, an assumption of ours; without it all.", "choice",
              choices=tuple(POLICIES)),
    *SHARES,
)  # fmt: skip
PLACE = Parameter("place", "A district: lea:4808940. Adds what each policy would give it.",
                  default="", longest=120)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Allocation:
    """Scenarios without their 19,000 LEAs, and what one district would get."""

    found: Funding
    document: dict[str, Any]


def allocation(cache: PageCache, given: Read) -> Allocation:
    """Share the total by the values of ``FORM``; ``place`` may be among them.

    Raises
    ------
    BadInput
        Shares that do not add up to 100, a total that is no amount, or a place that is no
        district.
    NotAvailable
        The store lacks the place, or the files to share by.
    """
    place = given.values.get("place") or ""
    leaid = _leaid(cache, place) if place else ""
    mix = _mix(given)
    total = None
    if text := given["total"].replace(",", "").strip().removeprefix("$"):
        total = cents(text, "total")
    base = ("allocation", given["version"], total, given["policy"], *mix.values())

    def make() -> Allocation:
        whole = funding(
            cache.room.store, version=given["version"],
            total=None if total is None else dollars(total),
            policies=(given["policy"],) if given["policy"] else tuple(POLICIES), mix=mix,
        )  # fmt: skip
        # All LEAs of every scenario are some megabytes: only what is shown is kept.
        cache.keep((*base, ""), lambda: _slim(whole, ""))
        return _slim(whole, leaid)

    return cache.keep((*base, leaid), make)


def _mix(given: Read) -> dict[str, float]:
    percent = {role: given[role] for role in SUPPORT}
    if sum(percent.values()) != 100:
        named = ", ".join(f"{role} {share}" for role, share in percent.items())
        raise BadInput(
            f"mix: expected shares that add up to 100, found {sum(percent.values())} ({named}): "
            "change one."
        )
    return {role: share / 100 for role, share in percent.items()}


def _leaid(cache: PageCache, place: str) -> str:
    facts = cache.profile(place).facts
    if facts["kind"] != "district":
        raise BadInput(
            f"place: the bill gives grants to school districts, found a {facts['kind']}: name a "
            "district, such as lea:4808940."
        )
    return str(facts["place_id"]).removeprefix("lea:")


def _slim(whole: Funding, leaid: str) -> Allocation:
    document = whole.as_dict()
    if leaid:
        document["place"] = [_own(one, leaid) for one in whole.scenarios]
    scenarios = tuple(replace(one, leas=one.leas.clear()) for one in whole.scenarios)
    return Allocation(replace(whole, scenarios=scenarios), document)


def _own(one: Scenario, leaid: str) -> dict[str, Any]:
    """Say what a district would get; without its figure that is not known, which is not zero."""
    rows = one.leas.filter(pl.col("leaid") == leaid).to_dicts()
    row = rows[0] if rows else None
    if row is None or not row["known"]:
        doubted = row is not None and one.policy == "disparity" and row["doubtful"]
        reason = (
            "its schools reported referrals, but we doubt them" if doubted else
            "in neither F-33 nor SAIPE, so no policy can weigh it" if row is None
            else f"its figure for {one.policy} is not in the store: not known, which is not zero"
        )  # fmt: skip
        return {"policy": one.policy, "known": False, "reason": reason, "amount": None,
                "need": None, "at_cap": False, "among": one.among, "post_years": None,
                "posts_short": None}  # fmt: skip
    return {
        "policy": one.policy, "known": True, "reason": "", "amount": dollars(row["cents"]),
        "among": one.among,
        "need": None if row["need"] is None else dollars(int(row["need"])),
        "at_cap": bool(row["capped"]),
        "post_years": {role: round(row[f"posts_{role}"], 2) for role in SUPPORT},
        "posts_short": {
            role: None if row[f"short_{role}"] is None else round(row[f"short_{role}"], 1)
            for role in GAP_ROLES
        },
    }  # fmt: skip
