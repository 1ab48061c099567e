"""Rows for statistics programs: a Stata file, and a data frame for R.

Both carry what the columns mean and which data they were made from. Missing stays missing: Stata's
``.`` and R's ``NA``, never zero.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat

from homeroom.figures.columns import meaning
from homeroom.report.data_file import About

_LABEL, _TITLE = 80, 80
"""Letters that Stata keeps of a column's label and of the file's."""
_TEXT = 2045
"""Bytes that a text variable of Stata holds."""
_NA_INTEGER = -(2**31)
_NA_REAL = struct.unpack(">d", bytes.fromhex("7ff00000000007a2"))[0]
_STRING, _LOGICAL, _INTEGER, _REAL, _VECTOR, _CHAR = 16, 10, 13, 14, 19, 9
_OBJECT, _ATTRIBUTES = 0x100, 0x200
_UTF8 = 0x8000 << 0


def stata_file(rows: pl.DataFrame, about: About, path: Path) -> None:
    """Write rows as a Stata file, version 14 and later (Unicode)."""
    shown = rows.with_columns(
        pl.col(pl.String).str.slice(0, _TEXT // 4), pl.col(pl.Boolean).cast(pl.Int8)
    )
    pyreadstat.write_dta(
        shown, str(path),
        file_label=f"{about.title}; data version {about.data_version}"[:_TITLE],
        column_labels={name: (meaning(name) or name)[:_LABEL] for name in rows.columns},
    )  # fmt: skip


def r_file(rows: pl.DataFrame, about: About) -> bytes:
    """Return rows as a data frame of R in a file that ``readRDS`` reads.

    The layout is R's serialization in XDR, version 2 (R Internals, section 1.8). Each column has
    an attribute ``label``, and the frame ``homeroom``: what it is and of which data.
    """
    out = bytearray(b"X\n" + struct.pack(">iii", 2, 0x00030000, 0x00020300))
    names = list(rows.columns)
    _item(out, _VECTOR, _OBJECT | _ATTRIBUTES)
    out += struct.pack(">i", len(names))
    for name in names:
        _column(out, rows[name], meaning(name) or name)
    told = [f"{key}: {value}" for key, value in about.metadata().items() if value]
    _attributes(
        out,
        {
            "names": lambda: _texts(out, names),
            "row.names": lambda: _integers(out, [_NA_INTEGER, -len(rows)]),
            "class": lambda: _texts(out, ["data.frame"]),
            "homeroom": lambda: _texts(out, told),
        },
    )
    return gzip.compress(bytes(out), 6, mtime=0)


def _column(out: bytearray, values: pl.Series, label: str) -> None:
    size = struct.pack(">i", len(values))
    if values.dtype == pl.Boolean:
        _item(out, _LOGICAL, _ATTRIBUTES)
        out += (
            size + values.cast(pl.Int32).fill_null(_NA_INTEGER).to_numpy().astype(">i4").tobytes()
        )
    elif values.dtype.is_numeric():
        _item(out, _REAL, _ATTRIBUTES)
        known = values.cast(pl.Float64)
        bits = known.fill_null(0.0).to_numpy().astype(">f8").view(">u8")
        empty = struct.unpack(">Q", struct.pack(">d", _NA_REAL))[0]
        out += size + np.where(known.is_null().to_numpy(), empty, bits).astype(">u8").tobytes()
    else:
        _texts(out, values.cast(pl.String).to_list(), _ATTRIBUTES)
    _attributes(out, {"label": lambda: _texts(out, [label])})


def _item(out: bytearray, kind: int, flags: int = 0) -> None:
    out += struct.pack(">i", kind | flags)


def _texts(out: bytearray, values: Sequence[str | None], flags: int = 0) -> None:
    _item(out, _STRING, flags)
    out += struct.pack(">i", len(values))
    known: dict[str | None, bytes] = {None: struct.pack(">ii", _CHAR, -1)}
    for value in values:
        if value not in known:
            text = str(value).encode()
            known[value] = struct.pack(">ii", _CHAR | _UTF8, len(text)) + text
        out += known[value]


def _integers(out: bytearray, values: Sequence[int]) -> None:
    _item(out, _INTEGER)
    out += struct.pack(f">i{len(values)}i", len(values), *values)


def _attributes(out: bytearray, found: Mapping[str, Callable[[], None]]) -> None:
    """Write a pair list of names and values; each value writes itself."""
    for name, write in found.items():
        _item(out, 2, 0x400)  # a pair with a tag
        _item(out, 1)  # the tag: a symbol, and its name
        text = name.encode()
        out += struct.pack(">ii", _CHAR | _UTF8, len(text)) + text
        write()
    _item(out, 254)  # the end of the list
