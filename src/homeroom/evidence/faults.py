"""What a library says when a file, the disk, or the memory fails, as a refusal in our words."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import duckdb

from homeroom.errors import BadInput, DamagedStore, HomeroomError, OutOfMemory, Unwritten
from homeroom.text_gate import shown

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OS_ERROR = re.compile(r"(?P<why>.+?) \(os error (?P<number>\d+)\)(?:: (?P<path>.+))?")
_OURS = (duckdb.ParserException, duckdb.NotImplementedException, duckdb.InvalidTypeException)
"""What a statement of ours can be wrong in whatever the store holds: a fault of the program."""


def refusal_of(error: BaseException, store: Path | None = None) -> HomeroomError | None:
    """Return the refusal that an error of a library amounts to, or None where nobody foresaw it.

    Parameters
    ----------
    error
        What was raised.
    store
        The store that was open.
    """
    if isinstance(error, HomeroomError):
        return error
    if isinstance(error, (MemoryError, duckdb.OutOfMemoryException)):
        return OutOfMemory(
            "Expected enough memory for this, found too little. Close other programs, or ask for "
            "less at once."
        )
    if _says_full(error):
        return Unwritten(
            "Expected room for what is written, found the disk or the device full. Free some, or "
            "name another place. What was there before is unchanged."
        )
    if isinstance(error, duckdb.Error) and not isinstance(error, _OURS):
        return _damaged(error, store)
    if isinstance(error, OSError):
        return _of_file(error)
    return None


def was_interrupted(error: BaseException) -> bool:
    """Return whether an error stands for Ctrl-C, which DuckDB takes for itself within a query."""
    return isinstance(error, (KeyboardInterrupt, duckdb.InterruptException)) or (
        isinstance(error, RuntimeError) and "interrupted" in str(error)
    )


def _says_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return isinstance(error, (OSError, duckdb.Error)) and "No space left" in str(error)


def _damaged(error: duckdb.Error, store: Path | None) -> DamagedStore:
    where = f"{store}: expected" if store else "Expected"
    return DamagedStore(
        f"{where} a whole store, found one that is damaged or was changed by another program "
        f"({first_line(error)}). `homeroom verify` says which tables are affected; build it again."
    )


def _of_file(error: OSError) -> BadInput | None:
    """Return what is wrong with a path; None for an error that is about no file."""
    why, path = error.strerror, error.filename
    if found := _OS_ERROR.search(str(error)):  # as libraries written in Rust word it
        why, path = found["why"], path or found["path"]
    if path is None or not why:
        return None
    return BadInput(
        f"{shown(str(path))}: expected a place that can be read and written, found that it cannot "
        f"({why}). Name another; what was there before is unchanged."
    )


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message, safe to print."""
    text = str(error).splitlines()
    return shown(text[0][:300]) if text and text[0] else type(error).__name__
