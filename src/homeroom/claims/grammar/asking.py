"""Asking about everything that is open in a sentence at once, with sentences to choose from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from homeroom.claims.grammar.places import Finder, with_choice
from homeroom.claims.model import Reading
from homeroom.errors import Ambiguous, Unread

_PARTS = re.compile(r"(?<=[.!?]) +|; |,? (?:and|but|while|whereas) (?=[a-z ]*\d|[a-z]+ed\b|[A-Z])")
_MOST = 8
_EACH, _POINTS = 4, 4
"""Choices offered in all and of each open point, and points that are asked about."""
COMPARED = "Compared with whom?"
SEVERAL = "The sentence "
"""How questions begin that are about several places, numbers, or outcomes in one sentence."""


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
    points = list(_points(sentence, first, finder, read))
    offered = [sentence, *_clauses(sentence)] if str(first).startswith(SEVERAL) else [sentence]
    for point in points:
        offered = [new for old in offered for new in (_rewritten(old, point) or [old])]
    readable = [
        one for one in dict.fromkeys(offered) if one != sentence and _reads(one, finder, read)
    ]
    message = " ".join(str(point) for point in points)
    choices = readable[:_MOST] or [choice for point in points for choice in point.choices]
    if isinstance(first, Unread):
        return Unread(message, choices, words=first.words)
    return Ambiguous(message, choices)


def _clauses(sentence: str) -> list[str]:
    """Return the parts of a sentence that may be sentences of their own."""
    parts = re.split(
        r"(?<=[.!?]) +|; |,? (?:and|but|while|whereas) (?=[a-z ]*\d|[a-z]+ed\b|[A-Z])", sentence
    )
    return [f"{part.strip(' .,')}." for part in parts if len(part.split()) > 4]


def _points(
    sentence: str,
    first: Ambiguous,
    finder: Finder | None,
    read: Callable[[str, Finder | None], Reading],
) -> Iterator[Ambiguous]:
    """Yield the open points one by one; the first choice for each leads to the next."""
    seen: set[str] = set()
    point, rest = first, sentence
    while str(point) not in seen and len(seen) < _POINTS:
        yield point
        seen.add(str(point))
        rewritten = _rewritten(rest, point)
        if not rewritten:
            return
        rest, chosen = with_choice(rewritten[0])
        finder = chosen or finder
        try:
            read(rest, finder)
        except Ambiguous as error:
            point = error
        else:
            return


def _rewritten(sentence: str, point: Ambiguous) -> list[str]:
    """Return the sentence once for each choice, the choice put in."""
    if point.said:
        said = re.compile(rf"(?<!\w){re.escape(point.said)}(?!\w)", re.IGNORECASE)
        if said.search(sentence):
            put_in = [
                said.sub(choice.replace("\\", ""), sentence, count=1)
                for choice in point.choices[:_EACH]
            ]
            return [f"{one[:1].upper()}{one[1:]}" for one in put_in]
    if str(point).startswith(COMPARED):
        start = sentence.rstrip(" .!?")
        return [f"{start}, compared with {choice}." for choice in point.choices[:_EACH]]
    if isinstance(point, Unread) and point.choices:
        return [one for word in [point.words] for one in [_left(sentence, word)] if one]
    return [choice for choice in point.choices[:_EACH] if choice.endswith((".", "!", "?"))]


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
