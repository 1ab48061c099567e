"""The cost table: what staff and equipment cost, who says so, and what comes on top of wages."""

from __future__ import annotations

from typing import Any

import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.research.library_files import Library, load
from homeroom.research.schema import Cost, CostKind

COLUMNS: dict[str, Any] = {
    "cost_id": pl.String,
    "kind": pl.String,
    "item": pl.String,
    "role": pl.String,
    "unit": pl.String,
    "year": pl.String,
    "low": pl.Float64,
    "central": pl.Float64,
    "high": pl.Float64,
    "load_factor": pl.Float64,
    "basis": pl.String,
    "source": pl.String,
    "urls": pl.List(pl.String),
    "location": pl.String,
    "derived": pl.Boolean,
    "derived_from": pl.List(pl.String),
    "verified": pl.Boolean,
    "verified_in": pl.String,
    "notes": pl.String,
}


def costs(
    kind: str | None = None,
    role: str | None = None,
    verified: bool | None = None,  # noqa: FBT001 - a filter like the others
    *,
    library: Library | None = None,
) -> pl.DataFrame:
    """List costs, one row each, with the columns of ``COLUMNS``.

    ``low``, ``central`` and ``high`` are what ``basis`` says: for wages the quartiles over the
    country, elsewhere the range of prices that was found. ``urls`` are the row's own or, for a
    derived row, those of the rows that it comes from.
    """
    shelf = library or load()
    if kind is not None and kind not in list(CostKind):
        raise BadInput(f"expected a kind of cost, found {kind!r}: use one of {', '.join(CostKind)}")
    rows = [
        {name: getattr(one, name, None) for name in COLUMNS}
        | {
            "urls": list(addresses(one, shelf)),
            "derived_from": list(one.derived_from),
            "verified": one.verified.at_source,
            "verified_in": one.verified,
        }
        for one in shelf.costs.values()
        if kind in {None, one.kind}
        and (role is None or role == one.role or role in one.applies_to)
        and verified in {None, one.verified.at_source}
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def cost(cost_id: str, *, library: Library | None = None) -> Cost:
    """Return one cost by its id."""
    shelf = library or load()
    if cost_id not in shelf.costs:
        raise BadInput(
            f"expected a known cost, found {cost_id!r}: use one of {', '.join(shelf.costs)}"
        )
    return shelf.costs[cost_id]


def fringe_load(role: str, *, library: Library | None = None) -> Cost:
    """Return the row whose ``load_factor`` turns this role's wages into total compensation."""
    shelf = library or load()
    for one in shelf.costs.values():
        if one.kind is CostKind.FRINGE and role in one.applies_to and one.verified.at_source:
            return one
    raise NotAvailable(
        f"expected a verified fringe load for {role!r}, found none: name a total cost instead"
    )


def addresses(one: Cost, library: Library) -> tuple[str, ...]:
    """Return the addresses behind a cost, through the rows that it is derived from."""
    behind = [url for name in one.derived_from for url in addresses(library.costs[name], library)]
    return tuple(dict.fromkeys([*one.urls, *behind]))
