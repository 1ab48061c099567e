"""The peers to show for a place: the nearest anywhere, or in its state where those lack figures.

Which of the two is decided by what is at hand, never by what the figures say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.evidence.spans import span
from homeroom.measures.peers import Counted, counted, peers, ranked


@dataclass(frozen=True, slots=True)
class Near:
    """Peers in the order of likeness, the place itself first.

    Attributes
    ----------
    rows
        As :func:`homeroom.measures.peers.peers` gives them.
    counts
        Measure to what was counted in each place, and among how many students.
    standing
        Measure to what :func:`homeroom.measures.peers.standing` says of it.
    state
        The state that the peers were kept to, or None.
    """

    rows: list[dict[str, Any]]
    counts: dict[str, Counted]
    standing: dict[str, dict[str, Any]]
    state: str | None


def near(
    con: duckdb.DuckDBPyConnection,
    place: str,
    wave: str,
    measures: Sequence[str],
    *,
    count: int = 10,
    policy: str = "published",
    known: pl.DataFrame | None = None,
) -> Near | None:
    """Find peers; where fewer than half have the first measure, in the same state if more do there.

    Parameters
    ----------
    known
        The features of all places of that kind, where the caller keeps them.

    Returns
    -------
    Near or None
        None where the place has no features to be alike in.
    """
    try:
        frames = [peers(con, place, count=count, known=known)]
        if span(place).kind == "district":
            frames.append(peers(con, place, count=count, same_state=True, known=known))
    except NotAvailable:
        return None
    # Counted once for both choices: a district's page waits for this.
    union = list(dict.fromkeys(one for frame in frames for one in frame["place_id"]))
    counts = {one: counted(con, union, one, wave, policy=policy) for one in measures}
    anywhere, *nearby = [_among(frame, counts) for frame in frames]
    with_rate = _with_rate(anywhere)
    if with_rate * 2 < count and nearby and _with_rate(nearby[0]) > with_rate:
        return replace(nearby[0], state=str(frames[1]["state"][0]))
    return anywhere


def _with_rate(found: Near) -> int:
    first = next(iter(found.standing.values()))
    return int(first["peers_with_a_rate"])


def _among(frame: pl.DataFrame, counts: Mapping[str, Counted]) -> Near:
    places = frame["place_id"].to_list()
    own = {one: {place: every[place] for place in places} for one, every in counts.items()}
    stands = {one: ranked(places[0], found) for one, found in own.items()}
    return Near(frame.to_dicts(), own, stands, None)
