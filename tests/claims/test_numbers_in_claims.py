"""Numbers, parts, ranges, and hedges in claims: what is read, and what is then decided."""

from __future__ import annotations

import pytest

from homeroom.claims.check import check
from homeroom.claims.grammar import read
from homeroom.claims.grammar.numbers import plain, shown, step_of
from homeroom.claims.model import Hedge, Reading, Relation, Statistic
from homeroom.claims.tolerance import accepted
from homeroom.claims.wording import stated
from homeroom.errors import Ambiguous, Unread
from homeroom.figures.question import Question

COUNTS = {
    "2.7 million": 2_700_000, "2.75 million": 2_750_000, "50 thousand": 50_000,
    "16.5 thousand": 16_500, "one million": 1_000_000, "a million": 1_000_000,
    "two million": 2_000_000, "54,321": 54_321, "54 321": 54_321, "54K": 54_000, "54k": 54_000,
    "1.2M": 1_200_000, "0.054 million": 54_000, "half a million": 500_000,
    "a quarter million": 250_000, "a quarter of a million": 250_000,
    "three quarters of a million": 750_000, "one and a half million": 1_500_000,
    "a million and a half": 1_500_000, "fifty thousand": 50_000, "fifty-four thousand": 54_000,
    "five hundred": 500, "two hundred thousand": 200_000, "two thousand five hundred": 2_500,
    "a dozen": 12, "1.05 million": 1_050_000, "nineteen thousand": 19_000, "230,000": 230_000,
    "two million three hundred thousand": 2_300_000, "one hundred and five": 105,
}  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), COUNTS.items())
@pytest.mark.parametrize("bound", ["", "more than ", "at least ", "fewer than ", "about "])
def test_a_number_of_students_is_read_with_its_scale(said: str, meant: int, bound: str) -> None:
    reading = read(f"In 2017-18 {bound}{said} students were arrested.")
    assert (reading.statistic, reading.stated) == (Statistic.COUNT, meant)
    assert reading.relation == {
        "": "about", "more than ": "more_than", "at least ": "at_least",
        "fewer than ": "less_than", "about ": "about",
    }[bound]  # fmt: skip
    assert reading.hedge == (Hedge.ABOUT if bound == "about " else Hedge.NONE)
    assert f"{meant:,} students" in stated(reading)


@pytest.mark.parametrize(
    ("said", "share"),
    {
        "two-thirds of": 200 / 3, "Two thirds of": 200 / 3, "three quarters of": 75,
        "three-fourths of": 75, "three in four": 75, "3 in 4": 75, "3 out of 4": 75,
        "three out of every four": 75, "four in ten": 40, "4 in 10": 40, "9 of 10": 90,
        "nine of ten": 90, "1/3 of": 100 / 3, "a third of": 100 / 3, "one third of": 100 / 3,
        "one-third of the": 100 / 3, "one in three": 100 / 3, "1 out of every 3": 100 / 3,
        "half of": 50, "half of all": 50, "half the": 50, "a quarter of": 25, "a fifth of": 20,
        "two-fifths of": 40, "seven-tenths of": 70, "\u2154 of": 200 / 3, "a tenth of": 10,
        "33 1/3 percent of": 33.3, "33\u2153 percent of": 33.3, "one in 5": 20,
    }.items(),
)  # fmt: skip
@pytest.mark.parametrize(
    "counted", ["students arrested at school", "arrested students", "students who were arrested"]
)
def test_a_part_in_words_is_a_share_of_those_counted(said: str, share: float, counted: str) -> None:
    reading = read(f"{said} {counted} are Black.")
    assert reading.statistic is Statistic.SHARE
    assert reading.stated == pytest.approx(share, abs=0.01)
    assert reading.question.group == "black"


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("3 to 4 times", 3, 4), ("2-3 times", 2, 3), ("two to three times", 2, 3),
        ("between two and four times", 2, 4), ("between 3 and 4 times", 3, 4),
        ("two or three times", 2, 3), ("three\u2013four times", 3, 4),
    ],
)  # fmt: skip
def test_a_range_keeps_both_of_its_ends(said: str, low: float, high: float) -> None:
    reading = read(f"Black students are {said} as likely to be arrested as white students.")
    assert (reading.stated, reading.upper) == (low, high)
    assert f"{low} to {high} times the rate" in stated(reading)


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("Between 50,000 and 60,000", 50_000, 60_000), ("five or six thousand", 5_000, 6_000),
        ("2 to 3 million", 2e6, 3e6), ("hundreds of thousands of", 2e5, 1e6),
        ("tens of thousands of", 2e4, 1e5), ("between two and three hundred", 200, 300),
    ],
)  # fmt: skip
def test_a_range_of_students(said: str, low: float, high: float) -> None:
    reading = read(f"{said} students were arrested in 2017-18.")
    assert (reading.stated, reading.upper) == (low, high)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2 1/2 times", 2.5), ("two and a half times", 2.5), ("2\u00bd times", 2.5),
        ("one and a half times", 1.5), ("2.5x", 2.5), ("half", 0.5),
        ("one-third", 0.3333), ("a quarter", 0.25),
    ],
)  # fmt: skip
def test_mixed_numbers_and_parts_of_a_rate(said: str, value: float) -> None:
    text = f"Black students are arrested at {said} the rate of white students."
    assert read(text).stated == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    "sentence",
    [
        "Students fell from grades 9 to 12 in 2017-18.",
        "Dozens of students were arrested in Delaware.",
        "A few thousand students were arrested in 2017-18.",
        "Black students are arrested at several times the rate of white students.",
    ],
)
def test_a_vague_number_is_asked_about(sentence: str) -> None:
    with pytest.raises(Ambiguous):
        read(sentence)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("from 2015-16 to 2017-18", "from 2015-16 to 2017-18"),
        ("between 2015-16 and 2017-18", "between 2015-16 and 2017-18"),
        ("two or more races", "2 or more races"), ("21 of every 10,000", "21 of every 10000"),
        ("one in 121", "1 in 121"), ("the first half of 2018", "the first half of 2018"),
        ("a third officer", "a third officer"), ("15 percent and 30 percent",) * 2,
        ("fell from 23.5 to 21.5 per 1,000", "fell from 23.5 to 21.5 per 1000"),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_range_or_a_part_is_left_alone(said: str, meant: str) -> None:
    assert plain(said) == meant


