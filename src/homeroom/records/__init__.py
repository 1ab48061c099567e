"""An organization's own records: imported, counted, and published, on its own machine alone.

``Extract`` names files, ``import_records`` makes a ``Workspace`` of them, which
``disproportionality`` and ``build_store`` answer from. :func:`homeroom.open` opens the store.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeroom.records.answers import disproportionality
    from homeroom.records.importing import Extract, import_records, profile
    from homeroom.records.own_store import build_store
    from homeroom.records.sample import Sample
    from homeroom.records.workspace import Workspace

__all__ = [
    "Extract",
    "Sample",
    "Workspace",
    "build_store",
    "disproportionality",
    "import_records",
    "profile",
]
_HOMES = {
    "Extract": "importing", "Sample": "sample", "Workspace": "workspace",
    "build_store": "own_store", "disproportionality": "answers", "import_records": "importing",
    "profile": "importing",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import what ``__all__`` names when it is first asked for: some of it is slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module 'homeroom.records' has no attribute {name!r}")
    return getattr(import_module(f"homeroom.records.{_HOMES[name]}"), name)
