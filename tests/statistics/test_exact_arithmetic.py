"""Every interval put back into its own equation, in fractions or in 60 decimal digits.

No other program's rounding is in these tests, so that tolerances are those of our own floats.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from math import comb

import numpy as np
import pytest

from homeroom.statistics import difference, odds, ratio
from homeroom.statistics.composition import composition
from homeroom.statistics.intervals import clopper_pearson, garwood, wilson
from homeroom.statistics.reasons import Rules

TAIL = Fraction(1, 40)
Z_SQUARED = Decimal("3.8414588206941259583613050194")
"""The 95th percentile of chi-square with one degree of freedom (Abramowitz and Stegun 26.8)."""
ANY = Rules(few_events=0, min_students=1)


@pytest.fixture(autouse=True)
def digits():
    with localcontext() as context:
        context.prec = 60
        yield


def shares():
    """Draw small tables of one group, with zero and full cells."""
    n = np.array([1, 2, 7, 10, 25, 40, 60, 60, 60, 33])
    return np.array([0, 1, 7, 0, 3, 39, 60, 1, 30, 32]), n


def pairs(size=60):
    """Draw small tables of two groups, no cell of them zero or full."""
    rng = np.random.default_rng(1934)
    n1, n2 = rng.integers(3, 90, size), rng.integers(3, 4000, size)
    return rng.integers(1, n1), n1, rng.integers(1, n2), n2


def bounds(interval, *arrays):
    low, high = interval(*(array.astype(float) for array in arrays))
    for *cells, below, above in zip(*arrays, low, high, strict=True):
        yield [int(cell) for cell in cells], float(below), float(above)


def at_least(x, n, p):
    """Add up the binomial probabilities from ``x`` on."""
    return sum(comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(x, n + 1))


def test_exact_binomial_bounds_leave_a_fortieth_in_each_tail():
    for (x, n), low, high in bounds(clopper_pearson, *shares()):
        if x:
            # A bound is right to some parts in 1e15; up to 60 factors of it make some in 1e13.
            assert float(at_least(x, n, Fraction(low)) / TAIL) == pytest.approx(1, rel=1e-12)
        if x < n:
            below = 1 - at_least(x + 1, n, Fraction(high))
            assert float(below / TAIL) == pytest.approx(1, rel=1e-12)
        assert (low == 0) == (x == 0)
        assert (high == 1) == (x == n)


def test_score_bounds_of_a_share_solve_wilsons_quadratic():
    for (x, n), low, high in bounds(wilson, *shares()):
        observed = Decimal(x) / n
        for bound in (low, high):
            if 0 < bound < 1:
                p = Decimal(bound)
                statistic = (observed - p) ** 2 * n / (p * (1 - p))
                assert float(statistic / Z_SQUARED) == pytest.approx(1, rel=1e-11)
        assert low <= observed <= high
        assert (low == 0) == (x == 0)
        assert (high == 1) == (x == n)


def test_a_full_cell_has_a_high_bound_of_one_to_the_last_digit():
    n = np.arange(1, 400.0)
    for interval in (clopper_pearson, wilson):
        assert (interval(n, n)[1] == 1).all()


def test_exact_poisson_bounds_leave_a_fortieth_in_each_tail():
    x, exposure = np.array([0, 1, 2, 9, 40]), np.array([500, 20, 7, 1000, 12])
    for (events, students), low, high in bounds(garwood, x, exposure):
        if events:
            above = 1 - poisson_up_to(events - 1, Decimal(low) * students)
            assert float(above * 40) == pytest.approx(1, rel=1e-12)
        assert float(poisson_up_to(events, Decimal(high) * students) * 40) == pytest.approx(
            1, rel=1e-12
        )
        assert (low == 0) == (events == 0)


def poisson_up_to(most, mean):
    term = total = (-mean).exp()
    for k in range(1, most + 1):
        term *= mean / k
        total += term
    return total


def spread(p, n):
    return p * (1 - p) / n


def ratio_statistic(phi, x1, n1, x2, n2):
    """Follow Koopman's closed form of the most likely risks under a ratio."""
    a, c = (n1 + n2) * phi, Decimal(x1 + x2)
    b = n1 * phi + x1 + n2 + x2 * phi
    q2 = (b - (b * b - 4 * a * c).sqrt()) / (2 * a)
    variance = spread(phi * q2, n1) + phi**2 * spread(q2, n2)
    return (Decimal(x1) / n1 - phi * x2 / n2) ** 2 / variance


