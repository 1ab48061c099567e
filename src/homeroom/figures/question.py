"""A question as data: hashable, serializable, the unit of claims, permalinks, and multiverses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from itertools import product
from operator import attrgetter
from typing import Any

from homeroom.errors import BadInput
from homeroom.evidence.quality import POLICIES
from homeroom.vocabulary.groups import ALL, AXES, EVERYONE, OTHERS, RACES, SEXES, Crossing, Group
from homeroom.vocabulary.measures import MEASURES, Measure
from homeroom.vocabulary.waves import WAVES

__all__ = ["OTHERS", "Question", "Sides", "sides_of"]

COMPARATORS = ("group", "same_group")
AVERAGES = ("pooled", "mean_of_schools")
BASES = ("state_table", "schools")
SECTION_504 = ("with", "without")
SCHOOLS = ("all", "with_officer", "without_officer", "regular", "high")
"""Which schools: ``regular`` has no juvenile facilities, alternative, or special schools; ``high``
offers grade 12."""
_CLOSED: dict[str, Collection[str]] = {
    "measure": MEASURES,
    "comparator": COMPARATORS,
    "average": AVERAGES,
    "section504": SECTION_504,
    "basis": ("", *BASES),
    "policy": POLICIES,
    "schools": SCHOOLS,
    "wave": WAVES,
}
_closed_values = attrgetter(*_CLOSED)
_MOST = 16_384
"""Groups kept as crossings: visitors may name any, and memory is bounded."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the evidence.

    Attributes
    ----------
    group
        Whose rate; text such as ``black+hispanic`` or ``black/male`` becomes a
        :class:`~homeroom.vocabulary.groups.Group`.
    versus
        Another group, or ``others``; empty asks for a rate, not a ratio.
    comparator
        Who the group is compared with: another ``group`` in the same schools, or the
        ``same_group`` in schools without officers (the group itself being in schools with one).
    sex, disability
        Keep both sides to these students; ``all`` for everyone.
    section504
        Whether totals count students served under Section 504 only, ``with`` or ``without``.
    basis
        state_table, schools, or empty for the place's default.
    average
        ``pooled`` (sum over schools) or ``mean_of_schools``.
    schools
        One of :data:`SCHOOLS`.

    Raises
    ------
    BadInput
        The group is not one; other fields are checked when the question is answered.
    """

    measure: str = "arrests"
    group: Group = EVERYONE
    versus: Group | str = ""
    comparator: str = "group"
    place: str = "US"
    wave: str = "2017-18"
    sex: str = ALL
    disability: str = ALL
    section504: str = "with"
    policy: str = "published"
    basis: str = ""
    average: str = "pooled"
    schools: str = "all"

    def __post_init__(self) -> None:
        object.__setattr__(self, "group", Group(self.group))
        if self.versus:
            object.__setattr__(self, "versus", Group(self.versus))

    @property
    def groups(self) -> tuple[str, ...]:
        """The texts of the crossings pooled in ``group``."""
        return tuple(crossing.text for crossing in self.group.crossings)

    @property
    def compares(self) -> bool:
        """Whether a ratio is asked for, even where nobody is left to compare with."""
        return bool(self.versus) or self.comparator == "same_group"

    @property
    def by_officers(self) -> bool:
        """Whether the answer depends on which schools have an officer."""
        return self.schools.endswith("officer") or self.comparator == "same_group"

    def as_dict(self) -> dict[str, Any]:
        """Return every field as plain text: what a permalink carries."""
        return asdict(self) | {"group": str(self.group), "versus": str(self.versus)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Question:
        """Read a question back.

        Raises
        ------
        BadInput
            A field that no question has.
        """
        known = {field.name for field in fields(cls)}
        if wrong := sorted(set(values) - known):
            raise BadInput(
                f"question field {wrong[0]!r}: expected one of {', '.join(sorted(known))}."
            )
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Sides:
    """The crossings of a question's group and of who it is compared with (empty for a rate)."""

    group: tuple[Crossing, ...]
    versus: tuple[Crossing, ...]
    overlap: bool = False
    """Whether the two sides share students, so that no interval for two groups fits."""


def sides_of(question: Question) -> Sides:
    """Check a question and return its sides.

    Raises
    ------
    BadInput
        A value outside its closed list, a group that contradicts the question's sex or
        disability, or a measure that is not published by group.
    """
    q = question
    _check_closed(_closed_values(q))
    return _sides(q.measure, q.group, q.versus, q.comparator, q.sex, q.disability, q.section504)


@lru_cache(maxsize=4_096)
def _check_closed(values: tuple[str, ...]) -> None:
    """Refuse a value outside a closed list; thousands of questions share theirs."""
    for (name, allowed), value in zip(_CLOSED.items(), values, strict=True):
        if value not in allowed:
            raise BadInput(
                f"{name} {value!r}: expected one of "
                f"{', '.join(item or 'empty' for item in allowed)}."
            )


@lru_cache(maxsize=_MOST)
def _sides(
    measure: str,
    group: Group,
    versus: Group | str,
    comparator: str,
    sex: str,
    disability: str,
    section504: str,
) -> Sides:
    of = MEASURES[measure]
    if not of.by_race and (group, sex, disability) != (ALL, ALL, ALL):
        raise BadInput(f"{of.label} are not published by group of students: ask for group all.")
    mine = tuple(crossing.within(sex, disability) for crossing in group.crossings)
    if group == OTHERS:
        raise BadInput("group 'others': expected a group of students; others can only be compared.")
    if comparator == "same_group":
        return Sides(mine, mine)
    if not versus:
        return Sides(mine, ())
    if versus == OTHERS:
        return Sides(mine, _others(mine, Crossing(ALL, sex, disability), of, section504))
    other = tuple(crossing.within(sex, disability) for crossing in Group(versus).crossings)
    return Sides(mine, other, any(a.overlaps(b) for a in mine for b in other))


def _others(
    mine: tuple[Crossing, ...], base: Crossing, measure: Measure, section504: str
) -> tuple[Crossing, ...]:
    """Return every crossing, on the axes that the group names, that is not in the group."""
    named = [
        axis
        for axis in AXES
        if any(getattr(crossing, axis) != getattr(base, axis) for crossing in mine)
    ]
    parts = [
        part
        for part in measure.parts
        if part != "s504" or (section504 == "with" and "race" not in named)
    ]
    values = {"race": list(RACES), "sex": list(SEXES), "disability": parts}
    combos = product(*([(axis, value) for value in values[axis]] for axis in named))
    every = [
        Crossing(**({"sex": base.sex, "disability": base.disability} | dict(combo)))
        for combo in combos
    ]
    return tuple(one for one in every if not any(one.overlaps(other) for other in mine))
