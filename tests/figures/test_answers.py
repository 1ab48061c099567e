from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures import officers, rates
from homeroom.figures.engine import answer, evaluate
from homeroom.figures.question import Question, sides_of
from homeroom.figures.screened import without_doubt
from homeroom.statistics.ratio import risk_ratio
from homeroom.vocabulary.groups import RACES
from homeroom.vocabulary.states import STATES

KNOWN = [  # wave, measure, rates of Black, Hispanic, white, then the three ratios
    ("2015-16", "arrests", 23.52, 9.33, 6.80, 3.460, 1.373, 2.154),
    ("2017-18", "arrests", 21.49, 9.97, 7.47, 2.876, 1.335, 1.885),
    ("2015-16", "referrals", 79.39, 38.31, 29.73, 2.671, 1.289, 1.806),
    ("2017-18", "referrals", 82.55, 41.04, 34.75, 2.375, 1.181, 1.607),
]
GROUPS = ("black", "hispanic", "black+hispanic")


@pytest.fixture(scope="module")
def store(starter_store: Path):
    found = Store(starter_store)
    yield found
    found.close()


def one(store: Store, **fields: str):
    return answer(store, [Question(**fields)])[0]


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: f"{row[0]} {row[1]}")
def test_the_national_ratios_are_the_known_ones(store, row) -> None:
    wave, measure, *figures = row
    asked = [Question(measure=measure, group=g, versus="white", wave=wave) for g in GROUPS]
    found = answer(store, asked)
    shown = [found[0].group, found[1].group, found[0].versus]
    assert [round(side.rate_per_10000, 2) for side in shown] == figures[:3]
    assert [round(one.value, 3) for one in found] == figures[3:]
    assert all(one.low < one.value < one.high for one in found)
    assert {one.method for one in found} == {"score"}
    assert all("State" in one.source or "state tables" in one.source for one in found)


@pytest.mark.parametrize(
    ("wave", "measure", "total"),
    [
        ("2015-16", "arrests", 51_780), ("2017-18", "arrests", 54_321),
        ("2015-16", "referrals", 204_497), ("2017-18", "referrals", 229_470),
    ],
)  # fmt: skip
def test_national_totals(store, wave, measure, total) -> None:
    assert one(store, measure=measure, wave=wave).group.count == total


def test_connecticut(store) -> None:
    asked = [
        Question(group=g, versus="white", place="US-CT", wave=wave)
        for wave in ("2015-16", "2017-18")
        for g in ("black", "hispanic")
    ]
    assert [round(a.value, 2) for a in answer(store, asked)] == [4.38, 3.24, 4.11, 2.65]


def test_only_vermont_reaches_a_combined_ratio_of_six(store) -> None:
    asked = [
        Question(group="black+hispanic", versus="white", place=f"US-{state}", wave=wave)
        for state in STATES
        for wave in ("2015-16", "2017-18")
    ]
    found = [a for a in answer(store, asked) if a.basis == "state_table"]
    reaching = [a for a in found if a.value is not None and a.value >= 6]
    assert [(a.question.place, a.question.wave) for a in reaching] == [("US-VT", "2017-18")]
    assert reaching[0].group.count + reaching[0].versus.count == 15
    assert len(found) > 100


@pytest.mark.parametrize("policy", ["published", "screened"])
@pytest.mark.parametrize("rule", ["with", "without"])
@pytest.mark.parametrize("by", ["race", "sex", "disability"])
@pytest.mark.parametrize(("place", "wave"), [("US-TX", "2017-18"), ("US-VT", "2015-16")])
def test_sums_over_schools_are_those_of_rates(store, place, wave, by, rule, policy) -> None:
    rows = rates.rates(
        store, "arrests", place, wave, by=(by,), policy=policy, basis="schools", section504=rule
    )
    asked = [
        Question(
            group=row.question.group, place=place, wave=wave, policy=policy, basis="schools",
            section504=rule,
        )
        for row in rows
    ]  # fmt: skip
    assert len(rows) >= 2
    for row, found in zip(rows, answer(store, asked), strict=True):
        assert found.group == row.group
        assert found.coverage == row.coverage
        assert found.value == row.value


