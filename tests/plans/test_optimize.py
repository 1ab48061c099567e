from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_cases import a_base

from homeroom.errors import BadInput
from homeroom.plans.optimize import (
    Problem,
    coverage,
    optimize,
    problem,
    total_cost,
    weighted,
)

COSTS = st.fixed_dictionaries({"counselor": st.integers(1, 90), "psychologist": st.integers(1, 90)})
schools = st.lists(
    st.tuples(st.integers(0, 700), st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=3
)


def small(rows: list[tuple[int, int, int]], costs: dict[str, int], budget: int) -> Problem:
    base = a_base(
        [students for students, _, _ in rows],
        counselor=[half / 2 for _, half, _ in rows],
        psychologist=[half / 2 for _, _, half in rows],
    )
    return problem(base, {role: cost * 200 for role, cost in costs.items()}, budget * 100, step=50)


def every_staffing(asked: Problem) -> list[np.ndarray]:
    most = -(-asked.short // asked.step)
    found = []
    for steps in product(*(range(int(n) + 1) for n in most.ravel())):
        posts = np.array(steps).reshape(most.shape) * asked.step
        if int(total_cost(asked, posts)) <= asked.budget:
            found.append(posts)
    return found


@settings(max_examples=60, deadline=None)
@given(schools, COSTS, st.integers(0, 400))
def test_the_optimum_is_that_of_brute_force(
    rows: list[tuple[int, int, int]], costs: dict[str, int], budget: int
) -> None:
    asked = small(rows, costs, budget)
    if np.prod(-(-asked.short.ravel() // asked.step) + 1.0) > 20_000:
        return
    all_of_them = every_staffing(asked)
    short = optimize(asked, "shortfall")
    assert short.after == pytest.approx(min(weighted(asked, posts) for posts in all_of_them))
    fair = optimize(asked, "fair")
    best = max(coverage(asked, posts) for posts in all_of_them)
    assert fair.after == pytest.approx(best)
    # Among the fairest, the one that leaves the least short; tested where no surplus step is due.
    fairest = [posts for posts in all_of_them if coverage(asked, posts) >= best - 1e-12]
    assert weighted(asked, fair.posts) <= min(weighted(asked, posts) for posts in fairest) + 1e-9
    for found in (short, fair):
        assert found.spent == int(total_cost(asked, found.posts)) <= asked.budget


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(0, 1)), min_size=1, max_size=9),
    st.integers(1, 50), st.integers(0, 300),
)  # fmt: skip
def test_reach_is_that_of_brute_force(rows: list[tuple[int, int]], cost: int, budget: int) -> None:
    base = a_base([n for n, _ in rows], counselor=[have for _, have in rows])
    asked = problem(base, {"counselor": cost * 100}, budget * 100)
    found = optimize(asked, "reach")
    without = [n for n, have in rows if not have]
    paid = min(budget // cost, len(without))
    assert found.before - found.after == sum(sorted(without, reverse=True)[:paid])
    assert found.spent <= asked.budget


@settings(max_examples=60, deadline=None)
@given(schools, COSTS, st.integers(0, 400), st.integers(0, 400))
def test_more_budget_never_closes_fewer_gaps(
    rows: list[tuple[int, int, int]], costs: dict[str, int], one: int, other: int
) -> None:
    less, more = (small(rows, costs, budget) for budget in sorted((one, other)))
    assert optimize(more, "shortfall").after <= optimize(less, "shortfall").after + 1e-9
    assert optimize(more, "fair").after >= optimize(less, "fair").after - 1e-12
    assert optimize(more, "reach").after <= optimize(less, "reach").after


def test_what_holds_back_is_named() -> None:
    base = a_base([500, 500], counselor=[0, 0], psychologist=[0, 0])
    prices = {"counselor": 100_00, "psychologist": 100_00}
    tight = optimize(problem(base, prices, 50_00), "shortfall")
    assert tight.binding[0].startswith("budget: $0.00 is left")
    capped = optimize(problem(base, prices, 10_000_00, caps={"counselor": 100}), "shortfall")
    assert "ceiling on school counselors: 1 posts" in capped.binding
    assert "need: no gap is left in psychologists" in capped.binding
    assert int(capped.posts[0].sum()) == 100
    done = optimize(problem(base, prices, 10_000_00), "fair")
    assert done.after == 1.0
    assert all(line.startswith("need") for line in done.binding)


def test_a_school_that_did_not_report_gets_nothing() -> None:
    base = a_base([500, 500], counselor=[0, -0.01])
    found = optimize(problem(base, {"counselor": 100}, 10_000), "shortfall")
    assert found.posts[0].tolist() == [200, 0]
    assert "not reported: 1 schools" in found.binding[-1]


def test_weights_choose_between_roles() -> None:
    base = a_base([500], counselor=[0], psychologist=[0])
    prices = {"counselor": 100_00, "psychologist": 100_00}
    found = optimize(problem(base, prices, 100_00, weights={"psychologist": 2}), "shortfall")
    assert found.posts.sum(axis=1).tolist() == [0, 100]


@pytest.mark.parametrize("bad", [{"budget": -1}, {"budget": 1, "caps": {"counselor": -1}}])
def test_bad_problems_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(BadInput, match="zero or more"):
        problem(a_base([5]), {"counselor": 1}, **bad)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="expected one of fair"):
        optimize(problem(a_base([5]), {"counselor": 1}, 1), "best")
