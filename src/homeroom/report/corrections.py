"""The ledger of corrections: which figures were wrong, what they were, what they are, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import yaml

TITLE = "Corrections of Homeroom's figures"
_ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that was shown, and then corrected.

    Attributes
    ----------
    day
        On which it was corrected.
    since
        Version of Homeroom that has the new value.
    figure
        Which figure: measure, group, place, wave.
    was, now
        The old value and the new one, with their unit.
    check
        A question whose answer is the new value; None where no store has to hold it.
    """

    id: str
    day: date
    since: str
    figure: str
    was: str
    now: str
    why: str
    check: Mapping[str, Any] | None = None

    @property
    def sentence(self) -> str:
        """What changed, in one sentence."""
        return f"{self.figure}: was {self.was}, is {self.now}."

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id, "day": self.day.isoformat(), "since": self.since,
            "figure": self.figure, "was": self.was, "now": self.now, "why": self.why,
        }  # fmt: skip


@cache
def corrections() -> tuple[Correction, ...]:
    """Return every correction, the newest first."""
    text = (files("homeroom.report") / "corrections.yaml").read_text(encoding="utf-8")
    found = [Correction(**entry) for entry in yaml.safe_load(text)]
    return tuple(sorted(found, key=lambda one: (one.day, one.id), reverse=True))


def json_feed(site: str) -> dict[str, Any]:
    """Return the ledger as a JSON Feed (version 1.1)."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "home_page_url": f"{site}/corrections",
        "feed_url": f"{site}/corrections.json",
        "items": [
            {
                "id": one.id, "url": f"{site}/corrections#{one.id}", "title": one.figure,
                "content_text": f"{one.sentence} {one.why}",
                "date_published": f"{one.day.isoformat()}T00:00:00Z", "_homeroom": one.as_dict(),
            }
            for one in corrections()
        ],
    }  # fmt: skip


def atom_feed(site: str) -> bytes:
    """Return the ledger as an Atom feed (RFC 4287)."""
    feed = Element("feed", xmlns=_ATOM)
    known = corrections()
    _texts(feed, {"id": f"{site}/corrections", "title": TITLE, "updated": _moment(known[0].day)})
    SubElement(feed, "link", rel="self", href=f"{site}/corrections.xml")
    SubElement(feed, "link", rel="alternate", href=f"{site}/corrections")
    _texts(SubElement(feed, "author"), {"name": "Homeroom"})
    for one in known:
        entry = SubElement(feed, "entry")
        link = f"{site}/corrections#{one.id}"
        _texts(entry, {
            "id": link, "title": one.figure, "updated": _moment(one.day),
            "content": f"{one.sentence} {one.why}",
        })  # fmt: skip
        SubElement(entry, "link", rel="alternate", href=link)
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _texts(parent: Element, found: Mapping[str, str]) -> None:
    for name, text in found.items():
        SubElement(parent, name).text = text


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"
