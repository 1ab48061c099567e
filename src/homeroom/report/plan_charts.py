"""Pictures of plans: what they cost by year, what research gives as change, what a total pays."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl

from homeroom.errors import BadInput
from homeroom.plans.funding import Funding
from homeroom.plans.simulate import Result
from homeroom.report.names import readable
from homeroom.report.picture import GREEN, GREY, ORANGE, PURPLE, SKY, Look, Picture, data
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES, SUPPORT

_COLOURS = [GREY, GREEN, ORANGE, PURPLE]
_SHAPES = ["circle", "triangle-up", "square", "diamond"]
_SOURCE = (
    "Source: CRDC {wave} (OCR); wages OEWS (BLS) and benefits ECEC (BLS); findings {effects} of "
    "the research library. Homeroom; each figure's row and address: homeroom plan run --json."
)


def plans(results: list[Result]) -> Picture:
    """Draw cost by year over outcomes, plan by plan."""
    table = _plan_rows(results)
    names = [one.plan.name for one in results]
    effects = dict.fromkeys(
        row.id for one in results for found in one.outcomes for row in found.rows
    )
    source = _SOURCE.format(
        wave=results[0].base.wave, effects=", ".join(effects) if effects else "(none drawn from)"
    )

    def draw(look: Look) -> Any:
        cost = table.filter(pl.col("panel") == "cost")
        change = table.filter(pl.col("panel") == "change")
        top = max(*cost["high"].to_list(), 0.1) * 1.05
        parts = [
            _ranges(
                cost.filter(pl.col("row") == year),
                names,
                look,
                f"Cost in {year}, millions of US dollars",
                top=top,
            )
            for year in cost["row"].unique(maintain_order=True)
        ]
        for label in change["row"].unique(maintain_order=True):
            part = change.filter(pl.col("row") == label)
            parts.append(_ranges(part, names, look, f"Change a year: {label}"))
        return alt.vconcat(*parts, spacing=26).resolve_scale(x="independent")

    return Picture(_title(results), _UNITS, source, _told(table), table, draw)


_UNITS = (
    "Marks: central prices, or the median of the draws. Bars: the middle 95 % of the draws. Change "
    "is against keeping as is. What research does not know is not drawn."
)


def funding(found: Funding) -> Picture:
    """Draw how many post-years of each role a total pays under each policy."""
    table = pl.DataFrame(
        [
            {
                "policy": one.policy,
                "role": ROLES[role].label,
                "post_years": one.posts[role],
                "place": place,
            }
            for one in found.scenarios
            for place, role in enumerate(SUPPORT)
        ]
    )
    first = found.scenarios[0]
    title = (
        f"Shared by {first.policy}, {first.allocated / 1e11:,.2f} billion dollars would pay "
        f"{sum(first.posts.values()):,.0f} posts for one year"
    )
    labels = [ROLES[role].label for role in SUPPORT]

    def draw(look: Look) -> Any:
        return (
            alt.Chart(data(table))
            .mark_bar(stroke=look.paper)
            .encode(
                x=alt.X("post_years:Q", title="Post-years", stack=True),
                y=alt.Y("policy:N", title=None, sort=[one.policy for one in found.scenarios]),
                color=alt.Color(
                    "role:N", sort=labels,
                    scale=alt.Scale(domain=labels, range=[GREEN, ORANGE, SKY, PURPLE]),
                    legend=alt.Legend(title=None, orient="bottom", columns=2),
                ),
                order=alt.Order("place:Q"),
            )
            .properties(width=look.width - 140, height=alt.Step(34))
        )  # fmt: skip

    units = (
        "Policies gap and disparity leave the share of districts whose figures are not at hand "
        "unallocated. The money is split by the mix, a quarter for each role unless told. "
        + found.notice
    )
    source = "Source: F-33 (NCES), SAIPE (Census), CRDC (OCR), OEWS and ECEC (BLS); Homeroom."
    told = f"Bar chart. {title}. " + " ".join(
        f"{one.policy}: "
        + ", ".join(f"{ROLES[r].label} {n:,.0f}" for r, n in one.posts.items())
        + "."
        for one in found.scenarios
    )
    return Picture(title, units, source, told, table, draw)


def save(picture: Picture, path: Path) -> None:
    """Write SVG or PNG, by the name's ending.

    Raises
    ------
    BadInput
        The name ends in something else.
    """
    kind = path.suffix.removeprefix(".")
    if kind not in ("svg", "png"):
        raise BadInput(f"{path.name}: expected a name that ends in .svg or .png: rename it.")
    made = picture.render(kind, Look())
    if kind == "svg":
        # Vega gives a description to single charts only; the words belong on every picture.
        label = f' role="img" aria-label="{html.escape(picture.alt)}"'.encode()
        made = made.replace(b">", label + b">", 1)
    path.write_bytes(made)


def _plan_rows(results: list[Result]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for one in results:
        for year, cost in one.cost().items():
            low, middle, high = (cost[name] / 1e6 for name in ("low", "central", "high"))
            rows.append(
                {"panel": "cost", "row": year, "plan": one.plan.name, "low": low, "middle": middle,
                 "high": high}
            )  # fmt: skip
        rows += [
            {"panel": "change", "row": found.outcome, "plan": one.plan.name, "low": found.low,
             "middle": found.median, "high": found.high}
            for found in one.outcomes if found.group == ALL
        ]  # fmt: skip
    return pl.DataFrame(rows)


def _ranges(
    rows: pl.DataFrame, names: list[str], look: Look, title: str, *, top: float | None = None
) -> Any:
    """Draw one figure of every plan: a mark with its range, on the same scale where ``top``."""
    scale = alt.Scale(zero=False) if top is None else alt.Scale(domain=[0, top], nice=False)
    shapes = alt.Scale(domain=names, range=_SHAPES[: len(names)])
    base = alt.Chart(data(rows)).encode(
        y=alt.Y("plan:N", sort=names, title=None, axis=alt.Axis(labelLimit=230, minExtent=230)),
        color=_hue(names),
    )
    bars = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X("low:Q", title=title, scale=scale), x2="high:Q"
    )
    marks = base.mark_point(filled=True, size=95, opacity=1).encode(
        x=alt.X("middle:Q", title=title, scale=scale),
        shape=alt.Shape("plan:N", scale=shapes, legend=None),
    )
    zero = alt.Chart(data(pl.DataFrame({"x": [0.0]}))).mark_rule(color=look.soft)
    return alt.layer(zero.encode(x=alt.X("x:Q", scale=scale)), bars, marks).properties(
        width=look.width - 260, height=alt.Step(22)
    )


def _hue(names: list[str]) -> Any:
    return alt.Color(
        "plan:N", scale=alt.Scale(domain=names, range=_COLOURS[: len(names)]), legend=None
    )


def _title(results: list[Result]) -> str:
    """Say in a sentence what the plans come to, by cost: the one figure that all have."""
    last = [(one.plan.name, list(one.cost().values())[-1]["central"]) for one in results]
    place, year = readable(results[0].base.name), results[0].years[-1].year
    if len(last) == 1:
        return (
            f"{last[0][0]} in {place} would cost {last[0][1] / 1e6:,.1f} million dollars in {year}"
        )
    told = ", ".join(f"{name} {cost / 1e6:,.1f}" for name, cost in last)
    return f"In {year} the plans for {place} would cost, in millions of dollars: {told}"


def _told(table: pl.DataFrame) -> str:
    return "Ranges by plan. " + " ".join(
        f"{row['plan']}, {row['row']}: {row['middle']:,.2f} ({row['low']:,.2f} to "
        f"{row['high']:,.2f})." for row in table.iter_rows(named=True)
    )  # fmt: skip
