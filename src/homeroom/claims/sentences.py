"""The sentence that a newspaper could print: number, comparator, scope, year, doubt, source."""

from __future__ import annotations

from homeroom.claims import wording as words
from homeroom.claims.model import Reading, Statistic
from homeroom.claims.wording import number, subject, versus
from homeroom.figures import wording
from homeroom.figures.figure import Figure
from homeroom.vocabulary.measures import MEASURES

_OF_ZERO = (
    Statistic.RATIO, Statistic.RATE, Statistic.PERCENT, Statistic.COUNT, Statistic.SHARE
)  # fmt: skip
"""Statistics that are zero where nobody of the group was counted."""


def sentence(
    reading: Reading,
    found: Figure,
    value: float,
    names: dict[str, str] | None = None,
    screened: tuple[Figure, float] | None = None,
) -> str:
    """Return a figure as a sentence; a doubtful one with its doubt, and what is left without it.

    Parameters
    ----------
    value
        The statistic of ``reading``, from the counts of ``found``.
    names
        Names of districts and schools by place id.
    screened
        The figure without the schools in doubt, and its statistic; None where there is none.
    """
    inside = f"in {words.where(found, names)} in {found.question.wave}"
    text = _zero(found, inside) if value == 0 and reading.statistic in _OF_ZERO else ""
    if not text:
        text = _said(reading, found, value, inside)
    doubted = ", a figure we doubt" if found.doubtful else ""
    out = [f"{text}{doubted}, according to {cited(found)}."]
    if found.doubtful:
        out.append(wording.why_doubted(found.doubts) or "")
        if screened is not None:
            left = without_doubted(*screened, names, reading.statistic)
            out.append(f"Without the schools in doubt it's {left}.")
    return " ".join(out)


def plainly(
    reading: Reading, found: Figure, value: float, names: dict[str, str] | None = None
) -> str:
    """Return a figure as a sentence without its source: what a claim could say instead."""
    inside = f"in {words.where(found, names)} in {found.question.wave}"
    text = _zero(found, inside) if value == 0 and reading.statistic in _OF_ZERO else ""
    return f"{text or _said(reading, found, value, inside)}."


def without_doubted(
    found: Figure,
    value: float,
    names: dict[str, str] | None = None,
    statistic: Statistic = Statistic.RATIO,
) -> str:
    """Return a screened figure's number, with the schools that it speaks for where not all."""
    few = " (from few events)" if found.reason else ""
    part = "" if found.whole else f" in {words.where(found, names)}"
    counted = statistic in (Statistic.COUNT, Statistic.ONE_IN)
    said = f"{value:,.{0 if counted or abs(value) >= 100 else 2}f}"
    return f"{_UNITS.get(statistic, '{}').format(said)}{few}{part}"


_UNITS = {
    Statistic.RATE: "{} for every 10,000",
    Statistic.PERCENT: "{} percent",
    Statistic.ONE_IN: "one in {}",
    Statistic.SHARE: "{} percent",
    Statistic.SHARE_OF_STUDENTS: "{} percent",
    Statistic.POINTS: "{} percentage points",
    Statistic.COUNT_RATIO: "{} times as many",
    Statistic.INDEX: "{} times the group's share of students",
    Statistic.OVER_SHARE: "{} percentage points more than the group's share of students",
    Statistic.CHANGE_NUMBER: "a change of {} students",
    Statistic.GAP_CHANGE: "a change of {} in the ratio of the two rates",
    Statistic.CHANGE_COUNT: "a change of {} percent",
    Statistic.CHANGE_RATE: "a change of {} percent",
}


