"""Which waves a claim without a year is held to, and which its speaker could have known."""

from __future__ import annotations

from datetime import date

from homeroom.vocabulary.waves import WAVES

DEFAULT = "2017-18"
"""The latest wave with official tables that is not the pandemic year."""
YEARS = tuple(WAVES)
TABLED = ("2011-12", "2015-16", "2017-18")
"""Waves with official state and national tables that are not the pandemic year."""


def known_by(day: date | None) -> frozenset[str]:
    """Return the waves that were published by a day; all of them where none is given."""
    return frozenset(wave for wave, of in WAVES.items() if day is None or of.published <= day)


def default_on(day: date | None) -> str:
    """Return the wave that a claim without a year is held to, if it was made on a day.

    Before the first wave was published there is nothing better than the first.
    """
    known = known_by(day)
    return max((wave for wave in TABLED if wave in known), default=TABLED[0])
