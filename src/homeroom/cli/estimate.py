"""estimate: rates and disparities of every district from a hierarchical model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from homeroom.cli.confidential import opened
from homeroom.cli.output import as_json_text, console, print_facts, print_table
from homeroom.errors import BadInput
from homeroom.extras import ESTIMATES, needs
from homeroom.vocabulary.measures import MEASURES


@click.group()
def estimate() -> None:
    """Estimate districts' rates and disparities with a hierarchical model and joint draws."""


_OUTCOME = click.option(
    "--outcome", default="arrests", show_default=True,
    type=click.Choice([name for name, one in MEASURES.items() if one.by_race]),
    help="What is counted.",
)  # fmt: skip
_SPEC = click.option(
    "--spec", default="unified", show_default=True, help="`homeroom estimate specs` lists them."
)


@estimate.command("fit")
@_OUTCOME
@click.option(
    "--wave", "waves", multiple=True,
    help="A wave; repeat it to fit several together. By default the latest in the store.",
)  # fmt: skip
@_SPEC
@click.option("--state", "states", multiple=True, help="Only this state; may be repeated.")
@click.option("--seed", default=1, show_default=True, help="One seed, one result.")
@click.option("--points", default=1024, show_default=True, help="Importance points.")
@click.option("--draws", default=1000, show_default=True, help="Joint draws.")
@click.option("--prior", "changed", multiple=True, metavar="NAME=VALUE", help="Change a prior.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help="Folder to write; by default one beside the store, where `estimate show` looks.",
)  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with an interrupted fit of the same data.")
@click.option("--threads", default=2, show_default=True, help="No result depends on it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fit_command(
    outcome: str,
    waves: tuple[str, ...],
    spec: str,
    states: tuple[str, ...],
    seed: int,
    points: int,
    draws: int,
    changed: tuple[str, ...],
    out: Path | None,
    threads: int,
    *,
    resume: bool,
    as_json: bool,
) -> None:
    """Fit a specification to the districts in the store, and write joint draws."""
    with needs("estimates", *ESTIMATES):
        from homeroom.estimates import data, folders, run  # noqa: PLC0415 - compiled code is slow
        from homeroom.estimates.fit import Settings  # noqa: PLC0415 - as above
        from homeroom.estimates.priors import Priors  # noqa: PLC0415 - as above
        from homeroom.estimates.specs import spec_of  # noqa: PLC0415 - as above

    chosen, priors = spec_of(spec), Priors().changed(**_priors(changed))
    settings = Settings(points=points, draws=draws, seed=seed, threads=threads)
    with opened() as room:
        named = waves or tuple(data.waves_with(room.store, outcome)[-1:])
        cells = data.read_cells(room.store, outcome, named, chosen, states=states)
    folder = out or folders.own_folder() / folders.name_of(outcome, named, spec)
    with _told(quiet=as_json) as tell:
        found = run.fit_and_save(
            cells, chosen, folder, outcome=outcome, waves=named, priors=priors,
            settings=settings, resume=resume, progress=tell,
        )  # fmt: skip
    if as_json:
        click.echo(as_json_text(run.contract(found, spec, folder)))
        return
    _print_fit(run.contract(found, spec, folder))


def _priors(changed: tuple[str, ...]) -> dict[str, float]:
    out = {}
    for text in changed:
        name, sign, value = text.partition("=")
        try:
            out[name] = float(value)
        except ValueError:
            raise BadInput(f"--prior {text!r}: expected NAME=NUMBER.") from None
        if not sign:
            raise BadInput(f"--prior {text!r}: expected NAME=NUMBER.")
    return out


@contextmanager
def _told(*, quiet: bool) -> Iterator[Any]:
    """Show progress on the error stream, where a person can see it."""
    shown = console(stderr=True)
    if quiet or not shown.is_terminal:
        yield None
        return
    from rich.progress import Progress  # noqa: PLC0415 - needed here alone

    with Progress(console=shown, transient=True) as bar:
        task = bar.add_task("start", total=1.0)
        yield lambda name, share: bar.update(task, description=name, completed=share)


def _print_fit(found: dict[str, Any]) -> None:
    click.secho(
        f"{found['spec']}: {found['cells']:,} cells of {found['leas']:,} districts, "
        f"{found['seconds']:.1f} s", bold=True,
    )  # fmt: skip
    print_table(
        [{"parameter": name} | values for name, values in found["hyper"].items()],
        f"Effective importance points {found['ess']:,.0f}, k-hat {found['khat']:.2f}. "
        + " ".join(
            f"Gate {gate['name']} failed: {gate['found']:.3g}, limit {gate['limit']:g}."
            for gate in found["gates"] if not gate["passed"]
        ),
    )  # fmt: skip
    click.echo(f"Draws: {found['draws_path']}")