def _said(reading: Reading, found: Figure, value: float, inside: str) -> str:
    q = found.question
    if MEASURES[q.measure].per == "incident":
        return _incidents(reading, found, value, inside)
    who, done = subject(q), MEASURES[q.measure].done
    start, said = who[0].upper() + who[1:], number(value, reading.step)
    return {
        Statistic.RATIO: f"{start} {done} at {said} times the rate of {versus(q)} {inside}"
        f"{_rates(found)}",
        Statistic.RATE: f"{said} of every 10,000 {who} {done} {inside}",
        Statistic.PERCENT: f"{said} percent of {who} {done} {inside}",
        Statistic.ONE_IN: f"One in {value:,.0f} {who} {done.replace('were', 'was', 1)} {inside}",
        Statistic.COUNT: f"{value:,.0f} {who} {done} {inside}{_known(found)}",
        Statistic.SHARE: f"{start} made up {said} percent of the students who {done} {inside}",
        Statistic.SHARE_OF_STUDENTS: f"{start} made up {said} percent of students {inside}",
        Statistic.POINTS: f"The share of {who} who {done} was {_apart(value, reading.step)} that "
        f"of {versus(q)} {inside}",
        Statistic.CHANGE_COUNT: f"The number of {who} who {done} {_moved(value)} {inside}, "
        f"against {reading.earlier}",
        Statistic.CHANGE_NUMBER: f"{abs(value):,.0f} {'more' if value >= 0 else 'fewer'} {who} "
        f"{done} {inside} than in {reading.earlier}",
        Statistic.GAP_CHANGE: f"The ratio of the rates at which {who} and {versus(q)} {done} "
        f"{'rose' if value >= 0 else 'fell'} by {number(abs(value), 0.01)} {inside}, to "
        f"{number(found.value or 0.0, 0.01)}, against {reading.earlier}",
        Statistic.COUNT_RATIO: f"{said} times as many {who} as {versus(q)} {done} {inside}"
        f"{_counts(found)}",
        Statistic.INDEX: f"The share of {who} among those who {done} was {said} times their share "
        f"of students {inside}",
        Statistic.OVER_SHARE: f"The share of {who} among those who {done} was "
        f"{number(abs(value), 0.1)} percentage points {'above' if value >= 0 else 'below'} their "
        f"share of students {inside}",
        Statistic.CHANGE_RATE: f"The share of {who} who {done} {_moved(value)} {inside}, "
        f"against {reading.earlier}",
    }[reading.statistic]


def _incidents(reading: Reading, found: Figure, value: float, inside: str) -> str:
    what = MEASURES[found.question.measure].label.lower()
    if reading.statistic is Statistic.COUNT:
        return f"Schools counted {value:,.0f} {what} {inside}"
    if reading.statistic is Statistic.CHANGE_COUNT:
        return f"The number of {what} {_moved(value)} {inside}, against {reading.earlier}"
    if reading.statistic is Statistic.CHANGE_RATE:
        return f"The rate of {what} {_moved(value)} {inside}, against {reading.earlier}"
    if reading.statistic is Statistic.RATIO:
        return (
            f"In schools with an officer the rate of {what} was {number(value, reading.step)} "
            f"times that of schools without one {inside}{_rates(found)}"
        )
    per = found.group.rate_per_10000
    rate = "an unknown number" if per is None else number(per, 0.1)
    return f"Schools counted {rate} {what} for every 10,000 students {inside}"


def _zero(found: Figure, inside: str) -> str:
    """Say that none were reported: a zero in these files is what schools wrote, not what was."""
    q = found.question
    of = MEASURES[q.measure]
    students = f"{found.group.students:,} " if found.group.students is not None else ""
    what = f"none who {of.done}" if of.done else f"no {of.label.lower()}"
    text = f"Among the {students}{subject(q)} {inside}, schools reported {what}"
    other = found.versus
    if other and other.count is not None and other.students is not None:
        text += f", against {other.count:,} of the {other.students:,} {versus(q)}"
    return text


def _known(found: Figure) -> str:
    """Say where a count is larger than the one that rates are made from."""
    if found.all_events is None or found.group.count is None:
        return ""
    return f" ({found.group.count:,} of them in schools whose enrollment is known)"


def _apart(value: float, step: float) -> str:
    if value == 0:
        return "no different from"
    side = "above" if value > 0 else "below"
    return f"{number(abs(value), step)} percentage points {side}"


def _moved(value: float) -> str:
    return f"{'rose' if value >= 0 else 'fell'} by {number(abs(value), 0.1)} percent"


def _rates(found: Figure) -> str:
    own, other = found.group.rate_per_10000, found.versus and found.versus.rate_per_10000
    if own is None or other is None:
        return ""
    return f" ({own:.1f} against {other:.1f} per 10,000 students)"


def _counts(found: Figure) -> str:
    other = found.versus.count if found.versus else None
    if found.group.count is None or other is None:
        return ""
    return f" ({found.group.count:,} against {other:,} students)"


def cited(found: Figure) -> str:
    """Return the publication in words that a reader can look up."""
    tables = "State and National Estimations" if found.basis == "state_table" else "school files"
    return (
        f"the Civil Rights Data Collection {found.question.wave} of the US Department of "
        f"Education's Office for Civil Rights ({tables})"
    )
