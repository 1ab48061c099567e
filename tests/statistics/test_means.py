"""Ratios of school means: against influence functions, a bootstrap, and Cochran's own formula."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from homeroom.errors import BadInput
from homeroom.statistics.means import log_interval, log_variance


def schools(number=400, seed=1977, shared=0.6, pull=0.8):
    """Draw rates of schools for two sides; some schools have one side only, NaN for the other."""
    rng = np.random.default_rng(seed)
    common = rng.gamma(4, 0.25, number)
    one, other = (
        0.02 * (pull * common + (1 - pull) * rng.gamma(4, 0.25, number)) for _ in range(2)
    )
    kind = rng.random(number)
    one[kind < (1 - shared) / 2] = np.nan
    other[kind > 1 - (1 - shared) / 2] = np.nan
    return one, other


def sums(rate):
    """Add up one side as the engine does; events and students play no part in means."""
    return np.array([[np.sum(~np.isnan(rate)), 0, 0, np.nansum(rate), np.nansum(rate**2)]])


def shared_sums(one, other):
    both = ~np.isnan(one) & ~np.isnan(other)
    a, b = one[both], other[both]
    return np.array([[both.sum(), a.sum(), b.sum(), (a * b).sum()]])


def variance(one, other):
    return float(log_variance(sums(one), sums(other), shared_sums(one, other))[0])


def influences(one, other):
    """Differentiate the log of the ratio by each school's weight, exactly, by a complex step."""
    step = 1e-30
    weights = np.ones((len(one), len(one)), dtype=complex)
    weights[np.diag_indices(len(one))] += 1j * step

    def mean(rate):
        counts = ~np.isnan(rate)
        return weights @ np.where(counts, rate, 0) / (weights @ counts)

    return np.log(mean(one) / mean(other)).imag / step


@pytest.mark.parametrize("shared", [1.0, 0.6, 0.0])
@pytest.mark.parametrize("pull", [0.9, 0.0])
def test_variance_is_the_sum_of_squared_influences(shared, pull):
    """The delta method over schools, without its algebra."""
    one, other = schools(shared=shared, pull=pull)
    expected = np.sum(influences(one, other) ** 2)
    # They differ by the n - 1 of an unbiased variance: one part in about 150 for so many schools
    # of a side, with some room for the covariance's own divisor.
    assert variance(one, other) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize(("pull", "seed"), [(0.9, 1), (0.5, 2), (0.0, 3)])
def test_variance_is_that_of_schools_drawn_again(pull, seed):
    """The bootstrap: it knows nothing of logarithms' variances or of covariances."""
    one, other = schools(number=300, seed=seed, pull=pull)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(one), (6000, len(one)))
    logs = np.log(np.nanmean(one[drawn], axis=1) / np.nanmean(other[drawn], axis=1))
    # 6,000 draws know a variance to 2 percent (the square root of 2 in 6,000), and 300 schools
    # leave the linear approximation about as much.
    assert variance(one, other) == pytest.approx(logs.var(), rel=0.08)


def test_schools_that_move_both_sides_alike_narrow_the_interval():
    one, other = schools(shared=1.0, pull=0.9)
    against = other[::-1].copy()  # the same rates, of schools that have nothing to do with it
    assert variance(one, other) < 0.2 * variance(one, against)


def test_where_the_same_schools_count_the_variance_is_cochrans():
    """Cochran 1977, equation 6.13, without the finite population correction, over the ratio."""
    one, other = schools(number=25, shared=1.0, seed=6)
    n, ratio = len(one), one.sum() / other.sum()
    residuals = one - ratio * other
    cochran = (residuals**2).sum() / (n - 1) / n / other.mean() ** 2
    # Two orders of adding up the same terms.
    assert variance(one, other) * ratio**2 == pytest.approx(cochran, rel=1e-10)


def test_sides_in_different_schools_add_their_relative_variances():
    one, other = schools(shared=0.0, seed=5)
    a, b = one[~np.isnan(one)], other[~np.isnan(other)]
    expected = stats.sem(a) ** 2 / a.mean() ** 2 + stats.sem(b) ** 2 / b.mean() ** 2
    assert variance(one, other) == pytest.approx(expected, rel=1e-10)


