"""Districts are found by the names people use; what OCR counts as one district says so."""

from __future__ import annotations

from pathlib import Path

import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.errors import Ambiguous
from homeroom.evidence.build import build
from homeroom.evidence.known_places import known_places

CITY, HARLEM, STATEN_ISLAND = "lea:3620580", "lea:3600081", "lea:3600103"


@pytest.mark.parametrize(
    "text",
    [
        "new york city public schools", "nyc", "NYC", "New York City Department of Education",
        "NYC DOE", "New York City", "nyc, NY", "NYC Chancellor's Office", "3620580",
        "new york city departmnt of education",
    ],
)  # fmt: skip
def test_new_york_city_is_found_by_every_name(room: Homeroom, text: str) -> None:
    first = room.find(text, 3)[0]
    assert (first.id, first.name) == (CITY, "New York City Public Schools")
    assert room.resolve(text) == CITY


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("LAUSD", "lea:0622710"), ("Miami-Dade County Public Schools", "lea:1200390"),
        ("Clark County School District", "lea:3200060"), ("MNPS", "lea:4703180"),
        ("Chicago Public Schools", "lea:1709930"), ("CPS, IL", "lea:1709930"),
        ("CPS Ohio", "lea:3904375"), ("Denver Public Schools", "lea:0803360"),
    ],
)  # fmt: skip
def test_a_common_name_means_its_district(room: Homeroom, text: str, place: str) -> None:
    assert room.find(text, 3)[0].id == place
    assert room.resolve(text) == place


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("CPS", {"lea:1709930", "lea:3904375"}),
        ("Orange County Public Schools", {"lea:1201440", "lea:5102820"}),
    ],
)
def test_a_name_that_two_districts_use_is_asked_about(
    room: Homeroom, text: str, both: set[str]
) -> None:
    with pytest.raises(Ambiguous) as refused:
        room.resolve(text)
    assert {choice.split()[0] for choice in refused.value.choices} >= both
    assert {one.id for one in room.find(text, 4)} >= both


def test_a_place_is_listed_once_under_its_own_name(room: Homeroom) -> None:
    found = room.find("new york city", 20)
    assert len({one.id for one in found}) == len(found)
    assert all("DOE" not in one.name for one in found)


def test_the_city_has_its_districts_and_they_point_to_it(room: Homeroom) -> None:
    city = room.profile(CITY)
    geographic = [one for one in city.parts if "GEOGRAPHIC DISTRICT" in one.name]
    assert len(geographic) == 32
    assert [int(one.name.rpartition("#")[2]) for one in geographic] == list(range(1, 33))
    assert city.part_of is None
    district = room.profile(HARLEM)
    assert district.facts["parent"] == CITY
    assert district.part_of is not None
    assert (district.part_of.id, district.parts) == (CITY, [])
    assert "part of New York City Public Schools (lea:3620580)" in district.sentences[0]
    assert "OCR counts the city as one district" in district.sentences[0]
    assert all("file has them" not in line for line in district.missing)
    assert district.as_dict()["part_of"] == {"id": CITY, "name": "New York City Public Schools"}


def test_a_store_without_the_city_links_to_nowhere(tmp_path: Path) -> None:
    row = {"LEA_STATE": "NY", "LEA_STATE_NAME": "NEW YORK"}
    crdc.write_all(tmp_path / "in", [crdc.school("360008100001", **row, SCH_ENR_BL_M=4)])
    path = tmp_path / "store.duckdb"
    build([tmp_path / "in"], path, with_starter=False)
    with Homeroom(path) as alone:
        assert alone.place(HARLEM)["parent"] is None
        assert alone.profile(HARLEM).part_of is None
        assert alone.find("nyc") == []


def test_the_crdc_alone_gives_the_city_its_name(tmp_path: Path) -> None:
    row = {"LEA_STATE": "NY", "LEA_STATE_NAME": "NEW YORK", "LEA_NAME": "NYC Chancellor's Office"}
    crdc.write_all(tmp_path / "in", [crdc.school("362058000001", **row, SCH_ENR_BL_M=9)])
    path = tmp_path / "store.duckdb"
    build([tmp_path / "in"], path, with_starter=False)
    with Homeroom(path) as alone:
        assert alone.name(CITY) == "New York City Public Schools"
        assert alone.resolve("NYC DOE") == CITY


def test_every_entry_names_a_source_and_no_place_has_two() -> None:
    places = [one.place for one in known_places()]
    assert len(set(places)) == len(places)
    assert all(one.source.strip() for one in known_places())
    assert all(one.parts_source for one in known_places() if one.parts)
    parts = [part for one in known_places() for part in one.parts]
    assert len(set(parts)) == len(parts)
    assert all(isinstance(part, str) and len(part) == 7 for part in parts)
