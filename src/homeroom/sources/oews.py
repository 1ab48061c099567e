"""Reader of OEWS: people employed and wages by state and occupation, all industries.

Layouts: US Bureau of Labor Statistics, Occupational Employment and Wage Statistics, May estimates
of the states and the nation: BLS's own workbooks (``state_M2023_dl.xlsx``,
``national_M2023_dl.xlsx``, ``all_data_M_2023.xlsx``), the same as CSV, and extracts with a column
of the year. BLS's files name their year in the sheet and the file only.

BLS's marks (sheet "Field Descriptions"): ``*`` a wage that was not released, ``**`` an employment
that was not released, ``#`` a wage at or above the highest that BLS prints ($115.00 an hour or
$239,200 a year in May 2023), ``~`` too few establishments. None of them is a number: the row keeps
it as a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import fastexcel
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources import oews_checks
from homeroom.sources.as_published import raw, raw_head
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv
from homeroom.sources.wholeness import check_end

_MARKS = {"OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEAN"}
_COLUMNS = ("OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEAN", "A_MEDIAN")
_AMOUNTS = {"TOT_EMP": "employment", "A_MEAN": "mean", "A_MEDIAN": "median"}
_NOTES = {
    "*": "not released",
    "**": "not released",
    "~": "too few establishments",
    "#": "at or above the highest wage that BLS prints",
}
_YEAR = re.compile(r"_M_?((?:19|20)\d\d)(?:_|\b)", re.IGNORECASE)
_ALL_INDUSTRIES = re.compile(r"0*")
_AREA_TYPES = ("1", "2", "3")
"""The nation, states, territories; 4 and 6 are metropolitan and other areas within states."""
_WORKBOOK = b"PK\x03\x04"
_AGAIN = "Take the file from BLS again."


class Oews:
    """Wages by state."""

    id = "oews"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        if raw_head(file).startswith(_WORKBOOK) and b"OCC_CODE" not in file.head.upper():
            sheet = _sheet_name(file)
            if sheet is None:
                return None
            return self._found(file, _year_of(file.name, sheet), sheet)
        names = [name.upper() for name in header(file.head)]
        if not set(names) >= _MARKS:
            return None
        row = header(file.head.partition(b"\n")[2])
        year = row[names.index("YEAR")] if "YEAR" in names and len(row) == len(names) else ""
        year = year.removesuffix(".0")
        if "YEAR" in names and not (year.isdecimal() and len(year) == 4):
            raise BadInput(
                f"{file.name}: row 2, column year: expected a year, as in 2023, found {year!r}. "
                f"{_AGAIN}"
            )
        return self._found(file, year or _year_of(file.name), "")

    def _found(self, file: SourceFile, year: str, sheet: str) -> Recognized:
        title = f"OEWS wages by state, May {year}"
        return Recognized(file, self, title, "oews", year, {"sheet": sheet})

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name, year = recognized.file.name, int(recognized.wave)
        frame, notes = _frame(recognized)
        if gone := [column for column in _COLUMNS if column not in frame.columns]:
            raise BadInput(
                f"{name}: expected column {gone[0]}, found {frame.columns[:8]}... {_AGAIN}"
            )
        frame, left_out = _states_only(frame, name)
        wage = _wages(frame, year, name)
        oews_checks.check_rows(wage, year, name)
        oews_checks.check_amounts(frame, wage, name)
        keyed = wage.with_columns(place=pl.concat_str("state", "occupation", separator=" "))
        kept, repeated = one_each(keyed, "place", name)
        extract = oews_checks.check_whole(kept, year, name)
        notes = (*notes, *left_out, *repeated, *extract, *_top_coded(kept))
        yield Batch("wage", TABLES["wage"].conform(kept.drop("place")), notes)


READERS = (Oews(),)


def _sheet_name(file: SourceFile) -> str | None:
    """Name the sheet of a workbook that holds occupations and wages, if one does."""
    try:
        book = fastexcel.read_excel(raw(file))
        for name in map(str, book.sheet_names):
            sheet = book.load_sheet(name, header_row=None, n_rows=1, dtypes="string").to_polars()
            if len(sheet) and {(cell or "").strip().upper() for cell in sheet.row(0)} >= _MARKS:
                return name
    except (fastexcel.FastExcelError, ValueError, BadInput):
        return None
    return None


def _year_of(*names: str) -> str:
    for name in names:
        if found := _YEAR.search(name):
            return found[1]
    raise BadInput(
        f"{names[0]}: expected the year of the wages in a column year, or in the name that BLS "
        "gave the file, as in state_M2023_dl, found neither. Name the file as BLS does."
    )


def _frame(recognized: Recognized) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read every column as text, with names in capitals, and say what was found at the end."""
    file = recognized.file
    if sheet := recognized.detail.get("sheet"):
        try:
            book = fastexcel.read_excel(raw(file))
            frame = book.load_sheet(sheet, dtypes="string").to_polars()
        except (fastexcel.FastExcelError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise BadInput(
                f"{file.name}: sheet {sheet}: expected a sheet that can be read ({reason}). "
                f"{_AGAIN}"
            ) from error
        return frame.rename(lambda column: column.strip().upper()), ()
    notes = check_end(file)
    frame = read_csv(file.data(), file.name)
    return frame.rename(str.upper), notes


def _states_only(frame: pl.DataFrame, name: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Keep the nation, states and territories in all industries; say how many rows were not."""
    wanted = pl.lit(value=True)
    if "AREA_TYPE" in frame.columns:
        wanted &= pl.col("AREA_TYPE").str.strip_chars().is_in(_AREA_TYPES)
    if "NAICS" in frame.columns:
        wanted &= pl.col("NAICS").fill_null("0").str.contains(f"^{_ALL_INDUSTRIES.pattern}$")
    kept = frame.filter(wanted)
    if frame.height and not kept.height:
        raise BadInput(
            f"{name}: expected wages of states or the nation in all industries, found only other "
            "areas or single industries. Take the state file from BLS, state_M2023_dl.xlsx."
        )
    left = frame.height - kept.height
    told = (f"{left} rows of smaller areas or single industries were left out",) if left else ()
    return kept, told


def _wages(frame: pl.DataFrame, year: int, name: str) -> pl.DataFrame:
    state = next((c for c in ("PRIM_STATE", "ST") if c in frame.columns), None)
    amounts = frame.select(pl.col(*_AMOUNTS).str.strip_chars())
    numbers = amounts.select(pl.all().replace(dict.fromkeys(_NOTES)))
    notes = [
        amounts[column].replace_strict(_NOTES, default=None, return_dtype=pl.String)
        for column in _AMOUNTS
    ]
    years = frame["YEAR"] if "YEAR" in frame.columns else pl.Series([str(year)] * frame.height)
    return frame.select(
        parse_numbers(years.alias("year"), pl.Int64, name=name).alias("year"),
        state=pl.col(state).str.strip_chars() if state else pl.lit("US"),
        occupation=pl.col("OCC_CODE").str.strip_chars(),
        title=pl.col("OCC_TITLE").str.strip_chars(),
        **{
            column: parse_numbers(numbers[old], pl.Int64, name=name)
            for old, column in _AMOUNTS.items()
        },
        note=pl.concat_str(
            [
                pl.lit(f"{column}: ") + note
                for column, note in zip(_AMOUNTS.values(), notes, strict=True)
            ],
            separator="; ",
            ignore_nulls=True,
        ).replace("", None),
    )


def _top_coded(wage: pl.DataFrame) -> tuple[str, ...]:
    top = wage["note"].str.contains(_NOTES["#"], literal=True).fill_null(value=False).sum()
    if not top:
        return ()
    return (f"{top} rows have a wage at or above the highest that BLS prints (#): no number",)
