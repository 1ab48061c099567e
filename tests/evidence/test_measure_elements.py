"""An element may belong to several measures, and every cell keeps its number."""

from __future__ import annotations

import hashlib

import polars as pl
import pytest

from homeroom.api import Homeroom
from homeroom.evidence.build import build
from homeroom.vocabulary.cells import CELLS, number
from homeroom.vocabulary.elements import ELEMENTS, Element
from homeroom.vocabulary.measures import MEASURES, Measure

FIRST = {
    "ENR": 1, "REF": 64, "ARR": 109, "ISS": 154, "SINGOOS": 199, "MULTOOS": 244, "EXPWE": 289,
    "EXPWOE": 334, "EXPZT": 379, "TFRALT": 424, "MECH": 469, "PHYS": 511, "SECL": 553,
    "RAPE": 595, "BATT": 596, "ROBWW": 597, "ROBWX": 598, "ROBWOW": 599, "ATTWW": 600,
    "ATTWX": 601, "ATTWOW": 602, "THRWW": 603, "THRWX": 604, "THRWOW": 605, "POSSWX": 606,
}  # fmt: skip
PINNED = 606
DIGEST = "2a056e0661bc8e2668bced3a978dd264535f1e7753459d7661fe6da4b42bb517"
"""SHA-256 of the first 606 cells, a line each: id, element, disability, race, sex."""
THREATS = Measure(
    "threats_without_weapon", "Threats without a weapon", ("THRWOW",), "incident",
    "Threats of physical attack without a weapon.", parts=("any",), by_race=False,
)  # fmt: skip


def lines(cells) -> list[str]:
    return [f"{c.id} {c.element} {c.disability} {c.race} {c.sex}" for c in cells]


def test_no_cell_ever_changes_its_number():
    for element, first in FIRST.items():
        assert ELEMENTS[element].first_cell == first
    pinned = "\n".join(lines(CELLS[:PINNED]))
    assert hashlib.sha256(pinned.encode()).hexdigest() == DIGEST
    assert [cell.id for cell in CELLS] == list(range(1, len(CELLS) + 1))


@pytest.mark.parametrize("at", [0, 3, len(ELEMENTS)])
def test_a_new_element_only_appends_wherever_it_is_listed(at):
    new = Element("CORP", "corporal_punishment", len(CELLS) + 1, ("wodis", "idea"), ("s504",))
    listed = [*ELEMENTS.values()]
    cells = number([*listed[:at], new, *listed[at:]])
    assert lines(cells)[: len(CELLS)] == lines(CELLS)
    assert {cell.element for cell in cells[len(CELLS) :]} == {"CORP"}
    assert len(cells) == len(CELLS) + 45


@pytest.mark.parametrize("first", [1, 606, 608])
def test_numbers_that_overlap_or_leave_a_gap_are_refused(first):
    new = Element("NEW", "offenses", first, whole=("any",))
    with pytest.raises(ValueError, match="Correct first_cell"):
        number([*ELEMENTS.values(), new])


def test_a_measure_keeps_to_one_module():
    with pytest.raises(ValueError, match="one module"):
        Measure("mixed", "Mixed", ("ARR", "ISS"), "student", "Two modules.")
    assert {m.id: m.module for m in MEASURES.values()}["zero_tolerance"] == "expulsions"


@pytest.fixture(scope="module")
def sums(starter_store, tmp_path_factory) -> tuple[dict[str, int], dict[str, int]]:
    """Return Virginia's sums of every measure without, and with, a measure more."""
    path = tmp_path_factory.mktemp("relation") / "store.duckdb"

    def found(store) -> dict[str, int]:
        with Homeroom(store) as room:
            return {
                name: room.rate(name, "US-VA", "2017-18", basis="schools")["count"].item()
                for name in MEASURES
            }

    before = found(starter_store)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MEASURES, THREATS.id, THREATS)
        build([], path)
        return before, found(path)


def test_a_measure_of_an_element_that_another_has_moves_no_sum(sums):
    before, after = sums
    assert before["offenses"] == after["offenses"] == 30_736
    assert {name: after[name] for name in before} == before


def test_the_new_measure_has_its_own_number(sums, starter_store):
    _, after = sums
    with Homeroom(starter_store) as room:
        cells = room.table("cells").filter(
            pl.col("wave") == "2017-18", pl.col("element") == "THRWOW",
            pl.col("combokey").str.starts_with("51"),
        )  # fmt: skip
    # 30,736 less the 25,367 that were left when the element could have one measure only.
    assert after["threats_without_weapon"] == cells["value"].sum() == 5_369
