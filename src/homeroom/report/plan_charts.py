"""Pictures of plans: what they cost by year, what research gives as change, what a total pays."""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from homeroom.plans.funding import Funding
from homeroom.plans.simulate import PRICED, Result
from homeroom.report.chart_labels import BELOW, TALL, broken, column_labels, measured, row_labels
from homeroom.report.names import readable
from homeroom.report.picture import GRAY, GREEN, ORANGE, PURPLE, SKY, Look, Picture, data
from homeroom.report.tooltips import Hint, hinted, whole_rows
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.roles import ROLES, SUPPORT

_COLORS = [GRAY, GREEN, ORANGE, PURPLE, SKY]
_SHAPES = ["circle", "triangle-up", "square", "diamond", "cross"]
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
        parts = [_by_year(cost, names, look)]
        parts += [
            _change(change.filter(pl.col("row") == label), names, str(label), look)
            for label in change["row"].unique(maintain_order=True)
        ]
        return alt.vconcat(*parts, spacing=22)

    doubts = list(dict.fromkeys(said for one in results for said in one.doubts()))
    units = " ".join([_UNITS, *doubts])
    return Picture(_title(results), units, source, " ".join([_told(table), *doubts]), table, draw)


_UNITS = (
    "Marks: central prices, or the median of the draws. Bars: 95 of 100 draws; those of cost lie "
    "between the quartiles of single workers' pay, and are no interval. Cost is whoever pays. "
    "Change is against keeping as is. What research does not know is not drawn."
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
        f"Shared by {first.policy} among {first.sharing:,} of {len(first.leas):,} districts, "
        f"{first.allocated / 1e11:,.2f} billion dollars would pay "
        f"{sum(first.posts.values()):,.0f} posts for one year"
    )
    order = [one.policy for one in found.scenarios]

    units = (
        "Policies gap and disparity leave the share of districts whose figures the store lacks "
        "unallocated. The money is split by the mix, a quarter for each role unless told. "
        + found.notice
    )
    source = "Source: F-33 (NCES), SAIPE (Census), CRDC (OCR), OEWS and ECEC (BLS); Homeroom."
    told = f"Bar chart. {title}. " + " ".join(
        f"{one.policy}: "
        + ", ".join(f"{ROLES[r].label} {n:,.0f}" for r, n in one.posts.items())
        + f". {one.among}"
        for one in found.scenarios
    )
    return Picture(title, units, source, told, table, lambda look: _posts(table, order, look))


def _posts(table: pl.DataFrame, order: list[str], look: Look) -> Any:
    """Draw the posts of each policy as a bar of roles, their sum at its end."""
    labels = [ROLES[role].label for role in SUPPORT]
    names = row_labels({policy: policy for policy in order}, 130)
    sums = table.group_by("policy", maintain_order=True).agg(pl.col("post_years").sum())
    sums = sums.with_columns(
        said=pl.col("post_years").map_elements(lambda n: f"{n:,.0f}", return_dtype=pl.String)
    )
    side = max(measured(text) for text in sums["said"]) + 10
    whole = dict(zip(sums["policy"], sums["said"], strict=True))
    told, tips = hinted(
        table,
        lambda row: {
            "Policy": row["policy"], "Role": row["role"],
            "Posts for one year": f"{row['post_years']:,.0f}",
            "All roles together": whole[row["policy"]],
        },
    )  # fmt: skip
    x = {
        "title": "posts for one year", "scale": alt.Scale(nice=False),
        "axis": alt.Axis(tickCount=3 if look.narrow else 6, format=",.0f", domain=False),
    }  # fmt: skip
    bars = (
        alt.Chart(data(told))
        .mark_bar(stroke=look.paper)
        .encode(
            x=alt.X("post_years:Q", stack=True, **x),
            y=names.y("policy"),
            color=alt.Color(
                "role:N", sort=labels,
                scale=alt.Scale(domain=labels, range=[GREEN, ORANGE, SKY, PURPLE]),
                legend=alt.Legend(
                    title=None, orient="bottom", columns=2 if look.narrow else 4,
                    symbolType="square", symbolStrokeWidth=0,
                ),
            ),
            order=alt.Order("place:Q"),
            tooltip=tips,
        )
    )  # fmt: skip
    figures = (
        alt.Chart(data(sums))
        .mark_text(align="left", dx=6, fontSize=13)
        .encode(x=alt.X("post_years:Q", **x), y=names.y("policy"), text="said:N")
    )
    return alt.layer(*names.marks("policy"), bars, figures).properties(
        width=round(look.width - names.room - side), height=alt.Step(32)
    )


def _plan_rows(results: list[Result]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for one in results:
        for year, cost in one.cost().items():
            low, middle, high = (cost[name] / 1e6 for name in ("low", "central", "high"))
            rows.append(
                {"panel": "cost", "row": year, "plan": one.plan.name, "low": low, "middle": middle,
                 "high": high, "doubt": _doubt(one)}
            )  # fmt: skip
        rows += [
            {"panel": "change", "row": found.outcome, "plan": one.plan.name, "low": found.low,
             "middle": found.median, "high": found.high, "doubt": None}
            for found in one.outcomes
            if found.group == ALL and found.touched  # else the plan leaves it alone
        ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"doubt": pl.String})


def _doubt(one: Result) -> str | None:
    return "; ".join(str(b.sentence) for b in one.base.doubtful(*PRICED)) or None


def _hint(row: dict[str, Any]) -> Hint:
    cost = row["panel"] == "cost"
    told: Hint = {} if row["doubt"] is None else {"We doubt it": row["doubt"]}
    return told | {
        "Plan": row["plan"],
        "Cost in" if cost else "Change a year": str(row["row"]),
        "Millions of US dollars" if cost else "Median": f"{row['middle']:,.2f}",
        "95 of 100 draws": _range(row),
    }


