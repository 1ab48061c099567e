"""Reader of OCR's state tables of support staff: elementary, middle and high schools, 2015-16.

Source: OCR, Civil Rights Data Collection, State and National Estimations, full-time equivalent
support staff. The levels overlap: elementary is any school with preschool to grade 5 or ungraded
students, and so on (notes below each table), so they must not be added.

Of OCR's other workbooks on staff (certification and years of experience, retention, classes
taught by certified teachers, counselors of high schools alone) Homeroom uses nothing: they hold
no officers beside the counselors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.ocr_workbook import TAKE_AGAIN, Sheet, decimal, state_tables, whole
from homeroom.sources.tables import TABLES

TABLE = TABLES["official_staff"]
_TITLE = re.compile(
    r"Number of public (?P<level>elementary|middle|high) school full-time equivalent \(FTE\) "
    r"support staff, .*, by state: .*"
)
_ROLE_OF_LABEL = {
    "counselor": "counselor",
    "sworn law enforcement officer": "officer",
    "security guard": "guard",
    "nurse": "nurse",
    "psychologist": "psychologist",
    "social worker": "social_worker",
}
_FTE = "count of fte support staff"
_WITH = "number of schools with "
_FRAME = ("number of schools", "percent of schools reporting")
_ROUNDING = 0.005
_SCHEMA = {column.name: column.type for column in TABLE.columns}


class OcrStaff:
    """Support staff, one workbook a level."""

    id = "ocr_staff"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        for sheet in state_tables(file):
            if found := _TITLE.fullmatch(sheet.title):
                title = f"CRDC {sheet.wave}, official state tables, staff, {found['level']} schools"
                return Recognized(file, self, title, "crdc_estimations", sheet.wave)
        return None

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        notes: list[str] = []
        try:
            rows = [
                row
                for sheet in state_tables(recognized.file)
                if (found := _TITLE.fullmatch(sheet.title))
                for row in _rows(sheet, found["level"], notes)
            ]
            frame = TABLE.conform(pl.DataFrame(rows, schema=_SCHEMA))
            _check_reporting(frame)
            _check_nation(frame)
        except BadInput as error:
            raise BadInput(f"{recognized.file.name}: {error}") from error
        yield Batch(TABLE.name, frame, tuple(notes))


READERS = (OcrStaff(),)


def _rows(sheet: Sheet, level: str, notes: list[str]) -> Iterator[dict[str, object]]:
    fte, having, places = _columns(sheet)
    schools, reporting = (places[name] for name in _FRAME)
    for number, state, cells in sheet.states():
        where = f"sheet {sheet.name}, row {number}"
        if "!" in cells:
            notes.append(f"{where}: OCR marks {state} to be read with caution")
        for role in fte:
            yield {
                "wave": sheet.wave,
                "state": state,
                "level": level,
                "role": role,
                "fte": decimal(cells[fte[role]], f"{where}, FTE of {role}"),
                "schools_with": whole(cells[having[role]], f"{where}, schools with {role}"),
                "schools": whole(cells[schools], f"{where}, number of schools"),
                "reporting": decimal(cells[reporting], f"{where}, percent reporting"),
            }


def _check_nation(frame: pl.DataFrame) -> None:
    """Refuse a workbook whose states do not add up to the nation.

    Schools add up exactly, full-time equivalents but for the rounding of each to hundredths.
    """
    nation = frame.filter(state="US")
    sums = ("fte", "schools_with", "schools")
    states = (
        frame.filter(pl.col("state") != "US")
        .group_by("level", "role", maintain_order=True)
        .agg(*(pl.col(c).sum() for c in sums), n=pl.len())
    )
    for row in nation.join(states, on=["level", "role"], suffix="_states").iter_rows(named=True):
        for column in sums:
            allowed = _ROUNDING * (row["n"] + 1) if column == "fte" else 0
            if abs(row[column] - row[f"{column}_states"]) > allowed:
                raise BadInput(
                    f"expected the states to add up to the nation's {row[column]:,} ({column} of "
                    f"{row['role']}, {row['level']} schools), found "
                    f"{row[f'{column}_states']:,}. {TAKE_AGAIN}"
                )


def _check_reporting(frame: pl.DataFrame) -> None:
    """Refuse a percent that is none; no sum shows that another one is wrong."""
    one = frame.unique("state", maintain_order=True).select("state", "schools", "reporting")
    for row in one.filter(~pl.col("reporting").is_between(0, 100)).iter_rows(named=True):
        raise BadInput(
            f"expected a percent of schools reporting from 0 to 100 in {row['state']}, found "
            f"{row['reporting']}. {TAKE_AGAIN}"
        )


def _columns(sheet: Sheet) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    """Find the columns of full-time equivalents and of schools, by role, and of the frame."""
    fte: dict[str, int] = {}
    having: dict[str, int] = {}
    places: dict[str, int] = {}
    for at, (wide, narrow, _) in enumerate(sheet.labels()):
        heading = wide.casefold()
        if heading == _FTE and (role := _role(narrow)):
            fte[role] = at
        elif heading.startswith(_WITH) and (role := _role(heading.removeprefix(_WITH))):
            having[role] = at
        elif heading in _FRAME:
            places[heading] = at
    roles = set(_ROLE_OF_LABEL.values())
    if gone := [*(roles - set(fte)), *(roles - set(having)), *(set(_FRAME) - set(places))]:
        raise BadInput(
            f"sheet {sheet.name} ({sheet.title}): expected staff and schools of each role, found "
            f"no column of {min(gone)}. {TAKE_AGAIN}"
        )
    return fte, having, places


def _role(label: str) -> str | None:
    """Return the role of a heading, which may be in the plural."""
    return _ROLE_OF_LABEL.get(label.casefold().removesuffix("s"))
