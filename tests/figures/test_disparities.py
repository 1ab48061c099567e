"""Disparities of every place at once: equal to one place asked alone, and honest about gaps."""

from __future__ import annotations

import polars as pl
import pytest

from homeroom.errors import BadInput, NotAvailable
from homeroom.figures.disparities import STATISTICS, spread


@pytest.mark.parametrize(
    ("wave", "group", "expected"),
    [
        ("2015-16", "black", 3.460), ("2015-16", "hispanic", 1.373),
        ("2017-18", "black", 2.876), ("2017-18", "hispanic", 1.335),
    ],
)  # fmt: skip
def test_national_arrest_ratios_are_the_known_answers(room, wave, group, expected):
    frame = room.disparity("arrests", wave, level="nation", versus="white")
    # Known to three decimals.
    assert frame.filter(race=group)["ratio"][0] == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("wave", "group", "expected"),
    [
        ("2015-16", "black", 4.38), ("2015-16", "hispanic", 3.24),
        ("2017-18", "black", 4.11), ("2017-18", "hispanic", 2.65),
    ],
)  # fmt: skip
def test_connecticut_is_the_known_answer(room, wave, group, expected):
    frame = room.disparity("arrests", wave, level="state", versus="white")
    found = frame.filter(place="US-CT", race=group)["ratio"][0]
    assert found == pytest.approx(expected, abs=5e-3)  # known to two decimals


def test_every_district_at_once_equals_each_asked_alone(room):
    frame = room.disparity("referrals", "2017-18", level="district", within="US-VA")
    for place in ("lea:5101260", "lea:5103240", "lea:5100120"):
        alone = room.rate("referrals", place, "2017-18", by="race").filter(group="black")
        bulk = frame.filter(place=place, race="black")
        assert bulk["count"][0] == alone["count"][0]
        assert bulk["students"][0] == alone["students"][0]
        assert bulk["rate_per_10000"][0] == pytest.approx(alone["rate_per_10000"][0])


def test_a_group_is_not_held_against_itself(room):
    frame = room.disparity("arrests", "2017-18", level="nation", versus="white")
    white = frame.filter(race="white")
    assert white["ratio"][0] is None
    assert white["ratio_reason_id"][0] == "reference"
    assert white["rate_per_10000"][0] is not None


def test_no_number_is_infinite_and_every_gap_has_a_reason(room):
    frame = room.disparity(
        "arrests", "2017-18", level="school", within="US-CO", by=("race", "sex"),
        versus="white", statistics=STATISTICS,
    )  # fmt: skip
    assert len(frame) > 10_000
    for name in STATISTICS:
        column = "rate_per_10000" if name == "rate" else name
        values = frame[column].drop_nulls()
        assert values.is_finite().all(), name
        without = frame.filter(pl.col(column).is_null())
        assert not without[f"{name}_reason_id"].is_in(["ok", "few_events"]).any(), name


def test_intervals_hold_their_value(room):
    frame = room.disparity("referrals", "2017-18", level="district", within="US-TX")
    told = frame.drop_nulls(["ratio", "ratio_low", "ratio_high"])
    assert len(told) > 500
    assert (told["ratio_low"] <= told["ratio"]).all()
    assert (told["ratio"] <= told["ratio_high"]).all()


def test_districts_differ_more_than_chance(room):
    found = spread(room.store, "arrests", "2017-18", within="US-VA")
    assert found["units"] > 100
    assert found["index"] > 1
    assert found["excess"]["low"] > 0


def test_screened_leaves_doubted_schools_out(room):
    options = {"level": "district", "within": "lea:4816620", "statistics": ("rate",)}
    published = room.disparity("arrests", "2017-18", **options)
    screened = room.disparity("arrests", "2017-18", policy="screened", **options)
    assert published["count"].sum() > 3000
    assert screened["count"].sum() == 0
    assert set(screened["rate_reason_id"]) <= {"no_students_in_group", "not_reported"}


@pytest.mark.parametrize(
    "wrong",
    [{"level": "county"}, {"versus": "purple"}, {"statistics": ("guess",)}, {"by": ()}],
)
def test_a_wrong_choice_is_refused_with_the_list(room, wrong):
    with pytest.raises(BadInput, match="expected"):
        room.disparity("arrests", "2017-18", **{"level": "state", **wrong})


def test_a_wave_that_is_not_at_hand_says_so(room):
    with pytest.raises(NotAvailable, match="found none"):
        room.disparity("arrests", "2013-14", level="state")
