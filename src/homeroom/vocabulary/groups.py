"""Groups of students as the CRDC names them: one text, one parser, one label.

An axis (race, sex, disability) has categories. A :class:`Crossing` takes one category, or all, on
each axis; a :class:`Group` pools crossings that do not overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Self

from homeroom.errors import BadInput

ALL = "all"
OTHERS = "others"
"""Everyone who is not in the group: allowed as the other side of a comparison."""
UNPUBLISHED = "none"
"""The race of a cell whose race the CRDC does not publish (Section 504 only)."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category of one axis. ``element`` is its token in CRDC column names.

    ``words`` makes the name of people: an adjective that ends in ``*`` stands before the noun
    (``Black *``), a phrase that starts with it after (``* with disabilities``), and a word without
    it is the noun itself (``boys``).
    """

    id: str
    label: str
    element: str
    definition: str
    words: str


def _index(*categories: Category) -> dict[str, Category]:
    return {category.id: category for category in categories}


RACES = _index(
    Category(
        "american_indian", "American Indian or Alaska Native", "AM", "Not Hispanic",
        "American Indian or Alaska Native *",
    ),
    Category("asian", "Asian", "AS", "Not Hispanic", "Asian *"),
    Category("hispanic", "Hispanic or Latino", "HI", "Of any race", "Hispanic *"),
    Category("black", "Black or African American", "BL", "Not Hispanic", "Black *"),
    Category("white", "White", "WH", "Not Hispanic", "white *"),
    Category(
        "pacific", "Native Hawaiian or Other Pacific Islander", "HP", "Not Hispanic",
        "Pacific Islander *",
    ),
    Category(
        "two_or_more", "Two or more races", "TR", "Not Hispanic", "* of two or more races"
    ),
)  # fmt: skip
SEXES = _index(
    Category("male", "Male", "M", "As reported by the school", "boys"),
    Category("female", "Female", "F", "As reported by the school", "girls"),
    Category("nonbinary", "Nonbinary", "X", "Optional from 2021-22 on", "nonbinary students"),
)
DISABILITIES = _index(
    Category(
        "wodis", "Students without disabilities", "WODIS", "Neither IDEA nor Section 504",
        "* without disabilities",
    ),
    Category(
        "idea", "Students with disabilities (IDEA)", "IDEA", "Served under IDEA",
        "* with disabilities served under IDEA",
    ),
    Category(
        "s504", "Students with disabilities (Section 504 only)", "504",
        "Served under Section 504 only; the CRDC publishes no race for them in discipline",
        "* with disabilities served under Section 504 only",
    ),
)  # fmt: skip
NONIDEA = Category(
    "nonidea", "Students not served under IDEA", "NONIDEA",
    "Without disabilities, or under Section 504 only: how restraint is asked",
    "* not served under IDEA",
)  # fmt: skip
AXES: Mapping[str, Mapping[str, Category]] = {
    "race": RACES,
    "sex": SEXES,
    "disability": {**DISABILITIES, NONIDEA.id: NONIDEA},
}
"""Axis to its categories."""

RACE_OF_ELEMENT = {category.element: category.id for category in RACES.values()}
SEX_OF_ELEMENT = {category.element: category.id for category in SEXES.values()}


@dataclass(frozen=True, slots=True)
class Crossing:
    """One category, or ``all``, on each axis."""

    race: str = ALL
    sex: str = ALL
    disability: str = ALL

    def overlaps(self, other: Crossing) -> bool:
        """Return whether a student can be in both."""
        pairs = ((getattr(self, axis), getattr(other, axis)) for axis in AXES)
        return all(a == b or ALL in (a, b) for a, b in pairs)

    def within(self, sex: str, disability: str) -> Crossing:
        """Return the crossing among students of one sex and disability part, ``all`` for any.

        Raises
        ------
        BadInput
            The crossing names another sex or part.
        """
        chosen = {"race": self.race, "sex": self.sex, "disability": self.disability}
        for axis, value in (("sex", sex), ("disability", disability)):
            if value != ALL and value not in AXES[axis]:
                raise BadInput(f"{axis} {value!r}: expected all or one of {', '.join(AXES[axis])}.")
            if ALL not in (value, chosen[axis]) and value != chosen[axis]:
                raise BadInput(
                    f"group {self.text!r}: contradicts {axis} {value!r} of the question."
                )
            if value != ALL:
                chosen[axis] = value
        return Crossing(**chosen)

    @property
    def text(self) -> str:
        """The crossing as people type it: ``black/male``."""
        named = [getattr(self, axis) for axis in AXES if getattr(self, axis) != ALL]
        return "/".join(named) or ALL

    @property
    def people(self) -> str:
        """The students in words: ``Black boys with disabilities served under IDEA``."""
        noun = AXES["sex"][self.sex].words if self.sex != ALL else "students"
        for axis in ("race", "disability"):
            value = getattr(self, axis)
            if value != ALL:
                noun = AXES[axis][value].words.replace("*", noun)
        return noun


class Group(str):
    """Students of one crossing, or of several pooled; equal to its text, ``black+hispanic``.

    Crossings are joined by ``+``, the categories of one by ``/`` as in ``black/male``.

    Raises
    ------
    BadInput
        A category that does not exist, two on one axis, or crossings that overlap.
    """

    __slots__ = ("__dict__",)

    def __new__(cls, text: str = ALL) -> Self:
        """Return the group with its text in canonical form."""
        return text if isinstance(text, cls) else super().__new__(cls, _canonical(text))

    @classmethod
    def of(cls, crossings: Iterable[Crossing]) -> Self:
        """Return the group that pools crossings."""
        return cls("+".join(crossing.text for crossing in crossings))

    @cached_property
    def crossings(self) -> tuple[Crossing, ...]:
        """The crossings pooled; none for ``others``, which depends on who is not other."""
        return () if self == OTHERS else tuple(_crossing(part) for part in self.split("+"))

    def people(self, sex: str = ALL, disability: str = ALL) -> str:
        """Return the group in words: "Black and Hispanic boys"; see :meth:`Crossing.within`."""
        if self == OTHERS:
            return "all other students"
        parts = [crossing.within(sex, disability).people for crossing in self.crossings]
        shared = parts[0].split(" ", 1)[-1] if len(parts) > 1 else ""
        if shared and all(part.endswith(" " + shared) for part in parts):
            heads = [part.removesuffix(" " + shared) for part in parts]
            return f"{', '.join(heads[:-1])} and {heads[-1]} {shared}"
        return " and ".join(parts)

    @property
    def label(self) -> str:
        """The group as a row of a table names it: ``Black or African American, Male``."""
        if self in (ALL, OTHERS):
            return "All students" if self == ALL else "All other students"
        return " + ".join(
            ", ".join(
                AXES[axis][getattr(crossing, axis)].label
                for axis in AXES
                if getattr(crossing, axis) != ALL
            )
            for crossing in self.crossings
        )


@lru_cache(maxsize=16_384)
def _canonical(text: str) -> str:
    """Return a group's one text: categories in the order of the axes, crossings as given."""
    if text.strip() == OTHERS:
        return OTHERS
    found: list[Crossing] = []
    for part in text.split("+"):
        crossing = _crossing(part.strip())
        if any(crossing.overlaps(other) for other in found):
            raise BadInput(f"group {text!r}: expected categories that do not overlap.")
        found.append(crossing)
    return "+".join(crossing.text for crossing in found)


@lru_cache(maxsize=16_384)
def _crossing(text: str) -> Crossing:
    chosen: dict[str, str] = {}
    for part in text.split("/") if text != ALL else ():
        axis = next((name for name, known in AXES.items() if part in known), None)
        if axis is None:
            known = ", ".join(value for values in AXES.values() for value in values)
            raise BadInput(
                f"group {text!r}: expected all, or one of {known}; pool with + (black+hispanic) "
                "and cross with / (black/male)."
            )
        if axis in chosen:
            raise BadInput(f"group {text!r}: expected one {axis}, found {chosen[axis]} and {part}.")
        chosen[axis] = part
    return Crossing(**chosen)


EVERYONE = Group(ALL)
