"""Reader of SAIPE: population and children in poverty by school district.

Layout: US Census Bureau, Small Area Income and Poverty Estimates, school district workbooks
(ussd17.xls, ussd23.xls): a line with the year, then the headings. The 7-digit LEAID is state FIPS
and the 5-digit district.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources import saipe_api
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.sheets import below_header, first_sheet, first_words, is_old_workbook
from homeroom.sources.tables import TABLES
from homeroom.sources.text import one_each, parse_numbers, repair_id, require
from homeroom.sources.wholeness import check_rows

_TITLE = re.compile(r"\b((?:19|20)\d\d) Poverty Estimates for School districts?\b", re.IGNORECASE)
_COLUMNS = {
    "State FIPS Code": "state",
    "District ID": "district",
    "Name": "name",
    "Estimated Total Population": "population",
    "Estimated Population 5-17": "children",
    "Estimated number of rel": "children_poverty",  # "relevant" children, "related" in other years
}
_COUNTS = ("population", "children", "children_poverty")
_TOP = 6


class Saipe:
    """Poverty by school district."""

    id = "saipe"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        if not is_old_workbook(file) and b"Poverty Estimates for School" not in first_words(file):
            return None
        try:
            year, _ = _layout(first_sheet(file))
        except BadInput:
            return None
        if year is None:
            return None
        return Recognized(file, self, f"SAIPE school districts, {year}", "saipe", year)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        sheet = first_sheet(recognized.file)
        _, top = _layout(sheet)
        frame = below_header(sheet, top, _COLUMNS, name)
        first = top + 2
        state = repair_id(frame["state"], 2, name=name, first_row=first)
        district = repair_id(frame["district"], 5, name=name, first_row=first)
        frame = frame.select(
            "name",
            *(parse_numbers(frame[c], pl.Int64, name=name, first_row=first) for c in _COUNTS),
            leaid=state + district,
        )
        _check(frame, first, name)
        frame, notes = one_each(frame, "leaid", name)
        notes += check_rows(frame["leaid"], self.id, recognized.wave, name)
        frame = frame.with_columns(year=pl.lit(int(recognized.wave)))
        yield Batch("poverty", TABLES["poverty"].conform(frame), notes)


READERS = (Saipe(), *saipe_api.READERS)


def _layout(sheet: pl.DataFrame) -> tuple[str | None, int]:
    """Return the year of the title, and the row of the headings (counted from 0)."""
    year = None
    for at, row in enumerate(sheet.head(_TOP).rows()):
        if found := _TITLE.search(" ".join((row[0] or "").split())):
            year = found[1]
        if year and "District ID" in row:
            return year, at
    return None, 0


def _check(frame: pl.DataFrame, first: int, name: str) -> None:
    """Refuse an empty cell, a negative count, or more poor children than children than people."""
    rules = {
        "name": (pl.col("name").is_not_null(), "a name"),
        "children_poverty": (
            pl.col("children_poverty").is_between(0, pl.col("children")),
            "a count of at most the children 5 to 17",
        ),
        "children": (pl.col("children") <= pl.col("population"), "at most the total population"),
    }
    require(frame, rules, name=name, first_row=first)
