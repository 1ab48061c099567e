"""Effects of whole plans, recomputed from the rows of the library, and what may never be said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_cases import AUSTIN, a_base, a_plan
from scipy import stats

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.breakeven import breakeven, compared
from homeroom.plans.compare import compare
from homeroom.plans.doses import doses, staff_after
from homeroom.plans.outcomes import outcomes
from homeroom.plans.simulate import Result, simulate
from homeroom.plans.sizes import Size, carried, draw, levels_drawn
from homeroom.research import load
from homeroom.research.pooling import pool

FAIRFAX, DENVER = "lea:5101260", "lea:0803360"
EFFECTS = load().effects
PRICE = {"central": 50_000, "source": "a quote"}


def told(result: Result) -> dict[tuple[str, str], Any]:
    return {(one.outcome, one.group): one for one in result.outcomes}


def test_a_hundredth_of_a_program_for_all_schools_is_refused(store: Store) -> None:
    cheap = {
        "what": "restorative_practices",
        "units": 0.01,
        "price": {"row": "restorative-pittsburgh"},
    }
    with pytest.raises(BadInput, match=r"a unit for each of the 2\d\d schools meant, found 0.01"):
        simulate(a_plan(place=FAIRFAX, programs=[cheap]), store, draws=100)


def test_a_program_costs_what_its_dose_costs(store: Store) -> None:
    plan = a_plan(place=FAIRFAX, programs=[{"what": "restorative_practices", "price": PRICE}])
    result = simulate(plan, store, draws=100)
    schools = len(result.base.schools)
    assert int(result.years[0].spent["restorative_practices"][0]) == schools * 50_000_00
    found = told(result)["all arrests of children, percent", "all"]
    # E110: 19 percent fewer in a school that has it, and here every school has it.
    assert found.median == pytest.approx(EFFECTS["E110"].estimate)
    assert (found.low, found.high, found.range) == (None, None, "no range published")
    assert any("no clear difference" in one and "E117" in one for one in found.beside)
    with pytest.raises(BadInput, match=r"expected more than \$0"):
        a_plan(programs=[{"what": "mentoring", "price": {"central": 0, "source": "a gift"}}])


def test_no_probability_without_a_published_range(store: Store) -> None:
    plan = a_plan(
        hire={"counselor": 10}, programs=[{"what": "restorative_practices", "price": PRICE}]
    )
    document = compared(compare([plan], store, draws=200), draws=200)
    rows = document["breakeven"]["Plan"]
    points = {
        one["outcome"] for p in document["plans"] for one in p["outcomes"]
        if one["range"] == "no range published"
    }  # fmt: skip
    assert len(points) == 3
    for row in rows:
        about = row["assumption"].removeprefix("value of one unit: ")
        if about in points:
            assert "no range published, so no probability" in row["sentence"]
            assert "%" not in row["sentence"].partition("higher than")[2].replace("percent", "")
    for one in document["plans"][1]["outcomes"]:
        if one["outcome"] in points:
            assert one["low"] is None is one["high"]


def test_college_going_is_told_over_all_high_school_students(store: Store) -> None:
    result = simulate(a_plan(place=FAIRFAX, hire={"counselor": 10}), store, draws=100)
    found = told(result)["four-year college going, percentage points", "all"]
    base = result.base
    gained = (result.after["counselor"] - base.staff["counselor"]) / 100
    high = np.array([level == "high" for level in base.level]) & (base.students > 0)
    students = base.students.astype(float)
    dose = np.minimum(gained, 1.0)
    over = lambda here: 10 * (students[here] @ dose[here]) / students[here].sum()  # noqa: E731
    assert found.median == pytest.approx(over(high), abs=1e-3)
    scope = found.scope.as_dict()
    reached = high & (dose > 0)
    assert (scope["schools"], scope["students"]) == (reached.sum(), students[reached].sum())
    assert scope["levels"] == ["high"]
    district = students[base.enrolled].sum()
    assert scope["share_of_district"] == pytest.approx(students[reached].sum() / district, abs=1e-4)
    assert f"in the schools that change alone {over(reached):+.2f}" in found.basis
    whole = over(high) * students[high].sum() / district
    assert f"over the whole district {whole:+.2f}" in found.basis
    assert whole < found.median < over(reached)


def test_clinicians_from_the_rows(store: Store) -> None:
    plan = a_plan(
        place=DENVER,
        programs=[{"what": "mental_health_services", "schools": "middle", "price": PRICE}],
    )
    result = simulate(plan, store, draws=20_000)
    found = told(result)["students suspended out of school", "all"]
    base = result.base
    here = np.array([level == "middle" for level in base.level]) & base.enrolled
    suspended, students = base.counts["oss"]["all"], base.students.astype(float)
    rng = np.random.default_rng(1)
    pick = rng.random(200_000) < 0.5
    points = np.where(
        pick, rng.normal(EFFECTS["E098"].estimate, EFFECTS["E098"].se, 200_000),
        rng.normal(EFFECTS["E099"].estimate, EFFECTS["E099"].se, 200_000),
    )  # fmt: skip
    known = here & np.isfinite(suspended)
    change = sum(
        np.maximum(points / 100 * students[at], -suspended[at]) for at in np.flatnonzero(known)
    )
    # 20,000 draws know an outer quantile of a spread of some 27 students to half of one.
    for mine, theirs in zip(
        (found.low, found.median, found.high), np.quantile(change, [0.025, 0.5, 0.975]), strict=True
    ):
        assert mine == pytest.approx(theirs, abs=2.0)
    assert found.range.startswith("published interval")
    assert found.scope.reached == (known.sum(), students[known].sum())


def test_officers_have_no_size_that_may_be_used(store: Store) -> None:
    result = simulate(a_plan(place=DENVER, officers={"end": "half"}), store, draws=100)
    assert result.outcomes == ()
    assert any("Officers and suspensions: no usable size." in text for text in result.unknowns)


def _size(number: str, study: str, estimate: float, error: float) -> Size:
    from dataclasses import replace

    shelf = load()
    like = EFFECTS["E098"]
    effect = replace(like, effect_id=number, source_id=study, estimate=estimate, se=error,
                     low=estimate - 1.96 * error, high=estimate + 1.96 * error)  # fmt: skip
    return Size(effect, shelf.sources[study], None)


def test_three_studies_give_one_district_their_prediction_interval() -> None:
    numbers = [(-3.0, 0.5), (-1.0, 0.6), (0.5, 0.4)]
    studies = ["GOLBERSTEIN2023", "KOMISAROW2024", "LOVENHEIM2016"]
    group = [
        _size(f"X{at}", study, *pair)
        for at, (study, pair) in enumerate(zip(studies, numbers, strict=True))
    ]
    given_ = carried(group)
    assert given_.kind == "prediction"
    drawn = draw(group, levels_drawn(1, "x", 100_000))
    pooled = pool([a for a, _ in numbers], [b for _, b in numbers])
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert low == pytest.approx(pooled.prediction_low, rel=0.03)
    assert high == pytest.approx(pooled.prediction_high, rel=0.03)
    # Wider than the interval of the mean, which speaks for no one district.
    assert low < pooled.low < pooled.high < high
    assert np.median(drawn) == pytest.approx(pooled.estimate, abs=0.05)
    assert stats.t.ppf(0.975, 1) > 12  # three studies leave one degree of freedom
    assert carried(group[:2]).kind == "published"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 3), min_size=3, max_size=6), st.integers(0, 4), st.integers(0, 400),
)  # fmt: skip
def test_an_effect_never_exceeds_what_the_dose_supports(
    officers: list[int], ends: int, hired: int
) -> None:
    base = a_base([400] * len(officers), officer=officers)
    ends = min(ends, sum(officers))
    plan = a_plan(officers={"end": ends}, hire={"counselor": f"{hired / 100} posts"}, step="any",
                  include_unverified=True)  # fmt: skip
    after = staff_after(plan, base)
    dose = doses(plan, base, after)
    lost = (base.staff["officer"] > 0) & (after["officer"] == 0)
    assert (dose["officers"] != 0).sum() == lost.sum()
    for one in outcomes(plan, base, dose, 1, 300):
        if one.outcome.startswith("four-year college"):
            reach = min(hired / 100, len(officers)) / len(officers)
            assert 0 <= one.median <= 10 * reach + 1e-3
        elif one.group == "all" and one.low is not None and one.outcome.startswith("students"):
            assert abs(one.low) <= 100 * lost.sum() + 1e-6


def test_five_thousand_counselors_do_not_pass_in_silence(store: Store) -> None:
    with pytest.raises(BadInput, match=r"5,000 school counselors would make one for each 16"):
        simulate(a_plan(place=AUSTIN, hire={"counselor": 5000}), store, draws=100)
    many = simulate(a_plan(place=AUSTIN, hire={"counselor": 1500}), store, draws=100)
    assert any("more than twice what 250 students a post" in said for said in many.warnings)
    few = simulate(a_plan(place=AUSTIN, hire={"counselor": 10}), store, draws=100)
    assert not any("check the number" in said for said in few.warnings)


def test_labels_swapped_change_no_number(store: Store) -> None:
    care = [{"what": "mental_health_services", "schools": "middle", "price": PRICE}]
    one = simulate(a_plan(name="Left", programs=care), store, draws=300)
    other = simulate(a_plan(name="Right", programs=care), store, draws=300)
    assert one.as_dict() | {"name": ""} == other.as_dict() | {"name": ""}
    rows = breakeven(one, other, draws=300)
    assert all(not row.assumption.startswith("value of") for row in rows)
