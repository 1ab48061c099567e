"""The wave that answers where a question names none, and saying which it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures import figure as reasons
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.gaps import GapFigure
from homeroom.figures.missing import no_figure_of_any_wave
from homeroom.figures.outcomes import usual_wave
from homeroom.figures.question import Question
from homeroom.figures.rates import measure_of
from homeroom.figures.staffing import StaffFigure, staff_over_waves
from homeroom.vocabulary.waves import WAVES, usual

_SAID = (reasons.NOBODY_ENROLLED, reasons.NO_ENROLLMENT, reasons.NOT_REPORTED, reasons.SUPPRESSED,
         reasons.DOUBTED)  # fmt: skip
"""The files are in the store and say why there is no figure: fetching them again would not help."""
Dated = TypeVar("Dated", Figure, StaffFigure, GapFigure)


def latest_wave(
    store: Store, measure: str, place: str, policy: str = "published", basis: str = ""
) -> str:
    """Return the latest usable wave of a measure in a place.

    A wave is usable when its figure may carry the place's name. Without one, any wave with a figure
    will do; and without any figure, a wave whose files give the reason for none. The pandemic year
    comes last.

    Parameters
    ----------
    place
        A place id.
    basis
        state_table, schools, or empty for the place's default.

    Raises
    ------
    NotAvailable
        The store holds no figure of the place in any wave.
    """
    of, area = measure_of(measure), place_range(place)
    asked = [
        Question(measure, place=area.place_id, wave=wave, policy=policy, basis=basis)
        for wave in WAVES
    ]
    found = answer(store, asked)
    chosen = usual_wave([one for one in found if one.value is not None], measure)
    chosen = chosen or usual_wave([one for one in found if one.reason in _SAID], measure)
    if chosen is None:
        raise no_figure_of_any_wave(area, of.label)
    return chosen


def latest_staff_wave(store: Store, place: str, policy: str = "published") -> str:
    """Return the latest usable wave of a place's staff: see :func:`latest_wave`."""
    found = staff_over_waves(store, place, policy)
    whole = usual({one.wave for one in found if one.whole and one.fte is not None})
    chosen = whole or usual({one.wave for one in found})
    if chosen is None:
        raise no_figure_of_any_wave(place_range(place), "Staff")
    return chosen


def dated(found: Sequence[Dated], wave: str | None) -> list[Dated]:
    """Return figures whose notes say which wave was chosen, where ``wave`` names none."""
    if wave is not None:
        return list(found)
    said = "Latest usable wave"
    if found and isinstance(found[0], Figure) and found[0].reason in reasons.MISSING:
        said = "Latest wave in the store"
    return [replace(one, note=_with(f"{said}: {_wave_of(one)}", one.note)) for one in found]


def _wave_of(one: Figure | StaffFigure | GapFigure) -> str:
    return one.question.wave if isinstance(one, Figure) else one.wave


def _with(said: str, note: str | None) -> str:
    return f"{said}. {note}" if note else said
