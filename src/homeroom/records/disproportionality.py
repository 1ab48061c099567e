"""34 CFR 300.646-647 on an agency's own records: every LEA, group, and category, with reasons.

The counting is ours, the ratio and the rule are :mod:`homeroom.law.idea`'s. What an extract can't
carry is not calculated, and the row says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np

from homeroom.errors import BadInput
from homeroom.law import idea
from homeroom.records import vocabulary as words
from homeroom.records.counting import CATEGORIES, Block
from homeroom.records.coverage import lacking

GROUPS = tuple(idea.group_id(race) for race in words.RACES)
_NONE = np.zeros((0, CATEGORIES), np.int64)
_BEFORE = 3
"""Earlier years that the flexibility of 300.647(d) can look at."""
_UNEVEN = (
    "More children were removed than the child count has in the group: children came or left after "
    "the count day, and the rule has no risk for them."
)


@dataclass(frozen=True)
class Row:
    """The result of one LEA, group, and category in one year.

    Attributes
    ----------
    lea
        Its id in the extract.
    result
        What the rule gives.
    past
        The exact ratios of this year and, where it exceeds, of up to three before, oldest first.
    """

    lea: str
    result: idea.Result
    past: tuple[Fraction | None, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the row as the contract has it."""
        return self.result.as_dict() | {"lea": self.lea}


def rows(
    block: Block, settings: idea.Settings, year: int, carried: dict[str, str]
) -> Iterator[Row]:
    """Yield a row an LEA, category, and group.

    Parameters
    ----------
    block
        The counts.
    settings
        The State's.
    year
        The school year, by the calendar year in which it ends.
    carried
        Of the manifest: why each thing can't be counted, empty if it can.

    Raises
    ------
    BadInput
        The records have no such year.
    """
    if year not in block.years:
        has = ", ".join(map(str, block.years)) or "none"
        raise BadInput(
            f"year {year}: expected a school year of the records, by the year in which it ends; "
            f"they have {has}."
        )
    seen = range(year - _BEFORE, year + 1)
    # One LEA alone is no State: its alternate ratios are not known.
    state = {one: block.state(one) for one in seen if one in block.years and len(block.leas) > 1}
    for at, lea in enumerate(block.leas):
        for category in range(1, CATEGORIES + 1):
            if reason := lacking(carried, words.CATEGORY_NEEDS[category]):
                yield from (Row(lea, one, ()) for one in _refused(settings, category, reason))
            else:
                yield from _of_category(block, state, settings, list(seen), at, category)


def _of_category(
    block: Block,
    state: dict[int, tuple[Any, Any]],
    settings: idea.Settings,
    seen: list[int],
    at: int,
    category: int,
) -> Iterator[Row]:
    lea = block.leas[at]
    now = _of_year(block, state, settings, seen[-1], at, category)
    if not any(one.exceeds for one in now):
        # Years before change nothing for a ratio that does not exceed.
        yield from (Row(lea, idea.with_past(one, [one.ratio]), (one.ratio,)) for one in now)
        return
    # Years before the first of the records are not years without a ratio.
    first = next(one for one in seen if one in block.years)
    before = [
        _of_year(block, state, settings, one, at, category) if one in block.years else None
        for one in range(first, seen[-1])
    ]
    for number, result in enumerate(now):
        past = tuple(one[number].ratio if one else None for one in before)
        ratios = (*past, result.ratio)
        yield Row(lea, idea.with_past(result, ratios), ratios)


def _of_year(
    block: Block,
    state: dict[int, tuple[Any, Any]],
    settings: idea.Settings,
    year: int,
    at: int,
    category: int,
) -> tuple[idea.Result, ...]:
    y = block.years.index(year)
    cells = block.cells[y, at, :, category - 1].tolist()
    bases = block.bases[y, at, :, category - 1].tolist()
    if not any(cells) and settings.min_cell > 0:
        # Nothing happened, so every group is below the minimum cell size; skip what is known.
        return _empty(settings, category, tuple(bases))
    above, below = (one[:, category - 1].tolist() for one in state.get(year, (_NONE, _NONE)))
    about = idea.category(category)
    counts = idea.Counts(
        GROUPS, tuple(cells), tuple(bases), tuple(above), tuple(below), None, about
    )
    results = idea.ratios(counts, settings)
    if about.counts == "removals":
        return results
    return tuple(_even(one) for one in results)


def _empty(
    settings: idea.Settings, category: int, bases: tuple[int, ...]
) -> tuple[idea.Result, ...]:
    nothing = (0,) * len(GROUPS)
    counts = idea.Counts(GROUPS, nothing, bases, (), (), None, idea.category(category))
    return idea.ratios(counts, settings)


def _even(result: idea.Result) -> idea.Result:
    """Return a result, or none where a side counts more children than there are."""
    if result.cell <= result.n and result.other_cell <= result.other_n:
        return result
    return _without(result, _UNEVEN)


def _without(result: idea.Result, reason: str) -> idea.Result:
    return replace(
        result, ratio=None, method=idea.NOT_CALCULATED, reason=reason, paragraph="300.647(a)",
        exceeds=None, consecutive_years=None, identified=None,
    )  # fmt: skip


def _refused(settings: idea.Settings, category: int, reason: str) -> list[idea.Result]:
    """Return the rows of a category that the extract can't carry: no counts, and why."""
    results = _empty(settings, category, (0,) * len(GROUPS))
    return [replace(_without(one, reason), paragraph="", comparison="lea") for one in results]
