"""Posts month by month: notice, ramps, yearly steps, hiring time, and vacancies.

Money follows months worked. A line's post-months in a year are whole hundredths of a post times a
month, rounded once, halves to even.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from homeroom.plans.baseline import Ints
from homeroom.plans.money import MONTHS


def posts_by_month(
    before: int, targets: tuple[int, ...], *, begins: int, over: int, years: int
) -> Ints:
    """Return hundredths of posts that are there in each month of a plan.

    Parameters
    ----------
    before
        Hundredths until the change begins.
    targets
        Hundredths in each year in turn; the last stays.
    begins
        Months until the change begins.
    over
        Months over which a single change takes place in even steps, the first at once; 0 or 1
        makes it in one step.
    years
        How many years the books run.
    """
    made = np.full(years * MONTHS, before, dtype=np.int64)
    for month in range(begins, len(made)):
        target = targets[min(month // MONTHS, len(targets) - 1)]
        if over > 1:
            done = min(month - begins + 1, over)
            target = before + round(Fraction((target - before) * done, over))
        made[month] = target
    return made


def shifted(posts: Ints, months: int) -> Ints:
    """Return posts that are there a number of months later, as hiring takes time."""
    if months <= 0:
        return posts
    held = posts[: max(len(posts) - months, 0)]
    return np.concatenate([np.zeros(min(months, len(posts)), dtype=np.int64), held])


def post_months(posts: Ints, year: int, worked: Fraction, counted: np.ndarray | None = None) -> int:
    """Return hundredths of post-months of one year.

    Parameters
    ----------
    posts
        Hundredths by month, over all years.
    year
        Which year, from 0.
    worked
        Share of the posts that are filled.
    counted
        Which months count, over all years; all of them where not given.
    """
    part = slice(year * MONTHS, (year + 1) * MONTHS)
    here = posts[part] if counted is None else posts[part] * counted[part]
    return round(int(here.sum()) * worked)
