"""`homeroom research`: findings on both sides, what they say together, costs, charts, checks."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import polars as pl
from rich.console import Console
from rich.table import Table

import homeroom
from homeroom import research as library
from homeroom.cli.output import as_json_text, formats, print_rows
from homeroom.context import removals as registry
from homeroom.errors import BadInput, NotAvailable
from homeroom.research.balance import SIDES
from homeroom.research.library_files import SHIPPED
from homeroom.research.schema import CostKind, Grade, Verified
from homeroom.research.summary import RULE
from homeroom.vocabulary.measures import MEASURES

_unverified = click.option(
    "--include-unverified",
    is_flag=True,
    help="Count findings that are known only from a report about the publication, too.",
)


@click.group("research", invoke_without_command=True)
@click.option("--intervention", help="For example sro_presence, sro_removal, additional_counselor.")
@click.option("--outcome", help="For example school_arrests, suspensions, nongun_violence.")
@click.option(
    "--grade",
    type=click.Choice([str(one) for one in Grade]),
    help="How much weight the design bears.",
)
@click.option(
    "--verified/--unverified",
    default=None,
    help="Only what was read in the publication, or only what was not; both by default.",
)
@formats
@click.pass_context
def research(
    context: click.Context,
    intervention: str | None,
    outcome: str | None,
    grade: str | None,
    *,
    verified: bool | None,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """List what studies found, on both sides, with the weight that each can bear."""
    if context.invoked_subcommand is not None:
        return
    rows = library.findings(intervention, outcome, grade, verified)
    if as_json or as_csv or parquet:
        print_rows(rows, as_json=as_json, as_csv=as_csv, parquet=parquet)
        return
    if rows.is_empty():
        raise NotAvailable(
            "expected findings for this question, found none in the library: ask with fewer "
            "options, or add a study (docs/how-to/add-research.md)"
        )
    console = _console()
    if intervention:
        _say_summary(console, library.summarize(intervention, [outcome] if outcome else []))
    console.print(_findings_table(rows))
    if intervention and outcome:
        for one in library.synthesise(intervention, outcome):
            console.print(one.sentence)
    reasons = rows.select("source_id", "grade", "grade_reason").unique(maintain_order=True)
    for source, given, reason in reasons.rows():
        console.print(f"{source}: {_words(given)}. {reason}", style="dim", highlight=False)


@research.command()
@click.option("--intervention", help="By default the questions that people ask most.")
@click.option("--outcome", help="Keep to one outcome.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def summary(intervention: str | None, outcome: str | None, *, as_json: bool) -> None:
    """Say what the strongest studies find on each side, what weaker ones add, what nobody knows."""
    if outcome and not intervention:
        raise BadInput("expected --intervention beside --outcome, found none: name both")
    asked = [outcome] if outcome else []
    found = (library.summarize(intervention, asked),) if intervention else library.at_a_glance()
    if as_json:
        click.echo(as_json_text([one.as_dict() for one in found]))
        return
    console = _console()
    for one in found:
        _say_summary(console, one)
    console.print(RULE, style="dim", highlight=False)


@research.command()
@click.argument("event", required=False)
@click.option("--measure", type=click.Choice(list(MEASURES)), default="arrests", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def removals(event: str | None, measure: str, *, as_json: bool) -> None:
    """List districts that ended or restored officers; with EVENT, the waves around it."""
    if event is None:
        rows = [one.as_dict() for one in registry.events()]
        if as_json:
            click.echo(as_json_text(rows))
            return
        for row in rows:
            click.echo(
                f"{row['event_id']} {row['district']}, {row['state']}: {row['event']}, "
                f"{row['date']}; {row['urls'].split(' ')[0]}"
            )
        click.echo(registry.NOTE)
        return
    from homeroom.report import event_view  # noqa: PLC0415 - it brings the engine

    with homeroom.open() as room:
        found = event_view.view(room.store, registry.event(event), measure)
    if as_json:
        click.echo(as_json_text(found.as_dict()))
        return
    click.echo(f"{found.event.district}: {found.event.event}, {found.event.date}")
    for one in found.moments:
        own = "no figure" if one.figure.value is None else f"{one.figure.value:.1f}"
        beside = "no figure" if one.beside is None else f"{one.beside:.1f}"
        click.echo(
            f"  {one.wave} ({one.when}): {own} for every 10,000 students; {one.beside_count} "
            f"districts like it: {beside}"
        )
    click.echo(" ".join(filter(None, [found.missing, event_view.LIMITS])))


@research.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def balance(*, as_json: bool) -> None:
    """Count the findings on each intervention by direction: better, null or mixed, worse."""
    rows = [{"intervention": one.intervention} | one.counts() for one in library.balance()]
    if as_json:
        click.echo(as_json_text(rows))
        return
    table = Table("intervention", *(side.replace("_", " ") for side in SIDES))
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    _console().print(table)


@research.command()
@click.option("--intervention", required=True)
@click.option("--outcome", required=True)
@click.option("--method", type=click.Choice(["reml", "dl"]), default="reml", show_default=True)
@_unverified
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def synthesis(
    intervention: str,
    outcome: str,
    method: Any,
    *,
    include_unverified: bool,
    as_json: bool,
) -> None:
    """Pool what is comparable; otherwise count the studies by direction and grade."""
    found = library.synthesise(
        intervention, outcome, include_unverified=include_unverified, method=method
    )
    if as_json:
        click.echo(as_json_text([asdict(one) for one in found]))
        return
    console = _console()
    for one in found:
        console.print(one.sentence, highlight=False)
        for grade, row in one.votes.items():
            said = "; ".join(f"{name}: {', '.join(who)}" for name, who in row.items() if who)
            console.print(f"  {_words(grade)}: {said}", highlight=False)
        console.print(f"Used: {', '.join(one.used) or 'none'}", highlight=False)
        for number, reason in one.left_out.items():
            console.print(f"  left out {number}: {reason}", style="dim", highlight=False)


@research.command()
@click.option("--kind", type=click.Choice([str(one) for one in CostKind]))
@click.option("--role", help="For example counselor, social_worker, nurse, officer.")
@formats
def costs(
    kind: str | None, role: str | None, *, as_json: bool, as_csv: bool, parquet: Path | None
) -> None:
    """List costs with their basis, source and how each was verified."""
    rows = library.costs(kind, role)
    if as_csv:
        rows = rows.with_columns(pl.col("urls", "derived_from").list.join(" "))
    if as_json or as_csv or parquet:
        print_rows(rows, as_json=as_json, as_csv=as_csv, parquet=parquet)
        return
    table = Table("cost", "item", "unit", "low", "central", "high", "basis", "verified in")
    for row in rows.iter_rows(named=True):
        figures = [_figure(row[name]) for name in ("low", "central", "high")]
        table.add_row(
            row["cost_id"], row["item"], row["unit"], *figures, row["basis"],
            _words(row["verified_in"]),
        )  # fmt: skip
    _console().print(table)


@research.command()
@click.argument("path", required=False, type=click.Path(path_type=Path, file_okay=False))
def check(path: Path | None) -> None:
    """Check the library's YAML, or that of another folder; list everything that is wrong."""
    complaints = library.check(path or SHIPPED)
    for complaint in complaints:
        click.echo(f"- {complaint}")
    if complaints:
        raise BadInput(f"expected a library without errors, found {len(complaints)}: correct them")
    click.echo("The research library is well formed.")


