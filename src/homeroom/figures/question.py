"""A question as data: hashable, serializable, the unit of claims, permalinks and multiverses."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from homeroom.errors import BadInput

OTHERS = "others"
"""Compare with everyone who is not in the group."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the evidence. Groups may be pooled with ``+``: ``black+hispanic``.

    ``versus`` names another group, or ``others``; empty asks for a rate, not a ratio.
    ``comparator`` says whom the group is held against: another ``group`` in the same schools, or
    the ``same_group`` in schools without officers (the group itself being in schools with one).
    """

    measure: str = "arrests"
    group: str = "all"
    versus: str = ""
    comparator: str = "group"
    place: str = "US"
    wave: str = "2017-18"
    sex: str = "all"
    disability: str = "all"
    section504: str = "with"
    policy: str = "published"
    basis: str = ""
    """state_table, schools, or empty for the place's default."""
    average: str = "pooled"
    """``pooled`` (sum over schools) or ``mean_of_schools``."""
    schools: str = "all"
    """Which schools: all, with_officer, without_officer, regular (no juvenile facilities,
    alternative or special schools), high (offers grade 12)."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The race ids pooled in ``group``."""
        return tuple(self.group.split("+"))

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that differ from nothing: what a permalink carries."""
        return asdict(self)

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
