"""Two pictures of the research library: a forest plot and an evidence-gap map.

Colours are Okabe and Ito's (2008, "Color Universal Design") without a red-blue contrast; every
colour goes with a shape, so that the pictures also read in grey. The picture of a question shows
every finding, the unverified ones marked, and no result of pooling where nothing may be pooled.
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt
import polars as pl

from homeroom.errors import BadInput, NotAvailable
from homeroom.research.library_files import Library, load
from homeroom.research.query import findings
from homeroom.research.schema import Estimand, Grade, Scale
from homeroom.research.synthesis import synthesise

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "another comparison"
CHANGES = ("higher", "lower", "no clear difference", "mixed", OTHER)
COLOURS = ("#E69F00", "#009E73", "#999999", "#CC79A7", "#56B4E9")
SHAPES = ("triangle-up", "triangle-down", "circle", "diamond", "square")
NOTE = (
    "Another comparison: between groups of students or forms of the intervention, or none at all."
)
SOURCE = "Source: the research library of Homeroom; each finding by its number, with its address."
INK = "#333333"
PLAIN = {Scale.COUNT, Scale.PERCENT_OF_INCIDENTS, Scale.PERCENT_OF_TIPS}


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its sentence, its source line, and words for those who cannot see it."""

    chart: Any
    title: str
    source: str
    alt: str
    table: pl.DataFrame

    def save(self, path: Path) -> None:
        """Write SVG or PNG (twice the size, for print), by the name's ending."""
        if path.suffix not in {".svg", ".png"}:
            raise BadInput(
                f"expected a file name that ends in .svg or .png, found {path.name}: rename it"
            )
        self.chart.save(path, scale_factor=2 if path.suffix == ".png" else 1)


def forest(intervention: str, outcome: str, *, library: Library | None = None) -> Figure:
    """Draw every finding of a question: sizes by scale, then the bare directions.

    A filled mark with a line is an estimate with its interval, a dashed line a reported range
    (no interval), a mark without a line an estimate of unknown uncertainty.
    """
    shelf = library or load()
    rows = findings(intervention, outcome, library=shelf)
    if rows.is_empty():
        raise NotAvailable(
            f"expected findings on {intervention} and {outcome}, found none: see the gap map for "
            "the pairs that have been studied"
        )
    rows = _shown(rows).with_columns(
        label=pl.format(
            "{}  {} ({}){}",
            "effect_id",
            "source_id",
            pl.coalesce("measured", "subgroup"),
            pl.when("verified").then(pl.lit("")).otherwise(pl.lit(" *")),
        ).map_elements(lambda text: textwrap.shorten(text, 70, placeholder=" …"), pl.String)
    )
    counts = Counter(rows["shown"].to_list())
    together = synthesise(intervention, outcome, library=shelf)
    subject = (
        f"{shelf.interventions[intervention].label.lower()} and "
        f"{shelf.outcomes[outcome].label.lower()}"
    )
    title = _said(counts, subject)
    panels = [
        _sizes(rows.filter(pl.col("scale") == scale), scale)
        for scale in rows["scale"].unique(maintain_order=True)
        if scale != Scale.DIRECTION_ONLY
    ]
    bare = rows.filter(pl.col("scale") == Scale.DIRECTION_ONLY)
    if not bare.is_empty():
        panels.append(_directions(bare))
    source = f"{SOURCE} * known only from a report about the publication."
    notes = [part.sentence for part in together]
    if rows["uncertainty"].eq("range").any():
        notes.append("Dashed: a range that the authors report, not an interval.")
    if counts[OTHER]:
        notes.append(NOTE)
    lines = [line for text in [*notes, source] for line in textwrap.wrap(text, 125)]
    described = f"Forest plot. {title}. " + " ".join(_told(row) for row in rows.to_dicts())
    chart = _finished(alt.vconcat(*panels, spacing=18), title, lines, described)
    return Figure(chart, title, source, described, rows)


