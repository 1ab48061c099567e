"""The verdict's thresholds, on definitions of our own whose figures are given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from homeroom.claims.definitions import Definition
from homeroom.claims.model import Reading, Relation, Statistic
from homeroom.claims.multiverse import Multiverse
from homeroom.claims.statistics import reaches, slack
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
        # Bearing out two of four is half; two of five, and one of three, are less.
        ((4, 4, 1, 1), Verdict.HOLDS),
        ((4, 4, 1, 1, 1), Verdict.SOME),
        ((4, 1, 1), Verdict.SOME),
        ((4,), Verdict.HOLDS),
        ((1, 1, 1), Verdict.NOT),
        # Most of them, but not the stated one, which comes first.
        ((1, 4, 4, 4), Verdict.SOME),
        # What has no figure is neither for nor against.
        ((4, NAN, NAN), Verdict.HOLDS),
        ((NAN, 4, 4), Verdict.SOME),
        ((NAN, NAN), Verdict.CANNOT),
    ],
)
def test_at_least_half_of_the_definitions_and_the_stated_one_must_bear_a_claim_out(
    figures, verdict
) -> None:
    assert judge(multiverse(*figures)) == verdict


def test_only_solid_definitions_that_fit_count() -> None:
    some = [True, True, False, False]
    for what in ("fits", "solid"):
        # Two that do not count would bear the claim out, or would have voted it down.
        assert judge(multiverse(4, 1, 4, 4, **{what: [True, False, False, False]})) == Verdict.HOLDS
        assert judge(multiverse(1, 1, 4, 4, **{what: some})) == Verdict.NOT
        assert judge(multiverse(4, 4, 1, 1, 1, **{what: [*some, False]})) == Verdict.HOLDS
        assert judge(multiverse(4, 4, **{what: [False, False]})) == Verdict.CANNOT
    # A stated definition that is not solid cannot make a claim hold, though the others do.
    assert judge(multiverse(4, 4, 4, solid=[False, True, True])) == Verdict.SOME


def test_an_interval_that_reaches_the_value_does_not_make_it_the_figure() -> None:
    assert judge(multiverse(2, 2, bounds=(1, 9))) == Verdict.NOT


def test_a_ratio_may_stand_for_what_rounds_to_it_up_to_a_twentieth() -> None:
    assert slack(Reading(Question(), Statistic.RATIO, 3, step=1)) == pytest.approx(0.15)
    assert slack(Reading(Question(), Statistic.RATIO, 3, step=0.1)) == pytest.approx(0.05)
    assert judge(multiverse(2.86)) == Verdict.HOLDS
    assert judge(multiverse(2.84)) == Verdict.NOT


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


def test_a_ratio_without_rounding_must_be_reached_exactly() -> None:
    reading = Reading(Question(), Statistic.RATIO, 3)
    assert reaches(reading, [2.99, 3.0, 3.01, 30]).tolist() == [False, True, True, True]
    below_one = Reading(Question(), Statistic.RATIO, 0.5)
    assert reaches(below_one, [0.51, 0.5, 0.1]).tolist() == [False, True, True]
    exactly_one = Reading(Question(), Statistic.RATIO, 1)
    assert reaches(exactly_one, [0.5, 1.5]).tolist() == [False, True]


def test_a_sentence_is_as_good_as_its_weakest_part() -> None:
    ranked = [Verdict.NOT, Verdict.CANNOT, Verdict.SOME, Verdict.HOLDS]
    for at, weaker in enumerate(ranked):
        for stronger in ranked[at:]:
            assert together([stronger, weaker]) == together([weaker, stronger]) == weaker


def test_a_summary_counts_bounds_as_definitions_of_their_own() -> None:
    found = multiverse(2, 4, NAN, bounds=(1, 5))
    told = found.summary()
    assert (told.definitions, told.reaching) == (8, 4)
    assert (told.min, told.median, told.max) == (1, 3, 5)
    assert told.share == 0.5
    only = found.summary(np.array([True, False, False]))
    assert (only.definitions, only.reaching, only.median) == (3, 1, 2)
    nothing = multiverse(NAN).summary()
    assert (nothing.definitions, nothing.share, nothing.median) == (0, None, None)
