"""build, compile, describe: the store and what it is made of."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import polars as pl
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from homeroom.cli.confidential import admit
from homeroom.cli.output import as_json_text, console, formats, print_rows
from homeroom.errors import SOME_REFUSED, BadInput, StoreLocked, StoreProblem, StoreTooNew
from homeroom.evidence import provenance, quality, sql
from homeroom.evidence import store as stores
from homeroom.evidence.build import Progress as Report
from homeroom.evidence.build import build
from homeroom.evidence.build_report import BuildReport, Change, Conflict
from homeroom.evidence.compile import compile_facts
from homeroom.evidence.schema import STORE_TABLES
from homeroom.evidence.verify import verify
from homeroom.figures.figure import WORDS
from homeroom.statistics.reasons import REASONS
from homeroom.vocabulary.publications import PUBLICATIONS
from homeroom.vocabulary.waves import WITH_SCHOOL_FILES

_LISTED = 20
_FROM = click.option(
    "--from", "paths", multiple=True, type=click.Path(path_type=Path),
    help="A file, a ZIP or a folder of official files. May be given often.",
)  # fmt: skip


@click.command("build")
@_FROM
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Where to write the store.")
@click.option("--only", is_flag=True, help="Leave the starter facts out.")
@click.option(
    "--wave", type=click.Choice(WITH_SCHOOL_FILES),
    help="The wave of CRDC files that do not prove it themselves.",
)  # fmt: skip
def build_command(
    paths: tuple[Path, ...], more: tuple[Path, ...], out: Path | None, *, only: bool,
    wave: str | None,
) -> None:  # fmt: skip
    """Build the store from official files, over the starter facts that ship with Homeroom.

    A file replaces only the schools it contains. A file that can't be read is refused, and the
    others are built: the exit code is then 6. Where no file can be taken, the exit code is 2 and
    the store that was there stays.

    `homeroom describe --sources` lists the publications whose files it reads; `homeroom describe
    --build` says what a store was made from.
    """
    with _progress() as bar:
        report = build(
            (*paths, *more), out or stores.store_path(), with_starter=not only,
            wave=wave, progress=_reporter(bar),
        )  # fmt: skip
    _say(report)
    if report.lacking:
        click.get_current_context().exit(SOME_REFUSED)


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


@click.command("verify")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@formats
def verify_command(path: Path | None, *, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """Check a store, or say what a file is and whether it is whole.

    Without PATH, the store in use. Of a store: that its tables are what the build wrote, that no
    row is without its school, file, or state, and how its sums compare with OCR's state tables. The
    exit code is 2 where a check fails or a file is refused.
    """
    _admit_if_store(path or stores.store_path())
    frame = verify(path or stores.store_path())
    print_rows(frame, as_json=as_json, as_csv=as_csv, parquet=parquet)
    if failed := frame.filter(pl.col("outcome") == "failed").height:
        click.echo(f"Failed: {failed:,} of {len(frame):,} checks.", err=True)
        click.get_current_context().exit(BadInput.exit_code)


def _admit_if_store(path: Path) -> None:
    """Ask for leave to show a store; what is none, or is damaged, has nothing to keep."""
    with contextlib.suppress(StoreProblem, StoreTooNew, StoreLocked), stores.Store(path) as opened:
        admit(opened.access, opened.path)


@click.command()
@click.option("--rules", "what", flag_value="rules", help="Quality rules and known errata.")
@click.option("--reasons", "what", flag_value="reasons", help="Why a figure is missing or weak.")
@click.option("--sources", "what", flag_value="sources", help="Publications that Homeroom reads.")
@click.option("--files", "what", flag_value="files", help="Files behind this store, with hashes.")
@click.option("--notes", "what", flag_value="notes", help="What the build repaired or left out.")
@click.option(
    "--build", "what", flag_value="build",
    help="What this store was made from: files, schools added, replaced, and kept, conflicts.",
)  # fmt: skip
@formats
def describe(what: str | None, *, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """Print the data dictionary: every table and column of the store."""
    if what == "build" and as_json:
        click.echo(as_json_text(_made()))
        return
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
    with stores.Store(stores.store_path()) as opened:
        admit(opened.access, opened.path)
        return sql.frame(opened.con, f"SELECT * FROM {table}"), show


def _made() -> dict[str, Any]:
    with stores.Store(stores.store_path()) as opened:
        admit(opened.access, opened.path)
        return provenance.made_from(opened.con, opened.meta)


def _made_from() -> tuple[pl.DataFrame, list[str]]:
    made = _made()
    rows = [("store", name, value) for name, value in made["store"].items()]
    rows += [(one["outcome"], one["name"], one["detail"]) for one in made["files"]]
    rows += [("changed", one["name"], _changed(Change(**one))) for one in made["changes"]]
    rows += [("conflict", one["subject"], str(Conflict(**one))) for one in made["conflicts"]]
    rows += [("note", one["name"], one["note"]) for one in made["notes"]]
    frame = pl.DataFrame(rows, ["what", "name", "detail"], orient="row")
    return frame, frame.columns


_DESCRIPTIONS: dict[str, Callable[[], tuple[pl.DataFrame, list[str]]]] = {
    "tables": dictionary,
    "rules": _rules,
    "reasons": _reasons,
    "sources": _sources,
    "files": lambda: _from_store("source_file", ["title", "name", "sha256"]),
    "build": _made_from,
    "notes": lambda: _from_store("build_note", ["name", "note"]),
}


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
        console=console(stderr=True), transient=True,
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
        what = "left out" if refused.expected else "refused "
        click.echo(f"{what} {refused.name}: {refused.reason}")
    if any(refused.reason.endswith("say which wave it is.") for refused in report.refused):
        click.echo("hint     name the wave with --wave, such as --wave 2017-18")
    for change in report.changes:
        click.echo(f"changed  {_changed(change)}")
    for conflict in report.conflicts[:_LISTED]:
        click.echo(f"conflict {conflict}")
    if len(report.conflicts) > _LISTED:
        click.echo(
            f"conflict and {len(report.conflicts) - _LISTED:,} more: `homeroom describe --build`"
        )
    for name, note in report.notes:
        click.echo(f"note     {name}: {note}")
    rows = sum(report.rows.values())
    click.echo(f"{report.path}: {rows:,} rows in {report.seconds:.1f} s")
    if report.lacking:
        click.echo(f"Files refused: {len(report.lacking):,}. The store is without them.", err=True)


def _changed(change: Change) -> str:
    parts = [
        f"{number:,} {verb}"
        for number, verb in (
            (change.added, "added"),
            (change.replaced, "replaced"),
            (change.kept, "kept"),
            (change.repeated, "left to another file"),
        )
        if number or verb == "added"
    ]
    return f"{change.name}: {change.wave}, {change.module}, {change.unit}: {', '.join(parts)}"
