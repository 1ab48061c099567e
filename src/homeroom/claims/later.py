"""Figures that were published after a claim was made: shown as later, and never held against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from homeroom.claims import wording as words
from homeroom.claims.checked import finite
from homeroom.claims.model import Reading
from homeroom.claims.statistics import CHANGES, crossed, question_of, values, whole_of
from homeroom.claims.waves import default_on, known_by
from homeroom.evidence.store import Store
from homeroom.figures.engine import evaluate
from homeroom.vocabulary.waves import WAVES


def as_of(reading: Reading, day: date | None) -> Reading:
    """Return a reading as somebody meant it who spoke on a day.

    Where no year is named, it's of the latest wave that was published by then.
    """
    if day is None:
        return reading
    also = tuple(as_of(part, day) for part in reading.also)
    read = replace(reading, said_on=day, also=also)
    wave = default_on(day)
    if "wave" not in reading.left_open or wave == reading.question.wave:
        return read
    note = (
        f"No year is named: {wave} is taken, the latest official figures that were published by "
        f"{day:%B} {day.day}, {day.year}."
    )
    kept = tuple(note if one.startswith("No year is named") else one for one in read.conventions)
    return replace(read.with_question(wave=wave), conventions=kept)


def later(store: Store, reading: Reading) -> list[dict[str, Any]]:
    """Return the claim's own figure in each wave that was published after it was made.

    A row each: ``wave``, ``published``, ``value``, ``whole``, ``doubtful``, and ``note``; nothing
    where the day isn't known, the claim names its year, or it is of a change.
    """
    if reading.said_on is None or reading.statistic in CHANGES or "wave" not in reading.left_open:
        return []
    asked = question_of(reading)
    since = [wave for wave in WAVES if wave not in known_by(reading.said_on)]
    questions = [replace(asked.question, wave=wave) for wave in since]
    found = evaluate(store, questions)
    whole = evaluate(store, [whole_of(one) for one in questions]) if crossed(asked) else None
    numbers = values(asked.statistic, found, None, whole)[0]
    rows = []
    for at, wave in enumerate(since):
        value, figure = finite(numbers[at]), found.figure(at)
        if value is not None:
            rows.append(
                {"wave": wave, "published": WAVES[wave].published.isoformat(), "value": value,
                 "whole": figure.whole, "doubtful": figure.doubtful, "note": figure.note}
            )  # fmt: skip
    return rows


def told(rows: list[dict[str, Any]], reading: Reading) -> str:
    """Return the later figures in a sentence; nothing where there are none."""
    if not rows:
        return ""
    parts = []
    for row in rows:
        scope = "" if row["whole"] else f" ({row['note']})"
        doubt = ", a figure we doubt" if row["doubtful"] else ""
        pandemic = ", the pandemic year" if WAVES[row["wave"]].pandemic else ""
        said = words.number(row["value"], min(reading.step, 1.0))
        parts.append(f"{row['wave']}{pandemic}: {said}{doubt}{scope}")
    return f"Published later, so the speaker could not know it: {'; '.join(parts)}."