def test_no_number_is_shown_as_a_power_of_ten() -> None:
    assert [shown(n) for n in (1e6, 2_500_000.0, 1000.0, 0.5, 33.33)] == [
        "1,000,000", "2,500,000", "1,000", "0.5", "33.3",
    ]  # fmt: skip
    assert (step_of("54300"), step_of("580"), step_of("50")) == (100, 10, 1)
    assert step_of("50", rounded=True) == 10


def _accepted(statistic: Statistic, value: float, step: float, **more: object) -> tuple:
    found = accepted(Reading(Question(), statistic, value, step=step, **more))  # type: ignore[arg-type]
    return tuple(round(end, 4) for end in found)


def test_how_far_a_figure_may_miss_follows_the_words() -> None:
    count, share = Statistic.COUNT, Statistic.SHARE
    assert _accepted(count, 54_300, 100) == (54_250, 54_350)
    assert _accepted(share, 31, 1) == (30.5, 31.5)
    # A small number stands for much, so half a unit is at most a fifth of it.
    assert _accepted(share, 1, 1, give=0.2) == (0.8, 1.2)
    assert _accepted(Statistic.RATIO, 3, 1, give=0.2) == (2.5, 3.5)
    # A part in words: three points, or a tenth of a small one.
    assert _accepted(share, 66.67, 6, give=0.1) == (63.67, 69.67)
    assert _accepted(share, 10, 6, give=0.1) == (9, 11)
    # "About" takes a fortieth at least; "nearly" allows more below than above.
    assert _accepted(count, 575, 1, hedge=Hedge.ABOUT) == (560.625, 589.375)
    assert _accepted(Statistic.RATIO, 3, 1, hedge=Hedge.NEARLY, give=0.1) == (2.7, 3.03)
    # A range: half a unit outside of either end.
    assert _accepted(share, 20, 1, upper=30.0) == (19.5, 30.5)
    inf = float("inf")
    assert _accepted(count, 50_000, 1000, relation=Relation.MORE_THAN) == (50_000, inf)
    assert _accepted(count, 50_000, 1000, relation=Relation.LESS_THAN) == (-inf, 50_000)


