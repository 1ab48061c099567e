"""Reader of OCR's State and National Estimations: discipline, enrollment, offenses by state.

Source: OCR, Civil Rights Data Collection, State and National Estimations of 2011-12, 2015-16 and
2017-18. Statistic of 2011-12 from 1 to 3 are published as '1-3' (the agency took 2 for them in its
totals); they are null here, with that note. The workbooks of 2017-18 include Puerto Rico in the
nation, the earlier ones do not.

One figure may stand in several sheets and workbooks, such as the students served under IDEA. Some
copies differ (Illinois 2015-16, suspensions; New Jersey 2017-18, enrollment under IDEA): there
:func:`settle` leaves no number. A workbook gives only its own rows, so it has to be called again
on the rows of all workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl

from homeroom.errors import BadInput
from homeroom.sources import ocr_checks
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.ocr_columns import Columns, columns
from homeroom.sources.ocr_titles import LABELS, Subject, named_sex, subject
from homeroom.sources.ocr_workbook import TAKE_AGAIN, Sheet, decimal, state_tables, whole
from homeroom.sources.tables import TABLES
from homeroom.vocabulary.groups import ALL

TABLE = TABLES["official_estimate"]
_WEB_PAGE = re.compile(
    rb"\s*<(?:!doctype html|html).*?<title>(.*?)</title>", re.IGNORECASE | re.DOTALL
)
_RANGE = re.compile(r"\d+-\d+")
_SCHEMA = {column.name: column.type for column in TABLE.columns}


class OcrEstimations:
    """State and National Estimations, one workbook a topic."""

    id = "ocr_estimations"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        _refuse_web_page(file)
        found = [(s, t) for s in state_tables(file) if (t := subject(s.title))]
        if not found:
            return None
        sheet, topic = found[0]
        title = f"CRDC {sheet.wave}, official state tables, {LABELS[topic.element]}"
        return Recognized(file, self, title, "crdc_estimations", sheet.wave)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        try:
            yield _workbook(state_tables(recognized.file))
        except BadInput as error:
            raise BadInput(f"{recognized.file.name}: {error}") from error


READERS = (OcrEstimations(),)


def _workbook(sheets: tuple[Sheet, ...]) -> Batch:
    notes: list[str] = []
    rows: list[dict[str, object]] = []
    topics = [_topic(sheet) for sheet in sheets]
    if len(about := {(s.wave, t.element) for s, t in zip(sheets, topics, strict=True)}) > 1:
        raise BadInput(
            f"expected one topic and one wave in a workbook, found {sorted(about)}. {TAKE_AGAIN}"
        )
    for sheet, topic in zip(sheets, topics, strict=True):
        sex = _sex(sheet, topic, notes)
        rows += _rows(sheet, columns(sheet, topic), sex, notes)
    by_sheet = pl.DataFrame(rows, schema=_SCHEMA | {"sheet": pl.String})
    ocr_checks.check(by_sheet)
    frame, differences = settle(by_sheet.drop("sheet"))
    ocr_checks.check_copies(_torn(by_sheet))
    ocr_checks.check_settled(frame)
    notes += ocr_checks.part_notes(frame)
    return Batch(TABLE.name, TABLE.conform(frame), (*notes, *differences))


def _refuse_web_page(file: SourceFile) -> None:
    if file.path.suffix.casefold() == ".xlsx" and (page := _WEB_PAGE.match(file.head[:2000])):
        raise BadInput(
            f"{file.name}: expected a workbook, found a web page "
            f"({page[1].decode('utf-8', 'replace').strip()!r}): the download failed. "
            "Download it again."
        )


def _topic(sheet: Sheet) -> Subject:
    found = subject(sheet.title)
    if found is None:
        raise BadInput(
            f"sheet {sheet.name}: expected the topic of the other sheets, found the title "
            f"{sheet.title!r}. {TAKE_AGAIN}"
        )
    return found


def _sex(sheet: Sheet, topic: Subject, notes: list[str]) -> str:
    """Say whom the sheet counts: its title tells, as sheets with another name are copies."""
    said = topic.sex or ALL
    meant = named_sex(sheet.name) or said
    if meant != said:
        notes.append(
            f"sheet {sheet.name}: its title and figures are those of {said} students again; the "
            f"workbook has none for {meant}"
        )
    return said


def _rows(sheet: Sheet, places: Columns, sex: str, notes: list[str]) -> Iterator[dict[str, object]]:
    for number, state, cells in sheet.states():
        where = f"sheet {sheet.name}, row {number}"
        about = {
            "sheet": sheet.name,
            "wave": sheet.wave,
            "state": state,
            "sex": sex,
            "schools": whole(cells[places.schools], f"{where}, number of schools"),
            "reporting": decimal(cells[places.reporting], f"{where}, percent reporting"),
        }
        if places.caution is not None and cells[places.caution] == "!":
            notes.append(f"{where}: OCR marks {state} to be read with caution")
        for (element, disability, race), at in places.figures.items():
            cell = cells[at]
            masked = bool(_RANGE.fullmatch(cell))
            yield about | {
                "element": element,
                "disability": disability,
                "race": race,
                "value": None if masked else whole(cell, f"{where}, {element}/{disability}/{race}"),
                "note": cell if masked else None,
            }


def settle(frame: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return one row a figure where sheets or workbooks hold copies, and say which ones differ.

    Copies that differ leave no number: the note of the row lists them ("527329 or 527572").
    Schools and reporting are those of the first copy.
    """
    torn = _torn(frame)
    if not len(torn):
        return frame.unique(TABLE.key, keep="first", maintain_order=True), ()
    split = pl.col("copies").is_not_null()
    settled = (
        frame.unique(TABLE.key, keep="first", maintain_order=True)
        .join(torn, on=TABLE.key, how="left", maintain_order="left")
        .with_columns(
            value=pl.when(~split).then("value"),
            note=pl.when(split).then("copies").otherwise("note"),
        )
        .drop("copies")
    )
    notes = (f"OCR's sheets differ on {'/'.join(row[:-1])}: {row[-1]}" for row in torn.rows())
    return settled, tuple(notes)


def _torn(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of figures whose copies differ, with the copies in words."""
    said = pl.coalesce(pl.col("value").cast(pl.String), "note")
    return (
        frame.group_by(TABLE.key, maintain_order=True)
        .agg(copies=said.unique().sort())
        .filter(pl.col("copies").list.len() > 1)
        .with_columns(pl.col("copies").list.join(" or "))
    )
