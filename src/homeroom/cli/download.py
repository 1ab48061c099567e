"""``homeroom download``: fetch official ZIPs, and build the national store."""

from __future__ import annotations

import os
from pathlib import Path

import click

from homeroom.cli.watching import Watch, watching
from homeroom.evidence import national
from homeroom.evidence import store as stores
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.national import Fetched
from homeroom.vocabulary.waves import with_archive

MIRROR = "HOMEROOM_MIRROR"
_STOPPED = "Stopped. What was fetched is kept: run the same command again to go on."


@click.command()
@click.option(
    "--wave",
    "waves",
    multiple=True,
    metavar="WAVE",
    help="A wave, such as 2021-22; may be given several times.",
)
@click.option("--all", "every", is_flag=True, help="Every wave with an official ZIP.")
@click.option(
    "--build", "then_build", is_flag=True,
    help="Then build the store from the ZIPs, over the starter facts.",
)  # fmt: skip
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the ZIPs and their receipts. By default the current one; with --all or "
    "--build, the folder `archives` beside the store.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the store.")
@click.option(
    "--mirror", envvar=MIRROR, metavar="ADDRESS",
    help="Fetch OCR's files by their own names from this address instead.",
)  # fmt: skip
@click.option(
    "--progress", "form", type=click.Choice(("bars", "lines")), default="bars", show_default=True,
    help="Bars for people, or lines of JSON for programs.",
)  # fmt: skip
def download(
    waves: tuple[str, ...],
    folder: Path | None,
    out: Path | None,
    mirror: str | None,
    form: str,
    *,
    every: bool,
    then_build: bool,
) -> None:
    """Fetch the official ZIPs of waves; go on where an earlier download stopped.

    A ZIP that cannot be had is named, and the others are fetched; the exit code is then 1.
    """
    if bool(waves) == every:
        raise click.UsageError("Expected either --wave WAVE or --all.")
    if out and not then_build:
        raise click.UsageError("--out names the store that --build makes.")
    out = out or stores.store_path()
    if folder is None:
        folder = national.archives_of(out) if every or then_build else Path()
    wanted = with_archive() if every else waves
    try:
        with watching(form) as watch:
            fetched = _fetch(wanted, folder, watch, mirror)
            report = _build(fetched, out, watch) if then_build else None
    except KeyboardInterrupt:
        click.echo(_STOPPED, err=True)
        raise SystemExit(130) from None
    if form == "bars":
        _say(fetched, report, built=then_build)
    if fetched.refused or (report and report.refused):
        raise SystemExit(1)


def bring_all(out: Path, mirror: str | None = None) -> None:
    """Fetch every ZIP and build the national store at ``out``, with bars; say what was refused.

    What is there already is neither fetched nor built again.

    Raises
    ------
    HomeroomError
        No ZIP could be had, or no store could be built; what was there before is unchanged.
    """
    mirror = mirror or os.environ.get(MIRROR)
    with watching("bars") as watch:
        fetched = _fetch(with_archive(), national.archives_of(out), watch, mirror)
        report = _build(fetched, out, watch)
    _say(fetched, report, built=True)


def _fetch(waves: tuple[str, ...], folder: Path, watch: Watch, mirror: str | None) -> Fetched:
    if len(waves) == 1:
        # Of one file the refusal itself is the answer.
        one = national.fetch_one(waves[0], folder, progress=watch.fetching, mirror=mirror)
        fetched = Fetched([one])
    else:
        fetched = national.fetch(waves, folder, progress=watch.fetching, mirror=mirror)
    for file in fetched.files:
        watch.said("fetched", file=file.path.name, size=file.size, sha256=file.sha256)
    for wave, reason in fetched.refused:
        watch.said("refused", what=wave, reason=reason)
    return fetched


def _build(fetched: Fetched, out: Path, watch: Watch) -> BuildReport | None:
    if national.is_current(fetched.files, out):
        watch.said("built", new=False)
        return None
    report = national.build(fetched.files, out, watch.building)
    for refused in report.refused:
        watch.said("refused", what=refused.name, reason=refused.reason)
    watch.said("built", new=True, rows=sum(report.rows.values()), seconds=report.seconds)
    return report


def _say(fetched: Fetched, report: BuildReport | None, *, built: bool) -> None:
    for done in fetched.files:
        click.echo(f"{done.path}  {done.size} bytes  SHA-256 {done.sha256}")
    for wave, reason in fetched.refused:
        click.echo(f"refused  {wave}: {reason}")
    if report is not None:
        for refused in report.refused:
            click.echo(f"refused  {refused.name}: {refused.reason}")
        rows = sum(report.rows.values())
        click.echo(f"{report.path}: {rows:,} rows in {report.seconds:.1f} s")
    elif built:
        click.echo("The store is built from just these files already; nothing was built.")
    elif any(done.fetched for done in fetched.files):
        given = " ".join(f"--from {done.path}" for done in fetched.files)
        click.echo(f"Next: homeroom build {given}")
