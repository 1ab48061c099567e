from __future__ import annotations

import gzip
import math

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.high_schools import HighSchools
from homeroom.vocabulary.ids import combokey_of
from homeroom.vocabulary.status import BLANK

ROW = {
    "combokey": "080009901234", "state": "CO", "name": "Alder Valley High", "district": "Alder 4",
    "charter": False, "magnet": True, "enroll_total": 500.0, "fte_counselors": 2.5,
    "fte_police": 0.0, "fte_guards": None, "fte_teachers": 31.25,
}  # fmt: skip


def many(n: int = 60) -> list[dict[str, object]]:
    return [ROW | {"combokey": f"0800099{at:05d}"} for at in range(n)]


def recognize(tmp_path, rows):
    path = tmp_path / "anything"
    pl.DataFrame(rows, infer_schema_length=None, strict=False).write_parquet(path)
    return HighSchools().recognize(SourceFile(path))


def read(tmp_path, rows):
    return {batch.table: batch.frame for batch in recognize(tmp_path, rows).read()}


def test_a_school_its_students_and_its_staff(tmp_path):
    tables = read(tmp_path, [dict(reversed(row.items())) for row in many()])
    school = tables["school"].row(0, named=True)
    assert combokey_of(school["school_no"]) == "080009900000"
    assert (school["wave"], school["lea_name"], school["magnet"]) == ("2020-21", "Alder 4", True)
    assert tables["school_total"].row(0)[2:] == (500, None)
    first = tables["staff"].filter(school_no=school["school_no"])
    assert {role: (fte, code) for _, _, role, fte, code, _ in first.rows()} == {
        "counselor": (2.5, None),
        "officer": (0.0, None),
        "guard": (None, BLANK),
        "teacher": (31.25, None),
    }


def test_names_tell_the_wave(tmp_path):
    assert recognize(tmp_path, many()).wave == "2020-21"
    assert recognize(tmp_path, [*many(), ROW | {"name": "ALDER HIGH"}]).wave == "2021-22"
    assert recognize(tmp_path, [*many(), ROW | {"name": "School of Arts"}]).wave == "2021-22"
    with pytest.raises(BadInput, match="at least 50 schools to tell the wave"):
        recognize(tmp_path, many(49))


@pytest.mark.parametrize("code", [-3.0, -9.0, -11.0])
def test_a_reserve_code_is_never_a_number(tmp_path, code):
    coded = [ROW | {"name": "ALDER", "enroll_total": code, "fte_police": code}]
    tables = read(tmp_path, coded)
    assert tables["school_total"].row(0)[2:] == (None, int(code))
    officer = tables["staff"].filter(role="officer")
    assert officer.select("fte", "code").row(0) == (None, int(code))


def test_no_students_and_not_a_number_are_missing(tmp_path):
    tables = read(tmp_path, [ROW | {"name": "ALDER", "enroll_total": 0.0, "fte_police": math.nan}])
    assert tables["school_total"].row(0)[2:] == (None, BLANK)
    assert tables["staff"].filter(role="officer").select("fte", "code").row(0) == (None, BLANK)


def test_ids_that_lost_their_zero_and_ids_of_state_programs(tmp_path):
    damaged = ROW | {"combokey": "80009901234", "name": "ALDER"}
    operated = ROW | {"combokey": "24SOP0100001", "state": "MD"}
    numbers = read(tmp_path, [damaged, operated])["school"]["school_no"]
    assert [combokey_of(number) for number in numbers] == ["080009901234", "24SOP0100001"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"combokey": "8.0E+10"}, "row 2, column combokey"),
        ({"combokey": None}, "row 2, column combokey"),
        ({"combokey": "480009901235"}, "row 2, column state: expected the state of combokey"),
        ({"state": "Colorado"}, "row 2, column state"),
        ({"enroll_total": 500.5}, "row 2, column enroll_total"),
        ({"enroll_total": 1e12}, "row 2, column enroll_total"),
        ({"enroll_total": None}, "row 2, column enroll_total"),
        ({"fte_police": math.inf}, "row 2, column fte_police"),
        ({"fte_police": -0.5}, "row 2, column fte_police"),
        ({"fte_police": -5000.0}, "row 2, column fte_police"),
        ({"combokey": "080009901234", "fte_police": 7.0}, "combokey, found 080009901234 twice"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, change, why):
    second = ROW | {"combokey": "080009901235"} | change
    with pytest.raises(BadInput, match=why):
        read(tmp_path, [ROW | {"name": "ALDER"}, second])


def test_text_in_place_of_numbers_is_refused(tmp_path):
    rows = [ROW | {"name": "ALDER", "fte_police": "many"}]
    with pytest.raises(BadInput, match="row 1, column fte_police"):
        read(tmp_path, rows)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="expected column fte_guards"):
        recognize(tmp_path, [{k: v for k, v in row.items() if k != "fte_guards"} for row in many()])


def test_other_files_are_left_alone(tmp_path):
    assert recognize(tmp_path, [{"combokey": "1"}]) is None
    for data in (b"", b"PAR1", b"PAR1 broken PAR1", gzip.compress(b"x")):
        (tmp_path / "x").write_bytes(data)
        assert HighSchools().recognize(SourceFile(tmp_path / "x")) is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("wave", "schools", "untold", "officers"),
    [("2020-21", 26_293, 133, 11_661.01), ("2021-22", 26_838, 2, 12_680.44)],
)
def test_the_two_compiled_files(shared_data, wave, schools, untold, officers):
    file = SourceFile(shared_data / "crdc" / "high_schools" / f"k12_crdc{wave}.parquet")
    recognized = HighSchools().recognize(file)
    assert recognized.wave == wave
    tables = {batch.table: batch.frame for batch in recognized.read()}
    assert tables["school"]["school_no"].n_unique() == schools
    assert tables["school_total"]["students"].null_count() == untold
    assert tables["staff"].height == 4 * schools
    assert tables["staff"].filter(role="officer")["fte"].sum() == pytest.approx(officers, abs=0.01)


@pytest.mark.shared
def test_the_wave_is_told_in_each_state(shared_data):
    for wave in ("2020-21", "2021-22"):
        path = shared_data / "crdc" / "high_schools" / f"k12_crdc{wave}.parquet"
        from homeroom.sources.high_schools import _wave

        states = pl.read_parquet(path).partition_by("state")
        told = [_wave(part, "x") for part in states if len(part) >= 50]
        assert len(told) > 40
        assert set(told) == {wave}
