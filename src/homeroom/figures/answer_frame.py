"""Data frames that show their numbers first: counts, rates, and intervals before long texts.

Every column is there; only the display chooses. Whoever filters or joins gets a plain frame.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

_LEAD = (
    "place", "name", "state", "wave", "measure", "group", "role", "set", "officer", "schools",
    "count", "students", "events", "rate_per_10000", "value", "ratio", "fte", "students_per_fte",
    "share", "low", "high", "status", "coverage", "doubtful",
)  # fmt: skip
"""Columns to show, in the order that people read them."""


class AnswerFrame(pl.DataFrame):
    """A Polars data frame whose display shows the columns with the numbers."""

    def __repr__(self) -> str:
        """Return the lead columns as a table, and the names of the others."""
        return self._told(str, "\n{}")

    __str__ = __repr__

    def _repr_html_(self, *, _from_series: bool = False) -> str:
        """Return the same for a notebook."""
        return self._told(pl.DataFrame._repr_html_, "<p>{}</p>")

    def _told(self, show: Callable[[pl.DataFrame], str], more: str) -> str:
        plain = pl.DataFrame(self)
        lead = [name for name in _LEAD if name in plain.columns] or plain.columns
        rest = [name for name in plain.columns if name not in lead]
        with pl.Config(tbl_cols=-1, tbl_width_chars=220, fmt_str_lengths=24):
            text = show(plain.select(lead))
        return text + more.format(f"{len(rest)} more columns: {', '.join(rest)}") if rest else text
