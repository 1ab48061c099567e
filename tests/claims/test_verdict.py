"""The verdict's thresholds, on definitions of our own whose figures are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from homeroom.claims.definitions import Definition
from homeroom.claims.model import Reading, Relation, Statistic
from homeroom.claims.multiverse import Multiverse
from homeroom.claims.tolerance import attains, is_close, miss, reaches, slack
from homeroom.claims.verdict import Verdict, judge, together
from homeroom.figures.question import Question

NAN = np.nan


def multiverse(
    *figures: float,
    stated: float = 3.0,
    fits: list[bool] | None = None,
    solid: list[bool] | None = None,
    bounds: tuple[float, float] = (NAN, NAN),
) -> Multiverse:
    """Return definitions with these figures; all fit and are solid unless said otherwise."""
    reading = Reading(Question(), Statistic.RATIO, stated)
    listed = [Definition(Question(), (), fit) for fit in fits or [True] * len(figures)]
    values = np.array([[figure, *bounds] for figure in figures])
    evaluated: Any = None  # no verdict looks at more than the figures
    return Multiverse(
        reading, listed, evaluated, values, np.array(solid or [True] * len(figures), dtype=bool)
    )


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        # The stated definition, which comes first, decides where it meets the number.
        ((3, 3, 1, 1), Verdict.HOLDS),
        ((3, 1, 1, 1, 1), Verdict.HOLDS),
        ((3,), Verdict.HOLDS),
        # Where it doesn't, any other definition that fits makes a difference.
        ((1, 3, 3, 3), Verdict.SOME),
        ((1, 1, 3), Verdict.SOME),
        ((1, 1, 1), Verdict.NOT),
        # More than the stated number is a miss like less.
        ((9, 9), Verdict.NOT),
        # Within a fifth of the figure it is close, on either side.
        ((2.6, 1), Verdict.CLOSE),
        ((3.6, 9), Verdict.CLOSE),
        ((2.4,), Verdict.NOT),
        # What has no figure is neither for nor against.
        ((3, NAN, NAN), Verdict.HOLDS),
        ((NAN, 3, 3), Verdict.SOME),
        ((NAN, NAN), Verdict.CANNOT),
    ],
)
def test_the_stated_definition_decides_and_others_only_where_it_is_not_met(
    figures, verdict
) -> None:
    assert judge(multiverse(*figures)) == verdict


def test_only_solid_definitions_that_fit_count() -> None:
    some = [True, True, False, False]
    for what in ("fits", "solid"):
        # Two that do not count would support the claim.
        assert judge(multiverse(1, 1, 3, 3, **{what: some})) == Verdict.NOT
        assert judge(multiverse(3, 3, **{what: [False, False]})) == Verdict.CANNOT
    # A stated definition that is not solid cannot make a claim hold, though the others do.
    assert judge(multiverse(3, 3, 3, solid=[False, True, True])) == Verdict.SOME


def test_an_interval_that_reaches_the_value_does_not_make_it_the_figure() -> None:
    assert judge(multiverse(2, 2, bounds=(1, 9))) == Verdict.NOT


def test_a_number_stands_for_what_rounds_to_it_up_to_a_twentieth_or_a_fifth_if_small() -> None:
    assert slack(Reading(Question(), Statistic.RATIO, 3, step=1)) == pytest.approx(0.15)
    assert slack(Reading(Question(), Statistic.RATIO, 3, step=1, give=0.2)) == pytest.approx(0.5)
    assert slack(Reading(Question(), Statistic.RATIO, 2, step=1, give=0.2)) == pytest.approx(0.4)
    assert slack(Reading(Question(), Statistic.RATIO, 3, step=0.1)) == pytest.approx(0.05)
    exactly = Reading(Question(), Statistic.RATIO, 3, Relation.EXACTLY, step=1, give=0.2)
    assert slack(exactly) == pytest.approx(0.3)
    assert judge(multiverse(2.86)) == Verdict.HOLDS
    assert judge(multiverse(2.84)) == Verdict.CLOSE


def test_a_bound_is_close_only_within_a_twentieth() -> None:
    bound = Reading(Question(), Statistic.COUNT, 60_000, Relation.MORE_THAN, step=10_000)
    assert is_close(bound, 58_000)
    assert not is_close(bound, 54_321)
    assert not is_close(bound, 61_000)  # it is met


@pytest.mark.parametrize(
    ("relation", "fall", "expected"),
    [
        (Relation.MORE_THAN, -12, True), (Relation.MORE_THAN, -8, False),
        (Relation.MORE_THAN, 20, False), (Relation.LESS_THAN, -8, True),
        (Relation.LESS_THAN, -12, False), (Relation.AT_LEAST, -30, True),
        (Relation.ABOUT, -10.2, True), (Relation.ABOUT, 10, False),
    ],
)  # fmt: skip
def test_words_around_a_fall_are_about_its_size(relation, fall, expected) -> None:
    reading = Reading(Question(), Statistic.CHANGE_COUNT, -10.0, relation, step=1)
    assert bool(reaches(reading, fall)) is expected
    # "More than 20 percent less likely" is less than 0.8 times the rate.
    less = Reading(Question(), Statistic.RATIO, 0.8, Relation.MORE_THAN, step=0.01, base=1.0)
    assert reaches(less, [0.7, 0.9, 1.3]).tolist() == [True, False, False]


def test_a_miss_says_which_way_and_by_how_much() -> None:
    many = Reading(Question(), Statistic.RATIO, 6.0)
    assert miss(many, 3.0).as_dict() == {"is": "overstates", "by": 3.0, "percent": 100.0}
    # One in fewer is more.
    rare = Reading(Question(), Statistic.ONE_IN, 100.0)
    assert miss(rare, 200.0).as_dict()["is"] == "overstates"
    # "5 percent more" is measured against the excess, not against the rate.
    more = Reading(Question(), Statistic.RATIO, 1.05, step=0.01, base=1.0)
    assert miss(more, 1.2).share == pytest.approx(0.75)
    assert not is_close(more, 1.2)


@pytest.mark.parametrize(
    ("relation", "stated", "value", "expected"),
    [
        # The stated value itself, which "more than" and "less than" leave out.
        (Relation.MORE_THAN, 0.31, 0.31, False), (Relation.LESS_THAN, 0.31, 0.31, False),
        (Relation.AT_LEAST, 0.31, 0.31, True), (Relation.AT_MOST, 0.31, 0.31, True),
        (Relation.ABOUT, 0.31, 0.31, True),
        (Relation.AT_MOST, 0.31, 0.9, False), (Relation.AT_LEAST, 0.31, 0.1, False),
        # Within its rounding on both sides, and a little outside.
        (Relation.ABOUT, 0.31, 0.3051, True), (Relation.ABOUT, 0.31, 0.3149, True),
        (Relation.ABOUT, 0.31, 0.3049, False), (Relation.ABOUT, 0.31, 0.3151, False),
    ],
)  # fmt: skip
def test_a_percentage_is_met_to_its_own_rounding(relation, stated, value, expected) -> None:
    reading = Reading(Question(), Statistic.PERCENT, stated, relation, step=0.01)
    assert bool(reaches(reading, value)) is expected


def test_a_search_for_a_ratio_looks_for_so_much_or_more() -> None:
    reading = Reading(Question(), Statistic.RATIO, 3)
    assert attains(reading, [2.99, 3.0, 3.01, 30]).tolist() == [False, True, True, True]
    below_one = Reading(Question(), Statistic.RATIO, 0.5)
    assert attains(below_one, [0.51, 0.5, 0.1]).tolist() == [False, True, True]
    exactly_one = Reading(Question(), Statistic.RATIO, 1)
    assert attains(exactly_one, [0.5, 1.5]).tolist() == [False, True]
    share = Reading(Question(), Statistic.SHARE, 31)
    assert attains(share, [30, 31, 60]).tolist() == [False, True, False]


def test_a_sentence_is_as_good_as_its_weakest_part() -> None:
    ranked = [Verdict.NOT, Verdict.CANNOT, Verdict.SOME, Verdict.CLOSE, Verdict.HOLDS]
    for at, weaker in enumerate(ranked):
        for stronger in ranked[at:]:
            assert together([stronger, weaker]) == together([weaker, stronger]) == weaker


def test_a_summary_counts_bounds_as_definitions_of_their_own() -> None:
    found = multiverse(2, 4, NAN, bounds=(1, 5))
    told = found.summary()
    assert (told.definitions, told.reaching) == (8, 4)
    assert (told.min, told.median, told.max) == (1, 3, 5)
    assert told.share == 0.5
    figures = found.summary(bounds=False)
    assert (figures.definitions, figures.reaching) == (2, 0)  # neither is three
    only = found.summary(np.array([True, False, False]))
    assert (only.definitions, only.reaching, only.median) == (3, 1, 2)
    nothing = multiverse(NAN).summary()
    assert (nothing.definitions, nothing.share, nothing.median) == (0, None, None)
