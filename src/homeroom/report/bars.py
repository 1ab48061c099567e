"""Bars that a page draws as text and plain shapes: staff per 1,000 students, rates by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from homeroom.figures import wording
from homeroom.report.place_figures import GroupRow, OutcomeTable, StaffRow
from homeroom.report.sentences import capital, figure, listed, reach, staff_scope
from homeroom.statistics.reasons import RULES
from homeroom.vocabulary.groups import ALL, Group

_SHOWN = {
    "officer": "Police officers", "guard": "Security guards", "counselor": "Counselors",
    "social_worker": "Social workers", "psychologist": "Psychologists", "nurse": "Nurses",
}  # fmt: skip
_NAMES = {
    "hispanic": "Hispanic", "american_indian": "American Indian", "black": "Black",
    "pacific": "Pacific Islander", "two_or_more": "Two or more races",
}  # fmt: skip
"""Short names, to stand before a bar."""
_ROOM = 1.6
"""An interval may stretch the scale to this many times the highest rate; then it is cut."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; lengths are percent of the scale.

    Attributes
    ----------
    label
        What it shows.
    text
        Its figure, as a reader sees it.
    kind
        The color: officer, support, or group.
    length
        None where there is nothing to draw.
    mark
        Where the recommended level lies.
    low, high
        The 95% interval; ``cut`` if it goes on past the scale.
    doubt
        Why the figure is doubtful, or empty.
    place
        The id of the place that the bar is of, where it is another one; or empty.
    after
        What stands between this bar and the one before it, as a break of the series; or empty.
    heading
        What this bar and those after it have in common, as a line above it; or empty.
    """

    label: str
    text: str
    kind: str
    length: float | None
    mark: float | None = None
    low: float | None = None
    high: float | None = None
    cut: bool = False
    doubt: str = ""
    place: str = ""
    after: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture made of bars, with a title that says what to see and a note on what it can't show.

    ``link`` is an address and its words, to follow the note, or None.
    """

    title: str
    note: str
    bars: tuple[Bar, ...]
    unit: str = ""
    link: tuple[str, str] | None = None


def staff(wave: str, rows: Sequence[StaffRow], *, high_schools: bool) -> Bars | None:
    """Return full-time staff per 1,000 students on one scale; None where no role has a figure.

    Parameters
    ----------
    high_schools
        Whether the figures speak for high schools alone.
    """
    shown = [row for row in rows if row.role in _SHOWN]
    level = {row.role: _per_1000(row) for row in shown}
    known = [one for one in level.values() if one is not None]
    if not known:
        return None
    # A doubtful level must not push the others together; its bar ends where the scale does.
    sure = [
        one for row in shown if not row.figure.doubtful and (one := level[row.role]) is not None
    ]
    marks = {row.role: 1000 / row.recommended for row in shown if row.recommended}
    top = max([*(sure or known), *marks.values()]) * 1.02 or 1.0
    bars = tuple(
        Bar(
            _SHOWN[row.role], _staff_text(row, level[row.role], marks.get(row.role)),
            "officer" if row.role in ("officer", "guard") else "support",
            None if (one := level[row.role]) is None else min(100 * one / top, 100),
            100 * marks[row.role] / top if row.role in marks else None,
            doubt=wording.doubt(row.figure.doubts) or "",
        )
        for row in shown
    )  # fmt: skip
    where = ", high schools only" if high_schools else ""
    note = "The mark shows the recommended level, where there is one."
    scopes = dict.fromkeys(
        said for row in shown
        if row.fte is not None and not row.figure.universe.high_schools
        and (said := staff_scope(row.figure))
    )  # fmt: skip
    if scopes:
        note += f" {capital('; '.join(scopes))}."
    return Bars(f"Full-time staff per 1,000 students, {wave}{where}", note, bars)


def _per_1000(row: StaffRow) -> float | None:
    if row.fte == 0:
        return 0.0
    return None if row.fte is None or not row.each else 1000 / row.each


