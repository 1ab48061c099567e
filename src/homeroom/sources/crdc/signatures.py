"""What only some waves of the CRDC have, as a table: columns, codes, whole headers, value forms.

OCR puts no year into its files. Each entry names something that can be seen in a file and the
waves whose files have it; nothing here rests on what a file lacks. What is seen narrows the waves
down, and one wave that is left is proved.

Sources: OCR's record layout of 2015-16, file structure of 2017-18, data dictionary and public-use
manual of 2021-22, and table of reserve codes of each wave; the codebook of 2013-14; the files of
2020-21 themselves.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

ALL = ("2013-14", "2015-16", "2017-18", "2020-21", "2021-22", "2023-24")


@dataclass(frozen=True, slots=True)
class ColumnSign:
    """Columns that only the files of some waves have."""

    waves: frozenset[str]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class CodeSign:
    """A reserve code that only some waves use; ``among`` limits it to a kind of column."""

    waves: frozenset[str]
    code: int
    among: re.Pattern[str] = re.compile("")
    late: bool = False
    """Whether it counts only after the files beside a file: it rests on a practice of OCR."""


def _columns(pattern: str, *waves: str) -> ColumnSign:
    return ColumnSign(frozenset(waves), re.compile(pattern))


COLUMN_SIGNS: tuple[ColumnSign, ...] = (
    _columns(
        r"MATCH_FLAG|DSO_\w+|SCH_FTESECURITY_IND|(SCH|TOT)_ALG(ENR|PASS)_GS0708_\w+"
        r"|(SCH|TOT)_GEOM(CLASSES|ENR)_GS0712\w*",
        "2013-14",
    ),
    _columns(r"CCD_(LAT|LON)COD|NCES_SCHOOL_ID", "2013-14", "2015-16"),
    _columns(r"TOT_DUALENR_[MF]", "2015-16"),
    _columns(
        r"SCH_PSENR_NONIDEA_A[345]|SCH_LEPPROGENR_IDEA_[MF]|SCH_OFFENSE_(ROB|ATT|THR)WX"
        r"|SCH_FTETEACH_[FS]Y|SCH_TEACHERS_(CURR|PREV)_TOT"
        r"|(SCH|TOT)_PSDISC_(SING|MULT)OOS_\w+",
        "2013-14", "2015-16", "2017-18",
    ),
    _columns(r"\w+_LEP_[MF]|(SCH|TOT)_(PS)?LEP\w*ENR_\w+", *ALL[:4]),
    _columns(r"LEA_STATE_NAME", *ALL[1:]),
    _columns(
        r"\w+_EL_[MFX]|(SCH|TOT)_(PS)?EL(PROG)?ENR_\w+|(SCH|TOT|LEA)_\w+_X"
        r"|SCH_(VIRT|JUST|NBS)_IND|SCH_JUST|LEA_NBS_IND|SCH_OFFENSE_\w+_BYSTU?A?[DF]",
        "2021-22", "2023-24",
    ),
    _columns(r"SCH_(REF|ARR)INSTANCES_(WODIS|IDEA|504)", "2023-24"),
)  # fmt: skip
SEVERAL_MODULES = frozenset(("2013-14", "2015-16"))
"""Waves published as one wide file, with columns of several modules side by side."""
JUVENILE = frozenset(ALL[:5])
"""Waves with the column JJ in every file; weak, since it tells 2021-22 from 2023-24 alone."""

_UNSUPPRESSED = re.compile(r"SCH_(?!\w*CORP|OFFENSE|HB|RS|FIREARM|HOMICIDE|NAME)\w+")
"""Columns outside the modules in which 2017-18 suppressed figures for their quality."""
CODE_SIGNS: tuple[CodeSign, ...] = (
    CodeSign(frozenset(("2013-14", "2015-16")), -2),
    CodeSign(frozenset(ALL[2:]), -3),
    CodeSign(frozenset(ALL[3:]), -4),
    CodeSign(frozenset(("2023-24",)), -10, re.compile(r"SCH_\w+_X")),
    CodeSign(frozenset(ALL[3:]), -11, _UNSUPPRESSED, late=True),
    CodeSign(frozenset(ALL[3:]), -13),
)
NONBINARY = re.compile(r"SCH_\w+_X")
COUNTED_NONBINARY = frozenset(("2021-22",))
"""The wave with anything but -10 in the cells of nonbinary students."""
WRONG_SCHID = frozenset(("2017-18",))
"""The wave whose SCHID is not the school of COMBOKEY in some modules."""

_BOTH = frozenset(("2017-18", "2020-21"))
HEADERS: dict[str, frozenset[str]] = {
    # Enrollment, Offenses, School Support, Suspensions, LEA Characteristics
    "b04538ac11f1afd5": frozenset(("2017-18",)),
    "63aac4bdb4682940": frozenset(("2017-18",)),
    "c5364201f0bade19": frozenset(("2017-18",)),
    "c2bc55794d4c602c": frozenset(("2017-18",)),
    "036439a1be02e8ea": frozenset(("2017-18",)),
    "9d147b941ce5f0b3": frozenset(("2020-21",)),
    "cf6e08175ceb1d1a": frozenset(ALL[3:]),
    "1ba9cb7ab20e7ddf": frozenset(ALL[3:]),
    "19d37d68ff99aa60": frozenset(("2020-21",)),
    "a7489ddeadf934af": frozenset(("2020-21",)),
    # School Characteristics, Expulsions, Referrals and Arrests, Restraint, Transfers
    "902a7ea66f05c007": _BOTH,
    "08c19cb4c3d3932f": _BOTH,
    "7e49a6afaaa93deb": _BOTH,
    "1ddd60c05f577fed": _BOTH,
    "3fcc66b501bd9f1d": _BOTH,
}
"""Whole headers as OCR published them: the start of the SHA-256 of the sorted, joined names."""


def header_key(names: list[str]) -> str:
    """Return the key of a header in :data:`HEADERS`; the order of columns doesn't matter."""
    return hashlib.sha256(",".join(sorted(names)).encode()).hexdigest()[:16]
