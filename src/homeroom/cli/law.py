"""``homeroom law``: calculations that a rule prescribes, from counts alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from homeroom.cli.output import as_json_text, print_table
from homeroom.errors import BadInput
from homeroom.law.documents import text_of
from homeroom.law.idea import NOTE, Result, beside, over_years, ratios, read, read_settings
from homeroom.law.idea.document import MOST_BYTES, Asked
from homeroom.law.states import NOT_ADVICE


@click.group()
def law() -> None:
    """Calculate what a rule prescribes, from counts alone."""


@law.group()
def idea() -> None:
    """Significant disproportionality under IDEA, 34 CFR 300.646-300.647."""


@idea.command("ratio")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--beside", "with_beside", is_flag=True, help="Add what stands beside the yes or no.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ratio_command(file: Path | None, *, with_beside: bool, as_json: bool) -> None:
    """Calculate the risk ratio of each group from counts in JSON (FILE, or standard input)."""
    asked = read(_text(file))
    rows = over_years(asked.years, asked.settings)
    extra = [beside(one, _past(asked, one.group)).as_dict() for one in rows]
    if as_json:
        found: Any = [one.as_dict() for one in rows]
        if with_beside:
            found = {"rows": found, "beside": extra, "note": NOTE}
        click.echo(as_json_text(found))
        return
    print_table([_short(one) for one in rows], "\n".join(_told(rows, asked)))
    if with_beside:
        print_table(extra, NOTE)
    click.echo(NOT_ADVICE)


@idea.command("settings")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def settings_command(*, as_json: bool) -> None:
    """List what was read of each State's settings, and what was not."""
    found = read_settings().values()
    if as_json:
        click.echo(as_json_text([_plain(one) for one in found]))
        return
    for one in found:
        click.echo(
            f"{one.state}  threshold {one.threshold or 'not read'}; cell {_or(one.min_cell)}"
            f"; n {_or(one.min_n)}; years {_or(one.years)}"
        )
        for sentence in one.notes():
            click.echo(f"    {sentence}")


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__} | {"notes": list(one.notes())}


def _or(value: int | None) -> str:
    return "not read" if value is None else str(value)


def _text(file: Path | None) -> str:
    if file is not None and str(file) != "-":
        return text_of(file, "counts in JSON")
    data = sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput("standard input: expected JSON in UTF-8, found other bytes.") from error


def _past(asked: Asked, group: str) -> list[Any]:
    rows = [{one.group: one.ratio for one in ratios(year, asked.settings)} for year in asked.years]
    return [row.get(group) for row in rows]


def _short(one: Result) -> dict[str, Any]:
    whole = one.as_dict()
    shown = ("group", "cell", "n", "risk", "comparison", "comparison_risk", "ratio", "exceeds")
    made = {name: whole[name] for name in shown}
    for name in ("risk", "comparison_risk", "ratio"):
        made[name] = "–" if whole[name] is None else f"{whole[name]:.4f}"
    return made | {"identified": one.identified, "paragraph": one.paragraph}


def _told(rows: tuple[Result, ...], asked: Asked) -> list[str]:
    """Return what must be read with the table: the settings, and why each row is as it is."""
    used = asked.settings
    cell, n, other_cell, other_n = used.minima
    threshold = "not given" if used.threshold is None else f"{float(used.threshold):g}"
    first = (
        f"Threshold {threshold}; minimum cell {cell} and n {n}, in the comparison {other_cell} and "
        f"{other_n}; years {used.years}."
    )
    notes = asked.state.notes() if asked.state else ()
    return [first, *notes, *(f"{one.group}: {one.reason}" for one in rows)]
