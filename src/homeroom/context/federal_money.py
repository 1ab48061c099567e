"""Federal money for officers and support staff: dollars by program and year, and dated events.

Two agencies publish obligations, and they disagree (School Safety National Activities in 2023:
$177.5 million by SAM, $360.9 million by USAspending), so each line keeps its measure, and lines of
different measures are never added. COPS money (16.710) is for police of every kind: its share for
schools can't be told apart, and it held the School Violence Prevention Program (16.071) too, so
those two are never added either.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from homeroom.errors import BadInput

PROGRAMS = {
    "16.710": "COPS Office, all programs",
    "16.071": "COPS School Violence Prevention Program (SVPP)",
    "16.839": "STOP School Violence (BJA)",
    "84.424": "Title IV-A Student Support and Academic Enrichment",
    "84.184": "School Safety National Activities (SBMH and MHSP within it)",
    "84.184H/X": "School-Based Mental Health and Mental Health Professional Demonstration grants",
    "84.027": "IDEA Part B, of which a part may go to early intervening services",
}
"""Assistance listing numbers and what they are."""
MEASURES = {
    "obligation:sam_actual": "obligations, by SAM",
    "obligation:usa_spending_actual": "obligations, by USAspending",
    "outlay": "outlays (money paid out)",
    "awards": "awards announced",
    "awards to date": "awards to date",
    "appropriation": "appropriation",
    "authorized": "authorized by law, not money given",
    "funds available": "funds offered",
    "funds expected": "funds expected",
    "awards count": "number of awards",
}
NOTE = (
    "Measures differ and are never added. Obligations by SAM for the last year may be a plan; "
    "USAspending for 2025 is partial where it says so."
)


@dataclass(frozen=True, slots=True)
class Line:
    """One published figure or dated event.

    Attributes
    ----------
    dollars
        US dollars of the year; None where no sum was printed.
    partial
        Whether the year was not over in the source.
    text_status
        ``verbatim`` where the publisher's own text or file was read, else ``secondary``.
    """

    line_id: str
    program: str
    aln: str
    use: str
    year: str
    measure: str
    dollars: float | None
    awards: str
    date: str
    fact: str
    partial: bool
    source: str
    url: str
    location: str
    text_status: str

    @property
    def measure_label(self) -> str:
        """The measure in words."""
        words = MEASURES.get(self.measure, self.measure)
        return f"{words}, partial year" if self.partial else words

    @property
    def verified(self) -> bool:
        """Whether the publisher's own text or file was read."""
        return self.text_status == "verbatim"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return named | {"measure_label": self.measure_label, "verified": self.verified}


@cache
def lines() -> tuple[Line, ...]:
    """Return every line, in the order of the file."""
    path = files("homeroom.context") / "federal_money.csv"
    rows = csv.DictReader(path.read_text("utf-8").splitlines())
    return tuple(
        Line(
            **row
            | {
                "dollars": float(row["dollars"]) if row["dollars"] else None,
                "partial": row["partial"] == "yes",
            }
        )
        for row in rows
    )


def by_year(aln: str | None = None, year: int | None = None) -> tuple[Line, ...]:
    """Return figures by program, year, and measure; events and rules stand apart.

    Parameters
    ----------
    aln
        Assistance listing number, such as ``16.710``; by default every program.
    year
        Fiscal year; by default every year.

    Raises
    ------
    BadInput
        There is no such program here.
    """
    if aln is not None and aln not in PROGRAMS:
        raise BadInput(f"expected a program's number, found {aln!r}: one of {', '.join(PROGRAMS)}.")
    found = [
        one
        for one in lines()
        if one.measure in MEASURES
        and aln in {None, one.aln}
        and (year is None or one.year == str(year))
    ]
    order = list(PROGRAMS)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                order.index(one.aln) if one.aln in order else len(order),
                one.program,
                one.year,
                one.measure,
            ),
        )
    )


def figure(aln: str, year: int, measure: str = "obligation:sam_actual") -> Line | None:
    """Return one program's figure of one fiscal year and measure; None where none was read.

    Raises
    ------
    BadInput
        There is no such program or measure here.
    """
    if measure not in MEASURES:
        raise BadInput(f"expected a measure, found {measure!r}: use one of {', '.join(MEASURES)}.")
    found = [one for one in by_year(aln, year) if one.measure == measure]
    return found[0] if len(found) == 1 else None


def events(until: date | None = None) -> tuple[Line, ...]:
    """Return what happened to the school mental-health grants, oldest first.

    Parameters
    ----------
    until
        Leave out what happened after this day; by default nothing.
    """
    found = [one for one in lines() if one.measure == "event"]
    kept = [one for one in found if until is None or one.date <= until.isoformat()]
    return tuple(sorted(kept, key=lambda one: one.date))


def standing(day: date) -> str:
    """Say in one sentence where the canceled mental-health grants stood on a day."""
    known = events(day)
    if not known:
        return "No cancellation of school mental-health grants was known on that day."
    last = known[-1]
    fact = last.fact[0].upper() + last.fact[1:].rstrip(".")
    return f"As of {day.isoformat()} the last event read is of {last.date}: {fact}."
