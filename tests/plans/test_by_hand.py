"""Staff, doses, books and break-even levels of small plans, each worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plan_cases import a_base, a_plan

from homeroom.errors import BadInput
from homeroom.plans.breakeven import BreakEven, breakeven
from homeroom.plans.doses import doses, staff_after
from homeroom.plans.ledger import Staffed, books
from homeroom.plans.money import grown
from homeroom.plans.placing import shortfall
from homeroom.plans.simulate import simulate

UNITS = {name: np.array([100_00]) for name in ("officer", "guard", "counselor")}


def test_a_school_with_more_than_it_needs_is_not_less_than_zero_short() -> None:
    # At 250 students a post: 4 posts, 2 posts, 1.004 posts, and unknown; in hundredths.
    students, have = np.array([1000, 500, 251, 1000]), np.array([100, 500, 0, -1])
    assert shortfall(students, have, 250).tolist() == [300, 0, 101, 0]


def test_presence_changes_where_the_first_comes_or_the_last_leaves() -> None:
    base = a_base([900, 500, 400, 300, 200], officer=[2, 1, 0, 0, 0.4])
    silent = replace(base, staff=base.staff | {"officer": np.array([200, 100, 0, -1, 40])})
    half = a_plan(officers={"end": "half"})
    # One of two officers stays, and so does the presence; a part of a post is a part of it.
    for posts, dose in (
        ([100, 0, 0, -1, 40], [0, -1, 0, 0, 0]),
        ([300, 50, 250, -1, 0], [0, 0, 1, 0, -0.4]),
        ([0, 100, 25, -1, 100], [-1, 0, 0.25, 0, 0]),
    ):
        after = {"officer": np.array(posts), "guard": silent.staff["guard"]}
        assert doses(half, silent, after)["officers"].tolist() == dose


def test_added_officers_go_to_the_largest_schools_without_one_first() -> None:
    base = a_base([900, 500, 400], officer=[1, 0, 0])
    plan = a_plan(officers={"add": 1.5})
    assert staff_after(plan, base)["officer"].tolist() == [100, 100, 50]


def test_prices_grow_year_by_year_rounded_each_year() -> None:
    assert [int(grown(np.array([100_00]), 250, years)[0]) for years in range(4)] == [
        100_00, 102_50, 105_06, 107_69,
    ]  # fmt: skip


@pytest.mark.parametrize(("budget", "enough"), [(100, True), (99.99, False)])
def test_a_budget_that_just_covers_the_plan_is_enough(budget: float, enough: bool) -> None:
    plan = a_plan(hire={"counselor": 1}, budget=budget)
    if enough:
        assert [int(year.local[0]) for year in books(plan, Staffed((0, 0), (0, 0)), UNITS)] == [
            100_00, 100_00,
        ]  # fmt: skip
    else:
        with pytest.raises(BadInput, match=r"\$0\.01 has no source"):
            books(plan, Staffed((0, 0), (0, 0)), UNITS)


def levels(a: dict[str, Any], b: dict[str, Any]) -> dict[str, BreakEven]:
    """Hold one plan against another in a place of one school with two officers."""
    base = a_base([1000], officer=[2])
    unread = {"include_unverified": True}  # sizes of officers are known from reports alone
    price = {"source": "a quote", "low": 50_000, "high": 150_000}
    costs = {"officer": price | {"central": 100_000}, "counselor": price | {"central": 80_000}}
    made = [
        simulate(
            a_plan(name=name, prices=costs, paid_by="district", **unread, **plan),
            None,
            base=base,
            draws=400,
        )
        for name, plan in (("One", a), ("Other", b))
    ]
    return {one.assumption: one for one in breakeven(*made, draws=400)}


HIRE_ONE: dict[str, Any] = {"hire": {"counselor": 1}}
ADD_ONE: dict[str, Any] = {"officers": {"add": 1}}
SWAP: dict[str, Any] = {"officers": {"end": "all"}, "hire": {"counselor": 1}}
SWAP_FOR_THREE: dict[str, Any] = {"officers": {"end": "all"}, "hire": {"counselor": 3}}
OFFICER, COUNSELOR = "price of one unit: officer", "price of one unit: counselor"
SUSPENDED = "value of one unit: students suspended out of school"


def test_more_of_what_is_not_known_must_speak_for_the_dearer_plan() -> None:
    found, turned = levels(ADD_ONE, {}), levels({}, ADD_ONE)
    for levels_found, name in ((found, "One"), (turned, "Other")):
        unknown = levels_found["what is not known"]
        assert unknown.level_at == 100_000
        assert "shootings that did not happen" in unknown.sentence
        assert f"in favor of {name} to make up" in unknown.sentence


def test_a_plan_that_only_hires_is_not_weighed_against_shootings() -> None:
    assert "what is not known" not in levels(HIRE_ONE, {})
    kept = {"officers": {"keep": "all"}, "guards": {"end": 0}}
    assert "what is not known" not in levels(HIRE_ONE | kept, {})


def test_the_dearer_plan_needs_a_grant() -> None:
    found = levels(HIRE_ONE, {})
    assert found["grant"].level_at == 80_000
    assert "One needs $80,000 a year more local money than Other" in found["grant"].sentence
    turned = levels({}, HIRE_ONE)
    assert turned["grant"].level_at == 0
    assert "One needs $80,000 a year less local money than Other" in turned["grant"].sentence


def test_plans_that_cost_the_same_need_no_grant() -> None:
    found = levels(HIRE_ONE, HIRE_ONE)
    assert found["grant"].level_at == 0
    assert "no grant is needed" in found["grant"].sentence
    assert OFFICER not in found


def test_a_price_is_level_where_both_plans_cost_the_same() -> None:
    # Two officers end for one counselor: level where an officer costs half of 80,000, and where a
    # counselor costs twice 100,000. Both lie outside 50,000 to 150,000.
    found = levels(SWAP, {})
    assert found[OFFICER].level_at == pytest.approx(40_000, abs=0.01)
    assert found[OFFICER].within_range is False
    assert "if one officer costs $40,000 or more" in found[OFFICER].sentence
    assert found[COUNSELOR].level_at == pytest.approx(200_000, abs=0.01)
    assert "if one counselor costs $200,000 or less" in found[COUNSELOR].sentence
    # For three counselors: an officer at 120,000 and a counselor at 66,667 are inside.
    three = levels(SWAP_FOR_THREE, {})
    assert three[OFFICER].level_at == pytest.approx(120_000, abs=0.01)
    assert three[COUNSELOR].level_at == pytest.approx(200_000 / 3, abs=0.01)
    assert three[OFFICER].within_range is three[COUNSELOR].within_range is True


@pytest.mark.parametrize(
    ("a", "b", "yearly", "words"),
    [
        # Saves 120,000 and has fewer suspended: only a worth of more of them could outweigh it.
        (SWAP, {}, 120_000, "one more is worth {} or less"),
        ({}, SWAP, 120_000, "one more is worth {} or more"),
        # Costs 40,000 and has fewer suspended: each of those fewer must be worth it.
        (SWAP_FOR_THREE, {}, 40_000, "one fewer is worth {} or more"),
        ({}, SWAP_FOR_THREE, 40_000, "one fewer is worth {} or less"),
    ],
)
def test_who_needs_more_money_must_buy_something_with_it(
    a: dict[str, Any], b: dict[str, Any], yearly: float, words: str
) -> None:
    found = next(one for name, one in levels(a, b).items() if name.startswith(SUSPENDED[:35]))
    assert found.level_at is not None
    assert words.format(f"${found.level_at:,.0f}") in found.sentence
    assert ("lower than" in found.sentence) == (a != {})
    apart = float(found.sentence.split(" lies ")[1].split()[0].replace(",", ""))
    # The sentence has the median to a hundredth.
    assert found.level_at == pytest.approx(yearly / apart, rel=0.01 / apart)
