from __future__ import annotations

from datetime import date

import pytest

from homeroom.law.states import collisions

DAY = date(2026, 11, 27)


def told(state, place=None):
    return {one.bill.year: one for one in collisions(state, DAY, place=place)}


def test_texas_and_the_bill_of_2025_collide_and_the_ways_out_are_named():
    one = told("TX")[2025]
    assert (str(one.grant), str(one.money)) == ("yes", "yes")
    assert "They collide" in one.grant_says
    assert "school marshal" in one.grant_says


@pytest.mark.parametrize("year", [2020, 2021, 2023])
def test_versions_whose_condition_is_not_known_leave_the_collision_open(year):
    one = told("TX")[year]
    assert str(one.grant) == "unknown"
    assert str(one.money) == "yes"  # every version bars Federal money


def test_a_duty_that_can_be_met_without_officers_is_not_settled():
    one = told("MD")[2025]
    assert str(one.grant) == "unknown"
    assert "adequate coverage by local police" in one.grant_says
    assert "may be able to meet both" in one.grant_says


def test_a_rule_for_one_district_collides_there_alone():
    assert str(told("WI", "lea:5509600")[2025].grant) == "yes"
    assert str(told("WI")[2025].grant) == "unknown"


def test_a_state_without_a_duty_does_not_collide_and_one_without_a_pack_is_unknown():
    assert str(told("CA")[2025].grant) == "no"
    assert str(told("WY")[2025].grant) == "unknown"


def test_every_version_has_a_row_and_says_it_is_a_bill():
    found = collisions("FL", DAY)
    assert [one.bill.year for one in found] == [2020, 2021, 2023, 2025]
    for one in found:
        assert "is a bill, not law" in one.as_dict()["notice"]
        assert "legal advice" in one.as_dict()["notice"]
