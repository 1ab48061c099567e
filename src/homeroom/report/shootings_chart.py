"""The picture of school shootings by year: shootings, people killed, people injured."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.context import shootings as measure
from homeroom.evidence.store import Store
from homeroom.report.picture import GRAY, GREEN, ORANGE, Look, Picture, data
from homeroom.report.tooltips import Hint, hinted, number

PRESENCE_COLORS = (GREEN, ORANGE, GRAY)
_PRESENCE = {
    measure.PRESENT: "recorded as present",
    measure.NOT_PRESENT: "recorded as not present or not known",
    measure.EMPTY: "nothing recorded",
}
_NOT_A_RATE = (
    "Numbers by school year, the shooter not counted. The first and last school years are not "
    "whole. Not a rate: the number of schools with officers grew as well."
)
_NO_DETERRENCE = (
    "Officers are placed by risk and size, and shootings that did not happen are in no row: this "
    "cannot show deterrence."
)


def shootings_chart(store: Store) -> Picture:
    """Draw shootings, people killed and people injured by school year."""
    frame = measure.shootings(store)
    rows = frame.filter((pl.col("school_year") != "all") & (pl.col("presence") != "all"))
    rows = rows.with_columns(shown=pl.col("presence").replace(_PRESENCE))
    whole = frame.filter(pl.col("school_year") == "all")
    count = dict(whole.select("presence", "incidents").iter_rows())
    title = (
        f"Of {count['all']} school shootings the Post's database records an officer or guard "
        f"as present at {count.get(measure.PRESENT, 0)}, and says nothing on this for "
        f"{count.get(measure.EMPTY, 0)}"
    )
    by_year = frame.filter((pl.col("school_year") != "all") & (pl.col("presence") == "all"))
    told = "; ".join(
        f"{row['school_year']}: {row['incidents']}, {row['killed']} killed, "
        f"{row['injured']} injured"
        for row in by_year.to_dicts()
    )
    described = f"Stacked bars by school year: shootings, people killed, people injured. {told}."
    units = f"{_NOT_A_RATE} {_NO_DETERRENCE}"
    return Picture(title, units, measure.CREDIT, described, rows, lambda look: _panels(rows, look))


def _panels(rows: pl.DataFrame, look: Look) -> Any:
    panels = (
        ("incidents", "Shootings", 170), ("killed", "People killed", 100),
        ("injured", "People injured", 100),
    )  # fmt: skip
    return alt.vconcat(
        *(
            _bars(rows, column, label, height, look)
            .properties(title=label)
            for column, label, height in panels
        ),
        spacing=14,
    )  # fmt: skip


def _hint(row: dict[str, Any]) -> Hint:
    return {
        "School year": row["school_year"],
        "Officer or guard": row["shown"],
        "Shootings": number(row["incidents"]),
        "People killed": number(row["killed"]),
        "People injured": number(row["injured"]),
    }


def _bars(rows: pl.DataFrame, column: str, label: str, height: int, look: Look) -> Any:
    kinds = [kind for kind in _PRESENCE.values() if kind in set(rows["shown"])]
    colors = dict(zip(_PRESENCE.values(), PRESENCE_COLORS, strict=True))
    years = sorted(set(rows["school_year"]))
    last = label == "People injured"
    every = 6 if look.narrow else 3
    axis = alt.Axis(
        values=years[::every], labels=last, ticks=last, labelAngle=0, title=None,
        labelExpr="slice(datum.value, 0, 5) + slice(datum.value, -2)",
    )  # fmt: skip
    legend = alt.Legend(
        title="Officer or guard", orient="top", columns=1 if look.narrow else 3, symbolType="square"
    )
    told, tips = hinted(rows, _hint)
    return (
        alt.Chart(data(told))
        .mark_bar(stroke=look.paper, strokeWidth=0.5)
        .encode(
            x=alt.X("school_year:O", scale=alt.Scale(domain=years), axis=axis),
            y=alt.Y(
                f"{column}:Q", title=None,
                axis=alt.Axis(tickCount=4, domain=False, ticks=False, minExtent=30, maxExtent=30),
            ),
            color=alt.Color(
                "shown:N", legend=legend,
                scale=alt.Scale(domain=kinds, range=[colors[kind] for kind in kinds]),
            ),
            order=alt.Order("stack:Q"),
            tooltip=tips,
        )
        .transform_calculate(stack=f"indexof({kinds!r}, datum.shown)")
        .properties(width=look.width - 44, height=height)
    )  # fmt: skip
