"""A place id as a range of school numbers: every question about a place is a range filter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

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


@lru_cache(maxsize=65_536)
def place_range(place_id: str) -> PlaceRange:
    """Read a place id.

    Parameters
    ----------
    place_id
        One of the four forms, or an NCES id alone (``4808940``, ``480894000123``). A leading zero
        that a spreadsheet dropped is put back; :func:`repair_note` says so.

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
    kind, key = _nces(text)
    if kind == "lea":
        low = lea_number(key) * LEA_SPAN
        return PlaceRange(f"lea:{key}", "district", low, low + LEA_SPAN - 1)
    if kind == "school":
        number = school_number_of(key)
        return PlaceRange(f"school:{key}", "school", number, number)
    raise BadPlace(
        f"{place_id!r}: expected a place id such as US, US-TX, lea:4808940 or school:480894000123."
        + _meant(text)
    )


def repair_note(text: str) -> str:
    """Return a sentence on what was put back to read an id; empty if nothing was."""
    found = _WRITTEN.fullmatch(text.strip())
    kind, key = _nces(text.strip())
    if not found or not kind or found["key"].upper() == key:
        return ""
    what = "a district has 7 digits" if kind == "lea" else "a school has 12"
    return (
        f"{found['key']} was read as {key}: an NCES id of {what}, and a leading zero was missing."
    )


_WRITTEN = re.compile(
    r"(?:(?P<kind>lea|school)\s*:\s*)?(?P<key>[0-9][0-9SOP]+?)(?:\.0+)?", re.IGNORECASE
)
"""An NCES id as people and spreadsheets write it."""
_LENGTHS = {6: "lea", 7: "lea", 11: "school", 12: "school"}


def _nces(text: str) -> tuple[str, str]:
    """Return the kind and the whole key of an NCES id, or two empty texts."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return "", ""
    key = found["key"].upper()
    kind = _LENGTHS.get(len(key), "")
    if len(key) in (6, 11):
        key = f"0{key}"
    if not kind or (found["kind"] not in (None, "") and found["kind"].lower() != kind):
        return "", ""
    return (kind, key) if re.fullmatch(LEAID if kind == "lea" else COMBOKEY, key) else ("", "")


def _meant(text: str) -> str:
    """Return the id that a text with the wrong kind before it means, as a question."""
    kind, key = _nces(text.partition(":")[2].strip())
    return f" Did you mean {kind}:{key}?" if kind else ""
