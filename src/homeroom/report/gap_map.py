"""The evidence-gap map: where the research library has findings, and where it has none."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.report.chart_labels import broken, row_labels
from homeroom.report.directions import CHANGES, NOTE, SOURCE, colored, plain, with_direction
from homeroom.report.picture import Look, Picture, data
from homeroom.report.tooltips import Hint, hinted, number
from homeroom.research.library_files import Library, load
from homeroom.research.query import findings
from homeroom.research.schema import Grade

_SHADES = {
    False: ["#9AA39E", "#B4BCB7", "#CCD2CE", "#DFE4E0", "#F0F2F0"],
    True: ["#66716B", "#525C56", "#424A46", "#343B37", "#272D2A"],
}
"""From the best grade; text in the ink of the look can be read on each."""


def gap_map(*, library: Library | None = None) -> Picture:
    """Draw where studies exist: findings by direction and best grade, and where none do."""
    shelf = library or load()
    order = list(Grade)
    interventions = {name: one.label for name, one in shelf.interventions.items()}
    outcomes = {name: one.label for name, one in shelf.outcomes.items()}
    cells = (
        with_direction(findings(library=shelf))
        .group_by("intervention", "outcome", maintain_order=True)
        .agg(
            *[(pl.col("shown") == name).sum().alias(name) for name in CHANGES],
            pl.len().alias("findings"),
            pl.col("grade").map_elements(order.index, pl.Int64).min().alias("rank"),
        )
        .with_columns(
            best_grade=pl.col("rank").map_elements(lambda rank: plain(order[rank]), pl.String),
            intervention_label=pl.col("intervention").replace_strict(interventions),
            outcome_label=pl.col("outcome").replace_strict(outcomes),
        )
        .drop("rank")
    )
    pairs = len(interventions) * len(outcomes)
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
    units = (
        "Number: findings. The stronger the shade, the better the best grade. Empty: no finding. "
        f"Marks, on a wide picture: the directions found. {NOTE}"
    )

    def draw(look: Look) -> Any:
        shown = _strips if look.narrow else _grid
        return shown(cells, list(interventions.values()), list(outcomes.values()), look)

    return Picture(title, units, SOURCE, described, cells, draw)


def _hint(row: dict[str, Any]) -> Hint:
    found = "; ".join(f"{row[name]} {name}" for name in CHANGES if row[name])
    return {
        "Intervention": row["intervention_label"],
        "Outcome": row["outcome_label"],
        "Findings": number(row["findings"]),
        "The outcome is": found,
        "Best grade": row["best_grade"],
    }


def _grid(cells: pl.DataFrame, rows: list[str], columns: list[str], look: Look) -> Any:
    """Draw the cells on whole numbers, so that the marks inside a cell can be set apart."""
    names = row_labels({name: name for name in rows}, 196, 12)
    side, high = (look.width - names.room - 4) / len(columns), 36
    width, height = round(side * len(columns)), high * len(rows)
    across = alt.Scale(domain=[0, len(columns)], nice=False)
    down = alt.Scale(domain=[0, len(rows)], nice=False, reverse=True)
    placed, tips = hinted(_placed(cells, rows, columns), _hint)
    x = alt.X("left:Q", axis=None, scale=across)
    y = alt.Y("top:Q", axis=None, scale=down)
    empty, ground = _grounds(placed, len(rows), len(columns), look, tips, x, y)
    directed = (
        placed.unpivot(
            on=list(CHANGES), index=["left", "top", *[tip["field"] for tip in tips]],
            variable_name="shown", value_name="count",
        )
        .filter(pl.col("count") > 0)
        .with_columns(
            across=pl.col("left") + 0.5
            + (pl.int_range(pl.len()).over("left", "top") - (pl.len().over("left", "top") - 1) / 2)
            * pl.min_horizontal(pl.lit(9.5), (side - 3) / pl.len().over("left", "top")) / side,
            middle=pl.col("top") + 0.72,
        )
    )  # fmt: skip
    marks = (
        alt.Chart(data(directed))
        .mark_point(filled=True, size=38, stroke=look.ink, strokeWidth=0.7, opacity=1)
        .encode(x="across:Q", y="middle:Q", tooltip=tips, **colored(look, 2))
    )
    numbers = (
        alt.Chart(
            data(placed.with_columns(middle=pl.col("top") + 0.32, across=pl.col("left") + 0.5))
        )
        .mark_text(fontSize=13)
        .encode(x="across:Q", y="middle:Q", text="findings:Q", tooltip=tips)
    )
    return (
        alt.layer(*_headings(rows, columns, x, y), empty, ground, marks, numbers)
        .resolve_scale(color="independent", shape="independent")
        .properties(width=width, height=height)
    )


def _headings(rows: list[str], columns: list[str], x: Any, y: Any) -> list[Any]:
    """Write the names of rows on the left, and those of columns upright, on two lines if long."""
    beside = [{"top": at + 0.5, "name": name} for at, name in enumerate(rows)]
    written = [
        alt.Chart(alt.Data(values=beside))
        .mark_text(align="right", fontSize=12)
        .encode(x=alt.value(-10), y=y, text="name:N")
    ]
    lines: dict[float, list[dict[str, Any]]] = {}
    for at, name in enumerate(columns):
        part = broken(name, 140, 12)
        for number_of, line in enumerate(part):
            down = (number_of - (len(part) - 1) / 2) * 14
            lines.setdefault(down, []).append({"left": at + 0.5, "name": line})
    return written + [
        alt.Chart(alt.Data(values=values))
        .mark_text(align="left", angle=270, dy=down, fontSize=12)
        .encode(x=x, y=alt.value(-8), text="name:N")
        for down, values in lines.items()
    ]


def _strips(cells: pl.DataFrame, rows: list[str], columns: list[str], look: Look) -> Any:
    """Draw a strip of lettered cells for each intervention, its name above; the letters' key first.

    A phone has no room for names along both sides.
    """
    letters = [chr(ord("A") + at) for at in range(len(columns))]
    width, high = look.width - 2, 52
    share = 31 / high
    across = alt.Scale(domain=[0, len(columns)], nice=False)
    down = alt.Scale(domain=[0, len(rows)], nice=False, reverse=True)
    placed, tips = hinted(_placed(cells, rows, columns), _hint)
    # The name stands in the upper part of each row, the cells in the lower.
    lower = placed.with_columns(top=pl.col("top") + 1 - share)
    x = alt.X("left:Q", axis=None, scale=across)
    y = alt.Y("top:Q", axis=None, scale=down)
    empty, ground = _grounds(
        lower, len(rows), len(columns), look, tips, x, y, lift=1 - share, columns_of_key=2
    )
    names = pl.DataFrame({"left": [0] * len(rows), "top": range(len(rows)), "name": rows})
    headings = (
        alt.Chart(data(names))
        .mark_text(align="left", baseline="bottom", dy=high * (1 - share) - 3, fontSize=13)
        .encode(x=x, y=y, text="name:N")
    )
    found = set(placed.select("left", "top").iter_rows())
    lettered = pl.DataFrame(
        [{"left": column + 0.5, "top": row + 1 - share, "letter": letters[column],
          "found": (column, row) in found}
         for row in range(len(rows)) for column in range(len(columns))]
    )  # fmt: skip
    marks = (
        alt.Chart(data(lettered))
        .mark_text(dy=9, fontSize=11)
        .encode(
            x=x,
            y=y,
            text="letter:N",
            color=alt.condition("datum.found", alt.value(look.ink), alt.value(look.soft)),
        )
    )
    numbers = (
        alt.Chart(data(lower.with_columns(left=pl.col("left") + 0.5)))
        .mark_text(dy=22, fontSize=12, fontWeight=600)
        .encode(x=x, y=y, text="findings:Q", tooltip=tips)
    )
    strips = alt.layer(empty, ground, headings, marks, numbers).properties(
        width=width, height=high * len(rows)
    )
    return alt.vconcat(_key(letters, columns, width), strips, spacing=10)


def _key(letters: list[str], names: list[str], width: int) -> Any:
    """Say what the letters stand for, in two columns."""
    half = (len(names) + 1) // 2
    room, written = width / 2 - 4, []
    for first in (0, half):
        line = 0
        for letter, name in list(zip(letters, names, strict=True))[first : first + half]:
            left = 0.0 if first == 0 else width / 2 + 4
            written.append({"x": left, "y": line, "text": letter})
            for text in broken(name, room - 16, 12):
                written.append({"x": left + 16, "y": line, "text": text})
                line += 1
    return (
        alt.Chart(data(pl.DataFrame(written)))
        .mark_text(align="left", fontSize=12)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False)),
            y=alt.Y("y:O", axis=None),
            text="text:N",
        )
        .properties(width=width, height=alt.Step(16))
    )


def _placed(cells: pl.DataFrame, rows: list[str], columns: list[str]) -> pl.DataFrame:
    return cells.with_columns(
        left=pl.col("outcome_label").map_elements(columns.index, pl.Int64),
        top=pl.col("intervention_label").map_elements(rows.index, pl.Int64),
    )


def _grounds(
    placed: pl.DataFrame, rows: int, columns: int, look: Look, tips: list[Any], x: Any, y: Any,
    *, lift: float = 0, columns_of_key: int = 3,
) -> list[Any]:  # fmt: skip
    """Draw every cell's outline, and the ground of those that have findings."""
    every = pl.DataFrame(
        [{"left": column, "top": row + lift, "right": column + 1, "bottom": row + 1}
         for row in range(rows) for column in range(columns)]
    )  # fmt: skip
    outline = (
        alt.Chart(data(every))
        .mark_rect(filled=False, stroke=look.line, strokeWidth=1)
        .encode(x=x, x2="right:Q", y=y, y2="bottom:Q")
    )
    shade = alt.Color(
        "best_grade:N",
        scale=alt.Scale(domain=[plain(grade) for grade in Grade], range=_SHADES[look.dark]),
        legend=alt.Legend(
            title="Best grade of a finding", orient="bottom", columns=columns_of_key,
            symbolType="square", symbolSize=160, symbolStrokeColor=look.soft,
        ),
    )  # fmt: skip
    ends = placed.with_columns(right=pl.col("left") + 1, bottom=pl.col("top") + 1 - lift)
    ground = (
        alt.Chart(data(ends))
        .mark_rect(stroke=look.paper, strokeWidth=2)
        .encode(x=x, x2="right:Q", y=y, y2="bottom:Q", color=shade, tooltip=tips)
    )
    return [outline, ground]
