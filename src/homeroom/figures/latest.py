"""The wave that answers where a question names none, and saying which it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from homeroom.evidence.place_ids import place_range
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.gaps import GapFigure
from homeroom.figures.missing import no_figure_of_any_wave
from homeroom.figures.outcomes import usual_wave
from homeroom.figures.question import Question
from homeroom.figures.rates import measure_of
from homeroom.figures.staffing import StaffFigure, staff_over_waves
from homeroom.vocabulary.waves import WAVES, usual

Dated = TypeVar("Dated", Figure, StaffFigure, GapFigure)


def latest_wave(
    store: Store, measure: str, place: str, policy: str = "published", basis: str = ""
) -> str:
    """Return the latest usable wave of a measure in a place.

    A wave is usable when its figure may carry the place's name. Without one, any wave with a figure
    will do. The pandemic year comes last.

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
    chosen = usual_wave([one for one in answer(store, asked) if one.value is not None], measure)
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
    return [replace(one, note=_with(_wave_of(one), one.note)) for one in found]


def _wave_of(one: Figure | StaffFigure | GapFigure) -> str:
    return one.question.wave if isinstance(one, Figure) else one.wave


def _with(wave: str, note: str | None) -> str:
    said = f"Latest usable wave: {wave}"
    return f"{said}. {note}" if note else said
