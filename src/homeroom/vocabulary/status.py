"""What stands behind a figure: statuses, and the reserve codes of each wave.

Codes and meanings: OCR, public-use data file manuals of each wave (table of reserve codes).
Any negative value is a reserve code. A code that the wave's manual does not list is still
missing, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """The standing of a number."""

    OBSERVED = "observed"
    STRUCTURAL_ZERO = "structural_zero"
    MISSING = "missing"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class ReserveCode:
    """A negative value in a CRDC file: never a number to add."""

    code: int
    status: Status
    meaning: str
    waves: frozenset[str]


def _code(code: int, status: Status, meaning: str, waves: str) -> ReserveCode:
    names = {"15": "2015-16", "17": "2017-18", "20": "2020-21", "21": "2021-22", "23": "2023-24"}
    return ReserveCode(code, status, meaning, frozenset(names[wave] for wave in waves.split()))


RESERVE_CODES: dict[int, ReserveCode] = {
    entry.code: entry
    for entry in (
        _code(-2, Status.SUPPRESSED, "small cell value", "15"),
        _code(-3, Status.MISSING, "skip logic or processing failure", "17 20 21 23"),
        _code(-4, Status.MISSING, "missing optional data", "20 21 23"),
        _code(-5, Status.MISSING, "action plan: the district could not report", "15 17 20 21 23"),
        _code(-6, Status.MISSING, "certified without the data", "15 17 20 21 23"),
        _code(-7, Status.MISSING, "system error", "15"),
        _code(-8, Status.MISSING, "missing in EDFacts", "15 17 20"),
        _code(-9, Status.MISSING, "not applicable or skipped", "15 17 20 21 23"),
        _code(-11, Status.SUPPRESSED, "suppressed for data quality", "17 20"),
        _code(-12, Status.SUPPRESSED, "suppressed for privacy", "21 23"),
        _code(-13, Status.MISSING, "missing COVID indicator (skip logic)", "20 21"),
        # Not OCR's: our own mark for a cell that the file leaves empty.
        _code(-100, Status.MISSING, "left blank: not collected", "15 17 20 21 23"),
    )
}
NOT_APPLICABLE = -9
BLANK = -100


def explain(code: int, wave: str) -> tuple[Status, str]:
    """Return status and meaning of a negative value found in a file of ``wave``."""
    entry = RESERVE_CODES.get(code)
    if entry is None:
        return Status.MISSING, f"code {code}, in no manual that was read"
    if wave not in entry.waves:
        return entry.status, f"{entry.meaning} (code {code} is not in the manual of {wave})"
    return entry.status, entry.meaning
