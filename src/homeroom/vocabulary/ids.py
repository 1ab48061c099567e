"""NCES ids, and the numbers that stand for them inside the store.

A LEAID is two digits of state and five of agency; the CRDC gives state-operated programs
ids such as 33SOP01. A COMBOKEY is a LEAID and five digits of school. Inside the store a school is
one number, ``state * 10**11 + agency * 10**5 + school`` with agency 100000 + n for SOPn, so that
a state or an LEA is a range of numbers. Nobody outside sees it.
"""

from __future__ import annotations

import polars as pl

_SOP = 100_000
LEAID = r"^\d{2}(\d{5}|SOP\d{2})$"
COMBOKEY = r"^\d{2}(\d{5}|SOP\d{2})\d{5}$"

SQL_MACROS = """
CREATE MACRO leaid_of(lea_no) AS
    lpad(CAST(lea_no // 1000000 AS VARCHAR), 2, '0') || CASE
        WHEN lea_no % 1000000 < 100000 THEN lpad(CAST(lea_no % 1000000 AS VARCHAR), 5, '0')
        ELSE 'SOP' || lpad(CAST(lea_no % 1000000 - 100000 AS VARCHAR), 2, '0') END;
CREATE MACRO combokey_of(school_no) AS
    leaid_of(school_no // 100000) || lpad(CAST(school_no % 100000 AS VARCHAR), 5, '0');
"""


def school_number(combokey: pl.Expr) -> pl.Expr:
    """Return the number of a whole COMBOKEY; null stays null."""
    agency = combokey.str.slice(2, 5)
    operated = agency.str.starts_with("SOP")
    number = pl.when(operated).then(
        agency.str.strip_prefix("SOP").cast(pl.Int64, strict=False) + _SOP
    ).otherwise(agency.cast(pl.Int64, strict=False))  # fmt: skip
    state = combokey.str.slice(0, 2).cast(pl.Int64)
    return state * 10**11 + number * 10**5 + combokey.str.slice(7, 5).cast(pl.Int64)


def lea_number(leaid: str) -> int:
    """Return the number of an LEAID: its schools have this number times 100,000 and up."""
    agency = leaid[2:]
    return int(leaid[:2]) * 10**6 + (
        _SOP + int(agency[3:]) if agency.startswith("SOP") else int(agency)
    )


def school_number_of(combokey: str) -> int:
    """Return the number of one COMBOKEY."""
    return lea_number(combokey[:7]) * 10**5 + int(combokey[7:])


def combokey_of(number: int) -> str:
    """Return the COMBOKEY of a number."""
    lea, school = divmod(number, 10**5)
    state, agency = divmod(lea, 10**6)
    middle = f"SOP{agency - _SOP:02d}" if agency >= _SOP else f"{agency:05d}"
    return f"{state:02d}{middle}{school:05d}"


STATE_SPAN = 10**11
LEA_SPAN = 10**5
