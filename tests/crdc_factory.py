"""Small CRDC files in OCR's layouts, written for tests.

The columns are spelled out from OCR's file structures, apart from Homeroom's own vocabulary, so
that a mistake there cannot hide in the fixture.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from homeroom.vocabulary.states import POSTAL_OF_FIPS, STATES

RACES = ("HI", "AM", "AS", "HP", "BL", "WH", "TR")
IDS = (
    "LEA_STATE", "LEA_STATE_NAME", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY", "JJ",
)  # fmt: skip
GRADES = ("PS", "KG", *(f"G{n:02d}" for n in range(1, 13)), "UG")
STAFF = (
    "SCH_FTETEACH_TOT", "SCH_FTETEACH_CERT", "SCH_FTETEACH_NOTCERT", "SCH_FTECOUNSELORS",
    "SCH_FTESECURITY_LEO", "SCH_FTESECURITY_GUA", "SCH_FTESERVICES_NUR", "SCH_FTESERVICES_PSY",
    "SCH_FTESERVICES_SOC",
)  # fmt: skip
_DISCIPLINE = {
    "Referrals and Arrests": ("REF", "ARR"),
    "Suspensions": ("ISS", "SINGOOS", "MULTOOS"),
    "Expulsions": ("EXPWE", "EXPWOE", "EXPZT"),
    "Transfers": ("TFRALT",),
}
_OFFENSES = (
    "RAPE", "BATT", "ROBWW", "ROBWX", "ROBWOW", "ATTWW", "ATTWX", "ATTWOW", "THRWW", "THRWX",
    "THRWOW", "POSSWX",
)  # fmt: skip
_DROPPED = ("ROBWX", "ATTWX", "THRWX")
MODULES = (
    "Enrollment", *_DISCIPLINE, "Restraint and Seclusion", "Offenses", "School Support",
    "School Characteristics",
)  # fmt: skip


def columns(module: str, wave: str = "2017-18") -> list[str]:  # noqa: C901 - a list a module
    """Name the data columns of a module, as OCR's file of the wave orders them."""
    last = wave >= "2021-22"
    sexes = ("M", "F", "X") if last else ("M", "F")
    english = "EL" if last else "LEP"

    def by_group(stem: str) -> list[str]:
        cells = [f"SCH_{stem}_{race}_{sex}" for race in RACES for sex in sexes]
        return cells + [f"TOT_{stem}_{sex}" for sex in sexes]

    def by_sex(stem: str) -> list[str]:
        return [f"SCH_{stem}_{sex}" for sex in sexes]

    if module == "Enrollment":
        young = [f"SCH_PSENR_NONIDEA_A{age}" for age in (3, 4, 5)] if wave < "2020-21" else []
        found = young + by_group("PSENR") + by_sex(f"PSENR_{english}") + by_sex("PSENR_IDEA")
        found += by_group("ENR") + by_sex(f"ENR_{english}")
        found += by_sex("ENR_504") + by_sex("ENR_IDEA") + by_group(f"{english}ENR")
        found += by_group(f"{english}PROGENR")
        found += by_sex(f"{english}PROGENR_IDEA") if wave < "2020-21" else []
        found += by_group("IDEAENR") + by_sex(f"IDEAENR_{english}")
        return found + by_group("504ENR") + by_sex(f"504ENR_{english}")
    if module in _DISCIPLINE:
        found = []
        for element in _DISCIPLINE[module]:
            found += by_group(f"DISCWODIS_{element}") + by_sex(f"DISCWODIS_{element}_{english}")
            found += by_group(f"DISCWDIS_{element}_IDEA")
            found += by_sex(f"DISCWDIS_{element}_{english}") + by_sex(f"DISCWDIS_{element}_504")
        if wave == "2023-24" and module == "Referrals and Arrests":
            found += [
                f"SCH_{e}INSTANCES_{p}" for e in ("REF", "ARR") for p in ("WODIS", "IDEA", "504")
            ]
        return found
    if module == "Restraint and Seclusion":
        return [
            name
            for part in ("NONIDEA", "IDEA")
            for element in ("MECH", "PHYS", "SECL")
            for name in by_group(f"RS_{part}_{element}") + by_sex(f"RS_{part}_{element}_{english}")
        ]
    if module == "Offenses":
        kept = _OFFENSES if wave < "2020-21" else [e for e in _OFFENSES if e not in _DROPPED]
        return ["SCH_FIREARM_IND", "SCH_HOMICIDE_IND", *(f"SCH_OFFENSE_{e}" for e in kept)]
    if module == "School Support":
        return [*STAFF, "SCH_FTETEACH_FY"] if wave < "2020-21" else list(STAFF)
    grades = [f"SCH_GRADE_{grade}" for grade in GRADES]
    kinds = ["SCH_STATUS_SPED", "SCH_STATUS_MAGNET", "SCH_STATUS_CHARTER", "SCH_STATUS_ALT"]
    if last:
        return [*grades, *kinds, "SCH_VIRT_IND", "SCH_JUST_IND"]
    ungraded = [f"SCH_UGDETAIL_{level}" for level in ("ES", "MS", "HS")]
    return [*grades, *ungraded, *kinds, "SCH_MAGNETDETAIL", "SCH_ALTFOCUS"]