@research.command()
@click.argument("kind", type=click.Choice(["forest", "gaps"]))
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--intervention", help="For the forest plot.")
@click.option("--outcome", help="For the forest plot.")
def chart(kind: str, path: Path, intervention: str | None, outcome: str | None) -> None:
    """Draw a forest plot or the evidence-gap map into an SVG or PNG file."""
    from homeroom.report.gap_map import gap_map  # noqa: PLC0415 - Altair is slow to import
    from homeroom.report.research_charts import forest  # noqa: PLC0415 - as above

    if kind == "gaps":
        picture = gap_map()
    elif intervention and outcome:
        picture = forest(intervention, outcome)
    else:
        raise BadInput("expected --intervention and --outcome for a forest plot: name both")
    picture.save(path)
    click.echo(picture.alt)


def _say_summary(console: Console, found: library.Summary) -> None:
    console.print(f"{found.label}: {found.headline}", style="bold", highlight=False)
    for side in found.sides.values():
        if side.name == "disputed" and not (side.strongest or side.weaker):
            continue
        for text in side.sentences:
            console.print(f"  {text}", highlight=False)
    console.print(f"  {found.note}", highlight=False)
    for one in found.unmeasured:
        console.print(f"  Nobody has measured: {one.label}. {one.reason}", highlight=False)


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 120)


def _findings_table(rows: pl.DataFrame) -> Table:
    table = Table("finding", "source", "compared", "outcome is", "size", show_lines=True)
    for row in rows.iter_rows(named=True):
        about = row["measured"] or _words(row["outcome"])
        read = _words(row["verified_in"]) + ("" if row["verified"] else " (not verified)")
        replaced = f"\nreplaced by {row['superseded_by']}" if row["superseded_by"] else ""
        table.add_row(
            row["effect_id"],
            f"{row['source_id']} ({row['year'] or 'no year'})\n{_words(row['grade'])}: "
            f"{_words(row['design'])}\nread in: {read}{replaced}",
            row["contrast"],
            f"{row['change']}: {about}\n({row['subgroup']})",
            _size(row),
        )
    return table


def _size(row: dict[str, Any]) -> str:
    if row["scale"] == "direction_only":
        return "no size in the text seen"
    scale = _words(row["scale"])
    if row["uncertainty"] == "range":
        return f"range {row['low']:g} to {row['high']:g}, {scale}\n(a range, not an interval)"
    text = f"{row['estimate']:g} {scale}"
    if row["low"] is not None:
        made = "computed" if row["interval_computed"] else "published"
        return f"{text}\n{made} 95% interval {row['low']:g} to {row['high']:g}"
    return text + "\nno uncertainty in the text seen"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _words(name: str) -> str:
    if name == Verified.SECONDARY:
        return "a report about it"
    return name.replace("_", " ")
