"""Shares and rates of one group, against statsmodels and SciPy, and their coverage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from homeroom.errors import BadInput
from homeroom.statistics import reasons
from homeroom.statistics.intervals import clopper_pearson, garwood, wilson
from homeroom.statistics.reasons import Rules
from homeroom.statistics.risk import number_to_one, rate, risk

ANY = Rules(few_events=0, min_students=1)


def tables(size=1000):
    """Small counts, every zero and full cell among them."""
    rng = np.random.default_rng(1927)
    n = rng.integers(1, 60, size)
    x = np.where(rng.random(size) < 0.1, 0, rng.integers(0, n + 1))
    return np.where(rng.random(size) < 0.05, n, x), n


@pytest.mark.parametrize(("interval", "name"), [(clopper_pearson, "beta"), (wilson, "wilson")])
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_shares_agree_with_statsmodels(interval, name, level):
    x, n = tables()
    low, high = interval(x.astype(float), n.astype(float), level)
    expected = proportion_confint(x, n, alpha=1 - level, method=name)
    # Two libraries' incomplete beta functions; statsmodels subtracts near zero, hence atol.
    np.testing.assert_allclose(low, expected[0], rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(high, expected[1], rtol=1e-9, atol=1e-15)


def test_exact_bounds_put_the_tail_where_scipy_puts_it():
    x, n = tables(200)
    low, high = clopper_pearson(x.astype(float), n.astype(float), 0.95)
    above = stats.binom.sf(x - 1, n, low)
    below = stats.binom.cdf(x, n, high)
    np.testing.assert_allclose(above[x > 0], 0.025, rtol=1e-9)
    np.testing.assert_allclose(below[x < n], 0.025, rtol=1e-9)


def test_poisson_bounds_put_the_tail_where_scipy_puts_it():
    x = np.arange(0, 300.0)
    low, high = garwood(x, np.full(x.shape, 500.0), 0.95)
    np.testing.assert_allclose(stats.poisson.sf(x[1:] - 1, 500 * low[1:]), 0.025, rtol=1e-9)
    np.testing.assert_allclose(stats.poisson.cdf(x, 500 * high), 0.025, rtol=1e-9)
    assert low[0] == 0


@pytest.mark.parametrize("n", [2000, 5000, 10_000, 50_000])
@pytest.mark.parametrize("p", [1e-4, 5e-4, 2e-3])
def test_exact_interval_covers_rare_events(n, p):
    """Coverage by adding up the binomial probabilities: no simulation, no noise."""
    x = np.arange(0, int(stats.binom.isf(1e-12, n, p)) + 2, dtype=float)
    for interval in (clopper_pearson, garwood):
        low, high = interval(x, np.full(x.shape, float(n)), 0.95)
        covered = stats.binom.pmf(x, n, p)[(low <= p) & (p <= high)].sum()
        assert 0.95 <= covered <= 0.99


def test_score_interval_falls_short_where_half_an_event_is_expected():
    """Why the exact interval is the default."""
    n, p = 2000, 1e-4
    x, at = np.arange(0, 30.0), np.geomspace(0.2 * p, 2 * p, 200)
    low, high = wilson(x, np.full(x.shape, float(n)), 0.95)
    exact = clopper_pearson(x, np.full(x.shape, float(n)), 0.95)
    inside = (low[:, None] <= at) & (at <= high[:, None])
    held = (exact[0][:, None] <= at) & (at <= exact[1][:, None])
    weight = stats.binom.pmf(x[:, None], n, at)
    assert (weight * inside).sum(0).min() < 0.86
    assert (weight * held).sum(0).min() >= 0.95


def test_risk_per_ten_thousand():
    found = risk([54], [10_000], per=10_000)
    assert found.value[0] == pytest.approx(54)
    assert found.low[0] < 54 < found.high[0]
    assert list(found.reason_ids) == ["ok"]


def test_reasons_of_one_group():
    x = np.ma.masked_array([3, 5, 0, 2, 7, -5, 9, 4], [True, *[False] * 7])
    n = [100, 4, 0, 9, 100, 100, 100, 100]
    found = risk(x, n)
    assert list(found.reason_ids) == [
        "not_reported", "exceeds_students", "no_students_in_group", "too_few_students", "ok",
        "not_reported", "ok", "few_events",
    ]  # fmt: skip
    shown = reasons.HAS_VALUE[found.reason]
    for array in (found.value, found.low, found.high):
        np.testing.assert_array_equal(np.isfinite(array), shown)


def test_incidents_may_exceed_students():
    found = rate([150], [100], per=100)
    assert found.value[0] == 150
    assert list(found.reason_ids) == ["ok"]


def test_one_in_how_many():
    found = number_to_one([20, 0, 2], [10_000, 10_000, 1000])
    assert found.value[0] == 500
    assert found.low[0] < 500 < found.high[0]
    inner = risk([20], [10_000])
    assert found.low[0] == pytest.approx(1 / inner.high[0])
    assert list(found.reason_ids) == ["ok", "no_events", "few_events"]
    assert np.isnan(found.value[1])
    assert np.isnan(found.high[1])
    assert found.low[1] == pytest.approx(1 / risk([0], [10_000]).high[0])


def test_all_missing_and_scalars():
    found = risk(np.full((2, 3), np.nan), np.full((2, 3), 50))
    assert found.value.shape == (2, 3)
    assert np.isnan(found.value).all()
    assert (found.reason == reasons.NOT_REPORTED.code).all()
    assert risk(5, 50).value.shape == ()
    assert risk([], []).value.shape == (0,)


@pytest.mark.parametrize("x", [[0.5], [float("inf")]])
def test_counts_are_whole_numbers(x):
    with pytest.raises(BadInput, match="whole"):
        risk(x, [10])


def test_shapes_must_agree():
    with pytest.raises(BadInput, match=r"x \(2,\), n \(3,\)"):
        risk([1, 2], [3, 4, 5])


@pytest.mark.parametrize("level", [0, 1, 95])
def test_level_is_a_probability(level):
    with pytest.raises(BadInput, match="level"):
        risk([1], [10], level=level)


def test_method_is_named():
    with pytest.raises(BadInput, match="wald"):
        risk([1], [10], method="wald")


@given(
    n=st.integers(1, 10**7),
    share=st.floats(0, 1),
    method=st.sampled_from(["clopper_pearson", "wilson"]),
)
def test_bounds_enclose_the_share(n, share, method):
    x = round(share * n)
    found = risk(x, n, method=method, rules=ANY)
    assert 0 <= found.low <= found.value <= found.high <= 1


@given(
    n=st.integers(10, 10**6),
    x=st.integers(0, 9),
    method=st.sampled_from(["clopper_pearson", "wilson", "garwood"]),
)
def test_bounds_rise_with_events(n, x, method):
    found = risk([x, x + 1], n, method=method, rules=ANY)
    assert found.low[0] < found.low[1]
    assert found.high[0] <= found.high[1]
