"""Each quality rule flags the figures that it describes, and no other."""

from __future__ import annotations

import itertools

import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.errors import BadInput
from homeroom.evidence import quality
from homeroom.evidence.build import build
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES

ARR, REF = "SCH_DISCWODIS_ARR_WH_M", "SCH_DISCWODIS_REF_WH_M"
ISS, MECH = "SCH_DISCWODIS_ISS_WH_M", "SCH_RS_IDEA_MECH_WH_M"
LEO, GUA, TEACH = "SCH_FTESECURITY_LEO", "SCH_FTESECURITY_GUA", "SCH_FTETEACH_TOT"
_numbers = itertools.count(1)


def school(district: str = "4800001", students: int = 1000, **values) -> dict:
    return crdc.school(f"{district}{next(_numbers):05d}", SCH_ENR_WH_M=students, **values)


@pytest.fixture
def flags(tmp_path):
    """Build a store of some schools; give its flags as (rule, position of school, subject)."""

    def flagged(*rows: dict, wave: str = "2017-18") -> set[tuple[str, int, str]]:
        path = tmp_path / "store.duckdb"
        folder = crdc.write_all(tmp_path / wave, list(rows), wave)
        build([folder], path, with_starter=False)
        at = {row["COMBOKEY"]: place for place, row in enumerate(rows)}
        with Homeroom(path) as room:
            found = room.table("flags")
            assert found["wave"].is_in([wave]).all()
            assert (
                found["detail"].str.len_chars().min() is None
                or (found["detail"].str.len_chars() > 0).all()
            )
            return {
                (r, at[key], s) for r, key, s in found.select("rule", "combokey", "subject").rows()
            }

    return flagged


def test_ordinary_schools_are_not_flagged(flags):
    usual = [
        school("4800001", 800, **{ARR: 3, REF: 9, ISS: 120, LEO: 2, GUA: 4, TEACH: 60}),
        school("4800001", 50),
        school("4800002", 400, **{ARR: 5, REF: 5, TEACH: 25}),
        school("4800003", 100, **crdc.whole("Referrals and Arrests", -9)),
        school("4800003", 0),
    ]
    assert flags(*usual) == set()


def test_more_arrests_than_referrals(flags):
    rows = [school(**{ARR: 4, REF: 3}), school(**{ARR: 3, REF: 3}), school(**{ARR: 1})]
    assert flags(*rows) == {
        ("arrests_exceed_referrals", 0, "arrests"), ("arrests_exceed_referrals", 2, "arrests"),
    }  # fmt: skip


def test_more_arrests_than_students(flags):
    rows = [
        school(students=10, **{ARR: 11, REF: 11}), school(students=10, **{ARR: 10, REF: 10}),
    ]  # fmt: skip
    assert flags(*rows) == {
        ("arrests_exceed_students", 0, "arrests"),
        ("rate_over_100", 0, "referrals"),
    }


@pytest.mark.parametrize(
    ("column", "subject"), [(REF, "referrals"), (ISS, "iss"), (MECH, "mechanical_restraint")]
)
def test_a_rate_over_100_per_cent(flags, column, subject):
    rows = [school(students=10, **{column: 11}), school(students=10, **{column: 10})]
    assert flags(*rows) == {("rate_over_100", 0, subject)}


def test_offenses_may_exceed_students(flags):
    assert flags(school(students=10, SCH_OFFENSE_ATTWOW=500)) == set()


def test_large_arrests_nearly_equal_to_referrals(flags):
    # The 99.9th percentile of so few schools is the largest count.
    rows = [school(**{ARR: 60, REF: 62}), *(school(**{ARR: 1, REF: 2}) for _ in range(4))]
    rows.append(school(**{ARR: 59, REF: 59}))
    assert flags(*rows) == {
        ("large_and_near_equal", 0, "arrests"), ("large_and_near_equal", 0, "referrals"),
    }  # fmt: skip


@pytest.mark.parametrize(("arrests", "referrals"), [(60, 63), (19, 19)])
def test_large_alone_or_near_equal_alone_is_no_doubt(flags, arrests, referrals):
    assert flags(school(**{ARR: arrests, REF: referrals}), school(**{ARR: 2, REF: 4})) == set()


def test_staff_that_no_school_has(flags):
    rows = [
        school(**{GUA: "200000.0"}),
        school(SCH_FTECOUNSELORS=50),
        school(students=3000, **{LEO: 30}),
        school(students=109, SCH_FTESERVICES_NUR=11),
        # and what stays below each bound
        school(students=3000, **{GUA: 49.9, LEO: 29.9}),
        school(students=100, SCH_FTESERVICES_NUR=10),
        school(students=100, **{TEACH: 80}),
    ]
    assert flags(*rows) == {
        ("fte_outlier", 0, "guard"), ("fte_outlier", 1, "counselor"),
        ("fte_outlier", 2, "officer"), ("fte_outlier", 3, "nurse"),
    }  # fmt: skip


