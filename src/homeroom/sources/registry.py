"""From paths that a person names to files that Homeroom can read, and those that it cannot."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from homeroom.errors import BadInput, HomeroomError
from homeroom.sources.base import Reader, Recognized, SourceFile

_WORKBOOK_MEMBER = "[Content_Types].xml"
_BIGGEST_MEMBER = 4 << 30
_UNREAD = "a CRDC module of which Homeroom reads nothing"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that no reader takes, and why, for the build report."""

    name: str
    reason: str
    expected: bool = field(default=False, compare=False)
    """Nothing is lost: the same file again, or what an official ZIP holds beside its data."""


@cache
def readers() -> tuple[Reader, ...]:
    """Every reader, most specific first. Imported late: surveys and workbooks are heavy."""
    from homeroom.sources import (  # noqa: PLC0415
        ccd,
        crdc_topics,
        edge,
        f33,
        high_schools,
        ocr_estimations,
        ocr_staff,
        oews,
        saipe,
        ssocs,
        wapo,
    )
    from homeroom.sources.crdc import reader as crdc  # noqa: PLC0415

    rooms = (
        crdc, ocr_estimations, ocr_staff, crdc_topics, high_schools, ccd, edge, f33, saipe, oews,
        ssocs, wapo,
    )  # fmt: skip
    return tuple(reader for room in rooms for reader in room.READERS)


def find_files(paths: Iterable[Path]) -> Iterator[SourceFile | Refused]:
    """List every file under ``paths``: folders are walked, ZIPs opened, hidden files left out.

    Raises
    ------
    BadInput
        A path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise BadInput(f"{path}: expected a file, a folder or a ZIP, found nothing there.")
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            yield from find_files(
                p for p in inside if not any(x.startswith(".") for x in p.relative_to(path).parts)
            )
        elif zipfile.is_zipfile(path):
            yield from _members(path)
        elif path.stat().st_size == 0:
            yield Refused(path.name, "the file is empty")
        else:
            yield SourceFile(path)


def _members(path: Path) -> Iterator[SourceFile | Refused]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if any(entry.filename == _WORKBOOK_MEMBER for entry in entries):
        yield SourceFile(path)  # a workbook is a ZIP too
        return
    for entry in entries:
        if entry.file_size == 0:
            yield Refused(f"{path.name}:{entry.filename}", "the file is empty")
        elif entry.file_size > _BIGGEST_MEMBER:
            yield Refused(f"{path.name}:{entry.filename}", "larger than 4 GiB when unpacked")
        elif "__MACOSX" not in entry.filename:
            yield SourceFile(path, entry.filename)


def recognize(file: SourceFile) -> Recognized | Refused:
    """Find the reader that takes the file by its content, or say why none does."""
    try:
        for reader in readers():
            if found := reader.recognize(file):
                return found
    except HomeroomError as error:
        return Refused(file.name, str(error).removeprefix(f"{file.name}: "))
    reason = _why_unknown(file.head)
    return Refused(file.name, reason, expected=file.member is not None or _UNREAD in reason)


def _why_unknown(head: bytes) -> str:
    pictures = {
        b"\x89PNG": "a PNG picture",
        b"\xff\xd8\xff": "a JPEG picture",
        b"GIF8": "a GIF picture",
    }
    for magic, what in (*pictures.items(), (b"%PDF", "a PDF document")):
        if head.startswith(magic):
            return f"{what}: Homeroom reads the agencies' data files"
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace")
    if line.lstrip('\ufeff"').startswith("LEA_STATE"):
        own = [name for name in line.strip().replace('"', "").split(",") if "_" in name][-1:]
        return f"{_UNREAD} (with columns such as {own[0]})"
    if head.startswith(b"PK\x03\x04"):
        return "a workbook whose title names no table that Homeroom reads"
    if b"\x00" in head[:4096]:
        return "a binary file in no layout that Homeroom knows"
    first = head.split(b"\n", 1)[0][:80].decode("utf-8", "replace").strip()
    return f"in no layout that Homeroom knows; it begins with {first!r}"
