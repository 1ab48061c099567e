from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_cases import a_plan

from homeroom.errors import BadInput
from homeroom.plans.ledger import Staffed, books, lines
from homeroom.plans.money import amount, cents, grown, rounded_division, split

price = st.integers(0, 30_000_000)
posts = st.integers(0, 50_000)


@given(st.integers(0, 10**13), st.lists(st.floats(0, 1e6), min_size=1, max_size=40))
def test_splitting_loses_no_cent_and_gives_nothing_to_zero(
    total: int, weights: list[float]
) -> None:
    if sum(weights) <= 0:
        if total:
            with pytest.raises(BadInput):
                split(total, weights)
        return
    parts = split(total, weights)
    assert int(parts.sum()) == total
    assert (parts >= 0).all()
    assert (parts[np.array(weights) == 0] == 0).all()


@given(st.integers(1, 10**6), st.lists(st.integers(0, 1000), min_size=1, max_size=8))
def test_a_share_is_within_a_cent_of_exact(total: int, weights: list[int]) -> None:
    if not sum(weights):
        return
    for part, weight in zip(split(total, weights), weights, strict=True):
        assert abs(int(part) - Fraction(total * weight, sum(weights))) < 1


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**6))
def test_rounding_is_to_even(top: int, bottom: int) -> None:
    exact = Decimal(top) / Decimal(bottom)
    expected = round(Fraction(top, bottom))
    assert int(rounded_division(np.array([top]), bottom)[0]) == expected
    assert abs(exact - expected) <= Decimal("0.5")


@given(price, posts, st.integers(0, 12))
def test_a_line_is_price_times_posts_times_months(unit: int, hundredths: int, months: int) -> None:
    exact = Fraction(unit * hundredths * months, 1200)
    assert int(amount(np.array([unit]), hundredths * months)[0]) == round(exact)


@given(
    st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 30), st.integers(0, 30),
    st.dictionaries(st.sampled_from(["counselor", "nurse"]), st.integers(0, 5000)),
    st.one_of(st.none(), st.integers(0, 10**10)), st.integers(0, 2000), st.data(),
)  # fmt: skip
def test_every_cent_spent_has_a_source(
    before: int, after: int, leave: int, begin: int, hired: dict[str, int], grant: int | None,
    growth: int, data: st.DataObject,
) -> None:  # fmt: skip
    given_grant = {} if grant is None else {"grant": {"amount": grant / 100, "source": "a donor"}}
    plan = a_plan(
        officers={"keep": f"{after / 100} posts"},
        hire={role: number / 100 for role, number in hired.items()},
        transition={"officers_leave_after": leave, "staff_start_after": begin,
                    "one_off": {"central": 1000.01, "source": "us"}},
        yearly_growth=f"{growth / 100}%",
        **given_grant,
    )  # fmt: skip
    units = {
        name: np.array(data.draw(st.lists(price, min_size=3, max_size=3)), dtype=np.int64)
        for name in ("officer", "guard", "counselor", "nurse", "transition")
    }
    staffed = Staffed((before, after), (300, 300))
    for number, year in enumerate(books(plan, staffed, units)):
        for scenario in range(3):
            prices = {
                name: int(grown(one, plan.growth, number)[scenario]) for name, one in units.items()
            }
            spent = sum(
                round(Fraction(prices[line.price] * line.months(number), 1200))
                for line in lines(plan, staffed)
            )
            today = round(Fraction(prices["officer"] * before, 100)) + prices["guard"] * 3
            assert int(year.total[scenario]) == spent
            assert int(year.today[scenario]) == today
            assert spent == today + int(year.grant[scenario]) + int(year.local[scenario])
            paid = sum(int(year.spent[role][scenario]) for role in hired)
            assert int(year.grant[scenario]) == min(paid, grant or 0)


def test_a_share_of_what_it_pays_for_comes_from_the_grant() -> None:
    plan = a_plan(hire={"counselor": 3}, grant={"share": 0.25, "source": "the state"})
    units = {name: np.array([10_000_02]) for name in ("officer", "guard", "counselor")}
    year = books(plan, Staffed((0, 0), (0, 0)), units)[0]
    assert int(year.grant[0]) == int(
        (Decimal(3 * 10_000_02) / 4).to_integral_value(ROUND_HALF_EVEN)
    )


@pytest.mark.parametrize("bad", [-1, 0.001, "ten", True, None, float("nan"), 10**14])
def test_dollars_are_dollars(bad: object) -> None:
    with pytest.raises(BadInput, match="expected dollars"):
        cents(bad, "here")
