"""``homeroom records import``, ``profile``, ``mapping``, and ``make-sample``."""

from __future__ import annotations

import tempfile
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

import click

from homeroom.cli.output import as_json_text, print_table
from homeroom.cli.records_options import (
    PATH,
    WORKSPACE,
    extract,
    files,
    mark,
    school_year,
    workspace_of,
)
from homeroom.errors import BadInput
from homeroom.records import mapping as mappings
from homeroom.records.importing import Looked, import_records, profile
from homeroom.records.problems import told
from homeroom.records.sample import Sample, write

_YEAR = click.option("--year", help="School year, as in 2024 or 2023-24, of rows that say none.")


@click.command("import")
@click.argument("paths", nargs=-1, type=PATH)
@files
@_YEAR
@WORKSPACE
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_command(
    paths: tuple[Path, ...], year: str | None, workspace: Path | None, *, as_json: bool,
    **options: Any,
) -> None:  # fmt: skip
    """Import an extract (files and folders) into a workspace that its owner alone can read."""
    given = _given(extract(options, paths, school_year(year)))
    made, looked = import_records(
        given, workspace_of(workspace).folder, allow_unmapped=options["allow_unmapped"]
    )
    if as_json:
        click.echo(as_json_text({"workspace": str(made.folder), **looked.to_dict()}))
        return
    _print(looked)
    years = ", ".join(map(str, made.years))
    click.echo(
        f"Imported into {made.folder}: {len(made.leas):,} LEAs, "
        f"{len(made.manifest['schools']):,} schools, school years ending in {years}. It holds no "
        "name and no id of a student, and only you can read it."
    )


@click.command("profile")
@click.argument("paths", nargs=-1, type=PATH)
@files
@_YEAR
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def profile_command(
    paths: tuple[Path, ...], year: str | None, *, as_json: bool, **options: Any
) -> None:
    """Look at an extract before an import: columns, codes, and what is odd, as counts alone."""
    with tempfile.TemporaryDirectory(prefix="homeroom-", ignore_cleanup_errors=True) as scratch:
        given = _given(extract(options, paths, school_year(year)))
        looked = profile(given, Path(scratch))
    if as_json:
        click.echo(as_json_text(looked.to_dict()))
        return
    _print(looked)
    click.echo(
        "An import would stop at the codes above." if looked.unmapped else
        "An import would stop; see above." if looked.stops else "An import would go through."
    )  # fmt: skip


@click.command("mapping")
@click.argument("name", required=False)
def mapping_command(name: str | None) -> None:
    """List the mappings that ship, or print one (NAME) to copy and change."""
    if name is None:
        rows = [mappings.load(one) for one in mappings.names()]
        print_table([{"name": one.name, "reads": one.title} for one in rows])
        return
    mappings.load(name)
    if name not in mappings.names():
        raise BadInput(f"mapping {name}: expected one of {', '.join(mappings.names())}.")
    text = package_files("homeroom.records.mappings") / f"{name}.yaml"
    click.echo(text.read_text(encoding="utf-8"), nl=False)


@click.command("make-sample")
@click.argument("folder", type=PATH)
@click.option("--students", default=20_000, show_default=True, help="Students in each year.")
@click.option("--leas", type=int, help="LEAs, at most 999; by default one for 5,000 students.")
@click.option(
    "--years",
    default="2022-2024",
    show_default=True,
    help="School years by the year in which each ends, as in 2022-2024.",
)
@click.option("--actions", default=15, show_default=True, help="Actions for 100 students a year.")
@click.option(
    "--state", default="TX", show_default=True, help="Whose digits the LEA ids begin with."
)
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same state.")
@click.option("--clean", is_flag=True, help="Without repeated rows, bad dates, and gaps.")
@click.option("--parquet", is_flag=True, help="Write Parquet instead of CSV.")
def make_sample(
    folder: Path, students: int, leas: int | None, years: str, actions: int, state: str, seed: int,
    *, clean: bool, parquet: bool,
) -> None:  # fmt: skip
    """Write a fictional state's extract, with the disparities and the dirt of real data."""
    sample = Sample(students, leas, _years(years), state.upper(), actions, seed, dirt=not clean)
    for path in write(sample, folder, parquet=parquet):
        click.echo(f"{path}: {path.stat().st_size:,} bytes")
    click.echo("Every district, school, and student in it is made up.")


def _years(text: str) -> tuple[int, ...]:
    first, _, last = text.partition("-")
    if first.isdecimal() and (last or first).isdecimal():
        begin, end = int(first), int(last or first)
        if 2000 <= begin <= end <= min(2100, begin + 20):
            return tuple(range(begin, end + 1))
    raise BadInput("years: expected years such as 2022-2024, each the year in which one ends.")


def _given(found: Any) -> Any:
    if not found.paths:
        raise BadInput("Expected files or a folder of an extract, found none named.")
    return found


def _print(looked: Looked) -> None:
    mark()
    print_table(
        [
            {"file": one["name"], "read as": one["role"], "a row is": one["grain"],
             "columns": one["columns"], "recognized": len(one["recognized"])}
            for one in looked.files
        ]
    )  # fmt: skip
    for name in looked.unread:
        click.echo(f"Left alone, since the mapping has no use for its columns: {name}")
    for one in looked.unmapped:
        click.echo(f"Not in the mapping: {one.file}, {one.column}: {one.code} ({one.rows:,} rows)")
    for line in told(looked.problems):
        click.echo(line)
    for thing, reason in looked.carried.items():
        if reason:
            click.echo(f"Not carried, {thing.replace('_', ' ')}: {reason}")
