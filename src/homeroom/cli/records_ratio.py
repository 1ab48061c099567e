"""``homeroom records disproportionality``: 34 CFR 300.646-647 on an agency's own records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import polars as pl

from homeroom.cli.output import as_json_text, print_rows, print_table
from homeroom.cli.records_options import (
    WORKSPACE,
    extract,
    files,
    mark,
    school_year,
    workspace_of,
)
from homeroom.law.idea import NOTE, beside
from homeroom.law.states import NOT_ADVICE
from homeroom.records.answers import Answer, passing
from homeroom.records.answers import disproportionality as answered

_SHOWN = ("lea", "category", "group", "cell", "n", "ratio", "method", "exceeds", "identified")


@click.command()
@files
@click.option("--rules", required=True, help="Postal code of the State whose settings count.")
@click.option("--year", help="School year, as in 2024 or 2023-24; the last one by default.")
@click.option("--threshold", help="The State's threshold, where it was not read.")
@click.option("--min-cell", type=int, help="Least children with the outcome.")
@click.option("--min-n", type=int, help="Least children of a group.")
@click.option("--years", type=int, help="Consecutive years before a State identifies, 1 to 3.")
@click.option("--progress", help="Least yearly drop that counts as reasonable progress.")
@click.option(
    "--gap",
    type=click.Choice(["breaks", "bridges"]),
    help="What a year without a ratio does to a run of years.",
)
@click.option(
    "--engine", default="duckdb", show_default=True, help="duckdb, spark, or spark://HOST:PORT."
)
@WORKSPACE
@click.option(
    "--beside",
    "with_beside",
    is_flag=True,
    help="Add what stands beside the yes or no, and apart from it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def disproportionality(
    rules: str, year: str | None, engine: str, workspace: Path | None,
    *, with_beside: bool, as_json: bool, as_csv: bool, **options: Any,
) -> None:  # fmt: skip
    """Calculate risk ratios of every LEA, group, and category, with the rule's reasons.

    Reads --students and --incidents, or else the workspace that an import made.
    """
    own = {
        name: options.pop(name)
        for name in ("threshold", "min_cell", "min_n", "years", "progress", "gap")
    }
    given = extract(options, (), school_year(year))
    if given.paths:
        with passing(given, allow_unmapped=options["allow_unmapped"]) as made:
            found = answered(made, rules, school_year(year), engine=engine, **own)
    else:
        found = answered(workspace_of(workspace), rules, school_year(year), engine=engine, **own)
    mark()
    _print(found, with_beside=with_beside, as_json=as_json, as_csv=as_csv)


def _print(found: Answer, *, with_beside: bool, as_json: bool, as_csv: bool) -> None:
    rows = found.to_dicts()
    extra = [
        {"lea": row.lea, "category": row.to_dict()["category"]}
        | beside(row.result, row.past).as_dict()
        for row in found.rows
        if with_beside and row.result.ratio is not None
    ]
    if as_json and with_beside:
        click.echo(as_json_text({"rows": rows, "beside": extra, "note": NOTE}))
    elif as_json:
        click.echo(as_json_text(rows))
    elif as_csv:
        frame = pl.DataFrame(rows, infer_schema_length=None)
        print_rows(frame, as_json=False, as_csv=True, parquet=None)
    else:
        _table(found, rows, extra)
    if as_json or as_csv:
        for note in found.notes:
            click.echo(note, err=True)


def _table(found: Answer, rows: list[dict[str, Any]], extra: list[dict[str, Any]]) -> None:
    exceeding = [row for row in rows if row["exceeds"] or row["identified"]]
    calculated = sum(row["method"] != "not_calculated" for row in rows)
    if exceeding:
        print_table([{name: row[name] for name in _SHOWN} for row in exceeding])
    click.echo(
        f"School year ending in {found.year}: {len(rows):,} results, {calculated:,} with a ratio, "
        f"{len(exceeding):,} above the threshold."
        + ("" if found.settings.threshold else " No threshold was read or given.")
    )
    if extra:
        print_table(extra, NOTE)
    for note in found.notes:
        click.echo(note)
    click.echo(NOT_ADVICE)
