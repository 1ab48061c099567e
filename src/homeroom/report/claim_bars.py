"""Bars of a claim beside the figures: what it says, and what the data give, on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from homeroom.claims.model import Reading, Statistic
from homeroom.claims.statistics import crossed, question_of, values, whole_of
from homeroom.claims.tolerance import reaches
from homeroom.claims.waves import TABLED, known_by
from homeroom.claims.wording import place as place_name
from homeroom.evidence.store import Store
from homeroom.figures import wording
from homeroom.figures.engine import evaluate
from homeroom.figures.figure import Figure
from homeroom.figures.question import Question
from homeroom.figures.screened import evaluate_left, left_figure
from homeroom.report.bars import Bar, Bars
from homeroom.report.sentences import figure as written
from homeroom.vocabulary.groups import Group

_UNITS = {
    Statistic.RATIO: "Times the rate of the group compared with",
    Statistic.RATE: "Students counted for every 10,000",
    Statistic.PERCENT: "Percent of the students of the group",
    Statistic.SHARE: "Percent of those counted",
    Statistic.SHARE_OF_STUDENTS: "Percent of all students",
    Statistic.INDEX: "Times the group's share of students",
    Statistic.COUNT: "Students counted",
    Statistic.COUNT_RATIO: "Times as many students",
}
"""Statistics that a bar can show from zero."""
_WAVES = 2
"""Waves that are drawn where a claim names none: the latest that its speaker could know."""


@dataclass(frozen=True, slots=True)
class _Row:
    place: str
    label: str
    value: float
    figure: Figure
    left: float | None


def claim_bars(store: Store, reading: Reading, places: Sequence[str] = ()) -> Bars | None:
    """Draw a claim's number and the figures it may be about; None where no bar can show it.

    Parameters
    ----------
    reading
        What the claim was read as.
    places
        Further places to draw: where its speaker is from.
    """
    if reading.statistic not in _UNITS or reading.stated <= 0 or reading.stated == reading.base:
        return None
    rows = _rows(store, reading, places)
    if not rows:
        return None
    top = 1.04 * max(reading.stated, *(row.value for row in rows))
    mark = 100 * reading.stated / top
    said = Bar("The claim", written(reading.stated), "own", mark)
    before = ["", *(row.place for row in rows)]
    bars = (
        said,
        *(
            _bar(row, top, mark, row.place if row.place != last else "")
            for row, last in zip(rows, before, strict=False)
        ),
    )
    return Bars(
        _title(reading, rows), "The line shows what the claim says.", bars,
        _UNITS[reading.statistic],
    )  # fmt: skip


def _rows(store: Store, reading: Reading, places: Sequence[str]) -> list[_Row]:
    asked = question_of(reading)
    questions = _questions(asked, places)
    found = evaluate(store, questions)
    whole = evaluate(store, [whole_of(one) for one in questions]) if crossed(asked) else None
    numbers = values(asked.statistic, found, None, whole)[0]
    left = evaluate_left(store, questions) if whole is None else None
    without = (
        values(asked.statistic, left)[0] if left is not None else np.full(len(numbers), np.nan)
    )
    several = len({one.place for one in questions}) > 1
    rows = []
    for at, question in enumerate(questions):
        one = found.figure(at)
        if not np.isfinite(numbers[at]) or not one.whole:
            continue
        doubted = one.doubtful and np.isfinite(without[at])
        if doubted and left is not None:
            doubted = left_figure(left, at).value is not None
        rows.append(
            _Row(
                _place(question, several), _label(question, asked.question), float(numbers[at]),
                one, float(without[at]) if doubted else None,
            )
        )  # fmt: skip
    return rows


def _questions(asked: Reading, places: Sequence[str]) -> list[Question]:
    q = asked.question
    waves: tuple[str, ...] = (q.wave,)
    if "wave" in asked.left_open:
        known = [wave for wave in TABLED if wave in known_by(asked.said_on)]
        waves = tuple(reversed(known[-_WAVES:])) or waves
    races = [Group(one) for one in q.groups] if 1 < len(q.groups) <= 3 else []
    return [
        replace(q, place=place, wave=wave, group=group)
        for place in dict.fromkeys((q.place, *places))
        for group in (q.group, *races)
        for wave in waves
    ]


def _place(question: Question, several: bool) -> str:  # noqa: FBT001
    if not several:
        return ""
    return "United States" if question.place == "US" else place_name(question.place)


def _label(question: Question, asked: Question) -> str:
    parts = []
    if len(asked.groups) > 1:
        together = question.group == asked.group
        parts.append("Together" if together else question.group.people().split(" ")[0])
    return ", ".join([*parts, question.wave.replace("-", "\u2011")])  # a year is never broken


def _bar(row: _Row, top: float, mark: float, heading: str) -> Bar:
    text = written(row.value)
    if row.left is not None:
        text += f" ({written(row.left)} without doubted schools)"
    return Bar(
        row.label, text, "group", min(100 * row.value / top, 100), mark,
        doubt=wording.doubt(row.figure.doubts) or "", heading=heading,
    )  # fmt: skip


def _title(reading: Reading, rows: Sequence[_Row]) -> str:
    met = sum(bool(reaches(reading, row.value)) for row in rows)
    if len(rows) == 1:
        return "The claim matches the figure" if met else "The claim and the figure differ"
    if not met:
        return f"None of these {len(rows)} figures matches the claim"
    return f"{met} of these {len(rows)} figures match the claim"
