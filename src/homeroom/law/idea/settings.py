"""What a State sets for the calculation: threshold, four minima, years, and progress.

34 CFR 300.647(b)(1) leaves all of them to the State. States' own settings are data, dated and
sourced (``settings.yaml``); what was not read is absent, and a threshold is never assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.documents import mapping, parse
from homeroom.text_gate import short
from homeroom.vocabulary.states import STATES

PRESUMED_CELL, PRESUMED_N = 10, 30
"""A minimum cell size up to 10 and a minimum n-size up to 30 are presumed reasonable (b)(1)."""
GAPS = ("breaks", "bridges")
_MOST_DIGITS = 30
Number = int | float | str | Decimal | Fraction


@dataclass(frozen=True, slots=True)
class Settings:
    """What a calculation uses.

    Attributes
    ----------
    min_cell, min_n
        Least children with the outcome, and least children, of the group.
    comparison_min_cell, comparison_min_n
        The same of the comparison group, in the LEA or in the State; None: as for the group.
    threshold
        A ratio above it exceeds; None where it is not known.
    years
        Prior consecutive years above the threshold before a State identifies, 1 to 3.
    progress
        Least drop of the ratio from one year to the next that counts as reasonable progress; None
        where the State does not use that flexibility.
    gap
        What a year without a ratio does to the years before it: ``breaks`` the run, or
        ``bridges`` it (the year is skipped); None: not known, and then nobody is identified over
        such a year.
    round_to
        Decimals to which a State rounds a ratio before it compares; None: unrounded.
    """

    min_cell: int = PRESUMED_CELL
    min_n: int = PRESUMED_N
    comparison_min_cell: int | None = None
    comparison_min_n: int | None = None
    threshold: Fraction | None = None
    years: int = 1
    progress: Fraction | None = None
    gap: str | None = None
    round_to: int | None = None

    def __post_init__(self) -> None:
        for name in ("min_cell", "min_n", "comparison_min_cell", "comparison_min_n"):
            value = getattr(self, name)
            if value is None and name.startswith("comparison"):
                continue
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10**9:
                raise BadInput(f"{name}: expected a whole number from 0, found {short(value)}.")
        if self.threshold is not None:
            object.__setattr__(self, "threshold", exact(self.threshold, "threshold"))
        if self.progress is not None:
            object.__setattr__(self, "progress", exact(self.progress, "progress"))
        if isinstance(self.years, bool) or self.years not in {1, 2, 3}:
            raise BadInput(f"years: expected 1, 2, or 3 (300.647(d)), found {short(self.years)}.")
        if self.gap not in {*GAPS, None}:
            raise BadInput(f"gap: expected {' or '.join(GAPS)}, found {short(self.gap)}.")
        digits = self.round_to
        if digits is not None and (isinstance(digits, bool) or digits not in range(10)):
            raise BadInput(f"round_to: expected 0 to 9 decimals, found {short(digits)}.")

    @property
    def minima(self) -> tuple[int, int, int, int]:
        """Cell and n of the group, then cell and n of the comparison group."""
        cell, n = self.comparison_min_cell, self.comparison_min_n
        return (
            self.min_cell,
            self.min_n,
            self.min_cell if cell is None else cell,
            self.min_n if n is None else n,
        )


@dataclass(frozen=True, slots=True)
class StateSettings:
    """What was read of one State; None where a value was not read."""

    state: str
    name: str
    read_on: date
    in_force: str
    source: str
    url: str = ""
    threshold: str | None = None
    min_cell: int | None = None
    min_n: int | None = None
    comparison_min_cell: int | None = None
    comparison_min_n: int | None = None
    years: int | None = None
    progress: str = ""
    other: str = ""

    @property
    def was_read(self) -> bool:
        """Whether any setting for this calculation was read, not of another indicator alone."""
        return any((self.threshold, self.min_cell, self.min_n, self.years))

    def notes(self) -> tuple[str, ...]:
        """Return what a reader must know before relying on the settings, a sentence each."""
        said = [f"{self.name}: {self.source}, read {self.read_on} ({self.in_force})."]
        lacking = [
            label
            for label, value in (
                ("threshold", self.threshold),
                ("minimum cell size", self.min_cell),
                ("minimum n-size", self.min_n),
            )
            if value is None
        ]
        if lacking:
            said.append(f"Not read: {', '.join(lacking)}.")
        if self.progress:
            said.append(f"Reasonable progress: {self.progress}.")
        if self.other:
            said.append(self.other)
        return tuple(said)

    def settings(self, **own: Any) -> Settings:
        """Return settings to calculate with: what was read, and ``own`` for the rest.

        Parameters
        ----------
        own
            Fields of :class:`Settings`; None counts as not given. What is given wins. Minima that
            nobody gives are 10 and 30; a threshold that nobody gives stays unknown.

        Raises
        ------
        BadInput
            What was read of the State concerns another calculation, and no threshold was given.
        """
        given = {name: value for name, value in own.items() if value is not None}
        if not self.was_read and "threshold" not in given:
            raise BadInput(
                f"{self.name}: no setting for significant disproportionality was read. "
                f"{self.other} Give the State's threshold and minima yourself."
            )
        read = {
            one.name: getattr(self, one.name)
            for one in fields(Settings)
            if one.name in _SHARED and getattr(self, one.name) is not None
        }
        return replace(Settings(), **(read | given))


_SHARED = ("min_cell", "min_n", "comparison_min_cell", "comparison_min_n", "threshold", "years")
_NEEDED = "state name read_on in_force source"
_MAY = " ".join(one.name for one in fields(StateSettings) if one.name not in _NEEDED.split())


def exact(value: Number, what: str) -> Fraction:
    """Return a positive number exactly as it was written: 2.5 is 5/2, and 3.1 is 31/10.

    Parameters
    ----------
    value
        A number, or its text. Of a float, its shortest decimal form is meant.
    what
        What to call it in a refusal.

    Raises
    ------
    BadInput
        It is no finite number above 0.
    """
    if not isinstance(value, bool) and isinstance(value, int | float | str | Decimal | Fraction):
        text = str(value)
        try:
            whole = Fraction(value) if isinstance(value, Fraction) else _fraction(text)
        except (ValueError, InvalidOperation, OverflowError):
            whole = Fraction(0)
        if whole > 0:
            return whole
    raise BadInput(f"{what}: expected a number above 0, such as 3.0, found {short(value)}.")


def _fraction(text: str) -> Fraction:
    number = Decimal(text.strip())
    if not number.is_finite() or len(number.as_tuple().digits) > _MOST_DIGITS:
        return Fraction(0)
    # Of a text such as 1e999999999 no fraction must be built.
    return Fraction(number) if abs(number.adjusted()) <= _MOST_DIGITS else Fraction(0)


@cache
def read_settings() -> dict[str, StateSettings]:
    """Return what was read of each State, by postal code."""
    where = "settings.yaml"
    raw = parse((files("homeroom.law.idea") / where).read_text("utf-8"), where)
    found = [StateSettings(**mapping(one, where, required=_NEEDED, optional=_MAY)) for one in raw]
    return {one.state: one for one in found}


def state_settings(state: str) -> StateSettings:
    """Return what was read of one State.

    Parameters
    ----------
    state
        Postal code, such as ``WA``.

    Raises
    ------
    BadInput
        There is no such State, or nothing was read of it.
    """
    postal = state.strip().upper()
    if postal not in STATES:
        raise BadInput(f"expected a State's postal code, such as WA, found {short(state)}.")
    if postal not in read_settings():
        known = ", ".join(key for key, one in read_settings().items() if one.was_read)
        raise BadInput(
            f"{STATES[postal]}: no settings were read (only {known}). Give the State's own "
            "threshold and minima."
        )
    return read_settings()[postal]