def gap_map(*, library: Library | None = None) -> Figure:
    """Draw where studies exist: findings by direction and best grade, and where none do."""
    shelf = library or load()
    rows = _shown(findings(library=shelf))
    order = list(Grade)
    cells = (
        rows.group_by("intervention", "outcome", maintain_order=True)
        .agg(
            *[(pl.col("shown") == name).sum().alias(name) for name in CHANGES],
            pl.len().alias("findings"),
            pl.col("grade").map_elements(order.index, pl.Int64).min().alias("rank"),
        )
        .with_columns(
            best_grade=pl.col("rank").map_elements(lambda rank: _plain(order[rank]), pl.String),
            intervention_label=pl.col("intervention").map_elements(
                lambda name: shelf.interventions[name].label, pl.String
            ),
            outcome_label=pl.col("outcome").map_elements(
                lambda name: shelf.outcomes[name].label, pl.String
            ),
        )
        .drop("rank")
    )
    pairs = len(shelf.interventions) * len(shelf.outcomes)
    title = (
        f"{pairs - len(cells)} of {pairs} pairs of intervention and outcome have no finding in "
        "the library"
    )
    described = (
        f"Evidence-gap map. {title}. Most findings: "
        + "; ".join(
            f"{row['intervention_label']} and {row['outcome_label'].lower()}, {row['findings']}"
            for row in cells.sort("findings", descending=True).head(5).to_dicts()
        )
        + "."
    )
    lines = [
        "Number of findings by direction; the darker the cell, the better the best grade.",
        f"Blank: no finding. {NOTE}",
        SOURCE,
    ]
    chart = _finished(_grid(cells, shelf), title, lines, described)
    return Figure(chart, title, SOURCE, described, cells)


def _sizes(rows: pl.DataFrame, scale: str) -> Any:
    """Draw the findings of one scale around the line of no effect."""
    ratio = Scale(scale).is_ratio or scale.startswith("ratio")
    base = alt.Chart(rows).encode(y=_names())
    axis = alt.Axis(labelExpr="format(datum.value, '.3~r')", tickCount=6)
    scaled = alt.Scale(
        type="log" if Scale(scale).is_ratio else "linear", zero=False, padding=12, nice=False
    )
    compares = Scale(scale) not in PLAIN
    title = _plain(scale) + (" (line: no difference)" if compares else "")
    x = alt.X("estimate:Q", scale=scaled, title=title, axis=axis)
    published = alt.datum.uncertainty != "range"
    ends = base.encode(x=alt.X("low:Q", scale=scaled, title=title, axis=axis), x2="high:Q")
    bars = ends.mark_rule(color=INK, strokeWidth=2)
    marks = base.mark_point(filled=True, size=90, stroke=INK, strokeWidth=0.7, opacity=1).encode(
        x=x, color=_colour(), shape=_shape()
    )
    null = (
        alt.Chart(pl.DataFrame({"null": [1.0 if ratio else 0.0]}))
        .mark_rule(color=INK, strokeWidth=1)
        .encode(x=alt.X("null:Q", scale=scaled, title=title, axis=axis))
    )
    layers = [null] if compares else []
    if rows.filter(pl.col("uncertainty") != "range")["low"].is_not_null().any():
        layers.append(bars.transform_filter(published))
    if rows["uncertainty"].eq("range").any():
        dashed = ends.mark_rule(color=INK, strokeWidth=2, strokeDash=[3, 3])
        layers.append(dashed.transform_filter(alt.datum.uncertainty == "range"))
    if rows["estimate"].is_not_null().any():
        layers.append(marks.transform_filter("datum.estimate !== null"))
    heading = _plain(scale).capitalize()
    return alt.layer(*layers).properties(
        width=420, height=alt.Step(22), title=_heading(f"Size: {heading}")
    )


def _directions(rows: pl.DataFrame) -> Any:
    """Draw findings that the texts give without a size."""
    return (
        alt.Chart(rows)
        .mark_point(filled=True, size=90, stroke=INK, strokeWidth=0.7, opacity=1)
        .encode(
            x=alt.X("shown:N", sort=list(CHANGES), title=None, axis=alt.Axis(labelAngle=0)),
            y=_names(),
            color=_colour(),
            shape=_shape(),
        )
        .properties(width=420, height=alt.Step(22), title=_heading("Direction only, no size seen"))
    )


def _grid(cells: pl.DataFrame, shelf: Library) -> Any:
    """Draw the cells on whole numbers, so that the marks inside a cell can be set apart."""
    outcomes = [one.label for one in shelf.outcomes.values()]
    rows = [one.label for one in shelf.interventions.values()]
    placed = cells.with_columns(
        left=pl.col("outcome_label").map_elements(outcomes.index, pl.Int64),
        top=pl.col("intervention_label").map_elements(rows.index, pl.Int64),
    ).with_columns(right=pl.col("left") + 1, bottom=pl.col("top") + 1)
    x_axis = _axis(outcomes, orient="top", labelAngle=-40, labelAlign="left")
    x = alt.X("left:Q", title=None, axis=x_axis, scale=_whole(outcomes))
    y = alt.Y("top:Q", title=None, axis=_axis(rows), scale=_whole(rows, reverse=True))
    shades = ["#8A8A8A", "#A6A6A6", "#C2C2C2", "#DCDCDC", "#F2F2F2"]
    shade = alt.Color(
        "best_grade:N",
        scale=alt.Scale(domain=[_plain(grade) for grade in Grade], range=shades),
        legend=alt.Legend(title="Best grade", orient="bottom"),
    )
    ground = (
        alt.Chart(placed)
        .mark_rect(stroke="white", strokeWidth=2)
        .encode(x=x, x2="right:Q", y=y, y2="bottom:Q", color=shade)
    )
    inner = alt.Chart(_apart(placed)).encode(x=alt.X("across:Q"), y=alt.Y("down:Q"))
    marks = inner.mark_point(
        filled=True, size=60, stroke=INK, strokeWidth=0.7, opacity=1, yOffset=-8
    ).encode(color=_colour(), shape=_shape())
    numbers = inner.mark_text(dy=8, fontSize=11, color="black").encode(text="count:Q")
    return (
        alt.layer(ground, marks, numbers)
        .resolve_scale(color="independent", shape="independent")
        .properties(width=len(outcomes) * 68, height=len(rows) * 38)
    )


