"""Files made to fill the memory, to write on the terminal, or to have something fetched."""

from __future__ import annotations

import io
import os
import socket
import sqlite3
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from homeroom.errors import BadInput, NotAStore
from homeroom.evidence import store
from homeroom.evidence.reading import sort_files
from homeroom.sources.registry import Refused
from homeroom.sources.workbook_extent import refuse_vast

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def refusals(*paths: Path) -> list[Refused]:
    found, refused = sort_files(paths, Path("none"))
    assert found == []
    return refused


def workbook(*cells: str) -> bytes:
    book = openpyxl.Workbook()
    for cell in cells:
        book.active[cell] = 1
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def open_document(rows: int, columns: int, kind: str) -> bytes:
    cell = f'<t:table-cell {kind} t:number-columns-repeated="{columns}"/>'
    row = f'<t:table-row t:number-rows-repeated="{rows}">{cell}</t:table-row>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("content.xml", f'<a xmlns:t="{_TABLE}" xmlns:o="{_OFFICE}">{row}</a>')
    return made.getvalue()


def binary(*places: tuple[int, int]) -> bytes:
    """Return a binary workbook's sheet with a cell at each row and column."""
    sheet = b"".join(
        bytes([0, 4]) + row.to_bytes(4, "little") + bytes([2, 4]) + column.to_bytes(4, "little")
        for row, column in places
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("xl/worksheets/sheet1.bin", sheet)
    return made.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        workbook("A1", "XFD1048576"),
        open_document(1_000_000, 10_000, 'o:value-type="string"'),
        binary((0, 0), (1_048_575, 16_383)),
    ],
    ids=["Excel", "OpenDocument", "binary"],
)
def test_a_cell_far_out_is_refused_before_the_sheet_is_read(data: bytes) -> None:
    with pytest.raises(BadInput, match="cells stand together"):
        refuse_vast(data, "book")


@pytest.mark.parametrize(
    "data",
    [
        workbook("A1", "Z30000"),
        open_document(1_000_000, 16_384, ""),  # empty to the end, as programs write it
        binary((0, 0), (1000, 30)),
    ],
    ids=["Excel", "OpenDocument", "binary"],
)
def test_a_sheet_with_empty_parts_is_read(data: bytes) -> None:
    refuse_vast(data, "book")


def test_a_workbook_that_would_fill_the_memory_is_one_refusal(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(workbook("A1", "XFD1048576"))
    (refused,) = refusals(path)
    assert "17,179,869,184" in refused.reason


def test_a_name_in_an_archive_neither_colors_nor_forges_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a\x1b[31m\nread     fake.csv", b"a,b\n1,2\n")
    (refused,) = refusals(path)
    assert refused.name == "a.zip:a\\u001b[31m\\u000aread     fake.csv"
    assert not {"\n", "\x1b"} & set(refused.name + refused.reason)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    started = time.monotonic()
    (refused,) = refusals(tmp_path / "pipe.csv")
    assert "neither a file nor a folder" in refused.reason
    assert time.monotonic() - started < 10


def test_a_database_of_another_program_fetches_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as con:
        con.execute("CREATE TABLE meta (key, value)")
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a socket was opened"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(NotAStore, match="found another file"):
        store.connect(path)


def test_a_store_opens_without_leave_to_fetch_or_load_extensions(starter_store: Path) -> None:
    names = ("autoinstall_known_extensions", "autoload_known_extensions", "enable_progress_bar")
    with store.Store(starter_store) as opened:
        asked = ", ".join(f"current_setting('{name}')" for name in names)
        assert opened.con.execute(f"SELECT {asked}").fetchone() == (False, False, False)
