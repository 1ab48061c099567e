"""Nothing of a record leaves through an error: a fault keeps where it happened, and no message.

A library quotes what it stumbles over: a date that is none, a line that is too long. Such a text
may be a child's name. Whatever is raised while records are read is replaced by an error of ours,
before a terminal, a log, or a crash report can show it.
"""

from __future__ import annotations

import errno
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from homeroom.errors import BadInput, HomeroomError, OutOfMemory, Unwritten
from homeroom.text_gate import shown

_LINE = re.compile(r"(?:CSV Error on Line|on line|[Ll]ine):?\s*(\d+)")
_COLUMNS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")
_TOO_LONG = re.compile(r"[Mm]aximum line size|max_line_size")


class SealedFault(RuntimeError):
    """A fault in Homeroom while it read records: the kind and the places in the code, no values."""


@contextmanager
def sealed(what: str = "the records") -> Iterator[None]:
    """Keep every text of a record out of what is raised from within.

    Parameters
    ----------
    what
        What is being read, for the message: a file's name, never a value of it.

    Raises
    ------
    HomeroomError
        As raised within, if it is one: its message was written by us.
    BadInput
        A file could not be read; the message names the line and no text of it.
    OutOfMemory, Unwritten
        The machine has too little memory or room.
    SealedFault
        Anything else.
    """
    try:
        yield
    except HomeroomError as error:
        error.__cause__ = None
        error.__suppress_context__ = True
        raise
    except (KeyboardInterrupt, duckdb.InterruptException):
        raise KeyboardInterrupt from None
    except (MemoryError, duckdb.OutOfMemoryException):
        raise OutOfMemory(
            "Expected enough memory for these records, found too little. Close other programs, or "
            "import fewer years at once."
        ) from None
    except Exception as error:  # noqa: BLE001 - no text of a record may leave, whatever happens
        raise _replacement(error, shown(what)) from None


def _replacement(error: Exception, what: str) -> Exception:
    said = str(error)
    if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in said:
        return Unwritten(
            "Expected room for the workspace, found the disk full. Free some, or name another "
            "place for it. What was there before is unchanged."
        )
    if isinstance(error, duckdb.Error) and _is_of_file(error):
        return BadInput(f"{what}: expected {_expected(said)}")
    if isinstance(error, OSError) and error.strerror:
        return BadInput(
            f"{shown(Path(str(error.filename or what)).name)}: expected a file that can be read, "
            f"found that it cannot ({error.strerror})."
        )
    frames = [
        f"  {Path(frame.filename).name}, line {frame.lineno}, in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return SealedFault("\n".join([f"{type(error).__name__}, message withheld", *frames]))


def _is_of_file(error: duckdb.Error) -> bool:
    said = str(error)
    return isinstance(error, (duckdb.IOException, duckdb.InvalidInputException)) or (
        "CSV Error" in said or "Parquet" in said
    )


def _expected(said: str) -> str:
    """Return what is wrong with a file in words of ours, with numbers alone from the library's."""
    line = f" in line {int(found[1]):,}" if (found := _LINE.search(said)) else ""
    if _TOO_LONG.search(said):
        return f"lines of at most 1 MB, found a longer one{line}. No table of records has such."
    if widths := _COLUMNS.search(said):
        return (
            f"{widths[1]} columns in every row, as in the header, found {widths[2]}{line}. Export "
            "the file again with quotes around texts that hold the separator."
        )
    if "unicode" in said.lower() or "utf" in said.lower():
        return f"text in UTF-8 or Latin-1, found bytes that are neither{line}."
    return f"a whole table that can be read, found one that cannot{line}. Export it again."
