from __future__ import annotations

import json

import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.saipe import READERS

TOP = ["SD_NAME", "SAEPOV5_17V_PT", "SAEPOV5_17RV_PT", "time", "state", "school district (unified)"]
ROWS = [
    ["Alder Valley", "1500", "120", "2022", "08", "00099"],
    ["Beech, City of", "200", "30", "2022", "06", "09900"],
]
CSV = (
    "year,state_fips,district_id,name,est_total_pop,est_pop_5_17,est_pop_5_17_poverty\n"
    "2022,06,09900,Example,1000,200,30\n"
)


def recognize(tmp_path, text: str):
    path = tmp_path / "anything"
    path.write_text(text, encoding="utf-8")
    found = [r for reader in READERS if (r := reader.recognize(SourceFile(path)))]
    return found[0] if found else None


def read(tmp_path, text: str):
    (batch,) = recognize(tmp_path, text).read()
    return batch


def test_the_answer_of_the_census_api(tmp_path):
    batch = read(tmp_path, json.dumps([TOP, *ROWS]))
    assert batch.frame.rows() == [
        (2022, "0800099", "Alder Valley", None, 1500, 120),
        (2022, "0609900", "Beech, City of", None, 200, 30),
    ]
    assert batch.notes == ("the total population is not in the file",)


def test_the_api_with_the_population_and_a_geoid(tmp_path):
    top = ["SD_NAME", "SAEPOV5_17V_PT", "SAEPOV5_17RV_PT", "SAEPOVALL_PT", "YEAR", "GEOID"]
    row = ["Alder Valley", 1500, 120, 9000, 2013, "0800099"]
    frame = read(tmp_path, json.dumps([top, row])).frame
    assert frame.rows() == [(2013, "0800099", "Alder Valley", 9000, 1500, 120)]


def test_csv_made_from_the_api(tmp_path):
    wanted = [(2022, "0609900", "Example", 1000, 200, 30)]
    assert read(tmp_path, CSV).frame.rows() == wanted
    pandas = CSV.replace("06,09900", "6,9900").replace("1000,200,30", "1000.0,200.0,30.0")
    assert read(tmp_path, pandas).frame.rows() == wanted


def test_kinds_of_districts_in_columns_of_their_own(tmp_path):
    top = "SD_NAME,SAEPOV5_17V_PT,SAEPOV5_17RV_PT,time,state,school_district_elementary,"
    text = f"{top}school_district_unified\nA,20,3,2019,04,00123,\nB,20,3,2019,04,,00456\n"
    assert read(tmp_path, text).frame["leaid"].to_list() == ["0400123", "0400456"]


def test_an_answer_without_its_year_or_children_says_what_to_ask_for(tmp_path):
    text = '[["SD_NAME","SAEPOV5_17RV_PT","state","school district (unified)"],["A","30","06","9"]]'
    with pytest.raises(BadInput, match=r"time and SAEPOV5_17V_PT was expected.*Ask the Census API"):
        recognize(tmp_path, text)


def test_years_together_are_refused(tmp_path):
    other = [*ROWS[0][:3], "2021", *ROWS[0][4:]]
    with pytest.raises(BadInput, match=r"SAIPE of one year.*2021.*2022"):
        recognize(tmp_path, json.dumps([TOP, *ROWS, other]))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (json.dumps([TOP, *ROWS])[:-3], "whole to its last bracket"),
        (json.dumps([TOP, ROWS[0][:-1]]), "widths"),
        (json.dumps([TOP, [*ROWS[0][:2], "1501", *ROWS[0][3:]]]), "children_poverty: expected"),
        (json.dumps([TOP, [*ROWS[0][:2], "-1", *ROWS[0][3:]]]), "children_poverty: expected"),
        (CSV.rstrip("\n"), "line break"),
        (CSV.replace("1000", "100"), "children: expected at most the total population"),
    ],
)
def test_damage_is_refused(tmp_path, text, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, text)


@pytest.mark.parametrize("text", ["", "[", "[1,2]", '{"a": 1}', "leaid,name\n1,A\n", "[[]]"])
def test_other_files_are_left_alone(tmp_path, text):
    assert recognize(tmp_path, text) is None
