"""Claims that hold a place against another, and sentences of several outcomes."""

from __future__ import annotations

import pytest

from homeroom.errors import Ambiguous


# Truth: rates of OCR's state tables 2017-18 per 10,000 (arrests: nation 10.67, Texas 21.23,
# California 3.51, Vermont 1.81; referrals: Virginia 139.9, nation 45.06, Maryland 46.9), Austin's
# 454 arrests of 81,196 students.
@pytest.mark.parametrize(
    ("sentence", "verdict", "value", "other"),
    [
        ("Virginia refers students to law enforcement at three times the national rate.", "holds",
         3.104, "US"),
        ("Virginia's referral rate is more than double Maryland's.", "holds", 2.981, "US-MD"),
        ("Students in Texas are arrested at a higher rate than students in California.", "holds",
         6.044, "US-CA"),
        ("Compared with California, Texas arrests students at a lower rate.", "does_not_hold",
         6.044, "US-CA"),
        ("Vermont's students are less likely to be arrested than the nation's.", "holds", 0.1693,
         "US"),
        ("Florida arrested more students than California in 2017-18.", "holds", 1.103, "US-CA"),
        ("Austin ISD's arrest rate is higher than the state's.", "holds", 2.634, "US-TX"),
        ("Students in Austin ISD were arrested at five times the national rate in 2017-18.",
         "holds", 5.242, "US"),
        ("Black students in Texas are arrested at a lower rate than Black students in Florida.",
         "does_not_hold", 1.961, "US-FL"),
    ],
)  # fmt: skip
def test_a_place_is_held_against_another(room, sentence, verdict, value, other) -> None:
    found = room.check(sentence).as_dict()
    assert (found["kind"], found["verdict"]) == ("places", verdict), found["sentence"]
    assert found["value"] == pytest.approx(value, rel=2e-3)
    assert found["question"]["versus"] == other
    assert (found["say_instead"] is None) == (verdict == "holds")


def test_a_comparison_that_hangs_on_doubtful_figures_gets_no_verdict(room) -> None:
    found = room.check("Texas arrests students at twice the national rate.")
    assert found.verdict == "cannot_be_tested"
    assert "figures that we doubt" in found.sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "Texas arrests poor students at twice the national rate.",
        "Black students in Texas are arrested at a higher rate than white students in California.",
        "Arrests in Texas are higher than in the rest of the country.",
    ],
)
def test_what_a_comparison_of_places_does_not_cover_is_asked(room, sentence) -> None:
    with pytest.raises(Ambiguous):
        room.check(sentence)


@pytest.mark.parametrize(
    ("sentence", "verdicts", "values"),
    [
        ("In 2017-18, 54,321 students were arrested and 229,470 were referred to law enforcement.",
         ["holds", "holds"], [54_321, 229_470]),
        (("Black students are arrested at three times and referred to police at twice the rate of "
          "white students."), ["holds", "holds"], [2.876, 2.375]),
        ("Black students make up 31 percent of arrests and 29 percent of referrals to police.",
         ["close", "holds"], [31.62, 28.71]),
        (("Black students are more likely than white students to be arrested and referred to "
          "police."), ["holds", "holds"], [2.876, 2.375]),
        ("Arrests rose 5 percent and referrals rose 20 percent between 2015-16 and 2017-18.",
         ["holds", "does_not_hold"], [4.907, 12.21]),
        (("In Virginia, 14 of every 1,000 students were referred to police, compared with 4.5 "
          "nationally."), ["holds", "holds"], [139.9, 45.06]),
    ],
)  # fmt: skip
def test_each_outcome_or_place_of_a_sentence_is_checked(room, sentence, verdicts, values) -> None:
    found = room.check(sentence)
    parts = [found, *found.parts]
    assert [one.value for one in parts] == pytest.approx(values, rel=2e-3)
    assert [str(one.verdict) for one in parts][1:] == verdicts[1:]
    weakest = next(one for one in ("does_not_hold", "close", "holds") if one in verdicts)
    assert found.verdict == weakest


@pytest.mark.parametrize(
    "sentence",
    [
        "54,321 homeless students were arrested and 229,470 were referred to law enforcement.",
        "Black students are more likely to be arrested or referred to police than white students.",
    ],
)
def test_what_no_part_of_such_a_sentence_can_answer_is_asked(room, sentence) -> None:
    with pytest.raises(Ambiguous):
        room.check(sentence)