def _staff_text(row: StaffRow, level: float | None, mark: float | None) -> str:
    if row.fte is None:
        return "not reported"
    if level is None:
        return "no enrollment"
    said = "none reported" if row.fte == 0 else _level(level)
    of = f" of {mark:.1f}" if mark is not None and row.fte else ""
    return f"{said}{of}{' (doubtful)' if row.figure.doubtful else ''}"


def _level(value: float) -> str:
    return f"{value:.1f}" if value >= 0.05 else "under 0.1"


def rates(name: str, table: OutcomeTable) -> tuple[Bars | None, str]:
    """Return an outcome by group, and a line on the groups too small to say anything.

    Parameters
    ----------
    name
        The place's name.

    Returns
    -------
    tuple
        The bars, None where no group has a rate, and the line, empty where no group is small.
    """
    rows = sorted(
        (row for row in table.rows if row.rate is not None and _tells(row)),
        key=lambda row: (row.id != ALL, -(row.rate or 0)),
    )
    small = [row for row in table.rows if not _tells(row) and row.students != 0]
    if not rows or all(row.rate == 0 for row in rows):
        return None, _small(small)
    highest = max(row.rate or 0 for row in rows)
    top = max([highest * 1.05, *(min(row.high, highest * _ROOM) for row in rows if row.high)])
    top *= 1.02  # an interval that ends at the edge would look cut
    bars = tuple(_rate_bar(row, top) for row in rows)
    return Bars(_title(name, table, rows), _rate_note(table), bars, _unit(table)), _small(small)


def _unit(table: OutcomeTable) -> str:
    return f"{capital(table.label.lower())} per 10,000 students, {table.wave}"


def _tells(row: GroupRow) -> bool:
    """Return whether a group's own figure says something: all and white are always shown."""
    if row.id in (ALL, "white"):
        return row.rate is not None
    return row.rate is not None and (row.count or 0) >= RULES.few_events and not row.note


def _rate_bar(row: GroupRow, top: float) -> Bar:
    rate = row.rate or 0
    one = row.ratio_figure
    times = ""
    if one is not None and one.value is not None and not one.doubtful and row.count:
        times = f" ({one.value:.1f}×)"
    if row.figure.doubtful:
        times = " (doubtful)"
    ends = row.low is not None and row.high is not None
    return Bar(
        _NAMES.get(row.id, row.label), f"{figure(rate)}{times}",
        "all" if row.id == ALL else "group",
        100 * rate / top,
        low=100 * row.low / top if ends and row.low is not None else None,
        high=min(100 * row.high / top, 100) if ends and row.high is not None else None,
        cut=bool(row.high is not None and row.high > top),
        doubt=wording.doubt(row.figure.doubts) or "",
    )  # fmt: skip


def _title(name: str, table: OutcomeTable, rows: Sequence[GroupRow]) -> str:
    """Name the group with the highest rate, unless the counts are few or doubtful."""
    where = reach(name, table.whole_figure)
    label = capital(table.label.lower())
    if table.doubtful:
        return f"{label} by group in {where}, as reported and doubtful"
    groups = [row for row in rows if row.id != ALL and (row.count or 0) >= RULES.few_events]
    if len(groups) < 2:
        return f"{label} by group in {where}"
    return f"{label}: the rate is highest among {Group(groups[0].id).people()} in {where}"


def _rate_note(table: OutcomeTable) -> str:
    said = (
        "Line: 95% confidence interval; an arrow means it continues. "
        "(2.0×): twice the rate of white students."
    )
    if table.doubtful:
        why = wording.doubt(table.whole_figure.doubts) or ""
        said += f" {capital(why)}."
    return said


def _small(rows: Sequence[GroupRow]) -> str:
    """Fold groups that say nothing by themselves into one line."""
    if not rows:
        return ""
    told = [
        f"{_NAMES.get(row.id, row.label)} ({row.count:,} of {row.students:,} students)"
        if row.count is not None and row.students is not None
        else f"{_NAMES.get(row.id, row.label)} ({row.note or 'no figure'})"
        for row in rows
    ]
    return f"Too few to compare, or no figure: {listed(told)}."
