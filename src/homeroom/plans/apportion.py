"""Whole or half posts to schools: who loses a step, who gains one, in a fixed order.

Posts are hundredths of a full-time equivalent. Everything here hands out steps one at a time, so
that a larger number of posts leaves no school with less than a smaller number does (a method of
largest remainders would not keep that: Balinski and Young 1982, "Fair Representation").
"""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from homeroom.plans.baseline import Ints

Weights = NDArray[np.float64]


def taken(before: Ints, students: Ints, target: int, step: int) -> Ints:
    """Return hundredths that each school loses, ``target`` in all.

    Each school loses its share of the target in whole steps; what is left goes, a step a school,
    to the schools furthest below their share, then to those with fewest students an officer. A
    school never loses more than it has, and loses less than a step only where it has less.

    Parameters
    ----------
    before
        Hundredths of each school that may lose some; none below zero.
    students
        Enrollment, for the order among equals.
    target, step
        In hundredths.
    """
    there = int(before.sum())
    cut = np.zeros_like(before)
    if target <= 0 or there <= 0:
        return cut
    # Whole numbers throughout: share = before * target / there.
    whole = (before * target // there) // step * step
    cut += np.minimum(whole, before)
    while (left := target - int(cut.sum())) > 0:
        behind = before * target - cut * there
        able = cut < before
        per_post = students * 100 // np.maximum(before, 1)
        order = np.lexsort((np.arange(len(before)), per_post, -behind, ~able))
        for at in order[: int(able.sum())]:
            if left <= 0:
                break
            part = min(step, left, int(before[at] - cut[at]))
            cut[at] += part
            left -= part
    return cut


def filled(need: Weights, have: Ints, total: int, step: int) -> Ints:
    """Hand out steps to the schools that are least covered, as long as a school is short.

    A school is short while it lacks half a step or more, so that no step makes its distance from
    the ratio larger. What is left when none is short is not handed out.

    Parameters
    ----------
    need
        Hundredths that the ratio asks for; 0 where a school takes none.
    have
        Hundredths there are.
    total, step
        In hundredths.
    """

    def covered(at: int, given: int) -> float | None:
        if need[at] <= 0 or need[at] - have[at] - given < step / 2:
            return None
        return float((have[at] + given) / need[at])

    return _handed_out(len(need), total, step, covered)


def shared(weight: Weights, total: int, step: int) -> Ints:
    """Hand out steps in proportion to a weight (the method of Webster and Sainte-Lague)."""

    def turn(at: int, given: int) -> float | None:
        return float((given / step + 0.5) / weight[at]) if weight[at] > 0 else None

    return _handed_out(len(weight), total, step, turn)


def _handed_out(
    schools: int, total: int, step: int, turn: Callable[[int, int], float | None]
) -> Ints:
    """Return the steps of each school, handed out one by one; None leaves a school out.

    Each step goes to the school with the lowest turn.
    """
    given = np.zeros(schools, dtype=np.int64)
    queue = [(when, at) for at in range(schools) if (when := turn(at, 0)) is not None]
    heapq.heapify(queue)
    left = total
    while left > 0 and queue:
        _, at = heapq.heappop(queue)
        given[at] += min(step, left)
        left -= min(step, left)
        if (when := turn(at, int(given[at]))) is not None:
            heapq.heappush(queue, (when, at))
    return given


def rounded(hundredths: int, step: int, most: int) -> int:
    """Round to whole steps, halves to even; all there is stays all there is."""
    if hundredths >= most:
        return most
    steps, rest = divmod(hundredths, step)
    up = 2 * rest > step or (2 * rest == step and steps % 2 == 1)
    return min((steps + up) * step, most)
