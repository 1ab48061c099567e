"""What moves each option's new local money most, as a plot in print."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from homeroom.report.brief.axis import Axis
from homeroom.report.brief.blocks import Block, Dot, Plot, Points
from homeroom.report.brief.wording import money

_MOST = 4
"""Inputs an option: what is narrower decides nothing."""
_STEPS = (1, 2, 2.5, 5, 10)


def blocks(document: Mapping[str, Any]) -> list[Block]:
    """Return the plot and the sentences of what would change one's mind; none where none moves."""
    found = {
        one["name"]: one["what_moves_it"] for one in document["plans"] if one["what_moves_it"]
    }
    drawn = {name: cases[0] for name, cases in found.items() if cases[0]["inputs"]}
    made: list[Block] = [_plot(drawn)] if drawn else []
    told = tuple(
        f"{name}: {case['what_would_change_your_mind'].replace('The plan', 'it', 1)}"
        for name, cases in found.items()
        for case in cases
        if case["inputs"]
    )
    if told:
        made.append(Points("What would change your mind", told))
    return made


def _plot(drawn: Mapping[str, Mapping[str, Any]]) -> Plot:
    shown = [one for case in drawn.values() for one in case["inputs"][:_MOST]]
    ends = [end for one in shown for end in (one["at_low"], one["at_high"])]
    axis = _axis(min(*ends, 0.0), max(*ends, 0.0))
    rows: list[Dot] = []
    for name, case in drawn.items():
        rows.append(Dot(name, (money(case["new_local_money"]),), strong=True))
        rows += [_dot(one, case["new_local_money"], axis) for one in case["inputs"][:_MOST]]
    told = "; ".join(
        f"{name}: " + ", ".join(_told(one) for one in case["inputs"][:_MOST])
        for name, case in drawn.items()
    )
    years = next(iter(drawn.values()))["years"]
    unknown = any(case["case"] != "stated" for case in drawn.values())
    return Plot(
        f"What moves new local money most, over {years} years together",
        f"Bars of new local money with one input moved from its low to its high: {told}.",
        ("", "new local money, millions of dollars", "From and to"),
        tuple(rows),
        tuple((axis.at(value), f"{value / 1e6:g}") for value in axis.values),
        (0.42, 0.36, 0.22),
        (
            "Bar: one input moves from its low to its high, the others stay central. Dot: the "
            "central answer; beside the option's name, the same. Mark: zero."
            + (" The bars hold if the school district pays the officers." if unknown else ""),
        ),
    )


def _dot(one: Mapping[str, Any], central: float, axis: Axis) -> Dot:
    low, high = sorted((one["at_low"], one["at_high"]))
    name = f"{one['name'][:1].upper()}{one['name'][1:]}"
    joined = "to" if one["low"].startswith("$") else "or"
    return Dot(
        f"   {name}, {one['low']} {joined} {one['high']}",
        (f"{money(low)} to {money(high)}",),
        at=axis.at(central), start=axis.at(low), end=axis.at(high), mark=axis.at(0.0),
    )  # fmt: skip


def _told(one: Mapping[str, Any]) -> str:
    return f"{one['name']} {money(one['at_low'])} to {money(one['at_high'])}"


def _axis(low: float, high: float) -> Axis:
    """Make an axis over zero with four to six round ticks."""
    if high <= low:
        return Axis(0, 1, (0, 1))
    rough = (high - low) / 4
    scale = 10.0 ** math.floor(math.log10(rough))
    step = scale * min((s for s in _STEPS if s * scale >= rough), default=10)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Axis(first * step, last * step, tuple(n * step for n in range(first, last + 1)))
