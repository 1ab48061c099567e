"""gaps, officers, peers, trend, disparity: what stands around a rate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from homeroom.api import Homeroom
from homeroom.api.choices import (
    Axis,
    Basis,
    Level,
    Measure,
    Policy,
    Section504,
    Statistic,
    Wave,
)
from homeroom.cli.asking import POLICY
from homeroom.cli.confidential import opened
from homeroom.cli.output import as_json_text, formats, print_figures, print_table
from homeroom.cli.parts import parts_of
from homeroom.errors import BadInput, NotAvailable
from homeroom.figures.disparities import METHODS, statistic_columns
from homeroom.figures.officers import WORDS
from homeroom.figures.peers import FEATURES, WEIGHTS
from homeroom.vocabulary.measures import MEASURES

_MEASURE = click.option(
    "--measure", type=click.Choice(list(MEASURES)), default="arrests", show_default=True
)


_WAVE = click.option("--wave", help="Wave of the standing; the latest usable one if none is named.")


@click.command()
@parts_of("gaps")
@formats
def gaps(
    place: str,
    wave: Wave | None,
    policy: Policy,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Count students in schools with a police officer and without support staff, set by set."""
    with opened() as room:
        frame = room.gaps(place, wave, policy=policy)
        first = frame.row(0, named=True)
        name = room.name(first["place"])
    print_figures(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["label", "schools", "students", "share", "unknown_schools", "unknown_students"],
        title=f"{name}, {first['wave']}; policy {policy}. Lacking any is a union, lacking all an "
        "intersection; a school that did not report is unknown, not zero.",
        after=[first["source"]],
    )  # fmt: skip


@click.command()
@parts_of("officers")
@formats
def officers(
    measure: Measure,
    place: str,
    wave: Wave | None,
    policy: Policy,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Hold schools with officers against schools without: an association, not an effect."""
    with opened() as room:
        frame = room.officers(measure, place, wave, policy=policy)
        first = frame.row(0, named=True)
        name = room.name(first["place"])
    print_figures(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["group", "officer", "count", "rate_per_10000", "low", "high", "students", "schools",
              "mean_of_schools"],
        title=f"{MEASURES[measure].label}, {name}, {first['wave']}; policy {policy}. {WORDS}",
    )  # fmt: skip


@click.command()
@parts_of("peers")
@click.option(
    "--weight", "weights", multiple=True, metavar="FEATURE=NUMBER",
    help=f"Replace the weights; features left out weigh nothing. Features: {', '.join(FEATURES)}.",
)  # fmt: skip
@click.option("--among", multiple=True, metavar="PLACE", help="Name the peers yourself.")
@_MEASURE
@_WAVE
@POLICY
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def peers(
    place: str,
    count: int,
    weights: tuple[str, ...],
    among: tuple[str, ...],
    measure: Measure,
    wave: Wave | None,
    policy: Policy,
    *,
    same_state: bool,
    as_json: bool,
) -> None:
    """List the places most like a place, and where its rate stands among them."""
    chosen = _weights(weights)
    with opened() as room:
        frame = room.peers(place, count=count, weights=chosen, same_state=same_state)
        others = list(among) or frame["place"][1:].to_list()
        stands, why_not = _standing(room, frame["place"][0], others, measure, wave, policy)
    used = chosen or WEIGHTS
    if as_json:
        found = {"weights": used, "peers": frame.to_dicts(), "standing": stands, "note": why_not}
        click.echo(as_json_text(found))
        return
    print_table(
        frame.select("place", "name", "state", "students", "distance", "compared_on").to_dicts(),
        f"Weights: {', '.join(f'{name} {weight:g}' for name, weight in used.items())}",
    )
    click.echo(why_not if stands is None else _stands(stands, MEASURES[measure].label))


def _standing(
    room: Homeroom,
    place: str,
    others: list[str],
    measure: Measure,
    wave: Wave | None,
    policy: Policy,
) -> tuple[dict[str, Any] | None, str | None]:
    """Return where the place stands, or why nobody can say; the peers are worth seeing anyway."""
    try:
        return room.standing(place, others, measure, wave, policy=policy), None
    except NotAvailable as error:
        return None, str(error)


def _stands(stands: dict[str, Any], label: str) -> str:
    """Say where a rate stands, what is left out, and what to know of the rate itself."""
    about = f"{label}, {stands['wave']}"
    note = f" {stands['note']}." if stands["note"] else ""
    if stands["rate_per_10000"] is None:
        return f"{about}: the place has no figure, so it has no standing.{note}"
    said = f"{about}: {stands['rate_per_10000']:,.1f} per 10,000 students.{note}"
    left = stands["doubtful_peers"]
    if stands["doubtful"]:
        return f"{said} A doubtful figure gets no standing among peers."
    if stands["percentile"] is None:
        said += " No peer has a figure to stand beside it."
    else:
        said += (
            f" {stands['lower']} of {stands['peers_with_a_rate']} peers with a figure are lower."
        )
    if left:
        said += f" Left out because their figures are doubtful: {left}."
    return said


@click.command()
@parts_of("trend")
@formats
def trend(
    measure: Measure,
    place: str,
    policy: Policy,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Return rates over the waves, with every break marked."""
    with opened() as room:
        frame = room.trend(measure, place, policy=policy)
        name = room.name(frame["place"][0])
    print_figures(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["group", "wave", "count", "rate_per_10000", "low", "high", "segment",
              "break_before"],
        title=f"{MEASURES[measure].label}, {name}; policy {policy}. Join points of one segment "
        "only.",
    )  # fmt: skip


@click.command()
@parts_of("disparity")
@formats
def disparity(
    measure: Measure,
    wave: Wave | None,
    policy: Policy,
    basis: Basis | None,
    level: Level,
    within: str,
    by: tuple[Axis, ...],
    versus: str,
    statistics: tuple[Statistic, ...],
    section504: Section504,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Return disparities of every place of a level at once, with intervals and reasons."""
    with opened() as room:
        frame = room.disparity(
            measure, wave, level=level, within=within, by=by, versus=versus,
            statistics=statistics, policy=policy, basis=basis, section504=section504,
        )  # fmt: skip
    methods = "; ".join(METHODS[name] for name in statistics)
    print_figures(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["name", *by, "count", "students",
              *(column for name in statistics for column in statistic_columns(name)[:3])],
        title=f"{MEASURES[measure].label}, {frame['wave'][0]}, against {versus}; policy {policy}. "
        f"{'' if wave else 'The wave is the latest usable one. '}{methods}.",
    )  # fmt: skip


def _weights(given: tuple[str, ...]) -> dict[str, float] | None:
    found = {}
    for text in given:
        name, _, number = text.partition("=")
        try:
            found[name] = float(number)
        except ValueError as error:
            raise BadInput(
                f"--weight {text!r}: expected FEATURE=NUMBER, as in poverty=2."
            ) from error
    return found or None
