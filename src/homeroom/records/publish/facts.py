"""What else a release says: rates, ratios, shares, and differences, as limits on the counts.

Each is a pair of inequalities in whole numbers, so that the audit holds with it: a rate of 4.2% of
310 students says that the count is 13, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from homeroom.errors import BadInput
from homeroom.records.publish.cells import Fact, Key
from homeroom.records.publish.policy import Policy
from homeroom.text_gate import short

STEPS = (1, 2, 5, 10, 20, 25, 50)
"""Widths of a coarse rate's bands, in percent."""
_NUMBER = re.compile(r"(\d{1,9})(?:\.(\d{1,6}))?")


def rate(key: Key, denominator: int, printed: str) -> Fact:
    """Return what a rate in percent says of a count whose denominator is known.

    Parameters
    ----------
    key
        Of the count.
    denominator
        Students, as readers know them.
    printed
        The rate as it is printed, such as ``4.2``: its decimals count.

    Raises
    ------
    BadInput
        It is no such number.
    """
    value, unit = _printed(printed)
    # |100 count / n - value / unit| is at most half a unit of the last decimal.
    return Fact(
        ((key, 200 * unit),),
        (2 * value - 1) * denominator,
        (2 * value + 1) * denominator,
        f"a rate of {printed}%",
    )


def share(part: Key, whole: Key, printed: str) -> tuple[Fact, Fact]:
    """Return what a share in percent says of a part and a whole that may both be hidden.

    Parameters
    ----------
    part, whole
        Their keys.
    printed
        The share as it is printed.

    Raises
    ------
    BadInput
        It is no such number.
    """
    value, unit = _printed(printed)
    says = f"a share of {printed}%"
    return (
        Fact(((part, 200 * unit), (whole, 1 - 2 * value)), 0, None, says),
        Fact(((part, 200 * unit), (whole, -1 - 2 * value)), None, 0, says),
    )


def ratio(first: Key, among: int, second: Key, others: int, printed: str) -> tuple[Fact, Fact]:
    """Return what a ratio of two rates says of two counts whose denominators are known.

    Parameters
    ----------
    first, among
        The first count's key, and its denominator.
    second, others
        The same of the second.
    printed
        The ratio as it is printed, such as ``2.6``.

    Raises
    ------
    BadInput
        It is no such number.
    """
    value, unit = _printed(printed)
    says = f"a ratio of {printed}"
    mine = (first, 2 * unit * others)
    return (
        Fact((mine, (second, (1 - 2 * value) * among)), 0, None, says),
        Fact((mine, (second, (-1 - 2 * value) * among)), None, 0, says),
    )


def difference(first: Key, second: Key, printed: int) -> Fact:
    """Return what a difference of two counts says, such as a change from year to year.

    Parameters
    ----------
    first, second
        Their keys.
    printed
        The first less the second.
    """
    return Fact(((first, 1), (second, -1)), printed, printed, f"a difference of {printed}")


def at_most(first: Key, second: Key) -> Fact:
    """Return that one count is at most another, as arrests are at most referrals.

    Parameters
    ----------
    first, second
        Their keys.
    """
    return Fact(((first, 1), (second, -1)), None, 0, "a count that is part of another")


def to_threshold(key: Key, printed: int, limit: int) -> Fact:
    """Return what "so many students from the threshold" says of a count.

    Parameters
    ----------
    key
        Of the count.
    printed
        Students that are missing to the limit.
    limit
        The count at which the threshold is passed, which readers can work out.
    """
    return Fact(((key, 1),), limit - printed, limit - printed, f"{printed} from a threshold")


def coarse_step(denominator: int, policy: Policy) -> int | None:
    """Return the width in percent of bands that each hold the policy's whole range, if any does.

    Parameters
    ----------
    denominator
        Students.
    policy
        Whose range must fit.
    """
    high = policy.range[1]
    return next((step for step in STEPS if step * denominator >= 100 * high), None)


def coarse_rate(key: Key, count: int, denominator: int, policy: Policy) -> tuple[str, Fact] | None:
    """Return a rate in a band that holds the policy's range, and what it says of the count.

    Parameters
    ----------
    key, count
        Of the count.
    denominator
        Students; with too few no band is wide enough, and there is no rate.
    policy
        Whose range must fit.
    """
    step = coarse_step(denominator, policy)
    if step is None or denominator < policy.minimum:
        return None
    # A band holds its upper end, so that the policy's high lies in the first one.
    band = max(-(-100 * count // (step * denominator)) - 1, 0)
    low, high = band * step, (band + 1) * step
    text = f"{high}% or less" if band == 0 else f"over {low}% to {high}%"
    least = None if band == 0 else low * denominator + 1
    fact = Fact(((key, 100),), least, high * denominator, f"a rate of {text}")
    return text, fact


def exact_rate(count: int, denominator: int) -> str:
    """Return a rate in percent to one decimal, half up, in whole-number arithmetic.

    Parameters
    ----------
    count, denominator
        Students.
    """
    tenths = (2000 * count + denominator) // (2 * denominator)
    return f"{tenths // 10}.{tenths % 10}%"


def counts_within(denominator: int, printed: str) -> Sequence[int]:
    """Return the counts that a printed rate allows: one alone is a count given away.

    Parameters
    ----------
    denominator
        Students.
    printed
        A rate in percent, such as ``4.2``.

    Raises
    ------
    BadInput
        It is no such number.
    """
    value, unit = _printed(printed)
    low = -(-(2 * value - 1) * denominator // (200 * unit))
    high = (2 * value + 1) * denominator // (200 * unit)
    return range(max(low, 0), min(high, denominator) + 1)


def _printed(text: str) -> tuple[int, int]:
    """Return a decimal number as a whole number of units, and units in one."""
    found = _NUMBER.fullmatch(text.strip().removesuffix("%"))
    if found is None:
        raise BadInput(f"expected a number as it is printed, such as 4.2, found {short(text)}.")
    decimals = found[2] or ""
    return int(found[1] + decimals), 10 ** len(decimals)