def wide_columns() -> list[str]:
    """Name the columns of the one file of 2015-16, as far as Homeroom reads them."""
    modules = [m for m in MODULES if m != "School Characteristics"]
    found = ["CCD_LATCOD", "CCD_LONCOD", "NCES_SCHOOL_ID", *columns("School Characteristics")]
    return found + [name for module in modules for name in columns(module)]


def school(key: str = "480000100001", **values: Any) -> dict[str, Any]:
    """Return a row: a school of which everything not named is zero."""
    state = POSTAL_OF_FIPS.get(key[:2], "TX")
    return {
        "LEA_STATE": state, "LEA_STATE_NAME": STATES[state].upper(), "LEAID": key[:7],
        "LEA_NAME": "Fixture ISD",
        "SCHID": key[7:], "SCH_NAME": f"School {key[-3:]}", "COMBOKEY": key, "JJ": "No",
    } | values  # fmt: skip


def whole(module: str, value: int, stem: str = "", wave: str = "2017-18") -> dict[str, int]:
    """Return one value for every column of a module, but totals, whose name contains ``stem``."""
    names = columns(module, wave)
    return {name: value for name in names if stem in name and not name.startswith("TOT_")}


def text(
    module: str,
    rows: Iterable[Mapping[str, Any]],
    wave: str = "2017-18",
    names: list[str] | None = None,
) -> str:
    """Return a module's CSV."""
    names = names or [
        *(name for name in IDS if name != "JJ" or wave != "2023-24"),
        *(wide_columns() if wave == "2015-16" else columns(module, wave)),
    ]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        if wave == "2020-21":
            row = {**row, "LEA_STATE_NAME": str(row["LEA_STATE_NAME"]).title()}  # noqa: PLW2901
        totals = {name: _total(name, row) for name in names}
        usual = (
            (name, _usual(name, wave) if totals[name] is None else totals[name]) for name in names
        )
        writer.writerow([row.get(name, value) for name, value in usual])
    return out.getvalue()


def _total(name: str, row: Mapping[str, Any]) -> str | None:
    """Add up a total as OCR does: codes as zero, and a code where all parts are codes."""
    if not (match := re.fullmatch(r"TOT_(\w+)_([MFX])", name)):
        return None
    parts = [str(row.get(f"SCH_{match[1]}_{race}_{match[2]}", 0)) for race in RACES]
    if not all(re.fullmatch(r"-?\d+(\.0)?", part) for part in parts):
        return ""  # OCR's parts are numbers; a test's damaged one has no total
    numbers = [int(float(part)) for part in parts]
    return str(min(numbers) if max(numbers) < 0 else sum(n for n in numbers if n > 0))


def _usual(name: str, wave: str) -> str:
    if wave == "2023-24" and re.fullmatch(r"(SCH|TOT)_\w+_X", name):
        return "-10"
    if name.startswith("SCH_GRADE_"):
        return "No" if name in ("SCH_GRADE_PS", "SCH_GRADE_UG") else "Yes"
    if name.startswith("SCH_STATUS_") or name.endswith("_IND"):
        return "No"
    if name.startswith("SCH_UGDETAIL_"):
        return "-9"
    return {
        "SCH_ALTFOCUS": "-9",
        "SCH_MAGNETDETAIL": "-9",
        "CCD_LATCOD": "31.5",
        "CCD_LONCOD": "-99.5",
    }.get(name, "0")


def write(
    folder: Path,
    module: str,
    rows: Iterable[Mapping[str, Any]],
    wave: str = "2017-18",
    *,
    name: str | None = None,
    encoding: str = "utf-8",
    packed: bool = False,
    names: list[str] | None = None,
) -> Path:
    """Write a module's CSV under ``folder`` (which is made) and give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    data = text(module, rows, wave, names).encode(encoding)
    path = folder / (name or f"{module}.csv{'.gz' if packed else ''}")
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def write_all(folder: Path, rows: list[dict[str, Any]], wave: str = "2017-18") -> Path:
    """Write every module of a wave with the same schools."""
    if wave == "2015-16":
        write(folder, "School Data", rows, wave)
        return folder
    for module in MODULES:
        write(folder, module, rows, wave)
    return folder
