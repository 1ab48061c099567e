"""The best staffing under a budget for a stated aim, solved to optimality by HiGHS.

HiGHS: Huangfu and Hall (2018), "Parallelizing the dual revised simplex method", Mathematical
Programming Computation 10:119-142, through SciPy's ``milp`` with no gap allowed.

Aims. ``fair``: raise the least covered school and role as far as the budget goes (max-min of posts
over posts needed), then close as much of what is left as possible. ``shortfall``: close the most
weighted posts. ``reach``: bring a counselor to the most students whose school has none.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from homeroom.errors import BadInput, NotAvailable
from homeroom.plans.baseline import UNKNOWN, Baseline, Ints
from homeroom.plans.money import Cents, dollars, rounded_division
from homeroom.plans.placing import shortfall
from homeroom.vocabulary.roles import ROLES

AIMS = ("fair", "shortfall", "reach")
STEP, POST = 10, 100
"""A tenth of a post is half a day a week; bringing a counselor means a whole post."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be decided: schools by role, in steps of a post."""

    roles: tuple[str, ...]
    students: Ints
    have: NDArray[np.int64]
    """Hundredths, a row a role; -1 unknown."""
    short: NDArray[np.int64]
    """Hundredths short of the ratio, a row a role."""
    step: int
    step_cost: tuple[int, ...]
    """Cents a step and year, by role."""
    budget: int
    caps: tuple[int | None, ...]
    """Most steps of each role, or None."""
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best staffing found, and what stops it from being better."""

    aim: str
    problem: Problem
    posts: NDArray[np.int64]
    """Hundredths added, a row a role."""
    spent: int
    before: float
    after: float
    """The aim's own figure: least coverage, weighted posts short, students without."""
    binding: tuple[str, ...]

    def as_dict(self, base: Baseline) -> dict[str, Any]:
        """Return plain values, with the schools that get something."""
        roles = self.problem.roles
        gets = np.flatnonzero(self.posts.sum(axis=0))
        return {
            "place": base.place,
            "wave": base.wave,
            "aim": self.aim,
            "measure": MEASURED[self.aim],
            "before": self.before,
            "after": self.after,
            "budget": dollars(self.problem.budget),
            "spent": dollars(self.spent),
            "hire": {
                role: int(row.sum()) / 100 for role, row in zip(roles, self.posts, strict=True)
            },
            "binding": list(self.binding),
            "doubts": [str(one.sentence) for one in base.doubtful(*roles)],
            "baseline": base.as_dict(),
            "schools": [
                {"school": f"school:{base.schools[at]}", "name": base.names[at]}
                | {role: int(self.posts[row, at]) / 100 for row, role in enumerate(roles)}
                for at in gets
            ],
        }


MEASURED = {
    "fair": "least share of the posts needed, over schools and roles",
    "shortfall": "posts short of the recommended ratios, weighted",
    "reach": "students in schools without any counselor",
}


