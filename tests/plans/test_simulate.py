from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_cases import a_base, a_plan

from homeroom.cli.output import as_json_text
from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.plans.actions import bridges
from homeroom.plans.apportion import filled, shared
from homeroom.plans.baseline import level_of
from homeroom.plans.breakeven import breakeven
from homeroom.plans.compare import AS_IS, as_is, compare
from homeroom.plans.costs import default_cost
from homeroom.plans.doses import doses, staff_after
from homeroom.plans.outcomes import outcomes
from homeroom.plans.placing import hired, posts_short
from homeroom.plans.simulate import Result, as_document, simulate
from homeroom.plans.sizes import draw, levels_drawn, sizes, why_not
from homeroom.research.gate import ASSOCIATION
from homeroom.research.library_files import load as library

ARRESTED = "students referred to police or arrested"
HALF: dict[str, Any] = {
    "officers": {"end": "half"}, "hire": {"counselor": 10, "social_worker": 15},
    "programmes": [{"what": "mental_health_services", "schools": "middle",
                    "price": {"central": 90_000, "source": "a quote"}}],
}  # fmt: skip


def text(results: list[Result]) -> str:
    return as_json_text(as_document(results, 7, 500))


def test_the_document_keeps_its_contract(store: Store) -> None:
    found = json.loads(text([simulate(a_plan(**HALF), store, seed=7, draws=500)]))
    (plan,) = found["plans"]
    assert list(plan) == [
        "name", "cost", "staff", "gaps", "outcomes", "unknowns", "doubts", "cost_screened",
        "new_local_money", "what_moves_it",
    ]  # fmt: skip
    assert list(plan["cost"]) == ["2026", "2027"]
    for cost in plan["cost"].values():
        assert list(cost) == ["low", "central", "high"]
        assert cost["low"] <= cost["central"] <= cost["high"]
    for one in plan["outcomes"]:
        assert list(one) == [
            "outcome", "group", "low", "median", "high", "basis", "range", "population", "beside",
        ]  # fmt: skip
        ranged = one["range"] != "no range published"
        assert (one["low"] is not None) == (one["high"] is not None) == ranged
        assert not ranged or one["low"] <= one["median"] <= one["high"]
    assert "deter shootings is not known" in plan["unknowns"][0]


def test_the_same_seed_gives_the_same_bytes_in_another_process(
    starter_store: Any, store: Store, tmp_path: Any
) -> None:
    import yaml

    given = {"name": "Plan", "place": "lea:4808940", "start": 2026, "years": 2} | HALF
    (tmp_path / "plan.yaml").write_text(yaml.safe_dump(given))
    ours = text([simulate(a_plan(**HALF), store, seed=7, draws=500)])
    command = [sys.executable, "-m", "homeroom", "plan", "run", str(tmp_path / "plan.yaml"),
               "--json", "--seed", "7", "--draws", "500"]  # fmt: skip
    theirs = subprocess.run(
        command, capture_output=True, text=True, check=True,
        env={"HOMEROOM_STORE": str(starter_store), "PYTHONHASHSEED": "99"},
    ).stdout  # fmt: skip
    assert theirs == ours + "\n"
    other = text([simulate(a_plan(**HALF), store, seed=8, draws=500)])
    assert other != ours


def test_no_change_has_no_effect_and_costs_what_it_costs_today(
    store: Store,
) -> None:
    care = {"what": "mental_health_services", "units": 0,
            "price": {"central": 9, "source": "a quote"}}  # fmt: skip
    for kept in ({"officers": {"keep": "all"}, "guards": {"end": 0}}, {"officers": {"add": 0}}):
        result = simulate(a_plan(hire={"counselor": 0}, programs=[care], **kept), store, draws=300)
        assert result.outcomes
        assert all((one.low, one.median, one.high) == (0, 0, 0) for one in result.outcomes)
        assert all((year.local == 0).all() for year in result.years)
        for row in result.staff()["roles"]:
            assert row["change"] == 0
        for row in result.gaps():
            assert row["short_before"] == row["short_after"]


def test_names_and_order_change_no_number(store: Store) -> None:
    one = a_plan(**HALF)
    other = replace(a_plan(officers={"add": 5}), name="Other side")
    forth = compare([one, other], store, draws=300)
    back = compare([replace(other, name="Plan"), replace(one, name="Other side")], store, draws=300)
    bare = [[result.as_dict() | {"name": ""} for result in results] for results in (forth, back)]
    assert bare[0][0] == bare[1][0]
    assert bare[0][1] == bare[1][2]
    assert bare[0][2] == bare[1][1]


