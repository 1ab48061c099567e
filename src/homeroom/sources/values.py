"""How programs write a number, and what counts as empty: here, and nowhere else."""

from __future__ import annotations

import re

import numpy as np
import polars as pl

MISSING = ("NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "None", ".")
"""What R, pandas, SAS, SQL, and spreadsheets write where a table has nothing."""
_THOUSANDS = r"^-?\d{1,3}(,\d{3})+(\.0+)?$"
_LOOKED_AT = 8 << 20
_CELL = re.compile(
    b'"?(?:(' + b"|".join(re.escape(m.encode()) for m in MISSING) + rb')"?(?=[,\r\n])'
    rb'|(?<=")-?\d{1,3}(?:,\d{3})+(?:\.0+)?"(?=[,\r\n]))'
)
_STARTS = np.isin(np.arange(256), np.frombuffer(b'"Nn.#<', np.uint8))
_COMMA = ord(",")


def number_text(text: pl.Series, *, whole: bool) -> pl.Series:
    """Return numbers as a computer reads them, and null for what counts as empty.

    Parameters
    ----------
    text
        Strings.
    whole
        Whether they are whole numbers: then "1,100" is 1100, and 100.0 is 100. In a number with a
        fraction a comma may mark either, so it is left, and refused.
    """
    found = text.str.strip_chars()
    found = found.replace({"": None, **dict.fromkeys(MISSING)})
    if not whole:
        return found
    commas = found.str.contains(_THOUSANDS).fill_null(value=False)
    if commas.any():
        found = found.str.replace_all(",", "", literal=True).zip_with(commas, found)
    return found.str.replace(r"\.0+$", "")


def notes_on(text: bytes) -> tuple[str, ...]:
    """Say which words for nothing a text holds, and numbers with commas; not of a big one."""
    if len(text) > _LOOKED_AT:
        return ()
    view = np.frombuffer(text, np.uint8)
    cells = np.flatnonzero((view[:-1] == _COMMA) & _STARTS[view[1:]]) + 1
    matches = [match for at in cells.tolist() if (match := _CELL.match(text, at))]
    found = [match[1].decode() for match in matches if match[1]]
    commas = len(matches) - len(found)
    more = (
        (f"numbers with commas, as in 1,100, were read without them (cells: {commas:,})",)
        if commas
        else ()
    )
    return more + tuple(
        f"{word} was read as empty where a number belongs (cells: {found.count(word):,})"
        for word in sorted(set(found))
    )
