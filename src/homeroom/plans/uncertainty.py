"""How prices are drawn: each apart, but together as far as wages go together.

A district that pays one role well tends to pay the others well. Over the states, the logarithms of
the median wages of the six roles correlate at 0.69 on average (OEWS May 2023; a test recomputes
it). So levels of wages come from a normal copula with that one correlation between any two roles:
to move all together would make a swap of roles look surer than it is, to draw them unrelated less
sure than it is. Prices of things that are bought are drawn on their own.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from homeroom.plans.costs import Price
from homeroom.plans.money import Cents
from homeroom.plans.sizes import Draws, levels_drawn

CORRELATION = 0.69
"""Between the wage levels of any two roles."""
DRAWN = (
    "95 of 100 draws of the prices. Each price is drawn between its own low and high; wages "
    f"of different roles go together (correlation {CORRELATION}). This is no confidence interval: "
    "low and high of a default price are the quartiles of single workers' pay in the country, and "
    "a district's average is surer than one worker's pay"
)
"""What every range of money is."""


def wage_levels(seed: int, roles: tuple[str, ...], draws: int) -> dict[str, Draws]:
    """Return a level in (0, 1) for each role and draw.

    A role's own stream depends on the seed and its name alone, so that two plans meet the same
    draws whatever else they hold.
    """
    common = special.ndtri(levels_drawn(seed, "price:wages", draws)[2])
    made = {}
    for role in roles:
        own = special.ndtri(levels_drawn(seed, f"price:{role}", draws)[2])
        made[role] = special.ndtr(np.sqrt(CORRELATION) * common + np.sqrt(1 - CORRELATION) * own)
    return made


def drawn(
    found: dict[str, Price], seed: int, draws: int, wages: frozenset[str]
) -> dict[str, Cents]:
    """Return each price as central and draws.

    Parameters
    ----------
    found
        Prices by name.
    seed, draws
        Of the random numbers.
    wages
        The names whose price is a wage.
    """
    levels = wage_levels(seed, tuple(name for name in found if name in wages), draws)
    return {
        name: price.drawn(
            levels[name] if name in levels else levels_drawn(seed, f"price:{name}", draws)[2]
        )
        for name, price in found.items()
    }


def share_above(values: Cents, *, known: bool) -> float | None:
    """Return the share of draws above zero; None where no price has a published range.

    Parameters
    ----------
    values
        The central value, then the draws.
    known
        Whether a price that moves the values has a range.
    """
    return round(float((values[1:] > 0).mean()), 4) if known else None
