"""build, compile, describe: the store and what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from homeroom.cli.output import formats, print_rows
from homeroom.evidence import quality, sql
from homeroom.evidence import store as stores
from homeroom.evidence.build import Progress as Report
from homeroom.evidence.build import build
from homeroom.evidence.build_report import BuildReport
from homeroom.evidence.compile import compile_facts
from homeroom.evidence.schema import STORE_TABLES
from homeroom.figures.figure import WORDS
from homeroom.statistics.reasons import REASONS
from homeroom.vocabulary.publications import PUBLICATIONS

_FROM = click.option(
    "--from", "paths", multiple=True, type=click.Path(path_type=Path),
    help="A file, a ZIP or a folder of official files. May be given often.",
)  # fmt: skip


@click.command("build")
@_FROM
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the store.")
@click.option("--only", is_flag=True, help="Leave the starter facts out.")
def build_command(
    paths: tuple[Path, ...], more: tuple[Path, ...], out: Path | None, *, only: bool
) -> None:
    """Build the store from official files, over the starter facts that ship with Homeroom.

    `homeroom describe --sources` lists the publications whose files it reads.
    """
    with _progress() as bar:
        report = build(
            (*paths, *more), out or stores.store_path(), with_starter=not only,
            progress=_reporter(bar),
        )  # fmt: skip
    _say(report)


@click.command("compile")
@_FROM
@click.option(
    "--to", "folder", type=click.Path(path_type=Path, file_okay=False), required=True,
    help="Folder for the Parquet files.",
)  # fmt: skip
def compile_command(paths: tuple[Path, ...], folder: Path) -> None:
    """Derive the starter facts again from the agencies' files."""
    with _progress() as bar:
        report = compile_facts(paths, folder, progress=_reporter(bar))
    _say(report)


@click.command()
@click.option("--rules", "what", flag_value="rules", help="Quality rules and known errata.")
@click.option("--reasons", "what", flag_value="reasons", help="Why a figure is missing or weak.")
@click.option("--sources", "what", flag_value="sources", help="Publications that Homeroom reads.")
@click.option("--files", "what", flag_value="files", help="Files behind this store, with hashes.")
@click.option("--notes", "what", flag_value="notes", help="What the build repaired or left out.")
@formats
def describe(what: str | None, *, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """Print the data dictionary: every table and column of the store."""
    frame, show = _DESCRIPTIONS[what or "tables"]()
    print_rows(frame, as_json=as_json, as_csv=as_csv, parquet=parquet, show=show)


def dictionary() -> tuple[pl.DataFrame, list[str]]:
    """Return a row a column of the store."""
    rows = [
        (
            table.name,
            column.name,
            str(column.type.__name__),
            column.doc,
            column.null or "",
            table.doc,
        )
        for table in STORE_TABLES.values()
        for column in table.columns
    ]
    frame = pl.DataFrame(
        rows, ["table", "column", "type", "meaning", "empty_means", "about_table"], orient="row"
    )
    return frame, ["table", "column", "type", "meaning", "empty_means"]


def _rules() -> tuple[pl.DataFrame, list[str]]:
    rows = [(rule.id, rule.kind, rule.sentence, rule.source) for rule in quality.rules().values()]
    return pl.DataFrame(rows, ["rule", "kind", "sentence", "source"], orient="row"), [
        "rule",
        "sentence",
    ]


def _reasons() -> tuple[pl.DataFrame, list[str]]:
    numbered = {reason.id for reason in REASONS if reason.has_value}
    rows = [(name, name in numbered, words) for name, words in WORDS.items()]
    frame = pl.DataFrame(rows, ["reason_id", "beside_a_number", "sentence"], orient="row")
    return frame, frame.columns


def _sources() -> tuple[pl.DataFrame, list[str]]:
    rows = [(p.id, p.title, p.publisher, p.url, p.terms) for p in PUBLICATIONS.values()]
    frame = pl.DataFrame(rows, ["id", "title", "publisher", "url", "terms"], orient="row")
    return frame, ["id", "title", "publisher"]


def _from_store(table: str, show: list[str]) -> tuple[pl.DataFrame, list[str]]:
    with stores.connect(stores.store_path()) as con:
        return sql.frame(con, f"SELECT * FROM {table}"), show


_DESCRIPTIONS: dict[str, Callable[[], tuple[pl.DataFrame, list[str]]]] = {
    "tables": dictionary,
    "rules": _rules,
    "reasons": _reasons,
    "sources": _sources,
    "files": lambda: _from_store("source_file", ["title", "name", "sha256"]),
    "notes": lambda: _from_store("build_note", ["name", "note"]),
}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip


def _reporter(bar: Progress) -> Report:
    task = bar.add_task("Looking at files", total=None)

    def report(what: str, done: int, total: int) -> None:
        bar.update(task, description=what[:60], completed=done, total=max(total, 1))

    return report


def _say(report: BuildReport) -> None:
    for found in report.recognized:
        click.echo(f"read     {found.file.name}: {found.title}")
    for refused in report.refused:
        click.echo(f"refused  {refused.name}: {refused.reason}")
    for name, note in report.notes:
        click.echo(f"note     {name}: {note}")
    rows = sum(report.rows.values())
    click.echo(f"{report.path}: {rows:,} rows in {report.seconds:.1f} s")
