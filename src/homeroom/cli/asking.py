"""find, place, rate, staff: questions to the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click
import polars as pl

from homeroom.api.choices import Axis, Basis, Measure, Policy, Section504, Wave
from homeroom.cli.confidential import opened
from homeroom.cli.output import (
    as_json_text,
    formats,
    print_facts,
    print_figures,
    print_rows,
    print_table,
)
from homeroom.cli.parts import parts_of
from homeroom.evidence.place_ids import repair_note
from homeroom.evidence.quality import POLICIES
from homeroom.report.names import readable
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

POLICY = click.option(
    "--policy", default="published", show_default=True, help=" ".join(POLICIES.values())
)


@click.command()
@click.argument("query")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@formats
def find(query: str, limit: int, *, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """Find places by name or id: nation, states, districts, and schools; typos are tolerated."""
    with opened() as room:
        rows = [asdict(found) for found in room.find(query, limit)]
    if note := repair_note(query):
        click.echo(note, err=True)
    if not rows and not (as_json or as_csv or parquet):
        click.echo(f"No place has the id or a name like {query!r}.")
        return
    columns = ["id", "name", "kind", "state", "score", "within"]
    print_rows(
        pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None),
        as_json=as_json, as_csv=as_csv, parquet=parquet,
    )  # fmt: skip


@click.command()
@parts_of("rate")
@formats
def rate(
    measure: Measure,
    place: str,
    wave: Wave | None,
    by: tuple[Axis, ...],
    policy: Policy,
    basis: Basis | None,
    section504: Section504,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Return counts and rates per 10,000 students, by group."""
    with opened() as room:
        frame = room.rate(
            measure, place, wave, by=by, policy=policy, basis=basis, section504=section504
        )
    first = frame.row(0, named=True)
    print_figures(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["group", "count", "rate_per_10000", "low", "high", "students", "status", "coverage"],
        title=f"{MEASURES[measure].label}, {first['name']}, {first['wave']}; "
        f"policy {policy}. {WAVES[first['wave']].note}",
        after=[first["source"]],
    )  # fmt: skip


@click.command()
@parts_of("staff")
@formats
def staff(
    place: str,
    wave: Wave | None,
    policy: Policy,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Return officers, guards, counselors, social workers, psychologists, nurses, and teachers."""
    with opened() as room:
        frame = room.staff(place, wave, policy=policy)
        first = frame.row(0, named=True)
        name = room.name(first["place"])
    print_figures(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["role", "fte", "students", "students_per_fte", "recommended", "schools_with",
              "schools_without", "schools_unknown", "coverage"],
        title=f"Staff, {name}, {first['wave']}; policy {policy}.",
        after=[first["source"]],
    )  # fmt: skip


@click.command()
@click.argument("place_id", metavar="PLACE")
@POLICY
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def place(place_id: str, policy: Policy, *, as_json: bool) -> None:
    """Show a place: students, arrests and referrals, staff, quality flags, sources.

    PLACE is a name, a postal code, or an id.
    """
    with opened() as room:
        found = room.profile(place_id, policy=policy)
    if as_json:
        click.echo(as_json_text(found.as_dict()))
        return
    if note := repair_note(place_id):
        click.echo(note, err=True)
    print_facts({k: v for k, v in found.facts.items() if v is not None}, str(found.facts["name"]))
    for sentence in found.sentences:
        click.echo(sentence)
    for title, rows in found.tables():
        click.secho(f"\n{title}", bold=True)
        print_table(rows)
    for heading, lines in (
        ("Districts within it", [f"{one.id}  {readable(one.name)}" for one in found.parts]),
        ("Quality", found.flags),
        ("Not in the store", found.missing),
        ("Sources", found.sources),
    ):
        if lines:
            click.secho(f"\n{heading}", bold=True)
            for line in lines:
                click.echo(f"  {line}")
    if found.missing and not found.part_of:
        click.echo(
            "\n`homeroom download --wave WAVE` fetches an official file and "
            "`homeroom build --from` adds it."
        )
