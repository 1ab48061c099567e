"""Whether a table is all of a publication, a whole part of it, or cut off.

``known_rows.csv`` holds, for each publication and year that was counted, the rows of each state and
the first id of each (``scripts/count_known_rows.py``). With it a file of whole states is told from
one that was cut: a cut file begins as the publication does and ends too early.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.as_published import raw
from homeroom.sources.base import SourceFile
from homeroom.sources.text import header, read_csv
from homeroom.vocabulary.states import POSTAL_OF_FIPS

_NEARLY = 0.5
"""An extract holds at most this share of a state's rows; with more, the rest was lost."""
_REVISED = {"ccd_lea": 0.03, "ccd_school": 0.03}
"""Share of a state's rows by which a later release of the same year may differ."""
_NATION = 50
"""States that a publication of the whole country has at least."""
_ENOUGH = 50
"""Values of one length that show the length of a column."""
_HEAD = 1 << 16
_BINARY = 1 << 10
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class StateRows:
    """Rows of a state in a publication, and the id of the first, in the publisher's order."""

    rows: int
    first: str


@cache
def known_rows(publication: str, year: str) -> Mapping[str, StateRows]:
    """Return the rows of each state by FIPS number; none where the publication was not counted.

    Parameters
    ----------
    publication
        Id of the reader, as in ``saipe``.
    year
        Year or wave, as the reader writes it.
    """
    text = files("homeroom.sources").joinpath("known_rows.csv").read_text(encoding="utf-8")
    return {
        row["fips"]: StateRows(int(row["rows"]), row["first"])
        for row in csv.DictReader(text.splitlines())
        if (row["publication"], row["year"]) == (publication, year)
    }


def check_rows(ids: pl.Series, publication: str, year: str, name: str) -> tuple[str, ...]:
    """Refuse a file that lost rows; give a note where it is an extract.

    Parameters
    ----------
    ids
        NCES ids, which begin with the state's FIPS number, in the order of the file.
    publication, year
        As in :func:`known_rows`.
    name
        The file, for the message.

    Raises
    ------
    BadInput
        A state has most of its rows or begins as published, but is not whole; or the first states
        of the publication are there and all later ones are not.
    """
    known = known_rows(publication, year)
    if not known:
        return ()
    found = (
        pl.DataFrame({"id": ids})
        .group_by(fips=pl.col("id").str.head(2), maintain_order=True)
        .agg(rows=pl.len(), first=pl.col("id").first())
    )
    slack = _REVISED.get(publication, 0.0)
    extracts = []
    for fips, rows, first in found.rows():
        state = known.get(fips)
        if state is None or rows >= state.rows * (1 - slack):
            continue
        if rows > state.rows * _NEARLY or first == state.first:
            raise BadInput(
                f"{name}: expected the {state.rows:,} rows of {_postal(fips)} in this publication "
                f"({year}), found {rows:,}: the file is cut off or lost rows. Take it from its "
                "publisher again, or give all rows of a state."
            )
        extracts.append(f"{rows:,} of {state.rows:,} rows of {_postal(fips)}")
    held = set(found["fips"])
    _check_order(known, held, year, name)
    whole = len(held & known.keys()) - len(extracts)
    if not extracts and len(held & known.keys()) == len(known):
        return ()
    parts = [f"{whole} of {len(known)} states in full"] if whole else []
    return (f"an extract: {', '.join([*parts, *extracts[:3]])}",)


def sums_of(frame: pl.DataFrame, columns: Sequence[str]) -> dict[str, float]:
    """Return the sum of what is not negative in each column, to hundredths."""
    parts = [(pl.col(c).clip(0) * 100).round().cast(pl.Int64).sum().alias(c) for c in columns]
    return {c: total / 100 for c, total in frame.select(parts).row(0, named=True).items()}


def check_sums(
    frame: pl.DataFrame, columns: Sequence[str], publication: str, year: str, name: str
) -> None:
    """Refuse a whole publication whose columns do not add up to what they are known to.

    Parameters
    ----------
    frame
        The rows read. With fewer than the publication has, it is an extract and passes.
    columns
        Columns of numbers to add up; codes below zero are left out.
    publication, year
        As in :func:`known_rows`.
    name
        The file, for the message.

    Raises
    ------
    BadInput
        A sum differs; the message names the column and both sums.
    """
    rows = sum(state.rows for state in known_rows(publication, year).values())
    if frame.height != rows:
        return
    known = known_sums(publication, year)
    for column, found in sums_of(frame, columns).items():
        if column in known and found != known[column]:
            raise BadInput(
                f"{name}: expected the {rows:,} rows of {year} to add up to "
                f"{known[column]:,.2f} in {column}, found {found:,.2f}: the file is "
                "damaged or was changed. Take it from its publisher again."
            )


@cache
def known_sums(publication: str, year: str) -> Mapping[str, float]:
    """Return what columns of a whole publication add up to; none where it was not counted.

    Parameters
    ----------
    publication, year
        As in :func:`known_rows`.
    """
    text = files("homeroom.sources").joinpath("known_sums.csv").read_text(encoding="utf-8")
    return {
        row["column"]: float(row["sum"])
        for row in csv.DictReader(text.splitlines())
        if (row["publication"], row["year"]) == (publication, year)
    }


def _check_order(known: Mapping[str, StateRows], held: set[str], year: str, name: str) -> None:
    """Refuse the first states of the publication without any of the later ones."""
    order = sorted(known)
    first = [fips for fips in order if fips in held]
    if len(order) >= _NATION and 1 < len(first) < len(order) and first == order[: len(first)]:
        raise BadInput(
            f"{name}: expected all {len(order)} states of this publication ({year}), found the "
            f"first {len(first)} of them, {_postal(first[0])} to {_postal(first[-1])}: the file "
            "is cut off. Take it from its publisher again, or give one state's rows."
        )


def _postal(fips: str) -> str:
    return POSTAL_OF_FIPS.get(fips, f"state {fips}")


def check_end(file: SourceFile, separator: str = ",") -> tuple[str, ...]:
    """Refuse text whose last value may be cut short; give a note where it is shown to be whole.

    A file that was cut inside its last value still has rows of the right width. The last value is
    whole where a line break or a closing quote follows it, or where it is as long as every other
    value of its column.

    Parameters
    ----------
    file
        A table as text; a file in a binary format passes.
    separator
        What stands between its values once it is read.

    Raises
    ------
    BadInput
        Nothing shows that the last value is whole.
    """
    published = raw(file)
    if published[:2] not in _UTF_16 and b"\0" in published[:_BINARY]:
        return ()  # not text: what it is packed in tells its end
    end_of_file = published[-_BINARY:].replace(b"\0", b"")  # the second bytes of UTF-16
    if not end_of_file or end_of_file.endswith((b"\n", b"\r")):
        return ()
    note = ("no line break after the last row; the row is whole",)
    if end_of_file.endswith(b'"'):
        return note
    data, name = file.data(), file.name
    last = header(data[:_HEAD], separator)[-1]
    values = read_csv(data, name, [last], separator)[last]
    end = values[-1]
    others = values[:-1].drop_nulls()
    if end and len(others) >= _ENOUGH and set(others.str.len_chars()) == {len(end)}:
        return note
    raise BadInput(
        f"{name}: expected a line break after the last row, found none: its last value, "
        f"{end or ''!r} in column {last}, may be cut short. Take the file from its publisher "
        "again; if it is whole, add a line break to its end."
    )
