"""What stands around a rate: staff, missing support, officers, peers, trends."""

from __future__ import annotations

import polars as pl
import pytest

from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence import sql
from homeroom.figures import officers, peers
from homeroom.vocabulary.roles import SUPPORT

STATES = [
    ("US-TX", "2017-18"), ("US-VA", "2017-18"), ("US-CO", "2020-21"), ("US-NV", "2015-16"),
    ("lea:4808940", "2017-18"), ("lea:5101260", "2017-18"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "wave"), STATES)
def test_lacking_all_lies_within_each_gap_and_lacking_any_between_the_largest_and_their_sum(
    room, place, wave
):
    frame = room.gaps(place, wave)
    students = dict(frame.select("set", "students").rows())
    single = [students[f"police_and_no_{role}"] for role in SUPPORT]
    assert students["police_and_lacks_all"] <= min(single)
    assert max(single) <= students["police_and_lacks_any"] <= sum(single)
    assert students["police_and_lacks_any"] <= students["police"]


def test_a_school_that_did_not_report_is_unknown_not_zero(room):
    frame = room.gaps("US-TX", "2020-21")
    police = frame.filter(set="police")
    unreported = sql.rows(
        room.con,
        "SELECT count(*) FROM staff JOIN school USING (wave, school_no) WHERE wave = '2020-21' "
        "AND state = 'TX' AND role = 'officer' AND code IS NOT NULL",
    )[0][0]
    assert police["unknown_schools"][0] == unreported > 500


def test_high_schools_alone_answer_for_counselors_only(room):
    frame = room.gaps("US", "2021-22")
    assert frame["set"].to_list() == ["police", "police_and_no_counselor"]
    assert set(frame["note"]) == {"High schools only"}


def test_gaps_agree_with_a_plain_count_over_schools(room):
    rows = sql.rows(
        room.con,
        """
        SELECT sum(students) FROM school_size WHERE wave = '2017-18' AND school_no IN (
            SELECT school_no FROM staff WHERE wave = '2017-18' AND role = 'officer' AND fte > 0)
        AND school_no IN (
            SELECT school_no FROM staff WHERE wave = '2017-18' AND role = 'nurse' AND fte = 0)
        AND school_no // 100000000000 = 51
        """,
    )
    frame = room.gaps("US-VA", "2017-18")
    assert frame.filter(set="police_and_no_nurse")["students"][0] == rows[0][0]


def test_no_adult_of_a_role_gives_no_ratio_and_a_reason(room):
    school = sql.rows(
        room.con,
        "SELECT combokey_of(school_no) FROM staff WHERE wave = '2017-18' AND role = 'counselor' "
        "AND fte = 0 LIMIT 1",
    )[0][0]
    frame = room.staff(f"school:{school}", "2017-18").filter(role="counselor")
    assert frame["fte"][0] == 0
    assert frame["students_per_fte"][0] is None
    assert "none of the role" in frame["reason"][0]


def test_what_schools_lack_is_added_school_by_school(room):
    frame = room.staff("US-VA", "2017-18").filter(role="counselor")
    # A surplus in one school fills no other's gap, so the sum exceeds the state's own shortfall.
    state_alone = frame["students"][0] / 250 - frame["fte"][0]
    assert frame["short"][0] > max(state_alone, 0)


def test_screening_takes_impossible_staff_out(room):
    guards = {
        policy: room.staff("US-TX", "2017-18", policy=policy).filter(role="guard")
        for policy in ("published", "screened")
    }
    assert guards["published"]["fte"][0] > 200_000
    assert guards["screened"]["fte"][0] < 10_000
    assert guards["screened"]["coverage"][0] < guards["published"]["coverage"][0]


def test_staff_of_the_nation_never_mixes_high_schools_with_whole_states(room):
    frame = room.staff("US", "2020-21")
    high = sql.rows(room.con, "SELECT count(*) FROM school_total WHERE wave = '2020-21'")[0][0]
    assert frame.filter(role="officer")["schools"][0] <= high
    assert set(frame["note"]) == {"High schools only"}


def test_schools_with_and_without_officers_share_no_school(room):
    frame = room.officers("arrests", "US-TX", "2017-18").filter(group="all")
    schools = dict(frame.select("officer", "schools").rows())
    assert schools["with"] + schools["without"] <= 8_758
    counts = frame["count"].sum()
    assert 11_400 < counts <= 11_457
    assert "association" in officers.WORDS
    assert "does not show" in officers.WORDS


def test_a_place_is_its_own_nearest_and_the_list_is_in_order(room):
    frame = room.peers("lea:4808940", count=15)
    assert frame["place"][0] == "lea:4808940"
    assert frame["distance"][0] == 0
    assert frame["distance"].is_sorted()
    assert len(frame) == 16


def test_one_feature_alone_orders_by_it(room):
    frame = room.peers("lea:4808940", weights={"poverty": 1.0}, count=5)
    gaps_of = (frame["poverty"] - frame["poverty"][0]).abs()
    assert gaps_of.is_sorted()


def test_same_state_keeps_to_the_state(room):
    assert set(room.peers("lea:0803360", same_state=True)["state"]) == {"CO"}


def test_scaling_all_weights_changes_no_peer(room):
    once = room.peers("lea:5101260")
    thrice = room.peers("lea:5101260", weights={k: 3 * v for k, v in peers.WEIGHTS.items()})
    assert once["place"].to_list() == thrice["place"].to_list()


@pytest.mark.parametrize("weights", [{"shoe": 1.0}, {"poverty": -1.0}, {"poverty": 0.0}])
def test_weights_that_make_no_sense_are_refused(room, weights):
    with pytest.raises(BadInput, match="expected"):
        room.peers("lea:4808940", weights=weights)


def test_peers_without_a_figure_are_not_ranked(room):
    stands = room.standing("lea:4808940", ["lea:0622710", "lea:4832940"], "arrests", "2017-18")
    assert stands["peers"]["lea:0622710"] is None  # Los Angeles: not at hand
    assert stands["peers_with_a_rate"] == 1


def test_no_segment_runs_through_the_pandemic_year_or_from_tables_to_sums(room):
    frame = room.trend("arrests", "US-TX").filter(group="all")
    waves = dict(frame.select("wave", "segment").rows())
    assert waves["2015-16"] == waves["2017-18"]
    assert waves["2020-21"] > waves["2017-18"]
    broken = frame.filter(wave="2020-21")["break_before"][0]
    assert broken


def test_every_new_segment_says_why(room):
    for place in ("US", "US-TX", "lea:4808940", "US-AK"):
        frame = room.trend("arrests", place).filter(group="all").sort("wave")
        steps = frame.with_columns(step=pl.col("segment").diff().fill_null(0))
        assert (steps["step"] > 0).to_list() == steps["break_before"].is_not_null().to_list()


def test_staff_that_is_not_at_hand_names_the_official_file(room):
    with pytest.raises(NotAvailable, match="expected figures in the store"):
        room.staff("US-CA", "2017-18")
