"""Waves before and after a district ended or restored officers, beside districts like it.

A description, never an effect: districts chose for themselves, most changed in the pandemic, and
a wave or two on each side can't tell a turn from chance. All waves before the event are shown, so
that readers see how the rates moved when nothing had changed yet.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import date
from typing import Any

from homeroom.context.removals import Event, events
from homeroom.errors import BadInput, NotAvailable
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.figure import Figure
from homeroom.figures.peers import peers
from homeroom.figures.question import Question
from homeroom.vocabulary.waves import WAVES

LIMITS = (
    "This describes; it does not show what the change did. The district chose it, the pandemic "
    "closed schools in 2020-21, other things changed too, and counts of police contact are often "
    "misreported. Districts beside it are alike in size and students, not in what they decided."
)
_PEERS = 10


@dataclass(frozen=True, slots=True)
class Moment:
    """One wave: where it lies, the district's rate, and the middle of the districts beside it."""

    wave: str
    when: str
    figure: Figure
    beside: float | None
    """Median rate of the districts that have a figure; None where none has."""
    beside_count: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values; rates are for every 10,000 students."""
        one = self.figure
        return {
            "wave": self.wave,
            "when": self.when,
            "rate_per_10000": one.value,
            "low": one.low,
            "high": one.high,
            "coverage": one.coverage,
            "doubtful": one.doubtful,
            "pandemic": WAVES[self.wave].pandemic,
            "reason": one.explanation,
            "beside_median": self.beside,
            "beside_districts": self.beside_count,
        }


@dataclass(frozen=True, slots=True)
class View:
    """An event with the waves around it; ``missing`` says which side the store lacks."""

    event: Event
    measure: str
    moments: tuple[Moment, ...]
    missing: str

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "event": self.event.as_dict(),
            "measure": self.measure,
            "waves": [one.as_dict() for one in self.moments],
            "missing": self.missing,
            "limits": LIMITS,
        }


def view(store: Store, event: Event, measure: str = "arrests") -> View:
    """Return the waves before and after an event, for one district and those like it.

    Parameters
    ----------
    store
        Counts and students.
    event
        An event of the registry that is of one district.
    measure
        What is counted.

    Raises
    ------
    BadInput
        The event is of no single district.
    """
    if not event.lea:
        raise BadInput(f"{event.event_id}: expected an event of one district, found {event.state}.")
    alike = _alike(store, event)
    waves = [wave for wave, one in WAVES.items() if one.school_files]
    asked = [
        Question(measure, place=place, wave=wave)
        for wave in sorted(waves)
        for place in (event.lea, *alike)
    ]
    found, size = answer(store, asked), 1 + len(alike)
    moments = []
    for at, wave in enumerate(sorted(waves)):
        own, *others = found[at * size : (at + 1) * size]
        rates = [one.value for one in others if one.value is not None]
        if own.value is not None or rates:
            middle = statistics.median(rates) if rates else None
            moments.append(Moment(wave, side_of(wave, event), own, middle, len(rates)))
    known = {one.when for one in moments if one.figure.value is not None}
    lacking = [side for side in ("before", "after") if side not in known]
    missing = f"The store has no wave {' or '.join(lacking)} the event." if lacking else ""
    return View(event, measure, tuple(moments), missing)


def side_of(wave: str, event: Event) -> str:
    """Say whether a wave's school year lies before or after an event, or holds it."""
    start = int(wave[:4])
    if date(start + 1, 6, 30) <= event.earliest:
        return "before"
    # A decision of spring or summer works from the next school year.
    return "after" if date(start, 8, 1) >= event.latest else "in that school year"


def _alike(store: Store, event: Event) -> list[str]:
    """Return the districts most like it that the registry has no event of."""
    changed = {one.lea for one in events()}
    try:
        frame = peers(store, event.lea, count=_PEERS * 2)
    except NotAvailable:
        return []
    return [one for one in frame["place"] if one not in changed][:_PEERS]
