"""Reader of The Washington Post's school shootings: counts a year, no row of the database.

Layout: record_layout.csv beside the data. ``killed`` and ``injured`` leave out the shooter.
``resource_officer`` is 1 where an officer or guard was present, 0 where none was or it is not
known, and empty for most incidents since 2018-19: three states, which the counts keep apart. The
type is counted as published, but for blanks at the ends and one misspelling. Enrollment, at the
time of the shooting, is counted in bands. Copies saved by R or pandas have NA for an empty field
and 1.0 for 1: they are read as the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv, require, school_year
from homeroom.sources.wholeness import check_end

_COLUMNS = (
    "uid", "school_year", "shooting_type", "resource_officer", "enrollment", "killed", "injured",
)  # fmt: skip
_KINDS = {"uclear": "unclear"}
NOT_GIVEN = "not given"
_EMPTY = ("NA", "N/A", "NaN", "nan", "NULL", "None", ".")
INCIDENTS = 428
"""Incidents from April 1999 to January 2025; the database grows."""


class WashingtonPost:
    """School shootings."""

    id = "wapo"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        if not set(header(file.head)) >= {"uid", "nces_school_id", "shooting_type"}:
            return None
        frame = _read(file)
        years = (frame["school_year"].min(), frame["school_year"].max())
        span = " to ".join(str(year) for year in years)
        title = f"School shootings (The Washington Post), {span}"
        return Recognized(file, self, title, "wapo_shootings", span)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        frame = _read(recognized.file)
        frame, notes = one_each(frame, "uid", recognized.file.name)
        if silent := frame["guarded"].null_count():
            notes = (
                *notes,
                f"{silent} incidents do not say whether an officer or guard was present",
            )
        notes = (*notes, *_check_whole(recognized.file, len(frame)))
        yield Batch("incident_year", _counts(frame, "incident_year"), notes)
        fatal = (pl.col("killed") > 0).sum()
        yield Batch("incident_size", _counts(frame, "incident_size", fatal=fatal))


READERS = (WashingtonPost(),)


def _check_whole(file: SourceFile, incidents: int) -> tuple[str, ...]:
    """Refuse a file that may be cut off, and say where it holds few incidents."""
    ended = check_end(file)
    if incidents >= INCIDENTS:
        return ()  # as the Post publishes it, without a line break at the end
    if ended:
        raise BadInput(
            f"{file.name}: expected at least {INCIDENTS} incidents or a line break after the last "
            f"row, found {incidents} and none: the file is cut off. Download it again."
        )
    return (f"{incidents} incidents, of the {INCIDENTS} or more that the Post lists",)


def _counts(frame: pl.DataFrame, table: str, **more: pl.Expr) -> pl.DataFrame:
    key = TABLES[table].key
    counted = frame.group_by(key).agg(
        incidents=pl.len(), killed=pl.col("killed").sum(), injured=pl.col("injured").sum(), **more
    )
    return TABLES[table].conform(counted.sort(key))


def _read(file: SourceFile) -> pl.DataFrame:
    """Return a row an incident: id, school year, kind, guarded, enrollment, killed, injured."""
    frame = read_csv(file.data(), file.name, _COLUMNS).with_columns(
        pl.all().str.strip_chars().replace(dict.fromkeys(_EMPTY)),
    )
    numbers = ("enrollment", "killed", "injured", "resource_officer")
    frame = frame.with_columns(pl.col(numbers).str.replace_all(",", "", literal=True))
    frame = frame.with_columns(
        pl.col("uid").str.replace(r"\.0+$", ""),
        *(parse_numbers(frame[c], pl.Int32, name=file.name) for c in numbers),
    )
    years = frame["school_year"].map_elements(school_year, return_dtype=pl.String)
    officer = pl.col("resource_officer")
    rules = {
        "uid": (pl.col("uid").is_not_null(), "an id"),
        "school_year": (pl.lit(years).is_not_null(), "a school year, as in 2017-2018"),
        "resource_officer": (officer.is_null() | officer.is_in([0, 1]), "0, 1 or nothing"),
        "enrollment": (pl.col("enrollment").fill_null(0) >= 0, "a count or nothing"),
        "killed": (pl.col("killed") >= 0, "a count"),
        "injured": (pl.col("injured") >= 0, "a count"),
    }
    require(frame, rules, name=file.name)
    kind = pl.col("shooting_type").str.strip_chars().str.to_lowercase()
    enrolled = pl.col("enrollment")
    return frame.select(
        "uid",
        "killed",
        "injured",
        school_year=years,
        kind=kind.replace(_KINDS).fill_null(NOT_GIVEN),
        guarded=officer == 1,
        enrollment=pl.when(enrolled < 1)
        .then(None)
        .when(enrolled < 500)
        .then(pl.lit("under_500"))
        .when(enrolled < 1000)
        .then(pl.lit("500_to_999"))
        .when(enrolled >= 1000)
        .then(pl.lit("1000_or_more")),
    )
