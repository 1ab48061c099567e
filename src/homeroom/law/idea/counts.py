"""Counts of one LEA in one category, group by group, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.idea.categories import Category, category, group_id
from homeroom.text_gate import check, short

LARGEST = 10**12
"""More children than there are on Earth: a number above it is a slip."""
_MOST_GROUPS = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """What one LEA counted in one category, a number for each group.

    Attributes
    ----------
    groups
        Names of the groups, none twice.
    numerator
        Children with the outcome (in category 14: removals).
    denominator
        Children of the base population.
    state_numerator, state_denominator
        The same over the whole State, this LEA included; empty where not known.
    lea
        The LEA's id, or None.
    category
        One of the fourteen, or None where nobody said which.
    """

    groups: tuple[str, ...]
    numerator: tuple[int, ...]
    denominator: tuple[int, ...]
    state_numerator: tuple[int, ...] = ()
    state_denominator: tuple[int, ...] = ()
    lea: str | None = None
    category: Category | None = None

    @property
    def has_state(self) -> bool:
        """Whether the State's counts are known."""
        return bool(self.state_denominator)


def counts(
    groups: Sequence[str],
    numerator: Sequence[int],
    denominator: Sequence[int],
    *,
    state_numerator: Sequence[int] | None = None,
    state_denominator: Sequence[int] | None = None,
    lea: str | None = None,
    about: str | int | Category | None = None,
) -> Counts:
    """Return checked counts of one LEA in one category.

    Parameters
    ----------
    groups
        Names of the groups. A comparison group is everyone else, so give all of them.
    numerator, denominator
        Children with the outcome, and children of the base population, in the groups' order.
    state_numerator, state_denominator
        The same for the whole State, this LEA included: both or neither.
    lea
        The LEA's id.
    about
        The category, by number, id, or code.

    Raises
    ------
    BadInput
        Lists of unequal length, a group twice, a count that is no whole number from 0, more
        children with the outcome than there are (removals excepted), State counts below the
        LEA's, or one of the two State lists alone.
    """
    named = category(about) if isinstance(about, str | int) else about
    names = _names(groups)
    local = _pair(names, numerator, denominator, named, "")
    if (state_numerator is None) != (state_denominator is None):
        lacking = "state_numerator" if state_numerator is None else "state_denominator"
        raise BadInput(f"expected {lacking} too: the State's risk needs both counts.")
    state: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    if state_numerator is not None and state_denominator is not None:
        state = _pair(names, state_numerator, state_denominator, named, "state_")
        for side, mine, whole in zip(("numerator", "denominator"), local, state, strict=True):
            _within(names, side, mine, whole)
    return Counts(names, *local, *state, lea, named)


def _names(groups: Any) -> tuple[str, ...]:
    if not isinstance(groups, list | tuple) or not 2 <= len(groups) <= _MOST_GROUPS:
        raise BadInput(f"groups: expected a list of 2 to {_MOST_GROUPS} groups; {_found(groups)}.")
    seen: dict[str, str] = {}
    for name in groups:
        if not isinstance(name, str) or not check(name, "groups"):
            raise BadInput(f"groups: expected a name for each group, found {short(name)}.")
        key = group_id(name).casefold()
        if key in seen:
            twice = "" if seen[key] == name else f", once as {short(seen[key])}"
            raise BadInput(
                f"groups: expected each group once, found {short(name)} twice{twice}. "
                "Add its counts up in one place."
            )
        seen[key] = name
    return tuple(groups)


def _pair(
    names: tuple[str, ...], above: Any, below: Any, about: Category | None, prefix: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    numerator = _whole(names, above, f"{prefix}numerator")
    denominator = _whole(names, below, f"{prefix}denominator")
    if about is not None and about.counts == "removals":
        for name, x, n in zip(names, numerator, denominator, strict=True):
            if x and not n:
                raise BadInput(f"{prefix}numerator: found {x} removals among no {name} children.")
        return numerator, denominator
    for name, x, n in zip(names, numerator, denominator, strict=True):
        if x > n:
            raise BadInput(
                f"{prefix}numerator: expected at most {n} children of group {short(name)} (its "
                f"{prefix}denominator), found {x}. Only category 14 counts removals, of which "
                "a child may have several."
            )
    return numerator, denominator


def _whole(names: tuple[str, ...], values: Any, what: str) -> tuple[int, ...]:
    if not isinstance(values, list | tuple) or len(values) != len(names):
        raise BadInput(
            f"{what}: expected a list of {len(names)} counts, one a group; {_found(values)}."
        )
    for name, value in zip(names, values, strict=True):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
            raise BadInput(
                f"{what}: expected a whole number from 0 for group {short(name)}, found "
                f"{short(value)}."
            )
    return tuple(values)


def _within(
    names: tuple[str, ...], side: str, mine: tuple[int, ...], whole: tuple[int, ...]
) -> None:
    for name, x, total in zip(names, mine, whole, strict=True):
        if x > total:
            raise BadInput(
                f"state_{side}: expected at least the LEA's own {x} for group {short(name)}, found "
                f"{total}. The State's counts include the LEA's."
            )


def _found(values: Any) -> str:
    if isinstance(values, list | tuple):
        return f"found {len(values)}"
    return f"found {short(values)}"