def test_break_even_levels_do_not_depend_on_who_is_first(store: Store) -> None:
    a, b = compare([a_plan(paid_by="district", **HALF)], store, draws=300)
    there = {row.assumption: row for row in breakeven(b, a, draws=300)}
    back = {row.assumption: row for row in breakeven(a, b, draws=300)}
    for name, row in there.items():
        if name != "grant":
            assert row.level_at == pytest.approx(back[name].level_at, abs=0.02)
    assert min(row.level_at or 0 for row in (there["grant"], back["grant"])) == 0


def test_at_the_break_even_price_the_plans_cost_the_same(store: Store) -> None:
    plan = a_plan(officers={"end": "half"}, hire={"counselor": 10}, paid_by="district")
    result, kept = (simulate(one, store, draws=100) for one in (plan, as_is(plan)))
    found = {row.assumption: row.level_at for row in breakeven(result, kept, draws=100)}
    level = found["price of one unit: counselor"]
    assert level is not None
    priced = replace(
        plan, prices=a_plan(prices={"counselor": {"central": level, "source": "x"}}).prices
    )
    again = simulate(priced, store, draws=100)
    assert abs(sum(int(year.local[0]) for year in again.years)) < 100


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"hire": {"nurse": 5}}, "Plan costs more than Keep as is at any price of one nurse"),
        ({"officers": {"add": 3}}, "Plan costs more than Keep as is at any price of one officer"),
        ({"officers": {"end": 3}}, "Keep as is costs more than Plan at any price of one officer"),
    ],
)
def test_where_only_a_price_of_nothing_is_level_the_dearer_plan_is_named(
    store: Store, change: dict[str, Any], said: str
) -> None:
    kept, plan = compare([a_plan(paid_by="district", **change)], store, draws=100)
    for pair in ((plan, kept), (kept, plan)):
        (row,) = (r for r in breakeven(*pair, draws=100) if r.assumption.startswith("price"))
        assert row.level_at == 0
        assert row.sentence.startswith(said)


def test_keeping_as_is_is_always_compared(store: Store) -> None:
    plans = [replace(a_plan(officers={"end": n}), name=f"P{n}") for n in (1, 2, 3, 4)]
    assert [one.plan.name for one in compare(plans, store, draws=100)] == [
        AS_IS,
        "P1",
        "P2",
        "P3",
        "P4",
    ]
    for bad, words in (
        ([*plans, replace(plans[0], name="P5")], "one to four"),
        ([plans[0], replace(plans[1], years=5)], "years"),
        ([plans[0], replace(plans[1], name="P1")], "of its own"),
        ([replace(plans[0], name=AS_IS)], "of its own"),
    ):
        with pytest.raises(BadInput, match=words):
            compare(bad, store, draws=100)


def test_only_verified_effects_are_drawn_from_and_no_association() -> None:
    for action in bridges().actions:
        for group in sizes(action).values():
            for size in group:
                assert size.effect.verified.at_source
                assert size.effect.design not in ASSOCIATION
                assert size.source.superseded_by is None
                assert size.row.url.startswith("https://")
                assert size.row.id in size.words
                assert size.row.url in size.words


def test_every_price_can_be_traced(store: Store) -> None:
    result = simulate(a_plan(hire=dict.fromkeys(["counselor", "nurse"], 1)), store, draws=100)
    for name, price in result.prices.items():
        assert price.rows, name
        assert all(row.id and row.url.startswith("https://") for row in price.rows)
        # Only the index has a year that is known from reports alone, and its words say so.
        assert all(row.verified or row.id == "eci-state-local:2024" for row in price.rows)
        assert 0 < price.low <= price.central <= price.high


def test_a_state_price_follows_from_its_rows(store: Store) -> None:
    price = default_cost("counselor", "TX", store)
    median = store.con.execute(
        "SELECT median FROM wage WHERE state = 'TX' AND occupation = '21-1012' AND year = 2023"
    ).fetchone()
    assert median is not None
    assert price.central > median[0] * 1.443 * 100
    nation = library().costs["wage-counselor-2023"]
    assert price.low / price.central == pytest.approx(nation.low / nation.central, abs=1e-6)


def test_removing_reverses_having() -> None:
    base = a_base([500, 500], officer=[1, 0])
    away = a_plan(officers={"end": "all"}, include_unverified=True)
    after = staff_after(away, base)
    made = outcomes(away, base, doses(away, base, after), 1, 4000)
    told = {one.group: one for one in made if one.outcome == ARRESTED}
    # E015, known from a report: 10 to 50 percent more of 100 arrests, drawn evenly.
    before = 100.0
    assert told["all"].median == pytest.approx(before * (1 / 1.3 - 1), abs=1)
    assert told["all"].low == pytest.approx(before * (1 / 1.49 - 1), abs=1)
    assert told["black"].median == pytest.approx(told["all"].median / 10, abs=1e-3)
    more = a_plan(officers={"add": 1}, include_unverified=True)
    after = staff_after(more, base)
    assert after["officer"].tolist() == [100, 100]
    made = outcomes(more, base, doses(more, base, after), 1, 4000)
    (added,) = (o for o in made if (o.outcome, o.group) == (ARRESTED, "all"))
    assert added.median == pytest.approx(before * 0.3, abs=1)