def test_zeros_of_a_whole_district_beside_many_referrals(flags):
    rows = [
        school("4800001", **{REF: 99}), school("4800001", **{REF: 1}), school("4800001"),
        school("4800002", **{REF: 99}),
        school("4800003", **{REF: 500}), school("4800003", **{ARR: 1, REF: 1}),
    ]  # fmt: skip
    assert flags(*rows) == {("district_zero_arrests", n, "arrests") for n in (0, 1, 2)}


def test_arrests_that_were_not_reported_are_no_zeros(flags):
    mute = {REF: 300} | crdc.whole("Referrals and Arrests", -5, "ARR")
    rows = [school(**mute), school("4800002", **mute), school("4800002")]
    assert flags(*rows) == {("district_zero_arrests", 2, "arrests")}


def test_the_districts_total_entered_for_every_school(flags):
    rows = [
        *(school("4800001", 2000, **{LEO: 12}) for _ in range(3)),
        school("4800001", 2000, **{LEO: 11}),
        *(school("4800002", 2000, **{LEO: 12}) for _ in range(2)),
        *(school("4800003", 2000, **{GUA: 9.5}) for _ in range(5)),
    ]  # fmt: skip
    assert flags(*rows) == {("fte_repeated", n, "officer") for n in (0, 1, 2)}


ERRATA = [rule for rule in quality.rules().values() if not rule.sql]


@pytest.mark.parametrize("rule", ERRATA, ids=lambda rule: rule.id)
def test_an_erratum_flags_its_place_in_its_waves_alone(flags, rule):
    key = rule.combokey or f"{rule.leaid}00001"
    other = f"{int(key[:7]) + 1:07d}00001"
    rows = [crdc.school(k, SCH_ENR_WH_M=100) for k in (key, other)]
    assert flags(*rows, wave=rule.waves[0]) == {(rule.id, 0, s) for s in rule.subjects}
    outside = next(w for w in ("2017-18", "2021-22") if w not in rule.waves)
    assert flags(*rows, wave=outside) == set()


def test_every_rule_says_what_it_flags_and_whose_word_it_is():
    for rule in quality.rules().values():
        assert rule.sentence.endswith(".")
        assert rule.source
        assert bool(rule.sql) != bool(rule.leaid or rule.combokey)
        assert set(rule.subjects) <= {*MEASURES, *ROLES}


def test_every_flagged_subject_exists(flags, tmp_path):
    rows = [
        school("4800001", 5, **{ARR: 60, REF: 20, ISS: 9, MECH: 7, LEO: 60, GUA: 60}),
        *(school("4800002", 900, **{LEO: 12, REF: 99}) for _ in range(3)),
    ]
    found = flags(*rows)
    assert {rule for rule, _, _ in found} >= {
        "arrests_exceed_referrals", "arrests_exceed_students", "rate_over_100", "fte_outlier",
        "district_zero_arrests", "fte_repeated",
    }  # fmt: skip
    assert {subject for _, _, subject in found} <= {*MEASURES, *ROLES}


# Policies


@pytest.fixture
def room(tmp_path):
    rows = [
        crdc.school("480000100001", SCH_ENR_WH_M=100, **{ARR: 9, REF: 5, LEO: 60}),
        crdc.school("480000100002", SCH_ENR_WH_M=300, **{ARR: 1, REF: 5, LEO: 2}),
    ]
    path = tmp_path / "store.duckdb"
    build([crdc.write_all(tmp_path / "in", rows)], path, with_starter=False)
    with Homeroom(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("policy", "count", "students", "coverage"),
    [("published", 10, 400, 1.0), ("screened", 1, 300, 0.75)],
)
def test_a_policy_says_whether_flagged_counts_stand(room, policy, count, students, coverage):
    frame = room.rate("arrests", "US-TX", "2017-18", policy=policy, basis="schools")
    row = frame.row(0, named=True)
    assert (row["count"], row["students"], row["coverage"]) == (count, students, coverage)
    assert row["policy"] == policy
    referrals = room.rate("referrals", "US-TX", "2017-18", policy=policy, basis="schools")
    assert referrals["count"].item() == 10


@pytest.mark.parametrize(("policy", "fte"), [("published", 62.0), ("screened", 2.0)])
def test_a_policy_says_whether_flagged_staff_stands(room, policy, fte):
    frame = room.staff("US-TX", "2017-18", policy=policy)
    assert frame.filter(role="officer")["fte"].item() == fte


def test_screening_by_group_leaves_the_flagged_school_out_of_both_sides(room):
    frame = room.rate(
        "arrests", "US-TX", "2017-18", policy="screened", basis="schools", by=("race",)
    )
    row = frame.filter(group="white").row(0, named=True)
    assert (row["count"], row["students"]) == (1, 300)


def test_another_policy_is_refused_with_the_two_there_are(room):
    with pytest.raises(BadInput, match="published, screened"):
        room.rate("arrests", "US-TX", "2017-18", policy="capped")
