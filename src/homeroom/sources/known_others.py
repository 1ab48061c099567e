"""Files that people have and Homeroom does not read: what each is, and what to take instead.

Each entry recognizes a file by its first bytes or its headings. The reason names the file, says why
its numbers would be misread, and where the same figures are in a form that is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from homeroom.sources.text import header


@dataclass(frozen=True, slots=True)
class KnownOther:
    """A kind of file that is recognized and not read."""

    id: str
    matches: Callable[[bytes], bool]
    """Whether a file with this beginning (up to 64 KiB of text) is of the kind."""
    reason: str
    """For the build report: what it is, why it is not read, what to do."""


_HIDDEN = re.compile(
    rb'(?:^|[,;\t"])\s*(?:\*{1,3}|(?:[nN] ?)?(?:<|\xe2\x89\xa4)=? ?\d+)\s*(?=[,;\t"\r\n]|$)',
    re.MULTILINE,
)
"""A mark for a count too small to print: a star, or less than a number. A range such as 1-3 or a
letter alone proves nothing: grades and flags look the same."""
_STATE_WORDS = re.compile(
    r"district|school|\blea\b|subgroup|student ?group|county|campus|corporation|building",
    re.IGNORECASE,
)
_STATE_COUNTS = re.compile(
    r"enroll|suspen|expul|arrest|police|law enforcement|referr|disciplin|incident|removal|count|"
    r"number|percent|rate|students",
    re.IGNORECASE,
)
_FEW_FIELDS = 3


def _names(head: bytes) -> set[str]:
    for separator in (",", "\t", ";"):
        names = [name.strip().casefold() for name in header(head, separator)]
        if len(names) >= _FEW_FIELDS:
            return set(names)
    return set()


def _has(*wanted: str) -> Callable[[bytes], bool]:
    return lambda head: _names(head) >= set(wanted)


def _urban(head: bytes) -> bool:
    names = _names(head)
    derived = {"crdc_id", "ncessch", "leaid"} & names
    return {"year", "fips"} <= names and len(derived) >= 1 and bool({"race", "sex"} & names)


def _state_table(head: bytes) -> bool:
    """Tell a table of names and counts in which small counts are hidden by marks."""
    names = _names(head)
    if not any(map(_STATE_WORDS.search, names)) or not any(map(_STATE_COUNTS.search, names)):
        return False
    return bool(_HIDDEN.search(head.partition(b"\n")[2]))


def _edfi(head: bytes) -> bool:
    return (
        b"ed-fi.org" in head[:2000] or re.search(rb"<Interchange[A-Z]\w+", head[:2000]) is not None
    )


KNOWN_OTHERS: tuple[KnownOther, ...] = (
    KnownOther(
        "edfi",
        _edfi,
        "an Ed-Fi interchange file: records of single students, no published figures. A store is "
        "built from published files only; a district's own records belong in the records room, "
        "apart from the store and confidential",
    ),
    KnownOther(
        "urban_crdc",
        _urban,
        "the Urban Institute's own layout of the CRDC (one row for each race, sex and disability; "
        "-1 means missing or not reported, -2 not applicable, -3 suppressed, and 99 a total), in "
        "which codes and groups differ from OCR's. Take OCR's own file of the same year: the ZIP "
        "of public-use data at civilrightsdata.ed.gov/data",
    ),
    KnownOther(
        "urban_other",
        lambda head: {"year", "leaid", "fips"} <= _names(head) and b"ncessch_num" in head[:4000],
        "a table of the Urban Institute's Education Data Portal, whose columns and codes are its "
        "own. Take the agency's own file: NCES's directory (nces.ed.gov/ccd/files.asp)",
    ),
    KnownOther(
        "census_f33",
        lambda head: bool({"idcensus", "id_census"} & _names(head)) and "totalrev" in _names(head),
        "the Census Bureau's layout of the school finance survey (with IDCENSUS, amounts in "
        "thousands of dollars). Take NCES's file of the same year, in dollars and with LEAID: "
        "nces.ed.gov/ccd/f33agency.asp",
    ),
    KnownOther(
        "acs_or_decennial",
        _has("geo_id", "name"),
        "a table of data.census.gov, of which Homeroom reads nothing. For poverty by school "
        "district take SAIPE: census.gov/programs-surveys/saipe.html",
    ),
    KnownOther(
        "bls_series",
        _has("series_id", "year", "period", "value"),
        "a BLS series file (one value a row). Take the wages by state and occupation instead: "
        "state_M2023_dl.xlsx at bls.gov/oes/tables.htm",
    ),
    KnownOther(
        "state_table",
        _state_table,
        "a state's own table, in which small counts are hidden (as *, <5, 1-3 or N). Its groups, "
        "years and marks are the state's, so Homeroom cannot tell what a hidden cell stands for. "
        "Take the state's schools from OCR's files (civilrightsdata.ed.gov/data)",
    ),
)
"""In order: the first that matches is told."""


def why_known(head: bytes) -> str | None:
    """Return what a file is and what to take instead, or None where its kind is not known.

    Parameters
    ----------
    head
        The beginning of the file, unpacked.
    """
    if head.startswith((b"PK", b"%PDF", b"PAR1")):
        return None
    return next((other.reason for other in KNOWN_OTHERS if other.matches(head)), None)
