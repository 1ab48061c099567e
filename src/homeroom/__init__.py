"""Homeroom: police or counselors? The public evidence, for every school district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeroom.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from homeroom.api import Homeroom


__all__ = ["__version__", "open"]


def open(path: str | Path | None = None) -> Homeroom:  # noqa: A001  (homeroom.open() reads well)
    """Open a store of evidence; see :func:`homeroom.api.open_store`."""
    from homeroom.api import open_store  # noqa: PLC0415  (keeps `import homeroom` quick)

    return open_store(path)
