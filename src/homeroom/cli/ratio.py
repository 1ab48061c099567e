"""ratio: how many times the rate of one group is that of another."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from homeroom.claims.model import Reading, Statistic
from homeroom.claims.nearby import Told
from homeroom.claims.sentences import sentence
from homeroom.cli.confidential import opened
from homeroom.cli.output import as_json_text, print_facts
from homeroom.cli.parts import parts_of
from homeroom.errors import BadInput
from homeroom.figures.figure import Figure
from homeroom.figures.screened import without_doubt
from homeroom.report.names import readable


@click.command()
@parts_of("ratio")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ratio(*, as_json: bool, **asked: Any) -> None:
    """Compare the rates of two groups, or of a group in schools with and without officers."""
    if not asked["versus"] and asked["comparator"] == "group":
        raise BadInput("expected --versus (a group, or `others`) or --comparator same_group.")
    with opened() as room:
        found = room.ratio(**asked)
        place = found.question.place
        names = {place: readable(str(room.place(place)["name"]))}
        (screened,) = without_doubt(room.store, [found])
    if as_json:
        click.echo(as_json_text(contract(found, screened)))
        return
    if found.value is None:
        click.echo(f"No ratio: {found.explanation}")
    else:
        reading = Reading(found.question, Statistic.RATIO, found.value, step=0.1)
        without = Told(found, screened).without
        click.echo(sentence(reading, found, found.value, names, without))
    print_facts(_facts(found), "")
    if found.value is not None and found.explanation:
        click.echo(found.explanation)
    click.echo(found.source)


def contract(found: Figure, screened: Figure | None = None) -> dict[str, Any]:
    """Return a figure as JSON's keys: see the reference of the command line.

    Parameters
    ----------
    screened
        The figure without the schools in doubt, where ``found`` is doubtful.
    """
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
        "reason": found.explanation,
        "reason_id": found.reason,
        "note": found.note,
        "basis": found.basis,
        "universe": found.universe.as_dict(),
        "doubts": [doubt.as_dict() for doubt in found.doubts],
        "doubtful": found.doubtful,
        "all_events": found.all_events,
        "breaks": list(found.breaks),
        "sources": [asdict(source) for source in found.sources],
        "screened": contract(screened) if screened else None,
    }


def _facts(found: Figure) -> dict[str, object]:
    facts: dict[str, object] = {
        "ratio": found.value,
        "from": found.low,
        "to": found.high,
        "interval": found.method,
    }
    for name, side in (("group", found.group), ("versus", found.versus)):
        if side:
            facts |= {f"{name}: students counted": side.count, f"{name}: students": side.students}
    facts |= {
        "all counted": found.all_events, "basis": found.basis, "coverage": found.coverage,
        "note": found.note,
    }  # fmt: skip
    return {name: value for name, value in facts.items() if value is not None}
