"""What OCR's state tables have in common: a title, a header of merged cells, a row a state.

Layout, as found in the workbooks of 2011-12, 2015-16 and 2017-18: the title stands in one of the
first rows, a row whose first label is "State" opens the header, the nation comes before the
states, footnotes follow. Scratch numbers of the agency stand above the title and below the notes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import fastexcel
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources.as_published import raw, raw_head
from homeroom.sources.base import SourceFile
from homeroom.sources.containers import DAMAGE
from homeroom.sources.native import PanicError, calm
from homeroom.vocabulary.states import POSTAL_OF_NAME

TAKE_AGAIN = "Take the workbook from OCR again."
_NATION = {"united states", "50 states, district of columbia, and puerto rico"}
_SMALL = 8 << 20
_TOP = 10
_YEAR = re.compile(r"(?:School Year|SY) (\d{4}-\d{2})\b")
_FOOTNOTE_MARK = re.compile(r"(?<=[A-Za-z])[12]$|(?<=Schools)a$")
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_MANY_STATES = 20
"""A sheet that names so many states was a table of states."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet with a table of states: ``rows`` are stripped texts, ``top`` is State's row."""

    name: str
    title: str
    wave: str
    rows: tuple[tuple[str, ...], ...]
    top: int

    def labels(self) -> list[tuple[str, str, str]]:
        """Return each column's header, from the widest heading to the narrowest.

        A heading of merged cells stands in its first cell only, so it is carried to the right,
        as far as the next one on its level or above.
        """
        header = self.rows[self.top : self.first_state]
        wide = narrow = ""
        found = []
        for column in range(len(header[0])):
            cells = [_label(row[column]) for row in header] + ["", ""]
            if not any(cells):
                wide = narrow = ""
            if cells[0]:
                wide, narrow = cells[0], ""
            narrow = cells[1] or narrow
            found.append((wide, narrow, cells[2]))
        return found

    @property
    def first_state(self) -> int:
        """Row of the first state or of the nation."""
        column = self.rows[self.top].index("State")
        for at in range(self.top + 1, len(self.rows)):
            if state_of(self.rows[at][column]):
                return at
        raise BadInput(
            f"sheet {self.name}: expected states below the heading State, found none. {TAKE_AGAIN}"
        )

    def states(self) -> Iterator[tuple[int, str, tuple[str, ...]]]:
        """Yield row number as a spreadsheet counts, postal code and cells of each state.

        Raises
        ------
        BadInput
            A state is absent, stands twice, or has a name that is no state's.
        """
        column = self.rows[self.top].index("State")
        seen: set[str] = set()
        for at in range(self.first_state, len(self.rows)):
            row = self.rows[at]
            state = state_of(row[column])
            if state is None and sum(map(_is_number, row)) < len(row) // 2:
                break
            if state is None or state in seen:
                raise BadInput(
                    f"sheet {self.name}, row {at + 1}: expected the next state, found "
                    f"{row[column]!r}. {TAKE_AGAIN}"
                )
            seen.add(state)
            yield at + 1, state, row
        if gone := sorted(_REQUIRED - seen):
            raise BadInput(
                f"sheet {self.name}: expected the nation, 50 states and DC; missing "
                f"{', '.join(gone)}. {TAKE_AGAIN}"
            )


def state_of(name: str) -> str | None:
    """Return the postal code of a state's name, US for the nation, None for anything else."""
    name = name.casefold()
    return "US" if name in _NATION else POSTAL_OF_NAME.get(name)


_TERRITORIES = {"AS", "GU", "MP", "PR", "VI", "BI"}
_REQUIRED = {"US", *POSTAL_OF_NAME.values()} - _TERRITORIES


def state_tables(file: SourceFile) -> tuple[Sheet, ...]:
    """List the sheets that hold a table of states; none where the file is no small workbook."""
    return _state_tables(file, file.size, file.path.stat().st_mtime_ns)


