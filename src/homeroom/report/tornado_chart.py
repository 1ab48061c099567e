"""What moves a plan's new local money most: a bar an input, from its low to its high."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.plans.simulate import Result
from homeroom.plans.tornado import Input
from homeroom.report.chart_labels import BELOW, TALL, broken, row_labels
from homeroom.report.names import readable
from homeroom.report.picture import GREEN, Look, Picture, data
from homeroom.report.tooltips import hinted, whole_rows

_MOST = 7
"""Bars a plan: more are too thin to tell, and the narrow ones decide nothing."""
_SOURCE = (
    "Source: wages OEWS and OOH, benefits ECEC, index ECI (BLS); staff CRDC {wave} (OCR) or the "
    "plan. Homeroom; each price's rows are listed with the plan."
)


def tornado(results: list[Result]) -> Picture:
    """Draw what moves each plan's new local money, keeping as is left out.

    Parameters
    ----------
    results
        What plans come to. Where it is not known who pays the officers, the bars are those of a
        district that does.
    """
    table = _rows([one for one in results if one.moves and one.moves[0].inputs])
    place = readable(results[0].base.name)
    title = _title(results, place)
    unknown = any(len(one.books) > 1 for one in results)
    units = (
        "New local money over all years, in millions of US dollars, with one input moved from its "
        "low to its high and the others central. The line marks the central answer, the dashed "
        "line zero." + (" Bars hold if the school district pays the officers." if unknown else "")
    )
    source = _SOURCE.format(wave=results[0].base.wave)
    told = " ".join(
        f"{row['plan']}, {row['input']} {row['ends']}: {row['low']:,.2f} to {row['high']:,.2f}."
        for row in table.iter_rows(named=True)
    )

    def draw(look: Look) -> Any:
        parts = [
            _bars(table.filter(pl.col("plan") == plan), str(plan), look)
            for plan in table["plan"].unique(maintain_order=True)
        ]
        return alt.vconcat(*parts, spacing=24) if parts else _nothing(look)

    return Picture(title, units, source, f"Bar chart. {title}. {told}", table, draw)


def _title(results: list[Result], place: str) -> str:
    found = [one for one in results if one.moves and one.moves[0].inputs]
    if not found:
        return f"No input of the plans for {place} has a range"
    widest = found[0].moves[0].inputs[0]
    return f"In {place}, {widest.name} moves “{found[0].plan.name}” most"


def _rows(results: list[Result]) -> pl.DataFrame:
    rows = [
        _row(one, moved)
        for one in results
        for moved in one.moves[0].inputs[:_MOST]
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_SCHEMA)


_SCHEMA: dict[str, Any] = {
    "plan": pl.String, "input": pl.String, "ends": pl.String, "label": pl.String,
    "low": pl.Float64, "high": pl.Float64, "central": pl.Float64, "turns": pl.String,
    "range_is": pl.String,
}  # fmt: skip


def _row(result: Result, moved: Input) -> dict[str, Any]:
    name = f"{moved.name[:1].upper()}{moved.name[1:]}"
    ends = f"{moved.low} {'to' if moved.low.startswith('$') else 'or'} {moved.high}"
    return {
        "plan": result.plan.name, "input": name, "ends": ends,
        "label": f"{name}: {ends}",
        "low": min(moved.at_low, moved.at_high) / 1e6,
        "high": max(moved.at_low, moved.at_high) / 1e6,
        "central": result.moves[0].central / 1e6, "turns": moved.turns_at,
        "range_is": moved.range_is,
    }  # fmt: skip


def _bars(rows: pl.DataFrame, plan: str, look: Look) -> Any:
    width = look.width - 40
    labels = row_labels({row["label"]: row["label"] for row in rows.to_dicts()}, width, 12, lines=1)
    told, tips = hinted(
        rows,
        lambda row: {
            "Input": row["input"], "From and to": row["ends"],
            "Millions of US dollars": f"{row['low']:,.2f} to {row['high']:,.2f}",
            "The ends are": row["range_is"],
        } | ({"Turns if": row["turns"]} if row["turns"] else {}),
    )  # fmt: skip
    lowest, highest = rows["low"].min(), rows["high"].max()
    ends = [min(float(str(lowest)), 0.0), max(float(str(highest)), 0.0)]
    pad = (ends[1] - ends[0]) * 0.04 or 0.1
    x = {
        "title": None,
        "scale": alt.Scale(domain=[ends[0] - pad, ends[1] + pad], nice=False),
        "axis": alt.Axis(tickCount=4 if look.narrow else 7, domain=False, format="~r"),
    }  # fmt: skip
    base = alt.Chart(data(told)).encode(y=labels.y("label"))
    bars = base.mark_bar(height=11, yOffset=BELOW, color=GREEN).encode(
        x=alt.X("low:Q", **x), x2="high:Q", tooltip=tips
    )
    zero = alt.Chart(data(pl.DataFrame({"x": [0.0]}))).mark_rule(color=look.soft, strokeDash=[4, 3])
    central = alt.Chart(data(rows.select(x="central").head(1))).mark_rule(
        color=look.ink, strokeWidth=1.5
    )
    unseen = whole_rows(alt.Chart(data(told)).encode(y=labels.y("label")), tips, width)
    return alt.layer(
        zero.encode(x=alt.X("x:Q", **x)),
        bars,
        central.encode(x=alt.X("x:Q", **x)),
        *labels.above("label", width, look.paper),
        unseen,
    ).properties(width=width, height=alt.Step(TALL), title=broken(plan, look.width - 44, 13))


def _nothing(look: Look) -> Any:
    return (
        alt.Chart(data(pl.DataFrame({"said": ["No input has a range."]})))
        .mark_text(align="left")
        .encode(text="said:N")
        .properties(width=look.width - 40, height=30)
    )
