"""check and claims: public claims, checked against the data."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click

from homeroom.api import Homeroom
from homeroom.api.articles import catalogue_frame
from homeroom.claims import wording
from homeroom.claims.check import check_reading
from homeroom.claims.checked import Checked, asked_back
from homeroom.claims.model import Reading, Relation, Statistic
from homeroom.claims.verdict import CRITERIA, LABELS
from homeroom.claims.waves import DEFAULT
from homeroom.cli.confidential import marked_picture, opened
from homeroom.cli.output import as_json_text, cell, formats, print_rows
from homeroom.errors import Ambiguous, BadInput, NotAvailable
from homeroom.figures.question import Question
from homeroom.report.claim_check import check as check_claim
from homeroom.report.claim_research import on_topic
from homeroom.report.names import readable
from homeroom.report.specification_curve import specification_curve
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES


@click.command()
@click.argument("claim", required=False)
@click.option("--measure", type=click.Choice(list(MEASURES)), help="What is counted.")
@click.option("--group", default="", help="Whom the claim is about: black+hispanic.")
@click.option("--versus", default="", help="Whom they are compared with, or `others`.")
@click.option(
    "--place", default="US", show_default=True, help="A place's id or name: US-TX, Austin ISD."
)
@click.option("--wave", default="", help="School year of the collection, as 2017-18.")
@click.option("--value", type=float, help="The number that the claim states.")
@click.option(
    "--statistic",
    type=click.Choice([str(one) for one in Statistic]),
    help="ratio, or rate where --versus is empty.",
)
@click.option(
    "--relation",
    type=click.Choice([str(one) for one in Relation]),
    default="about",
    show_default=True,
)
@click.option(
    "--said-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day of the claim: later figures are shown as later.",
)
@click.option("--chart", type=click.Path(dir_okay=False, path_type=Path), help="Write SVG or PNG.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(
    claim: str | None,
    measure: str | None,
    group: str,
    versus: str,
    place: str,
    wave: str,
    value: float | None,
    statistic: str | None,
    relation: str,
    said_on: datetime | None,
    chart: Path | None,
    *,
    as_json: bool,
) -> None:
    """Hold a CLAIM to the data: an id of `homeroom claims`, a sentence, or options.

    A sentence that can be read in several ways is not guessed at: sentences to choose from are
    listed, and the exit code is 2. It is 3 where a claim cannot be tested with these data, or is
    not a factual claim.
    """
    with opened() as room:
        try:
            if claim:
                found = check_claim(
                    room.store, claim, finder=room.index.find, namer=_namer(room),
                    said_on=said_on.date() if said_on else None,
                )  # fmt: skip
            else:
                question = Question(
                    measure=measure or "arrests", group=Group(group or "all"), versus=versus,
                    place=room.resolve(place), wave=wave or DEFAULT,
                )  # fmt: skip
                found = _by_options(room, question, value, statistic, relation, bool(wave))
        except Ambiguous as error:
            if as_json:
                click.echo(as_json_text(asked_back(claim or "", error)))
            else:
                _ask(error)
            sys.exit(error.exit_code)
    if chart:
        marked_picture(specification_curve(found)).save(chart)
    if as_json:
        studies = {"findings": [on_topic(topic).as_dict() for topic in found.research]}
        click.echo(as_json_text(found.as_dict() | studies))
    else:
        _print(found)
        if chart:
            click.echo(f"Chart written to {chart}")
    if found.status != "checked":
        sys.exit(NotAvailable.exit_code)


def _by_options(
    room: Homeroom,
    question: Question,
    value: float | None,
    statistic: str | None,
    relation: str,
    dated: bool,  # noqa: FBT001
) -> Checked:
    if value is None:
        raise BadInput("expected a claim (an id or a sentence), or options with --value.")
    if not math.isfinite(value):
        raise BadInput(f"--value {value}: expected a number.")
    reading = Reading(
        question,
        Statistic(statistic or ("ratio" if question.versus else "rate")),
        value,
        Relation(relation),
        step=10.0 ** -len(f"{value:g}".partition(".")[2]),
        left_open=() if dated else ("wave",),
    )
    names = {question.place: _namer(room)(question.place)}
    what = MEASURES[question.measure].label.lower()
    stated = f"{wording.subject(question)}, {what}: {wording.stated(reading)}"
    return check_reading(room.store, reading, stated, names=names)


def _namer(room: Homeroom) -> Callable[[str], str]:
    return lambda place: readable(str(room.place(place)["name"]))


def _ask(error: Ambiguous) -> None:
    click.echo(f"{error}", err=True)
    for choice in error.choices:
        click.echo(f"  - {choice}", err=True)


def _print(found: Checked) -> None:
    click.secho(found.statement, bold=True)
    click.echo(found.reading)
    click.secho(f"\n{LABELS[found.verdict]}", bold=True)
    click.echo(found.sentence)
    if found.say_instead:
        click.echo(f"Say instead: {found.say_instead}")
    click.echo(f"Criterion: {CRITERIA[found.verdict]}")
    _print_definitions(found)
    for entry in found.evidence:
        click.secho(f"\nNearest evidence: {entry['says']}", bold=True)
        for text in entry["figures"]:
            click.echo(f"  {text}")
        if entry["caution"]:
            click.echo(f"  {entry['caution']}")
    for topic in found.research:
        studies = on_topic(topic)
        click.secho(f"\nResearch: {studies.sentence}", bold=True)
        for row in studies.rows:
            doubt = "" if row["verified"] else ", not verified in full text"
            click.echo(
                f"  {row['effect_id']} {row['authors']} {row['year']}: {row['outcome']} "
                f"{row['change']}; {row['design']}, {row['grade']}{doubt}"
            )
    for provision in found.law:
        click.echo(f"Provision of the bill: {provision}")
    if found.sources:
        click.secho("\nSources", bold=True)
        for source in found.sources:
            click.echo(f"  {source}")


def _print_definitions(found: Checked) -> None:
    if not found.multiverse.definitions:
        return
    click.secho("\nDefinitions", bold=True)
    part = found.fitting
    if part.definitions:
        click.echo(
            f"  {part.definitions:,} definitions fit the claim's words: figures of "
            f"{cell(part.min)} to {cell(part.max)}; {part.reaching:,} meet the stated number"
        )
    if found.nearest:
        click.echo("  Neighboring claims, which don't decide:")
    for near in found.nearest:
        mark = "reaches it" if near["reaches"] else "comes nearest"
        note = f". {near['note']}" if near["note"] else ""
        click.echo(f"  {near['definition']}: {cell(near['value'])} ({mark}){note}")


@click.command()
@formats
def claims(*, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """List the claims of the catalogue."""
    frame = catalogue_frame()
    if as_json or as_csv or parquet:
        print_rows(frame, as_json=as_json, as_csv=as_csv, parquet=parquet)
        return
    for row in frame.to_dicts():
        click.secho(f"{row['id']}  ({row['kind']})", bold=True)
        click.echo(f"  {row['wording']}\n  {row['speaker']}, {row['role']}")
