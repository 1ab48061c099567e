"""Why no reader takes a file: what it is, as far as its content tells, and what to take instead."""

from __future__ import annotations

import re

from homeroom.sources import containers, formats
from homeroom.sources.base import SourceFile
from homeroom.sources.encodings import to_utf8
from homeroom.sources.known_others import why_known
from homeroom.sources.text import header

_MAGICS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document (RTF)",
    b"SQLite format 3": "a SQLite database",
    b"\x00\x01\x00\x00Standard": "an Access database",
    b"RDX": "an R data file",
    b"RDA": "an R data file",
}
_DATA = "Homeroom reads the agencies' data files"
_WORDS = 80
UNREAD = "a CRDC module of which Homeroom reads nothing"


def why(file: SourceFile) -> str:
    """Return in one line what was found, and what to do.

    Raises
    ------
    BadInput
        The file is damaged.
    """
    start = file.raw_head
    for magic, what in _MAGICS.items():
        if start.startswith(magic):
            return f"{what}: {_DATA}"
    if start.startswith(formats.BINARY):
        return _binary(file)
    text = file.head
    if told := why_known(text):
        return told
    plain, _ = to_utf8(start, file.name, cut=True)
    line = text.split(b"\n", 1)[0]
    if line.lstrip().startswith((b"<", b"{", b"[")):
        return _markup(text)
    if b"\0" in start[:4096] and b"\0" in text[:4096]:
        return f"a binary file in no layout that Homeroom knows. {_DATA} as CSV or workbooks."
    words = plain.split(b"\n", 1)[0][:_WORDS].decode("utf-8", "replace").strip()
    return _table(header(text)) or f"in no layout that Homeroom knows; it begins with {words!r}"


def _binary(file: SourceFile) -> str:
    start, canonical = file.raw_head, file.data()
    if canonical[:8] != start[:8]:
        names = header(canonical[: 1 << 18])
        told = _table(names) or why_known(canonical)
        kind = file.told[0] if file.told else "a table"
        return told or (
            f"{kind}: expected the columns of a publication that Homeroom knows, found "
            f"{', '.join(names[:5])}. Take the file as its publisher made it."
        )
    if start.startswith(containers.ZIP):
        return _zip(canonical)
    return "a workbook whose title names no table that Homeroom reads"


def _zip(data: bytes) -> str:
    if b"word/" in data[-(1 << 16) :]:
        return f"a Word document: {_DATA}"
    if b"ppt/" in data[-(1 << 16) :]:
        return f"a presentation: {_DATA}"
    return "a workbook whose title names no table that Homeroom reads"


def _table(names: list[str]) -> str | None:
    """Name a CRDC file of which nothing is read, and other tables that people have."""
    upper = {name.upper() for name in names}
    if {"LEA_STATE", "LEAID"} <= upper and any(name.startswith("SCH_") for name in upper):
        own = [name for name in names if "_" in name][-1:]
        return f"{UNREAD} (with columns such as {own[0]})"
    return None


def _markup(text: bytes) -> str:
    start = text.lstrip()[:2000]
    if re.match(rb"(?i)<(!doctype html|html)", start):
        title = re.search(rb"(?is)<title>(.*?)</title>", start)
        named = f" ({title[1].decode('utf-8', 'replace').strip()!r})" if title else ""
        return f"a web page{named}, not a data file: the download may have failed. Try it again."
    if b"ed-fi.org" in start.lower():
        return (
            "Ed-Fi XML, which holds records of single students: Homeroom reads published counts. "
            "An organization's own records go elsewhere, not into a store of public facts."
        )
    if start.startswith(b"<"):
        return "XML in no layout that Homeroom knows. Take the table as CSV or a workbook."
    return "JSON in no layout that Homeroom knows. Take the table as CSV."
