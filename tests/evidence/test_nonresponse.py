"""What a school did not report is told part by part, and never stands as a zero."""

from __future__ import annotations

import polars as pl
import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.evidence import sql
from homeroom.evidence.build import build
from homeroom.vocabulary.ids import school_number_of

ARRESTS, RESTRAINT, EXPULSIONS = "Referrals and Arrests", "Restraint and Seclusion", "Expulsions"
A, B = "480000100001", "480000100002"
PARTLY = {  # schools that reported some of a measure and not all of it
    ("2017-18", "physical_restraint"): 216,
    ("2017-18", "mechanical_restraint"): 158,
    ("2017-18", "seclusion"): 62,
    ("2020-21", "expulsions"): 240,
    ("2020-21", "arrests"): 5,
}


@pytest.fixture(scope="module")
def shipped(starter_store):
    with Homeroom(starter_store) as room:
        yield room


@pytest.mark.parametrize(("wave", "measure"), PARTLY)
def test_schools_that_reported_a_part_alone(shipped, wave, measure):
    rows = sql.rows(
        shipped.con,
        "SELECT count(DISTINCT school_no) FROM nonresponse WHERE wave = ? AND measure = ? "
        "AND (wave, measure, school_no) NOT IN (SELECT (wave, measure, school_no) FROM silent)",
        [wave, measure],
    )
    assert rows == [(PARTLY[wave, measure],)]


def test_a_district_without_one_part_of_seclusion(shipped):
    low = school_number_of("510366000000")
    rows = sql.rows(
        shipped.con,
        "SELECT part, code, whole, count(*) FROM nonresponse WHERE wave = '2017-18' "
        "AND measure = 'seclusion' AND school_no BETWEEN ? AND ? GROUP BY ALL",
        [low, low + 99_999],
    )
    schools = sql.rows(
        shipped.con,
        "SELECT count(*) FROM answered WHERE wave = '2017-18' AND module = 'restraint' "
        "AND school_no BETWEEN ? AND ?",
        [low, low + 99_999],
    )[0][0]
    # 31 schools of 14 cells each: the 434 cells that hold -5.
    assert rows == [("nonidea", -5, True, 31)]
    assert schools == 31


def test_a_block_of_mixed_codes_is_not_reported(shipped):
    school = school_number_of("482034007574")
    rows = sql.rows(
        shipped.con,
        "SELECT part, code FROM nonresponse WHERE wave = '2020-21' AND measure = 'arrests' "
        "AND school_no = ? ORDER BY part",
        [school],
    )
    assert rows == [("idea", -9), ("s504", -11), ("wodis", -9)]
    silent = sql.rows(
        shipped.con,
        "SELECT measure FROM silent WHERE wave = '2020-21' AND measure = 'arrests' "
        "AND school_no = ?",
        [school],
    )
    assert silent == [("arrests",)]


def test_an_element_that_is_missing_makes_the_sum_of_its_part_unknown(shipped):
    found = shipped.table("nonresponse").filter(wave="2020-21", measure="expulsions", whole=False)
    # Expelled with services suppressed or skipped, expelled without services reported.
    assert found["school_no"].n_unique() == 240
    assert set(found["code"].unique()) == {-11, -9}


@pytest.fixture
def store_of(tmp_path):
    opened = []

    def make(*rows: dict, wave: str = "2017-18") -> Homeroom:
        path = tmp_path / "store.duckdb"
        build([crdc.write_all(tmp_path / wave, list(rows), wave)], path, with_starter=False)
        opened.append(Homeroom(path))
        return opened[-1]

    yield make
    for room in opened:
        room.close()


def parts(room: Homeroom, measure: str) -> set[tuple[int, str, int, bool]]:
    frame = room.table("nonresponse").filter(measure=measure)
    numbers = pl.col("school_no") % 100_000
    return set(frame.select(numbers, "part", "code", "whole").rows())


def other() -> dict:
    return crdc.school(B, SCH_ENR_WH_M=50, SCH_RS_IDEA_SECL_WH_M=1, SCH_RS_NONIDEA_SECL_WH_M=1)


def test_a_part_that_holds_codes_alone_is_named(store_of):
    room = store_of(
        crdc.school(A, SCH_ENR_WH_M=50, **crdc.whole(RESTRAINT, -5, "NONIDEA_SECL")), other()
    )
    assert parts(room, "seclusion") == {(1, "nonidea", -5, True)}
    assert room.table("silent").filter(measure="seclusion").is_empty()


def test_every_part_makes_the_school_silent(store_of):
    room = store_of(crdc.school(A, SCH_ENR_WH_M=50, **crdc.whole(RESTRAINT, -6, "SECL")), other())
    assert parts(room, "seclusion") == {(1, "nonidea", -6, True), (1, "idea", -6, True)}
    assert room.table("silent").filter(measure="seclusion").select("code").rows() == [(-6,)]


@pytest.mark.parametrize(("codes", "speaks"), [((-9, -11), -11), ((-9, -5), -5), ((-11, -5), -11)])
def test_the_gravest_of_mixed_codes_speaks_for_a_block(store_of, codes, speaks):
    block = crdc.whole(ARRESTS, codes[0], "DISCWODIS_ARR")
    mixed = {"SCH_DISCWODIS_ARR_WH_M": codes[1]}
    room = store_of(crdc.school(A, SCH_ENR_WH_M=50, **block | mixed), other())
    assert parts(room, "arrests") == {(1, "wodis", speaks, True)}
    assert room.table("cell").filter(pl.col("code").is_not_null()).is_empty()


def test_a_block_with_a_number_keeps_its_codes_cell_by_cell(store_of):
    block = crdc.whole(ARRESTS, -9, "DISCWODIS_ARR") | {"SCH_DISCWODIS_ARR_WH_M": 0}
    room = store_of(crdc.school(A, SCH_ENR_WH_M=50, **block), other())
    assert parts(room, "arrests") == set()
    assert len(room.table("cell").filter(pl.col("code") == -9)) == 13


def test_one_of_two_elements_leaves_a_part_incomplete(store_of):
    room = store_of(crdc.school(A, SCH_ENR_WH_M=50, **crdc.whole(EXPULSIONS, -11, "EXPWE")),
                    crdc.school(B, SCH_ENR_WH_M=50, SCH_DISCWODIS_EXPWOE_WH_M=1))  # fmt: skip
    assert parts(room, "expulsions") == {
        (1, part, -11, False) for part in ("wodis", "idea", "s504")
    }
    assert room.table("silent").filter(measure="expulsions").is_empty()


def test_a_preschool_that_skipped_has_no_row(store_of):
    grades = dict.fromkeys((f"SCH_GRADE_{g}" for g in crdc.GRADES), "No") | {"SCH_GRADE_PS": "Yes"}
    skipped = crdc.whole(ARRESTS, -9)
    room = store_of(
        crdc.school(A, SCH_ENR_WH_M=50, **skipped, **grades),
        crdc.school(B, SCH_ENR_WH_M=50, **skipped),
    )
    assert {number for number, *_ in parts(room, "arrests")} == {2}


def test_a_school_that_no_file_asks_has_a_row_a_part_without_a_code(tmp_path):
    folder = tmp_path / "in"
    crdc.write(folder, "Enrollment", [crdc.school(A, SCH_ENR_WH_M=9), crdc.school(B)])
    crdc.write(folder, ARRESTS, [crdc.school(B)])
    build([folder], tmp_path / "store.duckdb", with_starter=False)
    with Homeroom(tmp_path / "store.duckdb") as room:
        assert parts(room, "arrests") == {
            (1, part, None, True) for part in ("wodis", "idea", "s504")
        }
