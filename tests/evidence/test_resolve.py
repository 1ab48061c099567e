"""What people type becomes one place, or a refusal that names the nearest."""

from __future__ import annotations

import pytest

from homeroom.api import Homeroom
from homeroom.errors import Ambiguous, NotAvailable


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("lea:4808940", "lea:4808940"), ("LEA:4808940", "lea:4808940"), ("4808940", "lea:4808940"),
        ("622710", "lea:0622710"), ("480894000291", "school:480894000291"), ("TX", "US-TX"),
        ("texas", "US-TX"), ("United States", "US"), ("Austin ISD", "lea:4808940"),
        ("asutin isd", "lea:4808940"), ("Los Angeles Unified", "lea:0622710"),
        ("Denver Public Schools", "lea:0803360"),
        ("Fairfax County Public Schools", "lea:5101260"),
    ],
)  # fmt: skip
def test_ids_codes_and_names_mean_the_same_place(room: Homeroom, text: str, place: str) -> None:
    assert room.resolve(text) == place


@pytest.mark.parametrize("text", ["Austin Powers ISD", "New York City USD"])
def test_a_word_that_no_name_accounts_for_is_not_dropped(room: Homeroom, text: str) -> None:
    with pytest.raises(NotAvailable, match="Did you mean"):
        room.resolve(text)


def test_a_name_of_many_places_is_asked_about(room: Homeroom) -> None:
    with pytest.raises(Ambiguous, match="found several") as refused:
        room.resolve("Washington School")
    assert len(refused.value.choices) > 1


def test_a_name_like_no_other_is_refused(room: Homeroom) -> None:
    with pytest.raises(NotAvailable, match="found no such place"):
        room.resolve("qqqq zzzz xxxx")
