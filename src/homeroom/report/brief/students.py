"""Arrests and referrals: how many, who, and how the collections compare."""

from __future__ import annotations

from homeroom.figures.figure import Figure
from homeroom.figures.outcomes import outcomes, usual_wave
from homeroom.figures.trend import TrendRow, segments
from homeroom.figures.wording import listed
from homeroom.report.brief.axis import Axis, straight
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Table, Text
from homeroom.report.brief.subject import Subject
from homeroom.report.model_text import modeled
from homeroom.report.place_figures import TOO_FEW, GroupRow, OutcomeTable, outcome_table
from homeroom.report.rate_charts import by_rate
from homeroom.report.sentences import (
    capital,
    disparity,
    figure,
    headline,
    reach,
    reasons,
    with_interval,
)
from homeroom.statistics.reasons import RULES
from homeroom.vocabulary.groups import ALL, Group
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES

OUTCOMES = ("arrests", "referrals")
DOUBTFUL = "doubtful"


def sentences(about: Subject) -> dict[str, list[str]]:
    """Say of each outcome how many, and of the first how the groups compare."""
    said = {}
    for measure in OUTCOMES:
        table = about.table(measure)
        if table is not None:
            more = disparity(table, alone=False) if measure == OUTCOMES[0] else []
            said[measure] = [_headline(about, table), *more]
    return said


def picture(about: Subject) -> Plot | None:
    """Draw the first outcome by group: the chart that stands on the first page."""
    table = about.table(OUTCOMES[0])
    return plot(about, table) if table else None


def _headline(about: Subject, table: OutcomeTable) -> str:
    beside = about.beside(table.measure, table.wave)
    why = reasons(beside) if table.whole_figure.value is not None else []
    return " ".join([headline(about.name, table, beside), *why])


def _wider(about: Subject) -> list[str]:
    """Say what is known of the state and the nation where the place itself is silent."""
    said = []
    for place, name in about.wider:
        found = outcomes(about.store, place)
        for measure in OUTCOMES:
            wave = usual_wave(found, measure)
            if wave is not None:
                said.append(headline(name, outcome_table(found, measure, wave), []))
    return said


def _from_model(about: Subject) -> list[Block]:
    """Say what the model adds to the district's own figures, for each outcome that was fitted."""
    tables = [about.table(measure) for measure in OUTCOMES]
    found = [
        modeled(about.store, about.area.place_id, table.measure, table.wave)
        for table in tables
        if table is not None
    ]
    return [Text(f"{one.title}. {one.sentence}") for one in found if one is not None]


def section(about: Subject) -> Section:
    """Set out both outcomes by group, then the collections beside each other."""
    blocks: list[Block] = []
    for measure in OUTCOMES[1:]:  # the first page tells and draws the first
        table = about.table(measure)
        if table is not None:
            blocks.append(Text(" ".join([_headline(about, table), *disparity(table, alone=False)])))
            blocks.append(plot(about, table))
    if not blocks and about.table(OUTCOMES[0]) is None:
        none = f"The store holds no count of arrests or referrals in {about.name}."
        blocks.append(Text(" ".join([none, *_wider(about)])))
    blocks += _from_model(about)
    known = _collections(about)
    if known is not None:
        blocks.append(known)
    lacking = missing(about)
    if lacking:
        waves = listed(lacking)
        text = f"This brief has no arrests and referrals of {waves}. The Department publishes them"
        blocks.append(Text(f"{text} at civilrightsdata.ed.gov/data."))
    if not blocks:
        blocks = [Text("The first page gives the arrests; the store holds nothing further.")]
    return Section("students", "Arrests and referrals: how many, and who", tuple(blocks))


def plot(about: Subject, table: OutcomeTable) -> Plot:
    """Draw one outcome by group, with counts, rates, intervals and ratios beside the dots."""
    shown = by_rate(table)
    axis = straight(_room(shown))
    what, where = capital(table.label), reach(about.name, table.whole_figure)
    notes = [
        (
            "Dot: students for every 10,000 enrolled. Line: 95% interval; an arrow means that it "
            "goes on. Last column: the group's rate divided by that of white students, with its "
            f"interval. What counts: {MEASURES[table.measure].definition}"
        )
    ]
    few = [row.label for row in shown if row.few]
    if few:
        notes.append(f"Few events, so read the interval and not the dot: {'; '.join(few)}.")
    if table.note:
        notes.append(f"{table.note}." + (f" {_DASHED}" if table.doubtful else ""))
    elif table.coverage is not None and table.coverage < _ALL:
        notes.append(f"The figures speak for {100 * table.coverage:.1f}% of the students.")
    told = "; ".join(with_interval(row) for row in shown)
    told += f". {table.note}." if table.note else "."
    return Plot(
        _title(what, where, table, shown),
        f"Dot plot of {what.lower()} for every 10,000 students in {where}, {table.wave}: {told}",
        ("", "for every 10,000 students", "Students", "Rate (95% interval)", "Times white rate"),
        tuple(_dot(row, axis) for row in shown),
        axis.ticks,
        (0.27, 0.21, 0.18, 0.175, 0.165),
        tuple(notes),
    )  # fmt: skip


_ALL = 0.995
"""Share of students from which a figure speaks for all, to the digit that is shown."""
_DASHED = "A dashed dot marks a figure that a quality rule doubts; it is as reported."


