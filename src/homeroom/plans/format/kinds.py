"""Kinds of values in a plan document: each reads, writes, explains, and describes itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from homeroom.errors import BadInput
from homeroom.plans.format import amounts
from homeroom.plans.format.words import meant, suggestion
from homeroom.text_gate import check, short

_LONGEST_NAME, _LONGEST_TEXT = 200, 1_000
Named = Callable[[str], str]
"""From what a person calls a place to its id."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document is read with.

    Attributes
    ----------
    named
        Turns a place's name into its id; without it the document must give the id.
    folder
        Where files named in the document lie; without it no file may be named.
    """

    named: Named | None = None
    folder: Path | None = None


class Kind(Protocol):
    """What a key of the document may hold."""

    @property
    def words(self) -> str:
        """What a person writes, for the reference page."""
        ...

    def read(self, value: object, where: str, reading: Reading) -> Any:
        """Return the value as the program uses it, or refuse it in words."""
        ...

    def write(self, value: Any) -> Any:
        """Return the value as a document holds it."""
        ...

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of what may be written."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """Words."""

    words: str = "words"

    def read(self, value: object, where: str, _reading: Reading) -> str:
        """Read words; a bare number is taken as one."""
        text = str(value) if type(value) is int else value
        if not isinstance(text, str) or not text.strip():
            raise BadInput(f"{where}: expected words, found {short(value)}.")
        return check(text, where, longest=_LONGEST_TEXT)

    def write(self, value: str) -> str:
        """Return the words."""
        return value

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": ["string", "integer"], "maxLength": _LONGEST_TEXT}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words, with their synonyms."""

    known: tuple[str, ...]
    group: str | None = None
    also: tuple[tuple[str, str], ...] = ()
    """Further ways to say one of them."""
    shown: tuple[tuple[str, str], ...] = ()
    """How a word of the program is written in the document, where that differs."""

    @property
    def said(self) -> tuple[str, ...]:
        """The words as the document has them."""
        return tuple(dict(self.shown).get(one, one) for one in self.known)

    @property
    def words(self) -> str:
        """The words."""
        return ", ".join(f"`{one}`" for one in self.said)

    def read(self, value: object, where: str, _reading: Reading) -> str:
        """Read one of the words, however it is spelled."""
        text = str(value) if type(value) is int else value
        found = dict(self.also).get(text) if isinstance(text, str) else None
        found = found or meant(text, self.known, self.group)
        if found is None:
            raise BadInput(
                f"{where}: expected one of {', '.join(self.said)}, found {short(value)}."
                f"{suggestion(value, self.said)}"
            )
        return found

    def write(self, value: str) -> str:
        """Return the word."""
        return dict(self.shown).get(value, value)

    def schema(self) -> dict[str, Any]:
        """Return the schema: the words to complete, and any other text."""
        return {"anyOf": [{"enum": list(self.said)}, {"type": "string"}]}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in bounds."""

    least: int
    most: int
    unit: str = ""

    @property
    def words(self) -> str:
        """Which numbers."""
        unit = f" {self.unit}s" if self.unit else ""
        return f"a whole number from {self.least:,} to {self.most:,}{unit}"

    def read(self, value: object, where: str, _reading: Reading) -> int:
        """Read the number."""
        return amounts.whole(value, where, self.least, self.most, self.unit)

    def write(self, value: int) -> int:
        """Return the number."""
        return value

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        number = {"type": "integer", "minimum": self.least, "maximum": self.most}
        return {"anyOf": [number, {"type": "string"}]} if self.unit else number


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    words: str = "`true` or `false`"

    def read(self, value: object, where: str, _reading: Reading) -> bool:
        """Read true or false."""
        if not isinstance(value, bool):
            raise BadInput(f"{where}: expected true or false, found {short(value)}.")
        return value

    def write(self, value: bool) -> bool:  # noqa: FBT001 - a value, not a switch
        """Return it."""
        return value

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, read and written by two functions of ``amounts``."""

    words: str
    reads: Callable[[object, str], Any]
    writes: Callable[[Any], Any]

    def read(self, value: object, where: str, _reading: Reading) -> Any:
        """Read the number with its unit."""
        return self.reads(value, where)

    def write(self, value: Any) -> Any:
        """Return it with its unit."""
        return self.writes(value)

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        return {"type": ["number", "string"], "description": self.words}


