"""ratio: how many times the rate of one group is that of another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

import homeroom
from homeroom.claims import words
from homeroom.claims.model import Reading, Statistic
from homeroom.cli.asking import PLACE, POLICY, WAVE
from homeroom.cli.output import as_json_text, print_facts
from homeroom.errors import BadInput
from homeroom.figures.engine import AVERAGES, COMPARATORS, answer
from homeroom.figures.figure import Answer
from homeroom.figures.from_schools import FILTERS
from homeroom.figures.question import Question
from homeroom.vocabulary.measures import MEASURES


@click.command()
@click.option("--measure", type=click.Choice(list(MEASURES)), default="arrests", show_default=True)
@click.option(
    "--group",
    default="all",
    show_default=True,
    help="A group of students; + pools (black+hispanic), / crosses (black/male).",
)
@click.option("--versus", default="", help="Another group, or `others`: everyone else.")
@click.option(
    "--comparator",
    type=click.Choice(COMPARATORS),
    default="group",
    show_default=True,
    help="`same_group` holds schools with an officer against schools without.",
)
@PLACE
@WAVE
@POLICY
@click.option("--sex", default="all", show_default=True)
@click.option("--disability", default="all", show_default=True)
@click.option("--section504", default="with", show_default=True, help="with or without.")
@click.option("--basis", default="", help="state_table or schools; by default what fits.")
@click.option("--average", type=click.Choice(AVERAGES), default="pooled", show_default=True)
@click.option("--schools", type=click.Choice(list(FILTERS)), default="all", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ratio(*, as_json: bool, **asked: str) -> None:
    """Compare the rates of two groups, or of a group in schools with and without officers."""
    question = Question(**asked)
    if not question.versus and question.comparator == "group":
        raise BadInput("expected --versus (a group, or `others`) or --comparator same_group.")
    with homeroom.open() as room:
        found = answer(room.con, [question])[0]
        names = {question.place: str(room.place(question.place)["name"])}
    if as_json:
        click.echo(as_json_text(contract(found)))
        return
    if found.value is None:
        click.echo(f"No ratio: {found.explanation}")
    else:
        reading = Reading(question, Statistic.RATIO, found.value)
        click.echo(words.figure(reading, found, found.value, names))
    print_facts(_facts(found), "")
    if found.value is not None and found.explanation:
        click.echo(found.explanation)
    click.echo(found.source)


def contract(found: Answer) -> dict[str, Any]:
    """Return an answer as JSON's keys: see the reference of the command line."""
    q = found.question
    return {
        "ratio": found.value,
        "low": found.low,
        "high": found.high,
        "method": found.method,
        "group": asdict(found.group),
        "versus": asdict(found.versus) if found.versus else None,
        "place": q.place,
        "wave": q.wave,
        "policy": q.policy,
        "coverage": found.coverage,
        "source": found.source,
        "reason": found.reason,
        "explanation": found.explanation,
        "note": found.note,
        "basis": found.basis,
    }


def _facts(found: Answer) -> dict[str, object]:
    facts: dict[str, object] = {
        "ratio": found.value,
        "from": found.low,
        "to": found.high,
        "interval": found.method,
    }
    for name, side in (("group", found.group), ("versus", found.versus)):
        if side:
            facts |= {f"{name}: students counted": side.count, f"{name}: students": side.students}
    facts |= {"basis": found.basis, "coverage": found.coverage, "note": found.note}
    return {name: value for name, value in facts.items() if value is not None}