def _apart(placed: pl.DataFrame) -> pl.DataFrame:
    """Give one row for each direction in a cell, spread evenly over its width."""
    cell = ["left", "top"]
    return (
        placed.unpivot(on=list(CHANGES), index=cell, variable_name="shown", value_name="count")
        .filter(pl.col("count") > 0)
        .with_columns(
            across=pl.col("left")
            + pl.int_range(1, pl.len() + 1).over(cell) / (pl.len().over(cell) + 1),
            down=pl.col("top") + 0.5,
        )
    )


def _whole(names: list[str], *, reverse: bool = False) -> Any:
    return alt.Scale(domain=[0, len(names)], nice=False, reverse=reverse)


def _axis(names: list[str], **options: Any) -> Any:
    return alt.Axis(
        values=[place + 0.5 for place in range(len(names))],
        labelExpr=f"{json.dumps(names)}[floor(datum.value)]",
        labelLimit=260,
        labelOverlap=False,
        grid=False,
        ticks=False,
        domain=False,
        **options,
    )


def _shown(rows: pl.DataFrame) -> pl.DataFrame:
    effect = pl.col("estimand") == Estimand.EFFECT
    return rows.with_columns(shown=pl.when(effect).then("change").otherwise(pl.lit(OTHER)))


def _names() -> Any:
    return alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=460, grid=True))


def _colour() -> Any:
    legend = alt.Legend(title="The outcome is", orient="bottom", symbolStrokeWidth=0.7)
    return alt.Color(
        "shown:N", scale=alt.Scale(domain=list(CHANGES), range=list(COLOURS)), legend=legend
    )


def _shape() -> Any:
    legend = alt.Legend(title="The outcome is", orient="bottom", symbolStrokeWidth=0.7)
    return alt.Shape(
        "shown:N", scale=alt.Scale(domain=list(CHANGES), range=list(SHAPES)), legend=legend
    )


def _heading(text: str) -> Any:
    return alt.TitleParams(text, anchor="start", fontSize=12, fontWeight="normal", color=INK)


def _finished(chart: Any, title: str, lines: list[str], described: str) -> Any:
    heading = alt.TitleParams(
        textwrap.wrap(title, 80), subtitle=lines, anchor="start", fontSize=16, subtitleFontSize=11,
        subtitleColor=INK, offset=12,
    )  # fmt: skip
    return (
        chart.properties(title=heading, description=described)
        .configure(background="white", font="sans-serif", padding=16)
        .configure_view(stroke="#DDDDDD")
        .configure_axis(labelColor=INK, titleColor=INK, gridColor="#EEEEEE")
    )


def _said(counts: Counter[str], subject: str) -> str:
    """Give the sentence over a forest plot."""
    effects = [f"{counts[name]} {name}" for name in CHANGES[:-1] if counts[name]]
    total = counts.total() - counts[OTHER]
    if not total:
        return f"No finding compares {subject} directly; {counts[OTHER]} make another comparison"
    listed = " and ".join([*([", ".join(effects[:-1])] if effects[1:] else []), effects[-1]])
    noun = "finding" if total == 1 else "findings"
    return f"Of {total} {noun} on {subject}: {listed}"


def _told(row: dict[str, Any]) -> str:
    about = f"{row['effect_id']} ({row['source_id']}): {row['shown']}"
    if row["uncertainty"] == "range":
        return f"{about}, range {row['low']:g} to {row['high']:g} {_plain(row['scale'])}."
    if row["estimate"] is None:
        return f"{about}."
    interval = f", interval {row['low']:g} to {row['high']:g}" if row["low"] is not None else ""
    return f"{about}, {row['estimate']:g} {_plain(row['scale'])}{interval}."


def _plain(name: str) -> str:
    return {"SD": "standard deviations"}.get(name, name.replace("_", " "))