def _tidy(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _as_posts(value: int) -> int | float:
    return value // 100 if value % 100 == 0 else value / 100


def _as_dollars(value: int) -> int | float:
    return value // 100 if value % 100 == 0 else value / 100


def as_amount(value: amounts.Amount) -> int | float | str:
    """Return posts or a share as a document holds it."""
    if value.share is not None:
        words = {share: word for word, share in amounts.SHARES.items() if " " not in word}
        thirds = {share: word for word, share in amounts.SHARES.items()}
        return words.get(value.share) or thirds.get(value.share) or f"{_tidy(value.share * 100)}%"
    posts = _as_posts(value.hundredths or 0)
    return f"{posts} posts" if 0 < posts < 1 else posts


POSTS = Quantity("full-time posts: `10`, `2.5 posts`", amounts.hundredths, _as_posts)
AMOUNT = Quantity(
    "posts (`12`, `0.5 posts`) or a share of those there are (`half`, `40%`, `all`)",
    amounts.amount,
    as_amount,
)
ADDED = Quantity(
    "full-time posts: `10`, `2.5 posts`",
    lambda value, where: amounts.amount(value, where, shares=False),
    as_amount,
)
MONEY = Quantity("dollars: `85000`, `$85,000`, `1.2 million`", amounts.cents, _as_dollars)
MONTHS = Quantity("months: `6`, `6 months`, `1 year`", amounts.months, lambda value: value)
YEAR = Quantity("a school year: `2026`, `2026-27`", amounts.year, lambda value: value)
PART = Quantity(
    "a share: `25%`, `0.25`, `a quarter`", amounts.part, lambda value: f"{_tidy(value * 100)}%"
)


def percent(least: float, most: float) -> Quantity:
    """Return the kind of a percent in bounds; a bare number between -1 and 1 is asked about.

    Parameters
    ----------
    least, most
        Percents allowed.
    """
    return Quantity(
        f"a percent with its sign, from {least:g}% to {most:g}%: `{min(3, most):g}%`",
        lambda value, where: amounts.percent(value, where, least, most),
        lambda value: f"{_tidy(Decimal(str(value)))}%",
    )


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one kind, or one alone."""

    of: Kind

    @property
    def words(self) -> str:
        """What the list holds."""
        return f"a list of {self.of.words}"

    def read(self, value: object, where: str, reading: Reading) -> tuple[Any, ...]:
        """Read the list; a text alone is a list of one."""
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            raise BadInput(f"{where}: expected a list, found {short(value)}.")
        return tuple(self.of.read(one, where, reading) for one in value)

    def write(self, value: tuple[Any, ...]) -> list[Any]:
        """Return the list."""
        return [self.of.write(one) for one in value]

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        return {"anyOf": [{"type": "array", "items": self.of.schema()}, {"type": "string"}]}


@dataclass(frozen=True, slots=True)
class MapOf:
    """Known names, each to a value of one kind."""

    names: tuple[str, ...]
    of: Kind
    group: str | None = None

    @property
    def words(self) -> str:
        """Which names, and what each holds."""
        return f"{', '.join(f'`{one}`' for one in self.names)}, each: {self.of.words}"

    def read(self, value: object, where: str, reading: Reading) -> dict[str, Any]:
        """Read the names with their values, in the order of the known names."""
        if not isinstance(value, dict):
            raise BadInput(
                f"{where}: expected a mapping with {sorted(self.names)}, found {short(value)}."
            )
        made: dict[str, Any] = {}
        for key, one in value.items():
            name = meant(key, self.names, self.group)
            if name is None:
                raise BadInput(
                    f"{where}: unknown key {short(str(key))}; the keys are {sorted(self.names)}."
                    f"{suggestion(key, self.names)}"
                )
            if name in made:
                raise BadInput(f"{where}: {name} stands twice: put it into one entry.")
            made[name] = self.of.read(one, f"{where}: {name}", reading)
        return {name: made[name] for name in self.names if name in made}

    def write(self, value: dict[str, Any]) -> dict[str, Any]:
        """Return the mapping."""
        return {name: self.of.write(one) for name, one in value.items()}

    def schema(self) -> dict[str, Any]:
        """Return the schema."""
        return {
            "type": "object",
            "properties": {name: self.of.schema() for name in self.names},
            "additionalProperties": self.of.schema() if self.group else False,
        }
