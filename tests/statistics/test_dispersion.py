"""Differences between places beyond chance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from homeroom.statistics import reasons
from homeroom.statistics.dispersion import dispersion
from homeroom.statistics.reasons import Rules

ANY = Rules(few_events=0, min_students=1)


def districts(places, mean, cv, repeats, seed):
    rng = np.random.default_rng(seed)
    n = np.maximum(10, np.exp(rng.normal(7.5, 1.2, places))).astype(int)
    risks = (
        rng.gamma(1 / cv**2, mean * cv**2, (repeats, places))
        if cv
        else np.full((repeats, places), mean)
    )
    return rng.binomial(n, np.minimum(risks, 1)), n


def test_index_agrees_with_scipy():
    x, n = districts(40, 0.05, 0.3, 1, seed=1)
    expected = stats.chi2_contingency(np.stack([x[0], n - x[0]]), correction=False)
    found = dispersion(x[0], n)
    assert found.index * 39 == pytest.approx(expected.statistic, rel=1e-9)
    # Common enough events: scaling the chi-square changes little.
    assert found.p_value == pytest.approx(expected.pvalue, rel=0.5)


def test_weighted_figures_by_hand():
    found = dispersion([10, 30], [100, 100], rules=ANY)
    assert found.risk == pytest.approx(0.2)
    assert found.weighted_cv == pytest.approx(0.5)
    assert found.theil == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    # 2 = 100 * .1^2 * 2, less .2 * .8, by 200 - 100 - 1, in squared risks.
    assert found.excess.value == pytest.approx(np.sqrt((2 - 0.16) / 99) / 0.2)


@pytest.mark.parametrize("mean", [5e-4, 2e-3, 1e-2])
def test_homogeneous_places_are_rarely_called_different(mean):
    x, n = districts(300, mean, 0, 800, seed=2)
    found = dispersion(x, n)
    assert 0.02 < (found.p_value < 0.05).mean() < 0.08
    assert (found.excess.low == 0).mean() > 0.95
    assert found.index.mean() == pytest.approx(1, abs=0.02)
    none = found.excess.reason == reasons.NO_EXCESS.code
    assert 0.3 < none.mean() < 0.7
    assert (found.excess.value[none] == 0).all()


@pytest.mark.parametrize("cv", [0.25, 0.5, 1.0])
@pytest.mark.parametrize(("places", "mean"), [(30, 2e-3), (30, 1e-2), (300, 5e-4), (300, 2e-3)])
def test_excess_finds_the_true_spread(places, mean, cv):
    x, n = districts(places, mean, cv, 500, seed=3)
    excess = dispersion(x, n).excess
    held = (excess.low <= cv) & (cv <= excess.high)
    assert 0.85 < held.mean() <= 1
    if places == 300 and mean * cv > 4e-4:
        assert np.median(excess.value) == pytest.approx(cv, rel=0.1)


def test_reasons():
    nan = np.nan
    x = [[nan, nan, 3], [0, 0, 0], [1, 2, 0], [50, 50, 50], [5, 5, 6], [90, 9, 9]]
    found = dispersion(x, [[50, 50, 50]] * 6)
    assert list(found.excess.reason_ids) == [
        "too_few_units", "no_events", "few_events", "all_in_group", "no_excess", "no_excess",
    ]  # fmt: skip
    assert list(found.units) == [1, 3, 3, 3, 3, 2]
    shown = reasons.HAS_VALUE[found.excess.reason]
    for array in (found.index, found.theil, found.weighted_cv, found.p_value):
        np.testing.assert_array_equal(np.isfinite(array), shown)
    assert (dispersion(np.full((2, 0), 1), np.full((2, 0), 1)).units == 0).all()


@given(
    rows=st.lists(st.tuples(st.integers(0, 20), st.integers(20, 10**5)), min_size=2, max_size=12),
    data=st.data(),
)
def test_places_in_any_order_and_with_silent_ones(rows, data):
    x, n = np.array(rows, dtype=float).T
    order = data.draw(st.permutations(range(len(rows))))
    straight = dispersion(x, n)
    turned = dispersion(np.append(x[order], np.nan), np.append(n[order], 30))
    for one, other in (
        (straight.theil, turned.theil),
        (straight.index, turned.index),
        (straight.excess.value**2, turned.excess.value**2),
    ):
        # Sums in another order; the excess is a difference of them.
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)


def test_axis():
    x, n = districts(30, 0.01, 0.5, 3, seed=4)
    along, across = dispersion(x, n), dispersion(x.T, n[:, None], axis=0)
    np.testing.assert_array_equal(along.excess.value, across.excess.value)
