"""Which assumption would have to be true for one plan to beat another.

Where it is not known who pays the officers, everything is asked twice: once for each case. Each
assumption is moved alone, the others staying central: a price until the two plans cost the same, a
value of one student more or less until it pays for the difference. What research does not
know is asked for in the same way: how much would it have to be worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from scipy import optimize

from homeroom.errors import BadInput
from homeroom.plans.actions import SECURITY
from homeroom.plans.costs import Price
from homeroom.plans.doses import doses
from homeroom.plans.ledger import all_books
from homeroom.plans.money import Cents, dollars
from homeroom.plans.outcomes import ASSUMED, Total, totals
from homeroom.plans.plan_prices import wages_in
from homeroom.plans.side_by_side import columns
from homeroom.plans.simulate import DRAWS, PRICED, SEED, Result, as_document, staffed_of
from homeroom.plans.sizes import Draws
from homeroom.plans.uncertainty import drawn
from homeroom.vocabulary.groups import ALL

_WIDEST = 20.0


@dataclass(frozen=True, slots=True)
class BreakEven:
    """One assumption and the value at which the plans are level; None where none is.

    Attributes
    ----------
    case
        Under which answer to who pays the officers; None where it is known, or moves nothing.
    level_low, level_high
        Between which values the level lies in 95 of 100 draws of the other prices; None where no
        other price has a range.
    """

    assumption: str
    now: float | None
    level_at: float | None
    unit: str
    within_range: bool | None
    sentence: str
    case: str | None = None
    level_low: float | None = None
    level_high: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)


def breakeven(a: Result, b: Result, *, seed: int = SEED, draws: int = DRAWS) -> list[BreakEven]:
    """List what would have to be true for plan ``a`` to beat plan ``b``.

    What shootings that did not happen would have to be worth is asked only where a plan changes
    officers, guards, or other security: nothing else is said to prevent them.

    Parameters
    ----------
    a, b
        What two plans come to.
    seed, draws
        Of the random numbers.

    Raises
    ------
    BadInput
        The plans are not of the same place, wave and years.
    """
    same = [(one.plan.place, one.plan.baseline, one.plan.start, one.plan.years) for one in (a, b)]
    if same[0] != same[1]:
        raise BadInput(f"expected plans of one place, baseline and time, found {same}: align them.")
    made = []
    for case, words in _cases(a, b):
        rows = _in_case(a, b, case, seed, draws)
        if words:
            rows = [replace(one, case=case, sentence=f"{words}: {one.sentence}") for one in rows]
        made += rows
    return _with_doubts(a, b, made)


def _cases(a: Result, b: Result) -> list[tuple[str | None, str]]:
    """Return the cases of who pays that make a difference, each with how a sentence begins."""
    open_cases = max((a.books, b.books), key=len)
    if len(open_cases) == 1:
        return [(None, "")]
    return [
        (one.case.name, f"{one.case.words[:1].upper()}{one.case.words[1:]}") for one in open_cases
    ]


def _in_case(a: Result, b: Result, case: str | None, seed: int, draws: int) -> list[BreakEven]:
    both = {**b.prices, **a.prices}
    more = local(a, case=case) - local(b, case=case)
    made = [_grant(a, b, more)]
    made += [found for name in both if (found := _price(a, b, name, both[name], case, seed, draws))]
    made += _values(a, b, more, seed, draws)
    if _security(a) or _security(b):
        made.append(_unknown(a, b, more))
    return made


def _security(one: Result) -> bool:
    """Return whether a plan changes who or what guards its schools."""
    bought = any(item.what in SECURITY and item.hundredths for item in one.plan.items)
    return bought or bool(_changed(one))


def _changed(one: Result) -> list[str]:
    """Return the roles of officers and guards whose posts a plan changes."""
    return [r for r in PRICED if not np.array_equal(one.base.staff[r], one.after[r])]


def _with_doubts(a: Result, b: Result, made: list[BreakEven]) -> list[BreakEven]:
    """Say beside every sentence that it rests on posts we doubt: in full first, then in short."""
    told = a.base.doubtful(*dict.fromkeys([*_changed(a), *_changed(b)]))
    if not told:
        return made
    full = f" This rests on figures that we doubt. {' '.join(str(one.sentence) for one in told)}"
    which = " and ".join(one.label.lower() for one in told)
    short = f" This rests on a number of {which} that we doubt."
    return [
        replace(one, sentence=one.sentence + (full if at == 0 else short))
        for at, one in enumerate(made)
    ]


def compared(results: Sequence[Result], seed: int = SEED, draws: int = DRAWS) -> dict[str, Any]:
    """Return what ``homeroom plan compare --json`` prints, and each plan's levels beside the first.

    Parameters
    ----------
    results
        What :func:`homeroom.plans.compare.compare` gives: keeping as is comes first.
    """
    first, *rest = results
    levels = {
        one.plan.name: [row.as_dict() for row in breakeven(one, first, seed=seed, draws=draws)]
        for one in rest
    }
    return as_document(list(results), seed, draws) | {
        "breakeven": levels,
        "side_by_side": [one.as_dict() for one in columns(results)],
    }


def local(result: Result, scale: dict[str, float] | None = None, *, case: str | None = None) -> int:
    """Return new local money over all years in cents, at central prices, some of them scaled.

    Parameters
    ----------
    result
        What a plan comes to.
    scale
        Price name to a factor.
    case
        Which case of who pays; the first where there is one alone.
    """
    unit = {
        name: np.array([round(price.central * (scale or {}).get(name, 1.0))], dtype=np.int64)
        for name, price in result.prices.items()
    }
    return int(_local(result, unit, case)[0])


def _local(result: Result, unit: dict[str, Cents], case: str | None) -> Cents:
    free = replace(result.plan, budget=None)
    found = all_books(free, staffed_of(result.plan, result.base), unit)
    return next((one for one in found if one.case.name == case), found[0]).local


def _level_range(
    a: Result, b: Result, name: str, price: Price, case: str | None, seed: int, draws: int
) -> tuple[float, float] | None:
    """Return where the level lies in 95 of 100 draws of the other prices.

    The difference between the plans is a straight line in one price, unless a grant is capped:
    then there is no range.
    """
    top = round(price.central * _WIDEST)
    found = []
    for value in (0, top // 2, top):
        ends = []
        for one in (a, b):
            others = {key: held for key, held in one.prices.items() if key != name}
            unit = drawn(others, seed, draws, wages_in(one.plan))
            if name in one.prices:
                unit[name] = np.full(draws + 1, value, dtype=np.int64)
            ends.append(_local(one, unit, case))
        found.append((ends[0] - ends[1]).astype(np.float64))
    at_zero, middle, at_top = found
    slope = at_top - at_zero
    straight = np.abs(middle - (at_zero + slope * (top // 2) / top)) < 100_00  # a hundred dollars
    if not straight.all() or (slope == 0).any() or np.ptp(at_zero[1:]) == 0:
        return None
    level = -at_zero / slope * top
    low, high = np.quantile(level[1:], [0.025, 0.975], method="inverted_cdf")
    return dollars(round(max(low, 0.0))), dollars(round(max(high, 0.0)))


def _grant(a: Result, b: Result, more: int) -> BreakEven:
    years = a.plan.years
    yearly = dollars(round(more / years))
    if not yearly:
        sentence = (
            f"{a.plan.name} needs as much local money as {b.plan.name}; no grant is needed for "
            "them to cost the same."
        )
        return BreakEven("grant", 0.0, 0.0, "US$ a year", None, sentence)
    if more < 0:
        sentence = (
            f"{a.plan.name} needs {_usd(-yearly)} a year less local money than {b.plan.name}; no "
            "grant is needed for it to cost no more."
        )
        return BreakEven("grant", 0.0, 0.0, "US$ a year", None, sentence)
    sentence = (
        f"{a.plan.name} needs {_usd(yearly)} a year more local money than {b.plan.name}: another "
        "grant of that size would make them level."
    )
    return BreakEven("grant", 0.0, yearly, "US$ a year", None, sentence)


def _price(
    a: Result, b: Result, name: str, price: Price, case: str | None, seed: int, draws: int
) -> BreakEven | None:
    """Find the price at which both plans need the same local money."""

    def gap(scale: float) -> float:
        return float(local(a, {name: scale}, case=case) - local(b, {name: scale}, case=case))

    at_zero, at_one, at_top = gap(0.0), gap(1.0), gap(_WIDEST)
    if at_zero == at_one == at_top:
        return None
    now = dollars(price.central)
    about = f"price of one unit: {name.replace('_', ' ')}"
    if at_zero * at_top > 0:
        sentence = (
            f"No price of one {_one(name)} from 0 to {_usd(now * _WIDEST)} makes the plans "
            "level; other things decide."
        )
        return BreakEven(about, now, None, "US$", None, sentence)
    scale = float(optimize.brentq(gap, 0.0, _WIDEST, xtol=1e-9))
    level = round(now * scale, 2)
    within = dollars(price.low) <= level <= dollars(price.high)
    side = "more" if at_top < 0 else "less"
    if not level:
        dear, cheap = (b, a) if at_top < 0 else (a, b)
        sentence = (
            f"{dear.plan.name} costs more than {cheap.plan.name} at any price of one {_one(name)} "
            f"above $0; the plans use {_usd(now)}."
        )
        return BreakEven(about, now, level, "US$", within, sentence)
    sentence = (
        f"{a.plan.name} costs no more than {b.plan.name} if one {_one(name)} costs "
        f"{_usd(level)} or {side}; the plans use {_usd(now)}, "
        f"{'and' if within else 'but'} the level lies {'inside' if within else 'outside'} its "
        f"range of {_usd(dollars(price.low))} to {_usd(dollars(price.high))}."
    )
    span = _level_range(a, b, name, price, case, seed, draws)
    if span is not None:
        sentence += (
            f" With the other prices drawn too, the level lies between {_usd(span[0])} and "
            f"{_usd(span[1])} in 95 of 100 draws."
        )
    return BreakEven(about, now, level, "US$", within, sentence, None, *(span or (None, None)))


def _values(a: Result, b: Result, more: int, seed: int, draws: int) -> list[BreakEven]:
    """Weigh the difference in money against the difference in each outcome."""
    sums = [
        totals(one.plan, one.base, doses(one.plan, one.base, one.after), seed, draws)
        for one in (a, b)
    ]
    made = []
    yearly = dollars(round(more / a.plan.years))
    for label in dict.fromkeys([*sums[0], *sums[1]]):
        drawn = [total[label].draws[ALL] if label in total else np.zeros(draws) for total in sums]
        apart = drawn[0] - drawn[1]
        middle = float(np.median(apart))
        if not apart.any():
            continue
        words = (
            f"{label[:1].upper()}{label[1:]}: {a.plan.name} lies {abs(middle):,.2f} "
            f"{'lower' if middle < 0 else 'higher'} than {b.plan.name} {_sure(apart, sums, label)}."
        )
        level = None if middle == 0 else round(abs(yearly / middle), 2)
        if level is not None and yearly:
            # Whoever needs more money must buy something with it, whichever way that counts.
            gains = (middle > 0) == (yearly > 0)
            words += (
                f" {a.plan.name} is ahead for those to whom one {'more' if gains else 'fewer'} is "
                f"worth {_usd(level)} or {'more' if yearly > 0 else 'less'}."
            )
        made.append(BreakEven(f"value of one unit: {label}", None, level, "US$", None, words))
    return made


def _sure(apart: Draws, sums: list[dict[str, Total]], label: str) -> str:
    """Say how sure a difference is: no probability without a published range."""
    parts = [total[label] for total in sums if label in total and total[label].kinds]
    if any(not part.ranged for part in parts):
        return "(a point: no range published, so no probability)"
    if any(ASSUMED in part.kinds for part in parts):
        return "(median of what the plan assumes)"
    return f"(median), lower in {float((apart < 0).mean()):.0%} of the draws"


def _unknown(a: Result, b: Result, more: int) -> BreakEven:
    yearly = abs(dollars(round(more / a.plan.years)))
    dear, cheap = (a, b) if more > 0 else (b, a)
    sentence = (
        f"What no study measures, such as shootings that did not happen, would have to be worth "
        f"{_usd(yearly)} a year in favor of {dear.plan.name} to make up for what it needs more "
        f"than {cheap.plan.name}."
    )
    return BreakEven("what is not known", None, yearly, "US$ a year", None, sentence)


def _one(name: str) -> str:
    return name.replace("_", " ")


def _usd(amount: float) -> str:
    """Return dollars as people say them; the fields beside the sentence have the cents."""
    return f"${amount:,.0f}"
