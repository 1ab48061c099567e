"""NCES ids, and the numbers that stand for them inside the store.

A LEAID is two digits of state and five of agency; the CRDC gives state-operated programs
ids such as 33SOP01, and in 2013-14 gave California's charter schools ids such as 06CC037. A
COMBOKEY is a LEAID and five digits of school. Inside the store a school is one number,
``state * 10**11 + agency * 10**5 + school`` with agency 100000 + n for SOPn and 200000 + n for
CCn, so that a state or an LEA is a range of numbers. Nobody outside sees it.
"""

from __future__ import annotations

import polars as pl

_SOP, _CC = 100_000, 200_000
LEAID = r"^\d{2}(\d{5}|SOP\d{2}|CC\d{3})$"
COMBOKEY = r"^\d{2}(\d{5}|SOP\d{2}|CC\d{3})\d{5}$"

SQL_MACROS = """
CREATE MACRO leaid_of(lea_no) AS
    lpad(CAST(lea_no // 1000000 AS VARCHAR), 2, '0') || CASE
        WHEN lea_no % 1000000 < 100000 THEN lpad(CAST(lea_no % 1000000 AS VARCHAR), 5, '0')
        WHEN lea_no % 1000000 >= 200000
            THEN 'CC' || lpad(CAST(lea_no % 1000000 - 200000 AS VARCHAR), 3, '0')
        ELSE 'SOP' || lpad(CAST(lea_no % 1000000 - 100000 AS VARCHAR), 2, '0') END;
CREATE MACRO combokey_of(school_no) AS
    leaid_of(school_no // 100000) || lpad(CAST(school_no % 100000 AS VARCHAR), 5, '0');
"""


def school_number(combokey: pl.Expr) -> pl.Expr:
    """Return the number of a whole COMBOKEY; null stays null."""
    agency = combokey.str.slice(2, 5)
    number = pl.when(agency.str.starts_with("SOP")).then(
        agency.str.strip_prefix("SOP").cast(pl.Int64, strict=False) + _SOP
    ).when(agency.str.starts_with("CC")).then(
        agency.str.strip_prefix("CC").cast(pl.Int64, strict=False) + _CC
    ).otherwise(agency.cast(pl.Int64, strict=False))  # fmt: skip
    state = combokey.str.slice(0, 2).cast(pl.Int64)
    return state * 10**11 + number * 10**5 + combokey.str.slice(7, 5).cast(pl.Int64)


def lea_number(leaid: str) -> int:
    """Return the number of an LEAID: its schools have this number times 100,000 and up."""
    agency = leaid[2:]
    for prefix, first in (("SOP", _SOP), ("CC", _CC)):
        if agency.startswith(prefix):
            return int(leaid[:2]) * 10**6 + first + int(agency.removeprefix(prefix))
    return int(leaid[:2]) * 10**6 + int(agency)


def school_number_of(combokey: str) -> int:
    """Return the number of one COMBOKEY."""
    return lea_number(combokey[:7]) * 10**5 + int(combokey[7:])


def combokey_of(number: int) -> str:
    """Return the COMBOKEY of a number."""
    lea, school = divmod(number, 10**5)
    state, agency = divmod(lea, 10**6)
    middle = f"{agency:05d}"
    if agency >= _SOP:
        middle = f"CC{agency - _CC:03d}" if agency >= _CC else f"SOP{agency - _SOP:02d}"
    return f"{state:02d}{middle}{school:05d}"


STATE_SPAN = 10**11
LEA_SPAN = 10**5
