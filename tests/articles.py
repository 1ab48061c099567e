"""Files that hold an article, made by code."""

from __future__ import annotations

import io
import zipfile

import typst
from pypdf import PdfReader, PdfWriter

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SAID = "Black students were arrested at three times the rate of white students in 2017-18."


def docx(*paragraphs: str, extra: str = "") -> bytes:
    """Return a Word file; ``extra`` stands before the document's root."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    xml = f'{extra}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", xml)
    return out.getvalue()


def pdf(text: str) -> bytes:
    """Return a PDF."""
    made = typst.compile(text.encode())
    assert isinstance(made, bytes)
    return made


def locked(made: bytes) -> bytes:
    """Return a PDF with a password."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(made)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
