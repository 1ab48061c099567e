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
    from homeroom.claims.checked import Checked
    from homeroom.errors import (
        Ambiguous,
        AmbiguousPlace,
        BadInput,
        BadPlace,
        Confidential,
        DamagedStore,
        HomeroomError,
        NoStore,
        NotAStore,
        NotAvailable,
        StoreLocked,
        StoreTooNew,
        UnknownPlace,
    )
    from homeroom.evidence.find import Found
    from homeroom.figures.figure import Figure, Side
    from homeroom.figures.gaps import GapFigure, GapRow
    from homeroom.figures.officers import OfficerRow
    from homeroom.figures.panel import PanelRow
    from homeroom.figures.question import Question
    from homeroom.figures.rates import RateRow
    from homeroom.figures.staffing import StaffFigure, StaffRow
    from homeroom.figures.trend import TrendRow
    from homeroom.law.act.check import Check
    from homeroom.plans.document import Plan
    from homeroom.plans.simulate import Result
    from homeroom.report.picture import Picture
    from homeroom.report.profile import Profile
    from homeroom.vocabulary.groups import Group

__all__ = [
    "Ambiguous",
    "AmbiguousPlace",
    "BadInput",
    "BadPlace",
    "Check",
    "Checked",
    "Confidential",
    "DamagedStore",
    "Figure",
    "Found",
    "GapFigure",
    "GapRow",
    "Group",
    "Homeroom",
    "HomeroomError",
    "NoStore",
    "NotAStore",
    "NotAvailable",
    "OfficerRow",
    "PanelRow",
    "Picture",
    "Plan",
    "Profile",
    "Question",
    "RateRow",
    "Result",
    "Side",
    "StaffFigure",
    "StaffRow",
    "StoreLocked",
    "StoreTooNew",
    "TrendRow",
    "UnknownPlace",
    "__version__",
    "open",
]

_HOMES = {
    "Check": "homeroom.law.act.check", "Checked": "homeroom.claims.checked",
    "Figure": "homeroom.figures.figure", "Found": "homeroom.evidence.find",
    "GapFigure": "homeroom.figures.gaps", "GapRow": "homeroom.figures.gaps",
    "Group": "homeroom.vocabulary.groups", "Homeroom": "homeroom.api",
    "OfficerRow": "homeroom.figures.officers", "PanelRow": "homeroom.figures.panel",
    "Picture": "homeroom.report.picture", "Plan": "homeroom.plans.document",
    "Profile": "homeroom.report.profile", "Question": "homeroom.figures.question",
    "RateRow": "homeroom.figures.rates", "Result": "homeroom.plans.simulate",
    "Side": "homeroom.figures.figure", "StaffFigure": "homeroom.figures.staffing",
    "StaffRow": "homeroom.figures.staffing", "TrendRow": "homeroom.figures.trend",
}  # fmt: skip
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