def _title(what: str, where: str, table: OutcomeTable, shown: list[GroupRow]) -> str:
    """Name the group with the highest rate, unless the counts are few or doubtful."""
    title = f"{what} by group, {table.wave}"
    scope = "" if table.whole_figure.whole else f", in {where}"
    if table.doubtful:
        return f"{title}{scope}: as reported, and doubtful"
    known = [
        row for row in shown
        if row.id != ALL and row.rate and (row.count or 0) >= RULES.few_events and not row.note
    ]  # fmt: skip
    top = f": the rate is highest among {Group(known[0].id).people()}" if known else ""
    return f"{title}{scope}{top}"


def _dot(row: GroupRow, axis: Axis) -> Dot:
    counted = "–" if row.count is None else f"{row.count:,}"
    if row.count is not None and row.students is not None:
        counted = f"{row.count:,} of {row.students:,}"
    cells = (counted, rate_text(row), ratio_text(row))
    if row.rate is None:
        return Dot(row.label, cells, note=row.note or "no figure", strong=row.id == ALL)
    ends = row.low is not None and row.high is not None
    return Dot(
        row.label, cells, axis.at(row.rate),
        axis.at(row.low) if ends and row.low is not None else None,
        axis.at(row.high) if ends and row.high is not None else None,
        cut=bool(row.high is not None and row.high > axis.high), strong=row.id == ALL,
        doubtful=row.figure.doubtful,
    )  # fmt: skip


def rate_text(row: GroupRow) -> str:
    """Write a rate with its interval."""
    if row.rate is None:
        return "–"
    if row.low is None or row.high is None:
        return figure(row.rate)
    return f"{figure(row.rate)} ({figure(row.low)} to {figure(row.high)})"


def ratio_text(row: GroupRow) -> str:
    """Write a ratio with its interval, or in a word why there is none."""
    one = row.ratio_figure
    if row.id == ALL:
        return ""
    if one is None:
        return "reference"
    if one.doubtful:
        return DOUBTFUL
    if one.value is None:
        if one.reason == "too_few_students":
            return TOO_FEW
        return "no ratio" if one.low is None else f"no ratio (over {figure(one.low)})"
    if row.count == 0 and (one.high is None or one.high >= 1):
        return "too few to tell"
    if one.low is None or one.high is None:
        return figure(one.value)
    return f"{figure(one.value)} ({figure(one.low)} to {figure(one.high)})"


def _room(rows: list[GroupRow]) -> float:
    """Make room for every rate; an interval of a handful of events may run off the axis."""
    top = max((row.rate for row in rows if row.rate is not None), default=0.0)
    sure = [r.high for r in rows if (r.count or 0) >= RULES.few_events and r.high is not None]
    if not top:
        return max(min((r.high for r in rows if r.high), default=1.0), 1.0)
    return max([top * 1.05, *(min(high, top * 1.5) for high in sure)])


def _collections(about: Subject) -> Table | None:
    """Put the collections in the store beside each other, with what breaks the series."""
    found = {m: _over_time(about, m) for m in OUTCOMES}
    waves = [wave for wave in WAVES if any(wave in rows for rows in found.values())]
    if len(waves) < 2:
        return None
    rows = tuple(
        (wave, *(text for m in OUTCOMES for text in _point(found[m].get(wave)))) for wave in waves
    )
    pairs = [
        (wave, row, one) for wave in waves for m in OUTCOMES if wave in found[m]
        for row, one in [found[m][wave]]
    ]  # fmt: skip
    breaks = dict.fromkeys(
        f"{wave}: {row.break_before}" for wave, row, _ in pairs if row.break_before
    )
    silent = dict.fromkeys(
        f"{wave}: {row.reason}" for wave, row, _ in pairs if row.count is None and row.reason
    )
    notes = dict.fromkeys(
        f"{wave}, {one.question.measure}: {one.note}."
        for wave, _, one in pairs
        if one.note and one.value is not None
    )
    return Table(
        "The collections in the store: do not read a change across a break",
        ("School year", "Arrests", "per 10,000", "Referrals", "per 10,000"),
        rows, (0.2, 0.2, 0.2, 0.2, 0.2), (False, True, True, True, True),
        (*breaks, *silent, *notes),
    )  # fmt: skip


def _over_time(about: Subject, measure: str) -> dict[str, tuple[TrendRow, Figure]]:
    """Return the row and the figure of all students of each wave."""
    mine = [
        one for one in about.page.outcomes
        if one.question.measure == measure and one.question.group == ALL
    ]  # fmt: skip
    by_wave = {one.question.wave: one for one in mine}
    return {row.wave: (row, by_wave[row.wave]) for row in segments(mine)}


def _point(found: tuple[TrendRow, Figure] | None) -> tuple[str, str]:
    if found is None:
        return ("not in the store", "")
    row, one = found
    if row.count is None:
        return ("no figure", "")
    mark = f" ({DOUBTFUL})" if one.doubtful else "" if one.whole else " (part)"
    return (f"{row.count:,}{mark}", figure(one.value) if one.value is not None else "")


def missing(about: Subject) -> tuple[str, ...]:
    """Return the published waves that the store lacks."""
    have = {one.question.wave for one in about.page.outcomes}
    return tuple(
        wave.id
        for wave in WAVES.values()
        if wave.archive and wave.id not in have
    )  # fmt: skip
