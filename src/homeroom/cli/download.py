"""``homeroom download``: fetch the official ZIP of a wave, with a bar."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from homeroom.sources.download import Downloaded
from homeroom.sources.download import download as fetch


class Drawn:
    """Draws what a download tells on a rich progress bar."""

    def __init__(self, bar: Bar, label: str) -> None:
        self._bar = bar
        self._task = bar.add_task(label, total=None)

    def moved(self, done: int, total: int | None) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, total=total)

    def told(self, message: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(message, highlight=False)


def _show(done: Downloaded) -> None:
    click.echo(f"{done.path}  {done.size} bytes  SHA-256 {done.sha256}")
    if done.fetched:
        click.echo(f"Next: homeroom build --from {done.path}")


@click.command()
@click.option(
    "--wave",
    "waves",
    required=True,
    multiple=True,
    metavar="WAVE",
    help="A wave, such as 2021-22; may be given several times.",
)
@click.option(
    "--to",
    "folder",
    default=Path(),
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the ZIP and its receipt; the current one by default.",
)
def download(waves: tuple[str, ...], folder: Path) -> None:
    """Fetch the official ZIP of a wave; go on where an earlier download stopped."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    for wave in waves:
        try:
            with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar:
                done = fetch(wave, folder, progress=Drawn(bar, wave))
        except KeyboardInterrupt:
            click.echo(
                "Stopped. What was fetched is kept: run the same command again to go on.", err=True
            )
            raise SystemExit(130) from None
        _show(done)
