"""Paragraphs and sentences of a text, with their offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from homeroom.claims.article.model import Sentence
from homeroom.claims.article.words import words
from homeroom.errors import BadInput
from homeroom.text_gate import BARRED

LONGEST = 50_000
"""Characters of a text."""
LONGEST_SENTENCE = 800
"""Characters of a sentence; a longer run is no sentence that anybody wrote, and is cut."""
_WRAPPED = (45, 120)
"""Lengths of lines that were broken to fit a page, so that a sentence may run over their end."""
_ENDS = re.compile(r"[.!?:;\u201d\"\u2019)\]]\s*$")
_ITEM = re.compile(r"\s*(?:[-*\u2022\u2023\u25cf\u2013\u2014]|\d{1,2}[.)])\s")
_BARE = re.compile(r"[\s\"\u201c\u201d'\u2018\u2019*\u2022#>_-]*")
_CARRIES_ON = re.compile(r"[a-z,;)]|\u2014")
_BARRED = re.compile(BARRED)
_MOST_BARRED = 0.01


def clean(text: str, what: str = "text") -> str:
    """Return a text of the same length with a space for every character that no text may hold.

    Raises
    ------
    BadInput
        The text is empty, too long, or not text at all.
    """
    if len(text) > LONGEST:
        raise BadInput(
            f"{what}: expected at most {LONGEST:,} characters, found {len(text):,}. Check it in "
            "parts."
        )
    if not text.strip():
        raise BadInput(f"{what}: expected words, found none.")
    barred = len(_BARRED.findall(text.replace("\x0c", " ").replace("\x0b", " ")))
    if "\x00" in text or barred > max(3, _MOST_BARRED * len(text)):
        raise BadInput(
            f"{what}: expected text, HTML, PDF, or DOCX, found another kind of file. Copy the "
            "words and paste them."
        )
    return _BARRED.sub(" ", text)


def sentences(text: str) -> list[Sentence]:
    """Split a text into paragraphs and those into sentences.

    Sentences are found by nupunkt, a Punkt model (Kiss and Strunk 2006, Computational Linguistics
    32:485-525) that knows abbreviations ("Sen.", "U.S."). It never sees past a paragraph.
    """
    found: list[Sentence] = []
    for number, (start, end) in enumerate(paragraphs(text)):
        for first, last in _cut(_spans(text[start:end])):
            found.append(
                Sentence(start + first, start + last, number, text[start + first : start + last])
            )
    return found


def _cut(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield sentences, too long ones in pieces: patterns take long on what never ends."""
    for start, end in spans:
        for first in range(start, end, LONGEST_SENTENCE):
            yield first, min(first + LONGEST_SENTENCE, end)


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield the paragraphs: parted by blank lines, or by line breaks that end a thought."""
    start, last, before = -1, 0, ""
    for match in re.finditer(r"[^\n\r]*(?:\r\n|\n|\r|$)", text):
        line = match[0].rstrip()
        if not line.strip():
            if start >= 0:
                yield start, last
            start = -1
            continue
        if start >= 0 and not _goes_on(before, line):
            yield start, last
            start = -1
        if start < 0:
            start = match.start()
        last, before = match.start() + len(line), line
    if start >= 0:
        yield start, last


def _goes_on(before: str, line: str) -> bool:
    """Return whether a line break was made by the width of a page."""
    if _ITEM.match(line):
        return False
    wide = _WRAPPED[0] <= len(before) <= _WRAPPED[1]
    if re.match(r"\s*[a-z]", line):
        return True
    return wide and not _ENDS.search(before)


def _spans(text: str) -> list[tuple[int, int]]:
    """Return the sentences of a paragraph, without the space around them."""
    merged: list[tuple[int, int]] = []
    for start, end in _again(text):
        first = start + len(text[start:end]) - len(text[start:end].lstrip())
        last = end - (len(text[start:end]) - len(text[start:end].rstrip()))
        if first >= last:
            continue
        bare = _BARE.fullmatch(text, first, last)
        if merged and (bare or _CARRIES_ON.match(text, first)):
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def _again(text: str) -> Iterator[tuple[int, int]]:
    """Yield the model's sentences, cut once more where it missed a plain end."""
    for start, end in _model()(text):
        begin = start
        for match in _missed().finditer(text, start, end):
            if match["word"] not in words("short"):
                yield begin, match.end()
                begin = match.end()
        yield begin, end


@cache
def _missed() -> re.Pattern[str]:
    """Return ends after words that the model has not seen end a sentence: "were Black. For ..."."""
    starts = "|".join(sorted(words("starts")))
    return re.compile(
        r"(?P<word>[A-Za-z]{4,}|[a-z]{3}|\d%|\d)[.!?][\u201d\"\u2019)]?\s+"
        rf"(?=[\u201c\"(]?(?:{starts})\b)"
    )


@cache
def _model() -> Any:
    from nupunkt import sent_spans  # noqa: PLC0415 - loads its model

    return sent_spans
