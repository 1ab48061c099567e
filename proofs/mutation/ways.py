"""Ways to damage, trim, re-save, and pack a file, each from bytes and chance to name and bytes.

A way returns the ending of the file's new name (empty to keep it) and the new bytes. Nothing here
uses Homeroom's code.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import lzma
import random
import re
import struct
import tarfile
import zipfile
from collections.abc import Callable

import openpyxl
import polars as pl

Chance = random.Random
Way = Callable[[bytes, Chance], tuple[str, bytes]]
Rows = list[list[str]]


def rows_of(data: bytes) -> Rows:
    """Return the rows of a CSV in UTF-8 or cp1252."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    return list(csv.reader(io.StringIO(text, newline="")))


def workbook_rows(data: bytes) -> Rows:
    """Return the rows of a workbook's first sheet, read by openpyxl alone."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    return [
        ["" if cell is None else str(cell) for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def text_of(
    rows: Rows, separator: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    """Return rows as text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def _edit(change: Callable[[Rows, Chance], Rows | None]) -> Way:
    """Make a way of a change to the rows."""

    def way(data: bytes, chance: Chance) -> tuple[str, bytes]:
        rows = rows_of(data)
        return "", text_of(change(rows, chance) or rows).encode()

    return way


def _row(rows: Rows, chance: Chance) -> list[str]:
    return rows[chance.randrange(1, len(rows))]


def _drop_field(rows: Rows, chance: Chance) -> None:
    row = _row(rows, chance)
    row.pop(chance.randrange(len(row)))


def _add_field(rows: Rows, chance: Chance) -> None:
    row = _row(rows, chance)
    row.insert(chance.randrange(len(row)), chance.choice(["0", "7", ""]))


def _swap_headers(rows: Rows, chance: Chance) -> None:
    a, b = chance.sample(range(len(rows[0])), 2)
    rows[0][a], rows[0][b] = rows[0][b], rows[0][a]


def _drop_column(rows: Rows, chance: Chance) -> None:
    at = chance.randrange(len(rows[0]))
    for row in rows:
        row.pop(at)


def _rename_column(rows: Rows, chance: Chance) -> None:
    rows[0][chance.randrange(len(rows[0]))] += "_OLD"


def _repeat_column(rows: Rows, chance: Chance) -> None:
    at, to = chance.randrange(len(rows[0])), chance.randrange(len(rows[0]))
    for row in rows:
        row.insert(to, row[at])


def _repeat_row(rows: Rows, chance: Chance) -> None:
    rows.insert(chance.randrange(1, len(rows)), list(_row(rows, chance)))


def _contradict_row(rows: Rows, chance: Chance) -> None:
    copy = list(_row(rows, chance))
    numbers = [at for at, cell in enumerate(copy) if re.fullmatch(r"\d+", cell) and at > 8]
    if numbers:
        at = chance.choice(numbers)
        copy[at] = str(int(copy[at]) + 3)
    rows.append(copy)


def _drop_row(rows: Rows, chance: Chance) -> None:
    rows.pop(chance.randrange(1, len(rows)))


def _shuffle_column(rows: Rows, chance: Chance) -> None:
    at = chance.randrange(len(rows[0]))
    values = [row[at] for row in rows[1:]]
    chance.shuffle(values)
    for row, value in zip(rows[1:], values, strict=True):
        row[at] = value


def _set(value: str, column: str | None = None) -> Callable[[Rows, Chance], None]:
    """Make a change that puts a value into a cell of a numeric, or a named, column."""

    def change(rows: Rows, chance: Chance) -> None:
        row = _row(rows, chance)
        if column is None:
            places = [at for at, cell in enumerate(row) if re.fullmatch(r"-?\d+(\.\d+)?", cell)]
            at = chance.choice(places)
        elif column in rows[0]:
            at = rows[0].index(column)
        else:
            at = 0
        row[at] = value

    return change


def _set_all(value: str, column: str) -> Callable[[Rows, Chance], None]:
    def change(rows: Rows, _chance: Chance) -> None:
        if column in rows[0]:
            for row in rows[1:]:
                row[rows[0].index(column)] = value

    return change


def _header_again(rows: Rows, chance: Chance) -> None:
    rows.insert(chance.randrange(2, len(rows)), list(rows[0]))


def _lower_headers(rows: Rows, _chance: Chance) -> None:
    rows[0] = [name.lower() for name in rows[0]]


def _index_column(rows: Rows, _chance: Chance) -> None:
    for number, row in enumerate(rows):
        row.insert(0, str(number - 1) if number else "")


def _thousands(rows: Rows, _chance: Chance) -> None:
    for row in rows[1:]:
        for at, cell in enumerate(row):
            if at > 8 and re.fullmatch(r"\d{4,}", cell):
                row[at] = f"{int(cell):,}"


def _floats(rows: Rows, _chance: Chance) -> None:
    for row in rows[1:]:
        row[9:] = [f"{cell}.0" if re.fullmatch(r"-?\d+", cell) else cell for cell in row[9:]]


