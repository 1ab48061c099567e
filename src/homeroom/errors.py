"""The few ways in which Homeroom says no.

Every message states what was expected and what was found, in words that hold everywhere. What to
do differs by face, so each adds it: the command line names a command, the website a page. The
command line maps each type to its ``exit_code``; the API maps it to a typed error.
"""

from __future__ import annotations

from typing import ClassVar

SOME_REFUSED = 6
"""Exit code of a build that wrote its store without some of the files it was given."""


class HomeroomError(Exception):
    """A refusal that a person can act on."""

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"


class BadInput(HomeroomError):
    """A file, an option or a document is not what it must be."""

    exit_code = 2
    kind = "bad_input"


class NotAvailable(HomeroomError):
    """The question is well put, but the data in the store do not answer it.

    Attributes
    ----------
    wave
        The wave whose official files would answer it, or None. A face says how to get them.
    """

    exit_code = 3
    kind = "not_available"

    def __init__(self, message: str, *, wave: str | None = None) -> None:
        super().__init__(message)
        self.wave = wave


class Ambiguous(HomeroomError):
    """The question has several readings; ``choices`` lists them.

    Attributes
    ----------
    said
        The words that can be read in several ways, if choices can take their place.
    """

    exit_code = 2
    kind = "ambiguous"

    def __init__(self, message: str, choices: list[str] | None = None, *, said: str = "") -> None:
        super().__init__(message)
        self.choices = choices or []
        self.said = said


class Unread(Ambiguous):
    """A sentence has words that were not read; ``words`` lists them."""

    def __init__(
        self,
        message: str,
        choices: list[str] | None = None,
        *,
        words: list[str] | None = None,
        said: str = "",
    ) -> None:
        super().__init__(message, choices, said=said)
        self.words = words or []


class Confidential(HomeroomError):
    """The answer would show a protected record."""

    exit_code = 4
    kind = "confidential"


class StoreTooNew(HomeroomError):
    """The store was written by another version of Homeroom.

    Attributes
    ----------
    outdated
        Whether the store is the older of the two, so that building it anew helps.
    """

    exit_code = 5
    kind = "store_version"

    def __init__(self, message: str, *, outdated: bool = False) -> None:
        super().__init__(message)
        self.outdated = outdated


class PlaceProblem(HomeroomError):
    """What was typed names no place, or not one alone: searching by name helps."""


class BadPlace(PlaceProblem, BadInput):
    """A text is no place id."""


class UnknownPlace(PlaceProblem, NotAvailable):
    """The store has no place of that id or name."""


class AmbiguousPlace(PlaceProblem, Ambiguous):
    """Several places have that name; ``choices`` lists them."""


class StoreProblem(HomeroomError):
    """There is no store to read at the path: building one helps."""


class NoStore(StoreProblem, NotAvailable):
    """No file is there."""


class NotAStore(StoreProblem, BadInput):
    """The file that is there is not a store."""


class StoreLocked(HomeroomError):
    """Another program holds the store open for writing: waiting or closing it helps."""

    exit_code = 5
    kind = "store_locked"
