"""Saying that the store holds no figure, and which official file would bring it."""

from __future__ import annotations

from homeroom.errors import NotAvailable
from homeroom.evidence.place_ids import PlaceRange
from homeroom.vocabulary.waves import WAVES


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
