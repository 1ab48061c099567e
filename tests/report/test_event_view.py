from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date

import pytest

from homeroom.context import removals
from homeroom.errors import BadInput
from homeroom.evidence.place_ids import place_range
from homeroom.law.states import state_of
from homeroom.report import event_view


def test_only_sourced_events_stand_in_the_registry():
    for one in removals.events():
        assert one.urls, one.event_id
        assert one.kind in removals.KINDS
        assert one.earliest <= one.latest
        if one.lea:
            assert place_range(one.lea).kind == "district"
            assert state_of(one.lea) == one.state


@pytest.mark.parametrize(
    ("number", "wave", "side"),
    [
        ("R01", "2017-18", "before"),  # June 2, 2020
        ("R01", "2020-21", "after"),
        ("R05", "2021-22", "before"),  # June 15, 2023
        ("R22", "2020-21", "in that school year"),  # May 5, 2021
        ("R22", "2021-22", "after"),
        ("R06", "2020-21", "in that school year"),  # some day of 2020
    ],
)
def test_a_wave_lies_before_or_after_or_holds_the_event(number, wave, side):
    assert event_view.side_of(wave, removals.event(number)) == side


def test_the_waves_of_a_store_stand_beside_districts_that_did_not_change(room):
    found = event_view.view(room.store, removals.event("R03"))
    assert found.moments
    assert all(one.when == "before" for one in found.moments if one.wave <= "2017-18")
    changed = {one.lea for one in removals.events()}
    assert not set(event_view._alike(room.store, found.event)) & changed
    assert "does not show" in found.as_dict()["limits"]


def test_a_store_without_a_wave_on_one_side_says_so(room):
    late = replace(removals.event("R03"), date="2099-01-01")
    assert found_missing(room, late) == "The store has no wave after the event."


def found_missing(room, event):
    return event_view.view(room.store, event).missing


def test_an_event_of_no_single_district_and_an_unknown_one_are_refused(room):
    with pytest.raises(BadInput, match="of one district"):
        event_view.view(room.store, removals.event("R46"))
    with pytest.raises(BadInput, match="expected an event"):
        removals.event("R99")


def test_a_districts_events_come_oldest_first():
    dates = [one.earliest for one in removals.of_place("lea:0803360")]
    assert dates == sorted(dates)
    assert dates[0] == date(2020, 6, 1)


@pytest.mark.shared
def test_every_event_that_was_collected_is_kept(shared_data):
    path = shared_data.parent / "reference" / "state_law" / "removals.csv"
    if not path.is_file():
        pytest.skip("the events are not beside the project")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["district"] for row in rows] == [one.district for one in removals.events()]
    assert [row["date"] for row in rows] == [one.date for one in removals.events()]