@estimate.command("bench")
@click.option("--leas", default=14_600, show_default=True, help="Districts.")
@click.option("--waves", default=1, show_default=True, help="Waves with the same effects.")
@_SPEC
@click.option("--points", default=1024, show_default=True, help="Importance points.")
@click.option("--draws", default=1000, show_default=True, help="Joint draws.")
@click.option("--seed", default=3, show_default=True, help="Seed of the counts and of the fit.")
@click.option("--threads", default=2, show_default=True, help="No result depends on it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def bench_command(
    leas: int, waves: int, spec: str, points: int, draws: int, seed: int, threads: int, *,
    as_json: bool,
) -> None:  # fmt: skip
    """Fit a synthetic nation whose truth is known, and say how long it took and how well."""
    with needs("estimates", *ESTIMATES):
        from homeroom.estimates import run  # noqa: PLC0415 - compiled code loads slowly
        from homeroom.estimates.fit import Settings  # noqa: PLC0415 - as above

    for name, value, least in (("leas", leas, 30), ("waves", waves, 1), ("draws", draws, 20)):
        if value < least:
            raise BadInput(f"--{name} {value}: expected {least} or more.")
    settings = Settings(points=points, draws=draws, seed=seed, threads=threads)
    began = time.perf_counter()
    found = run.bench(leas, waves=waves, spec=spec, settings=settings)
    found["seconds_with_compilation"] = round(time.perf_counter() - began, 2)
    if as_json:
        click.echo(as_json_text(found))
        return
    print_facts({k: v for k, v in found.items() if not isinstance(v, (dict, list))}, "Benchmark")
    print_table([{"parameter": name} | values for name, values in found["hyper"].items()])


@estimate.command("specs")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def specs_command(*, as_json: bool) -> None:
    """List the specifications."""
    from homeroom.estimates.specs import specs  # noqa: PLC0415 - keep `--help` quick

    rows = [
        {"spec": one.id, "label": one.label, "formula": one.formula, "doc": one.doc}
        for one in specs().values()
    ]
    if as_json:
        click.echo(as_json_text(rows))
    else:
        print_table(rows)


@estimate.command("show")
@click.argument("place_id", metavar="PLACE")
@_OUTCOME
@click.option("--wave", default="", help="A wave; by default the latest that was fitted.")
@click.option("--spec", default="black_white", show_default=True, help="See `estimate specs`.")
@click.option("--group", default="black", show_default=True, help="white, black, hispanic, other.")
@click.option("--versus", default="white", show_default=True, help="As --group.")
@click.option("--above", type=float, default=None, help="Also: how likely the ratio is above this.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show_command(
    place_id: str, outcome: str, wave: str, spec: str, group: str, versus: str,
    above: float | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Show what the model says of a district, beside what it reported.

    PLACE is a district's name or id. For a state or US, the student-weighted contrast is shown.
    """
    with opened() as room:
        found = room.estimate(
            place_id, outcome, wave or None, spec=spec, group=group, versus=versus,
            above=(1.0, 2.0) if above is None else (1.0, 2.0, above),
        )  # fmt: skip
    if as_json:
        click.echo(as_json_text(found))
        return
    click.secho(found["name"], bold=True)
    click.echo(found["sentence"])
    rows = [
        {"quantity": name} | {key: value[key] for key in _SHOWN}
        for name, value in found["intervals"].items() if value
    ]  # fmt: skip
    print_table(rows, found["note"])
    for value, share in found.get("above", {}).items():
        click.echo(f"Probability that the ratio is above {value}: {share:.0%}")
    raw = found.get("raw")
    if raw:
        click.echo(f"Reported: {raw['sentence']}")


_SHOWN = ("median", "low_50", "high_50", "low_80", "high_80", "low_95", "high_95")


@estimate.command("diagnose")
@_OUTCOME
@click.option("--wave", default="", help="A wave; by default the latest that was fitted.")
@_SPEC
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diagnose_command(outcome: str, wave: str, spec: str, *, as_json: bool) -> None:
    """Say how far a fit can be trusted: gates, predictive checks, and what priors weigh."""
    from homeroom.estimates.diagnostics import diagnose  # noqa: PLC0415 - keep `--help` quick
    from homeroom.estimates.folders import find  # noqa: PLC0415 - as above

    found = diagnose(find(outcome, spec, wave or None))
    if as_json:
        click.echo(as_json_text(found))
        return
    for title, name in (
        ("Gates", "gates"), ("Counts replicated from the model", "predictive"),
        ("Priors, half and twice as wide", "priors"), ("Districts with most events", "largest"),
    ):  # fmt: skip
        click.secho(title, bold=True)
        print_table(found[name])
