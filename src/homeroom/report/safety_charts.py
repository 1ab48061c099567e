"""Pictures of two national sources: SSOCS by year or kind of school, and school shootings.

Colours are Okabe and Ito's (2008, "Color Universal Design") without a red-blue contrast, each with
a shape of its own where it marks a point. A line joins points of one question only.
"""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import duckdb
import polars as pl

from homeroom.errors import BadInput
from homeroom.measures import shootings as measure
from homeroom.measures.survey import LOGIT, amount, differences, survey
from homeroom.measures.survey_items import CATEGORIES, DOMAINS, THEMES, item_of, school_year
from homeroom.report.research_charts import INK, Figure
from homeroom.sources.ssocs import YEARS

COLOURS = ("#999999", "#56B4E9", "#E69F00", "#009E73")
SHAPES = ("circle", "square", "diamond", "triangle-up")
PRESENCE_COLOURS = ("#009E73", "#E69F00", "#CFCFCF")
NCES = (
    "Source: NCES, School Survey on Crime and Safety, public-use files; estimates by Homeroom from "
    "principals' answers."
)
_INTERVAL = f"Mark: estimate. Line through it: 95 % interval ({LOGIT.label.split(',')[0]}"
_UNITS = {
    "percent": "per cent of schools",
    "count": "number in the nation",
    "mean": "number per school",
}
_STEP = 46
_NOT_A_RATE = (
    "Numbers by school year, the shooter not counted. The first and last school years are not "
    "whole. Not a rate: the number of schools with officers grew as well."
)
_NO_DETERRENCE = (
    "Officers are placed by risk and size, and shootings that did not happen are in no row: this "
    "cannot show deterrence."
)


def survey_chart(
    con: duckdb.DuckDBPyConnection,
    item: str | None = None,
    domain: str = "all",
    year: int | None = None,
    *,
    theme: str | None = None,
) -> Figure:
    """Draw one question over the years, or by kind of school, or all questions of a theme.

    Raises
    ------
    BadInput
        Neither item nor theme is named, or a theme by kind of school.
    """
    if item is None and (theme is None or domain != "all"):
        raise BadInput(
            "chart: expected an item (by year, or with a domain) or a theme, found "
            f"{f'theme {theme} by {domain}' if theme else 'neither'}. Name --item or --theme."
        )
    frame = survey(con, item, domain, year, theme=theme).drop_nulls("estimate")
    rows = frame.with_columns(
        school_year=pl.col("year").map_elements(school_year, pl.String),
        shown=pl.col("label") if item is None else pl.col("category").replace(CATEGORIES),
    )
    if item is None:
        title = _theme_title(con, str(theme), rows)
        chart = _by_unit(rows)
    elif domain == "all":
        title, chart = _item_title(con, item, rows), _over_years(rows)
    else:
        title, chart = _domain_title(item, rows), _by_unit(rows)
    return _finished(chart, title, _notes(rows, domain, item), NCES, _told(rows), rows)


def shootings_chart(con: duckdb.DuckDBPyConnection) -> Figure:
    """Draw shootings, people killed and people injured by school year."""
    frame = measure.shootings(con)
    rows = frame.filter((pl.col("school_year") != "all") & (pl.col("presence") != "all"))
    rows = rows.with_columns(shown=pl.col("presence").replace(_legend()))
    whole = frame.filter(pl.col("school_year") == "all")
    count = dict(whole.select("presence", "incidents").iter_rows())
    title = (
        f"Of {count['all']} school shootings the Post's database records an officer or guard "
        f"as present at {count.get(measure.PRESENT, 0)}, and says nothing on this for "
        f"{count.get(measure.EMPTY, 0)}"
    )
    panels = [
        _bars(rows, column, label, height)
        for column, label, height in (
            ("incidents", "shootings", 190), ("killed", "people killed", 110),
            ("injured", "people injured", 110),
        )
    ]  # fmt: skip
    for place, panel in enumerate(panels):
        last = place == len(panels) - 1
        panel.encoding.x.axis = alt.Axis(labels=last, ticks=last, labelAngle=-90, title=None)
    notes = [_NOT_A_RATE, _NO_DETERRENCE]
    by_year = frame.filter((pl.col("school_year") != "all") & (pl.col("presence") == "all"))
    told = "; ".join(
        f"{row['school_year']}: {row['incidents']}, {row['killed']} killed, "
        f"{row['injured']} injured"
        for row in by_year.to_dicts()
    )
    described = f"Stacked bars by school year: shootings, people killed, people injured. {told}."
    chart = alt.vconcat(*panels, spacing=14)
    return _finished(chart, title, notes, measure.CREDIT, described, rows)


