"""What the model adds to a district's own figures, in words, with the reported figure beside it."""

from __future__ import annotations

from dataclasses import dataclass

from homeroom.estimates.provider import beside
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.latest import latest_wave
from homeroom.figures.question import Question
from homeroom.report.sentences import figure as shown
from homeroom.vocabulary.groups import Group
from homeroom.vocabulary.measures import MEASURES

ASKED = (
    ("Per 10,000 Black students", "black", ""),
    ("Per 10,000 white students", "white", ""),
    ("Black students' rate, times white students'", "black", "white"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One quantity, as reported and as the model has it.

    Attributes
    ----------
    label
        What it is.
    raw, model
        Figures with their intervals, as text.
    """

    label: str
    raw: str
    model: str


@dataclass(frozen=True, slots=True)
class Modeled:
    """One outcome of a district.

    Attributes
    ----------
    title, sentence
        Outcome and wave, and what the model says against what was reported.
    rows
        Each quantity; the reported one comes first.
    """

    title: str
    sentence: str
    rows: list[Row]


def modeled(store: Store, place: str, measure: str, wave: str | None = None) -> Modeled | None:
    """Return what the model says of a district, or None where no fit has it.

    Parameters
    ----------
    place
        Place id.
    measure, wave
        Which outcome; the latest wave that the store has where none is named.
    """
    if not place.startswith("lea:"):
        return None
    chosen = wave or latest_wave(store, measure, place)
    questions = [
        Question(
            measure,
            Group(group),
            Group(versus) if versus else "",
            place=place,
            wave=chosen,
        )
        for _, group, versus in ASKED
    ]
    rows, sentence = [], ""
    for (label, _, versus), raw in zip(ASKED, answer(store, questions), strict=True):
        found = beside(store, raw)
        if found is not None:
            rows.append(Row(label, _text(raw), _text(found)))
            if versus and found.explanation:
                sentence = found.explanation
    if not sentence:
        return None
    return Modeled(f"{MEASURES[measure].label}, {chosen}", sentence, rows)


def _text(found: Figure) -> str:
    if found.value is None:
        return "no figure"
    if found.low is None or found.high is None:
        return shown(found.value)
    return f"{shown(found.value)} ({shown(found.low)} to {shown(found.high)})"
