"""The peers to show for a place: the nearest anywhere, or in its state where those lack figures.

Which of the two is decided by what is in the store, never by what the figures say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.peers import Counts, counted, peers, ranked
from homeroom.figures.question import Question


@dataclass(frozen=True, slots=True)
class Near:
    """Peers in the order of likeness, the place itself first.

    Attributes
    ----------
    rows
        As :func:`homeroom.figures.peers.peers` gives them.
    counts
        Measure to what was counted in each place, and among how many students; the first decides.
    state
        The state that the peers were kept to, or None.
    figures
        Measure to the rates of the places, in the order of ``rows``.
    """

    rows: list[dict[str, Any]]
    counts: dict[str, Counts]
    state: str | None = None
    figures: dict[str, list[Figure]] = field(default_factory=dict)

    def figure(self, measure: str) -> Figure | None:
        """Return the place's own rate, with what it speaks for."""
        known = self.figures.get(measure)
        return known[0] if known else None

    def standing(self, measure: str) -> dict[str, Any]:
        """Say where the place stands: see :func:`homeroom.figures.peers.standing`."""
        return ranked(self.rows[0]["place"], self.counts[measure])

    @property
    def with_a_rate(self) -> int:
        """Peers that have a figure of the first measure."""
        first = next(iter(self.counts))
        return int(self.standing(first)["peers_with_a_rate"])


@dataclass(frozen=True, slots=True)
class Kept:
    """What is the same for every place of a kind, for a caller that asks often.

    Attributes
    ----------
    features
        What :func:`homeroom.figures.peers.features` gives.
    counts
        Measure to what every place counted; a place left out has no figure. Without a measure
        that is asked for, its places are counted anew.
    """

    features: pl.DataFrame
    counts: Mapping[str, Counts]


def near(
    store: Store,
    place: str,
    wave: str,
    measures: Sequence[str],
    *,
    count: int = 10,
    policy: str = "published",
    kept: Kept | None = None,
) -> Near | None:
    """Find peers; where fewer than half have the first measure, in the same state if more do there.

    Parameters
    ----------
    kept
        Features and counts of all places of that kind, of the same wave and policy.

    Returns
    -------
    Near or None
        None where the place has no features to be alike in.
    """
    known = kept.features if kept else None
    try:
        frames = [peers(store, place, count=count, known=known)]
        if place_range(place).kind == "district":
            frames.append(peers(store, place, count=count, same_state=True, known=known))
    except NotAvailable:
        return None
    union = list(dict.fromkeys(one for frame in frames for one in frame["place"]))
    counts: dict[str, Counts] = {}
    for one in measures:
        if kept and one in kept.counts:
            counts[one] = {place: kept.counts[one].get(place) for place in union}
        else:  # once for both choices
            counts[one] = counted(store, union, one, wave, policy=policy)
    anywhere, *nearby = [_among(frame, counts) for frame in frames]
    few = anywhere.with_a_rate * 2 < count
    chosen = anywhere
    if few and nearby and nearby[0].with_a_rate > anywhere.with_a_rate:
        chosen = replace(nearby[0], state=str(frames[1]["state"][0]))
    return replace(chosen, figures=_figures(store, chosen, wave, measures, policy))


def _figures(
    store: Store, chosen: Near, wave: str, measures: Sequence[str], policy: str
) -> dict[str, list[Figure]]:
    places = [str(row["place"]) for row in chosen.rows]
    asked = [
        Question(m, place=place, wave=wave, policy=policy) for m in measures for place in places
    ]
    found, size = answer(store, asked), len(places)
    return {one: found[at * size : (at + 1) * size] for at, one in enumerate(measures)}


def _among(frame: pl.DataFrame, counts: Mapping[str, Counts]) -> Near:
    places = frame["place"].to_list()
    own: dict[str, Counts] = {
        one: {place: every[place] for place in places} for one, every in counts.items()
    }
    return Near(frame.to_dicts(), own)