@lru_cache(maxsize=4)  # every reader of workbooks asks for the same file in turn
def _state_tables(file: SourceFile, size: int, changed: int) -> tuple[Sheet, ...]:
    del size, changed  # part of the cache's key only
    if not raw_head(file).startswith(b"PK\x03\x04"):
        return ()
    try:
        if not (members := _worksheets(data := raw(file))):
            return ()
        with calm():
            book = fastexcel.read_excel(data)
    except (fastexcel.FastExcelError, PanicError, BadInput):
        return ()  # damaged: no reader takes it, and the registry says why
    frames = [(name, _load(book, name)) for name in book.sheet_names]
    tables = [_sheet(name, frame) for name, frame in frames if frame is not None]
    found = tuple(sheet for sheet in tables if sheet)
    if found:
        _check_all_read(file.name, frames, tables, members)
    return found


def _load(book: fastexcel.ExcelReader, name: str) -> pl.DataFrame | None:
    try:
        with calm():
            sheet = book.load_sheet(name, header_row=None, dtypes="string")
            frame: pl.DataFrame = sheet.to_polars()
    except (fastexcel.FastExcelError, PanicError):
        return None  # a sheet that is a chart, or one that is damaged: see _check_all_read
    return frame


def _check_all_read(
    name: str,
    frames: list[tuple[str, pl.DataFrame | None]],
    tables: list[Sheet | None],
    members: int,
) -> None:
    """Refuse a workbook of state tables with a sheet that cannot be read, or is not listed.

    Raises
    ------
    BadInput
        A sheet is damaged, has states but lost its title or header, or stands in no list.
    """
    readable = [(sheet, frame) for sheet, frame in frames if frame is not None]
    if len(readable) != members:
        bad = [sheet for sheet, frame in frames if frame is None]
        what = f"sheet {bad[0]} cannot be read" if bad else f"{len(readable)} are listed"
        raise BadInput(
            f"{name}: expected {members} sheets that can be read, as the workbook holds; {what}. "
            f"{TAKE_AGAIN}"
        )
    for (sheet, frame), table in zip(readable, tables, strict=True):
        if table is None and _states_in(frame) >= _MANY_STATES:
            raise BadInput(
                f"{name}: sheet {sheet}: expected a title with the school year and a heading "
                f"State above the states, found states without them. {TAKE_AGAIN}"
            )


def _states_in(frame: pl.DataFrame) -> int:
    return sum(state_of((cell or "").strip()) is not None for row in frame.rows() for cell in row)


def _worksheets(data: bytes) -> int:
    """Count the worksheets of a workbook that is small enough to look into, else 0."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = [e.file_size for e in archive.infolist() if _WORKSHEET.fullmatch(e.filename)]
    except DAMAGE:
        return 0
    return len(sizes) if sum(sizes) < _SMALL else 0


def _sheet(name: str, frame: pl.DataFrame) -> Sheet | None:
    rows = tuple(tuple(" ".join((cell or "").split()) for cell in row) for row in frame.rows())
    titles = [cell for row in rows[:_TOP] for cell in row if _YEAR.search(cell)]
    tops = [at for at, row in enumerate(rows[:_TOP]) if "State" in row]
    if not titles or not tops:
        return None  # an index of the sheets, or scratch
    wave = _YEAR.findall(titles[0])[-1]
    return Sheet(name, titles[0], wave, rows, tops[0])


def _label(cell: str) -> str:
    return _FOOTNOTE_MARK.sub("", cell.replace("\xa0", " ").strip())


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).replace(",", "").isdigit()


def whole(cell: str, where: str) -> int:
    """Read a count.

    Raises
    ------
    BadInput
        Anything else than a whole number that is not negative.
    """
    text = cell.replace(",", "").removesuffix(".0")
    if not text.isdecimal():
        raise BadInput(f"{where}: expected a count, found {cell!r}. {TAKE_AGAIN}")
    return int(text)


def decimal(cell: str, where: str) -> float:
    """Read a number with a fraction, as :func:`whole` does."""
    if not _is_number(cell):
        raise BadInput(f"{where}: expected a number, found {cell!r}. {TAKE_AGAIN}")
    return float(cell.replace(",", ""))
