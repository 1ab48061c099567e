"""Reader of the compiled CRDC files of every high school: students, officers, counselors.

Layout: two Parquet files compiled by ndranandraj/truewise from OCR's Enrollment and School Support
of 2020-21 and 2021-22. Compared with OCR's own files of 2020-21 for Texas and Colorado (2,803
schools): every number of staff is equal, and an empty one stands where OCR has a reserve code;
``enroll_total`` adds what OCR gives and leaves out reserved cells, so that 17 schools with
suppressed enrollment have 0. A 0 is therefore read as missing, and 7 totals are partial.

The wave is told by the names: in 2020-21 OCR wrote each word with one capital, in 2021-22 as the
districts did, so that words in capitals or small letters occur in every state.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.native import PanicError, calm
from homeroom.sources.tables import TABLES
from homeroom.sources.text import one_each, require
from homeroom.sources.wholeness import check_rows, check_sums
from homeroom.vocabulary.ids import COMBOKEY, school_number
from homeroom.vocabulary.states import FIPS
from homeroom.vocabulary.status import BLANK

_ROLES = {
    "fte_counselors": "counselor",
    "fte_police": "officer",
    "fte_guards": "guard",
    "fte_teachers": "teacher",
}
ADDED = ("enroll_total", *_ROLES)
"""Columns whose sums are known of the whole files: these carry no checksum of their own."""
_COLUMNS = ("combokey", "state", "name", "district", "charter", "magnet", "enroll_total", *_ROLES)
_AS_DISTRICTS_WROTE = r"\p{Lu}{2}|(^|\s)\p{Ll}"
_ENOUGH = 50
_LOWEST_CODE = -99
_MOST = 1_000_000
_AGAIN = "Take the file from its publisher again."


class HighSchools:
    """High schools of one wave."""

    id = "high_schools"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        if not file.raw_head.startswith(b"PAR1"):
            return None
        try:
            with calm():
                names = pl.read_parquet_schema(io.BytesIO(file.raw()))
        except (pl.exceptions.PolarsError, OSError, PanicError):
            return None
        if not names.keys() >= {"combokey", "enroll_total", "fte_police"}:
            return None
        wave = _wave(_read(file), file.name)
        title = f"CRDC {wave}, high schools (compiled)"
        return Recognized(file, self, title, "crdc_high_schools", wave)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name, wave = recognized.file.name, recognized.wave
        frame, notes = one_each(table_of(recognized.file), "combokey", name)
        notes += check_rows(frame["combokey"], self.id, wave, name)
        check_sums(frame, ADDED, self.id, wave, name)
        frame = frame.with_columns(wave=pl.lit(wave), school_no=school_number(pl.col("combokey")))
        school = frame.select(
            "wave", "school_no", "name", "state", "charter", "magnet", lea_name="district"
        )
        yield Batch("school", TABLES["school"].conform(school), notes)
        students = pl.col("enroll_total")
        total = frame.select(
            "wave",
            "school_no",
            students=pl.when(students > 0).then(students),
            code=pl.when(students < 0).then(students).when(students == 0).then(BLANK),
        )
        none = total["students"].null_count()
        told = (f"{none} schools with 0 students: read as missing",) if none else ()
        yield Batch("school_total", TABLES["school_total"].conform(total), told)
        yield Batch("staff", TABLES["staff"].conform(_staff(frame)))


READERS = (HighSchools(),)


def table_of(file: SourceFile) -> pl.DataFrame:
    """Return the columns that are read, checked: ids as text, numbers as floats.

    Raises
    ------
    BadInput
        The file is damaged, or a value is none that can be.
    """
    return _checked(_read(file), file.name)


def _read(file: SourceFile) -> pl.DataFrame:
    try:
        with calm():
            frame = pl.read_parquet(io.BytesIO(file.raw()))
    except (pl.exceptions.PolarsError, OSError, PanicError) as error:
        raise BadInput(
            f"{file.name}: expected whole Parquet, found damage ({error}). {_AGAIN}"
        ) from error
    if gone := [column for column in _COLUMNS if column not in frame.columns]:
        raise BadInput(
            f"{file.name}: expected column {gone[0]}, found {frame.columns[:8]}... {_AGAIN}"
        )
    return frame.select(_COLUMNS)


def _wave(frame: pl.DataFrame, name: str) -> str:
    written = frame.select(
        pl.any_horizontal(
            pl.col("name", "district").cast(pl.String).str.contains(_AS_DISTRICTS_WROTE)
        )
    ).to_series()
    if written.any():
        return "2021-22"
    if len(frame) >= _ENOUGH:
        return "2020-21"
    raise BadInput(
        f"{name}: expected at least {_ENOUGH} schools to tell the wave by how names are written, "
        f"found {len(frame)}. Give the file of the whole nation or of a whole state."
    )


def _checked(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Pad ids, read numbers, and refuse what cannot be."""
    key = pl.col("combokey").cast(pl.String).str.strip_chars().str.replace(r"\.0+$", "")
    numbers = pl.col("enroll_total", *_ROLES).cast(pl.Float64, strict=False)
    damaged = frame.select(pl.col("enroll_total", *_ROLES).is_not_null() & numbers.is_null())
    for column in damaged.columns:
        rule = {column: (pl.lit(~damaged[column]), "a number")}
        require(frame, rule, name=name, first_row=1)
    frame = frame.with_columns(key.str.to_uppercase().str.zfill(12), numbers.fill_nan(None))
    fips = pl.col("state").replace_strict(FIPS, default=None)
    rules = {
        "combokey": (pl.col("combokey").str.contains(COMBOKEY), "a COMBOKEY of 12 digits"),
        "state": (pl.col("combokey").str.starts_with(fips), "the state of combokey"),
        "name": (pl.col("name").is_not_null(), "a name"),
        "enroll_total": (_is_value("enroll_total") & _is_whole("enroll_total"), "a whole number"),
        **{
            column: (
                pl.col(column).is_null() | _is_value(column),
                "full-time equivalents or a code",
            )
            for column in _ROLES
        },
    }
    require(frame, rules, name=name, first_row=1)
    return frame


def _is_whole(column: str) -> pl.Expr:
    return (pl.col(column) == pl.col(column).round()) & (pl.col(column) < _MOST)


def _is_value(column: str) -> pl.Expr:
    found = pl.col(column)
    code = found.is_between(_LOWEST_CODE, -1) & _is_whole(column)
    return found.is_finite() & ((found >= 0) | code)


def _staff(frame: pl.DataFrame) -> pl.DataFrame:
    long = frame.unpivot(
        list(_ROLES), index=("wave", "school_no"), variable_name="column", value_name="found"
    )
    found = pl.col("found").fill_null(BLANK)
    return long.select(
        "wave",
        "school_no",
        role=pl.col("column").replace_strict(_ROLES),
        fte=pl.when(found >= 0).then(found),
        code=pl.when(found < 0).then(found).cast(pl.Int8),
    )
