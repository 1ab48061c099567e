"""Saying that the store holds no figure, and of which wave official files would bring it."""

from __future__ import annotations

from homeroom.errors import NotAvailable
from homeroom.evidence.place_ids import PlaceRange
from homeroom.vocabulary.waves import WAVES, usual


def no_figure(area: PlaceRange, wave: str, what: str) -> NotAvailable:
    """Return the refusal for a place and wave without figures.

    Parameters
    ----------
    what
        What was asked for, as "Staff".
    """
    published = WAVES[wave].archive is not None
    return NotAvailable(
        f"{what} of {area.place_id} in {wave}: expected figures in the store, found none."
        + ("" if published else " OCR publishes no school file of that wave."),
        wave=wave if published else None,
    )


def no_figure_of_any_wave(area: PlaceRange, what: str) -> NotAvailable:
    """Return the refusal for a place without figures of any wave; the latest files would help.

    Parameters
    ----------
    what
        What was asked for, as "Arrests".
    """
    return NotAvailable(
        f"{what} of {area.place_id}: expected figures of some wave in the store, found none.",
        wave=usual(wave.id for wave in WAVES.values() if wave.archive is not None),
    )
