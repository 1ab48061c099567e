"""Homeroom: police or counselors? The public evidence, for every school district.

``homeroom.open()`` gives a :class:`~homeroom.api.Homeroom`, which answers questions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from homeroom.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from homeroom.api import Homeroom
    from homeroom.errors import (
        Ambiguous,
        BadInput,
        Confidential,
        HomeroomError,
        NotAvailable,
        StoreTooNew,
    )
    from homeroom.figures.figure import Figure
    from homeroom.figures.question import Question

__all__ = [
    "Ambiguous",
    "BadInput",
    "Confidential",
    "Figure",
    "Homeroom",
    "HomeroomError",
    "NotAvailable",
    "Question",
    "StoreTooNew",
    "__version__",
    "open",
]

_HOMES = {"Figure": "homeroom.figures.figure", "Homeroom": "homeroom.api",
          "Question": "homeroom.figures.question"}  # fmt: skip
"""Where a name is defined; the others of ``__all__`` are errors."""


def open(path: str | Path | None = None) -> Homeroom:  # noqa: A001  (homeroom.open() reads well)
    """Open a store of evidence; where none is named and none exists, build one.

    Parameters
    ----------
    path
        A store; by default ``HOMEROOM_STORE``, or the one in the user's data folder, which is
        built from the starter facts when it does not exist.

    Raises
    ------
    NotAvailable
        A path is named, and no store is there.
    StoreTooNew
        Another version of Homeroom wrote the store.
    BadInput
        The file is no store.
    """
    from homeroom.api import open_store  # noqa: PLC0415  (keeps `import homeroom` quick)

    return open_store(path)


def __getattr__(name: str) -> Any:
    """Import what ``__all__`` names when it is first asked for, so `import homeroom` is quick."""
    if name not in __all__:
        raise AttributeError(f"module 'homeroom' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "homeroom.errors")), name)
