"""Specifications: which effects a district has, and which cells are counted."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

import yaml

from homeroom.errors import BadInput
from homeroom.vocabulary.groups import RACES, Group


@dataclass(frozen=True, slots=True)
class Spec:
    """A specification.

    Attributes
    ----------
    id, label, doc, formula
        Its name, what it is in few words and in more, and its formula in R's notation.
    effects
        ``one``, or the group or sex whose contrast each district has of its own.
    groups, sexes
        Whose cells are counted. ``other`` is everyone who is in none of the others.
    """

    id: str
    label: str
    doc: str
    formula: str
    effects: str
    groups: tuple[str, ...]
    sexes: tuple[str, ...]

    def group_of(self, group: str, sex: str) -> Group:
        """Return the group of students of one cell."""
        if group != "other":
            return Group(f"{group}/{sex}")
        rest = [race for race in RACES if race not in self.groups]
        return Group("+".join(f"{race}/{sex}" for race in rest))


@cache
def specs() -> dict[str, Spec]:
    """Return every specification by its id."""
    text = files("homeroom.estimates").joinpath("specs.yaml").read_text(encoding="utf-8")
    known = {field.name for field in fields(Spec)} - {"id"}
    out = {}
    for name, entry in yaml.safe_load(text).items():
        if set(entry) != known:
            raise BadInput(f"specs.yaml, {name}: expected {sorted(known)}, found {sorted(entry)}.")
        entry["groups"], entry["sexes"] = tuple(entry["groups"]), tuple(entry["sexes"])
        out[name] = Spec(id=name, **entry)
    return out


def spec_of(name: str) -> Spec:
    """Return a specification.

    Raises
    ------
    BadInput
        There is none of that name.
    """
    if name not in specs():
        raise BadInput(f"spec {name!r}: expected one of {', '.join(specs())}.")
    return specs()[name]
