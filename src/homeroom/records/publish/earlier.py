"""Earlier releases: what readers already hold, as far as it concerns the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from homeroom.errors import BadInput
from homeroom.records.publish.cells import Dimension, Key
from homeroom.records.publish.reading import COUNT, count_of, read_rows
from homeroom.text_gate import shown

_TOTALS = {"total", "totals", "all"}


def read_published(
    path: Path, dimensions: tuple[Dimension, ...], marker: str
) -> dict[Key, int | None]:
    """Return the cells of a published CSV: the count shown, or None where it was hidden.

    Parameters
    ----------
    path
        With the columns of the dimensions, or some of them, and ``count``; a column that is not
        there is a total.
    dimensions
        Of the exact counts.
    marker
        The sign for a hidden cell.

    Raises
    ------
    BadInput
        It is no such file.
    """
    found: dict[Key, int | None] = {}
    for line, (key, text) in enumerate(printed(path, dimensions), 2):
        found[key] = None if text == marker else count_of(text, f"{shown(path.name)}, row {line}")
    return found


def printed(path: Path, dimensions: tuple[Dimension, ...]) -> Iterator[tuple[Key, str]]:
    """Return the cells of a published CSV and what stands in them.

    Parameters
    ----------
    path, dimensions
        As for :func:`read_published`.

    Raises
    ------
    BadInput
        It is no such file.
    """
    header, rows = read_rows(path)
    names = {name for one in dimensions for name in one.columns}
    unknown = set(header) - names - {COUNT, "rate", "denominator"}
    if COUNT not in header or unknown:
        raise BadInput(
            f"{shown(path.name)}: expected the columns {', '.join(sorted(names))} and {COUNT}, "
            f"found {', '.join(header)}."
        )
    at = {name: place for place, name in enumerate(header)}
    for row in rows:
        key = tuple(
            tuple(
                row[at[name]].removeprefix("'")
                for name in one.columns
                if name in at and row[at[name]].casefold() not in _TOTALS
            )
            for one in dimensions
        )
        yield key, row[at[COUNT]]
