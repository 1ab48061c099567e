"""Districts that ended or restored officers: dated, sourced local events, and nothing more.

Press reports hold most of them. A district that isn't here may have done either: one count of
2020 to 2022 calls itself an undercount.
"""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from homeroom.errors import BadInput

KINDS = {"ended": "officers ended", "restored": "officers restored", "other": "other"}
NOTE = (
    "Only events with a source. Most were read in press reports; a district that is not listed may "
    "have ended or restored officers too."
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event as read; ``lea`` is empty where it is of no single district."""

    event_id: str
    district: str
    lea: str
    state: str
    kind: str
    event: str
    date: str
    date_precision: str
    body: str
    vote: str
    officers: str
    money: str
    fact: str
    later: str
    urls: tuple[str, ...]
    location: str
    text_status: str

    @property
    def earliest(self) -> dt.date:
        """The first day that the date as read allows."""
        parts = [int(part) for part in self.date[:10].replace("/", "-").split("-")]
        return dt.date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if self._day else 1)

    @property
    def latest(self) -> dt.date:
        """The last day that it allows, a month or a year taken whole."""
        if self._day:
            return self.earliest
        if len(self.date) == len("2020"):
            return dt.date(self.earliest.year, 12, 31)
        month = int(self.date.replace("/", "-").split("-")[-1])
        return dt.date(self.earliest.year, month, 28)

    @property
    def _day(self) -> bool:
        return len(self.date) == len("2020-06-02") and "/" not in self.date

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        made = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return made | {"urls": " ".join(self.urls), "kind_label": KINDS[self.kind]}


@cache
def events() -> tuple[Event, ...]:
    """Return every event, in the order of the file."""
    text = (files("homeroom.context") / "removals.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Event(**row | {"urls": tuple(row["urls"].split())}) for row in rows)


def event(event_id: str) -> Event:
    """Return one event by its id.

    Raises
    ------
    BadInput
        There is no such event.
    """
    found = next((one for one in events() if one.event_id == event_id), None)
    if found is None:
        raise BadInput(f"expected an event of the registry, such as R01, found {event_id!r}.")
    return found


def of_place(place: str) -> tuple[Event, ...]:
    """Return a district's events, oldest first."""
    return tuple(sorted((e for e in events() if e.lea == place), key=lambda e: e.earliest))
