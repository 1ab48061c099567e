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
from homeroom.sources.base import SourceFile
from homeroom.sources.containers import ZIP
from homeroom.vocabulary.states import POSTAL_OF_NAME

TAKE_AGAIN = "Take the workbook from OCR again."
_NATION = {"united states", "50 states, district of columbia, and puerto rico"}
_SMALL = 8 << 20
_TOP = 10
_YEAR = re.compile(r"(?:School Year|SY) (\d{4}-\d{2})\b")
_FOOTNOTE_MARK = re.compile(r"(?<=[A-Za-z])[12]$|(?<=Schools)a$")
_SHEETS = "xl/worksheets/"


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
    if not file.raw_head.startswith(ZIP):
        return ()
    try:
        if not _is_small_workbook(data := file.raw()):
            return ()
        book = fastexcel.read_excel(data)
        frames = [
            (name, book.load_sheet(name, header_row=None, dtypes="string").to_polars())
            for name in book.sheet_names
        ]
    except (fastexcel.FastExcelError, BadInput):
        return ()  # damaged: no reader takes it, and the registry says why
    return tuple(sheet for name, frame in frames if (sheet := _sheet(name, frame)))


def _is_small_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            sizes = [e.file_size for e in archive.infolist() if e.filename.startswith(_SHEETS)]
    except zipfile.BadZipFile:
        return False
    return bool(sizes) and sum(sizes) < _SMALL


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
