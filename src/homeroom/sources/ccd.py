"""Readers of the Common Core of Data directories: of LEAs (029) and of schools (029).

Layouts: NCES, CCD Public Elementary/Secondary School Universe and Local Education Agency Universe,
directory files of 2018-19 and 2023-24 (the LEA file as CSV or SAS). A spreadsheet on the way took
the leading zeros of ids in some copies; ids are padded, and must begin as their parts say.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, read_csv, repair_id, require, school_year
from homeroom.sources.wholeness import check_end, check_rows
from homeroom.vocabulary.ids import school_number

_AGAIN = "Take the file from NCES again."
_LEA = ("SCHOOL_YEAR", "FIPST", "ST", "LEA_NAME", "LEAID", "LCITY", "SY_STATUS", "LEA_TYPE_TEXT")
_SCHOOL = (
    "SCHOOL_YEAR", "ST", "SCH_NAME", "LEA_NAME", "LEAID", "NCESSCH", "SY_STATUS", "SCH_TYPE_TEXT",
    "CHARTER_TEXT", "GSLO", "GSHI",
)  # fmt: skip
_OPEN = {"1": True, "2": False, "3": True, "4": True, "5": True, "6": False, "7": False, "8": True}
"""SY_STATUS: open, closed, new, added, changed boundary or agency, inactive, future, reopened."""
_GRADES = {"PK": -1, "KG": 0, **{f"{g:02d}": g for g in range(1, 13)}, "13": 12}
"""Grade 13 counts with grade 12."""
_NO_GRADE = {"UG", "AE", "M", "N", "-1", "-2", "-9"}
_SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")


class CcdLeas:
    """The LEA directory."""

    id = "ccd_lea"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        first = _first_row(file)
        if not first.keys() >= {"LEA_NAME", "SY_STATUS", "LEA_TYPE_TEXT"} or "NCESSCH" in first:
            return None
        year = _year(first.get("SCHOOL_YEAR"), file.name)
        return Recognized(file, self, f"CCD directory of LEAs, {year}", "ccd", year)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        frame = _frame(recognized.file, _LEA)
        frame = _checked(frame, recognized.wave, name)
        frame = frame.with_columns(repair_id(frame["FIPST"], 2, name=name))
        strays = (pl.col("LEAID").str.starts_with(pl.col("FIPST")), "an id that begins with FIPST")
        require(frame, {"LEAID": strays}, name=name)
        frame, notes = one_each(frame, "LEAID", name)
        notes += check_rows(frame["LEAID"], self.id, recognized.wave, name)
        district = frame.select(
            year=pl.lit(recognized.wave),
            leaid="LEAID",
            name=pl.col("LEA_NAME").str.strip_chars(),
            state="ST",
            city=pl.col("LCITY").str.strip_chars(),
            lea_type="LEA_TYPE_TEXT",
            open="open",
        )
        yield Batch("district", TABLES["district"].conform(district), notes)


class CcdSchools:
    """The school directory."""

    id = "ccd_school"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        first = _first_row(file)
        if not first.keys() >= {"NCESSCH", "SCH_NAME", "SY_STATUS", "GSLO"}:
            return None
        year = _year(first.get("SCHOOL_YEAR"), file.name)
        return Recognized(file, self, f"CCD directory of schools, {year}", "ccd", year)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        frame = _checked(_frame(recognized.file, _SCHOOL), recognized.wave, name)
        frame = frame.with_columns(repair_id(frame["NCESSCH"], 12, name=name).alias("NCESSCH"))
        grades = [*_GRADES, *_NO_GRADE]
        rules = {
            "NCESSCH": (
                pl.col("NCESSCH").str.starts_with(pl.col("LEAID")),
                "an id that begins with LEAID",
            ),
            "SCH_NAME": (pl.col("SCH_NAME").is_not_null(), "a name"),
            "GSLO": (pl.col("GSLO").is_null() | pl.col("GSLO").is_in(grades), "a grade"),
            "GSHI": (pl.col("GSHI").is_null() | pl.col("GSHI").is_in(grades), "a grade"),
        }
        require(frame, rules, name=name)
        frame, notes = one_each(frame, "NCESSCH", name)
        kept = frame.filter("open")
        notes += check_rows(kept["NCESSCH"], self.id, recognized.wave, name)
        if left := len(frame) - len(kept):
            notes = (*notes, f"{left} schools that are closed, inactive or in future were left out")
        kind = pl.col("SCH_TYPE_TEXT").str.to_lowercase().str.strip_chars()
        charter = pl.col("CHARTER_TEXT").str.to_lowercase()
        school = kept.select(
            wave=pl.lit(recognized.wave),
            school_no=school_number(pl.col("NCESSCH")),
            name=pl.col("SCH_NAME").str.strip_chars(),
            lea_name=pl.col("LEA_NAME").str.strip_chars(),
            state="ST",
            low_grade=pl.col("GSLO").replace_strict(_GRADES, default=None),
            high_grade=pl.col("GSHI").replace_strict(_GRADES, default=None),
            alternative=kind.str.starts_with("alternative"),
            special=kind.str.starts_with("special education"),
            charter=pl.when(charter == "yes").then(True).when(charter == "no").then(False),  # noqa: FBT003
        )
        yield Batch("school", TABLES["school"].conform(school), notes)


READERS = (CcdLeas(), CcdSchools())


def _first_row(file: SourceFile) -> dict[str, str]:
    """Return the first row by column name; empty where the file is of another kind."""
    if file.head.startswith(_SAS):
        try:
            frame = _sas(file, row_limit=1)
        except BadInput:
            return {}
        return frame.select(pl.all().cast(pl.String)).row(0, named=True) if len(frame) else {}
    names = header(file.head)
    row = header(file.head.partition(b"\n")[2])
    return dict(zip(names, [*row, *[""] * len(names)], strict=False))


def _frame(file: SourceFile, columns: tuple[str, ...]) -> pl.DataFrame:
    """Read the columns as strings, from CSV or SAS."""
    if not file.head.startswith(_SAS):
        check_end(file)
        return read_csv(file.data(), file.name, columns)
    frame = _sas(file)
    if gone := [column for column in columns if column not in frame.columns]:
        raise BadInput(
            f"{file.name}: expected column {gone[0]}, found {frame.columns[:8]}... {_AGAIN}"
        )
    return frame.select(pl.col(columns).cast(pl.String).replace("", None))


def _sas(file: SourceFile, row_limit: int = 0) -> pl.DataFrame:
    import pyreadstat  # noqa: PLC0415 - slow to import, and few builds read SAS files

    with tempfile.NamedTemporaryFile(suffix=".sas7bdat") as plain:  # pyreadstat wants a path
        plain.write(file.data())
        plain.flush()
        try:
            frame, _ = pyreadstat.read_sas7bdat(
                Path(plain.name), row_limit=row_limit, output_format="polars"
            )
        except (pyreadstat.PyreadstatError, pyreadstat.ReadstatError, ValueError) as error:
            raise BadInput(f"{file.name}: expected a whole SAS file ({error}). {_AGAIN}") from error
    return pl.DataFrame(frame)


def _year(text: str | None, name: str) -> str:
    if year := school_year(text):
        return year
    raise BadInput(
        f"{name}: column SCHOOL_YEAR: expected a school year, as in 2023-2024, found {text!r}. "
        f"{_AGAIN}"
    )


def _checked(frame: pl.DataFrame, year: str, name: str) -> pl.DataFrame:
    """Repair LEAID, and tell from SY_STATUS whether the place operates."""
    frame = frame.with_columns(repair_id(frame["LEAID"], 7, name=name))
    years = frame["SCHOOL_YEAR"].map_elements(school_year, return_dtype=pl.String)
    rules = {
        "SCHOOL_YEAR": (pl.lit(years) == year, "the year of the first row"),
        "SY_STATUS": (pl.col("SY_STATUS").is_in(list(_OPEN)), "a status from 1 to 8"),
        "LEA_NAME": (pl.col("LEA_NAME").is_not_null(), "a name"),
        "ST": (pl.col("ST").str.contains(r"^[A-Z]{2}$"), "a postal code"),
    }
    require(frame, rules, name=name)
    return frame.with_columns(open=pl.col("SY_STATUS").replace_strict(_OPEN))
