"""Opening an extract's files: CSV and Parquet as DuckDB tables of text, and nothing that bursts.

What a file claims to be is never believed. A packed file is unpacked within bounds, a line of
more than a megabyte is refused when it is met, and no message quotes a value.
"""

from __future__ import annotations

import codecs
import csv
import os
from dataclasses import dataclass
from pathlib import Path

import duckdb

from homeroom.errors import BadInput
from homeroom.records.sealed import sealed
from homeroom.sources import containers
from homeroom.text_gate import shown

LONGEST_LINE = 1 << 20
_HEAD = LONGEST_LINE + (1 << 16)
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_PIECE = LONGEST_LINE // 2
_MOST_ROWS = 2_000_000_000
_MOST_SHRUNK = 5_000
"""Times that a Parquet file may shrink: real tables shrink a hundredfold."""
_MOST_COLUMNS = 2_000
_SEPARATORS = ",\t|;"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of an extract: where it lies, its columns, and how to read it."""

    name: str
    """For people: the file's name, and the member's within an archive."""
    path: Path
    columns: tuple[str, ...]
    sql: str
    """A FROM item that gives every column as text."""


def found_files(paths: list[Path]) -> list[Path]:
    """Return the files named, and those in the folders named, in a fixed order.

    Raises
    ------
    BadInput
        A path does not exist, or nothing is there.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.rglob("*"))
            found += [one for one in inside if one.is_file() and not one.name.startswith(".")]
        elif path.is_file():
            found.append(path)
        else:
            raise BadInput(f"{shown(str(path))}: expected a file or a folder, found none.")
    if not found:
        raise BadInput("Expected files of an extract, found an empty folder.")
    return found


def unpacked(path: Path, scratch: Path) -> list[tuple[str, Path]]:
    """Return names and paths of the plain files behind a file, unpacked into ``scratch`` if packed.

    Parameters
    ----------
    path
        A file on disk.
    scratch
        A folder for the owner alone, which goes when the import ends.

    Raises
    ------
    BadInput
        The archive is damaged, locked, or unpacks to far more than a table does.
    """
    with path.open("rb") as stream:
        if not stream.read(6).startswith(_PACKED):
            return [(shown(path.name), path)]
    plain = []
    for number, one in enumerate(containers.inside(path)):
        name = containers.name_of(path, one.chain)
        if one.problem:
            raise BadInput(f"{name}: {one.problem}")
        target = scratch / f"{number}-{path.stem}{Path(one.chain[-1] if one.chain else '').suffix}"
        data = containers.whole(path, one.chain)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        plain.append((name, target))
    return plain


def sheet(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> Sheet:
    """Return a CSV or Parquet file as a sheet, after a look at its first bytes.

    Raises
    ------
    BadInput
        It is neither, or not whole.
    """
    with sealed(name), path.open("rb") as stream:
        head = stream.read(_HEAD)
        if head.startswith(b"PAR1"):
            return _parquet(connection, name, path)
        return _csv(name, path, head)


def _parquet(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> Sheet:
    rows, packed, plain = connection.execute(
        "SELECT (SELECT num_rows FROM parquet_file_metadata(?)), "
        "sum(total_compressed_size), sum(total_uncompressed_size) FROM parquet_metadata(?)",
        [str(path), str(path)],
    ).fetchone() or (0, 0, 0)
    if rows > _MOST_ROWS or (plain or 0) > _MOST_SHRUNK * max(1, packed or 1) + (1 << 30):
        raise BadInput(
            f"{name}: expected a table of records, found one that unpacks to far more than a table "
            "does."
        )
    source = f"read_parquet({_literal(path)})"
    described = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    columns = tuple(str(row[0]) for row in described)
    _check_columns(name, columns)
    cast = ", ".join(f"CAST({quoted(one)} AS VARCHAR) AS {quoted(one)}" for one in columns)
    return Sheet(name, path, columns, f"(SELECT {cast} FROM {source})")


def _csv(name: str, path: Path, head: bytes) -> Sheet:
    text = head.removeprefix(codecs.BOM_UTF8)
    if text.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadInput(f"{name}: expected text in UTF-8 or Latin-1, found UTF-16.")
    first, ended, _ = text.partition(b"\n")
    if len(first) > LONGEST_LINE or (not ended and len(head) >= _HEAD):
        raise BadInput(
            f"{name}: expected lines of at most 1 MB, found a longer one in line 1. No table of "
            "records has such."
        )
    if not text.strip():
        raise BadInput(f"{name}: expected a table, found an empty file.")
    if b"\0" in first or text.lstrip().startswith((b"<", b"{", b"[", b"%PDF")):
        raise BadInput(
            f"{name}: expected a CSV or Parquet file with a row of column names, found another "
            "kind. Export the table as CSV."
        )
    encoding = _encoding(path, name)
    line = first.decode(encoding, errors="replace").rstrip("\r\n")
    separator = max(_SEPARATORS, key=line.count)
    columns = tuple(one.strip() for one in next(csv.reader([line], delimiter=separator)))
    _check_columns(name, columns)
    types = ", ".join(f"{_text(one)}: 'VARCHAR'" for one in columns)
    source = (
        f"read_csv({_literal(path)}, columns={{{types}}}, header=true, auto_detect=false, "
        f"delim={_text(separator)}, quote='\"', escape='\"', max_line_size={LONGEST_LINE}, "
        f"compression='none', encoding='{encoding}', strict_mode=true, null_padding=false, "
        "ignore_errors=false, nullstr='', allow_quoted_nulls=true)"
    )
    return Sheet(name, path, columns, source)


def _encoding(path: Path, name: str) -> str:
    """Return a file's encoding, after a walk over all of it: one accent can stand anywhere.

    Raises
    ------
    BadInput
        A line goes on for more than a megabyte, or the file is no text.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    found, run, line = "utf-8", 0, 1
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            ends = piece.find(b"\n")
            if run + (ends if ends >= 0 else len(piece)) > LONGEST_LINE:
                raise BadInput(
                    f"{name}: expected lines of at most 1 MB, found a longer one in or after line "
                    f"{line:,}. No table of records has such."
                )
            run = run + len(piece) if ends < 0 else len(piece) - piece.rfind(b"\n") - 1
            line += piece.count(b"\n")
            if b"\0" in piece:
                raise BadInput(f"{name}: expected text, found bytes of zero after line {line:,}.")
            if found == "utf-8" and not (piece.isascii() and not decoder.getstate()[0]):
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    found = "latin-1"
    return "latin-1" if found == "utf-8" and decoder.getstate()[0] else found


def _check_columns(name: str, columns: tuple[str, ...]) -> None:
    folded = [one.lower() for one in columns]
    if len(columns) > _MOST_COLUMNS:
        raise BadInput(
            f"{name}: expected at most {_MOST_COLUMNS:,} columns, found {len(columns):,}."
        )
    if len(set(folded)) != len(folded) or "" in folded:
        raise BadInput(
            f"{name}: expected a name of its own for every column in the first row, found a blank "
            "or a repeated one."
        )


def quoted(name: str) -> str:
    """Return a column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _literal(path: Path) -> str:
    return _text(str(path))
