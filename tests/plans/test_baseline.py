"""Baselines agree with the figures, and say what those say of doubt and scope."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from plan_cases import AUSTIN, a_base, a_plan

from homeroom.api import Homeroom
from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.question import Question
from homeroom.figures.staffing import staffing
from homeroom.plans.baseline import UNKNOWN, Baseline, baseline
from homeroom.plans.breakeven import breakeven
from homeroom.plans.compare import as_is, compare
from homeroom.plans.doses import staff_after
from homeroom.plans.optimize import optimize, problem
from homeroom.plans.simulate import Result, as_document, simulate
from homeroom.report import plan_charts

DEL_VALLE = "lea:4816620"
HIRE: dict[str, Any] = {"hire": {"social_worker": 5}}


@pytest.fixture(scope="module")
def doubted(store: Store) -> Result:
    return simulate(a_plan(place=DEL_VALLE, **HIRE), store, draws=200)


@pytest.mark.parametrize("place", [AUSTIN, DEL_VALLE, "lea:5101260"])
def test_schools_add_up_to_the_figures_of_the_place(store: Store, place: str) -> None:
    base = baseline(store, place, "2017-18")
    for one in staffing(store, place, "2017-18"):
        assert base.total(one.role) == round(100 * (one.fte or 0))
    for measure, counted in base.counts.items():
        for group, by_school in counted.items():
            (figure,) = answer(store, [Question(measure, group, place=place)])  # type: ignore[arg-type]
            assert np.nansum(by_school) == figure.group.count, (measure, group)


def test_a_doubtful_figure_is_never_priced_without_its_doubt(doubted: Result) -> None:
    said, cost = doubted.doubts()
    assert "Security guards: the district reported 216,911 in 2017-18" in said
    assert "a figure we doubt because" in said
    assert "the other schools reported none" in said
    assert doubted.cost()["2026"]["central"] > 12e9
    left = doubted.cost_screened()
    assert left is not None
    assert left["2026"]["central"] < 1e6
    assert f"${left['2026']['central']:,.0f} without those that we doubt" in cost
    document = as_document([doubted], 1, 200)
    assert document["plans"][0]["doubts"] == [said, cost]
    guards = {one["subject"]: one for one in document["baseline"]["figures"]}["guard"]
    assert (guards["published"], guards["screened"], guards["doubtful"]) == (216_911, 0, True)
    picture = plan_charts.plans([doubted])
    assert "that we doubt; without those: Plan 0." in picture.title
    assert said in picture.alt
    assert said in picture.units


def test_a_plain_baseline_has_no_doubts(store: Store) -> None:
    plain = simulate(a_plan(**HIRE), store, draws=200)
    assert plain.doubts() == []
    assert plain.cost_screened() is None
    assert "doubt" not in plan_charts.plans([plain]).title


def test_a_plan_that_needs_doubted_posts_says_that_it_cannot_be_run_without(store: Store) -> None:
    plan = a_plan(place=DEL_VALLE, guards={"end": 1000})
    result = simulate(plan, store, draws=200)
    assert result.cost_screened() is None
    assert "without the posts that we doubt it can't be run" in result.doubts()[-1]
    kept = simulate(as_is(plan), store, draws=200)
    for row in breakeven(result, kept, draws=200):
        assert "that we doubt" in row.sentence


def test_shootings_are_weighed_only_where_a_plan_changes_officers_or_security(store: Store) -> None:
    kept, hires, ends = compare(
        [a_plan(**HIRE), replace(a_plan(officers={"end": "half"}), name="Half")], store, draws=200
    )
    assert not any("shootings" in row.sentence for row in breakeven(hires, kept, draws=200))
    assert any("shootings" in row.sentence for row in breakeven(ends, kept, draws=200))


def bare() -> Baseline:
    """Return two schools, the second without an enrollment in the store."""
    return a_base([500, UNKNOWN], counselor=[0, 0], officer=[1, 1])


def test_a_school_without_enrollment_is_unknown_not_empty() -> None:
    base = bare()
    plan = a_plan(hire={"counselor": 2})
    assert staff_after(plan, base)["counselor"].tolist() == [200, 0]
    for spread in ("students", "even"):
        after = staff_after(a_plan(hire={"counselor": 1}, spread=spread), base)
        assert after["counselor"].tolist() == [100, 0]
    with pytest.raises(BadInput):
        staff_after(plan, a_base([UNKNOWN], counselor=[0]))
    asked = problem(base, {"counselor": 100_000_00}, 1_000_000_00)
    for aim in ("fair", "shortfall", "reach"):
        found = optimize(asked, aim)
        assert found.posts[0, 1] == 0
        assert any("no enrollment: 1 schools" in line for line in found.binding)


def test_what_a_school_without_enrollment_lacks_is_told_as_unknown(store: Store) -> None:
    base = bare()
    result = simulate(a_plan(hire={"counselor": 1}), store, draws=200, base=base)
    counselors = next(row for row in result.gaps() if row["role"] == "counselor")
    assert (counselors["schools"], counselors["schools_unknown"]) == (1, 1)
    assert counselors["students_without_any_before"] == 500
    assert [row["students"] for row in result.staff()["schools"]] == [500, None]
    assert any("no enrollment of 1 schools" in warning for warning in result.warnings)


def test_places_go_by_their_names(room: Homeroom) -> None:
    plan = {"name": "P", "place": "Austin ISD", "start": 2026, "years": 1}
    assert room.plan(plan, draws=100).base.place == AUSTIN
    text = "name: P\nplace: Austin ISD, TX\nstart: 2026\nyears: 1\n"
    assert room.plan(text, draws=100).base.place == AUSTIN
    assert room.plan(a_plan(), draws=100).base.place == AUSTIN
