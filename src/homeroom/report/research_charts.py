"""The forest plot of the research library: every finding on one question.

It shows every finding, the unverified ones marked, and no result of pooling where nothing may be
pooled.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import altair as alt
import polars as pl

from homeroom.errors import NotAvailable
from homeroom.report.chart_labels import BELOW, TALL, column_labels, row_labels
from homeroom.report.directions import (
    CHANGES,
    NOTE,
    OTHER,
    SOURCE,
    colored,
    plain,
    with_direction,
)
from homeroom.report.picture import Look, Picture, data
from homeroom.report.tooltips import Hint, hinted, whole_rows
from homeroom.research.library_files import Library, load
from homeroom.research.query import findings
from homeroom.research.schema import Scale
from homeroom.research.synthesis import synthesise

PLAIN = {Scale.COUNT, Scale.PERCENT_OF_INCIDENTS, Scale.PERCENT_OF_TIPS}


def forest(intervention: str, outcome: str, *, library: Library | None = None) -> Picture:
    """Draw every finding of a question: sizes by scale, then the bare directions.

    A filled mark with a line is an estimate with its interval, a dashed line a reported range
    (no interval), a mark without a line an estimate of unknown uncertainty.
    """
    shelf = library or load()
    rows = findings(intervention, outcome, restated=False, library=shelf)
    if rows.is_empty():
        raise NotAvailable(
            f"expected findings on {intervention} and {outcome}, found none: see the gap map for "
            "the pairs that have been studied"
        )
    rows = with_direction(rows).with_columns(
        label=pl.format(
            "{}{} {}: {}",
            "effect_id",
            pl.when("verified").then(pl.lit("")).otherwise(pl.lit("*")),
            "source_id",
            pl.coalesce("measured", "subgroup"),
        )
    )
    counts = Counter(rows["shown"].to_list())
    subject = (
        f"{shelf.interventions[intervention].label.lower()} and "
        f"{shelf.outcomes[outcome].label.lower()}"
    )
    title = _said(counts, subject)
    notes = [part.sentence for part in synthesise(intervention, outcome, library=shelf)]
    if rows["uncertainty"].eq("range").any():
        notes.append("Dashed: a range that the authors report, not an interval.")
    if counts[OTHER]:
        notes.append(NOTE)
    source = f"{SOURCE} * known only from a report about the publication."
    described = f"Forest plot. {title}. " + " ".join(_told(row) for row in rows.to_dicts())
    return Picture(
        title, " ".join(notes), source, described, rows, lambda look: _panels(rows, look)
    )


def _panels(rows: pl.DataFrame, look: Look) -> Any:
    panels = [
        _sizes(rows.filter(pl.col("scale") == scale), scale, look)
        for scale in rows["scale"].unique(maintain_order=True)
        if scale != Scale.DIRECTION_ONLY
    ]
    bare = rows.filter(pl.col("scale") == Scale.DIRECTION_ONLY)
    if not bare.is_empty():
        panels.append(_directions(bare, look))
    return alt.vconcat(*panels, spacing=18)


class _Rows:
    """The rows of a panel: labels beside them or, on a narrow look, above the marks."""

    def __init__(self, frame: pl.DataFrame, look: Look) -> None:
        told, self.tips = hinted(frame, _hint)
        labels = dict(zip(frame["effect_id"], frame["label"], strict=True))
        self._names = row_labels(labels, look.width if look.narrow else 290, 12)
        self._look = look
        self.width = look.width - 12 if look.narrow else look.width - 290 - 14
        self.step = TALL if look.narrow else max(26, self._names.height + 6)
        self.down = BELOW if look.narrow else 0
        self.base = alt.Chart(data(told)).encode(y=self._names.y("effect_id"))

    def layered(self, *layers: Any, title: str, below: tuple[Any, ...] = ()) -> Any:
        """Put labels below and the unseen rows above the marks."""
        return alt.layer(
            *below, *self._written(), *layers, whole_rows(self.base, self.tips, self.width)
        ).properties(width=self.width, height=alt.Step(self.step), title=title)

    def _written(self) -> list[Any]:
        if not self._look.narrow:
            # Labels of all panels take the same room, so that the plots stand below each other.
            room = self.base.mark_rect(opacity=0).encode(x=alt.value(-288), x2=alt.value(0))
            return [room, *self._names.marks("effect_id")]
        return self._names.above("effect_id", self.width, self._look.paper)


def _sizes(frame: pl.DataFrame, scale: str, look: Look) -> Any:
    """Draw the findings of one scale around the line of no effect."""
    ratio = Scale(scale).is_ratio or scale.startswith("ratio")
    compares = Scale(scale) not in PLAIN
    rows = _Rows(frame, look)
    x = {
        "scale": alt.Scale(type="log", padding=12, nice=False)
        if Scale(scale).is_ratio
        else alt.Scale(zero=False, padding=12, nice=False),
        "title": plain(scale) + (" (line: no difference)" if compares else ""),
        "axis": alt.Axis(
            labelExpr="format(datum.value, '.3~r')", tickCount=4 if look.narrow else 6,
            domain=False,
        ),
    }  # fmt: skip
    ends = rows.base.encode(x=alt.X("low:Q", **x), x2="high:Q", tooltip=rows.tips)
    bars = {"color": look.ink, "strokeWidth": 2, "yOffset": rows.down}
    marks = rows.base.mark_point(
        filled=True, size=90, stroke=look.ink, strokeWidth=0.7, opacity=1, yOffset=rows.down
    ).encode(x=alt.X("estimate:Q", **x), tooltip=rows.tips, **colored(look, _columns(look)))
    layers: list[Any] = []
    below: tuple[Any, ...] = ()
    if compares:
        null = alt.Chart(data(pl.DataFrame({"null": [1.0 if ratio else 0.0]})))
        below = (null.mark_rule(color=look.soft).encode(x=alt.X("null:Q", **x)),)
    if frame.filter(pl.col("uncertainty") != "range")["low"].is_not_null().any():
        solid = ends.mark_rule(**bars)
        layers.append(solid.transform_filter("datum.uncertainty != 'range' && datum.low !== null"))
    if frame["uncertainty"].eq("range").any():
        dashed = ends.mark_rule(strokeDash=[3, 3], **bars)
        layers.append(dashed.transform_filter("datum.uncertainty == 'range'"))
    if frame["estimate"].is_not_null().any():
        layers.append(marks.transform_filter("datum.estimate !== null"))
    return rows.layered(*layers, title=f"Size: {plain(scale).capitalize()}", below=below)


def _directions(frame: pl.DataFrame, look: Look) -> Any:
    """Draw findings that the texts give without a size."""
    rows = _Rows(frame, look)
    size = 11 if look.narrow else 12
    axis = alt.Axis(
        labelAngle=0, labelExpr=column_labels(CHANGES, rows.width / 5, size), labelOverlap=False,
        labelLimit=200, grid=True, domain=False, ticks=False, labelFontSize=size,
    )  # fmt: skip
    marks = rows.base.mark_point(
        filled=True, size=90, stroke=look.ink, strokeWidth=0.7, opacity=1, yOffset=rows.down
    ).encode(
        x=alt.X("shown:N", scale=alt.Scale(domain=list(CHANGES)), title=None, axis=axis),
        tooltip=rows.tips,
        **colored(look, _columns(look)),
    )
    return rows.layered(marks, title="Direction only, no size seen")


def _columns(look: Look) -> int:
    return 2 if look.narrow else 5


def _hint(row: dict[str, Any]) -> Hint:
    unit = plain(row["scale"])
    size = "not given" if row["estimate"] is None else f"{row['estimate']:g} ({unit})"
    ends = (
        "–" if row["low"] is None or row["high"] is None else f"{row['low']:g} to {row['high']:g}"
    )
    about = row["measured"] or row["subgroup"]
    return {
        "Finding": row["effect_id"],
        "Study": f"{row['authors']} ({row['year']})",
        "Measured": str(about or "–"),
        "The outcome is": row["shown"],
        "Size": size,
        "Interval": f"{ends}, as the authors' range" if row["uncertainty"] == "range" else ends,
        "Design": f"{row['design']}; {plain(row['grade'])}",
        "Seen": "in the publication" if row["verified"] else "in a report about it",
    }


def _said(counts: Counter[str], subject: str) -> str:
    """Return the sentence over a forest plot."""
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
        return f"{about}, range {row['low']:g} to {row['high']:g} {plain(row['scale'])}."
    if row["estimate"] is None:
        return f"{about}."
    interval = f", interval {row['low']:g} to {row['high']:g}" if row["low"] is not None else ""
    return f"{about}, {row['estimate']:g} {plain(row['scale'])}{interval}."
