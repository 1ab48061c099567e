"""Rates, ratios, shares, and differences are equations of the audit."""

from __future__ import annotations

import numpy as np
import pytest

from homeroom.errors import BadInput, HomeroomError
from homeroom.records.publish import CountFile, Dimension, Policy, publish, totals
from homeroom.records.publish.attack import bounds
from homeroom.records.publish.facts import (
    at_most,
    coarse_rate,
    coarse_step,
    counts_within,
    difference,
    exact_rate,
    rate,
    ratio,
    share,
    to_threshold,
)

DIMENSIONS = (Dimension("school", ("school",)), Dimension("race", ("race",)))


@pytest.fixture(scope="module")
def given() -> CountFile:
    rng = np.random.default_rng(11)
    leaves = {
        ((f"S{s}",), (race,)): int(rng.poisson(mean))
        for s in range(6)
        for race, mean in (("B", 7), ("H", 15), ("W", 30))
    }
    return CountFile(DIMENSIONS, leaves, grid=False, cells=totals(leaves, DIMENSIONS))


def ends(release):
    pattern = release.pattern
    return bounds(pattern.system, pattern.hidden, pattern.small)


def smalls(given):
    return [key for key, count in given.leaves.items() if 0 < count < 10]


def test_a_rate_to_a_tenth_gives_the_count_away_and_to_a_percent_often_not() -> None:
    assert list(counts_within(310, "4.2")) == [13]
    assert list(counts_within(310, "4")) == [11, 12, 13]
    told = [len(counts_within(n, exact_rate(4, n))) for n in range(20, 900)]
    assert set(told) == {1}


def test_a_published_rate_that_gives_a_small_count_away_stops_the_release(given) -> None:
    key = smalls(given)[0]
    fact = rate(key, 300, exact_rate(given.cells[key], 300).rstrip("%"))
    with pytest.raises(HomeroomError, match="nothing was written"):
        publish(given, facts=[fact])


def test_a_difference_between_two_counts_is_kept_by_every_witness(given) -> None:
    first, second = smalls(given)[:2]
    gap = given.cells[first] - given.cells[second]
    with_it = publish(given, Policy(minimum=6), facts=[difference(first, second, gap)])
    for low, high in ends(with_it).values():
        assert low <= 1 + 1e-6
        assert high >= 5 - 1e-6


def test_a_part_is_at_most_its_whole(given) -> None:
    inner, whole = (("S0",), ("W",)), (("S0",), ())
    release = publish(given, facts=[at_most(inner, whole)])
    assert release.audit.narrowest == 8
    with pytest.raises(BadInput, match="does not"):
        publish(given, facts=[at_most(whole, inner)])


def test_ratios_shares_and_distances_hold_of_the_counts_they_are_made_of(given) -> None:
    first, second = (("S0",), ("W",)), (("S1",), ("W",))
    a, b = given.cells[first], given.cells[second]
    release = publish(
        given,
        facts=[
            *ratio(first, 400, second, 500, f"{a * 500 / (b * 400):.1f}"),
            *share(first, ((), ("W",)), f"{100 * a / given.cells[(), ('W',)]:.0f}"),
            to_threshold(first, 90 - a, 90),
        ],
    )
    assert release.shown(first) == a  # it can't be hidden: the distance says it
    assert all(low <= 1 + 1e-6 and high >= 9 - 1e-6 for low, high in ends(release).values())
    with pytest.raises(BadInput, match="does not"):
        publish(given, facts=ratio(first, 400, second, 500, "9.9"))


@pytest.mark.parametrize("n", [12, 45, 90, 180, 450, 900, 5000])
def test_every_band_of_a_coarse_rate_holds_the_policys_range(n: int) -> None:
    policy = Policy()
    for count in range(1, 10):
        made = coarse_rate((), count, n, policy)
        if made is None:
            assert coarse_step(n, policy) is None
            continue
        _, fact = made
        assert fact.low is None
        assert fact.high >= 100 * 9  # the fact's weight is 100


def test_coarse_rates_are_published_only_where_the_audit_passes_with_them(given) -> None:
    students = {key: 400 * (1 if all(key) else 6) for key in given.cells}
    counted = CountFile(DIMENSIONS, given.leaves, False, given.cells, students)
    release = publish(counted, coarse_rates=True)
    rows = release.as_dict()["tables"][0]["rows"]
    assert all("rate" in row for row in rows)
    hidden = [row["rate"] for row in rows if row["count"] == "*"]
    assert hidden
    assert all(one == "*" or "%" in one for one in hidden)
    assert all(low <= 1 + 1e-6 and high >= 9 - 1e-6 for low, high in ends(release).values())
    with pytest.raises(BadInput, match="denominators"):
        publish(given, coarse_rates=True)


def test_a_rate_of_a_shown_count_is_rounded_half_up() -> None:
    assert (exact_rate(1, 8), exact_rate(1, 2000), exact_rate(3, 3)) == ("12.5%", "0.1%", "100.0%")
