"""The few ways in which Homeroom says no.

Every message states what was expected, what was found, and what to do. The command line maps
each type to its ``exit_code``; the API maps it to a typed error.
"""

from __future__ import annotations

from typing import ClassVar


class HomeroomError(Exception):
    """A refusal that a person can act on."""

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"


class BadInput(HomeroomError):
    """A file, an option or a document is not what it must be."""

    exit_code = 2
    kind = "bad_input"


class NotAvailable(HomeroomError):
    """The question is well put, but the data at hand do not answer it."""

    exit_code = 3
    kind = "not_available"


class Ambiguous(HomeroomError):
    """The question has several readings; ``choices`` lists them."""

    exit_code = 2
    kind = "ambiguous"

    def __init__(self, message: str, choices: list[str] | None = None) -> None:
        super().__init__(message)
        self.choices = choices or []


class Confidential(HomeroomError):
    """The answer would show a protected record."""

    exit_code = 4
    kind = "confidential"


class StoreTooNew(HomeroomError):
    """The store was written by another version of Homeroom."""

    exit_code = 5
    kind = "store_version"
