"""Wages by occupation and state: the Bureau of Labor Statistics' OEWS."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.evidence import sql
from homeroom.evidence.store import Store


@dataclass(frozen=True, slots=True)
class Wage:
    """The yearly wage of one occupation in one state, over all industries.

    Attributes
    ----------
    year
        Wages are of May of this year.
    state
        Postal code.
    occupation, title
        Code and name of the Standard Occupational Classification.
    median, mean
        Dollars a year, before benefits; None where BLS publishes none.
    source
        Publication, file, and SHA-256.
    """

    year: int
    state: str
    occupation: str
    title: str
    median: int | None
    mean: int | None
    source: str

    @property
    def row_id(self) -> str:
        """The id by which prices cite the row."""
        return f"wage:{self.year}:{self.state}:{self.occupation}"


def wages(store: Store, state: str) -> list[Wage]:
    """Return the wages of a state: by occupation, the newest first.

    Parameters
    ----------
    store
        What to ask.
    state
        Postal code; a state of which the store has nothing gives an empty list.
    """
    rows = sql.rows(
        store.con,
        f"""
        SELECT year, state, occupation, wage.title, median, mean, {sql.CITED} FROM wage
        JOIN source_file USING (source_id) WHERE state = ? ORDER BY occupation, year DESC
        """,
        [state],
    )
    return [Wage(*row) for row in rows]


def median_wage(store: Store, occupation: str, state: str) -> Wage | None:
    """Return the newest wage with a median, or None where BLS publishes none.

    Parameters
    ----------
    store
        What to ask.
    occupation
        Code of the Standard Occupational Classification, as 21-1012.
    state
        Postal code.
    """
    known = (
        one
        for one in wages(store, state)
        if one.occupation == occupation and one.median is not None
    )
    return next(known, None)
