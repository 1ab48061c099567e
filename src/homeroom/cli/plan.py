"""`homeroom plan`: run, compare, optimize and question plans; share the Act's total."""

from __future__ import annotations

from copy import copy
from pathlib import Path
from typing import Any

import click
import polars as pl

from homeroom.cli.confidential import marked_picture, opened
from homeroom.cli.output import as_json_text, cell, print_rows, print_table
from homeroom.cli.plan_money import price_lines, say_money, usd
from homeroom.errors import BadInput
from homeroom.law.states import NOT_ADVICE
from homeroom.plans import breakeven as level
from homeroom.plans import compare as comparing
from homeroom.plans import funding as fundings
from homeroom.plans import optimize as best
from homeroom.plans.baseline import baseline
from homeroom.plans.costs import default_cost
from homeroom.plans.document import from_dict, load
from homeroom.plans.format import pages
from homeroom.plans.money import cents
from homeroom.plans.policies import FORMULAS, INCENTIVES, POLICIES
from homeroom.plans.side_by_side import ROWS, columns
from homeroom.plans.simulate import DRAWS, SEED, Result, as_document
from homeroom.plans.worked import examples
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import SUPPORT
from homeroom.vocabulary.waves import WAVES

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=False)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_SEED = click.option("--seed", type=click.IntRange(0), default=SEED, show_default=True)
_DRAWS = click.option(
    "--draws", type=click.IntRange(100, 200_000), default=DRAWS, show_default=True,
    help="How many draws; the same seed and number give the same bytes.",
)  # fmt: skip
_CHART = click.option(
    "--chart", type=click.Path(path_type=Path, dir_okay=False), help="Write a chart: .svg or .png."
)


@click.group()
def plan() -> None:
    """Say what a shift between officers and support staff would cost, staff and change."""


@plan.command()
def schema() -> None:
    """Print the JSON Schema of a plan document, by which editors complete and check it."""
    click.echo(as_json_text(pages.schema()))


@plan.command()
@click.argument("name", required=False)
def example(name: str | None) -> None:
    """Print a worked example of a plan, to change and run; without NAME, list them."""
    known = examples()
    if name is None:
        click.echo("\n".join(known))
        return
    if name not in known:
        raise BadInput(f"example {name!r}: expected one of {', '.join(known)}.")
    click.echo(known[name], nl=False)


@plan.command()
@click.argument("file", type=FILE)
@_SEED
@_DRAWS
@_CHART
@_JSON
def run(file: Path, seed: int, draws: int, chart: Path | None, *, as_json: bool) -> None:
    """Run the plan in FILE: cost by year, staff, gaps, outcomes, and what is not known."""
    with opened() as room:
        result = room.plan(load(file, named=room.resolve), seed=seed, draws=draws)
    _finish([result], seed, draws, chart, as_json=as_json)


@plan.command()
@click.argument("paths", metavar="FILES", type=FILE, nargs=-1, required=True)
@_SEED
@_DRAWS
@_CHART
@_JSON
def compare(
    paths: tuple[Path, ...], seed: int, draws: int, chart: Path | None, *, as_json: bool
) -> None:
    """Compare up to four plans with each other and with keeping things as they are."""
    with opened() as room:
        asked = [load(path, named=room.resolve) for path in paths]
        results = comparing.compare(asked, room.store, seed=seed, draws=draws)
    _finish(results, seed, draws, chart, as_json=as_json)


@plan.command()
@click.argument("first", type=FILE)
@click.argument("second", type=FILE, required=False)
@_SEED
@_DRAWS
@_JSON
def breakeven(first: Path, second: Path | None, seed: int, draws: int, *, as_json: bool) -> None:
    """Say what would have to be true for FIRST to beat SECOND (or keeping as is)."""
    with opened() as room:
        one = load(first, named=room.resolve)
        a = room.plan(one, seed=seed, draws=draws)
        other = load(second, named=room.resolve) if second else comparing.as_is(one)
        b = room.plan(other, seed=seed, draws=draws)
    found = level.breakeven(a, b, seed=seed, draws=draws)
    if as_json:
        click.echo(as_json_text({"first": one.name, "second": other.name,
                                 "breakeven": [row.as_dict() for row in found]}))  # fmt: skip
        return
    click.secho(f"{one.name} against {other.name}, {a.base.name}", bold=True)
    for row in found:
        click.echo(f"- {row.sentence}")


