"""Default prices: like for like, loaded without counting leave twice, and in the plan's dollars."""

from __future__ import annotations

import itertools
import math
import statistics
from decimal import Decimal
from fractions import Fraction

import pytest
from plan_cases import a_base, a_plan

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.costs import default_cost, given
from homeroom.plans.document import PriceGiven
from homeroom.plans.plan_prices import prices
from homeroom.plans.uncertainty import CORRELATION, wage_levels
from homeroom.plans.wage_prices import OCCUPATION
from homeroom.research import cost, fringe_load
from homeroom.research.price_index import price_index

# Read by hand: ECEC table 3 (dollars an hour: total, wages, paid leave), OOH May 2024 (schools,
# all employers), ECI table 7 and the release of March 2025 (percent over twelve months).
TEACHERS, SERVICE = ("83.76", "54.46", "3.60"), ("50.17", "28.44", "4.15")
SCHOOLS = {
    "counselor": (76960, 65140), "social_worker": (67620, 58570), "nurse": (74360, 93600),
    "psychologist": (85920, 86930), "officer": (64430, 76290), "guard": (44090, 38370),
}  # fmt: skip
TO_2026 = Decimal("1.048") * Decimal("1.043") * Decimal("1.035")


@pytest.mark.parametrize(("role", "hourly"), [("nurse", TEACHERS), ("officer", SERVICE)])
def test_a_load_is_compensation_over_wages_and_paid_leave(
    role: str, hourly: tuple[str, str, str]
) -> None:
    total, wages, leave = map(Decimal, hourly)
    row = fringe_load(role)
    assert row.load_factor == float(round(total / (wages + leave), 3))
    # Over wages alone, the load would hold leave a second time: OEWS pay has it already.
    assert row.load_factor < float(total / wages)


@pytest.mark.parametrize("role", list(SCHOOLS))
def test_a_price_is_the_state_wage_like_for_like_loaded_and_carried(
    store: Store, role: str
) -> None:
    (median,) = store.con.execute(
        "SELECT median FROM wage WHERE state = 'TX' AND occupation = ? AND year = 2023",
        [OCCUPATION[role]],
    ).fetchone() or (0,)
    load = "1.539" if role in ("officer", "guard") else "1.443"
    schools, every = SCHOOLS[role]
    exact = Fraction(median) * Fraction(load) * Fraction(TO_2026) * schools / every
    price = default_cost(role, "TX", store, start=2026)
    # The ratio of two medians is kept to 28 digits, so the cent can move only at a half.
    assert price.central == round(exact * 100)
    assert (price.year, price.dollars_of) == (2023, 2026)
    assert "May 2023" in price.basis
    assert "carried from 2023 to 2026" in price.basis
    city = default_cost(role, "TX", store, start=2026, in_schools=False)
    assert city.central == round(exact * every / schools * 100)


def test_a_later_start_is_dearer_and_says_what_it_assumes(store: Store) -> None:
    now, later = (default_cost("nurse", "TX", store, start=year) for year in (2026, 2030))
    assert later.central == pytest.approx(now.central * 1.035**4, rel=1e-6)  # cents are rounded
    assert "is taken to go on" in later.basis
    assert "is taken to go on" not in now.basis


def test_a_contract_of_other_months_changes_the_price_in_proportion(store: Store) -> None:
    usual = default_cost("counselor", "TX", store, start=2026)
    year_round = default_cost("counselor", "TX", store, start=2026, months=12)
    assert year_round.central == pytest.approx(usual.central * 12 / 10, abs=1)  # a cent
    assert "a contract of 12 months instead of the usual 10" in year_round.basis


def test_a_row_is_carried_only_where_the_index_speaks_for_it() -> None:
    people = given("officer", PriceGiven(row="officer-desoto-2024"), 2026)
    assert people.central == round(9_414_760 * Fraction("1.043") * Fraction("1.035"))
    lane = given("metal_detectors", PriceGiven(row="detection-lane-columbus"), 2026)
    assert lane.central == 3_753_000
    assert "not carried to 2026: no index of such prices was read" in lane.basis


def test_an_index_carries_nothing_from_before_it_begins() -> None:
    assert price_index().factor(2023, 2026) == TO_2026
    with pytest.raises(BadInput, match="a price of 2023 or later"):
        price_index().factor(2019, 2026)


def test_local_prices_and_pay_override_the_default() -> None:
    base = a_base([1000], officer=[2])
    plan = a_plan(
        start=2026, hire={"counselor": 1, "nurse": {"posts": 1, "contract": "12 months"}},
        prices={
            "officer": {"central": 90_000, "source": "the contract", "year": 2024},
            "counselor": {"central": 60_000, "source": "the salary table", "basis": "salary"},
        },
        today={"salaries": {"nurse": 70_000}, "year": 2025, "source": "payroll"},
    )  # fmt: skip
    found = prices(plan, base, None)
    assert found["officer"].central == round(9_000_000 * Fraction("1.043") * Fraction("1.035"))
    assert found["counselor"].central == round(6_000_000 * Fraction("1.443"))
    nurse = round(
        round(round(7_000_000 * Fraction("1.443")) * Fraction("1.035")) * Fraction(12, 10)
    )
    assert found["nurse"].central == nurse
    own = prices(a_plan(start=2026, price_index="none"), base, None)["officer"]
    assert own.central == round(Fraction(76290) * Fraction("1.539") * 100)


def test_costs_beyond_pay_come_on_top_of_an_officer() -> None:
    base = a_base([1000], officer=[2])
    plain = prices(a_plan(), base, None)["officer"]
    costs = {"overtime": 4_000, "vehicles": 9_000, "training": 1_500, "source": "the city's budget"}
    more = prices(a_plan(officer_costs=costs), base, None)["officer"]
    assert more.central - plain.central == 14_500_00
    assert "overtime $4,000, vehicles $9,000, training $1,500" in more.basis


def test_roles_go_together_as_far_as_wages_of_the_states_do(store: Store) -> None:
    rows = store.con.execute(
        "SELECT state, occupation, median FROM wage WHERE year = 2023 AND median IS NOT NULL"
    ).fetchall()
    wages: dict[str, dict[str, float]] = {}
    for state, occupation, median in rows:
        wages.setdefault(state, {})[occupation] = math.log(median)
    found = []
    for one, other in itertools.combinations(OCCUPATION.values(), 2):
        both = [w for w in wages.values() if one in w and other in w]
        found.append(statistics.correlation([w[one] for w in both], [w[other] for w in both]))
    assert statistics.mean(found) == pytest.approx(CORRELATION, abs=0.01)  # two decimals are said
    levels = wage_levels(7, ("officer", "nurse"), 20_000)
    normal = [[statistics.NormalDist().inv_cdf(v) for v in levels[r]] for r in levels]
    # 20,000 draws: a standard error of about (1 - 0.69^2) / sqrt(20000) = 0.004.
    assert statistics.correlation(*normal) == pytest.approx(CORRELATION, abs=0.015)


def test_what_a_price_was_before_the_correction_is_known() -> None:
    assert cost("loaded-counselor-2024").central == round(65_140 * 1.443)
