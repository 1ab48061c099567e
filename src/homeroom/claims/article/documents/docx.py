"""The text of a Word file: the paragraphs of its main part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from homeroom.errors import BadInput

MAIN = "word/document.xml"
MOST_UNPACKED = 20_000_000
"""Bytes of the main part, unpacked. A novel has about five million."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_of_docx(content: bytes) -> str:
    """Return the text of a DOCX.

    Raises
    ------
    BadInput
        It is no DOCX, damaged, encrypted, or unpacks to far more than it says or than is allowed.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            part = _main(packed)
        root = fromstring(part, forbid_dtd=True)
    except BadInput:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError,
            OSError, ValueError, ParseError, DefusedXmlException) as error:  # fmt: skip
        raise BadInput(
            "DOCX: expected a whole file, found a damaged one. Paste the text."
        ) from error
    return "\n\n".join(filter(None, _paragraphs(root)))


def _main(packed: zipfile.ZipFile) -> bytes:
    if MAIN not in packed.namelist():
        raise BadInput("file: expected a DOCX, found another kind of archive. Paste the text.")
    with packed.open(MAIN) as part:
        # Read by length, since what the archive says about its size may be a lie.
        found = part.read(MOST_UNPACKED + 1)
    if len(found) > MOST_UNPACKED:
        raise BadInput(
            f"DOCX: expected at most {MOST_UNPACKED:,} bytes unpacked, found more. Paste the text."
        )
    return found


def _paragraphs(root: Element) -> Iterator[str]:
    for paragraph in root.iter(f"{_W}p"):
        pieces = []
        for node in paragraph.iter():
            if node.tag == f"{_W}t":
                pieces.append(node.text or "")
            elif node.tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
                pieces.append(" ")
        yield "".join(pieces).strip()
