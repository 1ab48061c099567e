"""Workbooks with one table in their first sheet, as NCES EDGE and SAIPE publish them."""

from __future__ import annotations

import io
import zipfile

import fastexcel
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.containers import DAMAGE, ZIP
from homeroom.sources.formats import OLD_WORKBOOK
from homeroom.sources.native import PanicError, calm

_TEXTS = ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml")
_FIRST = 1 << 17
_SMALL = 16 << 20


def is_old_workbook(file: SourceFile) -> bool:
    """Return whether the file is a workbook of before 2007 (.xls), small enough to look into."""
    return file.raw_head.startswith(OLD_WORKBOOK) and (
        file.member is not None or file.size < _SMALL
    )


def first_words(file: SourceFile) -> bytes:
    """Return what stands first in a workbook of today (.xlsx), as XML; empty for other files."""
    if not file.raw_head.startswith(ZIP):
        return b""
    words = b""
    try:
        with zipfile.ZipFile(io.BytesIO(file.raw())) as archive:
            for name in set(_TEXTS) & set(archive.namelist()):
                with archive.open(name) as stream:
                    words += stream.read(_FIRST)
    except (*DAMAGE, BadInput):
        return b""
    return words


def first_sheet(file: SourceFile) -> pl.DataFrame:
    """Read the first sheet as strings, with no header.

    Raises
    ------
    BadInput
        The workbook is damaged or has no sheet.
    """
    try:
        with calm():
            sheet = fastexcel.read_excel(file.raw()).load_sheet(0, header_row=None, dtypes="string")
    except (fastexcel.FastExcelError, PanicError, ValueError) as error:
        raise BadInput(
            f"{file.name}: expected a whole workbook, found one that cannot be opened "
            f"({str(error).splitlines()[0]}). Take the file from its publisher again."
        ) from error
    frame: pl.DataFrame = sheet.to_polars()
    return frame


def below_header(sheet: pl.DataFrame, row: int, columns: dict[str, str], name: str) -> pl.DataFrame:
    """Return the rows below the header in ``row`` (counted from 0), with columns renamed.

    Parameters
    ----------
    columns
        Heading, or what a heading begins with, to new name.

    Raises
    ------
    BadInput
        A heading is missing or stands twice.
    """
    headings = [" ".join((cell or "").split()) for cell in sheet.row(row)]
    picked = {}
    for heading, new in columns.items():
        exact = [at for at, found in enumerate(headings) if found == heading]
        places = exact or [at for at, found in enumerate(headings) if found.startswith(heading)]
        if len(places) != 1:
            raise BadInput(
                f"{name}: expected one column {heading!r}, found {len(places)}, and "
                f"headings {headings[:8]}. "
                "Take the file from its publisher again."
            )
        picked[new] = sheet.columns[places[0]]
    body = sheet[row + 1 :].select(pl.col(old).alias(new) for new, old in picked.items())
    return body.with_columns(pl.all().str.strip_chars().replace("", None))
