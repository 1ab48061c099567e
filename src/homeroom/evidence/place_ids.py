"""A place id as a range of school numbers: every question about a place is a range filter."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeroom.errors import BadPlace
from homeroom.vocabulary.ids import (
    COMBOKEY,
    LEA_SPAN,
    LEAID,
    STATE_SPAN,
    lea_number,
    school_number_of,
)
from homeroom.vocabulary.states import FIPS

_EVERY = 100 * STATE_SPAN


@dataclass(frozen=True, slots=True)
class PlaceRange:
    """The schools of a place: ``low`` to ``high``, both within."""

    place_id: str
    kind: str
    low: int
    high: int

    @property
    def state(self) -> str | None:
        """Key of the place in OCR's state tables: US or a postal code; None for smaller places."""
        return {"nation": "US", "state": self.place_id[3:]}.get(self.kind)


def place_range(place_id: str) -> PlaceRange:
    """Read a place id.

    Raises
    ------
    BadPlace
        The text is no place id; the message shows the four forms.
    """
    text = place_id.strip()
    if text.upper() == "US":
        return PlaceRange("US", "nation", 0, _EVERY)
    if (match := re.fullmatch(r"US-([A-Z]{2})", text.upper())) and match[1] in FIPS:
        low = int(FIPS[match[1]]) * STATE_SPAN
        return PlaceRange(text.upper(), "state", low, low + STATE_SPAN - 1)
    kind, _, key = text.partition(":")
    key = key.upper()
    if kind.lower() == "lea" and re.fullmatch(LEAID, key):
        low = lea_number(key) * LEA_SPAN
        return PlaceRange(f"lea:{key}", "district", low, low + LEA_SPAN - 1)
    if kind.lower() == "school" and re.fullmatch(COMBOKEY, key):
        number = school_number_of(key)
        return PlaceRange(f"school:{key}", "school", number, number)
    raise BadPlace(
        f"{place_id!r}: expected a place id such as US, US-TX, lea:4808940 or school:480894000123."
    )
