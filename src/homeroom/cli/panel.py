"""``homeroom panel``: one tidy frame of places by waves by measures by groups."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from homeroom.api.choices import Axis, Level, Measure, Policy, Section504, Wave
from homeroom.cli.confidential import marked, opened
from homeroom.cli.output import about, formats, print_figures
from homeroom.cli.parts import parts_of
from homeroom.errors import BadInput
from homeroom.evidence.targets import write_whole
from homeroom.report.model_files import r_file, stata_file
from homeroom.vocabulary.measures import MEASURES

if TYPE_CHECKING:
    import polars as pl

_SHOWN = 40
"""Rows that a terminal shows; files have all."""
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@parts_of("panel")
@formats
@click.option("--stata", type=_FILE, help="Write a Stata file (.dta).")
@click.option("--r", "rds", type=_FILE, help="Write a data frame for R (.rds).")
def panel(
    measures: tuple[Measure, ...],
    waves: tuple[Wave, ...],
    by: tuple[Axis, ...],
    level: Level,
    within: str,
    policy: Policy,
    section504: Section504,
    *,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
    stata: Path | None,
    rds: Path | None,
) -> None:
    """Return a tidy panel: places, waves, measures, and groups, with staff and ids to join by."""
    if sum(bool(one) for one in (as_json, as_csv, parquet, stata, rds)) > 1:
        raise BadInput("expected one of --json, --csv, --parquet, --stata, and --r, found several.")
    with opened() as room:
        frame = room.panel(measures, waves, by, level, within, policy=policy, section504=section504)
    if stata or rds:
        _write(frame, stata, rds)
        return
    whole = as_json or as_csv or parquet
    more = len(frame) - _SHOWN
    print_figures(
        frame if whole else frame.head(_SHOWN),
        as_json=as_json, as_csv=as_csv, parquet=parquet,
        show=["place", "name", "wave", "measure", "group", "count", "students", "rate_per_10000",
              "low", "high", "status", "officer_fte", "counselor_fte"],
        title=f"{', '.join(MEASURES[one].label for one in measures)}; every {level} in {within}; "
        f"policy {policy}.",
        after=[f"{more:,} more rows: --csv, --parquet, --stata, and --r give all."]
        if more > 0 else [],
    )  # fmt: skip


def _write(frame: pl.DataFrame, stata: Path | None, rds: Path | None) -> None:
    rows, told = marked(frame), about()
    if stata:
        write_whole(stata, ".dta", lambda to: stata_file(rows, told, to))
    if rds:
        write_whole(rds, ".rds", lambda to: to.write_bytes(r_file(rows, told)))
    click.echo(f"{len(frame)} rows written to {stata or rds}")