def _range(row: dict[str, Any]) -> str:
    if row["low"] is None:
        return "no range published"
    return f"{row['low']:,.2f} to {row['high']:,.2f}"


def _by_year(rows: pl.DataFrame, names: list[str], look: Look) -> Any:
    """Draw the cost of every plan, year by year, from zero: plans beside each other in a year."""
    rows = rows.with_columns(year=pl.col("row").cast(pl.String))
    years = rows["year"].unique(maintain_order=True).to_list()
    told, tips = hinted(rows, _hint)
    top = max(*rows["high"].to_list(), 0.1) * 1.05
    axis = alt.Axis(tickCount=5, domain=False, ticks=False)
    y = {"title": None, "scale": alt.Scale(domain=[0, top], nice=False), "axis": axis}
    base = alt.Chart(data(told)).encode(
        x=alt.X("year:N", sort=years, title=None, axis=alt.Axis(labelAngle=0, labelFontSize=13)),
        xOffset=alt.XOffset(
            "plan:N", scale=alt.Scale(domain=names, paddingOuter=0.6 if len(names) > 1 else 0.2)
        ),
    )
    bars = base.mark_rule(strokeWidth=2.5).encode(
        y=alt.Y("low:Q", **y), y2="high:Q", color=_hue(names, look), tooltip=tips
    )
    marks = base.mark_point(filled=True, size=95, opacity=1).encode(
        y=alt.Y("middle:Q", **y), color=_hue(names, look), shape=_shape(names, look), tooltip=tips
    )
    unseen = base.mark_rect(opacity=0).encode(y=alt.value(0), y2=alt.value(170), tooltip=tips)
    return alt.layer(bars, marks, unseen).properties(
        width=look.width - 40, height=170, title="Cost by year, millions of US dollars"
    )


def _change(rows: pl.DataFrame, names: list[str], label: str, look: Look) -> Any:
    """Draw what research gives as change in one outcome, a row a plan."""
    plans = row_labels({name: name for name in rows["plan"]}, look.width, 12)
    width = look.width - 40
    told, tips = hinted(rows, _hint)
    x = {
        "title": None, "scale": alt.Scale(zero=False, nice=False, padding=10),
        "axis": alt.Axis(tickCount=4 if look.narrow else 7, domain=False),
    }  # fmt: skip
    base = alt.Chart(data(told)).encode(y=plans.y("plan"), color=_hue(names, look))
    bars = base.mark_rule(strokeWidth=2.5, yOffset=BELOW).encode(
        x=alt.X("low:Q", **x), x2="high:Q", tooltip=tips
    )
    marks = base.mark_point(filled=True, size=95, opacity=1, yOffset=BELOW).encode(
        x=alt.X("middle:Q", **x), shape=_shape(names, look), tooltip=tips
    )
    zero = alt.Chart(data(pl.DataFrame({"x": [0.0]}))).mark_rule(color=look.soft)
    title = broken(f"Change a year: {label}", look.width - 44, 13, most=3)
    unseen = whole_rows(alt.Chart(data(told)).encode(y=plans.y("plan")), tips, width)
    return alt.layer(
        zero.encode(x=alt.X("x:Q", **x)),
        *plans.above("plan", width, look.paper),
        bars,
        marks,
        unseen,
    ).properties(width=width, height=alt.Step(TALL), title=title)


def _legend(names: list[str], look: Look) -> Any:
    each = 2 if look.narrow else 4
    room = look.width / each - 24
    return alt.Legend(
        title=None, orient="top", columns=each, labelExpr=column_labels(names, room),
        labelLimit=look.width,
    )  # fmt: skip


def _shape(names: list[str], look: Look) -> Any:
    scale = alt.Scale(domain=names, range=_SHAPES[: len(names)])
    return alt.Shape("plan:N", scale=scale, legend=_legend(names, look))


def _hue(names: list[str], look: Look) -> Any:
    scale = alt.Scale(domain=names, range=_COLORS[: len(names)])
    return alt.Color("plan:N", scale=scale, legend=_legend(names, look))


def _title(results: list[Result]) -> str:
    """Say in a sentence what the plans come to, by cost: the one figure that all have.

    Where the posts priced are doubtful, the title says so and gives the cost without them too.
    """
    last = [(one.plan.name, list(one.cost().values())[-1]["central"]) for one in results]
    place, year = readable(results[0].base.name), results[0].years[-1].year
    if len(last) == 1:
        said = (
            f"{last[0][0]} in {place} would cost {last[0][1] / 1e6:,.1f} million dollars in {year}"
        )
    else:
        told = ", ".join(f"{name} {cost / 1e6:,.1f}" for name, cost in last)
        said = f"In {year} the plans for {place} would cost, in millions of dollars: {told}"
    if not (doubted := results[0].base.doubtful(*PRICED)):
        return said
    which = " and ".join(one.label.lower() for one in doubted)
    return f"{said}. That rests on {which} that we doubt{_left(results)}"


def _left(results: list[Result]) -> str:
    """Return what the plans would cost without doubted posts, where they can be run so."""
    costs = [(one.plan.name, one.cost_screened()) for one in results]
    known = [
        f"{name} {list(cost.values())[-1]['central'] / 1e6:,.1f}" for name, cost in costs if cost
    ]
    return f"; without those: {', '.join(known)}" if known else ""


def _told(table: pl.DataFrame) -> str:
    return "Ranges by plan. " + " ".join(
        f"{row['plan']}, {row['row']}: {row['middle']:,.2f} ({_range(row)})."
        for row in table.iter_rows(named=True)
    )
