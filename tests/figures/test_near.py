"""Which peers are shown: the nearest, or those of the state where the nearest lack figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeroom.figures import peers
from homeroom.figures.nearest import Kept, near

if TYPE_CHECKING:
    from homeroom.api import Homeroom

AUSTIN, LOS_ANGELES = "lea:4808940", "lea:0622710"


def test_where_most_peers_lack_figures_those_of_the_state_are_shown(room: Homeroom) -> None:
    found = near(room.store, AUSTIN, "2017-18", ("arrests",))
    assert found is not None
    assert found.state == "TX"
    assert {row["state"] for row in found.rows} == {"TX"}
    assert found.rows[0]["place"] == AUSTIN
    anywhere = peers.peers(room.store, AUSTIN)["place"].to_list()
    counts = peers.counted(room.store, anywhere, "arrests", "2017-18")
    assert sum(one is not None for one in counts.values()) * 2 < len(anywhere)


def test_where_the_state_helps_no_more_the_nearest_stay(room: Homeroom) -> None:
    found = near(room.store, LOS_ANGELES, "2017-18", ("arrests",))
    assert found is not None
    assert found.state is None
    assert len({row["state"] for row in found.rows}) > 3


def test_the_first_measure_decides_and_all_are_counted_for_the_same_places(room: Homeroom) -> None:
    found = near(room.store, AUSTIN, "2017-18", ("arrests", "referrals"))
    assert found is not None
    places = [row["place"] for row in found.rows]
    for measure in ("arrests", "referrals"):
        assert list(found.counts[measure]) == places
        alone = peers.standing(room.store, AUSTIN, places[1:], measure, "2017-18")
        assert found.standing(measure) == alone


def test_what_is_kept_changes_nothing(room: Homeroom) -> None:
    every = peers.every_district(room.store, "arrests", "2017-18")
    kept = Kept(peers.features(room.store, "district"), {"arrests": every})
    for place in (AUSTIN, LOS_ANGELES, "lea:4807590"):
        quick = near(room.store, place, "2017-18", ("arrests",), kept=kept)
        assert quick == near(room.store, place, "2017-18", ("arrests",))


def test_a_place_without_features_has_no_peers(room: Homeroom) -> None:
    assert near(room.store, "US-BI", "2017-18", ("arrests",)) is None
