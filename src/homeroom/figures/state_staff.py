"""Adults of whole states as OCR's state tables give them: totals that hide gaps within a state."""

from __future__ import annotations

import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.figures.query_cache import QueryCache
from homeroom.vocabulary.roles import ROLES


def state_shortfalls(store: Store, wave: str) -> pl.DataFrame:
    """Return how many adults each state's total lies below the recommended level.

    Schools with too many make up for schools with too few, so the shortfall is a lower bound.

    Parameters
    ----------
    store
        What to ask.
    wave
        CRDC wave; one without a state table of staff gives no rows.

    Returns
    -------
    polars.DataFrame
        ``state`` (postal code), ``role``, and ``short`` in full-time equivalents, for roles with
        a recommended level and states with an official enrollment.
    """
    official = QueryCache.of(store).official
    rows = sql.rows(
        store.con,
        "SELECT state, role, sum(fte::DECIMAL(18, 4))::DOUBLE FROM official_staff "
        "WHERE wave = ? AND state <> 'US' GROUP BY state, role ORDER BY state, role",
        [wave],
    )
    found = []
    for state, role, fte in rows:
        level, students = ROLES[role].recommended, official.of(state, wave)
        if level and students and fte is not None:
            found.append((state, role, max(students / level - fte, 0.0)))
    names = {"state": pl.String, "role": pl.String, "short": pl.Float64}
    return pl.DataFrame(found, schema=names, orient="row")
