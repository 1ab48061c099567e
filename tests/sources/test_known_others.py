"""Files that are recognized and refused: each says what it is and what to take instead."""

from __future__ import annotations

import pytest

from homeroom.sources.base import SourceFile
from homeroom.sources.known_others import KNOWN_OTHERS, why_known
from homeroom.sources.registry import Refused, recognize

URBAN = (
    "year,crdc_id,ncessch,leaid,fips,race,sex,disability,students_susp_in_sch,students_arrested\n"
    "2017,60990000001,60990000001,609900,6,2,1,99,3,6\n"
    "2017,60990000002,60990000002,609900,6,99,99,99,-2,-3\n"
)
STATE = (
    'District Code,District Name,School Year,Subgroup,Enrolled,"Suspended (OSS)"\n'
    '0010,Example Boro,2022-23,Black,"1,204",37\n0010,Example Boro,2022-23,Asian,31,{mark}\n'
)
EDFI = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<InterchangeStudentDiscipline xmlns="http://ed-fi.org/5.2.0">\n'
    "<DisciplineIncident><IncidentIdentifier>1</IncidentIdentifier></DisciplineIncident>\n"
    "</InterchangeStudentDiscipline>\n"
)


def reason(tmp_path, text: str) -> str:
    path = tmp_path / "anything"
    path.write_text(text, encoding="utf-8")
    found = recognize(SourceFile(path))
    assert isinstance(found, Refused)
    return found.reason


def test_the_urban_institutes_layout_names_its_codes_and_the_official_file(tmp_path):
    told = reason(tmp_path, URBAN)
    assert "Urban Institute" in told
    assert "-3 suppressed" in told
    assert "civilrightsdata.ed.gov/data" in told


@pytest.mark.parametrize("mark", ["*", "<5", "<=10", "n<10", "≤ 5", "**"])
def test_a_states_table_with_hidden_counts_is_named(tmp_path, mark):
    told = reason(tmp_path, STATE.format(mark=mark))
    assert "a state's own table, in which small counts are hidden" in told
    assert "civilrightsdata.ed.gov/data" in told


@pytest.mark.parametrize("mark", ["9-12", "N", "4"])
def test_a_table_without_hidden_counts_is_not_called_one(tmp_path, mark):
    assert "state" not in reason(tmp_path, STATE.format(mark=mark)).split("; it begins")[0]


def test_ed_fi_records_are_named_and_kept_out_of_a_store(tmp_path):
    told = reason(tmp_path, EDFI)
    assert "Ed-Fi interchange file" in told
    assert "records of single students" in told


@pytest.mark.parametrize(
    ("headings", "wanted"),
    [
        ("IDCENSUS,NAME,V33,TOTALREV", "take NCES's file"),
        ("GEO_ID,NAME,DP03_0119PE", "take SAIPE"),
        ("series_id,year,period,value,footnote_codes", "state_M2023_dl.xlsx"),
        ("year,ncessch,ncessch_num,leaid,fips,school_name", "nces.ed.gov/ccd"),
    ],
)
def test_other_publications_say_what_to_take(tmp_path, headings, wanted):
    told = reason(tmp_path, headings + "\n" + ",".join("1" for _ in headings.split(",")) + "\n")
    assert wanted.casefold() in told.casefold()


@pytest.mark.parametrize("head", [b"", b"PK\x03\x04", b"a,b\n1,2\n", b"\x00\x01"])
def test_what_is_not_known_is_not_named(head):
    assert why_known(head) is None


def test_every_entry_says_what_to_do():
    assert len({other.id for other in KNOWN_OTHERS}) == len(KNOWN_OTHERS)
    for other in KNOWN_OTHERS:
        assert "Take " in other.reason or "take " in other.reason or other.id == "edfi"
