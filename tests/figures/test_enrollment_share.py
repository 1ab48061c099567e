"""Of enrollment, every group is a share of all students: not of itself, and not of its sex."""

from __future__ import annotations

from pathlib import Path

import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.evidence.build import build
from homeroom.figures.question import Question

# White boys and girls, Black boys and girls, of two schools: 1,000 students, 300 of them Black.
SCHOOLS = ((400, 100, 150, 50), (100, 100, 50, 50))
CELLS = ("SCH_ENR_WH_M", "SCH_ENR_WH_F", "SCH_ENR_BL_M", "SCH_ENR_BL_F")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    rows = [
        crdc.school(f"4800001{at:05d}", **dict(zip(CELLS, cells, strict=True)))
        for at, cells in enumerate(SCHOOLS, 1)
    ]
    build([crdc.write_all(folder / "2017-18", rows, "2017-18")], folder / "s", with_starter=False)
    return folder / "s"


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({"group": "black"}, 300), ({"group": "white"}, 700), ({"group": "all"}, 1000),
        ({"group": "black", "sex": "female"}, 100), ({"group": "all", "sex": "male"}, 700),
    ],
)  # fmt: skip
@pytest.mark.parametrize("section504", ["with", "without"])
def test_a_groups_share_of_schools_is_of_all_their_students(
    town: Path, fields: dict[str, str], count: int, section504: str
) -> None:
    asked = Question(
        measure="enrollment", place="lea:4800001", basis="schools", section504=section504, **fields
    )
    with Homeroom(town) as room:
        (found,) = room.answer([asked])
    assert (found.group.count, found.group.students) == (count, 1000)
    assert found.value == pytest.approx(count * 10)


def test_rates_by_group_have_all_students_as_their_base(town: Path) -> None:
    with Homeroom(town) as room:
        frame = room.rate("enrollment", "lea:4800001", "2017-18", by=("race",))
    told = {race: (n, base) for race, n, base in frame.select("race", "count", "students").rows()}
    assert told["all"] == (1000, 1000)
    assert (told["black"], told["white"]) == ((300, 1000), (700, 1000))


@pytest.mark.parametrize("place", ["US", "US-CT"])
def test_a_groups_share_of_a_state_table_is_of_all_students(room: Homeroom, place: str) -> None:
    groups = ("all", "black", "white", "hispanic", "asian", "two_or_more")
    asked = [Question(measure="enrollment", group=one, place=place) for one in groups]
    whole, *found = room.answer(asked)
    assert whole.basis == "state_table"
    assert whole.value == 10_000
    for one in found:
        assert one.group.students == whole.group.count
        assert one.value == pytest.approx(one.group.count / whole.group.count * 10_000)
        assert 0 < one.group.count < whole.group.count
