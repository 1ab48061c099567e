"""Asking about everything that is open in a sentence at once, with sentences to choose from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from homeroom.claims.grammar.places import (
    Finder,
    place_of,
    spelled_out,
    waves_of,
    with_choice,
)
from homeroom.claims.model import Reading
from homeroom.errors import Ambiguous, Unread

_MOST = 8
_EACH = 4
"""Choices offered in all, and of each open point."""
COMPARED = "Compared with whom?"


def asked_at_once(
    sentence: str,
    first: Ambiguous,
    finder: Finder | None,
    read: Callable[[str, Finder | None], Reading],
) -> Ambiguous:
    """Return one question for all open points of a sentence.

    Parameters
    ----------
    first
        What stopped the reading.
    read
        Reads a sentence, so that only sentences are offered that can be read.
    """
    points = [first]
    for other in _others(sentence, finder):
        if all(str(other) != str(one) for one in points):
            points.append(other)
    offered = [sentence]
    for point in points:
        offered = [new for old in offered for new in _rewritten(old, point)] or offered
    readable = [one for one in dict.fromkeys(offered) if one != sentence and _reads(one, finder, read)]
    message = " ".join(str(point) for point in points)
    choices = readable[:_MOST] or [choice for point in points for choice in point.choices]
    if isinstance(first, Unread):
        return Unread(message, choices, words=first.words)
    return Ambiguous(message, choices)


def _others(sentence: str, finder: Finder | None) -> Iterator[Ambiguous]:
    text = spelled_out(sentence)
    for look in (lambda: place_of(text, finder), lambda: waves_of(text)):
        try:
            look()
        except Ambiguous as error:
            yield error


def _rewritten(sentence: str, point: Ambiguous) -> list[str]:
    """Return the sentence once for each choice, the choice put in."""
    if point.said:
        said = re.compile(rf"(?<!\w){re.escape(point.said)}(?!\w)", re.IGNORECASE)
        if said.search(sentence):
            return [said.sub(lambda _, c=choice: c, sentence, count=1)
                    for choice in point.choices[:_EACH]]  # fmt: skip
    if str(point).startswith(COMPARED):
        start = sentence.rstrip(" .!?")
        return [f"{start}, compared with {choice}." for choice in point.choices[:_EACH]]
    if isinstance(point, Unread):
        return [one for word in [point.words] for one in [_left(sentence, word)] if one]
    return [choice for choice in point.choices[:_EACH] if len(choice.split()) > 4]


def _left(sentence: str, words: list[str]) -> str:
    from homeroom.claims.grammar.account import without  # noqa: PLC0415  (account reads places too)

    return without(sentence, words)


def _reads(
    sentence: str, finder: Finder | None, read: Callable[[str, Finder | None], Reading]
) -> bool:
    sentence, chosen = with_choice(sentence)
    try:
        read(sentence, chosen or finder)
    except Ambiguous:
        return False
    return True
