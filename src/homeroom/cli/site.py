"""site: the website as files that any host serves."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from homeroom.errors import BadInput
from homeroom.evidence.store import store_path
from homeroom.extras import WEB, needs


@click.group()
def site() -> None:
    """Write the website as files, for a host that runs no program."""


@site.command("build")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--states", required=True, help="Postal codes joined by commas, or `all`.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True,
              help="Where visitors will reach it, for permalinks and citations.")  # fmt: skip
@click.option("--live", default="", help="A running server for what files can't answer.")
@click.option("--schools/--no-schools", default=True, show_default=True, help="Pages of schools.")
@click.option("--charts", type=click.Choice(("states", "all")), default="states",
              show_default=True, help="all: draw charts of districts and schools too.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes; by default one a core.")
def build(
    out: Path, states: str, url: str, live: str, *, schools: bool, charts: str, jobs: int | None
) -> None:
    """Write the website of some states into the folder OUT.

    Where an edition lies there already, only what changed is written, and a build that was stopped
    goes on where it was. Search, charts, and tables work without any server.
    """
    with needs("web", *WEB):
        from homeroom.web.edition.build import build_site  # noqa: PLC0415  (an extra)
        from homeroom.web.edition.scope import states_of  # noqa: PLC0415

    for name, value in (("--url", url), ("--live", live)):
        if value and not value.startswith(("http://", "https://")):
            raise BadInput(f"{name} {value!r}: expected an address such as https://example.org.")
    started = time.perf_counter()
    report = build_site(
        out, store_path(), states_of(states), url=url, live=live, schools=schools, charts=charts,
        jobs=jobs, told=_told,
    )  # fmt: skip
    size, page = report.largest
    click.echo(
        f"{out}: {report.files:,} files, {report.bytes / 1e6:,.1f} MB; {report.changed:,} new or "
        f"changed, {report.removed:,} removed, in {time.perf_counter() - started:,.0f} s"
    )
    click.echo(f"Largest page: {page}, {size / 1000:,.0f} kB")


def _told(part: dict[str, Any]) -> None:
    click.echo(f"{part['name']}: {part['files']:,} files in {part['seconds']:,.0f} s", err=True)
    for line in part["skipped"]:
        click.echo(f"  left out: {line}", err=True)
