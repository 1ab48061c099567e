"""The text of a page in HTML: what a reader sees, without scripts, styles, and navigation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from justhtml import JustHTML

from homeroom.claims.article.words import words
from homeroom.errors import BadInput

MOST = 600_000
"""Characters of a page."""


def text_of_html(page: str) -> str:
    """Return the words of a page, a paragraph for each of its blocks.

    Raises
    ------
    BadInput
        The page is too large.
    """
    if len(page) > MOST:
        raise BadInput(
            f"HTML: expected at most {MOST:,} characters, found {len(page):,}. Paste the text."
        )
    text = "".join(_parts(JustHTML(page, sanitize=False).root))
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r" +", " ", text))
    return re.sub(r"\n{2,}", "\n\n", text).strip()


def _parts(root: Any) -> Iterator[str]:
    """Yield texts and breaks in order; by a stack, since a page may nest as deep as it likes."""
    stack: list[Any] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        name = node.name
        if name == "#text":
            yield re.sub(r"\s+", " ", node.data or "")
        if name in words("unseen") or name.startswith(("#comment", "!")):
            continue
        if name == "br":
            yield "\n"
        around = "\n\n" if name in words("blocks") else ""
        inside = list(getattr(node, "children", None) or ())
        stack += [around, *reversed(inside), around] if around else reversed(inside)
