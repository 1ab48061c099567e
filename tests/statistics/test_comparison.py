"""Comparisons of two groups: independent implementations, coverage, and laws they must obey."""

from __future__ import annotations

import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize, stats
from scipy.stats import contingency
from statsmodels.stats.proportion import confint_proportions_2indep

from homeroom.errors import BadInput
from homeroom.statistics import difference, odds, ratio, reasons
from homeroom.statistics.comparison import COMPARISONS, compare
from homeroom.statistics.composition import composition
from homeroom.statistics.ratio import risk_ratio
from homeroom.statistics.reasons import Rules
from homeroom.statistics.risk import risk

ANY = Rules(few_events=0, min_students=1)
QUANTILE = 3.841458820694124
LOWEST = {"ratio": 0, "odds_ratio": 0, "difference": -1}
STATSMODELS = {"ratio": "ratio", "odds_ratio": "odds-ratio"}


def grid(size=1000):
    """Draw small tables without zero or full cells, where every implementation has an answer."""
    rng = np.random.default_rng(1985)
    n1, n2 = rng.integers(10, 80, size), rng.integers(10, 80, size)
    return rng.integers(1, n1), n1, rng.integers(1, n2), n2


def statistic(name, value, x1, n1, x2, n2):
    """Compute the score statistic from the definition: maximize the likelihood numerically."""

    def partner(q2):
        return {
            "ratio": value * q2,
            "difference": value + q2,
            "odds_ratio": value * q2 / (1 - q2 + value * q2),
        }[name]

    def loss(q2):
        q1 = partner(q2)
        return -(
            x1 * np.log(q1)
            + (n1 - x1) * np.log1p(-q1)
            + x2 * np.log(q2)
            + (n2 - x2) * np.log1p(-q2)
        )

    ends = {
        "ratio": (0, min(1, 1 / value) if value else 1),
        "difference": (max(0, -value), min(1, 1 - value)),
        "odds_ratio": (0, 1),
    }[name]
    edge = 1e-13
    found = optimize.minimize_scalar(
        loss, bounds=(ends[0] + edge, ends[1] - edge), method="bounded", options={"xatol": 1e-13}
    )
    q2 = found.x
    q1 = partner(q2)
    v1, v2 = q1 * (1 - q1) / n1, q2 * (1 - q2) / n2
    shrink = (n1 + n2 - 1) / (n1 + n2)
    top, variance = {
        "ratio": (x1 / n1 - value * x2 / n2, v1 + value**2 * v2),
        "difference": (x1 / n1 - x2 / n2 - value, v1 + v2),
        "odds_ratio": ((x1 / n1 - q1) / (v1 * n1) - (x2 / n2 - q2) / (v2 * n2), 0),
    }[name]
    if name == "odds_ratio":
        variance = 1 / (v1 * n1**2) + 1 / (v2 * n2**2)
    return top**2 / variance * shrink