@plan.command()
@click.option("--place", required=True, help="A district or school: its id or name.")
@click.option("--budget", required=True, help="Dollars a year.")
@click.option("--aim", type=click.Choice(best.AIMS), default="fair", show_default=True)
@click.option("--wave", type=click.Choice(list(WAVES)), default="2017-18", show_default=True)
@click.option("--cap", "caps", multiple=True, metavar="ROLE=POSTS", help="Ceiling on a role.")
@click.option("--ratio", "ratios", multiple=True, metavar="ROLE=STUDENTS", help="Own ratio.")
@click.option("--weight", "weights", multiple=True, metavar="ROLE=NUMBER", help="For shortfall.")
@_JSON
def optimize(
    place: str,
    budget: str,
    aim: str,
    wave: str,
    caps: tuple[str, ...],
    ratios: tuple[str, ...],
    weights: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Find the best staffing under a budget for a stated aim, and what holds it back."""
    # The rules for a plan's place, wave and ratios hold here too.
    given = {role: int(number) for role, number in _pairs(ratios, "--ratio").items()}
    with opened() as room:
        area = room.resolve(place)
        _checked(area, wave, given)
        base = baseline(room.store, area, wave)
        prices = {role: default_cost(role, base.state, room.store) for role in SUPPORT}
        asked = best.problem(
            base,
            {role: price.central for role, price in prices.items()},
            cents(budget, "--budget"),
            ratios=given,
            caps={role: round(n * 100) for role, n in _pairs(caps, "--cap").items()},
            weights=_pairs(weights, "--weight"),
        )
        found = best.optimize(asked, aim)
    document = found.as_dict(base) | {
        "prices": {
            role: {"central": price.central / 100, "rows": [row.as_dict() for row in price.rows]}
            for role, price in prices.items() if role in asked.roles
        }
    }  # fmt: skip
    if as_json:
        click.echo(as_json_text(document))
        return
    click.secho(f"{base.name}, {wave}: aim {aim}", bold=True)
    click.echo(f"{document['measure']}: {cell(found.before)} before, {cell(found.after)} after")
    click.echo(f"spent {usd(document['spent'])} of {usd(document['budget'])} a year")
    print_table([{"role": role, "posts": posts} for role, posts in document["hire"].items()])
    for line in document["doubts"]:
        click.echo(f"doubt: {line}")
    for line in found.binding:
        click.echo(f"holds back: {line}")
    click.echo(f"{len(document['schools'])} schools get staff: --json lists them.")


_BEFORE = copy(optimize)  # the name it had before; kept for scripts, shown to nobody
_BEFORE.hidden = True
plan.add_command(_BEFORE, "optimise")


@plan.command()
@click.option("--act", "version", default="2025", show_default=True, help="Year or id of the bill.")
@click.option("--total", help="Dollars to share instead of the authorized total.")
@click.option(
    "--policy", "policies", multiple=True, type=click.Choice(list(POLICIES)),
    help="Only these policies.",
)  # fmt: skip
@click.option("--mix", "mix", multiple=True, metavar="ROLE=SHARE", help="Shares of the money.")
@click.option("--leas", "list_leas", is_flag=True, help="List the LEAs of one policy.")
@click.option("--csv", "as_csv", is_flag=True, help="With --leas: print CSV.")
@_CHART
@_JSON
def funding(
    version: str,
    total: str | None,
    policies: tuple[str, ...],
    mix: tuple[str, ...],
    chart: Path | None,
    *,
    list_leas: bool,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Share the total that the bill would authorize among all LEAs, policy by policy."""
    if list_leas and len(policies) != 1:
        raise BadInput("--leas: expected one --policy, found another number: name one.")
    with opened() as room:
        found = fundings.funding(
            room.store,
            version=version,
            total=None if total is None else cents(total, "--total") / 100,
            policies=policies or tuple(POLICIES),
            mix=_pairs(mix, "--mix") or None,
        )
    _draw_funding(found, chart, quiet=as_json or as_csv)
    if list_leas:
        leas = found.scenarios[0].leas.sort("cents", descending=True)
        leas = leas.with_columns(dollars=pl.col("cents") / 100)
        show = ["leaid", "name", "state", "students", "children_poverty", "dollars"]
        print_rows(leas, as_json=as_json, as_csv=as_csv, parquet=None, show=show)
        if not (as_json or as_csv):
            click.echo(found.scenarios[0].among)
    elif as_json:
        click.echo(as_json_text(found.as_dict()))
    else:
        _say_funding(found)


def _draw_funding(found: fundings.Funding, chart: Path | None, *, quiet: bool) -> None:
    if chart is None:
        return
    from homeroom.report import plan_charts  # noqa: PLC0415 - Altair is slow to import

    picture = marked_picture(plan_charts.funding(found))
    picture.save(chart)
    if not quiet:
        click.echo(f"chart written to {chart}; in words: {picture.alt}")


def _say_funding(found: fundings.Funding) -> None:
    click.echo(found.notice)
    click.echo(f"Total: {usd(found.scenarios[0].total / 100)} ({found.total_source})")
    print_table(
        [
            {"policy": one.policy, "LEAs": int((one.leas["cents"] > 0).sum()),
             "unallocated $ million": round((one.total - one.allocated) / 1e8, 1)}
            | {f"{role} post-years": one.posts[role] for role in one.posts}
            for one in found.scenarios
        ]
    )  # fmt: skip
    for one in found.scenarios:
        click.echo(f"{one.policy}: {one.words} {one.among}")
        click.echo(f"  amount: {FORMULAS[one.policy]}")
        click.echo(f"  what it rewards: {INCENTIVES[one.policy]}")
        if one.above_need:
            click.echo(f"  above the gaps, so unallocated: {usd(one.above_need / 100)}")
        told = ", ".join(
            f"{role} {100 * share:.1f}%" for role, share in one.gap_closed.items()
            if share is not None
        )  # fmt: skip
        click.echo(f"  share of the gap closed for a year, where the store has staff: {told}")
        for reason, number in one.nothing.items():
            click.echo(
                f"  nothing: {number['leas']:,} LEAs, {number['students']:,} students ({reason})"
            )
    click.echo("Federal lines on file:")
    for line in found.federal:
        mark = "" if line["verified"] else " (known only from a report)"
        click.echo(
            f"  {line['row']}, {line['year']}: would close: {line['bill_would_close']}{mark}. "
            f"{line['why']}"
        )
    _list("Not known:", found.unknowns)


def _finish(
    results: list[Result], seed: int, draws: int, chart: Path | None, *, as_json: bool
) -> None:
    if chart is not None:
        from homeroom.report import plan_charts  # noqa: PLC0415 - Altair is slow to import

        picture = marked_picture(plan_charts.plans(results))
        picture.save(chart)
    if as_json:
        document = as_document(results, seed, draws)
        beside = [one.as_dict() for one in columns(results)] if len(results) > 1 else []
        click.echo(as_json_text(document | ({"side_by_side": beside} if beside else {})))
        return
    if len(results) > 1:
        _say_side_by_side(results)
    for one in results:
        _say(one)
    if chart is not None:
        click.echo(f"chart written to {chart}; in words: {picture.alt}")


def _say_side_by_side(results: list[Result]) -> None:
    """Print every plan in six rows, before the details of each."""
    for one in columns(results):
        click.secho(one.plan, bold=True)
        for name, heading in ROWS.items():
            click.echo(f"  {heading}: {'; '.join(getattr(one, name))}")


def _say(result: Result) -> None:
    base = result.base
    click.secho(f"{result.plan.name}: {base.name}, baseline {base.wave}", bold=True)
    for note in result.law:
        click.secho(f"law: {note.text}", bold=note.conflict)
        for detail in note.details:
            click.echo(f"  - {detail}")
    if result.law:
        click.echo(f"  {NOT_ADVICE}")
    for doubt in result.doubts():
        click.echo(f"doubt: {doubt}")
    for warning in result.warnings:
        click.echo(f"note: {warning}")
    say_money(result)
    print_table(_posts(result), f"Full-time equivalents, {base.wave}, then after the plan.")
    gaps = [{name: row[name] for name in _GAPS} for row in result.gaps()]
    print_table(gaps, "Posts short of the ratio, school by school; a surplus fills no other gap.")
    found = [
        {"outcome": one.outcome, "low": one.low, "median": one.median, "high": one.high}
        for one in result.outcomes if one.group == ALL
    ]  # fmt: skip
    if found:
        print_table(found, "Change a year against keeping as is, all students; --json has groups.")
    for one in result.outcomes:
        if one.group == ALL:
            click.echo(f"{one.outcome}: {one.basis}")
    _list("Prices rest on:", price_lines(result.prices))
    _list("Not known:", result.unknowns)


def _posts(result: Result) -> list[dict[str, Any]]:
    """Return the rows of posts, with a mark in the row of each role that we doubt."""
    rows = result.staff()["roles"]
    doubtful = any(row["doubt"] for row in rows)
    return [
        {name: value for name, value in row.items() if name != "doubt"}
        | ({"doubt": "we doubt it: see above" if row["doubt"] else ""} if doubtful else {})
        for row in rows
    ]


_GAPS = (
    "role", "students_per_post", "short_before", "short_after", "short_after_most",
    "schools_meeting_before", "schools_meeting_after", "schools",
)  # fmt: skip


def _list(title: str, lines: Any) -> None:
    if lines:
        click.echo(title)
    for line in lines:
        click.echo(f"- {line}")


def _pairs(given: tuple[str, ...], option: str) -> dict[str, float]:
    made = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            value = -1.0
        if name not in SUPPORT or not 0 <= value < 1e9:
            raise BadInput(
                f"{option} {text!r}: expected ROLE=NUMBER of zero or more, with a role of "
                f"{', '.join(SUPPORT)}."
            )
        made[name] = value
    return made


def _checked(place: str, wave: str, ratios: dict[str, int]) -> None:
    from_dict(
        {"name": "optimize", "place": place, "baseline": wave, "start": 2026, "years": 1,
         "ratios": ratios}, "optimize",
    )  # fmt: skip