def problem(
    base: Baseline,
    prices: Mapping[str, int],
    budget: int,
    *,
    ratios: Mapping[str, int] | None = None,
    caps: Mapping[str, int] | None = None,
    weights: Mapping[str, float] | None = None,
    step: int = STEP,
) -> Problem:
    """Set the problem up for a place; prices are cents a post and year.

    Raises
    ------
    BadInput
        A budget or ceiling below zero, or no role with a ratio and a price.
    """
    ratio = {
        role: (ratios or {}).get(role) or ROLES[role].recommended
        for role in prices
        if (ratios or {}).get(role) or ROLES[role].recommended
    }
    roles = tuple(ratio)
    if budget < 0 or not roles or step < 1 or any(cap < 0 for cap in (caps or {}).values()):
        raise BadInput(
            "expected a budget and ceilings of zero or more and at least one role with a "
            "recommended ratio, found otherwise: correct them."
        )
    have = np.array([base.staff[role] for role in roles])
    short = np.array(
        [shortfall(base.students, base.staff[role], ratio[role] or 1) for role in roles]
    )
    costs = rounded_division(np.array([prices[role] * step for role in roles], dtype=np.int64), 100)
    return Problem(
        roles, base.students, have, short, step, tuple(int(cost) for cost in costs), budget,
        tuple(None if role not in (caps or {}) else (caps or {})[role] // step for role in roles),
        tuple(float((weights or {}).get(role, 1.0)) for role in roles),
    )  # fmt: skip


def optimize(asked: Problem, aim: str) -> Optimum:
    """Solve the problem for an aim.

    Raises
    ------
    BadInput
        There is no such aim.
    NotAvailable
        HiGHS found no proven optimum.
    """
    if aim not in AIMS:
        raise BadInput(f"aim {aim!r}: expected one of {', '.join(AIMS)}.")
    if aim == "reach":
        return _reach(asked)
    least = _fair_steps(asked) if aim == "fair" else np.zeros_like(asked.short)
    steps = _close(asked, least)
    posts = steps * asked.step
    value = coverage if aim == "fair" else weighted
    spent = int((steps.sum(axis=1) * np.array(asked.step_cost)).sum())
    return Optimum(
        aim, asked, posts, spent, value(asked, np.zeros_like(posts)), value(asked, posts),
        tuple(_binding(asked, steps, spent)),
    )  # fmt: skip


def coverage(asked: Problem, posts: NDArray[np.int64]) -> float:
    """Return the least share of the posts needed; 1 where nothing is short."""
    need = asked.have + asked.short
    at = (asked.short > 0) & (asked.have != UNKNOWN)
    if not at.any():
        return 1.0
    return float(min(((asked.have + posts)[at] / need[at]).min(), 1.0))


def weighted(asked: Problem, posts: NDArray[np.int64]) -> float:
    """Return weighted posts short."""
    left = np.maximum(asked.short - posts, 0).sum(axis=1)
    return float((left * np.array(asked.weights)).sum() / 100)


def _fair_steps(asked: Problem) -> NDArray[np.int64]:
    """Find the highest common coverage that can be paid, and the steps that it takes.

    Coverage changes only where one school and role gets one step more, so the levels to try are
    finite; what a level costs rises with it, so halving finds the highest.
    """
    need = asked.have + asked.short
    at = np.argwhere((asked.short > 0) & (asked.have != UNKNOWN))
    levels = {1.0}
    for role, school in at:
        short, have, wanted = (
            asked.short[role, school],
            asked.have[role, school],
            need[role, school],
        )
        count = -(-int(short) // asked.step)
        levels |= {min((int(have) + k * asked.step) / int(wanted), 1.0) for k in range(count + 1)}
    tried = sorted(levels)
    low, high, best = 0, len(tried) - 1, np.zeros_like(asked.short)
    while low <= high:
        middle = (low + high) // 2
        steps = _steps_for(asked, need, tried[middle])
        if _affordable(asked, steps):
            best, low = steps, middle + 1
        else:
            high = middle - 1
    return best


def _steps_for(asked: Problem, need: NDArray[np.int64], level: float) -> NDArray[np.int64]:
    lacking = np.ceil(np.round(level * need - asked.have, 6)).astype(np.int64)
    lacking = np.where((asked.short > 0) & (asked.have != UNKNOWN), np.maximum(lacking, 0), 0)
    return -(-lacking // asked.step)


def _affordable(asked: Problem, steps: NDArray[np.int64]) -> bool:
    used = steps.sum(axis=1)
    within = all(cap is None or used[row] <= cap for row, cap in enumerate(asked.caps))
    return within and int((used * np.array(asked.step_cost)).sum()) <= asked.budget


def _close(asked: Problem, least: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add to ``least`` the steps that leave the least weighted posts short.

    Every step of a role costs the same, and is worth a whole step until a school's last one, which
    is worth what is left there. So it is enough to decide how many steps of each worth to buy:
    which school gets them changes nothing, and the least covered get them first.
    """
    left = np.maximum(asked.short - least * asked.step, 0)
    worth = [
        np.array([(left[row] // asked.step).sum(), *_rests(left[row], asked.step)])
        for row in range(len(asked.roles))
    ]
    sizes = np.array([asked.step, *range(asked.step - 1, 0, -1)])
    roles, kinds = len(asked.roles), len(sizes)
    used = least.sum(axis=1)
    cost = np.repeat(np.array(asked.step_cost, dtype=np.float64), kinds)
    money = asked.budget - float((used * np.array(asked.step_cost)).sum())
    caps = np.array([np.inf if cap is None else cap for cap in asked.caps]) - used
    by_role = np.kron(np.eye(roles), np.ones(kinds))
    found = milp(
        -np.outer(asked.weights, sizes).ravel(),
        constraints=[LinearConstraint(cost[None, :], -np.inf, money),
                     LinearConstraint(by_role, -np.inf, caps)],
        integrality=np.ones(roles * kinds),
        bounds=Bounds(0, np.concatenate(worth)),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    bought = _solution(found).reshape(roles, kinds).sum(axis=1)
    return np.array(
        [
            least[row] + _handed_out(asked, row, left[row], least[row], int(bought[row]))
            for row in range(roles)
        ]
    )


def _rests(left: NDArray[np.int64], step: int) -> list[int]:
    """Count the schools by what is left after whole steps, the largest first."""
    return [int((left % step == rest).sum()) for rest in range(step - 1, 0, -1)]


def _handed_out(
    asked: Problem, row: int, left: NDArray[np.int64], least: NDArray[np.int64], steps: int
) -> NDArray[np.int64]:
    """Return whole steps to the least covered first, then last steps by what they are worth."""
    given = np.zeros_like(left)
    need = np.maximum(asked.have[row] + asked.short[row], 1)
    have = asked.have[row] + least * asked.step
    queue = [(have[at] / need[at], int(at)) for at in np.flatnonzero(left >= asked.step)]
    heapq.heapify(queue)
    while steps and queue:
        _, at = heapq.heappop(queue)
        given[at] += 1
        steps -= 1
        if left[at] - given[at] * asked.step >= asked.step:
            heapq.heappush(queue, ((have[at] + given[at] * asked.step) / need[at], at))
    rest = left - given * asked.step
    last = np.lexsort((np.arange(len(rest)), -rest))
    last = last[(rest[last] > 0) & (rest[last] < asked.step)][:steps]
    given[last] += 1
    return given


def _solution(found: Any) -> NDArray[np.int64]:
    if not found.success:
        raise NotAvailable(f"HiGHS found no proven optimum ({found.message}): try a larger step.")
    return np.asarray(np.rint(found.x), dtype=np.int64)


def _reach(asked: Problem) -> Optimum:
    """Choose the schools that get a counselor: a knapsack."""
    if "counselor" not in asked.roles:
        raise BadInput("aim reach: expected a price for counselors, found none.")
    row = asked.roles.index("counselor")
    open_to = np.flatnonzero((asked.have[row] == 0) & (asked.students > 0))
    each = int(rounded_division(np.array([asked.step_cost[row] * POST]), asked.step)[0])
    posts = np.zeros_like(asked.short)
    if len(open_to):
        limits = [LinearConstraint(np.full((1, len(open_to)), float(each)), -np.inf, asked.budget)]
        cap = asked.caps[row]
        if cap is not None:
            limits.append(
                LinearConstraint(np.ones((1, len(open_to))), -np.inf, cap * asked.step // POST)
            )
        found = milp(
            -asked.students[open_to].astype(np.float64), constraints=limits,
            integrality=np.ones(len(open_to)), bounds=Bounds(0, 1), options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        posts[row, open_to] = _solution(found) * POST
    got = posts[row, open_to] > 0
    before = float(asked.students[open_to].sum())
    spent = int(got.sum()) * each
    left = int((~got).sum())
    if not left:
        binding = ["need: every school that reported has a counselor"]
    elif spent + each > asked.budget:
        binding = [
            (
                f"budget: {_usd(asked.budget - spent)} is left, and one more counselor costs "
                f"{_usd(each)}"
            )
        ]
    else:
        binding = ["ceiling on counselors"]
    binding += _unknown(asked)
    after = before - float(asked.students[open_to][got].sum())
    return Optimum("reach", asked, posts, spent, before, after, tuple(binding))


def _binding(asked: Problem, steps: NDArray[np.int64], spent: int) -> list[str]:
    """Name what stops more gaps from closing."""
    open_roles, said = [], []
    for row, role in enumerate(asked.roles):
        left = np.maximum(asked.short[row] - steps[row] * asked.step, 0).sum()
        cap = asked.caps[row]
        label = ROLES[role].label.lower()
        if not left:
            said.append(f"need: no gap is left in {label}")
        elif cap is not None and steps[row].sum() >= cap:
            said.append(f"ceiling on {label}: {cap * asked.step / 100:g} posts")
        else:
            open_roles.append((asked.step_cost[row], label))
    if open_roles:
        cost, label = min(open_roles)
        said.insert(
            0,
            f"budget: {_usd(asked.budget - spent)} is left, and one more step "
            f"({asked.step / 100:g} posts, {label}) costs {_usd(cost)}",
        )
    return said + _unknown(asked)


def _unknown(asked: Problem) -> list[str]:
    silent = int((asked.have == UNKNOWN).any(axis=0).sum())
    bare = int((asked.students == UNKNOWN).sum())
    said = [f"not reported: {silent} schools with an unknown role get none of it"] if silent else []
    if bare:
        said.append(f"no enrollment: {bare} schools whose students are not known get none of it")
    return said


def _usd(amount: int) -> str:
    return f"${amount / 100:,.2f}"


def total_cost(asked: Problem, posts: NDArray[np.int64]) -> Cents:
    """Return cents a year of added posts."""
    steps = posts.sum(axis=1) // asked.step
    return np.asarray((steps * np.array(asked.step_cost)).sum(), dtype=np.int64)
