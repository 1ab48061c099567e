"""Which wave a CRDC file belongs to, told by what is in it.

OCR puts no year into its files. What tells: the 2015-16 file is one wide table with CCD
coordinates; 2017-18 has capital names and columns that later waves dropped; 2020-21 wrote names
in title case; 2021-22 renamed LEP to EL and added nonbinary students (_X), virtual and justice
indicators (public-use data file manual 2021-22).
"""

from __future__ import annotations

import csv
import re

_LATER = re.compile(r"_(EL|EL_[MFX]|[A-Z]{2}_X)$|^SCH_(VIRT|JUST)_IND$")
_ONLY_2017 = re.compile(r"^SCH_FTETEACH_FY$|^SCH_OFFENSE_ROBWX$|^SCH_HBPOLICYURL|^LEA_ECE_IND$")
_EARLIER = re.compile(r"_LEP_[MF]$|^SCH_ALTFOCUS$")


def tell_wave(names: list[str], head: bytes) -> str | None:
    """Return the wave of a file with this header and first bytes, or None where it cannot be told.

    The wide file of 2013-14 looks like the one of 2015-16, but names no state in words and says
    whether the CCD knew the school (MATCH_FLAG). The files of 2023-24 have the columns of 2021-22
    without JJ, which all files of the waves before carry. Homeroom reads neither.
    """
    if "COMBOKEY" in names and "JJ" not in names:
        return None
    if "MATCH_FLAG" in names:
        return None
    if {"CCD_LATCOD", "NCES_SCHOOL_ID"} <= set(names):
        return "2015-16"
    if any(_LATER.search(name) for name in names):
        return "2021-22"
    state = _first_state(head, names)
    if state and not state.isupper():
        return "2020-21"
    if any(_ONLY_2017.search(name) for name in names):
        return "2017-18"
    if state and any(_EARLIER.search(name) for name in names):
        return "2017-18"
    # Capital names without one column of 2017-18: School Support and Offenses of 2021-22.
    return "2021-22" if state else None


def _first_state(head: bytes, names: list[str]) -> str | None:
    if "LEA_STATE_NAME" not in names:
        return None
    text = head.decode("cp1252", "replace").splitlines()[1:2]
    row = next(csv.reader(text), [])
    return row[names.index("LEA_STATE_NAME")] if len(row) == len(names) else None
