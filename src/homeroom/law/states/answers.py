"""Ask a state's rules: yes, no, or unknown on a day, with the rules that say so.

A mandate for one district answers for that district alone. Money, goals, permissions, and bills
never make a mandate: they stand beside the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from homeroom.errors import BadInput
from homeroom.law.logic import Truth
from homeroom.law.states.packs import NOT_ADVICE, TOPICS, Rule, pack
from homeroom.vocabulary.states import POSTAL_OF_FIPS, STATES

READ = date(2026, 11, 27)
"""The day on which states' rules were looked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of one topic on one day; ``beside`` bears on it without settling it."""

    state: str
    topic: str
    day: date
    value: Truth
    rules: tuple[Rule, ...]
    beside: tuple[Rule, ...]

    @property
    def question(self) -> str:
        """The topic as a question."""
        return TOPICS[self.topic]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "state": self.state,
            "topic": self.topic,
            "question": self.question,
            "on": self.day.isoformat(),
            "value": str(self.value),
            "rules": [one.as_dict() for one in self.rules],
            "beside": [one.as_dict() for one in self.beside],
            "notice": NOT_ADVICE,
        }


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of days with one value: from ``begins`` (None: always) to before ``ends``."""

    begins: date | None
    ends: date | None
    value: Truth


def ask(state: str, topic: str, day: date, *, place: str | None = None) -> Answer:
    """Return what the rules read say on a topic on one day.

    Parameters
    ----------
    state
        Postal code, such as ``TX``.
    topic
        One of ``TOPICS``.
    day
        The day asked about.
    place
        A district such as ``lea:5509600``, for rules made for one district.

    Raises
    ------
    BadInput
        There is no such state or topic, or two rules contradict each other.
    """
    about = _about(state, topic)
    mine = [one for one in about if not one.places or place in one.places]
    said = [one for one in mine if one.holds(day) and one.answers[topic] is not Truth.UNKNOWN]
    values = {one.answers[topic] for one in said}
    if len(values) > 1:
        names = ", ".join(one.rule_id for one in said)
        raise BadInput(f"{state}, {topic}: expected one value on {day}, found several ({names}).")
    beside = tuple(one for one in about if one not in said)
    return Answer(state, topic, day, values.pop() if values else Truth.UNKNOWN, (*said,), beside)


def answers(state: str, day: date, *, place: str | None = None) -> tuple[Answer, ...]:
    """Return the answer to every topic; a state without a pack says unknown to each."""
    return tuple(ask(state, topic, day, place=place) for topic in TOPICS)


def timeline(state: str, topic: str, *, place: str | None = None) -> tuple[Span, ...]:
    """Return the values of a topic over all days: no gap, no overlap, neighbors differ."""
    about = _about(state, topic)
    turns = sorted({one.first_day for one in about} | {one.ends for one in about if one.ends})
    spans: list[Span] = [Span(None, None, Truth.UNKNOWN)]
    for turn in turns:
        value = ask(state, topic, turn, place=place).value
        if value is not spans[-1].value:
            spans[-1] = Span(spans[-1].begins, turn, spans[-1].value)
            spans.append(Span(turn, None, value))
    return tuple(spans)


def read_on(state: str) -> date:
    """Return the day on which a state's rules were last read; for one without a pack, any was."""
    found = pack(state)
    return max((one.read_on for one in found.rules), default=READ) if found else READ


def state_of(place: str) -> str | None:
    """Return the postal code of a district's or state's id; None where there is none."""
    kind, _, key = place.partition(":")
    if kind == "state":
        return key if key in STATES else None
    return POSTAL_OF_FIPS.get(key.zfill(7)[:2]) if kind == "lea" else None


def _about(state: str, topic: str) -> list[Rule]:
    if topic not in TOPICS:
        raise BadInput(f"expected a topic, found {topic!r}: use one of {', '.join(TOPICS)}.")
    found = pack(state)
    return [one for one in found.rules if topic in one.answers] if found else []
