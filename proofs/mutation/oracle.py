"""Totals of a CRDC, wage, or shootings file by an independent reading: Python's csv module only.

The oracle knows nothing of Homeroom. A file that breaks its own rules (rows of another width, a
cell that is no number, an id of another state) has no totals at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from proofs.mutation.ways import Rows

Totals = dict[str, float]

_CELL = re.compile(
    r"SCH_(?P<a>IDEA|504)?(?P<enr>ENR)_(HI|AM|AS|HP|BL|WH|TR)_[MFX]"
    r"|SCH_DISCWODIS_(?P<b>[A-Z]+)_(HI|AM|AS|HP|BL|WH|TR)_[MFX]"
    r"|SCH_DISCWDIS_(?P<c>[A-Z]+)_IDEA_(HI|AM|AS|HP|BL|WH|TR)_[MFX]"
    r"|SCH_DISCWDIS_(?P<d>[A-Z]+)_504_[MFX]"
)
_STAFF = {
    "SCH_FTECOUNSELORS": "counselor", "SCH_FTESECURITY_LEO": "officer",
    "SCH_FTESERVICES_SOC": "social_worker",
}  # fmt: skip
_ELEMENTS = ("ENR", "REF", "ARR", "ISS", "EXPWE")
_WHOLE = re.compile(r"-?\d+(\.0+)?")


class Broken(ValueError):
    """The file breaks its own rules."""


def crdc(rows: Rows) -> Totals:
    """Return sums of the outcomes, by part, and of staff; codes are left out.

    Raises
    ------
    Broken
        A row of another width, a cell that is no number, or a school twice with two answers.
    """
    head, body = _even(rows)
    out: Totals = defaultdict(float)
    schools: dict[str, list[str]] = {}
    for row in body:
        if schools.setdefault(_school(head, row), row) != row:
            raise Broken("one school, two answers")
    for row in schools.values():
        for name, cell in zip(head, row, strict=True):
            key = _key(name)
            if key is not None:
                value = _number(cell, whole=name not in _STAFF)
                out[key] += max(value, 0.0)
    return {key: round(value, 2) for key, value in out.items()}


def _key(name: str) -> str | None:
    if name in _STAFF:
        return _STAFF[name]
    match = _CELL.fullmatch(name)
    if match is None:
        return None
    found = match.groupdict()
    if found["enr"]:
        return f"ENR {'idea' if found['a'] == 'IDEA' else 's504' if found['a'] else 'any'}"
    for group, part in (("b", "wodis"), ("c", "idea"), ("d", "s504")):
        if found[group]:
            return f"{found[group]} {part}" if found[group] in _ELEMENTS else None
    return None


def _school(head: list[str], row: list[str]) -> str:
    cell = dict(zip(head, row, strict=True))
    key = cell.get("COMBOKEY", "")
    if not re.fullmatch(r"\d{12}", key) or cell.get("LEAID") != key[:7]:
        raise Broken("no id")
    return key


def wages(rows: Rows) -> Totals:
    """Return sums of employment and wages by year and occupation.

    Raises
    ------
    Broken
        See :func:`crdc`.
    """
    out: Totals = defaultdict(float)
    for cell in _distinct(rows):
        for column, name in (("TOT_EMP", "employment"), ("A_MEAN", "mean"), ("A_MEDIAN", "median")):
            text = cell[column]
            out[f"{cell['year']} {cell['OCC_CODE']} {name}"] += _number(text, whole=True)
        out["rows"] += 1
    return dict(out)


def shootings(rows: Rows) -> Totals:
    """Return incidents, killed, and injured by school year.

    Raises
    ------
    Broken
        See :func:`crdc`.
    """
    out: Totals = defaultdict(float)
    for cell in _distinct(rows):
        year = cell["school_year"]
        if not re.fullmatch(r"\d{4}-\d{4}", year):
            raise Broken("no school year")
        out[f"{year[:5]}{year[-2:]} incidents"] += 1
        out[f"{year[:5]}{year[-2:]} killed"] += _number(cell["killed"], whole=True)
        out[f"{year[:5]}{year[-2:]} injured"] += _number(cell["injured"], whole=True)
    return dict(out)


def _distinct(rows: Rows) -> Iterator[dict[str, str]]:
    """Yield each row once, by column: a row given twice counts once."""
    head, body = _even(rows)
    for row in {tuple(row) for row in body}:
        yield dict(zip(head, row, strict=True))


def _even(rows: Rows) -> tuple[list[str], Rows]:
    rows = [row for row in rows if row]
    if not rows:
        raise Broken("empty")
    head, *body = rows
    if len(set(head)) < len(head) or any(len(row) != len(head) for row in body):
        raise Broken("rows of another width, or a heading twice")
    return [name.strip().strip("\ufeff") for name in head], body


def _number(text: str, *, whole: bool) -> float:
    text = text.strip()
    if not text:
        return 0.0
    if whole and not _WHOLE.fullmatch(text):
        raise Broken(f"{text!r} is no whole number")
    try:
        value = float(text)
    except ValueError as error:
        raise Broken(f"{text!r} is no number") from error
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - not a number
        raise Broken(f"{text!r} is no number")
    return value
