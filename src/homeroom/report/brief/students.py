"""Arrests and referrals: how many, who, and how the collections compare."""

from __future__ import annotations

from typing import Any

from homeroom.evidence.place_ids import place_range
from homeroom.figures import overview, trend
from homeroom.report.brief.axis import Axis, straight
from homeroom.report.brief.blocks import Block, Dot, Plot, Section, Table, Text
from homeroom.report.brief.subject import Subject
from homeroom.report.place_figures import (
    TOO_FEW,
    GroupRow,
    OutcomeTable,
    outcome_table,
    waves_of,
)
from homeroom.report.sentences import (
    DONE,
    PEOPLE,
    disparity,
    figure,
    headline,
    listed,
    with_interval,
)
from homeroom.vocabulary.groups import ALL
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.waves import WAVES, usual

OUTCOMES = ("arrests", "referrals")
_FEW = 5
"""Students below which an interval may run off the axis rather than stretch it."""


def table_of(about: Subject, measure: str) -> OutcomeTable | None:
    """Return a measure by group in the wave that the brief reads."""
    wave = usual(waves_of(about.outcomes, measure))
    return outcome_table(about.outcomes, measure, wave) if wave else None


def sentences(about: Subject) -> dict[str, list[str]]:
    """Say of each outcome at hand how many, and of the first how the groups compare."""
    said = {}
    for measure in OUTCOMES:
        table = table_of(about, measure)
        if table is not None:
            more = ratios(table) if measure == OUTCOMES[0] else []
            said[measure] = [_headline(about, table), *more]
    return said


def picture(about: Subject) -> Plot | None:
    """Draw the first outcome by group: the chart that stands on the first page."""
    table = table_of(about, OUTCOMES[0])
    return plot(about, table) if table else None


def _headline(about: Subject, table: OutcomeTable) -> str:
    beside = [
        (name, float(row["rate_per_10000"]))
        for place, name in about.wider
        if (row := about.rate(table.measure, place, table.wave))
        and row["rate_per_10000"] is not None
    ]
    return headline(about.name, table, beside)


def _wider(about: Subject) -> list[str]:
    """Say what is known of the state and the nation where the place itself is silent."""
    said = []
    for place, name in about.wider:
        rows = overview.outcomes(about.con, place_range(place)).to_dicts()
        for measure in OUTCOMES:
            wave = usual(waves_of(rows, measure))
            if wave is not None:
                said.append(headline(name, outcome_table(rows, measure, wave), []))
    return said


def ratios(table: OutcomeTable) -> list[str]:
    """Say how Black and Hispanic students compare with white students, or why that cannot be."""
    white = next((row for row in table.rows if row.id == "white"), None)
    if white is None or white.count != 0 or not white.students:
        return disparity(table)
    rows = [row for row in table.rows if row.id in ("black", "hispanic") and row.count]
    if not rows:
        return []
    counted = listed([f"{row.count:,} of {row.students:,} {PEOPLE[row.id]}" for row in rows])
    bounds = [f"over {figure(row.ratio_low)} for {PEOPLE[row.id]}" for row in rows if row.ratio_low]
    bound = f": the counts fit any ratio {listed(bounds)} (95 % intervals)" if bounds else ""
    none = f"and none of {white.students:,} white students, so no ratio can be given"
    return [f"{counted} {DONE[table.measure]}, {none}{bound}."]


def section(about: Subject) -> Section:
    """Set out both outcomes by group, then the collections beside each other."""
    blocks: list[Block] = []
    for measure in OUTCOMES[1:]:  # the first page tells and draws the first
        table = table_of(about, measure)
        if table is not None:
            blocks.append(Text(" ".join([_headline(about, table), *ratios(table)])))
            blocks.append(plot(about, table))
    if not blocks and table_of(about, OUTCOMES[0]) is None:
        none = f"No count of arrests or referrals in {about.name} is at hand."
        blocks.append(Text(" ".join([none, *_wider(about)])))
    known = _collections(about)
    if known is not None:
        blocks.append(known)
    lacking = missing(about)
    if lacking:
        waves = listed(list(lacking))
        text = f"Arrests and referrals of {waves} are not at hand. The part on methods says which"
        blocks.append(Text(f"{text} file brings them."))
    if not blocks:
        blocks = [Text("The first page gives the arrests; the files at hand hold nothing further.")]
    return Section("students", "Arrests and referrals: how many, and who", tuple(blocks))