# The truth: 54,321 students arrested, 37,800 of them boys (69.6 percent), 31.6 percent Black,
# 34.4 percent white, 26.4 percent Hispanic; 575 in Kansas (2017-18, state tables).
@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        (("In 2015-16 more than 2.7 million students received at least one out-of-school "
         "suspension"), "does_not_hold"),
        (("In 2015-16 more than 2.5 million students received at least one out-of-school "
         "suspension"), "holds"),
        ("over 50 thousand students were arrested in 2017-18", "holds"),
        ("16.5 thousand Black students were arrested in 2017-18", "holds"),
        ("one million students were referred to law enforcement in 2017-18", "does_not_hold"),
        ("about 580 students were arrested in Kansas in 2017-18", "holds"),
        ("exactly 600 students were arrested in Kansas in 2017-18", "close"),
        ("exactly 800 students were arrested in Kansas in 2017-18", "does_not_hold"),
        ("some 54,300 students were arrested in 2017-18", "holds"),
        ("nearly 55,000 students were arrested in 2017-18", "holds"),
        ("nearly 54,000 students were arrested in 2017-18", "holds"),
        ("nearly 50,000 students were arrested in 2017-18", "close"),
        ("nearly 40,000 students were arrested in 2017-18", "does_not_hold"),
        ("between 50,000 and 60,000 students were arrested in 2017-18", "holds"),
        ("two-thirds of students arrested at school are boys", "holds"),
        ("three quarters of students arrested at school are boys", "close"),
        ("three quarters of students arrested at school are girls", "does_not_hold"),
        ("most students arrested at school are boys", "holds"),
        ("fewer than half of students arrested at school are boys", "does_not_hold"),
        ("one in three arrested students is Black", "holds"),
        ("three in four students arrested are Black", "does_not_hold"),
        ("half of all students arrested at school are white", "does_not_hold"),
        ("a third of students arrested in 2017-18 were white", "holds"),
        ("a quarter of arrests in 2017-18 were of Hispanic students", "holds"),
        ("Black students are 3 to 4 times as likely to be arrested as white students in 2017-18",
         "holds"),
        ("Black students are 4 to 5 times as likely to be arrested as white students in 2017-18",
         "does_not_hold"),
        ("Arrests climbed from 51,780 in 2015-16 to 54,321 in 2017-18", "holds"),
        ("School arrests dropped from 64,218 in 2011-12 to 54,321 in 2017-18", "holds"),
        ("Black boys account for 21 percent of arrests in 2017-18", "holds"),
        ("Students were arrested 54,321 times in 2017-18", "holds"),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_number_as_said(store, sentence: str, verdict: str) -> None:
    assert check(store, sentence).verdict == verdict


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Black teachers are arrested at three times the rate of white teachers.", "teachers"),
        ("Brown students are arrested at three times the rate of white students.", "brown"),
        ("Students with autism are arrested at three times the rate of white students.", "autism"),
        ("Black students are arrested for marijuana at three times the rate of white students.",
         "marijuana"),
        ("Black students could be arrested at three times the rate of white students.", "could"),
        ("500 autistic students were arrested in Kansas in 2017-18.", "autistic"),
        ("Of students arrested for marijuana, 31.6 percent were Black.", "marijuana"),
        ("Because of guards, Black students are arrested at twice the rate of white students.",
         "because"),
        (("Black students in schools without counselors are arrested at three times the rate of "
         "white students."), "schools without counselors"),
        (("The district arrests Black students at three times the rate of white students."),
         "district"),
        ("White students are slightly more likely to be arrested than Asian students.", "slightly"),
    ],
)  # fmt: skip
def test_words_that_are_not_read_stop_the_verdict(sentence: str, words: str) -> None:
    with pytest.raises(Unread) as caught:
        read(sentence)
    assert words in " ".join(caught.value.words)
    for choice in caught.value.choices:
        read(choice)


def test_the_answer_says_what_was_read_and_by_how_much_it_misses(store) -> None:
    half = check(store, "exactly half of arrests were of Black students in 2017-18").as_dict()
    assert (half["status"], half["statistic"], half["relation"]) == ("checked", "share", "exactly")
    assert half["question"]["group"] == "black"
    assert half["accepted"] == {"low": 49.5, "high": 50.5}
    assert half["miss"]["is"] == "overstates"
    assert half["miss"]["by"] == pytest.approx(50 - half["value"])
    low = check(store, "nearly 50,000 students were arrested in 2017-18").as_dict()
    assert low["miss"] == {"is": "understates", "by": 4_321, "percent": 8.0}
    met = check(store, "over 50 thousand students were arrested in 2017-18").as_dict()
    assert (met["miss"], met["accepted"]) == (None, {"low": 50_000, "high": None})
    ranged = check(store, "Between 10,000 and 20,000 students were arrested in 2017-18").as_dict()
    assert (ranged["stated_upper"], ranged["miss"]["by"]) == (20_000, 34_321)


def test_swapping_the_groups_changes_no_rule() -> None:
    said = "{} students are nearly 3 times as likely to be arrested as {} students in 2017-18."
    there, back = (read(said.format(*pair)) for pair in (("Black", "white"), ("white", "Black")))
    assert (there.stated, there.step, there.hedge, there.give) == (
        back.stated, back.step, back.hedge, back.give,
    )  # fmt: skip
    assert (there.question.group, there.question.versus) == (
        back.question.versus, back.question.group,
    )  # fmt: skip
