"""Claims and whole texts for assistants: a verdict with all that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from homeroom.claims.verdict import LABELS
from homeroom.errors import Ambiguous
from homeroom.figures import wording
from homeroom.mcp.envelope import NO_FIGURE, Answer, answered
from homeroom.mcp.figures import scope_of
from homeroom.report.sentences import place_name

if TYPE_CHECKING:
    from homeroom.api import Homeroom
    from homeroom.claims.checked import Checked

_READINGS = 4
"""Readings of an ambiguous claim that are checked; the others are listed."""
_LEFT_OUT = ("nearest", "multiverse", "unread", "screened", "left_out", "accepted", "parts")
"""Keys of a check that would fill an assistant's memory and that the API gives."""


def check_claim(room: Homeroom, claim: str) -> Answer:
    """Check a claim, or a question that states a number, against every defensible definition.

    A claim with several readings is checked in each, so that none is chosen in silence.

    Parameters
    ----------
    room
        An open store.
    claim
        A sentence, or an id of the catalogue.
    """
    try:
        return _told(room, room.check(claim))
    except Ambiguous as error:
        return _each(room, claim, error)


def _each(room: Homeroom, claim: str, error: Ambiguous) -> Answer:
    read: list[tuple[str, Answer]] = []
    for choice in error.choices[:_READINGS]:
        try:
            read.append((choice, _told(room, room.check(choice))))
        except Ambiguous:
            continue  # a question within a question: it stays among the choices
    told = [f"The claim leaves something open: {error}"]
    told += [f"Read as “{choice.rstrip('.')}”: {one['answer']}" for choice, one in read]
    if not read and error.choices:
        told.append(f"It can be read as: {' '.join(error.choices)}")
    coverages = [one["coverage"] for _, one in read if one["coverage"] is not None]
    return answered(
        room, " ".join(told),
        {
            "statement": claim, "status": "asked", "question": str(error),
            "choices": error.choices, "readings": [one["data"] for _, one in read],
        },
        scope=_joined([one["scope"] for _, one in read]) or NO_FIGURE,
        doubt=_joined([one["doubt"] for _, one in read]),
        coverage=min(coverages, default=None),
        sources=list(dict.fromkeys(text for _, one in read for text in one["sources"])),
    )  # fmt: skip


def _joined(texts: list[Any]) -> str | None:
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def _told(room: Homeroom, found: Checked) -> Answer:
    figure = found.figure
    said = [f"{LABELS[found.verdict]}.", found.sentence]
    if found.say_instead:
        said.append(f"What the data support: {found.say_instead}")
    if found.elsewhere:
        said.append(found.elsewhere)
    scope, doubt, coverage = NO_FIGURE, None, None
    if figure is not None:
        q = figure.question
        said += [figure.explanation or "", wording.why_doubted(figure.doubts) or ""]
        scope = f"{scope_of(figure, place_name(q.place, room.name(q.place)), q.place)}, {q.wave}"
        doubt, coverage = wording.doubt(figure.doubts), figure.coverage
    said.append(found.reading)
    data = {name: value for name, value in found.as_dict().items() if name not in _LEFT_OUT}
    return answered(
        room, _once(said), data, scope=scope, doubt=doubt, coverage=coverage,
        sources=found.sources,
    )  # fmt: skip


def _once(parts: list[str]) -> str:
    """Join sentences, without those that an earlier one holds."""
    kept: list[str] = []
    for part in parts:
        text = part.strip()
        if text and not any(text in one for one in kept):
            kept.append(text[:1].upper() + text[1:])
    return " ".join(kept)


def check_article(room: Homeroom, text: str) -> Answer:
    """Check every claim in a text; nothing of it is kept.

    Parameters
    ----------
    room
        An open store.
    text
        At most 50,000 characters.

    Raises
    ------
    BadInput
        The text is empty or too long.
    """
    found = room.article(text)
    claims = [one.as_dict() for one in found.claims]
    told = [found.summary()["text"]]
    told += [
        f"“{' '.join(one['sentence'].split())}” {one['label']}: {one['answer'] or one['why']}"
        for one in claims
    ]
    doubtful = [one["sentence"] for one in claims if one.get("doubtful")]
    return answered(
        room, "\n".join(told), {"summary": found.summary(), "claims": claims},
        scope="Each claim's answer says whom its figure speaks for." if claims else NO_FIGURE,
        doubt=f"{len(doubtful)} of the claims rest on a doubtful figure." if doubtful else None,
        sources=list(dict.fromkeys(text for one in claims for text in one["sources"])),
    )  # fmt: skip
