"""NCES ids of an extract's LEAs and schools: as given, read from the ids in it, or made up.

An extract has its own numbers. Where no file says which NCES ids they have, the workspace makes
some up within ranges that NCES gives to nobody, so that every place has a page of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from homeroom.records.workspace import Workspace
from homeroom.vocabulary.ids import LEAID
from homeroom.vocabulary.states import FIPS

_COMBOKEY = re.compile(r"\d{12}")
_MADE = 98_000
"""Made-up LEA ids: the state's two digits, and 98001 and up."""
_POSTAL = {number: postal for postal, number in FIPS.items()}


@dataclass(frozen=True)
class Ids:
    """Ids for the store.

    Attributes
    ----------
    leas
        Number of an LEA in the workspace to its LEAID.
    schools
        Number of a school in the workspace to its COMBOKEY.
    made_up
        How many LEAs and how many schools have an id that nobody gave them.
    """

    leas: dict[int, str]
    schools: dict[int, str]
    made_up: tuple[int, int]

    def state(self, lea: int) -> str:
        """Return the postal code of an LEA's state."""
        return _POSTAL[self.leas[lea][:2]]


def ids_of(workspace: Workspace, state: str) -> Ids:
    """Return NCES ids for the LEAs and schools of a workspace.

    Parameters
    ----------
    workspace
        Whose places need ids.
    state
        Postal code of the state of LEAs whose ids don't tell it.
    """
    by_lea: dict[int, list[dict[str, Any]]] = {}
    for school in workspace.manifest["schools"]:
        by_lea.setdefault(school["lea"], []).append(school)
    leas: dict[int, str] = {}
    made_leas = 0
    for lea in workspace.leas:
        found = _leaid(lea, by_lea.get(lea["lea"], []))
        if not found or found in leas.values():
            made_leas += 1
            found = f"{FIPS[state]}{_MADE + lea['lea']:05d}"
        leas[lea["lea"]] = found
    schools: dict[int, str] = {}
    made_schools = 0
    for number, inside in by_lea.items():
        taken: set[str] = set()
        for school in inside:
            found = _combokey(school, leas[number])
            if not found or found in taken:
                made_schools += 1
                found = f"{leas[number]}{90_000 + len(taken):05d}"
            taken.add(found)
            schools[school["school"]] = found
    return Ids(leas, schools, (made_leas, made_schools))


def _leaid(lea: dict[str, Any], schools: list[dict[str, Any]]) -> str:
    for given in (lea["nces"], lea["id"]):
        text = str(given or "").strip()
        if re.fullmatch(LEAID, text) and text[:2] in _POSTAL:
            return text
    begun = {str(one["nces"] or one["id"])[:7] for one in schools if _is_combokey(one)}
    return begun.pop() if len(begun) == 1 else ""


def _is_combokey(school: dict[str, Any]) -> bool:
    text = str(school["nces"] or school["id"] or "")
    return bool(_COMBOKEY.fullmatch(text)) and text[:2] in _POSTAL


def _combokey(school: dict[str, Any], leaid: str) -> str:
    for given in (school["nces"], school["id"]):
        text = str(given or "").strip()
        if _COMBOKEY.fullmatch(text) and text.startswith(leaid):
            return text
        if text.isdecimal() and len(text) <= 5:
            return leaid + text.zfill(5)
    return ""
