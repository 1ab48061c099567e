"""Quotation marks of every style made one: single ones, straight ones, and guillemets."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "\u201c", "\u201d"
_SIGNS = str.maketrans("\u00ab\u00bb\u201e\u201f", "\u201c\u201d\u201c\u201c")
_BEGINS = re.compile(r"(?<![\w\u2019'])[\u2018'](?=[\w$(\u2026])")
"""A single mark that may open a quote: no word goes before it, and one follows."""
_ENDS = re.compile(
    r"(?<=[\w%)])[\u2019'](?=[,.;:?!]|\s|$)"
    r"|(?<=[.,!?;:\u2026])[\u2019'](?=\W|$)"
)
_SPOKEN = re.compile(r"(?<=[,.!?\u2026])[\u2019']$")
_FEW = 4
"""Words of a quote; fewer are a phrase, or a word that somebody distances from."""


def in_double_quotes(text: str) -> str:
    """Return a text of the same length in which quoted passages stand in curly double marks.

    A single mark opens a quote where no word goes before, and it is closed in the same paragraph by
    one that no word follows. An apostrophe ("don't", "students' rates") closes none: the quote
    ends at the last mark that follows a stop, or else where the paragraph has one mark left.
    Where double marks stand already, single ones are quotes inside them and stay as they are.
    """
    text = text.translate(_SIGNS)
    out = list(text)
    for match in re.finditer(r"[^\n]+", text):
        if not re.search(r"[\u201c\u201d\"]", match[0]):
            for start, end in _singles(match[0]):
                out[match.start() + start], out[match.start() + end] = _OPEN, _CLOSE
    return "".join(out)


def _singles(line: str) -> list[tuple[int, int]]:
    """Return where quotes in single marks begin and end in a paragraph."""
    found: list[tuple[int, int]] = []
    at = 0
    while begin := _BEGINS.search(line, at):
        ends = [one.start() for one in _ENDS.finditer(line, begin.end())]
        following = _BEGINS.search(line, begin.end())
        limit = following.start() if following else len(line)
        near = [end for end in ends if end < limit]
        spoken = [end for end in near if _SPOKEN.search(line[: end + 1])]
        end = (spoken or near or [-1])[0]
        if end < 0:
            at = begin.end()
            continue
        if len(line[begin.end() : end].split()) >= _FEW:
            found.append((begin.start(), end))
        at = end + 1
    return found
