"""The questions of ``items.yaml``: what each year's variable is, and which schools it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

YEARS = (2006, 2008, 2016, 2018, 2020)


@dataclass(frozen=True, slots=True)
class Question:
    """One year's way to an item: any of some codes, or a number from a sum."""

    any_of: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every variable that the question needs."""
        return (*self.any_of, *self.plus, *self.minus)

    def __str__(self) -> str:
        """Write it as a formula, as in ``SEC_FT16+SEC_PT16`` or ``C0662|C0664``."""
        return "|".join(self.any_of) or "-".join(("+".join(self.plus), *self.minus))


@dataclass(frozen=True, slots=True)
class Universe:
    """The schools that an item is a share of; ``skip`` says what a skipped question counts as."""

    id: str
    label: str
    skip: str

    @property
    def leaves_out_skips(self) -> bool:
        """Whether schools that the question was not put to are outside the universe."""
        return self.skip == "left out"


@dataclass(frozen=True, slots=True)
class Item:
    """A question that means the same in every year in which it has a variable."""

    id: str
    topic: str
    label: str
    kind: str
    """percent (of schools in the universe), count (total) or mean (per school)."""
    universe: Universe
    questions: Mapping[int, Question]
    """By year; a year without the question is absent."""
    answers: frozenset[int]
    yes: frozenset[int]
    note: str


@dataclass(frozen=True, slots=True)
class Domain:
    """A way to group schools, by the file's own variable of each year that has one."""

    id: str
    variables: Mapping[int, str]
    categories: Mapping[int, str]
    unknown: frozenset[int]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything in ``items.yaml``."""

    items: tuple[Item, ...]
    domains: tuple[Domain, ...]
    topics: Mapping[str, str]

    def variables(self, year: int) -> tuple[str, ...]:
        """List the variables that a year's file must have, weights aside."""
        asked = (q.names for item in self.items if (q := item.questions.get(year)))
        grouping = (d.variables[year] for d in self.domains if year in d.variables)
        return tuple(dict.fromkeys([*(name for names in asked for name in names), *grouping]))


@cache
def catalogue() -> Catalogue:
    """Read the package's ``items.yaml``."""
    text = files(__package__).joinpath("items.yaml").read_text(encoding="utf-8")
    found = yaml.safe_load(text)
    universes = {key: Universe(key, **entry) for key, entry in found["universes"].items()}
    return Catalogue(
        tuple(_item(entry, universes) for entry in found["items"]),
        tuple(_domain(key, entry) for key, entry in found["domains"].items()),
        found["topics"],
    )


_DEFAULTS = {
    "kind": "percent",
    "universe": "all",
    "answers": (1, 2),
    "means_yes": (1,),
    "note": "",
}


def _item(entry: dict[str, Any], universes: dict[str, Universe]) -> Item:
    # Unpacked into fields, so that a key that is misspelt fails instead of taking a default.
    fields = _DEFAULTS | entry
    questions = {year: _question(q) for year, q in fields.pop("variables").items() if q}
    universe = universes[fields.pop("universe")]
    answers, yes = frozenset(fields.pop("answers")), frozenset(fields.pop("means_yes"))
    return Item(universe=universe, questions=questions, answers=answers, yes=yes, **fields)


def _question(entry: str | dict[str, list[str]]) -> Question:
    if isinstance(entry, str):
        return Question(any_of=(entry,))
    return Question(
        *(tuple(entry.get(part, ())) for part in ("any", "sum", "minus")),
    )


def _domain(key: str, entry: dict[str, Any]) -> Domain:
    return Domain(
        key,
        {year: name for year, name in entry["variables"].items() if name},
        entry["categories"],
        frozenset(entry.get("unknown", ())),
    )
