"""What `homeroom plan` prints of money: cost, who pays, new local money, prices, what moves it."""

from __future__ import annotations

from typing import Any

import click

from homeroom.cli.output import print_table
from homeroom.plans.costs import Price
from homeroom.plans.simulate import Result
from homeroom.plans.uncertainty import DRAWN

_INPUTS = 6
"""Rows of the tornado: the widest, as many as a glance takes in."""


def usd(amount: float) -> str:
    """Return dollars and cents, the sign before them; nothing is never below zero."""
    amount = amount or 0.0
    return f"-${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"


def say_money(result: Result) -> None:
    """Print what a plan costs by year, who pays, and what would change the answer."""
    left = result.cost_screened() or {}
    rows = result.money()
    print_table(
        [
            {"year": str(money["year"])}
            | {f"cost {name}": usd(value) for name, value in cost.items()}
            | ({"without doubted posts": usd(left[str(money["year"])]["central"])} if left else {})
            | {"today": usd(money["officers_and_guards_today"])}
            | _local(money)
            for money, cost in zip(rows, result.cost().values(), strict=True)
        ],
        "US dollars, whoever pays. Cost: officers and guards, staff hired, and what is bought; "
        "today: officers and guards as they are. New local money below zero is money left over.",
    )  # fmt: skip
    summary = result.as_dict()["new_local_money"]
    if summary["note"]:
        click.secho(f"note: {summary['note']}", bold=True)
    for case in summary["cases"]:
        click.echo(f"over all years, {case['if']}: {_range(case)}")
    click.echo(f"Ranges are {DRAWN}.")
    _what_moves(result)


def _local(money: dict[str, Any]) -> dict[str, str]:
    """Return the cells of grant and new local money: one, or one for each case of who pays."""
    cases = money["cases"]
    if len(cases) == 1:
        return {
            "grant": usd(money["grant"]), "new local money": usd(money["new_local_money"]),
            "low": _end(cases[0], "low"), "high": _end(cases[0], "high"),
        }  # fmt: skip
    made = {"grant": usd(cases[0]["grant"])}
    for case, name in zip(cases, ("district pays", "another pays"), strict=True):
        made[f"new local money if {name}"] = usd(case["new_local_money"]["central"])
    return made


def _end(case: dict[str, Any], name: str) -> str:
    value = case["new_local_money"][name]
    return "no range" if value is None else usd(value)


def _range(case: dict[str, Any]) -> str:
    money = case["new_local_money"]
    told = f"{usd(money['central'])} of new local money"
    if money["low"] is None:
        return f"{told}; no range published"
    share = case["share_of_draws_above_zero"]
    return (
        f"{told}, {usd(money['low'])} to {usd(money['high'])}; in {share:.0%} of the draws it "
        "costs more than today"
    )


def _what_moves(result: Result) -> None:
    for found in result.moves:
        if found.inputs:
            print_table(
                [
                    {"input": one.name, "from": one.low, "to": one.high,
                     "there": usd(one.at_low), "and there": usd(one.at_high)}
                    for one in found.inputs[:_INPUTS]
                ],
                f"What moves new local money over all years, {found.words}: each input alone.",
            )  # fmt: skip
        click.echo(f"What would change your mind: {found.sentence(result.plan.name)}")


def price_lines(prices: dict[str, Price]) -> list[str]:
    """Return a line for each price: what it is, in which dollars, how it comes about, its rows."""
    return [
        f"{name}: {usd(price.central / 100)}, in dollars of {price.dollars_of or 'no known year'}; "
        f"{price.basis}; rows: " + "; ".join(f"{row.id} {row.url}".strip() for row in price.rows)
        for name, price in prices.items()
    ]
