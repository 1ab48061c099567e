"""Reader of the CRDC school workbooks of 2013-14: one workbook a topic.

We had no such file when we wrote this. What is known of the layout, from the scripts of
researchers who read the files: a workbook a topic ("03 Enrollment", "11-2 Suspensions (required
elements)" with all three elements, "08-1 School Support and Security Staff (required elements)"),
the table in a sheet named Data with the header in its first row; column names as in 2015-16
(SCH_DISCWODIS_CORP_AM_M, SCH_DISCWDIS_CORP_504_M, SCH_FTECOUNSELORS); seven columns of ids, and
no LEA_STATE_NAME, which every later wave has; 549 rows that repeat another. Enrollment under IDEA
and Section 504 is known to be there by sex; whether it is by race is not known, so it may be
absent as a whole. The name under which OCR published a topic, or the person, says that a workbook
is of this wave.

The workbooks of 2011-12 name their columns by another grammar (M_AME_7_SINGLE_SUS_NO_DIS) and
write a double dagger for what was suppressed; they are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import product

import fastexcel
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.containers import DAMAGE, ZIP
from homeroom.sources.crdc import extract, wide
from homeroom.sources.crdc.columns import Layout, layout, missing_columns
from homeroom.sources.crdc.describe import GRADES, STATUS, school_batch
from homeroom.sources.crdc.wave import tell_wave
from homeroom.vocabulary.groups import RACES

WAVE = "2013-14"
_IDS = {"LEA_STATE", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY"}
_NAME = re.compile(rb">([A-Z][A-Z0-9_]{1,60})</t>")
_OLD = re.compile(r"[MF]_(AME|BLA|TOT|TOT_IDEA)_[57]_\w+")
_TOPIC = re.compile(r"\d{2}(-\d)? [A-Z]")
_FIRST = 1 << 19
_AGAIN = "Take the file from OCR again."
_OPTIONAL = {
    f"ENR {part}": [f"SCH_{token}ENR_{r.element}_{s}" for r, s in product(RACES.values(), "MF")]
    for part, token in (("idea", "IDEA"), ("s504", "504"))
}


class CrdcTopics:
    """School workbooks of 2013-14."""

    id = "crdc_topics"

    def recognize(self, file: SourceFile) -> Recognized | None:
        """See :class:`homeroom.sources.base.Reader`."""
        names = _names(file)
        if not names >= _IDS:
            return None
        found = layout(names)
        if any(_OLD.fullmatch(name) for name in names):
            raise BadInput(
                f"{file.name}: a CRDC school workbook of 2011-12 or before, whose columns Homeroom "
                "does not read. Take the state tables of 2011-12, or a later wave."
            )
        if not (found.modules or found.staff or names >= set(GRADES)):
            return None
        if "LEA_STATE_NAME" in names:
            return None  # a school file of a later wave, saved again as a workbook
        what = ", ".join(m.replace("_", " ") for m in found.modules) or (
            "school support" if found.staff else "school characteristics"
        )
        told = tell_wave(file, sorted(names), file.wave or _by_name(file))
        if told.wave != WAVE:
            raise BadInput(
                f"{file.name}: a CRDC workbook of {told.wave}: expected one of {WAVE}. Take the "
                "CSV from OCR's ZIP."
            )
        return Recognized(file, self, f"CRDC {WAVE}, {what}", "crdc", WAVE)

    def read(self, recognized: Recognized) -> Iterator[Batch]:
        """See :class:`homeroom.sources.base.Reader`."""
        name = recognized.file.name
        table = _table(recognized.file)
        found = layout(table.columns)
        texts = tuple(n for n in (*wide.IDS, *GRADES, *STATUS) if n in table.columns)
        frame = wide.read(table.write_csv().encode(), name, found, texts)
        frame, notes = wide.one_row_a_school(frame, name)
        frame, found, absent = _complete(frame, found, name)
        yield school_batch(frame, WAVE, (*notes, *absent))
        yield from extract.cell_batches(frame, found, WAVE, name)
        if staff := extract.staff_batch(frame, found, WAVE, name):
            yield staff


READERS = (CrdcTopics(),)


def _by_name(file: SourceFile) -> str | None:
    """Return the wave of a workbook under OCR's own name: its topic's number, then the topic."""
    base = (file.member or file.path.name).rsplit("/", 1)[-1]
    return WAVE if _TOPIC.match(base) else None


def _names(file: SourceFile) -> set[str]:
    """List what looks like a column name among the first strings of a workbook.

    A spreadsheet stores its strings in the order of first use, so the header is near the start;
    to parse a sheet of 95,000 rows only to recognize it would take seconds.
    """
    if not file.raw_head.startswith(ZIP):
        return set()
    try:
        with zipfile.ZipFile(io.BytesIO(file.raw())) as archive:
            parts = [
                entry
                for entry in archive.namelist()
                if entry == "xl/sharedStrings.xml" or entry.startswith("xl/worksheets/sheet")
            ]
            starts = [_start(archive, part) for part in parts]
    except (*DAMAGE, BadInput):
        return set()
    return {match.decode() for start in starts for match in _NAME.findall(start)}


def _start(archive: zipfile.ZipFile, part: str) -> bytes:
    with archive.open(part) as stream:
        return stream.read(_FIRST)


def _table(file: SourceFile) -> pl.DataFrame:
    """Return the sheet whose first row names the columns, every value a string."""
    try:
        book = fastexcel.read_excel(file.raw())
        for sheet in book.sheet_names:
            frame: pl.DataFrame = book.load_sheet(
                sheet, header_row=None, dtypes="string"
            ).to_polars()
            header = [str(cell or "").strip() for cell in frame.row(0)] if len(frame) else []
            if set(header) >= _IDS:
                used = [at for at, cell in enumerate(header) if cell]
                body = frame.slice(1).select(
                    pl.nth(at).str.strip_chars().alias(header[at]) for at in used
                )
                return body.filter(~pl.all_horizontal(pl.all().is_null()))
    except (fastexcel.FastExcelError, pl.exceptions.DuplicateError) as error:
        raise BadInput(
            f"{file.name}: expected a workbook with each column once; {error}. {_AGAIN}"
        ) from error
    raise BadInput(
        f"{file.name}: expected a sheet whose first row holds {', '.join(sorted(_IDS))}, found "
        f"none in {book.sheet_names}. {_AGAIN}"
    )


def _complete(
    frame: pl.DataFrame, found: Layout, name: str
) -> tuple[pl.DataFrame, Layout, list[str]]:
    """Refuse a topic with columns gone; enrollment by disability may be absent as a whole."""
    gone = missing_columns(found, found.modules)
    lacking = [part for part in _OPTIONAL if sum(cell.startswith(part) for cell in gone) == 14]
    if wrong := [cell for cell in gone if not cell.startswith(tuple(lacking) or "\0")]:
        raise BadInput(
            f"{name}: expected every column of its topic, missing {len(wrong)}, the first for "
            f"{wrong[0]}. Sums would be wrong; take the file from OCR again."
        )
    for part in lacking:
        frame = frame.with_columns(pl.lit(None, pl.Int32).alias(c) for c in _OPTIONAL[part])
    names = [*frame.columns]
    return frame, layout(names), [f"no columns for {part}: left blank" for part in lacking]