@pytest.mark.parametrize("name", ["ratio", "odds_ratio"])
def test_agrees_with_statsmodels_on_a_thousand_tables(name):
    x1, n1, x2, n2 = grid()
    found = compare(name, x1, n1, x2, n2, rules=ANY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels divides by zero on the way to some bounds
        expected = np.array(
            [
                confint_proportions_2indep(*table, method="score", compare=STATSMODELS[name])
                for table in zip(x1, n1, x2, n2, strict=True)
            ]
        )
    # statsmodels finds ratio bounds from a cubic's coefficients, which loses digits far from 1, and
    # odds bounds by Brent's method, which stops within 2e-12.
    np.testing.assert_allclose(found.low, expected[:, 0], rtol=1e-8, atol=2e-12)
    np.testing.assert_allclose(found.high, expected[:, 1], rtol=1e-8, atol=2e-12)


def test_difference_solves_the_score_equation_on_a_thousand_tables():
    """From the likelihood itself.

    statsmodels 0.15 is no judge here: its cubic takes the comparison group's count where Miettinen
    and Nurminen's coefficient L1 has its size, and its bounds do not solve the equation.
    """
    x1, n1, x2, n2 = grid()
    found = compare("difference", x1, n1, x2, n2, rules=ANY)
    for *table, low, high in zip(x1, n1, x2, n2, found.low, found.high, strict=True):
        assert low < table[0] / table[1] - table[2] / table[3] < high
        for bound in (low, high):
            # The minimizer finds a flat maximum to half the digits of a float.
            assert statistic("difference", bound, *table) == pytest.approx(QUANTILE, rel=1e-5)


def test_difference_matches_newcombes_table():
    """Newcombe 1998, Statistics in Medicine 17:873-890, Table II, examples (a) and (d)."""
    found = compare("difference", [56, 5], [70, 56], [48, 0], [80, 29], rules=ANY)
    np.testing.assert_allclose(found.low, [0.0528, -0.0326], atol=6e-5)
    np.testing.assert_allclose(found.high, [0.3382, 0.1933], atol=6e-5)


@pytest.mark.parametrize("name", COMPARISONS)
def test_bounds_solve_the_score_equation(name):
    """The definition itself, at counts as rare as arrests, where no library keeps its digits."""
    rng = np.random.default_rng(7)
    n1, n2 = rng.integers(500, 20_000, 60), rng.integers(500, 60_000, 60)
    x1, x2 = rng.integers(0, 12, 60), rng.integers(0, 12, 60)
    found = compare(name, x1, n1, x2, n2, rules=ANY)
    checked = 0
    for *table, low, high in zip(x1, n1, x2, n2, found.low, found.high, strict=True):
        for bound in (low, high):
            if np.isfinite(bound) and bound > LOWEST[name]:
                checked += 1
                # The minimizer finds a flat maximum to half the digits of a float.
                assert statistic(name, bound, *table) == pytest.approx(QUANTILE, rel=2e-4)
    assert checked > 100


def test_values_agree_with_scipy():
    tables = list(zip(*grid(100), strict=True))
    for x1, n1, x2, n2 in tables:
        expected = contingency.relative_risk(int(x1), int(n1), int(x2), int(n2))
        assert risk_ratio(x1, n1, x2, n2, rules=ANY).value == pytest.approx(
            expected.relative_risk, rel=1e-14
        )
        wald = expected.confidence_interval(0.95)
        katz = risk_ratio(x1, n1, x2, n2, method="katz", rules=ANY)
        assert (katz.low, katz.high) == pytest.approx((wald.low, wald.high), rel=1e-12)
        cross = contingency.odds_ratio([[x1, n1 - x1], [x2, n2 - x2]], kind="sample").statistic
        assert compare("odds_ratio", x1, n1, x2, n2, rules=ANY).value == pytest.approx(
            cross, rel=1e-12
        )


def test_odds_interval_lies_within_the_conditional_exact_one():
    """The exact interval is conservative: the score interval is rarely wider."""
    within = 0
    for x1, n1, x2, n2 in zip(*grid(200), strict=True):
        exact = contingency.odds_ratio([[x1, n1 - x1], [x2, n2 - x2]]).confidence_interval(0.95)
        found = compare("odds_ratio", x1, n1, x2, n2, rules=ANY)
        assert found.low < exact.high
        assert found.high > exact.low
        within += found.high / found.low < exact.high / exact.low
    assert within > 190


def coverage(interval, truth, n1, n2, p1, p2):
    """Add up the probabilities of the tables whose interval holds the truth.

    Returns the coverage counting an undefined bound as open, and counting it as a failure.
    """
    x1 = np.arange(0, int(stats.binom.isf(1e-11, n1, p1)) + 2)
    x2 = np.arange(0, int(stats.binom.isf(1e-11, n2, p2)) + 2)
    weight = np.outer(stats.binom.pmf(x1, n1, p1), stats.binom.pmf(x2, n2, p2)).ravel()
    a, b = (axis.ravel().astype(float) for axis in np.meshgrid(x1, x2, indexing="ij"))
    low, high = interval(a, np.full(a.shape, float(n1)), b, np.full(a.shape, float(n2)))
    holds = (low <= truth) & (truth <= high)
    opened = (np.isnan(low) | (low <= truth)) & (np.isnan(high) | (truth <= high))
    return weight[opened].sum(), weight[holds].sum()


RARE = list(product((2000, 10_000, 50_000), (2000, 10_000, 50_000), (5e-4, 2e-3), (5e-4,)))


@pytest.mark.parametrize(("n1", "n2", "p1", "p2"), RARE)
def test_score_intervals_cover_rare_events(n1, n2, p1, p2):
    ratio_truth, odds_truth = p1 / p2, p1 * (1 - p2) / (p2 * (1 - p1))
    assert 0.94 <= coverage(ratio.score, ratio_truth, n1, n2, p1, p2)[0] <= 0.99
    assert 0.94 <= coverage(odds.score, odds_truth, n1, n2, p1, p2)[0] <= 0.99
    assert 0.93 <= coverage(difference.score, p1 - p2, n1, n2, p1, p2)[1] <= 0.99


def test_katz_gives_no_interval_where_it_is_needed():
    """One event expected in a group: in two of five tables there is no log interval at all."""
    with_one = [case for case in RARE if 2000 in case[:2]]
    shortfalls = [coverage(ratio.katz, p1 / p2, n1, n2, p1, p2)[1] for n1, n2, p1, p2 in with_one]
    assert min(shortfalls) < 0.45
    assert sum(covered < 0.65 for covered in shortfalls) >= 6


def test_zero_cells_of_the_ratio():
    x1, x2 = [0, 6, 0, 6], [6, 0, 0, 6]
    found = risk_ratio(x1, 500, x2, 800)
    assert list(found.reason_ids) == ["ok", "no_events_in_comparison", "no_events", "ok"]
    assert (found.value[0], found.low[0]) == (0, 0)
    assert 0 < found.high[0] < 10
    assert np.isnan([found.value[1], found.high[1]]).all()
    assert found.low[1] > 1
    assert np.isnan([found.value[2], found.low[2], found.high[2]]).all()


def test_full_cells():
    odds_found = compare("odds_ratio", [20, 10, 20], 20, [10, 20, 20], 20)
    assert list(odds_found.reason_ids) == ["all_in_group", "all_in_comparison", "all_in_comparison"]
    assert odds_found.low[0] > 1
    ratio_found = risk_ratio([20, 10, 20], 20, [10, 20, 20], 20)
    np.testing.assert_allclose(ratio_found.value, [2, 0.5, 1])
    # One minus one: the score interval of two full groups is closed and holds 1.
    assert ratio_found.low[2] < 1 < ratio_found.high[2]
    gap = compare("difference", [20, 0], 20, [0, 20], 20)
    assert gap.high[0] == 1
    assert gap.low[1] == -1


def test_full_group_ratio_solves_the_score_equation():
    for x2, n2 in product((1, 10, 19), (20, 400)):
        bound = float(risk_ratio(20, 20, x2, n2).low)
        assert statistic("ratio", bound, 20, 20, x2, n2) == pytest.approx(QUANTILE, rel=2e-4)


@pytest.mark.parametrize("name", COMPARISONS)
def test_never_infinite_and_never_a_silent_number(name):
    cells = np.array([-9, 0, 1, 4, 10, 11, 30])
    x1, n1, x2, n2 = (axis.ravel() for axis in np.meshgrid(cells, cells, cells, cells))
    found = compare(name, x1, n1, x2, n2)
    assert not np.isinf([found.value, found.low, found.high]).any()
    np.testing.assert_array_equal(np.isfinite(found.value), reasons.HAS_VALUE[found.reason])
    shown = np.isfinite(found.value)
    assert np.isfinite(found.high[shown]).all()
    assert (found.low[shown] <= found.value[shown] + 1e-12).all()
    assert (found.value[shown] <= found.high[shown] + 1e-12).all()
    few = shown & (x1 + x2 < 5)
    np.testing.assert_array_equal(found.reason[shown] == reasons.FEW_EVENTS.code, few[shown])
    assert (
        found.reason[(x1 < 0) | (n1 < 0) | (x2 < 0) | (n2 < 0)] == reasons.NOT_REPORTED.code
    ).all()


@pytest.mark.parametrize("name", COMPARISONS)
def test_all_missing_one_row_and_none(name):
    missing = compare(name, np.full(4, np.nan), 10, 1, 10)
    assert (missing.reason == reasons.NOT_REPORTED.code).all()
    assert np.isnan([missing.value, missing.low, missing.high]).all()
    assert compare(name, 6, 50, 3, 60).value.shape == ()
    assert compare(name, [6], [50], [3], [60]).value.shape == (1,)
    assert compare(name, [], [], [], []).value.shape == (0,)


def test_unknown_names():
    with pytest.raises(BadInput, match="ratio, difference, odds_ratio"):
        compare("gap", 1, 10, 1, 10)
    with pytest.raises(BadInput, match="score, katz"):
        risk_ratio(1, 10, 1, 10, method="exact")


@st.composite
def two_groups(draw, least=0):
    n1, n2 = draw(st.integers(10, 10**6)), draw(st.integers(10, 10**6))
    most = st.integers(least, 40)
    return min(draw(most), n1 - least), n1, min(draw(most), n2 - least), n2


NAMES = st.sampled_from(sorted(COMPARISONS))


@given(tables=st.lists(two_groups(), min_size=1, max_size=30), name=NAMES, data=st.data())
def test_order_of_places_does_not_matter(tables, name, data):
    order = data.draw(st.permutations(range(len(tables))))
    cells = np.array(tables).T
    found, turned = compare(name, *cells), compare(name, *cells[:, order])
    for field in ("value", "low", "high", "reason"):
        straight, permuted = getattr(found, field)[order], getattr(turned, field)
        # A block stops when all its places have converged, which may be one step apart.
        np.testing.assert_allclose(permuted, straight, rtol=1e-10)


@given(table=two_groups(least=1), times=st.integers(2, 50), name=NAMES)
def test_scaling_keeps_the_value_and_narrows_the_interval(table, times, name):
    small = compare(name, *table, rules=ANY)
    large = compare(name, *(times * cell for cell in table), rules=ANY)
    assert large.value == pytest.approx(float(small.value), rel=1e-12, abs=1e-15)
    assert large.low > small.low
    assert large.high < small.high


@given(table=two_groups(), name=NAMES)
def test_reciprocity(table, name):
    x1, n1, x2, n2 = table
    found = compare(name, x1, n1, x2, n2, rules=ANY)
    turned = compare(name, x2, n2, x1, n1, rules=ANY)
    if name == "difference":
        for a, b in ((found.value, turned.value), (found.low, turned.high)):
            assert a == pytest.approx(-float(b), rel=1e-9, abs=1e-15)
        return
    assume(found.value > 0)
    for a, b in ((found.value, turned.value), (found.low, turned.high), (found.high, turned.low)):
        assert a * b == pytest.approx(1, rel=1e-10)


@given(table=two_groups(least=1), name=NAMES)
def test_one_more_event_raises_value_and_bounds(table, name):
    x1, n1, x2, n2 = table
    assume(x1 + 1 < n1)
    found = compare(name, [x1, x1 + 1], n1, x2, n2, rules=ANY)
    for array in (found.value, found.low, found.high):
        assert array[0] < array[1]
    reversed_role = compare(name, x2, n2, [x1, x1 + 1], n1, rules=ANY)
    for array in (reversed_role.value, reversed_role.low, reversed_role.high):
        assert array[0] > array[1]


@given(table=two_groups(), other=two_groups(least=1))
def test_merged_groups_lie_between_their_parts(table, other):
    xa, na, xb, nb = table
    _, _, x2, n2 = other
    parts = risk_ratio([xa, xb], [na, nb], x2, n2, rules=ANY).value
    merged = float(risk_ratio(xa + xb, na + nb, x2, n2, rules=ANY).value)
    assert parts.min() * (1 - 1e-12) <= merged <= parts.max() * (1 + 1e-12)
    pooled, alone = (
        risk(xa + xb, na + nb, rules=ANY).value,
        risk([xa, xb], [na, nb], rules=ANY).value,
    )
    assert alone.min() - 1e-12 <= pooled <= alone.max() + 1e-12


@given(table=two_groups(), name=st.sampled_from(["ratio", "difference"]))
def test_a_group_compared_with_itself_is_neutral(table, name):
    x, n, _, _ = table
    assume(x > 0)
    found = compare(name, x, n, x, n, rules=ANY)
    assert found.value == pytest.approx(COMPARISONS[name].neutral)
    assert found.low < COMPARISONS[name].neutral < found.high


def test_known_national_ratio():
    """Published rates of 21.49 and 7.47 in 10,000 students give 2.876 (to the rates' rounding)."""
    found = risk_ratio(2149, 1_000_000, 747, 1_000_000)
    assert found.value == pytest.approx(2.876, abs=1.5e-3)


def test_composition_of_arrests():
    found = composition([31, 0, 100, 0], [160, 160, 160, 160], [100, 100, 100, 0], 1000)
    np.testing.assert_allclose(found.student_share, 0.16)
    np.testing.assert_allclose(found.event_share.value[:3], [0.31, 0, 1])
    np.testing.assert_allclose(found.ratio.value[:3], [1.9375, 0, 6.25])
    np.testing.assert_allclose(found.difference.value[:3], [0.15, -0.16, 0.84])
    assert list(found.ratio.reason_ids) == ["ok", "ok", "ok", "no_events"]
    assert found.event_share.low[1] == 0
    assert found.event_share.high[2] == 1
    assert 0.9 < found.event_share.low[2] < 1


@given(table=two_groups(least=1))
def test_composition_carries_the_ratio_to_everyone_else(table):
    x, n, rest, m = table
    found = composition(x, n, x + rest, n + m, rules=ANY)
    to_rest = risk_ratio(x, n, rest, m, rules=ANY)
    for share, value in (
        (found.event_share.value, to_rest.value),
        (found.event_share.low, to_rest.low),
        (found.event_share.high, to_rest.high),
    ):
        back = share / (1 - share) * m / n
        # 1 - share loses digits where the group has nearly all events.
        assert back == pytest.approx(float(value), rel=1e-6)
    neutral = to_rest.low < 1 < to_rest.high
    assert neutral == (found.ratio.low < 1 < found.ratio.high)


def test_composition_refuses_parts_larger_than_the_whole():
    found = composition([6, 6, 6], [100, 100, 5], [5, 6, 6], [200, 100, 100])
    assert list(found.ratio.reason_ids) == [
        "exceeds_students", "no_students_in_comparison", "exceeds_students",
    ]  # fmt: skip


def test_many_tables_at_once():
    """Every block boundary is crossed, and blocks agree with single rows."""
    rng = np.random.default_rng(3)
    n1, n2 = rng.integers(10, 5000, 10**5), rng.integers(10, 20_000, 10**5)
    x1, x2 = rng.binomial(n1, 0.002), rng.binomial(n2, 0.002)
    for name in COMPARISONS:
        found = compare(name, x1, n1, x2, n2)
        for i in rng.integers(0, 10**5, 20):
            alone = compare(name, x1[i], n1[i], x2[i], n2[i])
            np.testing.assert_allclose(found.low[i], alone.low, rtol=1e-9, atol=1e-15)
            np.testing.assert_allclose(found.high[i], alone.high, rtol=1e-9, atol=1e-15)
            assert found.reason[i] == alone.reason
