"""The specification curve: a claim's figure under every definition at the place it speaks of.

After Simonsohn, Simmons and Nelson 2020, "Specification curve analysis", Nature Human Behaviour
4:1208-1214: estimates sorted by size, and below them the choices that each rests on. Colours are
Okabe and Ito's (2008, "Color Universal Design"); every colour goes with a shape.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import polars as pl

from homeroom.claims import words
from homeroom.claims.check import Checked
from homeroom.claims.definitions import Definition
from homeroom.claims.model import Statistic
from homeroom.claims.multiverse import Multiverse
from homeroom.errors import NotAvailable
from homeroom.report.labels import BELOW, RowLabels, row_labels
from homeroom.report.picture import GREEN, GREY, ORANGE, Look, Picture, data
from homeroom.report.sentences import figure
from homeroom.report.tooltips import Hint, between, hinted
from homeroom.vocabulary.measures import MEASURES

STATED, FITS, SAME_PLACE, ELSEWHERE = (
    "the stated definition",
    "fits the claim's words",
    "another claim about the same place",
    "nearest definitions, another place",
)
KINDS = (STATED, FITS, SAME_PLACE, ELSEWHERE)
SHAPES = ("diamond", "circle", "square", "triangle-up")
_MOST = 110
"""More marks than this cannot be told apart."""
_AXIS = 40
"""Pixels left of the upper plot; the lower one begins at the same place."""


def specification_curve(checked: Checked, names: dict[str, str] | None = None) -> Picture:
    """Draw a checked claim.

    Raises
    ------
    NotAvailable
        No definition gave a number, so there is no curve.
    """
    found = checked.found
    if found is None or not np.isfinite(found.values[:, 0]).any():
        raise NotAvailable(
            "expected a claim with figures, found none to draw: the claim cannot be tested with "
            "the data at hand"
        )
    at = _chosen(found)
    if not at:
        raise NotAvailable("expected figures of the claim's place, found none to draw")
    rows = _rows(found, at)
    title = _title(found, names or {})
    kept = _held(found, at)

    def draw(look: Look) -> Any:
        offset = _AXIS if look.narrow else _labels(kept).room
        width = look.width - offset - 6
        return alt.vconcat(
            _curve(rows, found, look, width), _choices(rows, kept, look, width), spacing=10
        ).resolve_scale(color="independent", shape="independent")

    return Picture(
        title, _note(checked, rows), _source(found, at), _described(checked, rows, title), rows,
        draw,
    )  # fmt: skip


def _chosen(found: Multiverse) -> list[int]:
    """Pick the definitions at the stated place, thinned evenly, and the nearest elsewhere."""
    known = np.isfinite(found.values[:, 0]) & found.mask("stated_place")
    at = np.flatnonzero(known)
    at = at[np.argsort(found.values[at, 0], kind="stable")]
    if len(at) > _MOST:
        fits = at[found.mask("fits")[at]]
        at = np.append(fits, at[np.unique(np.linspace(0, len(at) - 1, _MOST).astype(int))])
    position = {definition: number for number, definition in enumerate(found.definitions)}
    near = [position[one.definition] for one in found.nearest()]
    stated = [0] if np.isfinite(found.values[0, 0]) else []
    chosen = dict.fromkeys([*stated, *at.tolist(), *(near if found.reached[:, 0].any() else [])])
    return sorted(chosen, key=lambda number: float(found.values[number, 0]))


def _rows(found: Multiverse, at: list[int]) -> pl.DataFrame:
    place = found.reading.question.place

    def kind(number: int, definition: Definition) -> str:
        if number == 0:
            return STATED
        if definition.fits:
            return FITS
        return SAME_PLACE if definition.question.place == place else ELSEWHERE

    return pl.DataFrame(
        {
            "rank": list(range(len(at))),
            "value": found.values[at, 0],
            "low": found.values[at, 1],
            "high": found.values[at, 2],
            "kind": [kind(number, found.definitions[number]) for number in at],
            "definition": [words.definition(found.definitions[number].question) for number in at],
        }
    ).with_columns(pl.col("low", "high").fill_nan(None))


def _hint(row: dict[str, Any]) -> Hint:
    return {
        "Definition": row["definition"],
        "Figure": figure(row["value"]),
        "95 % interval": between(row["low"], row["high"]),
        "It is": row["kind"],
    }


def _curve(rows: pl.DataFrame, found: Multiverse, look: Look, width: int) -> Any:
    titles = {Statistic.RATIO: "Ratio of the rates", Statistic.ONE_IN: "One in …"}
    title = titles.get(found.reading.statistic, "Figure")
    scale = _value_scale(rows, found)
    axis = alt.Axis(domain=False, ticks=False, **_ticks(scale))
    told, tips = hinted(rows, _hint)
    base = alt.Chart(data(told)).encode(x=_rank(rows))
    spread = base.mark_rule(color=look.soft, opacity=0.5, clip=True).encode(
        y=alt.Y("low:Q", title=None, scale=scale, axis=axis), y2="high:Q", tooltip=tips
    )
    legend = alt.Legend(
        title=None, orient="top", columns=1 if look.narrow else 2, symbolStrokeColor=look.ink
    )
    marks = base.mark_point(
        filled=True,
        size=26 if look.narrow else 46,
        opacity=1,
        stroke=look.ink,
        strokeWidth=0.2 if look.narrow else 0.4,
    ).encode(
        y=alt.Y("value:Q", title=None, scale=scale, axis=axis),
        color=alt.Color("kind:N", scale=_scale(_colours(look)), legend=legend),
        shape=alt.Shape("kind:N", scale=_scale(SHAPES), legend=legend),
        tooltip=tips,
    )
    stated = alt.Chart(
        data(
            pl.DataFrame(
                {"stated": [found.reading.stated], "text": [f"stated: {found.reading.stated:g}"]}
            )
        )
    ).encode(y=alt.Y("stated:Q", scale=scale))
    line = stated.mark_rule(strokeDash=[6, 4], color=look.ink)
    label = stated.mark_text(align="left", dy=-8, fontSize=12).encode(x=alt.value(6), text="text:N")
    # A column for each definition, from top to bottom: where many lie close, a mark is hard to hit.
    columns = base.transform_calculate(left="datum.rank - 0.5", right="datum.rank + 0.5")
    unseen = columns.mark_rect(opacity=0).encode(
        x=alt.X("left:Q", scale=_rank_scale(rows)), x2="right:Q", y=alt.value(0), y2=alt.value(240),
        tooltip=tips,
    )  # fmt: skip
    layers = [line, marks.transform_filter("isValid(datum.value)"), label, unseen]
    if rows["low"].is_not_null().any():
        layers.insert(0, spread.transform_filter("isValid(datum.low) && isValid(datum.high)"))
    return alt.layer(*layers).properties(width=width, height=240, title=_plain_title(title))


def _plain_title(text: str) -> Any:
    return alt.TitleParams(text, fontSize=12, fontWeight="normal", offset=8)


def _rank_scale(rows: pl.DataFrame) -> Any:
    return alt.Scale(domain=[-1, len(rows)], nice=False)


def _rank(rows: pl.DataFrame) -> Any:
    return alt.X("rank:Q", axis=None, scale=_rank_scale(rows))


def _colours(look: Look) -> tuple[str, ...]:
    return (look.ink, GREEN, GREY, ORANGE)


def _value_scale(rows: pl.DataFrame, found: Multiverse) -> Any:
    """Fit the figures, not their widest intervals; equal steps are equal factors for ratios."""
    numbers = [*rows["value"].to_list(), found.reading.stated]
    low, high = min(numbers), max(numbers)
    if found.reading.statistic is Statistic.RATIO and low > 0:
        return alt.Scale(type="log", domain=[low / 1.3, high * 1.3], nice=False)
    room = (high - low or abs(high) or 1) * 0.08
    return alt.Scale(domain=[min(low - room, 0) if low < high / 3 else low - room, high + room])


def _held(found: Multiverse, at: list[int]) -> list[tuple[str, list[bool]]]:
    """Give the choices that some of the definitions share and others do not."""
    options: list[tuple[str, list[bool]]] = []
    questions = [found.definitions[number].question for number in at]
    base = found.reading.question

    def offer(name: str, test: Any) -> None:
        holds = [bool(test(question)) for question in questions]
        if any(holds) and not all(holds):
            options.append((name, holds))

    for measure in dict.fromkeys(q.measure for q in questions):
        offer(MEASURES[measure].label, lambda q, m=measure: q.measure == m)
    for group in dict.fromkeys(q.group for q in questions):
        label = words.group(group, base)
        offer(label[0].upper() + label[1:], lambda q, g=group: q.group == g)
    for versus in dict.fromkeys((q.versus, q.comparator) for q in questions):
        sample = next(q for q in questions if (q.versus, q.comparator) == versus)
        if sample.versus or sample.comparator == "same_group":
            name = (
                "the same group, no officer"
                if versus[1] == "same_group"
                else "all other students"
                if versus[0] == "others"
                else words.group(versus[0], base)
            )
            offer(f"against {name}", lambda q, v=versus: (q.versus, q.comparator) == v)
    for wave in sorted({q.wave for q in questions}):
        offer(wave + (" (pandemic)" if wave == "2020-21" else ""), lambda q, w=wave: q.wave == w)
    for name, attribute, value in _TECHNICAL:
        offer(name, lambda q, a=attribute, v=value: getattr(q, a) == v)
    offer("another place", lambda q: q.place != base.place)
    return options


def _labels(options: list[tuple[str, list[bool]]]) -> RowLabels:
    return row_labels({name: name for name, _ in options}, 230, 12)


def _ticks(scale: Any) -> dict[str, Any]:
    """Put lines at round figures: those of a logarithmic axis would crowd."""
    if scale.type != "log":
        return {"tickCount": 5}
    low, high = scale.domain
    round_ones = [part * 10.0**power for power in range(-4, 5) for part in (1, 2, 5)]
    return {"values": [one for one in round_ones if low <= one <= high], "format": "~g"}


def _choices(
    rows: pl.DataFrame, options: list[tuple[str, list[bool]]], look: Look, width: int
) -> Any:
    """Draw the choices behind each definition, a row a choice; its name beside it or above."""
    frame = pl.DataFrame(
        [
            {"rank": rank, "choice": name} | rows.row(rank, named=True)
            for name, holds in options
            for rank, is_so in enumerate(holds)
            if is_so
        ],
        schema={"rank": pl.Int64, "choice": pl.String} | dict(rows.schema),
    )
    told, tips = hinted(frame, _hint)
    names = _labels(options)
    y = names.y("choice")
    ticks = (
        alt.Chart(data(told))
        .mark_tick(
            thickness=3, height=9, orient="vertical", yOffset=BELOW - 2 if look.narrow else 0
        )
        .encode(
            x=_rank(rows),
            y=y,
            color=alt.Color("kind:N", scale=_scale(_colours(look)), legend=None),
            tooltip=tips,
        )
    )
    above = names.above("choice", look.width, look.paper, left=-_AXIS) if look.narrow else []
    written = above or names.marks("choice")
    step = 34 if look.narrow else max(18, names.height + 3)
    return alt.layer(*written, ticks).properties(width=width, height=alt.Step(step))


_TECHNICAL = (
    ("sums over schools", "basis", "schools"),
    ("doubted figures left out", "policy", "screened"),
    ("without Section 504 students", "section504", "without"),
    ("mean of school rates", "average", "mean_of_schools"),
    ("regular schools alone", "schools", "regular"),
    ("schools with grade 12", "schools", "high"),
    ("schools with an officer", "schools", "with_officer"),
    ("schools without an officer", "schools", "without_officer"),
    ("students under IDEA alone", "disability", "idea"),
    ("students without disabilities alone", "disability", "wodis"),
)


def _title(found: Multiverse, names: dict[str, str]) -> str:
    counts = found.mask("fits") & np.isfinite(found.values[:, 0])
    reaching = int((found.reached[:, 0] & counts).sum())
    where = words.place(found.reading.question.place, names)
    claimed = words.stated(found.reading)
    many = int(counts.sum())
    share = {0: "None of", many: "All"}.get(reaching, f"{reaching} of")
    verb = "reaches" if reaching in (0, 1) else "reach"
    if many == 1:
        end = "reaches" if reaching else "does not reach"
        return f"The one definition for {where} that fits the claim's words {end} {claimed}"
    return f"{share} the {many} definitions for {where} that fit the claim's words {verb} {claimed}"


def _note(checked: Checked, rows: pl.DataFrame) -> str:
    whole = checked.multiverse
    text = (
        f"Marks: one definition each ({len(rows)} shown, sorted by size), with 95 percent "
        "intervals where they exist; below, the choices behind each. Of all "
        f"{whole.definitions:,} definitions and interval bounds in every place, {whole.reaching:,} "
        "reach the stated value."
    )
    if whole.reaching and checked.nearest and checked.nearest[0]["reaches"]:
        near = checked.nearest[0]
        text += f" The nearest that does: {near['definition']} ({near['value']:.1f})."
    return text


def _source(found: Multiverse, at: list[int]) -> str:
    waves = sorted({found.definitions[number].question.wave for number in at})
    return (
        "Source: US Department of Education, Office for Civil Rights, Civil Rights Data Collection "
        f"{', '.join(waves)}; computed by Homeroom."
    )


def _described(checked: Checked, rows: pl.DataFrame, title: str) -> str:
    stated = (
        f" The stated definition gives {checked.value:.2f}." if checked.value is not None else ""
    )
    numbers = rows["value"].to_list()
    return (
        f"Specification curve. {title}.{stated} {len(rows)} definitions are shown, from "
        f"{min(numbers):.2f} to {max(numbers):.2f}; the claim states "
        f"{checked.stated_value:g}."
    )


def _scale(values: tuple[str, ...]) -> Any:
    return alt.Scale(domain=list(KINDS), range=list(values))
