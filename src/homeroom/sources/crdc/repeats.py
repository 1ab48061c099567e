"""A school that stands twice in one file: the fuller row speaks, unless the rows contradict."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.crdc.columns import Layout
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.status import zero_codes

Zeros = Mapping[str, tuple[int, ...]]
"""Column to the codes that stand for zero in it."""


def zeros_of(layout: Layout, wave: str) -> Zeros:
    """Return the columns of a file in which a code stands for zero, and which codes those are.

    Parameters
    ----------
    layout
        The file's columns.
    wave
        The wave whose codes they hold.
    """
    of_blocks = {
        column: zero_codes(wave, element)
        for (element, _part), block in layout.blocks.items()
        for column in block
    }
    of_staff = {column: zero_codes(wave, column) for column in layout.staff}
    return {column: codes for column, codes in (of_blocks | of_staff).items() if codes}


def fuller_rows(
    frame: pl.DataFrame, name: str, zeros: Zeros | None = None
) -> tuple[pl.DataFrame, list[str]]:
    """Return one row a school, and a note where a less complete row was left out.

    A row is fuller than another where it has every figure that the other has, with the same value:
    the other holds reserve codes or blanks in the rest.

    Parameters
    ----------
    frame
        Column ``school_no``; counts and staff as numbers, the rest as strings. No two rows equal.
    name
        The file, for the message.
    zeros
        The columns in which a code stands for zero (:func:`zeros_of`): a figure, not a gap.

    Raises
    ------
    BadInput
        Two rows of one school with different figures; the message names both values.
    """
    twice = frame.with_row_index("_row").filter(pl.col("school_no").is_duplicated())
    if twice.is_empty():
        return frame, []
    gone: list[int] = []
    schools: list[str] = []
    for (number,), rows in twice.group_by("school_no", maintain_order=True):
        school = combokey_of(int(str(number)))
        known = [
            {
                column: _known(value, (zeros or {}).get(column, ()))
                for column, value in row.items()
                if column != "_row"
            }
            for row in rows.iter_rows(named=True)
        ]
        fullest = max(known, key=lambda row: sum(value is not None for value in row.values()))
        for row in known:
            _refuse_contradiction(fullest, row, school, name)
        keep = known.index(fullest)
        gone += [at for place, at in enumerate(rows["_row"]) if place != keep]
        schools.append(school)
    kept = frame.with_row_index("_row").filter(~pl.col("_row").is_in(gone)).drop("_row")
    listed = ", ".join(schools[:5]) + (" and others" if len(schools) > 5 else "")
    return kept, [
        f"{len(gone):,} rows left out that say less than another row of the same school ({listed})"
    ]


def _known(value: object, zeros: tuple[int, ...]) -> object:
    """Return a figure, or None for a blank or a code that stands for no figure."""
    if isinstance(value, int | float):
        if value in zeros:
            return 0
        return value if value >= 0 else None
    text = str(value or "").strip()
    return None if not text or text.startswith("-") else text


def _refuse_contradiction(
    full: dict[str, object], row: dict[str, object], school: str, name: str
) -> None:
    for column, value in row.items():
        if value is not None and value != full[column]:
            other = "a blank or a reserve code" if full[column] is None else full[column]
            raise BadInput(
                f"{name}: school {school} has rows that differ in {column}, {other} in one and "
                f"{value} in another: expected one row a school. Take the file from its publisher "
                "again."
            )
