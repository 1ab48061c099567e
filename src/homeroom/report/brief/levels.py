"""What would have to be true for each option to match keeping as is, as one table.

Read from what ``homeroom plan breakeven --json`` gives for each plan; only rounded and put into
columns, so that a board can hold the options against each other line by line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeroom.report.brief.blocks import Table
from homeroom.report.brief.wording import money
from homeroom.vocabulary.groups import ALL

_PRICE, _VALUE = "price of one unit: ", "value of one unit: "
_GRANT, _UNKNOWN = "grant", "what is not known"
_IF_DISTRICT = (
    " The lines hold if the school district pays the officers; else ending them saves it nothing."
)
Rows = Mapping[str, Mapping[str, Any]]


def table(document: Mapping[str, Any]) -> Table:
    """Set the options' levels side by side, an assumption a row.

    Where it is not known who pays the officers, the levels are those of a district that does.
    """
    levels = _by_plan(document)
    names = dict.fromkeys(name for rows in levels.values() for name in rows)
    rows = [("Local money a year, beside keeping as is", *map(_money, levels.values()))]
    priced = [name for name in names if name.startswith(_PRICE)]
    rows += [_priced(name, levels, document["prices"]) for name in priced]
    for name in names:
        if name.startswith(_VALUE):
            label = name.removeprefix(_VALUE)
            cells = (_worth(one, name, _change(document, plan)) for plan, one in levels.items())
            rows.append((f"Worth of one: {label}", *cells))
    rows.append(
        ("What no study measures, such as shootings that did not happen",
         *(_unmeasured(one) for one in levels.values()))
    )  # fmt: skip
    first = 0.31
    return Table(
        "What would have to be true for an option to match keeping as is",
        ("", *levels), tuple(rows), (first, *[(1 - first) / len(levels)] * len(levels)),
        (False, *[True] * len(levels)),
        (("Each line moves one assumption alone and leaves the others as they are. Cost of one: "
         "the yearly price at which the option needs no more local money than keeping as is. Worth "
         "of one: what a reader would have to hold it to be worth. The lines say what would have "
         "to be true, not that it is."
         + (_IF_DISTRICT if _unknown_payer(document) else "")),),
    )  # fmt: skip


def differences(document: Mapping[str, Any]) -> str:
    """Say how much local money a year each option takes beside keeping as is."""
    told = {case: _by_plan(document, case) for case in ("district", "elsewhere")}
    return "; ".join(
        f"{name}, {_money(rows)}"
        if (other := _money(told["elsewhere"][name])) == _money(rows)
        else f"{name}, {_money(rows)} if the school district pays the officers, {other} if another "
        "government does"
        for name, rows in told["district"].items()
    )


def _by_plan(document: Mapping[str, Any], case: str = "district") -> dict[str, Rows]:
    """Return each plan's levels by assumption, in one case of who pays the officers."""
    return {
        name: {row["assumption"]: row for row in rows if row["case"] in (None, case)}
        for name, rows in document["breakeven"].items()
    }


def _unknown_payer(document: Mapping[str, Any]) -> bool:
    return any(row["case"] for rows in document["breakeven"].values() for row in rows)


def _more(rows: Rows) -> float:
    """Return local money a year against keeping as is: below zero where the option needs less."""
    grant = float(rows[_GRANT]["level_at"])
    if grant > 0 or _UNKNOWN not in rows:
        return grant
    return -float(rows[_UNKNOWN]["level_at"])


def _money(rows: Rows) -> str:
    more = _more(rows)
    if not more:
        return "the same"
    return f"{money(abs(more))} {'more' if more > 0 else 'less'}"


def _priced(
    name: str, levels: Mapping[str, Rows], prices: Mapping[str, Mapping[str, Any]]
) -> tuple[str, ...]:
    """Return the level of one price in each option; the price assumed stands by its name."""
    item = name.removeprefix(_PRICE)
    asked = {
        plan: price
        for plan, known in prices.items()
        for key, price in known.items()
        if key.replace("_", " ") == item
    }
    usual = next(asked[plan] for plan in levels if name in levels[plan] and plan in asked)
    label = f"Cost of one: {item}, assumed at {money(usual['central'])}"
    if usual["low"] != usual["high"]:
        label += f" ({money(usual['low'])} to {money(usual['high'])})"
    return (label, *(_level(rows, name, usual) for rows in levels.values()))


def _level(rows: Rows, name: str, usual: Mapping[str, float]) -> str:
    row = rows.get(name)
    if row is None:
        return "–"
    own = f"\n(assumed at {money(row['now'])})" if row["now"] != usual["central"] else ""
    level = row["level_at"]
    if level is None:
        return f"no price does{own}"
    if level <= 0:
        return f"only at {money(0)}{own}"
    # Where the option needs more money today, the price must pass the level to make up for it.
    up = (level > row["now"]) == (_more(rows) > 0)
    inside = "inside" if row["within_range"] else "outside"
    return f"{money(level)} or {'more' if up else 'less'}\n({inside} the range){own}"


def _change(document: Mapping[str, Any], plan: str) -> Mapping[str, float]:
    """Return the middle change of each outcome of a plan against keeping as is."""
    found = next(one for one in document["plans"] if one["name"] == plan)
    return {row["outcome"]: row["median"] for row in found["outcomes"] if row["group"] == ALL}


def _worth(rows: Rows, name: str, change: Mapping[str, float]) -> str:
    row = rows.get(name)
    if row is None:
        return "–"
    more, middle = _more(rows), change[name.removeprefix(_VALUE)]
    if row["level_at"] is None or not more:
        return "no money apart"
    way = "more" if middle > 0 else "fewer"
    if "percentage points" in name:
        way = f"point {'more' if middle > 0 else 'less'}"
    if more > 0:
        return f"one {way} worth\n{money(row['level_at'])} or more"
    return f"ahead, unless one {way}\nis a loss over {money(row['level_at'])}"


def _unmeasured(rows: Rows) -> str:
    if _UNKNOWN not in rows:  # a plan that leaves security alone changes no shooting
        return "security unchanged"
    more, amount = _more(rows), rows[_UNKNOWN]["level_at"]
    if not more:
        return "no money apart"
    side = "for this option" if more > 0 else "for keeping as is"
    return f"{money(amount)} a year\n{side}"
