"""What moves each option's new local money most, as a plot in print."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from homeroom.report.brief.axis import Axis
from homeroom.report.brief.blocks import Block, Dot, Plot
from homeroom.report.brief.wording import money

_MOST = {1: 4, 2: 3}
"""Inputs an option, by the number of options, two for more: what is narrower decides less."""
_STEPS = (1, 2, 2.5, 5, 10)


def blocks(document: Mapping[str, Any]) -> list[Block]:
    """Return the plot with what would change one's mind below it; none where nothing moves."""
    found = {one["name"]: one["what_moves_it"] for one in document["plans"] if one["what_moves_it"]}
    drawn = {name: cases[0] for name, cases in found.items() if cases[0]["inputs"]}
    if not drawn:
        return []
    turning = [
        f"{name}: {case['what_would_change_your_mind'].replace('The plan', 'it', 1)}"
        for name, cases in found.items()
        for case in cases
        if any(one["turns_at"] for one in case["inputs"])
    ]
    rest = "In every other case no input turns the answer alone within its own range."
    mind = " ".join(["What would change your mind.", *turning, rest])
    return [_plot(drawn, mind)]


def _plot(drawn: Mapping[str, Mapping[str, Any]], mind: str) -> Plot:
    most = _MOST.get(len(drawn), 2)
    shown = [one for case in drawn.values() for one in case["inputs"][:most]]
    ends = [end for one in shown for end in (one["at_low"], one["at_high"])]
    axis = _axis(min(*ends, 0.0), max(*ends, 0.0))
    rows: list[Dot] = []
    for name, case in drawn.items():
        rows.append(Dot(name, (money(case["new_local_money"]),), strong=True))
        rows += [_dot(one, case["new_local_money"], axis) for one in case["inputs"][:most]]
    told = "; ".join(
        f"{name}: " + ", ".join(_told(one) for one in case["inputs"][:most])
        for name, case in drawn.items()
    )
    years = next(iter(drawn.values()))["years"]
    unknown = any(case["case"] == "district" for case in drawn.values())
    return Plot(
        f"What moves new local money most, over {years} years together",
        f"Bars of new local money with one input moved from its low to its high: {told}.",
        ("", "new local money, millions of dollars", "From and to"),
        tuple(rows),
        tuple((axis.at(value), _millions(value)) for value in axis.values),
        (0.43, 0.33, 0.24),
        (
            "Bar: one input moves from its low to its high, the others stay central. Dot: the "
            "central answer, also beside the option's name. Mark: zero."
            + (" The bars hold if the school district pays the officers. " if unknown else " ")
            + mind,
        ),
    )


def _dot(one: Mapping[str, Any], central: float, axis: Axis) -> Dot:
    low, high = sorted((one["at_low"], one["at_high"]))
    name = f"{one['name'][:1].upper()}{one['name'][1:]}"
    joined = "to" if one["low"].startswith("$") else "or"
    ends = f"{_short(one['low'])} {joined} {_short(one['high'])}"
    return Dot(
        f"   {name}, {ends}",
        (_span(low, high),),
        at=axis.at(central), start=axis.at(low), end=axis.at(high), mark=axis.at(0.0),
    )  # fmt: skip


def _short(end: str) -> str:
    """Round dollars to what a reader can use; leave other ends as they are."""
    text = end.replace(",", "").removeprefix("$")
    return money(float(text)) if end.startswith("$") and text.isdigit() else end


def _span(low: float, high: float) -> str:
    ends = money(low), money(high)
    if all(end.endswith(" million") for end in ends):
        return f"{ends[0].removesuffix(' million')} to {ends[1]}"
    return f"{ends[0]} to {ends[1]}"


def _millions(value: float) -> str:
    """Write a tick in millions, with a real minus."""
    return f"{value / 1e6:g}".replace("-", "\u2212")


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
