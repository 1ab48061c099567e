"""Which waves a claim without a year is held to."""

from __future__ import annotations

from homeroom.vocabulary.waves import WAVES

PANDEMIC = "2020-21"
"""Never a baseline, and never a default."""
DEFAULT = "2017-18"
"""The latest wave with official tables that is not the pandemic year."""
YEARS = tuple(WAVES)
