"""What districts take in and spend: the school district finance survey (F-33)."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from homeroom.evidence import sql
from homeroom.evidence.store import Store
from homeroom.vocabulary.finance import CODES, ITEMS

MEMBERSHIP = "V33"


@dataclass(frozen=True, slots=True)
class Finance:
    """One item of one district in one fiscal year.

    Attributes
    ----------
    leaid
        Seven digits.
    fiscal_year
        The year in which the fiscal year ends.
    item, label
        Id of F-33, and its name: see :data:`homeroom.vocabulary.finance.ITEMS`.
    amount
        Dollars; students for ``V33``. None where there is no number.
    reason
        Why there is no number; None where there is one.
    source
        Publication, file, and SHA-256.
    """

    leaid: str
    fiscal_year: int
    item: str
    label: str
    amount: int | None
    reason: str | None
    source: str


def finance(store: Store, leaid: str) -> list[Finance]:
    """Return every item of a district: by fiscal year, then in the order of the survey.

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
        SELECT leaid, fiscal_year, item, amount, code, {sql.CITED} FROM finance
        JOIN source_file USING (source_id) WHERE leaid = ? ORDER BY fiscal_year
        """,
        [leaid],
    )
    order = list(ITEMS)
    found = [
        Finance(
            lea,
            year,
            item,
            ITEMS[item],
            amount,
            None if amount is not None else CODES[code],
            source,
        )
        for lea, year, item, amount, code, source in rows
        if item in ITEMS
    ]
    return sorted(found, key=lambda one: (one.fiscal_year, order.index(one.item)))


def membership(store: Store) -> pl.DataFrame:
    """Return the students of every district in the latest fiscal year.

    Returns
    -------
    polars.DataFrame
        ``leaid`` and ``students`` (fall membership; null where the survey gives none).
    """
    return sql.frame(
        store.con,
        "SELECT leaid, amount AS students FROM finance WHERE item = ? "
        "AND fiscal_year = (SELECT max(fiscal_year) FROM finance) ORDER BY leaid",
        [MEMBERSHIP],
    )
