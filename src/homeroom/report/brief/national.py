"""What schools nationwide report on officers and mental health: context, never the place itself."""

from __future__ import annotations

import contextlib

import polars as pl

from homeroom.context.shootings import guarded_summary
from homeroom.context.survey import amount, bounds, survey
from homeroom.context.survey_items import item_of, school_year
from homeroom.errors import NotAvailable
from homeroom.evidence.store import Store
from homeroom.report.brief.blocks import Block, Section, Table, Text
from homeroom.report.brief.subject import Subject
from homeroom.sources.ssocs import YEARS

ITEMS = ("officer", "counseling", "diagnosis", "treatment", "limit_professionals")
"""As many questions on officers as are asked alike over the years, and on support for students."""


def section(about: Subject) -> Section | None:
    """Set out the shares by year, then what the shootings counted can and cannot show."""
    blocks: list[Block] = []
    local = f" They say nothing about {about.name}." if about.area.kind != "nation" else ""
    with contextlib.suppress(NotAvailable):
        table = _table(about.store)
        blocks += [
            Text(
                "Estimates for all public schools of the country, from principals' answers to the "
                f"School Survey on Crime and Safety.{local}"
            ),
            table,
        ]
    told = shootings(about.store)
    blocks += [Text(told)] if told else []
    return Section("national", "What schools nationwide report", tuple(blocks)) if blocks else None


def _table(store: Store) -> Table:
    rows: list[tuple[str, dict[int, str]]] = []
    for name in ITEMS:
        # Other wordings of a question come with it; their figures must not stand in its row.
        found = survey(store, name).filter(pl.col("item") == name).drop_nulls("estimate").to_dicts()
        by_year = {
            row["year"]: f"{amount(row['estimate'], row['unit'])}\n"
            f"({bounds(row['low'], row['high'], row['unit'])})"
            for row in found
        }
        rows.append((item_of(name).label, by_year))
    years = [year for year in YEARS if any(year in by_year for _, by_year in rows)]
    first = 0.46
    return Table(
        "Share of the country's public schools, with 95% intervals",
        ("", *(school_year(year) for year in years)),
        tuple((label, *(by_year.get(year, "–") for year in years)) for label, by_year in rows),
        (first, *[(1 - first) / len(years)] * len(years)), (False, *[True] * len(years)),
        ("A dash: not asked that year, or in other words, so that no figure can be compared.",),
        (0,),
    )  # fmt: skip


def shootings(store: Store) -> str | None:
    """Say what is counted of school shootings, and that it cannot settle what officers do."""
    try:
        found = guarded_summary(store)
    except NotAvailable:
        return None
    return (
        f"School shootings, from The Washington Post's database: {found.sentences[0]} These counts "
        "show neither that officers prevent or limit shootings nor that they do not: officers are "
        "placed by risk and size, and a shooting that was prevented is in no file."
    )
