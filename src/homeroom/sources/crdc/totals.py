"""The file's own totals held against their parts: what catches swapped headers.

OCR adds up the seven races by sex into TOT_ columns. In every official file that was read (99,000
totals of 2013-14, 1.1 million of 2015-16, 1.2 million of 2017-18, 1.3 million of 2020-21) a total
that is a number equals the sum of its parts, with reserve codes as zero, in every row: the changes
for privacy were made before adding. So the tolerance is none. A total that is a code, as where OCR
suppressed a part, or a blank one says nothing of the parts.
"""

from __future__ import annotations

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.crdc.columns import Layout
from homeroom.vocabulary.ids import combokey_of


def check(frame: pl.DataFrame, layout: Layout, name: str) -> tuple[str, ...]:
    """Refuse a file in which a total is not the sum of its parts; return notes.

    Parameters
    ----------
    frame
        One row a school: ``school_no``, and the columns of ``layout.totals`` and their parts.

    Raises
    ------
    BadInput
        The message names the first school and column.
    """
    if not layout.totals:
        return ()
    sums = {
        total: pl.sum_horizontal(pl.col(part).fill_null(0).clip(0) for part in parts)
        for total, parts in layout.totals.items()
    }
    off = {total: (pl.col(total) >= 0) & (pl.col(total) != added) for total, added in sums.items()}
    wrong = frame.select(is_off.sum().alias(total) for total, is_off in off.items()).row(0)
    if not any(wrong):
        return ()
    if (frame.select(pl.max_horizontal(pl.col(list(sums)).max())).item() or 0) <= 0:
        return ("columns of totals are not filled in: they were not held against their parts",)
    total = next(column for column, rows in zip(off, wrong, strict=True) if rows)
    first = frame.filter(off[total]).select("school_no", total, added=sums[total]).row(0)
    raise BadInput(
        f"{name}: school {combokey_of(first[0])}, column {total}: expected the sum of the seven "
        f"races, {first[2]}, found {first[1]}. Columns look moved or values changed; take the file "
        "from its publisher again."
    )
