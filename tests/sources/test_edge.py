from __future__ import annotations

import pytest
import xlsxwriter

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.edge import EdgeLeas

ROW = {
    "LEAID": "0800099", "NAME": "Alder Valley 4", "OPSTFIPS": "08", "CITY": "Alder", "STATE": "CO",
    "CNTY": "08123", "NMCNTY": "Alder County", "LAT": "40.25", "LON": "-104.5",
    "SCHOOLYEAR": "2018-2019", "LOCALE": "42",
}  # fmt: skip


def draw(tmp_path, rows, **options) -> SourceFile:
    path = tmp_path / "anything"
    book = xlsxwriter.Workbook(path, options)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, list(rows[0]))
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, list(row.values()))
    book.close()
    return SourceFile(path)


def read(tmp_path, *rows, **options):
    (batch,) = EdgeLeas().recognize(draw(tmp_path, rows, **options)).read()
    return batch


@pytest.mark.parametrize("constant_memory", [False, True])
def test_a_row_whatever_the_order_of_columns(tmp_path, constant_memory):
    frame = read(tmp_path, dict(reversed(ROW.items())), constant_memory=constant_memory).frame
    assert frame.row(0) == (
        "2018-19", "0800099", "Alder Valley 4", "CO", "Alder", "Alder County", "08123", "42",
        40.25, -104.5, None, None,
    )  # fmt: skip


def test_numbers_instead_of_texts_get_their_zeros_back(tmp_path):
    damaged = ROW | {"LEAID": 800099, "OPSTFIPS": 8, "CNTY": 8123, "LAT": 40.25, "LOCALE": 42}
    frame = read(tmp_path, damaged).frame
    assert frame.select("leaid", "county_fips", "latitude", "locale").row(0) == (
        "0800099", "08123", 40.25, "42",
    )  # fmt: skip


def test_the_state_is_that_of_the_id_not_of_the_office(tmp_path):
    away = ROW | {"LEAID": "5900001", "OPSTFIPS": "59", "STATE": "AZ", "LOCALE": "N"}
    frame = read(tmp_path, ROW, away).frame
    assert frame["state"].to_list() == ["CO", "BI"]
    assert frame["locale"].to_list() == ["42", None]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"LEAID": "8E+05"}, "row 3, column LEAID: expected an id of at most 7 digits"),
        ({"LEAID": "4800099"}, "row 3, column LEAID: expected an id that begins with OPSTFIPS"),
        ({"LAT": "north"}, "row 3, column LAT: expected a number"),
        ({"LAT": "-104.5"}, "row 3, column LAT: expected degrees"),
        ({"LOCALE": "99"}, "row 3, column LOCALE"),
        ({"OPSTFIPS": "03", "LEAID": "0300001"}, "row 3, column OPSTFIPS"),
        ({"SCHOOLYEAR": "2017-2018"}, "row 3, column SCHOOLYEAR"),
        ({"NAME": ""}, "row 3, column NAME"),
        ({"LEAID": "0800099", "NAME": "Another"}, "LEAID, found 0800099 twice"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, ROW, ROW | {"LEAID": "0800100"} | change)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="expected one column 'LON', found 0"):
        read(tmp_path, {key: value for key, value in ROW.items() if key != "LON"})


def test_other_files_are_left_alone(tmp_path):
    other = {"LEAID": "0800099", "NAME": "Alder Valley 4"}
    assert EdgeLeas().recognize(draw(tmp_path, [other])) is None
    schools = ROW | {"NCESSCH": "080009901234"}
    assert EdgeLeas().recognize(draw(tmp_path, [schools])) is None
    for data in (b"", b"PK\x03\x04 broken", b"LEAID,OPSTFIPS,NMCNTY,LOCALE\n"):
        (tmp_path / "x").write_bytes(data)
        assert EdgeLeas().recognize(SourceFile(tmp_path / "x")) is None


def test_a_truncated_workbook_is_left_alone(tmp_path):
    whole = draw(tmp_path, [ROW]).path.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    assert EdgeLeas().recognize(SourceFile(tmp_path / "cut")) is None


@pytest.mark.shared
def test_the_geocodes_of_2018_19(shared_data):
    file = SourceFile(shared_data / "edge" / "EDGE_GEOCODE_PUBLICLEA_1819.xlsx")
    (batch,) = EdgeLeas().recognize(file).read()
    assert batch.frame.height == batch.frame["leaid"].n_unique() == 19_840
    assert (
        batch.frame.select("locale", "county", "latitude", "longitude")
        .null_count()
        .sum_horizontal()
        .item()
        == 0
    )
    assert batch.frame["locale"].n_unique() == 12
