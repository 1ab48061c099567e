"""The text of a page in HTML: what a reader sees, without scripts, styles, and navigation."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from homeroom.claims.article.words import words

_DEEPEST = 400


class _Reader(HTMLParser):
    """Collects text; it follows no address and runs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in words("unseen") and len(self.unseen) < _DEEPEST:
            self.unseen.append(tag)
        if tag in words("blocks"):
            self.parts.append("\n\n" if tag != "br" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.unseen:
            while self.unseen and self.unseen.pop() != tag:
                pass
        if tag == "body":
            self.unseen.clear()
        if tag in words("blocks"):
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def text_of_html(page: str) -> str:
    """Return the words of a page, a paragraph for each of its blocks."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    text = "".join(reader.parts)
    text = re.sub(r"[ \t]*\n[ \t]*", "\n", re.sub(r" +", " ", text))
    return re.sub(r"\n{2,}", "\n\n", text).strip()
