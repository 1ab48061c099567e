"""Reader of EDGE geocodes: name, county, locale and coordinates of every public LEA.

Layout: NCES EDGE, public school and LEA file, 2018-19 workbook. The state is the one that the id
begins with (OPSTFIPS); STATE is that of the office, which for some agencies lies elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.sheets import below_header, first_sheet, first_words
from homeroom.sources.tables import TABLES
from homeroom.sources.text import one_each, parse_numbers, repair_id, require, school_year
from homeroom.sources.wholeness import check_rows
from homeroom.vocabulary.states import POSTAL_OF_FIPS

_COLUMNS = {
    name: name
    for name in (
        "LEAID", "NAME", "OPSTFIPS", "CITY", "CNTY", "NMCNTY", "LAT", "LON", "LOCALE", "SCHOOLYEAR",
    )
}  # fmt: skip
_MARKS = (b">LEAID<", b">OPSTFIPS<", b">NMCNTY<", b">LOCALE<")
_YEAR = re.compile(rb">((?:19|20)\d\d-(?:19|20)\d\d)<")
_ABSENT = ("N", "M", "-1", "-2")
_AGAIN = "Take the file from NCES again."


class EdgeLeas:
    """Geocodes of LEAs."""

    id = "edge"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        words = first_words(file)
        if not all(mark in words for mark in _MARKS) or b">NCESSCH<" in words:
            return None
        found = _YEAR.search(words)
        if found is None or (year := school_year(found[1].decode())) is None:
            raise BadInput(
                f"{file.name}: column SCHOOLYEAR: expected a school year, as in 2018-2019, found "
                f"none. {_AGAIN}"
            )
        return Recognized(file, self, f"EDGE geocodes of LEAs, {year}", "edge", year)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        frame = below_header(first_sheet(recognized.file), 0, _COLUMNS, name)
        frame = frame.with_columns(
            repair_id(frame["LEAID"], 7, name=name),
            repair_id(frame["OPSTFIPS"], 2, name=name),
            *(pl.col(c).replace(dict.fromkeys(_ABSENT)) for c in ("CNTY", "NMCNTY", "LOCALE")),
        )
        frame = frame.with_columns(
            state=pl.col("OPSTFIPS").replace_strict(POSTAL_OF_FIPS, default=None),
            CNTY=pl.col("CNTY").str.zfill(5),
            LAT=parse_numbers(frame["LAT"], pl.Float64, name=name),
            LON=parse_numbers(frame["LON"], pl.Float64, name=name),
        )
        _check(frame, recognized.wave, name)
        frame, notes = one_each(frame, "LEAID", name)
        notes += check_rows(frame["LEAID"], self.id, recognized.wave, name)
        district = frame.select(
            "state",
            year=pl.lit(recognized.wave),
            leaid="LEAID",
            name="NAME",
            city="CITY",
            county="NMCNTY",
            county_fips="CNTY",
            locale="LOCALE",
            latitude="LAT",
            longitude="LON",
        )
        yield Batch("district", TABLES["district"].conform(district), notes)


READERS = (EdgeLeas(),)


def _check(frame: pl.DataFrame, year: str, name: str) -> None:
    """Refuse rows whose parts contradict each other, as after sorting one column alone."""
    years = frame["SCHOOLYEAR"].map_elements(school_year, return_dtype=pl.String)
    locale, county = pl.col("LOCALE"), pl.col("CNTY")
    rules = {
        "SCHOOLYEAR": (pl.lit(years) == year, "the year of the first row"),
        "OPSTFIPS": (pl.col("state").is_not_null(), "the number of a state"),
        "LEAID": (
            pl.col("LEAID").str.starts_with(pl.col("OPSTFIPS")),
            "an id that begins with OPSTFIPS",
        ),
        "NAME": (pl.col("NAME").is_not_null(), "a name"),
        "CNTY": (
            county.is_null() | county.str.contains(r"^[0-9]{5}$"),
            "a county number of 5 digits",
        ),
        "LOCALE": (
            locale.is_null() | locale.str.contains(r"^[1-4][1-3]$"),
            "a locale code from 11 to 43",
        ),
        "LAT": (pl.col("LAT").fill_null(0).is_between(-90, 90), "degrees from -90 to 90"),
        "LON": (pl.col("LON").fill_null(0).is_between(-180, 180), "degrees from -180 to 180"),
    }
    require(frame, rules, name=name)