def _over_years(rows: pl.DataFrame) -> Any:
    """Draw one question, and its other wordings as separate series, on a scale of time."""
    unit = rows["unit"][0]
    rows = rows.with_columns(question=_wrapped("label", 46))
    series = rows["question"].unique(maintain_order=True).to_list()
    legend = alt.Legend(
        title=None, orient="bottom", labelLimit=620, direction="vertical", symbolOpacity=1,
        labelExpr="split(datum.label, '\\n')", symbolStrokeWidth=0.7,
    )  # fmt: skip
    legend = legend if len(series) > 1 else None
    colour = alt.Color(
        "question:N", scale=alt.Scale(domain=series, range=COLOURS[3::-1]), legend=legend
    )
    shape = alt.Shape(
        "question:N", scale=alt.Scale(domain=series, range=SHAPES), legend=legend
    )  # fmt: skip
    x = alt.X(
        "year:Q", title="spring of the school year",
        scale=alt.Scale(domain=[YEARS[0] - 1, YEARS[-1] + 1], nice=False),
        axis=alt.Axis(values=list(YEARS), format="d", grid=False),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, 100]) if unit == "percent" else alt.Scale(zero=True)
    y = alt.Y("estimate:Q", title=_UNITS[unit], scale=scale)
    base = alt.Chart(rows).encode(x=x, color=colour)
    lines = base.mark_line(strokeWidth=1, opacity=0.6).encode(y=y, detail="segment:N")
    bars = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        y=alt.Y("low:Q", scale=scale), y2="high:Q"
    )
    dots = base.mark_point(filled=True, size=80, opacity=1, stroke=INK, strokeWidth=0.7).encode(
        y=y, shape=shape
    )
    text = base.mark_text(dy=-9, fontSize=11).encode(
        y=alt.Y("high:Q", scale=scale),
        text=alt.Text("estimate:Q", format=".1f" if unit == "percent" else ",.3~s"),
        color=alt.value(INK),
    )
    return alt.layer(lines, bars, dots, text).properties(width=520, height=300)


def _by_unit(rows: pl.DataFrame) -> Any:
    """Draw dots with intervals, a panel for each unit."""
    panels = [_dots(part) for _, part in rows.group_by("unit", maintain_order=True)]
    return panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=22)


def _dots(rows: pl.DataFrame) -> Any:
    unit = rows["unit"][0]
    years = [school_year(year) for year in YEARS if year in set(rows["year"])]
    place = [school_year(year) for year in YEARS].index
    rows = rows.with_columns(name=_wrapped("shown", 48))
    y = alt.Y(
        "name:N", sort=None, title=None,
        axis=alt.Axis(
            labelExpr="split(datum.label, '\\n')", labelLimit=400, grid=True, tickBand="extent"
        ),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, 100]) if unit == "percent" else alt.Scale(zero=True)
    title = _UNITS[unit]
    base = alt.Chart(rows).encode(y=y, yOffset=alt.YOffset("school_year:N", sort=years))
    legend = alt.Legend(title="School year", orient="bottom")
    colour = alt.Color(
        "school_year:N", legend=legend,
        scale=alt.Scale(domain=years, range=[COLOURS[place(one)] for one in years]),
    )  # fmt: skip
    shape = alt.Shape(
        "school_year:N", legend=legend,
        scale=alt.Scale(domain=years, range=[SHAPES[place(one)] for one in years]),
    )  # fmt: skip
    bars = base.mark_rule(strokeWidth=2, color="#666666").encode(
        x=alt.X("low:Q", scale=scale, title=title), x2="high:Q"
    )
    dots = base.mark_point(filled=True, size=55, opacity=1, stroke=INK, strokeWidth=0.6).encode(
        x=alt.X("estimate:Q", scale=scale, title=title), color=colour, shape=shape
    )
    return alt.layer(bars, dots).properties(
        width=430, height=alt.Step(_STEP, **{"for": "position"})
    )


def _bars(rows: pl.DataFrame, column: str, label: str, height: int) -> Any:
    kinds = [kind for kind in _legend().values() if kind in set(rows["shown"])]
    colours = dict(zip(_legend().values(), PRESENCE_COLOURS, strict=True))
    scale = alt.Scale(domain=kinds, range=[colours[kind] for kind in kinds])
    legend = alt.Legend(title="Officer or guard", orient="top", labelLimit=320)
    return (
        alt.Chart(rows)
        .mark_bar(stroke="#555555", strokeWidth=0.4)
        .encode(
            x=alt.X("school_year:O"),
            y=alt.Y(f"{column}:Q", title=label),
            color=alt.Color("shown:N", scale=scale, legend=legend),
            order=alt.Order("stack:Q"),
        )
        .transform_calculate(stack=f"indexof({kinds!r}, datum.shown)")
        .properties(width=620, height=height)
    )


