"""A file's own bytes, where the text that it was converted to would hide something.

``SourceFile.data`` may be converted text; whether a file ends with a line break, or what the sheets
of a workbook are called, only its own bytes tell.
"""

from __future__ import annotations

from homeroom.sources.base import SourceFile


def raw_head(file: SourceFile) -> bytes:
    """Return how the file itself begins, unpacked."""
    found: bytes = getattr(file, "raw_head", file.head)
    return found


def raw(file: SourceFile) -> bytes:
    """Return the file itself, unpacked.

    Raises
    ------
    BadInput
        It is cut off or damaged.
    """
    found: bytes = getattr(file, "raw", file.data)()
    return found
