"""Each quality rule flags the figures that it describes, and no other."""

from __future__ import annotations

import itertools

import polars as pl
import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.errors import BadInput
from homeroom.evidence import quality
from homeroom.evidence.build import build
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.roles import ROLES

ARR, REF = "SCH_DISCWODIS_ARR_WH_M", "SCH_DISCWODIS_REF_WH_M"
OSS = "SCH_DISCWODIS_SINGOOS_WH_M"
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


def large(district: str, **values) -> list[dict]:
    """Return two schools that make a district of 10,000 students with five officers."""
    return [school(district, 5000, **{LEO: 3} | values), school(district, 5000, **{LEO: 2})]


def test_zero_arrests_and_referrals_beside_officers_of_a_large_district(flags):
    assert flags(*large("4800001")) == {
        ("zero_beside_officers", at, subject)
        for at in (0, 1)
        for subject in ("arrests", "referrals")
    }


@pytest.mark.parametrize(
    "rows",
    [
        large("4800001", **{REF: 1}),
        large("4800001", **{LEO: 2.9}),
        [school("4800001", 5000, **{LEO: 3}), school("4800001", 4999, **{LEO: 2})],
        large("4800001", **crdc.whole("Referrals and Arrests", -5, "ARR")),
        large("4800001", **crdc.whole("Referrals and Arrests", -5)),
        [school("4800001", 5000, **{LEO: 3}), school("4800002", 5000, **{LEO: 2})],
        large("4800001", **{LEO: -5}),
    ],
    ids=[
        "a referral", "too few officers", "too few students", "arrests not reported",
        "half of it not reported", "two districts", "officers not reported",
    ],
)  # fmt: skip
def test_a_zero_that_other_facts_allow_is_no_doubt(flags, rows):
    assert flags(*rows) == set()


def test_a_zero_of_the_pandemic_year_is_no_doubt(flags):
    assert flags(*large("4800001"), wave="2020-21") == set()


@pytest.fixture
def over_waves(tmp_path):
    """Build a store of one district over waves; give what is flagged, as (rule, wave, subject)."""

    def flagged(**by_wave: dict) -> set[tuple[str, str, str]]:
        folders = []
        for name, values in by_wave.items():
            wave = f"20{name[1:3]}-{name[3:]}"
            rows = [crdc.school("480000100001", SCH_ENR_WH_M=1000, **values)]
            folders.append(crdc.write_all(tmp_path / wave, rows, wave))
        build(folders, tmp_path / "store.duckdb", with_starter=False)
        with Homeroom(tmp_path / "store.duckdb") as room:
            return set(room.table("flags").select("rule", "wave", "subject").rows())

    return flagged


def test_a_zero_between_waves_of_hundreds(over_waves):
    assert over_waves(w1516={OSS: 100}, w1718={}, w2122={OSS: 250}) == {
        ("zero_between_hundreds", "2017-18", "oss")
    }


@pytest.mark.parametrize(("full", "zero"), [("1718", "1516"), ("1516", "1718"), ("2021", "1718")])
def test_a_zero_beside_the_only_other_wave_of_hundreds(over_waves, full, zero):
    found = over_waves(**{f"w{full}": {ISS: 100}, f"w{zero}": {}})
    assert found == {("zero_between_hundreds", f"20{zero[:2]}-{zero[2:]}", "iss")}


@pytest.mark.parametrize(
    "waves",
    [
        {"w1516": {OSS: 99}, "w1718": {}},
        {"w1516": {OSS: 100}, "w1718": {}, "w2122": {OSS: 99}},
        {"w1516": {OSS: 300}, "w1718": {OSS: 1}, "w2122": {OSS: 300}},
        {"w1718": {OSS: 300}, "w2021": {}},
        {"w1516": {OSS: 300}, "w1718": crdc.whole("Suspensions", -5)},
        {"w1516": {}, "w1718": {}},
    ],
    ids=["99", "99 after", "not zero", "the pandemic", "not reported", "zeros alone"],
)
def test_a_zero_without_hundreds_on_each_side_is_no_doubt(over_waves, waves):
    assert over_waves(**waves) == set()


def test_a_doubted_count_is_no_yardstick_for_a_zero(over_waves):
    # 1,200 of 1,000 students were suspended, which another rule doubts.
    found = over_waves(w1516={OSS: 1200}, w1718={})
    assert found == {("rate_over_100", "2015-16", "oss")}


def test_large_districts_of_texas_with_zeros_beside_their_officers(starter_store):
    with Homeroom(starter_store) as room:
        found = room.table("flags").filter(rule="zero_beside_officers", wave="2017-18")
        staff = room.table("staff_fte").filter(role="officer")
        flags = room.table("flags").filter(rule="fte_repeated", subject="officer")
    districts = found.select(pl.col("combokey").str.slice(0, 7)).unique().to_series()
    assert "4808700" in districts  # Arlington ISD: 61,151 students, 21 officers
    assert len(districts) == 21
    assert districts.str.starts_with("48").all()
    assert set(found["subject"]) == {"arrests", "referrals"}
    # New York City's officers of 2021-22: 17 schools gave one number each time.
    new_york = pl.col("combokey").str.starts_with("3620580"), pl.col("wave") == "2021-22"
    assert staff.filter(*new_york)["fte"].sum() == pytest.approx(1799.1, abs=0.05)
    assert len(flags.filter(*new_york)) == 17


def test_every_rule_that_doubts_a_zero_says_so():
    zero = {rule.id for rule in quality.rules().values() if rule.kind == "zero"}
    assert zero == {
        "district_zero_arrests", "zero_beside_officers", "zero_between_hundreds", "champaign",
        "chicago", "los_angeles_officers", "nyc_2017_18",
    }  # fmt: skip


ERRATA = [rule for rule in quality.rules().values() if not rule.sql]


@pytest.mark.parametrize("rule", ERRATA, ids=lambda rule: rule.id)
def test_an_erratum_flags_its_place_in_its_waves_alone(flags, rule):
    keys = [rule.combokey] if rule.combokey else [f"{leaid}00001" for leaid in rule.leaids]
    others = [f"{int(key[:7]) + 1:07d}00001" for key in keys]
    assert not {key[:7] for key in others} & {key[:7] for key in keys}
    rows = [crdc.school(k, SCH_ENR_WH_M=100) for k in (*keys, *others)]
    assert flags(*rows, wave=rule.waves[0]) == {
        (rule.id, at, s) for at in range(len(keys)) for s in rule.subjects
    }
    outside = next(w for w in ("2017-18", "2021-22") if w not in rule.waves)
    assert flags(*rows, wave=outside) == set()


def test_every_rule_says_what_it_flags_and_whose_word_it_is():
    for rule in quality.rules().values():
        assert rule.sentence.endswith(".")
        assert rule.source
        assert rule.kind in quality.KINDS
        assert bool(rule.sql) != bool(rule.leaids or rule.combokey)
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
