"""The text of a PDF."""

from __future__ import annotations

import io
import logging
import re
import time
import warnings

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from homeroom.claims.article.split import LONGEST
from homeroom.errors import BadInput

MOST_PAGES = 200
MOST_SECONDS = 8.0
"""Time for all pages; it is looked at between two."""
_RAISED = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, OSError,
           RecursionError, AssertionError, NotImplementedError, ArithmeticError)  # fmt: skip
"""What pypdf raises on damaged files: its own errors, and those of the code that stumbled."""


def text_of_pdf(content: bytes) -> str:
    """Return the text of a PDF.

    Raises
    ------
    BadInput
        It is encrypted or damaged, has too many pages, or holds pictures of text only.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would quote what it cannot read
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text = _pages(content)
        except BadInput:
            raise
        except _RAISED as error:
            raise BadInput(
                "PDF: expected a whole file, found a damaged one. Paste the text."
            ) from error
    if not text.strip():
        raise BadInput(
            "PDF: expected text, found none. It may hold pictures of pages only: paste the text."
        )
    return text


def _pages(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise BadInput("PDF: expected a file without a password, found an encrypted one.")
    if len(reader.pages) > MOST_PAGES:
        raise BadInput(
            f"PDF: expected at most {MOST_PAGES} pages, found {len(reader.pages):,}. Paste "
            "the part to check."
        )
    until, parts, length = time.monotonic() + MOST_SECONDS, [], 0
    for page in reader.pages:
        parts.append(page.extract_text())
        length += len(parts[-1])
        if length > 4 * LONGEST:
            break
        if time.monotonic() > until:
            raise BadInput("PDF: it takes too long to read. Paste the text.")
    return _joined("\n".join(parts))


def _joined(text: str) -> str:
    """Put words together that a line break divides."""
    return re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", text)
