"""How answers are printed: a readable table, JSON, CSV or Parquet."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from homeroom.cli.confidential import data_version, marked, marked_document
from homeroom.evidence.targets import write_whole
from homeroom.figures.figure import WORDS
from homeroom.figures.wording import percent
from homeroom.report.data_file import About, csv_file, parquet_file


class _Plain(Console):
    """A console to which square brackets are square brackets."""

    def on_broken_pipe(self) -> None:
        """Leave it to the front door, as with everything else that is printed."""
        raise BrokenPipeError


Command = TypeVar("Command", bound=Callable[..., Any])

_FORMATS = (
    click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    click.option("--csv", "as_csv", is_flag=True, help="Print CSV."),
    click.option(
        "--parquet", type=click.Path(dir_okay=False, path_type=Path), help="Write a Parquet file."
    ),
)


def formats(command: Command) -> Command:
    """Add --json, --csv and --parquet to a command that prints rows."""
    for option in reversed(_FORMATS):
        command = option(command)
    return command


def console(*, stderr: bool = False) -> Console:
    """Return a console for tables and bars, 120 wide where no terminal says how wide."""
    width = None if stderr or sys.stdout.isatty() else 120
    return _Plain(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)


def as_json_text(value: object) -> str:
    """Return JSON; a number that is not finite must not come this far."""
    value = marked_document(value)
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str)


def about() -> About:
    """Return what a file of the command under way says of itself."""
    ctx = click.get_current_context()
    forms = ("as_json", "as_csv", "parquet", "stata", "rds")
    asked = {name: value for name, value in ctx.params.items() if name not in forms}
    return About(ctx.command.get_short_help_str(200), data_version(), asked=asked)


def print_rows(
    frame: pl.DataFrame,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
    show: Iterable[str] | None = None,
    caption: str = "",
) -> None:
    """Print a frame in the form asked for; ``show`` picks the columns of the readable table."""
    if parquet:
        write_whole(parquet, ".parquet", lambda to: to.write_bytes(
            parquet_file(marked(frame), about())
        ))  # fmt: skip
        click.echo(f"{len(frame)} rows written to {parquet}")
    elif as_json:
        click.echo(as_json_text(frame.to_dicts()))
    elif as_csv:
        click.echo(csv_file(marked(frame), about()), nl=False)
    else:
        print_table(frame.select(list(show or frame.columns)).to_dicts(), caption)


def print_figures(
    frame: pl.DataFrame,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
    show: Iterable[str],
    title: str,
    after: Iterable[str] = (),
) -> None:
    """Print rows that count something; in a table, scope, doubts, and reasons stand beside them.

    Parameters
    ----------
    title
        What the rows are about; remarks that hold for every row follow it.
    after
        Lines below the table, such as the source.
    """
    rows = frame.to_dicts()
    if as_json or as_csv or parquet or not rows:
        print_rows(frame, as_json=as_json, as_csv=as_csv, parquet=parquet)
        return
    remarks = [_remarks(row) for row in rows]
    shared = [text for text in remarks[0] if all(text in one for one in remarks)]
    numbers: dict[str, int] = {}
    first, *others = show
    table = []
    for row, said in zip(rows, remarks, strict=True):
        own = [text for text in said if text not in shared]
        marks = "".join(f" [{numbers.setdefault(text, len(numbers) + 1)}]" for text in own)
        table.append({first: f"{cell(row[first])}{marks}"} | {name: row[name] for name in others})
    lines = (
        " ".join([title, *(f"{text}." for text in shared)]),
        *(f"[{number}] {text}." for text, number in numbers.items()),
        *after,
    )
    print_table(table, "\n".join(lines))


def _remarks(row: Mapping[str, Any]) -> list[str]:
    """Return what must be read with a row's numbers, a text each."""
    said = []
    if (every := row.get("all_events")) is not None:
        said.append(f"{every:,} in all schools, those without enrollment included")
    said += [row[name].rstrip(".") for name in ("reason", "note") if row.get(name)]
    ids = [value for name, value in row.items() if name.endswith("_reason_id") and value in WORDS]
    return list(dict.fromkeys([*(WORDS[one].rstrip(".") for one in ids), *said]))


def print_table(rows: list[dict[str, Any]], caption: str = "") -> None:
    """Print rows as a table that fits the terminal."""
    table = Table(header_style="bold")
    for name in rows[0] if rows else ():
        numeric = all(row[name] is None or isinstance(row[name], (int, float)) for row in rows)
        table.add_column(Text(name.replace("_", " ")), justify="right" if numeric else "left")
    for row in rows:
        table.add_row(*(Text(cell(value, share=name in _SHARES)) for name, value in row.items()))
    printed = console()
    printed.print(table)
    if caption:
        printed.print(Text(caption, style="italic"))


_SHARES = ("share", "coverage", "coverage_schools")


def cell(value: object, *, share: bool = False) -> str:
    """Return one value for a person: thousands separated, a dash where there is no number."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if share and isinstance(value, float):
        return percent(value, 1)
    if isinstance(value, float):
        digits = 2 if abs(value) < 1000 else 0
        return f"{value:,.{digits}f}" if math.isfinite(value) else "–"
    return f"{value:,}" if isinstance(value, int) else str(value)


def print_facts(facts: Mapping[str, object], title: str) -> None:
    """Print names and values, one a line."""
    click.secho(title, bold=True)
    for name, value in facts.items():
        click.echo(f"  {name.replace('_', ' '):<22} {cell(value)}")
