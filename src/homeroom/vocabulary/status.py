"""What stands behind a figure: statuses, and the reserve codes of each wave.

Codes and meanings: OCR, public-use data file manuals of each wave (table of reserve codes).
Any negative value is a reserve code. A code that the wave's manual does not list is still
missing, and says so. What a skip code means can depend on the wave and on the question, so
``CODE_MEANINGS`` holds the questions whose codes differ from the general list.
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
    names = {
        "13": "2013-14", "15": "2015-16", "17": "2017-18", "20": "2020-21", "21": "2021-22",
        "23": "2023-24",
    }  # fmt: skip
    return ReserveCode(code, status, meaning, frozenset(names[wave] for wave in waves.split()))


RESERVE_CODES: dict[int, ReserveCode] = {
    entry.code: entry
    for entry in (
        _code(-2, Status.SUPPRESSED, "small cell value", "13 15"),
        _code(-3, Status.MISSING, "skip logic or processing failure", "17 20 21 23"),
        _code(-4, Status.MISSING, "missing optional data", "20 21 23"),
        _code(
            -5, Status.MISSING, "action plan: the district could not report", "13 15 17 20 21 23"
        ),
        _code(-6, Status.MISSING, "certified without the data", "15 17 20 21 23"),
        _code(-7, Status.MISSING, "system error", "15 23"),
        _code(-8, Status.MISSING, "missing in EDFacts", "15 17 20"),
        _code(-9, Status.MISSING, "not applicable or skipped", "13 15 17 20 21 23"),
        _code(-10, Status.SUPPRESSED, "nonbinary students withheld (Executive Order 14168)", "23"),
        _code(-11, Status.SUPPRESSED, "suppressed for data quality", "17 20 23"),
        _code(-12, Status.SUPPRESSED, "suppressed for privacy", "21"),
        _code(-13, Status.MISSING, "missing COVID indicator (skip logic)", "20 21 23"),
        # Not OCR's: our own mark for a cell that the file leaves empty.
        _code(-100, Status.MISSING, "left blank: not collected", "13 15 17 20 21 23"),
    )
}
NOT_APPLICABLE = -9
BLANK = -100
WITHHELD = -10
_BY_WAVE = {
    # A code that a later manual gave another meaning.
    ("2023-24", -12): (Status.MISSING, "no longer exists"),
}
_ALSO = {
    # The list of 2021-22 was read through others. The code for doubtful quality is in the manuals
    # before and after, so a file with it is no damaged file.
    "2021-22": frozenset({-11}),
}


def known_codes(wave: str) -> frozenset[int]:
    """Return the reserve codes that the manual of a wave lists, our mark for a blank included."""
    listed = {code for code, entry in RESERVE_CODES.items() if wave in entry.waves}
    listed |= {code for of, code in _BY_WAVE if of == wave}
    return frozenset(listed | _ALSO.get(wave, frozenset()))


GRAVEST_FIRST = (-12, -11, -10, -2, -5, -6, -3, -13, -7, -8, -4, NOT_APPLICABLE, BLANK)
"""Which code speaks for cells that hold several: what was suppressed before what is missing, a
figure that the district could not give before a processing error, and a skip or a blank last, since
a skip alone would not explain the others."""


def gravity(code: int) -> int:
    """Return a code's place in :data:`GRAVEST_FIRST`; codes of no manual come before a skip."""
    last = GRAVEST_FIRST.index(NOT_APPLICABLE)
    if code not in GRAVEST_FIRST:
        return last
    at = GRAVEST_FIRST.index(code)
    return at if at < last else at + 1


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code means in the answers to one question of one wave, and who says so."""

    wave: str
    element: str
    """The CRDC element, or the whole column name for staff."""
    code: int
    status: Status
    meaning: str
    source: str
    block: bool = False
    """Whether it holds for a whole block (an element's cells of one part) and not for one cell."""


_AUTOFILL_2023 = (
    "the school entered zero incidents, and the form filled the students' cells with -9: zero"
)
_AUTOFILL_2021 = (
    "by inference zero: the form fills a block with -9 when the school enters zero incidents, and "
    "the number of incidents is not public in this wave"
)


def _zero_blocks(
    wave: str, meaning: str, source: str
) -> dict[tuple[str, str], tuple[CodeMeaning, ...]]:
    return {
        (wave, element): (
            CodeMeaning(
                wave, element, NOT_APPLICABLE, Status.STRUCTURAL_ZERO, meaning, source, block=True
            ),
        )
        for element in ("REF", "ARR")
    }


CODE_MEANINGS: dict[tuple[str, str], tuple[CodeMeaning, ...]] = {
    **_zero_blocks(
        "2021-22",
        _AUTOFILL_2021,
        "OCR, 2021-22 and 2023-24 CRDC public-use data file manuals, table of reserve codes; "
        "2021-22 data dictionary (number of incidents: restricted-use file only)",
    ),
    **_zero_blocks(
        "2023-24",
        _AUTOFILL_2023,
        "OCR, 2023-24 CRDC public-use data file manual, table 1",
    ),
    ("2015-16", "SCH_FTESECURITY_LEO"): (
        CodeMeaning(
            "2015-16",
            "SCH_FTESECURITY_LEO",
            NOT_APPLICABLE,
            Status.STRUCTURAL_ZERO,
            "skipped after answering No to whether the school has sworn officers: zero",
            "OCR, 2015-16 CRDC data notes (September 2018), page 10, and public-use data file "
            "manual, page 13; OCR's support-staff tables count these schools as schools without "
            "officers",
        ),
    ),
}
"""By wave and element: codes that mean something else there than in the wave's general list."""


def zero_codes(wave: str, element: str) -> tuple[int, ...]:
    """Return the codes that stand for zero in the answers to one question of one wave.

    For an element these are codes of a whole block; a single cell with such a code is missing.
    """
    found = CODE_MEANINGS.get((wave, element), ())
    return tuple(entry.code for entry in found if entry.status is Status.STRUCTURAL_ZERO)


def explain(code: int, wave: str, element: str = "") -> tuple[Status, str]:
    """Return status and meaning of a negative value found in a file of ``wave``.

    Parameters
    ----------
    element
        The question, as in :data:`CODE_MEANINGS`; if empty, the general meaning is returned.
    """
    for special in CODE_MEANINGS.get((wave, element), ()):
        if special.code == code:
            return special.status, special.meaning
    if (wave, code) in _BY_WAVE:
        return _BY_WAVE[wave, code]
    entry = RESERVE_CODES.get(code)
    if entry is None:
        return Status.MISSING, f"code {code}, in no manual that was read"
    if wave not in entry.waves:
        return entry.status, f"{entry.meaning} (code {code} is not in the manual of {wave})"
    return entry.status, entry.meaning
