"""Lists of places that a copy of the site is made from."""

from __future__ import annotations

from typing import Any

import duckdb

from homeroom.evidence import sql


def districts(con: duckdb.DuckDBPyConnection, state: str) -> list[str]:
    """Return the place ids of a state's districts.

    Parameters
    ----------
    con
        Connection to a store.
    state
        Postal abbreviation.
    """
    found = sql.rows(
        con, "SELECT place_id FROM place WHERE kind = 'district' AND state = ?", [state]
    )
    return [str(row[0]) for row in found]


def small_places(con: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """Return id, kind, state, and district of each district and school, in that order.

    Parameters
    ----------
    con
        Connection to a store.
    """
    return sql.rows(
        con,
        "SELECT place_id, kind, state, coalesce(leaid, '') AS leaid FROM place "
        "WHERE kind IN ('district', 'school') AND state IS NOT NULL "
        "ORDER BY state, leaid, place_id",
    )


def searched(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return what a search needs of each place but the nation: id, kind, name, state, within.

    Parameters
    ----------
    con
        Connection to a store.
    """
    return sql.frame(
        con,
        "SELECT place_id, kind, name, state, coalesce(lea_name, county) AS within FROM place "
        "WHERE kind != 'nation' ORDER BY place_id",
    ).to_dicts()