@pytest.mark.parametrize("place", ["US-TX", "US-CO", "lea:4808940"])
def test_schools_with_officers_against_without_is_the_contrast_of_officers(store, place) -> None:
    contrasts = officers.contrast(store, "arrests", place, "2017-18")
    for group in ("all", "hispanic"):
        rows = {one.officer: one for one in contrasts if one.pooled.question.group == group}
        pooled, means = answer(
            store,
            [
                Question(group=group, comparator="same_group", place=place, average=average)
                for average in ("pooled", "mean_of_schools")
            ],
        )
        assert pooled.group == rows["with"].pooled.group
        assert pooled.versus == rows["without"].pooled.group
        if means.value is not None:
            assert means.value == pytest.approx(
                rows["with"].mean.group.rate_per_10000 / rows["without"].mean.group.rate_per_10000
            )
            assert means.method == "school_means"


def test_one_question_and_ten_thousand_give_the_same(store) -> None:
    asked = [
        Question(
            measure=m, group=g, versus=v, wave=w, place=p, disability=d, average=a, schools=s,
            basis="schools", policy=policy,
        )
        for m, g, v, w, p, d, a, s, policy in product(
            ("arrests", "referrals"), ("black", "black+hispanic"), ("white", "others"),
            ("2015-16", "2017-18"), ("US-TX", "US-VT", "lea:4808940"), ("all", "idea"),
            ("pooled", "mean_of_schools"), ("all", "regular", "high"), ("published", "screened"),
        )
    ]  # fmt: skip
    together = answer(store, asked)
    for at in range(0, len(asked), 97):
        assert answer(store, [asked[at]])[0] == together[at]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"place": "US-CT", "basis": "schools"}, reasons.NOT_AT_HAND),
        ({"place": "US-CT", "wave": "2020-21"}, reasons.NOT_AT_HAND),
        ({"wave": "2013-14"}, reasons.NOT_AT_HAND),
        ({"place": "lea:9999999"}, reasons.NOT_AT_HAND),
        ({"basis": "state_table", "policy": "screened"}, reasons.NO_TABLE),
        ({"basis": "state_table", "schools": "high"}, reasons.NO_TABLE),
        ({"basis": "state_table", "comparator": "same_group"}, reasons.NO_TABLE),
        ({"place": "lea:4808940", "basis": "state_table"}, reasons.NO_TABLE),
        ({"disability": "wodis"}, reasons.NOT_PUBLISHED),
        ({"disability": "s504", "place": "US-TX", "basis": "schools"}, reasons.NOT_PUBLISHED),
        (
            {"comparator": "same_group", "schools": "with_officer", "place": "US-TX"},
            reasons.CONTRADICTION,
        ),
    ],
)
def test_what_cannot_be_answered_has_a_reason_and_no_number(store, fields, reason) -> None:
    found = one(store, **{"group": "black", "versus": "white"} | fields)
    assert found.reason == reason
    assert found.value is found.low is found.high is None
    assert found.status != "observed"
    assert found.explanation


def test_in_school_suspensions_in_texas_leave_out_schools_without_enrollment(store) -> None:
    found = one(store, measure="iss", group="black", versus="white", place="US-TX", wave="2020-21")
    assert (found.group.count, found.versus.count) == (37_175, 57_924)
    assert found.value == pytest.approx(1.467, abs=5e-4)
    assert found.all_events == 37_274


def test_arrays_know_which_figures_are_whole(store) -> None:
    asked = [
        Question(group="black", versus="white", place=place, wave=wave, basis=basis, policy=policy)
        for place in ("US", "US-TX", "US-VA", "US-CO", "US-CT", "lea:4808940")
        for wave in ("2015-16", "2017-18", "2020-21")
        for basis, policy in (("", "published"), ("schools", "published"), ("schools", "screened"))
    ]
    found = evaluate(store, asked)
    known = [at for at in range(len(asked)) if np.isfinite(found.value[at])]
    assert {bool(found.whole[at]) for at in known} == {True, False}
    for at in known:
        assert found.whole[at] == found.figure(at).whole, asked[at]


def test_a_figure_in_doubt_stands_beside_what_is_left_without_the_doubt(store) -> None:
    latino = one(store, group="hispanic", comparator="same_group", place="US-TX")
    plain = one(store, group="black", versus="white", place="US-CT")
    left, nothing = without_doubt(store, [latino, plain])
    assert latino.doubtful
    assert (round(latino.value, 2), round(left.value, 2)) == (1.54, 8.07)
    assert left.question.policy == "screened"
    assert nothing is None


