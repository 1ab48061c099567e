"""The comparisons of two groups, by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeroom.errors import BadInput
from homeroom.statistics import difference, odds, ratio
from homeroom.statistics.reasons import RULES, Rules

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike

    from homeroom.statistics.statistic import Method, Statistic


@dataclass(frozen=True, slots=True)
class Comparison:
    """One way to compare the risks of two groups.

    Attributes
    ----------
    id, label
        Its name in data, and in plain words.
    compute
        The function: takes what :func:`compare` takes.
    method
        How its interval is made.
    neutral
        The value at which both groups fare alike.
    """

    id: str
    label: str
    compute: Callable[..., Statistic]
    method: Method
    neutral: float


COMPARISONS: dict[str, Comparison] = {
    item.id: item
    for item in (
        Comparison("ratio", "Risk ratio", ratio.risk_ratio, ratio.SCORE, 1),
        Comparison(
            "difference", "Risk difference", difference.risk_difference, difference.SCORE, 0
        ),
        Comparison("odds_ratio", "Odds ratio", odds.odds_ratio, odds.CORNFIELD, 1),
    )
}


def compare(
    comparison: str,
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    level: float = 0.95,
    rules: Rules = RULES,
) -> Statistic:
    """Compare a group with another, with everyone else, or with itself elsewhere.

    The four arrays decide which: the comparison group is whatever ``x2`` and ``n2`` count.

    Parameters
    ----------
    comparison
        ``ratio``, ``difference`` or ``odds_ratio``: a key of :data:`COMPARISONS`.
    x1, n1, x2, n2
        Students counted and enrolled, in the group and in the comparison group, of any common
        shape.
    level
        The interval's nominal coverage.
    rules
        What counts as few.

    Returns
    -------
    Statistic
        A ratio and an odds ratio have no unit; a difference is per student.

    Raises
    ------
    BadInput
        An unknown comparison, arrays of no common shape, counts that are not whole numbers, or a
        level that is not between 0 and 1.
    """
    if comparison not in COMPARISONS:
        raise BadInput(f"comparison {comparison!r}: expected one of {', '.join(COMPARISONS)}.")
    return COMPARISONS[comparison].compute(x1, n1, x2, n2, level=level, rules=rules)
