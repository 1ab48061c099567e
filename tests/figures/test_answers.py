from __future__ import annotations

from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.evidence.store import connect
from homeroom.figures import figure as reasons
from homeroom.figures import officers, rates
from homeroom.figures.cell_weights import sides_of
from homeroom.figures.engine import answer
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
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
def con(starter_store: Path):
    with connect(starter_store) as connection:
        yield connection


@pytest.fixture(scope="module")
def desk() -> QueryCache:
    return QueryCache()


def one(con: duckdb.DuckDBPyConnection, desk: QueryCache, **fields: str):
    return answer(con, [Question(**fields)], desk)[0]


@pytest.mark.parametrize("row", KNOWN, ids=lambda row: f"{row[0]} {row[1]}")
def test_the_national_ratios_are_the_known_ones(con, desk, row) -> None:
    wave, measure, *figures = row
    asked = [Question(measure=measure, group=g, versus="white", wave=wave) for g in GROUPS]
    found = answer(con, asked, desk)
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
def test_national_totals(con, desk, wave, measure, total) -> None:
    assert one(con, desk, measure=measure, wave=wave).group.count == total


def test_connecticut(con, desk) -> None:
    asked = [
        Question(group=g, versus="white", place="US-CT", wave=wave)
        for wave in ("2015-16", "2017-18")
        for g in ("black", "hispanic")
    ]
    assert [round(a.value, 2) for a in answer(con, asked, desk)] == [4.38, 3.24, 4.11, 2.65]


def test_only_vermont_reaches_a_combined_ratio_of_six(con, desk) -> None:
    asked = [
        Question(group="black+hispanic", versus="white", place=f"US-{state}", wave=wave)
        for state in STATES
        for wave in ("2015-16", "2017-18")
    ]
    found = [a for a in answer(con, asked, desk) if a.basis == "state_table"]
    reaching = [a for a in found if a.value is not None and a.value >= 6]
    assert [(a.question.place, a.question.wave) for a in reaching] == [("US-VT", "2017-18")]
    assert reaching[0].group.count + reaching[0].versus.count == 15
    assert len(found) > 100


@pytest.mark.parametrize("policy", ["published", "screened"])
@pytest.mark.parametrize("rule", ["with", "without"])
@pytest.mark.parametrize("by", ["race", "sex", "disability"])
@pytest.mark.parametrize(("place", "wave"), [("US-TX", "2017-18"), ("US-VT", "2015-16")])
def test_sums_over_schools_are_those_of_rates(con, desk, place, wave, by, rule, policy) -> None:
    frame = rates.rates(
        con, "arrests", place, wave, by=(by,), policy=policy, basis="schools", section504=rule
    )
    rows = [row for row in frame.to_dicts() if row["group"] != "nonbinary"]
    asked = [
        Question(
            group=row["group"], place=place, wave=wave, policy=policy, basis="schools",
            section504=rule,
        )
        for row in rows
    ]  # fmt: skip
    for row, found in zip(rows, answer(con, asked, desk), strict=True):
        assert (found.group.count, found.group.students) == (row["count"], row["students"])
        assert found.coverage == pytest.approx(row["coverage"])
        assert found.group.rate_per_10000 == pytest.approx(row["rate_per_10000"])


@pytest.mark.parametrize("place", ["US-TX", "US-CO", "lea:4808940"])
def test_schools_with_officers_against_without_is_the_contrast_of_officers(
    con, desk, place
) -> None:
    frame = officers.contrast(con, "arrests", place, "2017-18").filter(
        pl.col("group").is_in(["all", "hispanic"])
    )
    for group in ("all", "hispanic"):
        rows = {r["officer"]: r for r in frame.filter(pl.col("group") == group).to_dicts()}
        pooled, means = answer(
            con,
            [
                Question(group=group, comparator="same_group", place=place, average=average)
                for average in ("pooled", "mean_of_schools")
            ],
            desk,
        )
        for side, kind in ((pooled.group, "with"), (pooled.versus, "without")):
            assert (side.count, side.students) == (rows[kind]["count"], rows[kind]["students"])
        if means.value is not None:
            assert means.value == pytest.approx(
                rows["with"]["mean_of_schools"] / rows["without"]["mean_of_schools"]
            )
            assert means.method == "school_means"


def test_one_question_and_ten_thousand_give_the_same(con) -> None:
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
    together = answer(con, asked)
    for at in range(0, len(asked), 97):
        assert answer(con, [asked[at]])[0] == together[at]


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
def test_what_cannot_be_answered_has_a_reason_and_no_number(con, desk, fields, reason) -> None:
    found = one(con, desk, **{"group": "black", "versus": "white"} | fields)
    assert found.reason == reason
    assert found.value is found.low is found.high is None
    assert found.status != "observed"
    assert found.explanation


def test_suppressed_counts_say_so(con, desk) -> None:
    found = [
        one(con, desk, group="american_indian", versus="white", wave="2011-12", place=f"US-{s}",
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
def test_a_question_about_nothing_is_refused(con, desk, fields) -> None:
    with pytest.raises(BadInput):
        one(con, desk, **fields)


def test_others_and_the_group_make_everyone_of_a_published_race() -> None:
    sides = sides_of(Question(group="black+hispanic", versus="others"))
    assert sorted(t.race for t in (*sides.group, *sides.versus)) == sorted(RACES)
    split = sides_of(Question(group="idea", versus="others", section504="without"))
    assert [t.disability for t in split.versus] == ["wodis"]


def test_a_group_against_all_students_has_no_interval(con, desk) -> None:
    found = one(con, desk, group="black", versus="all")
    assert found.value == pytest.approx(2.014, abs=5e-4)
    assert found.low is found.high is None
    assert "overlap" in found.method


def test_the_nation_from_few_states_says_how_little_it_covers(con, desk) -> None:
    found = one(con, desk, group="black", versus="white", basis="schools")
    assert found.coverage < 0.2
    assert "CO, TX, VA" in found.note


def test_swapping_the_groups_inverts_the_ratio(con, desk) -> None:
    pair = [("black", "white"), ("white", "black")]
    there, back = answer(con, [Question(group=g, versus=v) for g, v in pair], desk)
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
def test_what_holds_of_every_answer(con, place, wave, group, average, schools, disability) -> None:
    shared = {
        "place": place, "wave": wave, "average": average, "schools": schools,
        "disability": disability, "basis": "schools",
    }  # fmt: skip
    pooled, *each = answer(
        con,
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


def test_officer_strata_add_up(con, desk) -> None:
    kinds = ("all", "with_officer", "without_officer")
    whole, having, lacking = (
        one(con, desk, place="US-VA", schools=kind, basis="schools").group for kind in kinds
    )
    assert having.count + lacking.count <= whole.count
    assert having.students + lacking.students > 0.9 * whole.students
