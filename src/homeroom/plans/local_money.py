"""New local money in words and numbers: the figure on which a board decides, with its range.

Where it is not known who pays the officers there is no one figure: both cases stand side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from homeroom.plans.ledger import Books
from homeroom.plans.money import Cents, Year, dollars
from homeroom.plans.uncertainty import DRAWN, share_above

NOT_KNOWN = (
    "Who pays the officers is not known, so no saving is given. Say it with `paid_by`: both cases "
    "stand here."
)


def spread(values: Cents, *, ranged: bool = True) -> dict[str, float | None]:
    """Return low, central and high of an amount whose first entry is the central one.

    Parameters
    ----------
    values
        The central amount, then the draws.
    ranged
        Whether a price behind it has a range; else low and high are None.
    """
    central = int(values[0])
    if not ranged:
        return {"low": None, "central": dollars(central), "high": None}
    low, high = np.quantile(values[1:], [0.025, 0.975], method="inverted_cdf")
    return {
        "low": dollars(min(int(low), central)),
        "central": dollars(central),
        "high": dollars(max(int(high), central)),
    }


def rows(found: Sequence[Books]) -> list[dict[str, Any]]:
    """Return the books at central prices, a row a year, in dollars, with every case's range."""
    return [_row(found, number) for number in range(len(found[0].years))]


def _row(found: Sequence[Books], number: int) -> dict[str, Any]:
    years = [one.years[number] for one in found]
    first = years[0]
    known = len(found) == 1
    return {
        "year": first.year,
        "spent": dollars(int(first.total[0])),
        "officers_and_guards_today": dollars(int(first.today[0])),
        "grant": dollars(int(first.grant[0])) if _one(years) else None,
        "new_local_money": dollars(int(first.local[0])) if known else None,
        "paid_elsewhere": (
            {payer: dollars(int(money[0])) for payer, money in first.elsewhere.items()}
            if known else None
        ),
        "cases": [
            {"case": one.case.name, "if": one.case.words, "grant": dollars(int(year.grant[0]))}
            | local(year.local)
            for one, year in zip(found, years, strict=True)
        ],
        "lines": {name: dollars(int(part[0])) for name, part in first.spent.items()},
    }  # fmt: skip


def _one(years: Sequence[Year]) -> bool:
    return all(np.array_equal(year.grant, years[0].grant) for year in years)


def local(values: Cents) -> dict[str, Any]:
    """Return new local money with its range, and in how many draws it is above zero."""
    ranged = bool((values[1:] != values[0]).any())
    return {
        "new_local_money": spread(values, ranged=ranged),
        "share_of_draws_above_zero": share_above(values, known=ranged),
    }


def summary(found: Sequence[Books]) -> dict[str, Any]:
    """Return new local money over all years, case by case, with what its range is."""
    known = len(found) == 1
    return {
        "payer_known": found[0].case.known,
        "depends_on_payer": not known,
        "note": None if known else NOT_KNOWN,
        "range_is": DRAWN,
        "cases": [
            {"case": one.case.name, "if": one.case.words} | local(one.local) for one in found
        ],
    }
