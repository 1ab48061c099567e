"""The peers to show for a place: the nearest anywhere, or in its state where those lack figures.

Which of the two is decided by what is at hand, never by what the figures say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.measures.peers import peers, standing


@dataclass(frozen=True, slots=True)
class Near:
    """Peers in the order of likeness, the place itself first.

    Attributes
    ----------
    rows
        As :func:`homeroom.measures.peers.peers` gives them.
    standing
        Measure to what :func:`homeroom.measures.peers.standing` says of it.
    state
        The state that the peers were kept to, or None.
    """

    rows: list[dict[str, Any]]
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
    asked = (con, place, wave, tuple(measures), count, policy, known)
    try:
        anywhere = _found(*asked, same_state=False)
        with_rate = _with_rate(anywhere)
        if with_rate * 2 >= count or not place.startswith("lea:"):
            return anywhere
        nearby = _found(*asked, same_state=True)
    except NotAvailable:
        return None
    return nearby if _with_rate(nearby) > with_rate else anywhere


def _with_rate(found: Near) -> int:
    first = next(iter(found.standing.values()))
    return int(first["peers_with_a_rate"])


def _found(
    con: duckdb.DuckDBPyConnection,
    place: str,
    wave: str,
    measures: tuple[str, ...],
    count: int,
    policy: str,
    known: pl.DataFrame | None,
    *,
    same_state: bool,
) -> Near:
    frame = peers(con, place, count=count, same_state=same_state, known=known)
    others = frame["place_id"][1:].to_list()
    stands = {one: standing(con, place, others, one, wave, policy=policy) for one in measures}
    return Near(frame.to_dicts(), stands, frame["state"][0] if same_state else None)
