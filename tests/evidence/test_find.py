"""Finding places: typos forgiven, the place meant first."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeroom.errors import BadInput
from homeroom.evidence import store
from homeroom.evidence.find import PlaceIndex, fold
from homeroom.evidence.place_ids import place_range
from homeroom.vocabulary.ids import combokey_of, lea_number, school_number_of


@pytest.fixture(scope="module")
def index(starter_store):
    with store.connect(starter_store) as con:
        yield PlaceIndex(con)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("austin isd", "lea:4808940"),
        ("asutin isd", "lea:4808940"),
        ("Austin Independent School District", "lea:4808940"),
        ("fairfax county public schools", "lea:5101260"),
        ("fairfx county", "lea:5101260"),
        ("denver", "lea:0803360"),
        ("los angeles unified", "lea:0622710"),
        ("chicago", "lea:1709930"),
        ("texas", "US-TX"),
        ("Conneticut", "US-CT"),
        ("united states", "US"),
        ("anderson high school austin", "school:480894000292"),
    ],
)
def test_the_place_meant_comes_first(index, query, expected):
    assert index.find(query, 3)[0].id == expected


def test_a_state_behind_the_name_decides_between_namesakes(index):
    first = {state: index.find(f"richmond {state}", 1)[0] for state in ("VA", "IN")}
    assert first["VA"].state == "VA"
    assert first["VA"].id != first["IN"].id


def test_nothing_like_it_gives_nothing(index):
    assert index.find("zzzzqqqq xxxyyy") == []
    assert index.find("") == []
    assert index.find("!!!") == []


def test_scores_fall_from_first_to_last(index):
    scores = [found.score for found in index.find("washington", 20)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_search(index, text):
    assert len(index.find(text, 5)) <= 5


@given(st.text(string.ascii_letters + string.digits + " .-'éñü", max_size=40))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(
    st.integers(1, 78), st.integers(0, 99_999), st.integers(0, 99_999),
    st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_a_school_number_and_its_combokey_name_each_other(state, agency, school, operated, number):
    middle = f"SOP{number:02d}" if operated else f"{agency:05d}"
    key = f"{state:02d}{middle}{school:05d}"
    assert combokey_of(school_number_of(key)) == key
    area = place_range(f"lea:{key[:7]}")
    assert area.low <= school_number_of(key) <= area.high
    assert area.low == lea_number(key[:7]) * 100_000


@pytest.mark.parametrize(
    "text", ["", "US-XX", "lea:48", "school:48", "TX", "lea:48O8940", "../etc"]
)
def test_what_is_no_place_id_is_refused_with_the_forms(text):
    with pytest.raises(BadInput, match="lea:4808940"):
        place_range(text)