def test_draws_carry_the_published_interval_and_the_disagreement() -> None:
    group = sizes("mental_health_services")["suspensions", "students suspended out of school"]
    level = levels_drawn(3, "x", 40_000)
    # E098: 0.41 points fewer, -0.92 to 0.10.
    low, high = np.quantile(draw([group[0]], level), [0.025, 0.975])
    assert (low, high) == (pytest.approx(-0.92, abs=0.02), pytest.approx(0.10, abs=0.02))
    far = replace(group[1], effect=replace(group[1].effect, estimate=2.0, low=1.5, high=2.5))
    both = draw([group[0], far], level)
    assert np.quantile(both, 0.975) > high + 1
    assert np.quantile(both, 0.025) < high


def test_unverified_sizes_only_on_request() -> None:
    assert len(sizes("officers", include_unverified=True)) > len(sizes("officers"))
    effect = library().effects["E015"]
    assert "report" in str(why_not("officers", effect, include_unverified=False))
    assert why_not("officers", effect, include_unverified=True) is None


def test_a_slider_is_told_as_an_assumption() -> None:
    base = a_base([500, 500], officer=[1, 0])
    plan = a_plan(
        officers={"end": "all"},
        assumptions=[
            {"action": "officers", "outcome": "arrests", "low": -30, "central": 0, "high": 30},
            {"action": "officers", "outcome": "shootings", "central": 50},
        ],
    )
    after = staff_after(plan, base)
    found = {
        one.outcome: one
        for one in outcomes(plan, base, doses(plan, base, after), 1, 4000)
        if one.group == "all"
    }
    arrests = found["school-related arrests (assumed)"]
    assert "not research" in arrests.basis
    assert -30 <= arrests.low < 0 < arrests.high <= 30
    # 0.0003 a school and year, half more at one school, over a hundred years.
    assert found["shootings in 100 years (assumed)"].median == pytest.approx(0.015, abs=1e-4)


@given(
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 500)), min_size=1, max_size=12),
    st.integers(0, 4000),
)
def test_new_staff_go_to_the_least_covered_and_none_is_lost(
    schools: list[tuple[int, int]], posts: int
) -> None:
    base = a_base([n for n, _ in schools], counselor=[have / 100 for _, have in schools])
    plan = a_plan(hire={"counselor": f"{posts / 100} posts"}, step="any")
    if not base.students.any():
        if posts:
            with pytest.raises(BadInput):
                hired(plan, base, "counselor")
        return
    added = hired(plan, base, "counselor")
    assert int(added.sum()) == posts
    assert (added >= 0).all()
    assert (added[base.students == 0] == 0).all()


def test_the_least_covered_school_gets_the_next_step() -> None:
    need, have = np.array([200.0, 200.0, 200.0]), np.array([0, 100, 200])
    assert filled(need, have, 100, 50).tolist() == [100, 0, 0]
    assert filled(need, have, 200, 50).tolist() == [150, 50, 0]
    # A school that lacks less than half a step is left alone, so 400 are not handed out.
    assert filled(need, np.array([180, 100, 200]), 400, 50).tolist() == [0, 100, 0]
    assert shared(np.array([3.0, 1.0, 0.0]), 400, 50).tolist() == [300, 100, 0]


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_more_staff_never_leave_more_short(fewer: int, more: int) -> None:
    base = a_base([400, 900, 1200], counselor=[1, 1, 0.5])
    short = [
        posts_short(base.students, staff_after(
            a_plan(hire={"counselor": f"{n / 4} posts"}, step="quarter"), base)["counselor"], 250)
        for n in sorted((fewer, more))
    ]  # fmt: skip
    assert short[1] <= short[0]


@pytest.mark.parametrize(
    ("low", "high", "level"),
    [(-1, 5, "elementary"), (6, 8, "middle"), (9, 12, "high"), (7, 12, "high"), (0, 12, "other"),
     (None, None, "other"), (3, 8, "elementary"), (4, 9, "middle")],
)  # fmt: skip
def test_levels_are_those_of_the_common_core(low: int, high: int, level: str) -> None:
    assert level_of(low, high) == level
