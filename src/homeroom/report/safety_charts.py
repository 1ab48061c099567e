"""Pictures of the School Survey on Crime and Safety: a question by year or by kind of school.

Colors are Okabe and Ito's (2008, "Color Universal Design") without a red-blue contrast, each with
a shape of its own. A line joins points of one question only.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.context.survey import LOGIT, amount, bounds, differences, survey
from homeroom.context.survey_items import CATEGORIES, DOMAINS, THEMES, item_of, school_year
from homeroom.errors import BadInput
from homeroom.evidence.store import Store
from homeroom.report.chart_labels import column_labels, row_labels
from homeroom.report.picture import GRAY, GREEN, ORANGE, SKY, Look, Picture, data
from homeroom.report.tooltips import Hint, hinted, number
from homeroom.sources.ssocs import YEARS

COLORS = (GRAY, SKY, ORANGE, GREEN)
SHAPES = ("circle", "square", "diamond", "triangle-up")
NCES = (
    "Source: NCES, School Survey on Crime and Safety, public-use files; estimates by Homeroom from "
    "principals' answers."
)
_INTERVAL = f"Mark: estimate. Line through it: 95% interval ({LOGIT.label.split(',')[0]}"
_UNITS = {
    "percent": "percent of schools",
    "count": "number in the nation",
    "mean": "number per school",
}


def survey_chart(
    store: Store,
    item: str | None = None,
    domain: str = "all",
    year: int | None = None,
    *,
    theme: str | None = None,
) -> Picture:
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
    frame = survey(store, item, domain, year, theme=theme).drop_nulls("estimate")
    rows = frame.with_columns(
        school_year=pl.col("year").map_elements(school_year, pl.String),
        shown=pl.col("label") if item is None else pl.col("category").replace(CATEGORIES),
    )
    drawn = _by_unit
    if item is None:
        title = _theme_title(store, str(theme), rows)
    elif domain == "all":
        title, drawn = _item_title(store, item, rows), _over_years
    else:
        title = _domain_title(item, rows)
    return Picture(
        title, " ".join(_notes(rows, domain, item)), NCES, _told(rows), rows,
        lambda look: drawn(rows, look),
    )  # fmt: skip


def _hint(row: dict[str, Any]) -> Hint:
    ends = "–" if row["low"] is None else bounds(row["low"], row["high"], row["unit"])
    told = {"Question": row["label"]}
    if row["category"] != "all":
        told["Schools"] = CATEGORIES.get(row["category"], row["category"])
    return told | {
        "School year": row["school_year"],
        "Estimate": amount(row["estimate"], row["unit"]),
        "95% interval": ends,
        "Schools that answered": number(row["n"]),
    }


def _over_years(rows: pl.DataFrame, look: Look) -> Any:
    """Draw one question, and its other wordings as separate series, on a scale of time."""
    unit = rows["unit"][0]
    series = rows["label"].unique(maintain_order=True).to_list()
    wording = column_labels(series, look.width - 40, lines=4)
    legend = alt.Legend(
        title=None, orient="bottom", labelLimit=look.width, direction="vertical",
        labelExpr=wording, symbolStrokeColor=look.ink, rowPadding=6, symbolOpacity=1,
    )  # fmt: skip
    legend = legend if len(series) > 1 else None
    color = alt.Color("label:N", scale=alt.Scale(domain=series, range=COLORS[3::-1]), legend=legend)
    shape = alt.Shape("label:N", scale=alt.Scale(domain=series, range=SHAPES), legend=legend)
    x = alt.X(
        "year:Q", title="spring of the school year",
        scale=alt.Scale(domain=[YEARS[0] - 1, YEARS[-1] + 1], nice=False),
        axis=alt.Axis(values=list(YEARS), format="d", grid=False, labelOverlap=False),
    )  # fmt: skip
    scale = alt.Scale(domain=[0, 100]) if unit == "percent" else alt.Scale(zero=True)
    short = {} if unit == "percent" else {"format": "~s"}
    axis = alt.Axis(tickCount=5, domain=False, ticks=False, **short)
    y = {"title": _UNITS[unit], "scale": scale, "axis": axis}
    told, tips = hinted(rows, _hint)
    base = alt.Chart(data(told)).encode(x=x, color=color)
    lines = base.mark_line(strokeWidth=1, opacity=0.6).encode(
        y=alt.Y("estimate:Q", **y), detail="segment:N"
    )
    bars = base.mark_rule(strokeWidth=3, opacity=0.6).encode(
        y=alt.Y("low:Q", **y), y2="high:Q", tooltip=tips
    )
    dots = base.mark_point(
        filled=True, size=90, opacity=1, stroke=look.ink, strokeWidth=0.7
    ).encode(y=alt.Y("estimate:Q", **y), shape=shape, tooltip=tips)
    text = base.mark_text(dy=-10, fontSize=12).encode(
        y=alt.Y("high:Q", **y),
        text=alt.Text("estimate:Q", format=".1f" if unit == "percent" else ",.3~s"),
        color=alt.value(look.ink),
    )
    wide = 46 if look.narrow else 60
    return alt.layer(lines, bars, dots, text).properties(
        width=look.width - wide, height=220 if look.narrow else 260
    )


def _by_unit(rows: pl.DataFrame, look: Look) -> Any:
    """Draw dots with intervals, a panel for each unit."""
    shown = [part for _, part in rows.group_by("unit", maintain_order=True)]
    room = 168 if look.narrow else 300
    room = max(_names(part, room).room for part in shown) + 2
    panels = [_dots(part, look, room) for part in shown]
    return panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=22)


def _names(rows: pl.DataFrame, room: int) -> Any:
    shown = rows["shown"].unique(maintain_order=True).to_list()
    return row_labels({name: name for name in shown}, room, 12, lines=6)


def _dots(rows: pl.DataFrame, look: Look, room: int) -> Any:
    unit = rows["unit"][0]
    every = [school_year(year) for year in YEARS]
    years = [school_year(year) for year in YEARS if year in set(rows["year"])]
    names = _names(rows, room)
    step = max(len(years) * 11, names.height) + 8
    scale = alt.Scale(domain=[0, 100]) if unit == "percent" else alt.Scale(zero=True)
    short = {} if unit == "percent" else {"format": "~s"}
    axis = alt.Axis(tickCount=4 if look.narrow else 6, domain=False, **short)
    x = {"title": _UNITS[unit], "scale": scale, "axis": axis}
    told, tips = hinted(rows, _hint)
    base = alt.Chart(data(told)).encode(
        y=names.y("shown"), yOffset=alt.YOffset("school_year:N", scale=alt.Scale(domain=years))
    )
    legend = alt.Legend(
        title="School year", orient="bottom", symbolStrokeColor=look.ink,
        columns=2 if look.narrow else 4,
    )  # fmt: skip
    color = alt.Color(
        "school_year:N", legend=legend,
        scale=alt.Scale(domain=years, range=[COLORS[every.index(one)] for one in years]),
    )  # fmt: skip
    shape = alt.Shape(
        "school_year:N", legend=legend,
        scale=alt.Scale(domain=years, range=[SHAPES[every.index(one)] for one in years]),
    )  # fmt: skip
    bars = base.mark_rule(strokeWidth=2, color=look.soft).encode(
        x=alt.X("low:Q", **x), x2="high:Q", tooltip=tips
    )
    dots = base.mark_point(
        filled=True, size=60, opacity=1, stroke=look.ink, strokeWidth=0.6
    ).encode(x=alt.X("estimate:Q", **x), color=color, shape=shape, tooltip=tips)
    between = (
        alt.Chart(alt.Data(values=[{"shown": name} for name in list(names.told)[1:]]))
        .mark_rule(color=look.line)
        .encode(y=alt.Y("shown:N", axis=None, bandPosition=0))
    )
    return alt.layer(*names.marks("shown"), between, bars, dots).properties(
        width=look.width - room - 16, height=alt.Step(step, **{"for": "position"})
    )


def _item_title(store: Store, item: str, rows: pl.DataFrame) -> str:
    mine = rows.filter(pl.col("item") == item).sort("year")
    mine = mine if len(mine) else rows.sort("year")
    last = mine.row(-1, named=True)
    said = f"{last['label']}: {amount(last['estimate'], last['unit'])} in {last['school_year']}"
    found = differences(store, item).filter(
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


def _theme_title(store: Store, theme: str, rows: pl.DataFrame) -> str:
    """Count the questions that rose and fell between the last two surveys."""
    last = [school_year(year) for year in sorted(set(rows["year"]))[-2:]]
    names = rows["item"].unique(maintain_order=True)
    found = pl.concat([differences(store, name) for name in names]).unique()
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
        + ("" if row["low"] is None else f" ({bounds(row['low'], row['high'], row['unit'])})")
        for row in rows.to_dicts()
    )
    return f"Dots with 95% intervals. {said}."
