"""Which places are peers: the distance by hand, and who is too little known to be one."""

from __future__ import annotations

import math
from typing import cast

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.figures.peers import FEATURES, WEIGHTS, Counted, peers, ranked

ME = "lea:4800001"
OTHERS = [f"lea:480000{n}" for n in range(2, 6)]
SAME = {
    "log_students": 3.0, "grades": 12.0, "urban": 1.0, "urban_size": 1.0, "poverty": 0.2,
    "black": 0.2, "hispanic": 0.3, "white": 0.4,
}  # fmt: skip


def places(*changes: dict[str, float | None], states: str = "TTTTT") -> pl.DataFrame:
    """Return the features of a place and of others; all are alike but for the changes."""
    rows = [
        {"place_id": place, "name": place, "state": state, "students": 1000} | SAME | change
        for place, state, change in zip(
            [ME, *OTHERS][: len(changes)], states, changes, strict=False
        )
    ]
    numbers = dict.fromkeys(FEATURES, pl.Float64)
    return pl.DataFrame(rows, schema_overrides=numbers)


def found(table: pl.DataFrame, **options) -> dict[str, float]:
    nothing = cast("Store", None)  # nothing is read: the features are given
    frame = peers(nothing, ME, known=table, **options)
    return dict(frame.select("place", "distance").rows())


def test_a_place_that_shares_less_than_half_of_the_weight_is_not_a_peer() -> None:
    weights = {"poverty": 2.0, "black": 1.0, "hispanic": 1.0}
    half, less = {"poverty": None}, {"poverty": None, "black": None}
    assert list(found(places({}, half, less), weights=weights)) == [ME, OTHERS[0]]


def test_half_of_the_default_weights_is_enough_and_a_little_less_is_not() -> None:
    assert sum(WEIGHTS.values()) == 7.5
    # Without 2.0 + 1.5 + 0.25 = 3.75, exactly half is left; then a quarter less.
    half = dict.fromkeys(("log_students", "poverty", "urban_size"))
    less = dict.fromkeys(("log_students", "poverty", "grades"))
    assert list(found(places({}, half, less))) == [ME, OTHERS[0]]


def test_half_is_of_what_is_known_of_the_place_itself() -> None:
    mine = dict.fromkeys(("log_students", "poverty", "urban", "urban_size", "grades"))
    # Of the place itself only the three shares of races are known: 2.25; two of them are enough.
    table = places(mine, {"white": None}, {"white": None, "black": None})
    assert list(found(table)) == [ME, OTHERS[0]]


def test_distance_is_the_weighted_root_mean_square_of_gaps_in_standard_deviations() -> None:
    table = places({}, {"poverty": 0.3}, {"poverty": 0.5, "urban": 3.0}, {"urban": 4.0})
    spread = pl.Series([0.2, 0.3, 0.5, 0.2]).std(ddof=0)
    distance = found(table, weights={"poverty": 1.5, "urban": 1.0})
    expected = {
        ME: 0.0,
        OTHERS[0]: math.sqrt(1.5 * (0.1 / spread) ** 2 / 2.5),
        OTHERS[1]: math.sqrt((1.5 * (0.3 / spread) ** 2 + 2.0**2) / 2.5),
        # Locale has its own unit: from city to rural is three steps.
        OTHERS[2]: math.sqrt(3.0**2 / 2.5),
    }
    assert distance == pytest.approx(expected)


def test_the_place_comes_first_and_the_nearest_next_with_ties_by_id() -> None:
    table = places({"poverty": 0.3}, {"poverty": 0.9}, {"poverty": 0.3}, {"poverty": 0.4},
                   {"poverty": 0.4})  # fmt: skip
    assert list(found(table)) == [ME, OTHERS[1], OTHERS[2], OTHERS[3], OTHERS[0]]
    assert list(found(table, count=2)) == [ME, OTHERS[1], OTHERS[2]]
    table = places({}, {}, {}, states="TOT")
    assert list(found(table, same_state=True)) == [ME, OTHERS[1]]


@pytest.mark.parametrize(
    ("weights", "words"),
    [({"wealth": 1}, "wealth"), ({"poverty": -1}, "from 0 up"), ({"poverty": 0}, "above 0")],
)
def test_weights_that_mean_nothing_are_refused(weights, words) -> None:
    with pytest.raises(BadInput, match=words):
        found(places({}, {}), weights=weights)


def test_a_rank_counts_ties_as_half_and_leaves_places_without_a_rate_out() -> None:
    told = {"me": (10, 1000), "a": (5, 1000), "b": (20, 2000), "c": (30, 1000)}
    counts = {name: Counted(*pair) for name, pair in told.items()} | {"d": None}
    told = ranked("me", counts)
    assert (told["lower"], told["equal"], told["peers_with_a_rate"]) == (1, 1, 3)
    assert told["percentile"] == pytest.approx(50)
    assert told["rate_per_10000"] == pytest.approx(100)
    assert told["peers"]["d"] is None
    nobody = ranked("d", {"d": None, "a": Counted(5, 1000)})
    assert (nobody["lower"], nobody["percentile"]) == (None, None)


def test_a_doubtful_figure_takes_no_part_in_ranks_and_is_counted_apart() -> None:
    counts = {"me": Counted(10, 1000), "a": Counted(5, 1000), "b": Counted(900, 1000, True)}
    told = ranked("me", counts)
    assert (told["lower"], told["peers_with_a_rate"], told["doubtful_peers"]) == (1, 1, 1)
    assert told["peers"]["b"] is None
    mine = ranked("b", counts)
    assert mine["doubtful"]
    assert mine["lower"] is None
    assert mine["rate_per_10000"] == 9000
