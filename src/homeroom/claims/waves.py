"""Which waves a claim without a year is held to."""

from __future__ import annotations

from homeroom.vocabulary.waves import WAVES

DEFAULT = "2017-18"
"""The latest wave with official tables that is not the pandemic year."""
YEARS = tuple(WAVES)
