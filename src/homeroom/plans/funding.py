"""What the total that the bill would authorize could mean, policy by policy.

How the bill would share its money among applicants is not known: it says competitive, tied to
enrollment, with priorities that have no weights. So each policy here is our own and says what it
does; none is the bill's. A bill authorises; it does not appropriate, and no LEA has applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures.state_staff import state_shortfalls
from homeroom.law.act import load_act
from homeroom.plans.agencies import GAP_ROLES, agencies
from homeroom.plans.costs import Price, Row, default_cost
from homeroom.plans.money import Cents, cents, dollars, split
from homeroom.plans.policies import CAPPED, FORMULAS, INCENTIVES, POLICIES
from homeroom.research import costs as cost_table
from homeroom.vocabulary.roles import SUPPORT

MIX = dict.fromkeys(SUPPORT, 0.25)
"""Equal money for the four roles: a choice, open to change."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One policy's allocation."""

    policy: str
    words: str
    total: int
    allocated: int
    posts: dict[str, float]
    """Post-years that the mix pays, by role."""
    posts_if_all: dict[str, float]
    """Post-years if all the money went to one role."""
    gap_closed: dict[str, float | None]
    """Share of the posts short that one year's posts fill, where the store has staff."""
    gap_closed_nation: dict[str, float | None]
    """The same over OCR's state tables: an upper bound, for states hide their districts' gaps."""
    nothing: dict[str, dict[str, int]]
    """Reason to LEAs and students who get nothing."""
    leas: pl.DataFrame
    doubtful: int = 0
    """LEAs left out because we doubt the figure that the policy goes by."""
    above_need: int = 0
    """Cents that the formula would give beyond the gaps; they stay unallocated."""

    @property
    def sharing(self) -> int:
        """LEAs that get money."""
        return int((self.leas["cents"] > 0).sum())

    @property
    def at_cap(self) -> int:
        """LEAs that get their whole gap and no more."""
        return int(self.leas["capped"].sum())

    @property
    def among(self) -> str:
        """Who shares the money, of how many: what must stand beside every amount."""
        every, known = len(self.leas), int(self.leas["known"].sum())
        left = (
            f"; {self.doubtful:,} more are left out because we doubt theirs"
            if self.doubtful
            else ""
        )
        return (
            f"Shared among {self.sharing:,} of {every:,} districts. The store has the figure for "
            f"{known:,}{left}. With the other districts' figures, each share would differ."
            if known < every
            else f"Shared among {self.sharing:,} of {every:,} districts."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; the LEAs are left to ``leas``."""
        return {
            "policy": self.policy,
            "rule": self.words,
            "formula": FORMULAS[self.policy],
            "incentive": INCENTIVES[self.policy],
            "cap": {
                "applies": self.policy in CAPPED,
                "leas_at_cap": self.at_cap,
                "above_need": dollars(self.above_need),
            },
            "total": dollars(self.total),
            "allocated": dollars(self.allocated),
            "unallocated": dollars(self.total - self.allocated),
            "shared_among": {
                "leas": self.sharing,
                "leas_with_figure": int(self.leas["known"].sum()),
                "leas_doubtful": self.doubtful,
                "of": len(self.leas),
                "sentence": self.among,
            },
            "leas_with_money": int((self.leas["cents"] > 0).sum()),
            "post_years": self.posts,
            "post_years_if_all_for_one_role": self.posts_if_all,
            "share_of_gap_closed_for_a_year": self.gap_closed,
            "share_of_gap_closed_for_a_year_nation": self.gap_closed_nation,
            "nothing": self.nothing,
        }


@dataclass(frozen=True, slots=True)
class Funding:
    """All scenarios, with what they rest on and what is not known."""

    notice: str
    total_source: str
    scenarios: tuple[Scenario, ...]
    federal: tuple[dict[str, Any], ...]
    rows: tuple[Row, ...]
    unknowns: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "notice": self.notice,
            "total_source": self.total_source,
            "scenarios": [one.as_dict() for one in self.scenarios],
            "federal_lines": list(self.federal),
            "sources": [row.as_dict() for row in self.rows],
            "unknowns": list(self.unknowns),
        }


def funding(
    store: Store,
    *,
    version: str = "2025",
    total: float | None = None,
    policies: tuple[str, ...] = tuple(POLICIES),
    mix: Mapping[str, float] | None = None,
) -> Funding:
    """Share the authorized total among LEAs by each policy.

    Parameters
    ----------
    store
        F-33, SAIPE, wages, and the schools' files.
    version
        The bill whose authorized total is shared.
    total
        Dollars to share instead.
    policies
        Some of :data:`POLICIES`.
    mix
        Share of the money for each role; the shares add up to 1.

    Raises
    ------
    BadInput
        A policy or role is unknown, or the mix does not add up to 1.
    NotAvailable
        The store holds neither F-33 nor SAIPE, or the version names no total.
    """
    if wrong := [name for name in policies if name not in POLICIES]:
        raise BadInput(f"policy {wrong[0]!r}: expected one of {', '.join(POLICIES)}.")
    shares = _mix(mix or MIX)
    act = load_act()
    bill = act.bill(version)
    value = act.value("grants.authorised-total", bill)
    if total is None and not isinstance(value.content, int):
        raise NotAvailable(f"{bill.number}: no authorized total is known: name one with total.")
    whole = cents(total if total is not None else value.content, "total")
    frame = agencies(store)
    if frame.is_empty():
        raise NotAvailable("LEAs: expected F-33 or SAIPE in the store, found none.")
    prices = _prices(store, frame)
    source = (
        "stated by the user" if total is not None
        else f"{value.citation} [{value.text_status}]; {value.source}"
    )  # fmt: skip
    return Funding(
        notice=bill.notice,
        total_source=source,
        scenarios=tuple(_scenario(store, name, frame, whole, shares, prices) for name in policies),
        federal=tuple(federal_lines()),
        rows=tuple(
            dict.fromkeys(
                row for state in prices.values() for price in state.values() for row in price.rows
            )
        ),
        unknowns=UNKNOWNS,
    )


UNKNOWNS = (
    (
        "How many years the total is for, and how long a grant runs: the texts read do not say. "
        "Posts are therefore post-years."
    ),
    (
        "Which LEAs would apply, and which could: an LEA must first end its contracts with police "
        "or dissolve its own. No file says which have."
    ),
    "What is reserved before grants are made, and how priorities would weigh.",
    (
        "Gaps and disparity of LEAs whose schools are not all in the store: their share is shown "
        "as unallocated under these policies, not as zero need."
    ),
    (
        "What the Federal Government pays for officers in schools a year now: no "
        "figure was found, so no sum of money that the bill would close is given."
    ),
)


def _mix(mix: Mapping[str, float]) -> dict[str, float]:
    if wrong := sorted(set(mix) - set(SUPPORT)):
        raise BadInput(f"mix: {wrong[0]!r}: expected roles of {', '.join(SUPPORT)}.")
    shares = {role: float(mix.get(role, 0.0)) for role in SUPPORT}
    if any(share < 0 for share in shares.values()) or abs(sum(shares.values()) - 1) > 1e-9:
        raise BadInput(f"mix: expected shares that add up to 1, found {shares}.")
    return shares


def _prices(store: Store, frame: pl.DataFrame) -> dict[str, dict[str, Price]]:
    states = ["US", *sorted(set(frame["state"].drop_nulls().to_list()))]
    return {
        state: {
            role: default_cost(role, None if state == "US" else state, store) for role in SUPPORT
        }
        for state in states
    }


def _scenario(
    store: Store,
    policy: str,
    frame: pl.DataFrame,
    total: int,
    shares: dict[str, float],
    prices: dict[str, dict[str, Price]],
) -> Scenario:
    need = _need(frame, prices)
    weight, spread = _weights(policy, frame, total, need)
    wanted = split(spread, weight) if spread else np.zeros(len(frame), dtype=np.int64)
    most = np.nan_to_num(need).astype(np.int64)
    parts = np.minimum(wanted, most) if policy in CAPPED else wanted
    state = [name if name in prices else "US" for name in frame["state"].fill_null("US")]
    each = {
        role: np.array([prices[name][role].central for name in state], dtype=np.float64)
        for role in SUPPORT
    }
    posts = {role: parts * shares[role] / each[role] for role in SUPPORT}
    leas = frame.with_columns(
        cents=pl.Series(parts),
        weight=pl.Series(weight),
        known=pl.Series(_known(policy, frame, need)),
        need=pl.Series(need, nan_to_null=True),
        capped=pl.Series((parts < wanted) | ((parts == most) & (parts > 0) & (policy in CAPPED))),
        **{f"posts_{role}": pl.Series(values) for role, values in posts.items()},
    )
    return Scenario(
        policy=policy,
        words=POLICIES[policy],
        total=total,
        allocated=int(parts.sum()),
        posts={role: round(float(values.sum()), 1) for role, values in posts.items()},
        posts_if_all={role: round(float((parts / each[role]).sum()), 1) for role in SUPPORT},
        gap_closed={role: _closed(frame, role, posts[role]) for role in GAP_ROLES},
        gap_closed_nation=_closed_nation(store, leas),
        nothing=_nothing(policy, leas),
        leas=leas,
        doubtful=int(frame["doubtful"].sum()) if policy == "disparity" else 0,
        above_need=int((wanted - parts).sum()),
    )


def _raw(policy: str, frame: pl.DataFrame) -> np.ndarray:
    """Return the figure that a policy goes by; not a number where unknown."""
    column = {
        "enrollment": "students",
        "poverty": "children_poverty",
        "gap": "short_counselor",
        "disparity": "excess",
    }[policy]
    return frame[column].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _need(frame: pl.DataFrame, prices: dict[str, dict[str, Price]]) -> np.ndarray:
    """Return what the posts short cost a year, in cents; not a number where a gap is unknown."""
    each = {
        role: np.array([prices[s if s in prices else "US"][role].central for s in frame["state"]])
        for role in GAP_ROLES
    }
    short = {
        role: frame[f"short_{role}"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for role in GAP_ROLES
    }
    costs = sum((short[role] * each[role] for role in GAP_ROLES), np.zeros(len(frame)))
    return np.asarray(np.floor(costs))


def _known(policy: str, frame: pl.DataFrame, need: np.ndarray) -> np.ndarray:
    """Mark LEAs that a policy can weigh: its figure is known, and the gap where that is a cap."""
    known = np.isfinite(_raw(policy, frame))
    return np.asarray(known & np.isfinite(need) if policy in CAPPED else known)


def _weights(
    policy: str, frame: pl.DataFrame, total: int, need: np.ndarray
) -> tuple[np.ndarray, int]:
    """Return weights and the cents to split by them."""
    known = _known(policy, frame, need)
    raw = need if policy == "gap" else _raw(policy, frame)
    weight = np.where(known, np.nan_to_num(raw), 0.0)
    if policy not in CAPPED:
        return weight, total if weight.sum() > 0 else 0
    students = frame["students"].cast(pl.Float64).fill_null(0).to_numpy()
    if weight.sum() <= 0 or students.sum() <= 0:
        return weight, 0
    return weight, int(split(total, np.array([students[known].sum(), students[~known].sum()]))[0])


def _closed(frame: pl.DataFrame, role: str, posts: Cents | np.ndarray) -> float | None:
    short = frame[f"short_{role}"].cast(pl.Float64)
    known = short.is_not_null().to_numpy()
    gap = short.fill_null(0).to_numpy()[known]
    if gap.sum() <= 0:
        return None
    return round(float(np.minimum(posts[known], gap).sum() / gap.sum()), 4)


def _closed_nation(store: Store, leas: pl.DataFrame) -> dict[str, float | None]:
    table = state_shortfalls(store, "2015-16")
    paid = leas.group_by("state").agg(pl.col(f"posts_{role}").sum() for role in GAP_ROLES)
    made: dict[str, float | None] = {}
    for role in GAP_ROLES:
        both = table.filter(pl.col("role") == role).join(paid, on="state", how="left")
        gap = both["short"].fill_null(0).to_numpy()
        filled = np.minimum(both[f"posts_{role}"].fill_null(0).to_numpy(), gap)
        made[role] = round(float(filled.sum() / gap.sum()), 4) if gap.sum() > 0 else None
    return made


def _nothing(policy: str, leas: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Count who gets nothing, and why."""
    without = leas.filter(pl.col("cents") == 0)
    made = {}
    doubted = pl.col("doubtful") if policy == "disparity" else pl.lit(value=False)
    for reason, test in (
        (f"figure for {policy} not known", ~pl.col("known") & ~doubted),
        (f"figure for {policy} reported, but we doubt it", ~pl.col("known") & doubted),
        (f"figure for {policy} is zero, or rounds to no cent", pl.col("known") & ~pl.col("capped")),
        ("no post is short, so that nothing is needed", pl.col("known") & pl.col("capped")),
    ):
        found = without.filter(test)
        if found.is_empty() and ("doubt" in reason or "needed" in reason):
            continue
        made[reason] = {"leas": len(found), "students": int(found["students"].sum() or 0)}
    return made


_CLOSES = {
    "federal-cops-in-schools": (
        "yes",
        ("Hiring officers for schools with COPS money is what the bill would end; this program's "
        "grants ended about 2010."),
    ),
    "federal-cops-peak-2002": (
        "yes", "Part of the same programmes, in their peak year; read from a chart.",
    ),
    "federal-stop-2021": (
        "unknown",
        ("The BJA share cannot pay officers; what the bill would do to the COPS share (equipment) "
        "the texts read do not say."),
    ),
    "federal-bja-stop-2018": ("no", "This share cannot pay officers."),
    "federal-mental-health": ("no", "Pays clinicians and counselors; not police."),
}  # fmt: skip


def federal_lines() -> list[dict[str, Any]]:
    """List federal lines, and whether the bill would close them as far as is known."""
    return [
        {
            "row": row["cost_id"],
            "item": row["item"],
            "year": row["year"],
            "usd_million": {name: row[name] for name in ("low", "central", "high")},
            "verified": row["verified"],
            "bill_would_close": _CLOSES.get(row["cost_id"], ("unknown", ""))[0],
            "why": _CLOSES.get(row["cost_id"], ("", "no rule was read for this line"))[1],
            "url": row["urls"][0],
        }
        for row in cost_table(kind="federal").to_dicts()
    ]
