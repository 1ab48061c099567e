"""survey, shootings: the national context from SSOCS and from The Washington Post."""

from __future__ import annotations

from pathlib import Path

import click
import polars as pl

from homeroom.cli.confidential import marked_picture, opened
from homeroom.cli.output import as_json_text, formats, print_rows, print_table
from homeroom.cli.parts import parts_of
from homeroom.context import shootings as measure
from homeroom.context.survey import LOGIT, amount, bounds, differences
from homeroom.context.survey import survey as estimates
from homeroom.context.survey_items import (
    CATEGORIES,
    THEMES,
    school_year,
    theme_of,
    years_of,
)
from homeroom.sources.ssocs import catalogue

_CHART = click.option(
    "--chart", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.svg|png",
    help="Draw a picture into a file.",
)  # fmt: skip


@click.command()
@parts_of("survey")
@click.option("--differences", "compare", is_flag=True,
              help="Hold years, or kinds of school, against each other; needs --item.")  # fmt: skip
@click.option("--list", "listing", is_flag=True, help="List the questions and their years.")
@_CHART
@formats
def survey(
    item: str | None,
    theme: str | None,
    domain: str,
    year: int | None,
    *,
    compare: bool,
    listing: bool,
    chart: Path | None,
    as_json: bool,
    as_csv: bool,
    parquet: Path | None,
) -> None:
    """Say what principals report: officers, security, support, incidents, with 95% intervals."""
    if listing:
        print_rows(_listing(), as_json=as_json, as_csv=as_csv, parquet=parquet)
        return
    if compare and item is None:
        raise click.UsageError("--differences: expected --item with it. --list names the items.")
    with opened() as room:
        if chart:
            from homeroom.report.safety_charts import survey_chart  # noqa: PLC0415 - Altair is slow

            picture = marked_picture(survey_chart(room.store, item, domain, year, theme=theme))
            picture.save(chart)
            click.echo(picture.alt)
            return
        if compare:
            frame = differences(room.store, str(item), domain, year)
        else:
            frame = estimates(room.store, item, domain, year, theme=theme)
    if as_json or as_csv or parquet:
        print_rows(frame, as_json=as_json, as_csv=as_csv, parquet=parquet)
    elif compare:
        _say(frame)
    else:
        print_table(_wide(frame).to_dicts(), _caption(frame))


@click.command()
@_CHART
@formats
def shootings(*, chart: Path | None, as_json: bool, as_csv: bool, parquet: Path | None) -> None:
    """Count school shootings, with and without an officer, and say what that cannot show."""
    with opened() as room:
        if chart:
            from homeroom.report.shootings_chart import (  # noqa: PLC0415 - as above
                shootings_chart,
            )

            picture = shootings_chart(room.store)
            picture.save(chart)
            click.echo(picture.alt)
            return
        frame = measure.shootings(room.store)
        if as_csv or parquet:
            print_rows(frame, as_json=False, as_csv=as_csv, parquet=parquet)
            return
        summary = measure.guarded_summary(room.store)
    if as_json:
        click.echo(
            as_json_text(
                {
                    "claims": summary.claims, "sentences": summary.sentences,
                    "cannot": summary.cannot, "rows": frame.to_dicts(),
                    "ratios": summary.ratios.to_dicts(), "credit": summary.source,
                }
            )
        )  # fmt: skip
        return
    print_table(_years(frame), f"low, high: exact Poisson interval. {summary.source}")
    for sentence in summary.sentences:
        click.echo(f"- {sentence}")
    click.secho("Why this cannot show that officers deter, or fail to deter, shootings:", bold=True)
    for reason in summary.cannot:
        click.echo(f"- {reason}")


def _listing() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "theme": theme, "item": one.id, "label": one.label, "years": years_of(one),
                "universe": one.universe.label,
            }
            for theme in THEMES
            for one in catalogue().items
            if theme_of(one) == theme
        ]
    )  # fmt: skip


def _wide(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a row a question and group of schools, a column a year."""
    told = pl.struct("estimate", "low", "high", "unit").map_elements(
        lambda row: _figure(**row), return_dtype=pl.String, skip_nulls=False
    )
    shown = frame.with_columns(
        told=told,
        school_year=pl.col("year").map_elements(school_year, pl.String),
        schools=pl.col("category").replace(CATEGORIES),
        question=pl.col("item") + ": " + pl.col("label"),
    )
    index = ["question", "schools"] if shown["category"].n_unique() > 1 else ["question"]
    return shown.pivot("school_year", index=index, values="told", sort_columns=True)


def _figure(estimate: float | None, low: float | None, high: float | None, unit: str) -> str:
    if estimate is None:
        return "too few schools"
    if low is None or high is None:
        return f"{amount(estimate, unit, bare=True)} (no interval)"
    return f"{amount(estimate, unit, bare=True)} ({bounds(low, high, unit)})"


def _caption(frame: pl.DataFrame) -> str:
    notes = frame["note"].drop_nulls().unique(maintain_order=True).to_list()
    universes = frame["universe"].unique(maintain_order=True).to_list()
    of = universes[0] if len(universes) == 1 else "the schools that were asked (--json names them)"
    how = LOGIT.label.split(",")[0]
    parts = (
        f"Percent of {of[0].lower()}{of[1:]}, unless a number, with 95% intervals ({how}).",
        *(notes if frame["item"].n_unique() <= 3 else ()),
        "Source: NCES, School Survey on Crime and Safety; principals' reports.",
    )
    return " ".join(parts)


def _say(frame: pl.DataFrame) -> None:
    if frame.is_empty():
        click.echo("No two estimates of one question: nothing may be compared.")
    for sentence in frame["sentence"]:
        click.echo(f"- {sentence}")


def _years(frame: pl.DataFrame) -> list[dict[str, object]]:
    """Return a row a school year: shootings by what is recorded, deaths, injuries."""
    by = frame.filter(pl.col("presence") != "all").pivot(
        "presence", index="school_year", values="incidents"
    )
    whole = frame.filter(pl.col("presence") == "all").select(
        "school_year", "incidents", "low", "high", "killed", "injured"
    )
    kinds = [kind for kind in measure.PRESENCE if kind in by.columns]
    joined = whole.join(by.select("school_year", pl.col(kinds).fill_null(0)), on="school_year")
    return joined.sort("school_year").to_dicts()
