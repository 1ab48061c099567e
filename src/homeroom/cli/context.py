"""gaps, officers, peers, trend: what stands around a rate."""

from __future__ import annotations

from pathlib import Path

import click

import homeroom
from homeroom.cli.asking import PLACE, POLICY, WAVE
from homeroom.cli.output import as_json_text, formats, print_rows, print_table
from homeroom.errors import BadInput
from homeroom.figures.disparities import LEVELS, METHODS, STATISTICS
from homeroom.figures.officers import WORDS
from homeroom.figures.peers import FEATURES, WEIGHTS, standing
from homeroom.figures.question import OTHERS
from homeroom.vocabulary.measures import MEASURES

_MEASURE = click.option(
    "--measure", type=click.Choice(list(MEASURES)), default="arrests", show_default=True
)


@click.command()
@PLACE
@WAVE
@POLICY
@formats
def gaps(
    place: str, wave: str, policy: str, *, as_json: bool, as_csv: bool, parquet: Path | None
) -> None:
    """Count students in schools with a police officer and without support staff, set by set."""
    with homeroom.open() as room:
        frame = room.gaps(place, wave, policy=policy)
    note = frame["note"][0]
    print_rows(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["label", "schools", "students", "share", "unknown_students"],
        caption=f"{place}, {wave}; policy {policy}. Lacking any is a union, lacking all an "
        "intersection; a school that did not report is unknown, not zero."
        + (f" {note.capitalize()}." if note else ""),
    )  # fmt: skip


@click.command()
@_MEASURE
@PLACE
@WAVE
@POLICY
@formats
def officers(
    measure: str,
    place: str,
    wave: str,
    policy: str,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Hold schools with officers against schools without: an association, not an effect."""
    with homeroom.open() as room:
        frame = room.officers(measure, place, wave, policy=policy)
    print_rows(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["group", "officer", "schools", "students", "count", "rate_per_10000",
              "mean_of_schools"],
        caption=f"{MEASURES[measure].label}, {place}, {wave}; policy {policy}. {WORDS}",
    )  # fmt: skip


@click.command()
@PLACE
@click.option("--count", default=10, show_default=True, type=click.IntRange(1, 200))
@click.option(
    "--weight", "weights", multiple=True, metavar="FEATURE=NUMBER",
    help=f"Replace the weights; features left out weigh nothing. Features: {', '.join(FEATURES)}.",
)  # fmt: skip
@click.option("--same-state", is_flag=True, help="Only places of the same state.")
@click.option("--among", multiple=True, metavar="PLACE", help="Name the peers yourself.")
@_MEASURE
@WAVE
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def peers(
    place: str,
    count: int,
    weights: tuple[str, ...],
    among: tuple[str, ...],
    measure: str,
    wave: str,
    *,
    same_state: bool,
    as_json: bool,
) -> None:
    """List the places most like a place, and where its rate stands among them."""
    chosen = _weights(weights)
    with homeroom.open() as room:
        frame = room.peers(place, count=count, weights=chosen, same_state=same_state)
        others = list(among) or frame["place_id"][1:].to_list()
        stands = standing(room.con, place, others, measure, wave)
    if as_json:
        click.echo(
            as_json_text(
                {"weights": chosen or WEIGHTS, "peers": frame.to_dicts(), "standing": stands}
            )
        )
        return
    used = ", ".join(f"{name} {weight:g}" for name, weight in (chosen or WEIGHTS).items())
    print_table(
        frame.select("place_id", "name", "state", "students", "distance", "compared_on").to_dicts(),
        f"Weights: {used}",
    )
    if stands["percentile"] is not None:
        click.echo(
            f"{MEASURES[measure].label}, {wave}: {stands['rate_per_10000']:.1f} per 10,000 "
            f"students; "
            f"{stands['lower']} of {stands['peers_with_a_rate']} peers with a figure are lower."
        )


@click.command()
@_MEASURE
@PLACE
@POLICY
@formats
def trend(
    measure: str, place: str, policy: str, *, as_json: bool, as_csv: bool, parquet: Path | None
) -> None:
    """Return rates over the waves, with every break marked."""
    with homeroom.open() as room:
        frame = room.trend(measure, place, policy=policy)
    print_rows(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["group", "wave", "count", "rate_per_10000", "segment", "break_before"],
        caption=f"{MEASURES[measure].label}, {place}; policy {policy}. Join points of one segment "
        "only.",
    )  # fmt: skip


@click.command()
@_MEASURE
@WAVE
@POLICY
@click.option("--level", type=click.Choice(LEVELS), default="state", show_default=True)
@click.option("--within", default="US", show_default=True, help="Place id that bounds the search.")
@click.option("--by", default="race", show_default=True, help="Axes, joined by commas.")
@click.option(
    "--versus", default=OTHERS, show_default=True,
    help="Group of the first axis to hold the others against, or `others`.",
)  # fmt: skip
@click.option(
    "--statistic", "statistics", multiple=True, type=click.Choice(STATISTICS),
    default=("rate", "ratio"), show_default=True,
)  # fmt: skip
@formats
def disparity(
    measure: str,
    wave: str,
    policy: str,
    level: str,
    within: str,
    by: str,
    versus: str,
    statistics: tuple[str, ...],
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Return disparities of every place of a level at once, with intervals and reasons."""
    axes = tuple(axis.strip() for axis in by.split(",") if axis.strip())
    with homeroom.open() as room:
        frame = room.disparities(
            measure, wave, level=level, within=within, by=axes, versus=versus,
            statistics=statistics, policy=policy,
        )  # fmt: skip
    methods = "; ".join(METHODS[name] for name in statistics)
    print_rows(
        frame, as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["place", *axes, "events", "students",
              *(f"{name}{end}" for name in statistics for end in ("", "_low", "_high", "_reason"))],
        caption=f"{MEASURES[measure].label}, {wave}, against {versus}; policy {policy}. {methods}.",
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
