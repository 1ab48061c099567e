"""A skip code means what its question and wave make of it: officers of 2015-16 are zeros."""

from __future__ import annotations

import json

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.cli.main import cli
from homeroom.evidence.build import build
from homeroom.vocabulary.status import Status, explain, zero_codes

LEO, GUARD = "SCH_FTESECURITY_LEO", "SCH_FTESECURITY_GUA"
STUDENTS_PER_OFFICER = {
    "NV": 4307, "AK": 1334, "DC": 583, "DE": 2952, "ID": 2128, "ME": 2242, "MT": 1865,
    "ND": 1630, "NH": 1326, "RI": 2423, "SD": 2199, "VT": 2270, "WV": 2446, "WY": 1924,
}  # fmt: skip
SKIPPED = 5241
"""Schools of the 14 jurisdictions that answered No and were not asked for a number."""


@pytest.mark.parametrize("state", STUDENTS_PER_OFFICER)
def test_students_per_officer_of_2015_16(starter_store, monkeypatch, state):
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    asked = ["staff", "--place", f"US-{state}", "--wave", "2015-16", "--json"]
    rows = json.loads(CliRunner().invoke(cli, asked, catch_exceptions=False).output)
    rows = rows if isinstance(rows, list) else rows["rows"]
    found = next(row for row in rows if row["role"] == "officer")
    assert round(found["students_per_fte"]) == STUDENTS_PER_OFFICER[state]
    assert found["schools_unknown"] == 0


def test_skipped_schools_stay_apart_from_those_that_reported_a_zero(starter_store):
    with Homeroom(starter_store) as room:
        staff = room.table("staff").filter(pl.col("skip_code").is_not_null())
        said = room.table("staff_fte").filter(wave="2015-16", role="officer")
    assert len(staff) == SKIPPED
    assert staff.select("wave", "role", "fte", "code", "skip_code").unique().rows() == [
        ("2015-16", "officer", 0.0, None, -9)
    ]
    zeros = said.filter(status="structural_zero")
    assert len(zeros) == SKIPPED
    assert zeros["meaning"].unique().to_list() == [
        "skipped after answering No to whether the school has sworn officers: zero"
    ]
    reported = said.filter(pl.col("fte") == 0, pl.col("status") == "observed")
    assert 0 < len(reported) < SKIPPED


@pytest.fixture
def staff_of(tmp_path):
    def read(wave: str, **values) -> dict[str, tuple]:
        path = tmp_path / "store.duckdb"
        row = crdc.school(SCH_ENR_WH_M=100, **values)
        build([crdc.write_all(tmp_path / wave, [row], wave)], path, with_starter=False)
        with Homeroom(path) as room:
            return {
                role: rest
                for role, *rest in room.table("staff")
                .select("role", "fte", "code", "skip_code")
                .rows()
            }

    return read


def test_only_the_officers_of_2015_16_are_skipped_to_zero(staff_of):
    first = staff_of("2015-16", **{LEO: -9, GUARD: -9})
    assert first["officer"] == [0.0, None, -9]
    assert first["guard"] == [None, -9, None]


@pytest.mark.parametrize("wave", ["2017-18", "2020-21", "2021-22"])
def test_a_skipped_officer_of_another_wave_is_unknown(staff_of, wave):
    assert staff_of(wave, **{LEO: -9})["officer"] == [None, -9, None]


@pytest.mark.parametrize("code", [-2, -5, -6, -7])
def test_another_code_of_2015_16_is_unknown(staff_of, code):
    assert staff_of("2015-16", **{LEO: code})["officer"] == [None, code, None]


def test_a_meaning_goes_by_wave_and_question():
    assert explain(-9, "2015-16", LEO)[0] is Status.STRUCTURAL_ZERO
    assert explain(-9, "2015-16", GUARD) == explain(-9, "2015-16")
    assert explain(-9, "2017-18", LEO)[0] is Status.MISSING
    assert explain(-5, "2015-16", LEO)[0] is Status.MISSING
    assert zero_codes("2015-16", LEO) == (-9,)
    assert zero_codes("2017-18", LEO) == ()


def test_the_store_refuses_a_skip_code_beside_a_number(starter_store, tmp_path):
    path = tmp_path / "store.duckdb"
    path.write_bytes(starter_store.read_bytes())
    with (
        duckdb.connect(str(path)) as copy,
        pytest.raises(duckdb.ConstraintException, match="skip_code"),
    ):
        copy.execute("INSERT INTO staff VALUES ('2015-16', 1, 'officer', 2, NULL, -9, 1)")
