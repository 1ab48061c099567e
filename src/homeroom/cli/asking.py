"""find, place, rate, staff: questions to the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
import polars as pl

import homeroom
from homeroom.cli.output import as_json_text, formats, print_facts, print_rows, print_table
from homeroom.evidence.quality import POLICIES
from homeroom.figures.cube import AXES, SECTION_504
from homeroom.figures.rates import BASES
from homeroom.report.profile import profile
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

PLACE = click.option("--place", default="US", show_default=True, help="Place id: see `find`.")
WAVE = click.option(
    "--wave", default="2017-18", show_default=True, help=f"One of {', '.join(WAVES)}."
)
POLICY = click.option(
    "--policy", default="published", show_default=True, help=" ".join(POLICIES.values())
)


@click.command()
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@formats
def find(query: str, limit: int, *, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """Find places by name: nation, states, districts and schools; typos are tolerated."""
    with homeroom.open() as room:
        rows = [asdict(found) for found in room.find(query, limit)]
    if not rows and not (as_json or as_csv or parquet):
        click.echo(f"No place is named like {query!r}.")
        return
    columns = ["id", "name", "kind", "state", "score", "within"]
    print_rows(
        pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None),
        as_json=as_json, as_csv=as_csv, parquet=parquet,
    )  # fmt: skip


@click.command()
@click.option(
    "--measure", required=True, type=click.Choice(list(MEASURES)), help="What is counted."
)
@PLACE
@WAVE
@click.option(
    "--by", default="", help=f"Axes to break down by, joined by commas: {', '.join(AXES)}."
)
@POLICY
@click.option(
    "--basis", type=click.Choice(BASES),
    help="OCR's state table (default for nation and states, where one exists), or sums over "
    "schools in the store.",
)  # fmt: skip
@click.option(
    "--section504", type=click.Choice(SECTION_504), default="with", show_default=True,
    help="Whether totals and denominators include students under Section 504 only, for whom no "
    "race is published.",
)  # fmt: skip
@formats
def rate(
    measure: str,
    place: str,
    wave: str,
    by: str,
    policy: str,
    basis: str | None,
    section504: str,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Return counts and rates per 10,000 students, by group."""
    axes = tuple(axis.strip() for axis in by.split(",") if axis.strip())
    with homeroom.open() as room:
        frame = room.rate(
            measure, place, wave, by=axes, policy=policy, basis=basis, section504=section504
        )
    first = frame.row(0, named=True)
    print_rows(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["group", "students", "count", "rate_per_10000", "status", "coverage"],
        caption=f"{MEASURES[measure].label}, {first['place_name']}, {wave}; policy {policy}. "
        f"{WAVES[wave].note}\n{first['source']}",
    )  # fmt: skip


@click.command()
@PLACE
@WAVE
@POLICY
@formats
def staff(
    place: str, wave: str, policy: str, *, as_json: bool, as_csv: bool, parquet: Path | None
) -> None:
    """Return officers, guards, counselors, social workers, psychologists, nurses and teachers."""
    with homeroom.open() as room:
        frame = room.staff(place, wave, policy=policy)
    first = frame.row(0, named=True)
    note = f" {first['note']}." if first["note"] else ""
    print_rows(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["role", "fte", "students", "students_per_fte", "recommended", "schools_with",
              "schools_without", "schools_unknown", "coverage"],
        caption=f"Staff of {place}, {wave}; policy {policy}.{note}\n{first['source']}",
    )  # fmt: skip


@click.command()
@click.argument("place_id")
@POLICY
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def place(place_id: str, policy: str, *, as_json: bool) -> None:
    """Show a place: students, arrests and referrals, staff, quality flags, sources."""
    with homeroom.open() as room:
        found = profile(room.con, place_id, policy=policy)
    if as_json:
        click.echo(as_json_text(found.as_dict()))
        return
    print_facts({k: v for k, v in found.facts.items() if v is not None}, str(found.facts["name"]))
    for sentence in found.sentences:
        click.echo(sentence)
    for title, rows in found.tables():
        click.secho(f"\n{title}", bold=True)
        print_table(rows)
    for heading, lines in (
        ("Quality", found.flags),
        ("Not at hand", found.missing),
        ("Sources", found.sources),
    ):
        if lines:
            click.secho(f"\n{heading}", bold=True)
            for line in lines:
                click.echo(f"  {line}")
