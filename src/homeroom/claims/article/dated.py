"""The day on which a text was published, where it says so plainly."""

from __future__ import annotations

import re
from datetime import date

_HEAD = 1_200
"""Characters in which a byline or a dateline stands."""
_LINE = 140
"""Characters of a line that is a byline and no sentence of the story."""
_MONTHS = {
    name: at
    for at, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july",
         "aug august", "sep sept september", "oct october", "nov november", "dec december"), 1
    )
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<month>{_NAMES})\.? (?P<day>\d{{1,2}}),? (?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<day2>\d{{1,2}}) (?P<month2>{_NAMES})\.? (?P<year2>(?:19|20)\d\d)\b"
    r"|\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)(?=\b|T)",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?:article:published_time|datePublished|itemprop=[\"']datePublished|pubdate)[^>]{0,80}?"
    r"(?P<iso>(?:19|20)\d\d-\d\d-\d\d)",
    re.IGNORECASE,
)


def date_in_page(page: str) -> date | None:
    """Return the day that a page's own markup says it was published on."""
    match = _STAMP.search(page[:300_000])
    return _day(match["iso"]) if match else None


def date_of(text: str) -> date | None:
    """Return the date of a byline or dateline: a short line near the top that holds one date.

    A date inside the story is of what it tells; such a text is taken as undated.
    """
    for line in text[:_HEAD].splitlines():
        found = list(_DATE.finditer(line))
        if len(found) == 1 and len(line) <= _LINE and _is_byline(line, found[0]):
            return _of(found[0])
    return None


def _is_byline(line: str, found: re.Match[str]) -> bool:
    """Return whether the line is little more than the date, or ends a dateline with a dash."""
    rest = (line[: found.start()] + line[found.end() :]).strip(" ,.|:-\u2013\u2014\t")
    plain = not re.search(r"[.!?]\s|[.!?]$", rest) and len(rest.split()) <= 12
    words = re.sub(r"(?i)\b(?:published|updated|posted|on|at|by|a\.?m|p\.?m|e[sd]t)\b", "", rest)
    return plain and not re.search(r"\b[a-z]{3,} [a-z]{3,} [a-z]{3,}\b", words)


def _of(found: re.Match[str]) -> date | None:
    if found["iso"]:
        return _day(found["iso"])
    month = _MONTHS[(found["month"] or found["month2"]).lower()]
    year, day = found["year"] or found["year2"], found["day"] or found["day2"]
    return _day(f"{year}-{month:02d}-{int(day):02d}")


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:  # the 31st of a month that has 30 days
        return None