@given(
    rates=st.lists(st.integers(1, 1000), min_size=2, max_size=30),
    times=st.sampled_from([0.25, 1.0, 3.0]),
)
def test_a_ratio_that_every_school_shares_has_no_variance(rates, times):
    one = np.array(rates) / 1000
    # What is left is the rounding of sums of up to 30 squares.
    assert variance(one * times, one) == pytest.approx(0, abs=1e-12)
    assert variance(one * times, one) >= 0


def test_covariance_is_unbiased_where_sides_overlap_in_part():
    """The mean of many small draws is the truth that follows from the rates' known moments."""
    rng = np.random.default_rng(63)
    draws, n1, n2, number = 40_000, 6, 5, 4
    common = rng.normal(0, 0.05, (draws, 7))
    one = 1 + common[:, :n1]
    other = 1 + common[:, n1 - number : n1 - number + n2]
    a, b = one[:, n1 - number :], other[:, :number]
    own = np.stack([np.full(draws, n1), *[np.zeros(draws)] * 2, one.sum(1), (one**2).sum(1)], 1)
    versus = np.stack(
        [np.full(draws, n2), *[np.zeros(draws)] * 2, other.sum(1), (other**2).sum(1)], 1
    )
    both = np.stack([np.full(draws, number), a.sum(1), b.sum(1), (a * b).sum(1)], 1)
    truth = 0.05**2 * (1 / n1 + 1 / n2 - 2 * number / (n1 * n2))
    # The rates spread by a twentieth, so that the logarithm is linear to some parts in a thousand;
    # 40,000 draws know the mean to half a percent.
    assert log_variance(own, versus, both).mean() == pytest.approx(truth, rel=0.02)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([0.1], [0.1, 0.2]),
        ([0.1, 0.2], [0.1]),
        ([0, 0], [0.1, 0.2]),
        ([0.1, 0.2], [0, 0]),
        ([], []),
    ],
)
def test_no_variance_from_one_school_or_from_a_mean_of_zero(one, other):
    found = log_variance(
        sums(np.array(one, dtype=float)), sums(np.array(other, dtype=float)), np.zeros((1, 4))
    )
    assert np.isnan(found).all()
    assert np.isnan(log_interval(np.ones(1), found)).all()


def test_two_schools_a_side_are_enough():
    one, other = np.array([0.1, 0.2, np.nan, np.nan]), np.array([np.nan, np.nan, 0.3, 0.5])
    # Standard errors of 0.05 and 0.1 beside means of 0.15 and 0.4.
    assert variance(one, other) == pytest.approx(1 / 9 + 1 / 16, rel=1e-12)


def test_questions_do_not_touch_each_other():
    pairs = [schools(seed=seed, shared=shared) for seed, shared in ((1, 0.0), (2, 0.5), (3, 1.0))]
    together = log_variance(
        np.concatenate([sums(a) for a, _ in pairs]),
        np.concatenate([sums(b) for _, b in pairs]),
        np.concatenate([shared_sums(*pair) for pair in pairs]),
    )
    np.testing.assert_array_equal(together, [variance(*pair) for pair in pairs])


@pytest.mark.parametrize("level", [0.5, 0.9, 0.95])
def test_bounds_lie_where_the_normal_curve_of_the_log_puts_them(level):
    low, high = log_interval(np.array([2.0]), np.array([0.09]), level)
    curve = stats.norm(np.log(2), 0.3)
    assert curve.cdf(np.log(low[0])) == pytest.approx((1 - level) / 2, rel=1e-9)
    assert curve.sf(np.log(high[0])) == pytest.approx((1 - level) / 2, rel=1e-9)


def test_the_level_is_a_probability():
    with pytest.raises(BadInput, match="level"):
        log_interval(np.ones(1), np.ones(1), 95)


def test_one_school_that_both_sides_share_is_enough_for_a_covariance():
    one, other = np.array([0.1, 0.2, 0.6, np.nan]), np.array([np.nan, np.nan, 0.5, 0.1])
    # Means 0.3 and 0.3; the school lies 0.3 above the one and 0.2 above the other. The divisor is
    # 3 * 2 - 3 - 2 + 1 = 2.
    own = 0.14 / 6 / 0.09  # squares of -0.2, -0.1, 0.3 over 3 * 2
    versus = 0.08 / 2 / 0.09
    assert variance(one, other) == pytest.approx(own + versus - 2 * (0.06 / 2) / 0.09, rel=1e-12)
