"""One table in a file that is no text: workbooks, Parquet, Arrow, Stata, SPSS, and SAS.

A workbook is taken for one table where only one of its sheets holds anything, and that begins
with headings. Agencies' workbooks with a title above the table stay as they are.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from pathlib import Path

import fastexcel
import polars as pl

from homeroom.errors import BadInput
from homeroom.sources import canonical, containers
from homeroom.sources.canonical import Canonical
from homeroom.sources.native import calm

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAS = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
SPSS = (b"$FL2", b"$FL3")
_PARQUET, _ARROW, _FEATHER = b"PAR1", b"ARROW1\0\0", b"FEA1"
_STATA = (
    b"<stata_dta>", b"\x71\x01", b"\x71\x02", b"\x72\x01", b"\x72\x02", b"\x73\x01", b"\x73\x02",
)  # fmt: skip
WORKBOOKS = (containers.ZIP, OLD_WORKBOOK)
BINARY = (*WORKBOOKS, SAS, *SPSS, _PARQUET, _ARROW, _FEATHER, *_STATA)
"""What the files begin with that are no text."""
_AGAIN = "Download it again."


def read(data: bytes, name: str, *, capitals: bool = False) -> Canonical:
    """Return a file of one of the formats as canonical text; as it is where it is no one table.

    Raises
    ------
    BadInput
        The file is damaged or cut off.
    """
    for magics, called, reader in _FORMATS:
        if data.startswith(magics):
            frame = _guarded(data, name, called, reader)
            if frame is None:
                return Canonical(data)
            text = canonical.table(canonical.write(frame), name, capitals=capitals)
            return canonical.joined(text, f"read from {called}")
    return Canonical(data)


def _guarded(
    data: bytes, name: str, called: str, reader: Callable[[bytes], pl.DataFrame | None]
) -> pl.DataFrame | None:
    try:
        with calm():
            return reader(data)
    except BadInput as error:
        raise BadInput(f"{name}: {error}") from error
    except Exception as error:  # libraries for eight formats raise what they like
        reason = (str(error).splitlines() or [""])[0] or type(error).__name__
        raise BadInput(
            f"{name}: expected a whole {called.removeprefix('a ').removeprefix('an ')}, found one "
            f"that is cut off or damaged ({reason}). {_AGAIN}"
        ) from error


def _workbook(data: bytes) -> pl.DataFrame | None:
    try:
        book = fastexcel.read_excel(data)
    except fastexcel.FastExcelError:
        if data.startswith(containers.ZIP):
            return None  # a text document, a presentation
        raise
    filled = []
    for sheet in book.sheet_names:
        frame: pl.DataFrame = book.load_sheet(sheet, header_row=None, dtypes="string").to_polars()
        if frame.height and frame.width:
            filled.append(frame)
        if len(filled) > 1:
            return None
    return _below_headings(filled[0]) if filled else None


def _below_headings(sheet: pl.DataFrame) -> pl.DataFrame | None:
    """Return the rows below headings in the first row; None where it holds anything else."""
    names = [(cell or "").strip() for cell in sheet.row(0)]
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or len(set(names)) < len(names) or sum(not n for n in names) > 1:
        return None
    if any(len(name) > 120 or name.replace(".", "", 1).isdecimal() for name in names):
        return None
    body = sheet[1:].select(
        pl.nth(at).str.strip_chars().alias(field) for at, field in enumerate(names)
    )
    return body.filter(~pl.all_horizontal(pl.all().is_null()))


def _statistics(suffix: str, reader: str, **options: object) -> Callable[[bytes], pl.DataFrame]:
    def read(data: bytes) -> pl.DataFrame:
        import pyreadstat  # noqa: PLC0415 - slow to import, and few builds read such files

        with tempfile.NamedTemporaryFile(suffix=suffix) as plain:  # it wants a path
            plain.write(data)
            plain.flush()
            frame, _ = getattr(pyreadstat, reader)(
                Path(plain.name), output_format="polars", **options
            )
        return pl.DataFrame(frame)

    return read


def _polars(reader: Callable[..., pl.DataFrame]) -> Callable[[bytes], pl.DataFrame]:
    return lambda data: reader(io.BytesIO(data))


def _feather(data: bytes) -> pl.DataFrame:
    from pyarrow import feather  # noqa: PLC0415 - an old format that few use

    return pl.DataFrame(pl.from_arrow(feather.read_table(io.BytesIO(data))))


_FORMATS: tuple[tuple[tuple[bytes, ...], str, Callable[[bytes], pl.DataFrame | None]], ...] = (
    (WORKBOOKS, "a workbook", _workbook),
    ((_PARQUET,), "a Parquet file", _polars(pl.read_parquet)),
    ((_ARROW,), "an Arrow file", _polars(pl.read_ipc)),
    ((_FEATHER,), "a Feather file", _feather),
    # Codes that the file's maker declared missing are codes of the survey: -1 is a skip.
    (SPSS, "an SPSS file", _statistics(".sav", "read_sav", user_missing=True)),
    (_STATA, "a Stata file", _statistics(".dta", "read_dta", user_missing=True)),
    ((SAS,), "a SAS file", _statistics(".sas7bdat", "read_sas7bdat", user_missing=True)),
)