def test_suppressed_counts_say_so(store) -> None:
    found = [
        one(store, group="american_indian", versus="white", wave="2011-12", place=f"US-{s}",
            basis="state_table")
        for s in STATES
    ]  # fmt: skip
    assert reasons.SUPPRESSED in {a.reason for a in found}
    assert all(a.value is None for a in found)


@pytest.mark.parametrize(
    "fields",
    [
        {"measure": "detentions"}, {"group": "martian"}, {"group": "black+black"},
        {"group": "black+all"}, {"comparator": "nobody"}, {"policy": "raw"}, {"wave": "2018"},
        {"place": "Texas"}, {"schools": "big"}, {"average": "median"}, {"section504": "maybe"},
        {"group": "black/male", "sex": "female"}, {"measure": "offenses", "group": "black"},
    ],
)  # fmt: skip
def test_a_question_about_nothing_is_refused(store, fields) -> None:
    with pytest.raises(BadInput):
        one(store, **fields)


def test_others_and_the_group_make_everyone_of_a_published_race() -> None:
    sides = sides_of(Question(group="black+hispanic", versus="others"))
    assert sorted(t.race for t in (*sides.group, *sides.versus)) == sorted(RACES)
    split = sides_of(Question(group="idea", versus="others", section504="without"))
    assert [t.disability for t in split.versus] == ["wodis"]


def test_a_group_against_all_students_has_no_interval(store) -> None:
    found = one(store, group="black", versus="all")
    assert found.value == pytest.approx(2.014, abs=5e-4)
    assert found.low is found.high is None
    assert "overlap" in found.method


def test_the_nation_from_few_states_says_how_little_it_covers(store) -> None:
    found = one(store, group="black", versus="white", basis="schools")
    assert found.coverage < 0.2
    assert "Colorado, Texas, and Virginia only" in found.note
    assert not found.whole


def test_swapping_the_groups_inverts_the_ratio(store) -> None:
    pair = [("black", "white"), ("white", "black")]
    there, back = answer(store, [Question(group=g, versus=v) for g, v in pair])
    assert there.value == pytest.approx(1 / back.value)
    assert there.low == pytest.approx(1 / back.high)


@settings(max_examples=25, deadline=None)
@given(
    place=st.sampled_from(["US-TX", "US-CO", "US-VA", "US-NV", "lea:4808940"]),
    wave=st.sampled_from(["2015-16", "2017-18"]),
    group=st.lists(st.sampled_from(list(RACES)), min_size=1, max_size=4, unique=True),
    average=st.sampled_from(["pooled", "mean_of_schools"]),
    schools=st.sampled_from(["all", "regular", "high", "with_officer", "without_officer"]),
    disability=st.sampled_from(["all", "idea", "wodis"]),
)
def test_what_holds_of_every_answer(
    store, place, wave, group, average, schools, disability
) -> None:
    shared = {
        "place": place, "wave": wave, "average": average, "schools": schools,
        "disability": disability, "basis": "schools",
    }  # fmt: skip
    pooled, *each = answer(
        store,
        [Question(group="+".join(group), versus="others", **shared)]
        + [Question(group=name, **shared) for name in group],
    )
    for found in (pooled, *each):
        assert (found.value is None) == (found.reason not in (None, "few_events"))
        if found.value is not None:
            assert np.isfinite(found.value)
            assert found.value >= 0
            assert found.low is None or found.low <= found.value + 1e-12 <= found.high + 1e-9
    if average == "pooled" and all(found.group.count is not None for found in each):
        assert pooled.group.count == sum(found.group.count for found in each)
        assert pooled.group.students == sum(found.group.students for found in each)
        if pooled.value is not None:
            again = risk_ratio(
                pooled.group.count, pooled.group.students,
                pooled.versus.count, pooled.versus.students,
            )  # fmt: skip
            assert pooled.value == pytest.approx(float(again.value))


def test_officer_strata_add_up(store) -> None:
    kinds = ("all", "with_officer", "without_officer")
    whole, having, lacking = (
        one(store, place="US-VA", schools=kind, basis="schools").group for kind in kinds
    )
    assert having.count + lacking.count <= whole.count
    assert having.students + lacking.students > 0.9 * whole.students
