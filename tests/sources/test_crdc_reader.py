"""Each known trap of OCR's school files, in a small file that has it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.sources.base import Batch, Recognized, SourceFile
from homeroom.sources.crdc.reader import READERS
from homeroom.sources.registry import Refused, recognize
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.ids import combokey_of

ARRESTS = "Referrals and Arrests"
A, B = "480000100001", "480000100002"


def recognized(path: Path) -> Recognized:
    found = READERS[0].recognize(SourceFile(path))
    assert found is not None
    return found


def read(path: Path) -> list[Batch]:
    return list(recognized(path).read())


def table(batches: list[Batch], name: str) -> pl.DataFrame:
    return pl.concat(batch.frame for batch in batches if batch.table == name)


def cells(batches: list[Batch]) -> dict[tuple, int]:
    """Return each cell as (school, element, part, race, sex) to its value, or its reserve code."""
    found = {}
    for key, number, value, code in (
        table(batches, "cell").select("school_no", "cell_id", "value", "code").rows()
    ):
        cell = CELLS[number - 1]
        name = (combokey_of(key), cell.element, cell.disability, cell.race, cell.sex)
        found[name] = value if code is None else code
    return found


def notes(batches: list[Batch]) -> str:
    return "; ".join(note for batch in batches for note in batch.notes)


def keys(batches: list[Batch]) -> list[str]:
    return [combokey_of(n) for n in table(batches, "answered")["school_no"].unique().sort()]


def test_cells_are_read_where_the_file_has_them(tmp_path):
    rows = [crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3), crdc.school(B, SCH_DISCWDIS_REF_IDEA_HI_F=2)]
    batches = read(crdc.write(tmp_path, ARRESTS, rows))
    assert cells(batches) == {
        (A, "ARR", "wodis", "black", "male"): 3,
        (B, "REF", "idea", "hispanic", "female"): 2,
    }
    assert keys(batches) == [A, B]
    assert "no proof: if it is of 2020-21, name the wave" in notes(batches)


@pytest.mark.parametrize("gone", ["LEA_STATE", "LEA_NAME", "LEAID", "SCHID", "SCH_NAME"])
def test_a_file_without_a_column_of_ids_is_refused(tmp_path, gone):
    names = [*crdc.IDS, *crdc.columns(ARRESTS)]
    names.remove(gone)
    found = recognize(SourceFile(crdc.write(tmp_path, ARRESTS, [crdc.school()], names=names)))
    if not isinstance(found, Refused):
        with pytest.raises(BadInput, match=f"expected column {gone}"):
            list(found.read())


def test_2015_16_keys_in_scientific_notation_are_rebuilt(tmp_path):
    # Two schools that a spreadsheet's rounding made one.
    rows = [
        crdc.school(A, COMBOKEY="4.80000E+11", LEAID="4800001", SCHID="00001"),
        crdc.school(B, COMBOKEY="4.80000E+11", LEAID="4800001", SCHID="2"),
        crdc.school(
            "010000500871", LEA_STATE="AL", COMBOKEY="10000500871", LEAID="100005", SCHID="871"
        ),
        crdc.school("060000100001", LEA_STATE="CA", COMBOKEY="6E+10", LEAID="600001", SCHID="1"),
    ]
    batches = read(crdc.write(tmp_path, "School Data", rows, "2015-16"))
    assert keys(batches) == ["010000500871", "060000100001", A, B]
    assert notes(batches).startswith("3 damaged COMBOKEYs rebuilt")


def test_a_rounded_key_of_twelve_digits_is_rebuilt(tmp_path):
    rows = [crdc.school(A, COMBOKEY="480000000000"), crdc.school(B, COMBOKEY="480000000000")]
    batches = read(crdc.write(tmp_path, ARRESTS, rows))
    assert keys(batches) == [A, B]


def test_damaged_schid_of_2017_18_gives_way_to_combokey(tmp_path):
    rows = [crdc.school(A, SCHID="8002", SCH_DISCWODIS_ARR_WH_F=1), crdc.school(B, SCHID="8002")]
    batches = read(crdc.write(tmp_path, ARRESTS, rows))
    assert keys(batches) == [A, B]
    assert list(cells(batches)) == [(A, "ARR", "wodis", "white", "female")]


def test_state_operated_programmes_keep_their_ids(tmp_path):
    key = "33SOP0100012"
    rows = [crdc.school(key, LEA_STATE="NH", SCH_DISCWODIS_REF_WH_M=4), crdc.school(A)]
    batches = read(crdc.write(tmp_path, ARRESTS, rows))
    assert keys(batches) == [key, A] or keys(batches) == [A, key]
    assert cells(batches) == {(key, "REF", "wodis", "white", "male"): 4}


def test_a_key_that_contradicts_its_district_is_refused(tmp_path):
    path = crdc.write(tmp_path, ARRESTS, [crdc.school(A), crdc.school(B, LEAID="4800002")])
    with pytest.raises(BadInput, match=r"row 3 has COMBOKEY 480000100002 but LEAID 4800002"):
        read(path)


@pytest.mark.parametrize("key", ["", "4.8E+11", "4800001000012", "48000O100001", "-80000100001"])
def test_a_row_that_names_no_school_is_refused(tmp_path, key):
    row = crdc.school(A, COMBOKEY=key, SCHID="", LEAID="")
    with pytest.raises(BadInput, match="row 3"):
        read(crdc.write(tmp_path, ARRESTS, [crdc.school(B), row]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_names_with_accents_in_every_encoding_ocr_has_used(tmp_path, encoding):
    rows = [crdc.school(A, SCH_NAME="Peña “Año” Élémentaire", LEA_NAME="Cañon City RE-1")]
    path = crdc.write(tmp_path, "School Characteristics", rows, encoding=encoding)
    row = table(read(path), "school").row(0, named=True)
    assert (row["name"], row["lea_name"]) == ("Peña “Año” Élémentaire", "Cañon City RE-1")


def test_blank_cells_are_missing_not_zero(tmp_path):
    rows = [
        crdc.school(A, SCH_DISCWODIS_ARR_BL_M="", SCH_DISCWODIS_ARR_BL_F=2),
        crdc.school(B, **crdc.whole(ARRESTS, "", "DISCWODIS_ARR")),
    ]
    batches = read(crdc.write(tmp_path, ARRESTS, rows))
    assert cells(batches) == {
        (A, "ARR", "wodis", "black", "male"): -100,
        (A, "ARR", "wodis", "black", "female"): 2,
    }
    silent = table(batches, "unanswered").row(0, named=True)
    assert (combokey_of(silent["school_no"]), silent["element"], silent["code"]) == (B, "ARR", -100)


def test_reserve_codes_are_kept_and_never_counts(tmp_path):
    rows = [
        crdc.school(A, SCH_DISCWODIS_ARR_BL_M=-9, SCH_DISCWODIS_ARR_BL_F=7),
        crdc.school(B, **crdc.whole(ARRESTS, -5)),
    ]
    batches = read(crdc.write(tmp_path, ARRESTS, rows))
    frame = table(batches, "cell")
    assert frame.filter(pl.col("code").is_not_null())["value"].null_count() == 1
    assert frame["value"].sum() == 7
    silent = table(batches, "unanswered")
    assert set(silent.select("element", "disability", "code").rows()) == {
        (element, part, -5) for element in ("REF", "ARR") for part in ("wodis", "idea", "s504")
    }


@pytest.mark.parametrize("value", [-250, "1.5", "x", "1e3", "12 000", "1,00"])
def test_what_is_no_count_is_refused_by_row_and_column(tmp_path, value):
    rows = [crdc.school(A), crdc.school(B, SCH_DISCWODIS_ARR_BL_M=value)]
    with pytest.raises(BadInput, match=r"row 3,.* column SCH_DISCWODIS_ARR_BL_M"):
        read(crdc.write(tmp_path, ARRESTS, rows))


def test_counts_written_as_decimals_are_read(tmp_path):
    rows = [crdc.school(A, SCH_DISCWODIS_ARR_BL_M="3.0"), crdc.school(B)]
    assert cells(read(crdc.write(tmp_path, ARRESTS, rows))) == {
        (A, "ARR", "wodis", "black", "male"): 3
    }


def test_section_504_has_a_sex_and_no_race(tmp_path):
    row = crdc.school(A, SCH_DISCWDIS_ARR_504_M=4, SCH_DISCWDIS_ARR_504_F=1)
    assert cells(read(crdc.write(tmp_path, ARRESTS, [row]))) == {
        (A, "ARR", "s504", "none", "male"): 4,
        (A, "ARR", "s504", "none", "female"): 1,
    }


def test_totals_and_english_learners_of_the_file_are_not_counted_again(tmp_path):
    row = crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3, TOT_DISCWODIS_ARR_M=3, SCH_DISCWODIS_ARR_LEP_M=2)
    assert sum(cells(read(crdc.write(tmp_path, ARRESTS, [row]))).values()) == 3


def test_exact_duplicates_are_dropped_and_noted(tmp_path):
    row = crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3)
    batches = read(crdc.write(tmp_path, ARRESTS, [row, crdc.school(B), row]))
    assert sum(cells(batches).values()) == 3
    assert "1 duplicate rows dropped" in notes(batches)


def test_rows_of_one_school_that_differ_are_refused(tmp_path):
    rows = [crdc.school(A, SCH_DISCWODIS_ARR_BL_M=n) for n in (3, 4)]
    with pytest.raises(BadInput, match=f"school {A} has 2 rows that differ"):
        read(crdc.write(tmp_path, ARRESTS, rows))


def test_rows_that_differ_only_where_nothing_is_read_are_one(tmp_path):
    rows = [crdc.school(A, SCH_DISCWODIS_ARR_BL_M=3, SCHID=s) for s in ("00001", "00001")]
    rows[1]["SCH_DISCWODIS_ARR_LEP_M"] = 1
    assert sum(cells(read(crdc.write(tmp_path, ARRESTS, rows))).values()) == 3


@pytest.mark.parametrize("wave", ["2020-21", "2021-22"])
def test_offenses_dropped_after_2017_18_are_not_missed(tmp_path, wave):
    assert "SCH_OFFENSE_ROBWX" not in crdc.columns("Offenses", wave)
    row = crdc.school(A, SCH_OFFENSE_ATTWOW=5)
    batches = read(crdc.write(tmp_path / wave, "Offenses", [row], wave))
    assert cells(batches) == {(A, "ATTWOW", "any", "none", "none"): 5}


def test_nonbinary_students_of_2021_22_are_counted(tmp_path):
    row = crdc.school(
        A, SCH_DISCWODIS_ARR_WH_X=2, SCH_DISCWDIS_ARR_504_X=1, SCH_DISCWODIS_ARR_EL_M=9
    )
    assert cells(read(crdc.write(tmp_path, ARRESTS, [row], "2021-22"))) == {
        (A, "ARR", "wodis", "white", "nonbinary"): 2,
        (A, "ARR", "s504", "none", "nonbinary"): 1,
    }


def test_a_module_with_a_column_gone_is_refused(tmp_path):
    names = [*crdc.IDS, *crdc.columns(ARRESTS)]
    names.remove("SCH_DISCWDIS_ARR_IDEA_TR_F")
    path = crdc.write(tmp_path, ARRESTS, [crdc.school()], names=names)
    with pytest.raises(BadInput, match=r"missing 1, the first for ARR idea two_or_more female"):
        read(path)


def test_a_column_that_stands_twice_is_refused(tmp_path):
    names = [*crdc.IDS, *crdc.columns(ARRESTS), "SCH_DISCWODIS_ARR_BL_M"]
    path = crdc.write(tmp_path, ARRESTS, [crdc.school()], names=names)
    with pytest.raises(BadInput, match="found SCH_DISCWODIS_ARR_BL_M twice"):
        read(path)


def test_impossible_staff_is_kept_as_published(tmp_path):
    row = crdc.school(A, SCH_FTESECURITY_GUA="200000.0", SCH_FTECOUNSELORS="-9.0")
    frame = table(read(crdc.write(tmp_path, "School Support", [row])), "staff")
    by_role = {role: (fte, code) for role, fte, code in frame.select("role", "fte", "code").rows()}
    assert by_role["guard"] == (200_000.0, None)
    assert by_role["counselor"] == (None, -9)
    assert by_role["officer"] == (0.0, None)


@pytest.mark.parametrize("value", ["inf", "-0.5", "-1000"])
def test_staff_that_is_no_number_is_refused(tmp_path, value):
    row = crdc.school(A, SCH_FTESECURITY_LEO=value)
    with pytest.raises(BadInput, match="SCH_FTESECURITY_LEO"):
        read(crdc.write(tmp_path, "School Support", [row]))


def test_grades_and_kinds(tmp_path):
    rows = [
        crdc.school(A, JJ="Yes", SCH_GRADE_KG="No", SCH_STATUS_ALT="Yes"),
        crdc.school(B, **{f"SCH_GRADE_{g}": "No" for g in crdc.GRADES} | {"SCH_GRADE_PS": "Yes"}),
    ]
    batches = read(crdc.write(tmp_path, "School Characteristics", rows))
    first, second = table(batches, "school").sort("school_no").to_dicts()
    assert (first["low_grade"], first["high_grade"]) == (1, 12)
    assert (first["juvenile"], first["alternative"], first["charter"]) == (True, True, False)
    assert (second["low_grade"], second["high_grade"]) == (-1, -1)


@pytest.mark.parametrize("damage", ["gzip", "middle", "last number", "last line break"])
def test_a_file_cut_off_is_refused(tmp_path, damage):
    rows = [crdc.school(A), crdc.school(B, SCH_DISCWDIS_ARR_504_F=12)]
    path = crdc.write(tmp_path, ARRESTS, rows, packed=damage == "gzip")
    data = path.read_bytes()
    cut = {"gzip": -20, "middle": -100, "last number": -2, "last line break": -1}[damage]
    path.write_bytes(data[:cut])
    found = recognize(SourceFile(path))
    if isinstance(found, Refused):
        assert "cut off" in found.reason
    else:
        with pytest.raises(BadInput, match="cut off"):
            list(found.read())


def test_windows_line_breaks_and_quotes_are_read(tmp_path):
    path = crdc.write(tmp_path, ARRESTS, [crdc.school(A, SCH_NAME='The "A, B" School')])
    data = path.read_bytes().replace(b"\n", b"\r\n")
    names, rest = data.split(b"\r\n", 1)
    quoted = b",".join(b'"' + name + b'"' for name in names.split(b","))
    path.write_bytes(quoted + b"\r\n" + rest)
    assert table(read(path), "school")["name"].to_list() == ['The "A, B" School']
