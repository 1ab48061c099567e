"""What a school-finance officer would not have signed: each as the right value or a refusal."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_cases import a_base, a_plan

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.figures.staffing import staffing
from homeroom.plans.document import load
from homeroom.plans.doses import staff_after
from homeroom.plans.placing import posts_short
from homeroom.plans.simulate import Result, simulate

AUSTIN_HALF: dict[str, Any] = {
    "officers": {"end": "half"}, "hire": {"counselor": 10, "social_worker": 15}, "years": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def half(store: Store) -> Result:
    return simulate(a_plan(paid_by="district", **AUSTIN_HALF), store, draws=4000)


def test_without_a_payer_no_saving_is_given(store: Store) -> None:
    result = simulate(a_plan(**AUSTIN_HALF), store, draws=200)
    (row,) = result.money()
    assert row["new_local_money"] is None
    district, elsewhere = row["cases"]
    officers = result.prices["officer"].central * 1950 // 100
    apart = elsewhere["new_local_money"]["central"] - district["new_local_money"]["central"]
    assert round(apart * 100) == officers
    assert "no saving is given" in result.as_dict()["new_local_money"]["note"]


def test_austin_half_moves_by_the_load_the_like_for_like_wages_and_the_year() -> None:
    """Walk from the old figure to the new one, in Texas wages of May 2023 and whole dollars.

    The issue's own correction is about -51,000: loads near 1.56 and 1.43, and counselors 21% up.
    """
    officer, counselor, social = 74_010, 64_750, 50_380
    old = 10 * counselor * 1.538 + 15 * social * 1.538 - 19.5 * officer * 1.764
    issue = 10 * counselor * 1.43 * 77_800 / 64_330 + 15 * social * 1.43 - 19.5 * officer * 1.56
    assert round(old, -3) == -388_000
    assert round(issue, -3) == -51_000
    loads = 10 * counselor * 1.443 + 15 * social * 1.443 - 19.5 * officer * 1.539
    schools = (
        10 * counselor * 1.443 * 76_960 / 65_140
        + 15 * social * 1.443 * 67_620 / 58_570
        - 19.5 * officer * 1.539
    )
    # Social workers in schools earn more too: that, not counselors, is what the issue left out.
    assert (round(loads, -3), round(schools, -3)) == (-196_000, 142_000)


def test_austin_half_where_another_body_s_officers_are_paid_by_the_district(store: Store) -> None:
    plan = a_plan(paid_by="district", agreement={"notice": 0}, **AUSTIN_HALF)
    result = simulate(plan, store, draws=200)
    by = Fraction("1.048") * Fraction("1.043") * Fraction("1.035")
    exact = {
        "counselor": Fraction(64_750) * Fraction("1.443") * 76_960 / 65_140 * by,
        "social_worker": Fraction(50_380) * Fraction("1.443") * 67_620 / 58_570 * by,
        "officer": Fraction(74_010) * Fraction("1.539") * by,
    }
    price = {role: round(value * 100) for role, value in exact.items()}
    expected = 10 * price["counselor"] + 15 * price["social_worker"]
    expected -= 39 * price["officer"] - round(Fraction(price["officer"] * 39, 2))
    assert int(result.years[0].local[0]) == expected


def test_the_district_s_own_police_are_priced_as_schools_pay(half: Result) -> None:
    price = half.prices["officer"]
    assert any("64,430 over 76,290" in step.basis for step in price.steps)
    assert price.dollars_of == 2026


def test_roles_drawn_apart_leave_more_open_than_roles_drawn_together(half: Result) -> None:
    local = half.years[0].local[1:]
    low, high = np.quantile(local, [0.025, 0.975])
    ends = {name: (one.low, one.central, one.high) for name, one in half.prices.items()}
    # All prices at their low, or all at their high: how far the answer moves together.
    together = [
        10 * ends["counselor"][at] + 15 * ends["social_worker"][at]
        - 39 * ends["officer"][at] // 2 for at in (0, 2)
    ]  # fmt: skip
    assert high - low > abs(together[1] - together[0])
    said = half.as_dict()["new_local_money"]
    assert "no confidence interval" in said["range_is"]
    assert "correlation 0.69" in said["range_is"]


def test_no_share_of_draws_without_a_published_range() -> None:
    price = {"central": 100_000, "source": "the budget"}
    prices = dict.fromkeys(("officer", "guard", "counselor"), price)
    base = a_base([1000], officer=[2])
    plan = a_plan(paid_by="district", prices=prices, officers={"end": 1}, hire={"counselor": 1})
    found = simulate(plan, None, base=base, draws=100).as_dict()["new_local_money"]["cases"][0]
    assert found["share_of_draws_above_zero"] is None
    assert found["new_local_money"] == {"low": None, "central": 0.0, "high": None}


def test_what_would_change_your_mind_is_a_price_at_which_the_sign_turns() -> None:
    price = {"low": 80_000, "central": 100_000, "high": 150_000, "source": "the budget"}
    prices = {"officer": price, "counselor": {"central": 120_000, "source": "the budget"}}
    base = a_base([1000], officer=[2])
    plan = a_plan(paid_by="district", prices=prices, officers={"end": 1}, hire={"counselor": 1})
    (found,) = simulate(plan, None, base=base, draws=100).moves
    assert found.central == 2 * 20_000
    (one,) = found.inputs
    assert (one.at_low, one.at_high) == (2 * 40_000, 2 * -30_000)
    assert "one officer costs $120,000 or more a year" in found.sentence("The plan")


def test_ending_one_post_takes_it_from_one_school(store: Store) -> None:
    base = simulate(a_plan(officers={"end": 1}), store, draws=100)
    lost = base.base.staff["officer"] - base.after["officer"]
    assert sorted(lost[lost > 0].tolist()) in ([100], [50, 50])
    whole = simulate(a_plan(officers={"end": 1}, step="whole"), store, draws=100)
    lost = whole.base.staff["officer"] - whole.after["officer"]
    assert lost[lost > 0].tolist() == [100]


def test_new_posts_are_whole_or_half_and_go_to_no_facility(store: Store) -> None:
    result = simulate(a_plan(hire={"counselor": 40}), store, draws=100)
    new = result.after["counselor"] - result.base.staff["counselor"]
    assert int(new.sum()) == 4000
    assert set((new % 50).tolist()) == {0}
    gaining = {name for name, posts in zip(result.base.names, new, strict=True) if posts}
    assert not any("HOSPITAL" in name or "DETENTION" in name for name in gaining)
    assert any("Hospital" in said for said in result.warnings)


def test_a_named_school_gets_the_post(store: Store) -> None:
    name = "AUSTIN H S"
    result = simulate(a_plan(hire={"counselor": {"posts": 1, "schools": [name]}}), store, draws=100)
    new = result.after["counselor"] - result.base.staff["counselor"]
    (at,) = np.flatnonzero(new)
    assert result.base.names[at] == name


def test_a_number_between_steps_is_refused_with_both_neighbors(store: Store) -> None:
    with pytest.raises(BadInput, match=r"write 1 or 1\.5, or choose a smaller `step`"):
        simulate(a_plan(hire={"counselor": "1.25 posts"}), store, draws=100)


def test_officers_who_stay_longer_keep_no_guard_longer() -> None:
    base = a_base([1000], officer=[2], guard=[2])
    plan = a_plan(
        paid_by="district", officers={"end": "all"}, guards={"end": "all"}, years=1,
        transition={"officers_leave_after": 6},
    )  # fmt: skip
    (year,) = simulate(plan, None, base=base, draws=100).years
    assert int(year.spent["guards"][0]) == 0
    assert int(year.spent["officers"][0]) > 0


def test_a_gap_has_one_figure(store: Store) -> None:
    plan = simulate(a_plan(hire={"counselor": 1}), store, draws=100)
    short = {row["role"]: row["short_before"] for row in plan.gaps()}
    page = {one.role: one.short for one in staffing(store, "lea:4808940", "2017-18")}
    for role, gap in short.items():
        assert gap == pytest.approx(page[role], abs=0.005), role


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 12)), min_size=1, max_size=8),
    st.integers(0, 40), st.integers(0, 40), st.sampled_from(["gaps", "students", "even"]),
)  # fmt: skip
def test_more_money_never_closes_fewer_gaps(
    schools: list[tuple[int, int]], fewer: int, more: int, spread: str
) -> None:
    base = a_base([n for n, _ in schools], counselor=[half / 2 for _, half in schools])
    short = [
        posts_short(
            base.students,
            staff_after(a_plan(hire={"counselor": f"{n / 2} posts"}, spread=spread), base)[
                "counselor"
            ],
            250,
        )
        for n in sorted((fewer, fewer + more))
    ]
    assert short[1] <= short[0]


def test_what_the_district_states_of_today_comes_first(tmp_path: Path, store: Store) -> None:
    (tmp_path / "staff.csv").write_text(
        "school,students,officers\nAUSTIN H S,2500,3\nBOWIE H S,2800,\n", encoding="utf-8"
    )
    (tmp_path / "plan.yaml").write_text(
        "name: Own figures\nplace: lea:4808940\nstart: 2026\nyears: 1\n"
        "today: {file: staff.csv, year: 2025, source: payroll}\nofficers: {keep: all}\n",
        encoding="utf-8",
    )
    result = simulate(load(tmp_path / "plan.yaml"), store, draws=100)
    at = result.base.names.index("AUSTIN H S")
    assert (result.base.students[at], result.base.staff["officer"][at]) == (2500, 300)
    assert result.figures_of("officer") == "2025, payroll"
    assert result.figures_of("counselor") == "2017-18"
    assert any("public figures of 2017-18, 9 years before" in said for said in result.warnings)


def test_a_district_s_total_of_today_keeps_the_schools_shares() -> None:
    base = a_base([900, 600, 300], officer=[2, 1, 1])
    plan = a_plan(today={"staff": {"officer": 8}, "enrollment": 3600, "year": 2025}, years=1)
    result = simulate(plan, None, base=base, draws=100)
    assert result.base.staff["officer"].tolist() == [400, 200, 200]
    assert result.base.students.tolist() == [1800, 1200, 600]
    assert result.base.total("officer") == 800
    assert replace(base).total("officer") == 400


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("school,studnets\nA,1\n", "unknown column 'studnets'"),
        ("students\n1\n", "expected a column `school`"),
        ("school,students\nAUSTIN H S,many\n", "row 2: students: expected a whole number"),
        ("school,counselor\nNowhere,1\n", "found 'Nowhere'"),
    ],
)
def test_a_file_of_schools_is_refused_by_row_and_column(
    text: str, words: str, tmp_path: Path, store: Store
) -> None:
    (tmp_path / "s.csv").write_text(text, encoding="utf-8")
    (tmp_path / "plan.yaml").write_text(
        "name: P\nplace: lea:4808940\nstart: 2026\nyears: 1\ntoday: {file: s.csv}\n",
        encoding="utf-8",
    )
    with pytest.raises(BadInput, match=words):
        simulate(load(tmp_path / "plan.yaml"), store, draws=100)
