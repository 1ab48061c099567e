from __future__ import annotations

import csv
import gzip
import io

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.ccd import READERS
from homeroom.vocabulary.ids import combokey_of

LEA = {
    "SCHOOL_YEAR": "2023-2024", "FIPST": "08", "ST": "CO", "LEA_NAME": "Alder Valley 4",
    "LEAID": "0800099", "LCITY": "Alder", "SY_STATUS": "1", "LEA_TYPE_TEXT": "Independent charter",
}  # fmt: skip
SCHOOL = {
    "SCHOOL_YEAR": "2018-2019", "FIPST": "8", "ST": "CO", "SCH_NAME": "Alder High",
    "LEA_NAME": "Alder Valley 4", "LEAID": "800099", "NCESSCH": "80009901234", "SY_STATUS": "1",
    "SCH_TYPE_TEXT": "Alternative School", "CHARTER_TEXT": "Yes", "GSLO": "09", "GSHI": "12",
}  # fmt: skip


def write(rows: list[dict[str, str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def recognize(tmp_path, data: bytes, name: str = "any.bin"):
    (tmp_path / name).write_bytes(data)
    found = [r for reader in READERS if (r := reader.recognize(SourceFile(tmp_path / name)))]
    assert len(found) <= 1
    return found[0] if found else None


def read(tmp_path, rows, **options):
    (batch,) = recognize(tmp_path, write(rows, **options)).read()
    return batch


def test_an_lea_is_told_by_content_in_any_order_of_columns(tmp_path):
    shuffled = dict(reversed(LEA.items()))
    closed = shuffled | {"LEAID": "0800100", "SY_STATUS": "2", "LCITY": "", "LEA_NAME": "Peña"}
    batch = read(tmp_path, [shuffled, closed], encoding="cp1252")
    assert batch.table == "district"
    kept = batch.frame.select("year", "leaid", "name", "state", "city", "lea_type", "open").rows()
    assert kept == [
        ("2023-24", "0800099", "Alder Valley 4", "CO", "Alder", "Independent charter", True),
        ("2023-24", "0800100", "Peña", "CO", None, "Independent charter", False),
    ]


def test_a_school_gets_its_zeros_back(tmp_path):
    batch = read(tmp_path, [SCHOOL])
    row = batch.frame.row(0, named=True)
    assert combokey_of(row["school_no"]) == "080009901234"
    assert (row["wave"], row["low_grade"], row["high_grade"]) == ("2018-19", 9, 12)
    assert (row["alternative"], row["charter"], row["special"]) == (True, True, False)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("PK", "KG", (-1, 0)),
        ("UG", "UG", (None, None)),
        ("09", "13", (9, 12)),
        ("M", "M", (None, None)),
    ],
)
def test_grades(tmp_path, low, high, expected):
    frame = read(tmp_path, [SCHOOL | {"GSLO": low, "GSHI": high}]).frame
    assert frame.select("low_grade", "high_grade").row(0) == expected


def test_schools_that_do_not_operate_are_left_out_and_counted(tmp_path):
    others = [
        SCHOOL | {"NCESSCH": f"8000990200{status}", "SY_STATUS": status} for status in "2345678"
    ]
    batch = read(tmp_path, [SCHOOL, *others])
    assert len(batch.frame) == 5
    assert batch.notes[-1] == "3 schools that are closed, inactive or in future were left out"


def test_a_repeated_row_is_dropped_and_a_contradiction_refused(tmp_path):
    assert len(read(tmp_path, [LEA, LEA]).frame) == 1
    with pytest.raises(BadInput, match="LEAID, found 0800099 twice"):
        read(tmp_path, [LEA, LEA | {"LEA_NAME": "Another"}])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"LEAID": "8.0E+05"}, r"row 3, column LEAID: .* found '8\.0E\+05'"),
        ({"LEAID": "0900099"}, "row 3, column LEAID: expected an id that begins with FIPST"),
        ({"SY_STATUS": "9"}, "row 3, column SY_STATUS"),
        ({"ST": "Colorado"}, "row 3, column ST: expected a postal code"),
        ({"LEA_NAME": ""}, "row 3, column LEA_NAME"),
        ({"SCHOOL_YEAR": "2022-2023"}, "row 3, column SCHOOL_YEAR"),
    ],
)
def test_a_damaged_lea_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, [LEA, LEA | {"LEAID": "0800100"} | change])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"NCESSCH": "8.00099E+10"}, "row 2, column NCESSCH"),
        (
            {"NCESSCH": "80009801234"},
            "row 2, column NCESSCH: expected an id that begins with LEAID",
        ),
        ({"GSLO": "14"}, "row 2, column GSLO: expected a grade"),
    ],
)
def test_a_damaged_school_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, [SCHOOL | change])


def test_a_missing_column_is_named(tmp_path):
    rows = [{key: value for key, value in SCHOOL.items() if key != "CHARTER_TEXT"}]
    with pytest.raises(BadInput, match="expected column CHARTER_TEXT"):
        read(tmp_path, rows)


def test_a_year_that_is_none_is_refused(tmp_path):
    with pytest.raises(BadInput, match="column SCHOOL_YEAR"):
        recognize(tmp_path, write([LEA | {"SCHOOL_YEAR": "2023"}]))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\x00\x01", b"LEAID,NAME\n1,2\n", b"\x89PNG\r\n", b'"LEAID',
        bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011") + bytes(5000),
    ],
)  # fmt: skip
def test_other_files_are_left_alone(tmp_path, data):
    assert recognize(tmp_path, data) is None


def test_a_gzip_is_read_as_what_it_holds(tmp_path):
    assert recognize(tmp_path, gzip.compress(write([SCHOOL]))).reader.id == "ccd_school"


@pytest.mark.shared
@pytest.mark.parametrize("ending", ["csv", "sas7bdat"])
def test_the_directory_of_2023_24(shared_data, ending):
    name = "ccd_lea_029_2324_w_0a_050824"
    file = SourceFile(shared_data / "edge" / f"{name}.zip", f"{name}.{ending}")
    (batch,) = READERS[0].recognize(file).read()
    assert batch.frame.height == 19_627
    assert batch.frame["leaid"].n_unique() == 19_627
    assert batch.frame["open"].sum() == 19_278 + 109 + 10 + 4 + 2
    assert batch.frame["state"].n_unique() == 57


@pytest.mark.shared
def test_both_forms_of_the_directory_say_the_same(shared_data):
    name = "ccd_lea_029_2324_w_0a_050824"
    frames = [
        next(
            iter(READERS[0].recognize(SourceFile(shared_data / "edge" / f"{name}.zip", m)).read())
        ).frame
        for m in (f"{name}.csv", f"{name}.sas7bdat")
    ]
    assert frames[0].equals(frames[1])


@pytest.mark.shared
@pytest.mark.parametrize(
    ("state", "rows", "left_out", "fips"),
    [("TX", 9_505, 526, 48), ("CO", 1_930, 15, 8), ("VA", 2_132, 17, 51)],
)
def test_the_school_directories_of_2018_19(shared_data, state, rows, left_out, fips):
    file = SourceFile(shared_data / "nces" / f"nces_public_schools_{state}.csv.gz")
    (batch,) = READERS[1].recognize(file).read()
    assert batch.frame.height == rows - left_out
    assert set(batch.frame["wave"]) == {"2018-19"}
    assert batch.frame.select((pl.col("school_no") // 10**11 == fips).all()).item()
