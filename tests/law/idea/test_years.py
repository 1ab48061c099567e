"""Years in a row, reasonable progress, and States' settings."""

from __future__ import annotations

from fractions import Fraction

import pytest

from homeroom.errors import BadInput
from homeroom.law.idea import (
    Settings,
    counts,
    flexibility,
    over_years,
    read_settings,
    state_settings,
)

WAITS = Settings(threshold="3.0", years=3)
PROGRESS = Settings(threshold="3.0", years=3, progress="0.25")


def exactly(*texts):
    return [None if text is None else Fraction(text) for text in texts]


@pytest.mark.parametrize(
    ("past", "settings", "identified", "run"),
    [
        (("3.1", "3.2", "3.3"), WAITS, True, 3),
        (("3.1", "3.0", "3.2"), WAITS, False, 1),
        (("4.0", "3.7", "3.4"), PROGRESS, False, 3),
        (("4.0", "3.7", "3.6"), PROGRESS, False, 3),
        (("4.0", "3.9", "3.85"), PROGRESS, True, 3),
        (("4.0", "4.1", "3.6"), PROGRESS, False, 3),
        (("4.0", "3.75", "3.74"), PROGRESS, False, 3),  # a drop of .25 exactly is progress
        (("3.2", None, "3.3"), WAITS, None, None),
        (("3.2", "3.1", None), WAITS, False, 0),
        (("2.9", None, "3.3"), WAITS, False, 1),  # whatever a gap does, it matters not here
        (("3.1", "3.3"), WAITS, False, 2),
    ],
)
def test_three_years_and_progress(past, settings, identified, run) -> None:
    found = flexibility(exactly(*past), settings)
    assert (found.identified, found.consecutive_years) == (identified, run)
    assert found.reason


def test_what_a_year_without_a_ratio_does_is_for_the_state_to_set() -> None:
    past = exactly("3.2", "3.2", None, "3.3")
    breaks = Settings(threshold=3, years=3, gap="breaks")
    bridges = Settings(threshold=3, years=3, gap="bridges")
    assert flexibility(past, breaks).identified is False
    assert flexibility(past, bridges).identified is True
    assert "for the State to set" in flexibility(past, WAITS).reason


def test_progress_without_the_ratios_it_needs_is_not_known() -> None:
    short = Settings(threshold=3, years=1, progress=1)
    found = flexibility(exactly("3.5", "3.4"), short)
    assert (found.identified, found.failed_progress) == (None, None)
    assert flexibility(exactly("5", "3.4"), short).identified is False


def test_counts_of_several_years_give_the_years_in_a_row() -> None:
    years = [counts(["B", "W"], (count, 20), (100, 200)) for count in (31, 32, 33)]
    black, white = over_years(years, WAITS)
    assert (black.consecutive_years, black.identified, black.paragraph) == (3, True, "300.647(d)")
    assert (white.consecutive_years, white.identified) == (0, False)
    assert over_years(years[1:], WAITS)[0].identified is False
    assert over_years(years[1:], WAITS)[0].consecutive_years == 2


def test_only_settings_that_were_read_are_used() -> None:
    texas = state_settings("TX")
    assert (texas.threshold, texas.min_cell, texas.min_n, texas.years) == (None, 10, 30, 3)
    assert texas.settings().threshold is None
    assert "Indicator 9" in " ".join(texas.notes())
    assert texas.settings(threshold=4).threshold == 4
    washington = state_settings("wa").settings()
    assert washington.threshold == 3
    assert washington.minima == (10, 20, 10, 20)
    assert state_settings("OH").settings().threshold == Fraction(5, 2)


def test_settings_of_another_indicator_are_never_used_for_this_one() -> None:
    for postal in ("IN", "KY", "WI"):
        with pytest.raises(BadInput, match="belongs to"):
            state_settings(postal).settings()
    with pytest.raises(BadInput, match="no settings were read"):
        state_settings("CA")
    with pytest.raises(BadInput, match="postal code"):
        state_settings("Texas?")


def test_every_setting_has_a_source_and_a_day() -> None:
    for one in read_settings().values():
        assert one.source
        assert one.read_on.year == 2026
        assert one.in_force
