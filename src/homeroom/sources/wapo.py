"""Reader of The Washington Post's school shootings: counts a year, no row of the database.

Layout: record_layout.csv beside the data. ``killed`` and ``injured`` leave out the shooter.
``resource_officer`` is 1 where an officer or guard was present, 0 where none was or it is not
known, and empty for most incidents since 2018-19: three states, which the counts keep apart. The
type is counted as published, but for blanks at the ends and one misspelling. Enrollment, at the
time of the shooting, is counted in bands.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv, require, school_year
from homeroom.sources.values import number_text

_COLUMNS = (
    "uid", "school_year", "shooting_type", "resource_officer", "enrollment", "killed", "injured",
)  # fmt: skip
_KINDS = {"uclear": "unclear"}
NOT_GIVEN = "not given"


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
        yield Batch("incident_year", _counts(frame, "incident_year"), notes)
        fatal = (pl.col("killed") > 0).sum()
        yield Batch("incident_size", _counts(frame, "incident_size", fatal=fatal))


READERS = (WashingtonPost(),)


def _counts(frame: pl.DataFrame, table: str, **more: pl.Expr) -> pl.DataFrame:
    key = TABLES[table].key
    counted = frame.group_by(key).agg(
        incidents=pl.len(), killed=pl.col("killed").sum(), injured=pl.col("injured").sum(), **more
    )
    return TABLES[table].conform(counted.sort(key))


def _read(file: SourceFile) -> pl.DataFrame:
    """Return a row an incident: id, school year, kind, guarded, enrollment, killed, injured."""
    frame = read_csv(file.data(), file.name, _COLUMNS)
    frame = frame.with_columns(
        number_text(frame["resource_officer"], whole=True),
    )
    frame = frame.with_columns(
        parse_numbers(frame[c], pl.Int32, name=file.name)
        for c in ("enrollment", "killed", "injured")
    )
    years = frame["school_year"].map_elements(school_year, return_dtype=pl.String)
    officer = pl.col("resource_officer")
    rules = {
        "uid": (pl.col("uid").is_not_null(), "an id"),
        "school_year": (pl.lit(years).is_not_null(), "a school year, as in 2017-2018"),
        "resource_officer": (officer.is_null() | officer.is_in(["0", "1"]), "0, 1 or nothing"),
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
        guarded=officer == "1",
        enrollment=pl.when(enrolled < 1)
        .then(None)
        .when(enrolled < 500)
        .then(pl.lit("under_500"))
        .when(enrolled < 1000)
        .then(pl.lit("500_to_999"))
        .when(enrolled >= 1000)
        .then(pl.lit("1000_or_more")),
    )