def odds_statistic(psi, x1, n1, x2, n2):
    """Keep the margin of events: the most likely table under an odds ratio does."""
    total = x1 + x2
    a, b, c = psi - 1, -(psi * (n1 + total) + n2 - total), psi * n1 * total
    cell = (-b - (b * b - 4 * a * c).sqrt()) / (2 * a) if a else Decimal(n1 * total) / (n1 + n2)
    cells = (cell, n1 - cell, total - cell, n2 - total + cell)
    return (x1 - cell) ** 2 * sum(1 / one for one in cells)


def difference_statistic(delta, x1, n1, x2, n2):
    """Halve the interval in which the likelihood of the second risk turns."""
    low, high = max(Decimal(0), -delta), min(Decimal(1), 1 - delta)
    for _ in range(180):
        q2 = (low + high) / 2
        q1 = q2 + delta
        slope = x1 / q1 - (n1 - x1) / (1 - q1) + x2 / q2 - (n2 - x2) / (1 - q2)
        low, high = (q2, high) if slope > 0 else (low, q2)
    top = Decimal(x1) / n1 - Decimal(x2) / n2 - delta
    return top**2 / (spread(q2 + delta, n1) + spread(q2, n2))


@pytest.mark.parametrize(
    ("interval", "statistic"),
    [
        (ratio.score, ratio_statistic),
        (odds.score, odds_statistic),
        (difference.score, difference_statistic),
    ],
)
def test_score_bounds_of_two_groups_solve_their_equation(interval, statistic):
    for (x1, n1, x2, n2), low, high in bounds(interval, *pairs()):
        total = Decimal(n1 + n2)
        for bound in (low, high):
            found = statistic(Decimal(bound), x1, n1, x2, n2) * (total - 1) / total
            # Newton stops at a step of 1e-12, and the statistic is at most some tens of times as
            # steep as the bound.
            assert float(found / Z_SQUARED) == pytest.approx(1, rel=1e-10)


def test_katz_bounds_are_his_formula():
    for (x1, n1, x2, n2), low, high in bounds(ratio.katz, *pairs()):
        variance = Decimal(1) / x1 - Decimal(1) / n1 + Decimal(1) / x2 - Decimal(1) / n2
        middle = (Decimal(x1 * n2) / (n1 * x2)).ln()
        half = (variance * Z_SQUARED).sqrt()
        # The logarithm and the root are rounded once each.
        assert low == pytest.approx(float((middle - half).exp()), rel=1e-13)
        assert high == pytest.approx(float((middle + half).exp()), rel=1e-13)


def test_shares_of_events_and_their_ratios_are_fractions():
    x, n, rest_x, rest_n = pairs(200)
    found = composition(x, n, x + rest_x, n + rest_n, rules=ANY)
    low, high = ratio.score(*(part.astype(float) for part in (x, n, rest_x, rest_n)))
    for at, cells in enumerate(zip(x, n, rest_x, rest_n, strict=True)):
        events, students, other_events, other_students = (int(cell) for cell in cells)
        share = Fraction(events, events + other_events)
        base = Fraction(students, students + other_students)
        assert found.event_share.value[at] == pytest.approx(float(share), rel=1e-15)
        assert found.student_share[at] == pytest.approx(float(base), rel=1e-15)
        assert found.ratio.value[at] == pytest.approx(float(share / base), rel=1e-14)
        assert found.difference.value[at] == pytest.approx(float(share - base), abs=1e-15)
        for bound, one in (
            (low[at], (found.event_share.low, found.ratio.low, found.difference.low)),
            (high[at], (found.event_share.high, found.ratio.high, found.difference.high)),
        ):
            weight = Fraction(float(bound)) * students
            limit = weight / (weight + other_students)
            expected = [float(limit), float(limit / base), float(limit - base)]
            # Ours and the test's Newton steps meet at the same float, give or take its last digits.
            assert [part[at] for part in one] == pytest.approx(expected, rel=1e-11, abs=1e-14)