def _missing_words(rows: Rows, chance: Chance) -> None:
    word = chance.choice(["NA", "NaN", ".", "NULL"])
    for row in rows[1:]:
        row[:] = [word if cell == "" else cell for cell in row]


def _blank_lines(rows: Rows, chance: Chance) -> None:
    rows.insert(chance.randrange(1, len(rows)), [])


def _cut_share(data: bytes, chance: Chance) -> tuple[str, bytes]:
    return "", data[: int(len(data) * chance.uniform(0.05, 0.98))]


def _cut_bytes(data: bytes, chance: Chance) -> tuple[str, bytes]:
    return "", data[: -chance.randint(1, 4)]


def _flip_bit(data: bytes, chance: Chance) -> tuple[str, bytes]:
    out, at = bytearray(data), chance.randrange(len(data))
    out[at] ^= 1 << chance.randrange(8)
    return "", bytes(out)


def _zero_block(data: bytes, chance: Chance) -> tuple[str, bytes]:
    at, size = chance.randrange(len(data)), chance.choice([16, 512, 4096])
    return "", data[:at] + b"\0" * min(size, len(data) - at) + data[at + size :]


def _drop_block(data: bytes, chance: Chance) -> tuple[str, bytes]:
    at, size = chance.randrange(len(data)), chance.choice([1, 64, 512])
    return "", data[:at] + data[at + size :]


def _garbage(data: bytes, chance: Chance) -> tuple[str, bytes]:
    at = chance.randrange(len(data))
    return "", data[:at] + chance.randbytes(chance.choice([1, 8, 64])) + data[at:]


def _written(separator: str = ",", end: str = "\n", encoding: str = "utf-8",
             quoting: int = csv.QUOTE_MINIMAL, ending: str = "") -> Way:  # fmt: skip
    def way(data: bytes, _chance: Chance) -> tuple[str, bytes]:
        return ending, text_of(rows_of(data), separator, end, quoting).encode(encoding, "replace")

    return way


def _without_last_break(data: bytes, _chance: Chance) -> tuple[str, bytes]:
    return "", data.rstrip(b"\r\n")


def _two_encodings(data: bytes, chance: Chance) -> tuple[str, bytes]:
    lines = data.split(b"\n")
    at = chance.randrange(1, max(2, len(lines) - 1))
    lines[at] = lines[at].replace(b"School", "Schoöl".encode("cp1252"), 1)
    lines[max(1, at - 1)] = lines[max(1, at - 1)].replace(b"e", "é".encode(), 1)
    return "", b"\n".join(lines)


def _packed(pack: Callable[[bytes], bytes], ending: str, then: Way | None = None) -> Way:
    def way(data: bytes, chance: Chance) -> tuple[str, bytes]:
        packed = pack(data)
        return ending, then(packed, chance)[1] if then else packed

    return way


