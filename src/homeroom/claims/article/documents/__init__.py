"""Files that hold a text: plain text, HTML, PDF, and DOCX, each read within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from charset_normalizer import from_bytes

from homeroom.claims.article.dated import date_in_page, date_of
from homeroom.errors import BadInput

MOST_BYTES = 5_000_000
"""The largest file that is read."""
_MARKUP = re.compile(
    r"<(?:!doctype html|html|head|body|article|main|section|div|p|h[1-6]|script|style|span|table|"
    r"ul|ol|blockquote)\b[^>]*>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Document:
    """The text of a file, what kind of file it was, and when it says it was published."""

    text: str
    form: str
    published: date | None = None


def document_of(content: bytes | str) -> Document:
    """Return the text of a file, recognized by its content and never by its name.

    Parameters
    ----------
    content
        The file's bytes, or a text that somebody pasted.

    Raises
    ------
    BadInput
        The file is too large, damaged, encrypted, or of another kind.
    """
    if isinstance(content, str):
        return _text(content)
    if len(content) > MOST_BYTES:
        raise BadInput(
            f"file: expected at most {MOST_BYTES:,} bytes, found {len(content):,}. Paste the text."
        )
    start = content[:1024].lstrip()
    if start.startswith(b"%PDF-"):
        from homeroom.claims.article.documents.pdf import text_of_pdf  # noqa: PLC0415 - slow

        return _dated(text_of_pdf(content), "PDF")
    if start.startswith(b"PK\x03\x04"):
        from homeroom.claims.article.documents.docx import text_of_docx  # noqa: PLC0415 - slow

        return _dated(text_of_docx(content), "DOCX")
    return _text(_decoded(content))


def _dated(text: str, form: str) -> Document:
    return Document(text, form, date_of(text))


def _text(text: str) -> Document:
    if _MARKUP.search(text) and "</" in text:
        from homeroom.claims.article.documents.html import text_of_html  # noqa: PLC0415 - rare

        words = text_of_html(text)
        return Document(words, "HTML", date_in_page(text) or date_of(words))
    return Document(text, "text", date_of(text))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise _no_text() from None
    found = from_bytes(content[:200_000]).best()
    if found is None:
        raise _no_text()
    return content.decode(found.encoding, "replace")


def _no_text() -> BadInput:
    return BadInput(
        "file: expected text, HTML, PDF, or DOCX, found another kind of file. Copy the words and "
        "paste them."
    )