def _legend() -> dict[str, str]:
    return {
        measure.PRESENT: "recorded as present",
        measure.NOT_PRESENT: "recorded as not present or not known",
        measure.EMPTY: "nothing recorded",
    }


def _wrapped(column: str, width: int) -> pl.Expr:
    return pl.col(column).map_elements(
        lambda text: "\n".join(textwrap.wrap(text, width)), return_dtype=pl.String
    )


def _item_title(con: duckdb.DuckDBPyConnection, item: str, rows: pl.DataFrame) -> str:
    mine = rows.filter(pl.col("item") == item).sort("year")
    mine = mine if len(mine) else rows.sort("year")
    last = mine.row(-1, named=True)
    said = f"{last['label']}: {amount(last['estimate'], last['unit'])} in {last['school_year']}"
    found = differences(con, item).filter(
        (pl.col("item") == last["item"]) & (pl.col("second") == last["school_year"])
    )
    if found.is_empty():
        return said
    first = found.sort("first").row(0, named=True)
    before = mine.filter(pl.col("school_year") == first["first"])["estimate"][0]
    unclear = first["low"] <= 0 <= first["high"]
    tail = ", a difference within sampling error" if unclear else ""
    return f"{said}, {amount(before, last['unit'])} in {first['first']}{tail}"


def _domain_title(item: str, rows: pl.DataFrame) -> str:
    mine = rows.filter(pl.col("item") == item)
    mine = mine if len(mine) else rows
    last = mine.filter(pl.col("year") == mine["year"].max()).sort("estimate")
    low, high = last.row(0, named=True), last.row(-1, named=True)
    return (
        f"{item_of(low['item']).label}, {low['school_year']}: from "
        f"{amount(low['estimate'], low['unit'])} ({low['shown'].lower()}) to "
        f"{amount(high['estimate'], high['unit'])} ({high['shown'].lower()})"
    )


def _theme_title(con: duckdb.DuckDBPyConnection, theme: str, rows: pl.DataFrame) -> str:
    """Count the questions that rose and fell between the last two surveys."""
    last = [school_year(year) for year in sorted(set(rows["year"]))[-2:]]
    names = rows["item"].unique(maintain_order=True)
    found = pl.concat([differences(con, name) for name in names]).unique()
    found = found.filter((pl.col("first") == last[0]) & (pl.col("second") == last[-1]))
    if found.is_empty():
        return f"{THEMES[theme]}: {len(names)} questions, none asked alike in two of these years"
    more, less = (found["low"] > 0).sum(), (found["high"] < 0).sum()
    return (
        f"{THEMES[theme]}: of {len(found)} questions asked alike in {last[0]} and {last[-1]}, "
        f"{more} have a higher and {less} a lower estimate beyond sampling error"
    )


def _notes(rows: pl.DataFrame, domain: str, item: str | None) -> list[str]:
    universes = rows["universe"].unique(maintain_order=True).to_list()
    whole = (
        f"{universes[0]}." if len(universes) == 1
        else "Each percentage is of the schools that were asked; the table says which."
    )  # fmt: skip
    by = "" if domain == "all" else f" By {DOMAINS[domain]}."
    changed = rows["note"].drop_nulls().unique(maintain_order=True).to_list() if item else [
        "Where a question changed between years it stands under each of its wordings."
    ]  # fmt: skip
    numbers = "" if set(rows["unit"]) == {"percent"} else "; of the logarithm for numbers"
    return [f"{whole}{by} {_INTERVAL}{numbers}).", *changed]


def _told(rows: pl.DataFrame) -> str:
    said = "; ".join(
        f"{row['label']}{'' if row['category'] == 'all' else ', ' + row['shown'].lower()}, "
        f"{row['school_year']}: {amount(row['estimate'], row['unit'])}"
        + (
            ""
            if row["low"] is None
            else f" ({amount(row['low'], row['unit'], bare=True)} to "
            f"{amount(row['high'], row['unit'], bare=True)})"
        )
        for row in rows.to_dicts()
    )
    return f"Dots with 95 % intervals. {said}."


def _finished(
    chart: Any, title: str, notes: list[str], source: str, described: str, rows: pl.DataFrame
) -> Figure:
    lines = [line for text in [*notes, source] for line in textwrap.wrap(text, 120)]
    heading = alt.TitleParams(
        textwrap.wrap(title, 82), subtitle=lines, anchor="start", fontSize=16, subtitleFontSize=11,
        subtitleColor=INK, offset=12,
    )  # fmt: skip
    drawn = (
        chart.properties(title=heading, description=described)
        .configure(background="white", font="sans-serif", padding=16)
        .configure_view(stroke="#DDDDDD")
        .configure_axis(labelColor=INK, titleColor=INK, gridColor="#EEEEEE")
    )
    return Figure(drawn, title, source, described, rows)
