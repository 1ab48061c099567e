"""Reader of The Washington Post's school shootings: counts a year, no row of the database.

Layout: record_layout.csv beside the data. ``killed`` and ``injured`` leave out the shooter.
``resource_officer`` is 1 where an officer or guard was present, 0 where none was or it is not
known; it is empty for some incidents, which count as not known too. The type is counted as
published, but for blanks at the ends and one misspelling.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from homeroom.sources.base import Batch, Recognised, SourceFile
from homeroom.sources.tables import TABLES
from homeroom.sources.text import header, one_each, parse_numbers, read_csv, require, school_year

_COLUMNS = ("uid", "school_year", "shooting_type", "resource_officer", "killed", "injured")
_KINDS = {"uclear": "unclear"}
NOT_GIVEN = "not given"


class WashingtonPost:
    """School shootings."""

    id = "wapo"

    def recognise(self, file: SourceFile) -> Recognised | None:
        """See :class:`homeroom.sources.base.Reader`."""
        if not set(header(file.head)) >= {"uid", "nces_school_id", "shooting_type"}:
            return None
        frame = _read(file)
        years = (frame["school_year"].min(), frame["school_year"].max())
        span = " to ".join(str(year) for year in years)
        title = f"School shootings (The Washington Post), {span}"
        return Recognised(file, self, title, "wapo_shootings", span)

    def read(self, recognised: Recognised) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        frame = _read(recognised.file)
        frame, notes = one_each(frame, "uid", recognised.file.name)
        if silent := frame["guarded"].null_count():
            notes = (
                *notes,
                f"{silent} incidents do not say whether an officer or guard was present",
            )
        counts = (
            frame.with_columns(pl.col("guarded").fill_null(value=False))
            .group_by("school_year", "guarded", "kind")
            .agg(incidents=pl.len(), killed=pl.col("killed").sum(), injured=pl.col("injured").sum())
            .sort("school_year", "guarded", "kind")
        )
        yield Batch("incident_year", TABLES["incident_year"].conform(counts), notes)


READERS = (WashingtonPost(),)


def _read(file: SourceFile) -> pl.DataFrame:
    """Give a row an incident: id, school year, kind, guarded (or null), killed, injured."""
    frame = read_csv(file.data(), file.name, _COLUMNS)
    frame = frame.with_columns(
        parse_numbers(frame[c], pl.Int32, name=file.name) for c in ("killed", "injured")
    ).with_columns(pl.col("resource_officer").str.strip_chars())
    years = frame["school_year"].map_elements(school_year, return_dtype=pl.String)
    officer = pl.col("resource_officer")
    rules = {
        "uid": (pl.col("uid").is_not_null(), "an id"),
        "school_year": (pl.lit(years).is_not_null(), "a school year, as in 2017-2018"),
        "resource_officer": (officer.is_null() | officer.is_in(["0", "1"]), "0, 1 or nothing"),
        "killed": (pl.col("killed") >= 0, "a count"),
        "injured": (pl.col("injured") >= 0, "a count"),
    }
    require(frame, rules, name=file.name)
    kind = pl.col("shooting_type").str.strip_chars().str.to_lowercase()
    return frame.select(
        "uid",
        "killed",
        "injured",
        school_year=years,
        kind=kind.replace(_KINDS).fill_null(NOT_GIVEN),
        guarded=officer == "1",
    )