def _zip(data: bytes, name: str = "file.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def _zip_stored(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("file.csv", data)
    return out.getvalue()


def _zip_in_zip(data: bytes) -> bytes:
    return _zip(_zip(data), "inner.zip")


def _tar_gz(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        entry = tarfile.TarInfo("file.csv")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _encrypted(data: bytes, _chance: Chance) -> tuple[str, bytes]:
    """Mark the member of a ZIP as encrypted, in its own head and in the directory."""
    packed = bytearray(_zip(data))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = packed.index(magic) + at
        packed[place : place + 2] = struct.pack("<H", 1)
    return ".zip", bytes(packed)


def _frame(data: bytes) -> pl.DataFrame:
    head, *rows = rows_of(data)
    return pl.DataFrame(rows, schema=head, orient="row")


def _table(
    write: Callable[[pl.DataFrame, io.BytesIO], object], ending: str, then: Way | None = None
) -> Way:
    def way(data: bytes, chance: Chance) -> tuple[str, bytes]:
        out = io.BytesIO()
        write(_frame(data), out)
        packed = out.getvalue()
        return ending, then(packed, chance)[1] if then else packed

    return way


def _xlsx(frame: pl.DataFrame, out: io.BytesIO) -> None:
    frame.write_excel(out)


def _sheet(change: Callable[[bytes, Chance], bytes | None]) -> Way:
    """Make a way that changes one sheet of a workbook, and packs the workbook again soundly.

    A change to nothing leaves the sheet's member out.
    """

    def way(data: bytes, chance: Chance) -> tuple[str, bytes]:
        out = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(data)) as old,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            sheets = [name for name in old.namelist() if name.startswith("xl/worksheets/sheet")]
            chosen = chance.choice(sheets)
            for name in old.namelist():
                body = old.read(name)
                changed = change(body, chance) if name == chosen else body
                if changed is not None:
                    new.writestr(name, changed)
        return "", out.getvalue()

    return way


def _other_number(body: bytes, chance: Chance) -> bytes:
    found = list(re.finditer(rb"<v>(\d{3,})</v>", body))
    if not found:
        return body
    one = chance.choice(found)
    number = str(int(one[1]) + 10 ** (len(one[1]) - 1)).encode()
    return body[: one.start(1)] + number + body[one.end(1) :]


def _nothing(_body: bytes, _chance: Chance) -> None:
    return None


_edit_sheet, _drop_sheet = _sheet(_other_number), _sheet(_nothing)


DAMAGE: dict[str, Way] = {
    "field dropped": _edit(_drop_field),
    "field added": _edit(_add_field),
    "headers swapped": _edit(_swap_headers),
    "column dropped": _edit(_drop_column),
    "column renamed": _edit(_rename_column),
    "column repeated": _edit(_repeat_column),
    "row repeated": _edit(_repeat_row),
    "row contradicted": _edit(_contradict_row),
    "row dropped": _edit(_drop_row),
    "column shuffled": _edit(_shuffle_column),
    "cell -9.5": _edit(_set("-9.5")),
    "cell -47": _edit(_set("-47")),
    "cell -150": _edit(_set("-150")),
    "cell in words": _edit(_set("twelve")),
    "cell emptied": _edit(_set("")),
    "cell changed": _edit(_set("4")),
    "cell 99999999999": _edit(_set("99999999999")),
    "cell infinite": _edit(_set("inf")),
    "state of another": _edit(_set("TX", "LEA_STATE")),
    "state unknown": _edit(_set_all("ZZ", "LEA_STATE")),
    "id of no state": _edit(_set("9900001", "LEAID")),
    "header again": _edit(_header_again),
    "blank line": _edit(_blank_lines),
    "cut": _cut_share,
    "last bytes cut": _cut_bytes,
    "bit flipped": _flip_bit,
    "block of zeros": _zero_block,
    "block dropped": _drop_block,
    "garbage inside": _garbage,
    "two encodings": _two_encodings,
    "gzip cut": _packed(gzip.compress, ".csv.gz", _cut_share),
    "gzip bit flipped": _packed(gzip.compress, ".csv.gz", _flip_bit),
    "bz2 cut": _packed(bz2.compress, ".csv.bz2", _cut_share),
    "xz cut": _packed(lzma.compress, ".csv.xz", _cut_share),
    "zip bit flipped": _packed(_zip, ".zip", _flip_bit),
    "stored zip bit flipped": _packed(_zip_stored, ".zip", _flip_bit),
    "zip cut": _packed(_zip, ".zip", _cut_share),
    "zip encrypted": _encrypted,
    "tar.gz cut": _packed(_tar_gz, ".tar.gz", _cut_share),
    "xlsx bit flipped": _table(_xlsx, ".xlsx", _flip_bit),
    "xlsx cell changed": _table(_xlsx, ".xlsx", _edit_sheet),
    "parquet cut": _table(pl.DataFrame.write_parquet, ".parquet", _cut_share),
    "parquet bit flipped": _table(pl.DataFrame.write_parquet, ".parquet", _flip_bit),
}  # fmt: skip
"""Ways to damage a CSV."""

RESAVED: dict[str, Way] = {
    "CRLF": _written(end="\r\n"),
    "CR alone": _written(end="\r"),
    "no last line break": _without_last_break,
    "byte order mark": _written(encoding="utf-8-sig"),
    "cp1252": _written(encoding="cp1252"),
    "UTF-16 with tabs": _written("\t", "\r\n", "utf-16"),
    "semicolons": _written(";"),
    "tabs": _written("\t", ending=".tsv"),
    "all quoted": _written(quoting=csv.QUOTE_ALL),
    "small headings": _edit(_lower_headers),
    "index column": _edit(_index_column),
    "thousands": _edit(_thousands),
    "floats": _edit(_floats),
    "words for missing": _edit(_missing_words),
    "gzip": _packed(gzip.compress, ".csv.gz"),
    "bz2": _packed(bz2.compress, ".csv.bz2"),
    "xz": _packed(lzma.compress, ".csv.xz"),
    "zip": _packed(_zip, ".zip"),
    "zip in zip": _packed(_zip_in_zip, ".zip"),
    "tar.gz": _packed(_tar_gz, ".tar.gz"),
    "xlsx": _table(_xlsx, ".xlsx"),
    "parquet": _table(pl.DataFrame.write_parquet, ".parquet"),
    "feather": _table(pl.DataFrame.write_ipc, ".feather"),
}  # fmt: skip
"""Ways to save a CSV that leave every value as it was."""

BINARY: dict[str, Way] = {
    "cut": _cut_share,
    "last bytes cut": _cut_bytes,
    "bit flipped": _flip_bit,
    "block of zeros": _zero_block,
    "block dropped": _drop_block,
    "garbage inside": _garbage,
    "packed again": _packed(_zip, ".zip"),
    "gzip": _packed(gzip.compress, ".gz"),
}
"""Ways to damage a workbook, survey file, or archive."""

WORKBOOK: dict[str, Way] = {"number changed": _edit_sheet, "sheet dropped": _drop_sheet}
"""Ways to damage a workbook (.xlsx) so that its packing is sound."""
