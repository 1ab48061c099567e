"""What the publication's noise of one student a cell allows: a range, not an interval.

Source: CRDC 2017-18 Technical Documentation, section 4 (low-frequency perturbation by one and
random swapping). :data:`homeroom.statistics.meaning.RANGE` says how to read the range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from homeroom.statistics import reasons
from homeroom.statistics.reasons import RULES, Codes, Rules, first_of
from homeroom.statistics.statistic import Counts, Floats, counts, divide
from homeroom.statistics.two_by_two import base_tests, two_by_two

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and highest figures possible; NaN and a reason where there is none."""

    low: Floats
    high: Floats
    reason: Codes


def ratio_range(
    x1: ArrayLike,
    n1: ArrayLike,
    x2: ArrayLike,
    n2: ArrayLike,
    *,
    cells1: ArrayLike = 1,
    cells2: ArrayLike = 1,
    student_cells1: ArrayLike = 0,
    student_cells2: ArrayLike = 0,
    rules: Rules = RULES,
) -> Range:
    """Bound the risk ratio when each published cell may be off by one.

    Parameters
    ----------
    x1, n1, x2, n2
        As in :func:`homeroom.statistics.ratio.risk_ratio`.
    cells1, cells2
        Published cells summed in ``x1`` and in ``x2``: one for a school's count by race and sex,
        four for both sexes with and without disabilities. Zeros of outcomes count as cells too:
        the publication keeps true zeros except in outcome data.
    student_cells1, student_cells2
        Cells summed in ``n1`` and in ``n2``, 0 to take enrollment as exact.
    rules
        What counts as few.

    Returns
    -------
    Range
        No high bound (``beyond_noise``) where the comparison count may be zero.

    Raises
    ------
    BadInput
        Arrays of no common shape, or counts that are not whole numbers.
    """
    given = two_by_two(x1, n1, x2, n2)
    a, n, b, m = given.arrays
    moves = counts(c1=cells1, c2=cells2, s1=student_cells1, s2=student_cells2)
    c1, c2, s1, s2 = (np.broadcast_to(move, given.shape) for move in moves.arrays)
    codes = first_of(
        given.shape,
        *base_tests(Counts(given.arrays, given.missing | moves.missing), rules),
        ((a + c1 == 0) & (b + c2 == 0), reasons.NO_EVENTS),
        (b + c2 == 0, reasons.NO_EVENTS_IN_COMPARISON),
        (b <= c2, reasons.BEYOND_NOISE),
    )
    most1, most2 = np.minimum(a + c1, n + s1), np.minimum(b + c2, m + s2)
    least1, least2 = np.maximum(a - c1, 0), np.maximum(b - c2, 0)
    low = divide(least1 * np.maximum(m - s2, most2), most2 * (n + s1))
    high = divide(most1 * (m + s2), least2 * np.maximum(n - s1, most1))
    has_low = np.isin(codes, [reasons.OK.code, reasons.BEYOND_NOISE.code])
    return Range(
        np.where(has_low, low, np.nan), np.where(codes == reasons.OK.code, high, np.nan), codes
    )
