"""Ten plans recomputed to the cent by arithmetic that shares no code with the books.

The place is our own: three schools with 4 officers and 2 guards. Prices are stated, so that every
figure follows from the plan and the numbers below: months are counted one by one, and money is a
fraction until it is rounded, halves to even, once a line and year.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from plan_cases import a_base, a_plan

from homeroom.plans.simulate import Result, simulate

OFFICER, GUARD, COUNSELOR, NURSE = 130_000, 60_000, 110_000, 95_000
PRICES = {
    role: {"central": price, "source": "the budget"}
    for role, price in (
        ("officer", OFFICER), ("guard", GUARD), ("counselor", COUNSELOR), ("nurse", NURSE),
    )
}  # fmt: skip
YEARS = 3


def run(**changes: Any) -> Result:
    base = a_base([900, 600, 300], officer=[2, 1, 1], guard=[1, 1, 0], counselor=[1, 1, 1])
    plan = a_plan(years=YEARS, prices=PRICES, **changes)
    return simulate(plan, None, base=base, draws=100)


def cents(amount: Fraction) -> int:
    return round(amount * 100)


def line(price: int, posts_by_month: list[Fraction], growth: Fraction = Fraction(0)) -> list[int]:
    """Cost of a line in each year: its price, grown and rounded each year, times its months."""
    made, unit = [], price * 100
    for year in range(YEARS):
        worked = sum(posts_by_month[12 * year : 12 * year + 12], Fraction(0))
        made.append(round(unit * worked / 12))
        unit = round(unit * (1 + growth))
    return made


def months(*parts: tuple[int, float]) -> list[Fraction]:
    """Posts in each month: so many months of so many posts, one part after the other."""
    listed = [Fraction(str(posts)) for count, posts in parts for _ in range(count)]
    assert len(listed) == 12 * YEARS
    return listed


ALL = 12 * YEARS


def local(result: Result, case: int = 0) -> list[int]:
    return [int(year.local[0]) for year in result.books[case].years]


def minus(*lines: list[int]) -> list[int]:
    first, *rest = lines
    return [one - sum(other[at] for other in rest) for at, one in enumerate(first)]


TODAY = line(OFFICER, months((ALL, 4)))


def test_1_the_district_pays_and_ends_half() -> None:
    result = run(paid_by="district", officers={"end": "half"}, hire={"counselor": 2})
    officers = line(OFFICER, months((ALL, 2)))
    hired = line(COUNSELOR, months((ALL, 2)))
    assert local(result) == [a + b - c for a, b, c in zip(officers, hired, TODAY, strict=True)]


def test_2_the_city_pays_and_the_district_saves_nothing() -> None:
    result = run(paid_by="city", officers={"end": "all"}, hire={"counselor": 2})
    assert local(result) == line(COUNSELOR, months((ALL, 2)))
    assert [int(year.elsewhere["city"][0]) for year in result.years] == [-one for one in TODAY]


def test_3_the_district_pays_a_share_and_saves_that_share() -> None:
    shared = {"shared": {"district": "30%", "county": "70%"}}
    result = run(paid_by=shared, officers={"end": 1})
    saved = line(OFFICER, months((ALL, 1)))
    county = [-round(Fraction(one * 7, 10)) for one in saved]
    assert [int(year.elsewhere["county"][0]) for year in result.years] == county
    assert local(result) == [-a - b for a, b in zip(saved, county, strict=True)]


def test_4_a_payer_that_is_not_known_gives_two_cases_and_no_figure() -> None:
    result = run(officers={"end": "all"}, hire={"nurse": 1})
    hired = line(NURSE, months((ALL, 1)))
    assert local(result, 0) == [a - b for a, b in zip(hired, TODAY, strict=True)]
    assert local(result, 1) == hired
    assert all(row["new_local_money"] is None for row in result.money())
    assert result.as_dict()["new_local_money"]["depends_on_payer"] is True


def test_5_officers_stay_until_the_notice_has_run_and_leaving_costs() -> None:
    agreement = {"notice": "9 months", "exit_cost": 25_000}
    result = run(
        paid_by="district", agreement=agreement, officers={"end": "all"},
        transition={"officers_leave_after": 3},
    )  # fmt: skip
    officers = line(OFFICER, months((9, 4), (27, 0)))
    expected = [a - b for a, b in zip(officers, TODAY, strict=True)]
    expected[0] += 25_000_00
    assert local(result) == expected


def test_6_a_ramp_ends_officers_month_by_month_and_guards_at_once() -> None:
    result = run(
        paid_by="district", officers={"end": "all", "over": "4 months"}, guards={"end": "all"},
        transition={"officers_leave_after": 6},
    )  # fmt: skip
    officers = line(OFFICER, months((6, 4), (1, 3), (1, 2), (1, 1), (27, 0)))
    guards = line(GUARD, months((ALL, 2)))
    assert local(result) == [
        a - b - c for a, b, c in zip(officers, TODAY, guards, strict=True)
    ]  # fmt: skip


def test_7_hires_by_year_wait_until_filled_and_some_stay_vacant() -> None:
    result = run(
        hire={"counselor": {"posts": [1, 2, 4], "vacancies": "10%", "months_to_fill": "3 months"}},
    )  # fmt: skip
    there = months((3, 0), (12, 1), (12, 2), (9, 4))
    expected = line(COUNSELOR, [one * Fraction(9, 10) for one in there])
    assert local(result) == expected


def test_8_a_grant_ends_and_the_district_pays_on_after_a_match() -> None:
    result = run(
        hire={"counselor": 3},
        grant={"source": "the state", "share": "100%", "match": "25%", "years": 2},
    )
    spent = line(COUNSELOR, months((ALL, 3)))
    paid = [round(Fraction(one * 3, 4)) for one in spent[:2]] + [0]
    assert [int(year.grant[0]) for year in result.years] == paid
    assert local(result) == minus(spent, paid)
    assert any("from 2028 on, the district pays" in said for said in result.warnings)


def test_9_a_grant_that_must_add_to_local_money_does_not_replace_it() -> None:
    result = run(
        paid_by="district", officers={"end": "all"}, hire={"counselor": 6},
        grant={"source": "the state", "share": "100%", "supplement": True},
    )  # fmt: skip
    spent = line(COUNSELOR, months((ALL, 6)))
    paid = minus(spent, TODAY)
    assert paid[0] > 0
    assert [int(year.grant[0]) for year in result.years] == paid
    assert local(result) == [0, 0, 0]


def test_10_a_price_of_an_earlier_year_is_carried_and_then_grows() -> None:
    old = PRICES | {"nurse": {"central": 88_000, "source": "a contract", "year": 2024}}
    plan = a_plan(years=YEARS, prices=old, hire={"nurse": 2}, yearly_growth="3%")
    base = a_base([900, 600, 300], officer=[2, 1, 1])
    result = simulate(plan, None, base=base, draws=100)
    # Twelve months to March 2025: 4.3%; to March 2026: 3.5% (ECI, table 7).
    first = round(88_000_00 * Fraction("1.043") * Fraction("1.035"))
    expected, unit = [], first
    for _ in range(YEARS):
        expected.append(unit * 2)
        unit = round(unit * Fraction("1.03"))
    assert local(result) == expected


ACT = {"source": "the Act", "share": "100%", "act": 2025}


def test_a_grant_under_the_act_pays_from_thirty_days_after_the_last_officer_left() -> None:
    result = run(
        paid_by="district", officers={"end": "all"}, hire={"counselor": 2}, grant=ACT,
        transition={"officers_leave_after": 6},
    )  # fmt: skip
    paid = line(COUNSELOR, months((7, 0), (29, 2)))
    assert [int(year.grant[0]) for year in result.years] == paid
    assert any("30 days after the last officer has left" in said for said in result.warnings)


def test_a_grant_under_the_act_pays_nothing_while_an_officer_stays() -> None:
    result = run(paid_by="district", officers={"end": "half"}, hire={"counselor": 2}, grant=ACT)
    assert [int(year.grant[0]) for year in result.years] == [0, 0, 0]


def test_a_use_that_the_act_bars_is_not_paid() -> None:
    cameras = {"what": "cameras", "price": {"central": 10_000, "source": "a quote"}}
    result = run(
        paid_by="district", officers={"end": "all"}, hire={"counselor": 1}, security=[cameras],
        grant=ACT | {"pays_for": ["hire", "security"]},
    )  # fmt: skip
    paid = line(COUNSELOR, months((1, 0), (35, 1)))
    assert [int(year.grant[0]) for year in result.years] == paid
    assert any("pays nothing for cameras" in said for said in result.warnings)


@pytest.mark.parametrize("changed", ["officers", "counselors"])
def test_swapping_the_labels_of_two_roles_swaps_the_money(changed: str) -> None:
    same = {"central": 100_000, "low": 80_000, "high": 130_000, "source": "one price for both"}
    plan: dict[str, Any] = (
        {"officers": {"add": 2}} if changed == "officers" else {"hire": {"counselor": 2}}
    )
    prices = dict.fromkeys(("officer", "counselor", "guard"), same)
    base = a_base([900, 600, 300], officer=[1, 1, 1], counselor=[1, 1, 1])
    result = simulate(
        a_plan(prices=prices, paid_by="district", **plan), None, base=base, draws=4000
    )
    assert local(result)[0] == 200_000_00
    spread = result.as_dict()["new_local_money"]["cases"][0]["new_local_money"]
    # 4,000 draws: the ends of the range move by about a percent between two streams.
    assert spread["low"] == pytest.approx(2 * 2 * 81_000, rel=0.02)
    assert spread["high"] == pytest.approx(2 * 2 * 128_500, rel=0.02)
