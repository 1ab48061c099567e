"""Reader of OEWS: people employed and wages by state and occupation, all industries.

Layout: US Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May state
estimates, as CSV with a column of the year. An empty cell, * or ** is an estimate that BLS did not
release. A wage above the highest that BLS prints (#) is refused rather than taken for unknown.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv, require
from homeroom.vocabulary.states import STATES

_COLUMNS = ("year", "PRIM_STATE", "OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEAN", "A_MEDIAN")
_NOT_RELEASED = ("*", "**")
_AGAIN = "Take the file from BLS again."


class Oews:
    """Wages by state."""

    id = "oews"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        names = header(file.head)
        if not set(names) >= {"OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEAN"}:
            return None
        row = header(file.head.partition(b"\n")[2])
        year = row[names.index("year")] if "year" in names and len(row) == len(names) else ""
        if not year.isdecimal() or len(year) != 4:
            raise BadInput(
                f"{file.name}: row 2, column year: expected a year, as in 2023, found {year!r}. "
                f"{_AGAIN}"
            )
        return Recognized(file, self, f"OEWS wages by state, May {year}", "oews", year)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        frame = read_csv(recognized.file.data(), name, _COLUMNS)
        amounts = frame.select(
            pl.col("TOT_EMP", "A_MEAN", "A_MEDIAN").str.strip_chars().replace(
                dict.fromkeys(_NOT_RELEASED)
            )
        )  # fmt: skip
        wage = frame.select(
            parse_numbers(frame["year"], pl.Int64, name=name).alias("year"),
            state=pl.col("PRIM_STATE").str.strip_chars(),
            occupation=pl.col("OCC_CODE").str.strip_chars(),
            title=pl.col("OCC_TITLE").str.strip_chars(),
            employment=parse_numbers(amounts["TOT_EMP"], pl.Int64, name=name),
            mean=parse_numbers(amounts["A_MEAN"], pl.Int64, name=name),
            median=parse_numbers(amounts["A_MEDIAN"], pl.Int64, name=name),
        )
        _check(wage, int(recognized.wave), name)
        keyed = wage.with_columns(place=pl.concat_str("state", "occupation", separator=" "))
        kept, notes = one_each(keyed, "place", name)
        yield Batch("wage", TABLES["wage"].conform(kept.drop("place")), notes)


READERS = (Oews(),)


def _check(wage: pl.DataFrame, year: int, name: str) -> None:
    amounts = ("employment", "mean", "median")
    rules = {
        "year": (pl.col("year") == year, "the year of the first row"),
        "state": (pl.col("state").is_in([*STATES, "US"]), "a postal code"),
        "occupation": (
            pl.col("occupation").str.contains(r"^\d\d-\d{4}$"),
            "a SOC code, as in 21-1012",
        ),
        "title": (pl.col("title").is_not_null(), "an occupation"),
        **{c: (pl.col(c).fill_null(0) >= 0, "a number that is not negative") for c in amounts},
    }
    require(wage, rules, name=name)
