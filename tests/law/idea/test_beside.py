"""What stands beside the yes or no: checked by counting, by simulation, and by bounds."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from homeroom.law.idea import Settings, beside, counts, ratios
from homeroom.law.idea.beside import students_to_threshold


def first(above, below, settings, **more):
    return ratios(counts(["B", "W"], above, below, **more), settings)[0]


@pytest.mark.parametrize("round_to", [None, 0, 1, 2])
def test_the_distance_is_the_number_of_students_that_turns_the_answer(round_to) -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        n, m = (int(one) for one in rng.integers(40, 400, 2))
        a, b = int(rng.integers(10, n // 2)), int(rng.integers(10, m // 2))
        settings = Settings(threshold="1.5", round_to=round_to)
        found = first((a, b), (n, m), settings)
        distance = students_to_threshold(found)
        if distance is None:
            assert not first((n, b), (n, m), settings).exceeds
        elif distance > 0:
            assert first((a + distance, b), (n, m), settings).exceeds
            assert not first((a + distance - 1, b), (n, m), settings).exceeds
        else:
            assert not first((a + distance, b), (n, m), settings).exceeds
            assert first((a + distance + 1, b), (n, m), settings).exceeds


@pytest.mark.parametrize(
    ("above", "below", "about"),
    [((28, 60), (150, 900), None), ((12, 40), (40, 400), None), ((70, 60), (50, 100), 14)],
)
def test_next_years_probability_agrees_with_drawing_next_years(above, below, about) -> None:
    settings = Settings(threshold=2)
    found = first(above, below, settings, about=about)
    rng, size = np.random.default_rng(7), 400_000
    if about == 14:
        rate = [rng.gamma(x + 0.5, 1 / n, size) for x, n in zip(above, below, strict=True)]
        drawn = [rng.poisson(one * n) for one, n in zip(rate, below, strict=True)]
    else:
        risk = [rng.beta(x + 0.5, n - x + 0.5, size) for x, n in zip(above, below, strict=True)]
        drawn = [rng.binomial(n, one) for one, n in zip(risk, below, strict=True)]
    mine, theirs = drawn
    above_it = (mine >= 10) & (theirs >= 10) & (mine * below[1] > 2 * theirs * below[0])
    # Four standard errors of the simulation.
    assert beside(found).probability_next_year == pytest.approx(
        above_it.mean(), abs=4 * 0.5 / size**0.5
    )


def test_a_high_probability_warns_before_the_threshold_is_passed() -> None:
    near = beside(first((59, 100), (100, 500), Settings(threshold=3)))
    assert near.warning == "likely"
    assert 0.25 < near.probability_next_year < 0.6
    assert near.students_to_threshold == 2
    assert "2 more students" in near.sentence
    far = beside(first((20, 100), (100, 500), Settings(threshold=3)))
    assert (far.warning, far.probability_next_year < 0.001) == ("none", True)


def test_three_rising_years_warn_too() -> None:
    found = first((40, 100), (100, 500), Settings(threshold=3))
    past = [Fraction(1), Fraction(3, 2), Fraction(2)]
    assert beside(found, past).warning == "none"
    assert beside(found, [Fraction(1, 2), Fraction(1), Fraction(2)]).warning == "rising"


def test_without_a_threshold_nothing_is_said_about_it() -> None:
    found = beside(first((20, 100), (100, 500), Settings()))
    assert (found.warning, found.students_to_threshold) == ("unknown", None)
    assert found.probability_next_year is None
    assert found.ratio_low < 1 < found.ratio_high
