"""Children in poverty, by school district: the Census Bureau's SAIPE."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.store import Store


@dataclass(frozen=True, slots=True)
class Poverty:
    """Children of one district's area in one year: model estimates, without intervals.

    Attributes
    ----------
    leaid
        Seven digits.
    year
        Calendar year of the income.
    children, children_poverty
        Children aged 5 to 17 who live in the area, and those of them in families in poverty.
    source
        Publication, file, and SHA-256.
    """

    leaid: str
    year: int
    children: int
    children_poverty: int
    source: str

    @property
    def share(self) -> float | None:
        """Share of the children who are in families in poverty; None where there are none."""
        return self.children_poverty / self.children if self.children else None


def poverty(store: Store, leaid: str) -> list[Poverty]:
    """Return the estimates of a district, the oldest first.

    Parameters
    ----------
    store
        What to ask.
    leaid
        Seven digits; a district of which the store has nothing gives an empty list.
    """
    rows = sql.rows(
        store.con,
        f"""
        SELECT leaid, year, children, children_poverty, {sql.CITED} FROM poverty
        JOIN source_file USING (source_id) WHERE leaid = ? ORDER BY year
        """,
        [leaid],
    )
    return [Poverty(*row) for row in rows]


def latest(store: Store) -> pl.DataFrame:
    """Return every district's estimate of the latest year.

    Returns
    -------
    polars.DataFrame
        ``leaid``, ``name``, ``children``, ``children_poverty``.
    """
    return sql.frame(
        store.con,
        "SELECT leaid, name, children, children_poverty FROM poverty "
        "WHERE year = (SELECT max(year) FROM poverty) ORDER BY leaid",
    )
