"""What a plan changes, by hand, on small places; no count falls below zero."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plan_cases import a_base, a_plan

from homeroom.plans.baseline import GROUPS, Baseline
from homeroom.plans.costs import Price
from homeroom.plans.doses import doses, staff_after
from homeroom.plans.outcomes import Outcome, outcomes
from homeroom.plans.sizes import levels_drawn, sizes
from homeroom.research.schema import Scale, Uncertainty

CARE: dict[str, Any] = {
    "programs": [{"what": "mental_health_services",
                  "price": {"central": 90_000, "source": "a quote"}}],
}  # fmt: skip
DRAWS = 4000


def told(base: Baseline, **changes: Any) -> dict[tuple[str, str], Outcome]:
    plan = a_plan(**changes)
    found = outcomes(plan, base, doses(plan, base, staff_after(plan, base)), 1, DRAWS)
    return {(one.outcome, one.group): one for one in found}


def suspended(base: Baseline, group: str = "all") -> Outcome:
    return told(base, **CARE)["students suspended out of school", group]


def test_points_of_all_students_become_a_share_of_each_groups_count() -> None:
    # E098 and E099: 0.41 and 0.44 points fewer, standard errors 0.26, so 4.25 of 1,000 students.
    base = a_base([1000])
    found = suspended(base)
    # 4,000 draws know a median of such a spread (2.6 students) to 0.05; three times that.
    assert found.median == pytest.approx(-4.25, abs=0.15)
    assert found.low == pytest.approx(-4.25 - 1.96 * 2.6, abs=0.4)
    assert found.high == pytest.approx(-4.25 + 1.96 * 2.6, abs=0.4)
    for group in set(GROUPS) - {"all"}:  # a tenth of the students suspended
        assert suspended(base, group).median == pytest.approx(found.median / 10, abs=1e-4)


def test_a_count_cannot_turn_negative() -> None:
    # 0.4 points of 100,000 students are 400, but only 100 are suspended.
    base = a_base([100_000])
    assert suspended(base).low == suspended(base).median == -100
    assert suspended(base, "black").low == -10
    # The cap is each school's own: a large school's surplus of points takes nothing elsewhere.
    both = suspended(a_base([100_000, 1000]))
    assert both.low > -200
    assert both.median == pytest.approx(-100 - 4.25, abs=0.3)


def test_schools_without_a_count_change_nothing() -> None:
    base = a_base([1000, 1000])
    silent = {
        measure: {group: np.array([count[0], np.nan]) for group, count in by_group.items()}
        for measure, by_group in base.counts.items()
    }
    found = suspended(replace(base, counts=silent))
    assert found.median == pytest.approx(suspended(a_base([1000])).median)
    assert "1 of 2 schools" in found.basis


def test_a_school_without_suspensions_has_none_to_lose() -> None:
    base = a_base([1000])
    none = {m: {g: np.zeros(1) for g in by_group} for m, by_group in base.counts.items()}
    found = suspended(replace(base, counts=none))
    assert (found.low, found.median, found.high) == (0, 0, 0)


def test_points_that_are_no_count_are_told_over_the_students_reached() -> None:
    # E091: 10 points more go to college where a high school has one counselor more.
    base = a_base([100, 300, 600], counselor=[0, 0, 2])
    (found,) = told(base, hire={"counselor": 1}, spread="students", step="tenth").values()
    assert found.outcome.startswith("four-year college going")
    # A tenth, 0.3 and 0.6 of a post in schools of 100, 300 and 600 students.
    share = (100 * 0.1 + 300 * 0.3 + 600 * 0.6) / 1000
    assert found.median == pytest.approx(10 * share)
    # The study publishes no range: a point, no interval, and no probability.
    assert (found.low, found.high, found.range) == (None, None, "no range published")
    assert "over all the district's 1,000 high-school students" in found.basis
    more = told(base, hire={"counselor": 500}, spread="students")
    # More than one post more in a school is no more than what the study saw.
    assert next(iter(more.values())).median == pytest.approx(10)


def test_a_size_for_one_level_of_schools_is_told_of_no_other() -> None:
    support: dict[str, Any] = {
        "programmes": [{"what": "behavior_support", "units": 1,
                        "price": {"central": 5_000, "source": "a quote"}}],
    }  # fmt: skip
    (found,) = told(a_base([500], level="elementary"), **support).values()
    assert found.median == pytest.approx(-33)
    assert told(a_base([500], level="high"), **support) == {}


def test_officers_who_leave_in_part_take_their_part_of_the_change_with_them() -> None:
    whole = told(a_base([500], officer=[2]), officers={"end": "all"})
    half = told(a_base([500], officer=[2]), officers={"end": "half"})
    for key, one in whole.items():
        assert half[key].median == pytest.approx(one.median / 2, abs=1e-4)
        assert half[key].low == pytest.approx(one.low / 2, abs=1e-4)


def test_a_reported_range_is_drawn_evenly_from_end_to_end() -> None:
    (size, *_), *_ = sizes("mental_health_services").values()
    effect = replace(size.effect, uncertainty=Uncertainty.RANGE, low=-40.0, high=-20.0)
    level = np.array([1e-9, 0.25, 0.5, 1 - 1e-9])
    points = replace(size, effect=replace(effect, scale=Scale.PERCENTAGE_POINTS))
    assert points.value(level) == pytest.approx([-40, -35, -30, -20])
    percent = replace(size, effect=replace(effect, scale=Scale.PERCENT_CHANGE))
    assert percent.value(level) == pytest.approx([0.6, 0.65, 0.7, 0.8])
    # More than all cannot be lost.
    beyond = replace(size, effect=replace(percent.effect, low=-150.0, high=-50.0))
    assert beyond.value(level) == pytest.approx([0, 0, 0, 0.5])


def test_levels_are_even_between_zero_and_one() -> None:
    drawn = levels_drawn(5, "x", 40_000)
    assert drawn.shape == (3, 40_000)
    for row in drawn:
        # 40,000 even draws: shares are known to a quarter of a percent; twice that and more.
        assert (row < 0.001).mean() == pytest.approx(0.001, abs=0.0006)
        assert (row < 0.5).mean() == pytest.approx(0.5, abs=0.01)


def test_prices_run_evenly_from_low_to_central_to_high() -> None:
    price = Price("x", 100, 200, 600, "", "", ())
    assert price.drawn(np.array([0.0, 0.25, 0.5, 0.75, 1.0])).tolist() == [
        200, 100, 150, 200, 400, 600,
    ]  # fmt: skip
