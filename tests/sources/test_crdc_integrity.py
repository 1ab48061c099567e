"""Impossible ids, states, codes, and totals are refused with row and column."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.crdc.reader import READERS
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.ids import combokey_of, lea_number, school_number_of

ARRESTS = "Referrals and Arrests"
A, B = "480000100001", "480000100002"


def read(path, wave=None):
    found = READERS[0].recognize(SourceFile(path, wave=wave))
    assert found is not None
    return list(found.read())


def total(batches) -> int:
    return sum(b.frame["value"].sum() for b in batches if b.table == "cell")


@pytest.mark.parametrize("fips", ["99", "03", "00", "07"])
def test_a_state_that_does_not_exist_is_refused(tmp_path, fips):
    rows = [crdc.school(A), crdc.school(f"{fips}0000100001")]
    with pytest.raises(BadInput, match=f"row 3.*FIPS number of a state, found {fips}"):
        read(crdc.write(tmp_path, ARRESTS, rows))


def test_a_state_that_is_not_that_of_the_id_is_refused(tmp_path):
    rows = [crdc.school(A), crdc.school("080336000001", LEA_STATE="TX")]
    with pytest.raises(BadInput, match=r"row 3.*LEA_STATE is TX.*number of CO"):
        read(crdc.write(tmp_path, ARRESTS, rows))


@pytest.mark.parametrize("code", [-1, -2, -4, -10, -12, -13, -42, -99])
def test_a_code_that_the_manual_does_not_list_is_refused(tmp_path, code):
    rows = [crdc.school(A), crdc.school(B, SCH_DISCWODIS_ARR_BL_M=code)]
    with pytest.raises(BadInput, match=rf"column SCH_DISCWODIS_ARR_BL_M.* found {code}|two waves"):
        read(crdc.write(tmp_path, ARRESTS, rows), "2017-18")


@pytest.mark.parametrize("value", ["-9.5", "-4", "-0.5", "-42"])
def test_staff_that_is_neither_a_number_nor_a_listed_code_is_refused(tmp_path, value):
    row = crdc.school(A, SCH_FTESECURITY_LEO=value)
    with pytest.raises(BadInput, match=r"SCH_FTESECURITY_LEO.*found|two waves"):
        read(crdc.write(tmp_path, "School Support", [row]))


def test_a_total_that_is_not_the_sum_of_its_parts_is_refused(tmp_path):
    rows = [
        crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3),
        crdc.school(B, SCH_DISCWODIS_ARR_BL_M=3, TOT_DISCWODIS_ARR_M=4),
    ]
    with pytest.raises(BadInput, match=rf"{B}, column TOT_DISCWODIS_ARR_M.* 3, found 4"):
        read(crdc.write(tmp_path, ARRESTS, rows))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SCH_DISCWODIS_ARR_BL_M", "SCH_DISCWODIS_ARR_BL_F"),
        ("SCH_DISCWODIS_ARR_BL_M", "SCH_DISCWODIS_REF_BL_M"),
        ("SCH_DISCWODIS_ARR_BL_M", "SCH_DISCWDIS_ARR_IDEA_BL_M"),
    ],
)
def test_swapped_headers_are_refused(tmp_path, one, other):
    path = crdc.write(tmp_path, ARRESTS, [crdc.school(A, **{one: 5})])
    names, rest = path.read_text().split("\n", 1)
    swap = {one: other, other: one}
    path.write_text(",".join(swap.get(n, n) for n in names.split(",")) + "\n" + rest)
    with pytest.raises(BadInput, match="in each other's place"):
        read(path)
    columns = list(csv.reader(io.StringIO(path.read_text())))
    path.write_text("\n".join(",".join(row[:8] + row[:7:-1]) for row in columns) + "\n")
    with pytest.raises(BadInput, match="expected the sum of the seven races"):
        read(path)  # in any other order of columns the totals tell


def test_a_total_with_codes_among_its_parts_takes_them_as_zero(tmp_path):
    row = crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3, SCH_DISCWODIS_ARR_WH_M=-9)
    assert total(read(crdc.write(tmp_path, ARRESTS, [row]))) == 3


def test_totals_that_nobody_filled_in_are_noted(tmp_path):
    row = crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3, TOT_DISCWODIS_ARR_M=0)
    batches = read(crdc.write(tmp_path, ARRESTS, [row]))
    assert total(batches) == 3
    assert any("totals are not filled in" in note for b in batches for note in b.notes)


def test_schools_without_an_nces_id_stay_in_their_district(tmp_path):
    lacking = {"SCHID": "", "COMBOKEY": "4800001"}
    rows = [
        crdc.school("480000199999", SCH_DISCWODIS_ARR_BL_M=1),
        crdc.school(A, **lacking, SCH_NAME="Second", SCH_DISCWODIS_ARR_BL_M=4),
        crdc.school(A, **lacking, SCH_NAME="First", SCH_DISCWODIS_ARR_BL_M=2),
    ]
    batches = read(crdc.write(tmp_path, ARRESTS, rows, "2023-24"))
    schools = next(b for b in batches if b.table == "school")
    named = dict(
        zip(schools.frame["name"], map(combokey_of, schools.frame["school_no"]), strict=True)
    )
    assert named["First"] == "480000199998"
    assert named["Second"] == "480000199997"
    assert total(batches) == 7
    assert any("2 schools without an NCES id" in note for note in schools.notes)


def test_charter_ids_of_2013_14_have_numbers_of_their_own():
    assert combokey_of(school_number_of("06CC03700001")) == "06CC03700001"
    assert lea_number("06CC037") not in (lea_number("0600037"), lea_number("06SOP37"))


def test_empty_lines_between_rows_are_no_schools(tmp_path):
    names = [n for n in (*crdc.IDS, "MATCH_FLAG", *crdc.wide_columns()) if n != "LEA_STATE_NAME"]
    rows = [crdc.school(A, MATCH_FLAG="MATCH"), crdc.school(B, MATCH_FLAG="MATCH")]
    path = crdc.write(tmp_path, "School Data", rows, "2015-16", names=names)
    path.write_text(path.read_text().replace("\n", "\n\n"))
    found = READERS[0].recognize(SourceFile(path))
    assert found is not None
    assert found.wave == "2013-14"
    schools = pl.concat(b.frame for b in found.read() if b.table == "school")
    assert len(schools) == 2


def test_groups_stay_under_their_own_heading(tmp_path):
    # A state's report card once showed the American Indian arrests of Rapid City under Asian.
    row = crdc.school("464000000001", SCH_DISCWODIS_ARR_AM_M=79, TOT_DISCWODIS_ARR_M=79)
    batches = read(crdc.write(tmp_path, "School Data", [row], "2015-16"))
    (cell,) = pl.concat(b.frame for b in batches if b.table == "cell").rows(named=True)
    kind = CELLS[cell["cell_id"] - 1]
    assert (kind.element, kind.race, kind.sex, cell["value"]) == (
        "ARR", "american_indian", "male", 79,
    )  # fmt: skip


@pytest.mark.parametrize("stem", ["plain", "padded", "spreadsheet"])
def test_schools_are_joined_by_key_whatever_a_spreadsheet_did_to_the_id(tmp_path, stem):
    ids = {
        "plain": {"SCHID": "1"},
        "padded": {"SCHID": "00001"},
        "spreadsheet": {"LEAID": "609900", "SCHID": "1", "COMBOKEY": "6.09900E+10"},
    }[stem]
    batches = read(crdc.write(tmp_path, ARRESTS, [crdc.school("060990000001", **ids)]))
    answered = pl.concat(b.frame for b in batches if b.table == "answered")
    assert [combokey_of(n) for n in answered["school_no"]] == ["060990000001"]
    rebuilt = any("rebuilt from LEAID and SCHID" in n for b in batches for n in b.notes)
    assert rebuilt == (stem == "spreadsheet")
