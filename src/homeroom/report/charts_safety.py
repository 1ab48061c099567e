"""Pictures of the school survey on crime and safety, and of school shootings."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.report.picture import Look, Picture, data

_SSOCS = "Source: NCES, School Survey on Crime and Safety, public-use files; own estimates."
_WAPO = "Source: The Washington Post, school shootings database (CC BY-NC-SA 4.0); counts."
_Z = 1.96
GUARDED = {True: "Officer or guard there", False: "None there", None: "Not known"}
WHY_NOT = (
    "These counts cannot show whether officers deter shootings: officers are placed by size and "
    "risk of a school, only shootings are recorded and never the days without one, and an officer "
    "may have come after the shooting began."
)


def survey(label: str, unit: str, universe: str, estimates: pl.DataFrame) -> Picture:
    """Draw a survey item over its years, with 95 % intervals from jackknife standard errors."""
    frame = (
        estimates.sort("category", "year")
        .with_columns(
            low=pl.col("estimate") - _Z * pl.col("se"), high=pl.col("estimate") + _Z * pl.col("se")
        )
        .select("category", "year", "estimate", "se", "low", "high", "n")
    )
    whole = frame.filter(pl.col("category") == "all").drop_nulls("estimate")
    shown = (whole if len(whole) else frame.drop_nulls("estimate")).to_dicts()
    mark = " %" if unit == "percent" else ""
    said = "; ".join(f"{row['year']}: {row['estimate']:,.1f}{mark}" for row in shown)
    title = f"{label}: {said}" if len(whole) else label
    return Picture(
        title,
        f"{'Per cent of schools' if unit == 'percent' else unit.capitalize()}. {universe}. Line: "
        "95 % interval from jackknife standard errors. Years that are not shown did not ask.",
        _SSOCS,
        f"Dots by year with 95 % intervals. {label}. " + "; ".join(
            f"{row['category'].replace('_', ' ')}, {row['year']}: {row['estimate']:,.1f}{mark}"
            for row in frame.drop_nulls("estimate").to_dicts()
        ) + ".",
        frame,
        lambda look: _survey(frame, unit, look),
    )  # fmt: skip


def _survey(frame: pl.DataFrame, unit: str, look: Look) -> Any:
    shown = frame.drop_nulls("estimate").with_columns(pl.col("category").str.replace_all("_", " "))
    title = "per cent of schools" if unit == "percent" else unit
    scale = alt.Scale(domain=[0, 100]) if unit == "percent" else alt.Scale(zero=True)
    y = alt.Y("year:O", title=None, axis=alt.Axis(domain=False, ticks=False))
    base = alt.Chart().encode(y=y)
    lines = base.mark_rule(strokeWidth=3, opacity=0.45, color=look.main).encode(
        x=alt.X("low:Q", title=title, scale=scale), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=100, opacity=1, color=look.main).encode(
        x=alt.X("estimate:Q", title=title, scale=scale)
    )
    panel = alt.layer(lines, dots, data=data(shown)).properties(
        width=look.width - 80, height=alt.Step(24)
    )
    if shown["category"].n_unique() < 2:
        return panel
    header = alt.Header(labelAnchor="start", labelOrient="top")
    return panel.facet(row=alt.Row("category:N", title=None, header=header), spacing=8)


def shootings(incidents: pl.DataFrame) -> Picture:
    """Draw school shootings by school year, with and without an officer or guard there."""
    frame = (
        incidents.group_by("school_year", "guarded")
        .agg(pl.col("incidents", "killed", "injured").sum())
        .sort("school_year", "guarded")
        .with_columns(
            present=pl.col("guarded").map_elements(
                GUARDED.__getitem__, return_dtype=pl.String, skip_nulls=False
            )
        )
        .select("school_year", "present", "incidents", "killed", "injured")
    )
    total = frame["incidents"].sum()
    guarded = frame.filter(pl.col("present") == GUARDED[True])["incidents"].sum()
    first, last = frame["school_year"].min(), frame["school_year"].max()
    by_year = frame.group_by("school_year").agg(pl.col("incidents").sum()).sort("school_year")
    told = "; ".join(f"{year}: {count}" for year, count in by_year.rows())
    return Picture(
        f"{total:,} school shootings from {first} to {last}; in {guarded:,} an officer or guard "
        "was there",
        "Shootings by school year, on school grounds during school hours, as The Washington Post "
        "counts them. " + WHY_NOT,
        _WAPO,
        f"Bars by school year, stacked by whether an officer or guard was there. {told}.",
        frame,
        lambda look: _shootings(frame, look),
    )


def _shootings(frame: pl.DataFrame, look: Look) -> Any:
    kinds = list(GUARDED.values())
    colours = [look.main, look.second, look.soft]
    years = sorted(set(frame["school_year"]))
    axis = alt.Axis(values=years[:: 4 if look.narrow else 2], labelAngle=-90, title=None)
    legend = alt.Legend(title=None, orient="top", columns=1 if look.narrow else 3)
    return (
        alt.Chart(data(frame))
        .mark_bar(stroke=look.paper, strokeWidth=0.5)
        .encode(
            x=alt.X("school_year:O", axis=axis),
            y=alt.Y("incidents:Q", title="shootings"),
            color=alt.Color(
                "present:N", scale=alt.Scale(domain=kinds, range=colours), legend=legend
            ),
            order=alt.Order("present:N"),
        )
        .properties(width=look.width - 60, height=240)
    )
