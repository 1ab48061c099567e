"""Cells of linked tables, and every equation that holds among what is published.

A cell's key has one code a dimension. A code is a path: ``()`` is the total, ``("D1",)`` a
district, ``("D1", "S3")`` a school in it. Tables that share a key share the cell, so that margins,
levels, and years are one linear system.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from homeroom.errors import BadInput

Code: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[Code, ...]
TOTAL = "total"
MOST_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Dimension:
    """What cells are told apart by: one column, or several of which each lies in the one before.

    Attributes
    ----------
    name
        Such as ``place``.
    columns
        Such as ``("district", "school")``.
    has_total
        Whether its codes add up to a total; measures, for one, do not.
    """

    name: str
    columns: tuple[str, ...]
    has_total: bool = True


@dataclass(frozen=True, slots=True)
class Fact:
    """Something else that is published about cells: ``low <= sum of weight * cell <= high``.

    A rounded rate, a ratio, a share, a difference, or that arrests are at most referrals.

    Attributes
    ----------
    weights
        Whole numbers by key.
    low, high
        Whole numbers, or None for no limit.
    says
        What it is, in words.
    """

    weights: tuple[tuple[Key, int], ...]
    low: int | None
    high: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Equation:
    """A total and its parts, as numbers of cells."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Linked tables as one system.

    Attributes
    ----------
    dimensions
        In the order of the keys.
    keys, values
        Every cell and its exact count.
    published
        How many of the cells, the first ones, are in a table. The others are rests: what a total
        holds beyond the parts that are published.
    equations
        Every total that is published, or whose parts are.
    facts
        What else is published.
    """

    dimensions: tuple[Dimension, ...]
    keys: tuple[Key, ...]
    values: tuple[int, ...]
    published: int
    equations: tuple[Equation, ...]
    facts: tuple[Fact, ...] = ()
    index: dict[Key, int] = field(default_factory=dict, repr=False)


def totals(leaves: Mapping[Key, int], dimensions: Sequence[Dimension]) -> dict[Key, int]:
    """Return every cell of the full table with all its margins, from its innermost cells.

    Parameters
    ----------
    leaves
        Counts of innermost cells. A combination that is absent, of codes that occur, is zero.
    dimensions
        In the order of the keys.

    Raises
    ------
    BadInput
        The table would have more cells than can be worked on.
    """
    codes = [dict.fromkeys(key[at] for key in leaves) for at in range(len(dimensions))]
    wanted = [_with_above(found, one) for found, one in zip(codes, dimensions, strict=True)]
    size = 1
    for one in wanted:
        size *= len(one)
    if size > MOST_CELLS:
        raise BadInput(
            f"expected a table of at most {MOST_CELLS:,} cells with its margins, found {size:,}. "
            "Leave out a dimension, or publish part by part."
        )
    found = dict.fromkeys(product(*wanted), 0)
    for key, count in leaves.items():
        for above in product(
            *(_above(code, one) for code, one in zip(key, dimensions, strict=True))
        ):
            found[above] += count
    return found


def linked(
    cells: Mapping[Key, int],
    dimensions: Sequence[Dimension],
    *,
    leaves: Mapping[Key, int] | None = None,
    facts: Iterable[Fact] = (),
) -> Linked:
    """Return the system of every equation among published cells.

    Parameters
    ----------
    cells
        Every cell of every table, with its exact count.
    dimensions
        In the order of the keys.
    leaves
        Counts of innermost cells, to know what parts exist that no table publishes; by default
        the cells themselves are all there is.
    facts
        What else is published.

    Raises
    ------
    BadInput
        A total is not the sum of its parts, or a fact does not hold.
    """
    keys, values = list(cells), list(cells.values())
    published = len(keys)
    index = {key: at for at, key in enumerate(keys)}
    children = _children(cells, leaves or {}, len(dimensions))
    equations = []
    for key in list(cells):
        for at in range(len(dimensions)):
            below = children[at].get(key[at])
            if not below:
                continue
            inner = [(*key[:at], code, *key[at + 1 :]) for code in below]
            shown = [index[one] for one in inner if one in index and index[one] < published]
            if not shown:
                continue
            rest = cells[key] - sum(values[one] for one in shown)
            if len(shown) < len(inner):
                keys.append((*key[:at], (*key[at], "\u2026"), *key[at + 1 :]))
                values.append(rest)
                shown.append(len(keys) - 1)
                rest = min(rest, 0)
            if rest:
                raise BadInput(
                    f"{label(key, dimensions)}: expected a total equal to its parts, found a "
                    f"difference of {rest} over {dimensions[at].name}. Correct the counts."
                )
            equations.append(Equation(index[key], tuple(shown)))
    whole = Linked(
        tuple(dimensions), tuple(keys), tuple(values), published, tuple(equations), (), index
    )
    return with_facts(whole, facts)


def with_facts(system: Linked, facts: Iterable[Fact]) -> Linked:
    """Return a system with more that is published about its cells.

    Raises
    ------
    BadInput
        A fact names a cell that is in no table, or does not hold of the counts.
    """
    given = tuple(facts)
    for fact in given:
        for key, _ in fact.weights:
            if key not in system.index:
                raise BadInput(f"{fact.says}: expected a cell of a table, found another.")
        value = sum(weight * system.values[system.index[key]] for key, weight in fact.weights)
        if (fact.low is not None and value < fact.low) or (
            fact.high is not None and value > fact.high
        ):
            raise BadInput(f"{fact.says}: expected this to hold of the counts; it does not.")
    return Linked(
        system.dimensions, system.keys, system.values, system.published, system.equations,
        system.facts + given, system.index,
    )  # fmt: skip


def label(key: Key, dimensions: Sequence[Dimension]) -> str:
    """Return a cell's key in words."""
    return ", ".join(f"{name} {value}" for name, value in columns(key, dimensions).items())


def columns(key: Key, dimensions: Sequence[Dimension]) -> dict[str, str]:
    """Return a cell's key as the columns of its row; a total is written ``total``."""
    return {
        name: code[at] if at < len(code) else TOTAL
        for code, one in zip(key, dimensions, strict=True)
        for at, name in enumerate(one.columns)
    }


def _above(code: Code, dimension: Dimension) -> list[Code]:
    first = 0 if dimension.has_total else 1
    return [code[:length] for length in range(first, len(code) + 1)]


def _with_above(codes: Iterable[Code], dimension: Dimension) -> list[Code]:
    """Return codes and those above them in the order in which they came, each total last."""
    found = dict.fromkeys(above for code in codes for above in _above(code, dimension))
    place = {code: at for at, code in enumerate(found)}
    depth, last = len(dimension.columns), len(found)
    return sorted(
        found,
        key=lambda code: [
            place[code[: length + 1]] if length < len(code) else last for length in range(depth)
        ],
    )


def _children(
    cells: Iterable[Key], leaves: Iterable[Key], count: int
) -> list[dict[Code, list[Code]]]:
    """Return, for each dimension, the codes right below each code."""
    found: list[dict[Code, dict[Code, None]]] = [{} for _ in range(count)]
    for keys in (cells, leaves):
        for key in keys:
            for at, code in enumerate(key):
                for length in range(1, len(code) + 1):
                    found[at].setdefault(code[: length - 1], {})[code[:length]] = None
    return [{code: list(below) for code, below in one.items()} for one in found]