def plot(about: Subject, table: OutcomeTable) -> Plot:
    """Draw one outcome by group, with counts, rates, intervals and ratios beside the dots."""
    shown = sorted(table.rows, key=lambda r: (r.id != ALL, -(r.rate if r.rate is not None else -1)))
    axis = straight(_room(shown))
    # A rate of one student in a small group must not make the headline.
    known = [r for r in shown if r.id != ALL and r.rate and (r.count or 0) >= _FEW and not r.note]
    what = table.label[0].upper() + table.label[1:]
    title = f"{what} by group, {table.wave}"
    if known:
        title += f": the rate is highest among {PEOPLE[known[0].id]}"
    told = "; ".join(with_interval(row) for row in shown)
    notes = [
        (
            "Dot: students for every 10,000 enrolled. Line: 95 % interval; an arrow means that it "
            "goes on. Last column: the group's rate divided by that of white students, with its "
            f"interval. What counts: {MEASURES[table.measure].definition}"
        )
    ]
    few = [row.label for row in shown if "few events" in row.note]
    if few:
        notes.append(f"Few events, so read the interval and not the dot: {'; '.join(few)}.")
    if table.coverage is not None and table.coverage < 0.995:
        notes.append(f"The figures speak for {100 * table.coverage:.1f} % of the students.")
    return Plot(
        title,
        f"Dot plot of {what.lower()} for every 10,000 students in {about.name}, {table.wave}: "
        f"{told}.",
        ("", "for every 10,000 students", "Students", "Rate (95 % interval)", "Times white rate"),
        tuple(_dot(row, axis) for row in shown),
        axis.ticks,
        (0.27, 0.21, 0.18, 0.175, 0.165),
        tuple(notes),
    )  # fmt: skip


def _dot(row: GroupRow, axis: Axis) -> Dot:
    counted = f"{row.count:,} of {row.students:,}" if row.count is not None else "–"
    cells = (counted, rate_text(row), ratio_text(row))
    if row.rate is None:
        return Dot(row.label, cells, note=row.note or "no figure", strong=row.id == ALL)
    ends = row.low is not None and row.high is not None
    return Dot(
        row.label, cells, axis.at(row.rate),
        axis.at(row.low) if ends and row.low is not None else None,
        axis.at(row.high) if ends and row.high is not None else None,
        cut=bool(row.high is not None and row.high > axis.high), strong=row.id == ALL,
    )  # fmt: skip


def rate_text(row: GroupRow) -> str:
    """Write a rate with its interval."""
    if row.rate is None:
        return "–"
    if row.low is None or row.high is None:
        return number(row.rate)
    return f"{number(row.rate)} ({number(row.low)} to {number(row.high)})"


def ratio_text(row: GroupRow) -> str:
    """Write a ratio with its interval, or in a word why there is none."""
    if row.id == ALL:
        return ""
    if row.id == "white":
        return "reference"
    if row.ratio is None:
        if row.ratio_note == TOO_FEW:
            return TOO_FEW
        return "no ratio" if row.ratio_low is None else f"no ratio (over {figure(row.ratio_low)})"
    if row.ratio_low is None or row.ratio_high is None:
        return number(row.ratio)
    return f"{number(row.ratio)} ({number(row.ratio_low)} to {number(row.ratio_high)})"


def number(value: float) -> str:
    """Write a figure; a zero without decimals, since it is a count's zero."""
    return "0" if value == 0 else figure(value)


def _room(rows: list[GroupRow]) -> float:
    top = max((row.rate for row in rows if row.rate is not None), default=0.0)
    sure = [r.high for r in rows if (r.count or 0) >= _FEW and r.high is not None]
    if not top:
        return max(min((r.high for r in rows if r.high), default=1.0), 1.0)
    return max([top * 1.05, *(min(high, top * 1.5) for high in sure)])


def _collections(about: Subject) -> Table | None:
    """Put the collections at hand beside each other, with what breaks the series."""
    found = {m: _over_time(about, m) for m in OUTCOMES}
    waves = [wave for wave in WAVES if any(wave in rows for rows in found.values())]
    if len(waves) < 2:
        return None
    rows = tuple(
        (wave, *(text for m in OUTCOMES for text in _point(found[m].get(wave))))
        for wave in waves
    )  # fmt: skip
    breaks = dict.fromkeys(
        f"{wave}: {row['break_before']}"
        for wave in waves[1:]
        for m in OUTCOMES
        if (row := found[m].get(wave)) and row["break_before"]
    )
    silent = dict.fromkeys(
        f"{wave}: {row['reason']}."
        for wave in waves
        for m in OUTCOMES
        if (row := found[m].get(wave)) and row["count"] is None and row["reason"]
    )
    return Table(
        "The collections at hand: do not read a change across a break",
        ("School year", "Arrests", "per 10,000", "Referrals", "per 10,000"),
        rows, (0.2, 0.2, 0.2, 0.2, 0.2), (False, True, True, True, True),
        (*breaks, *silent),
    )  # fmt: skip


def _over_time(about: Subject, measure: str) -> dict[str, dict[str, Any]]:
    frame = trend.trend(about.con, measure, about.area.place_id, policy=about.policy)
    if frame.is_empty():
        return {}
    return {row["wave"]: row for row in frame.to_dicts() if row["group"] == ALL}


def _point(row: dict[str, Any] | None) -> tuple[str, str]:
    if row is None:
        return ("not at hand", "")
    if row["count"] is None:
        return ("not reported", "")
    rate = row["rate_per_10000"]
    return (f"{row['count']:,}", number(rate) if rate is not None else "")


def missing(about: Subject) -> dict[str, str]:
    """Name the waves that are not at hand, and the file that brings each."""
    have = {row["wave"] for row in about.outcomes if row["students"] is not None}
    return {
        wave.id: wave.archive
        for wave in WAVES.values()
        if wave.archive and wave.id not in have
    }  # fmt: skip
