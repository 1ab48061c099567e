from __future__ import annotations

import pytest
import xlsxwriter

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.saipe import Saipe

TITLE = "2019 Poverty Estimates for School districts      Source: U.S. Census Bureau"
TOP = [
    "State Postal Code", "State FIPS Code", "District ID", "Name", "Estimated Total Population",
    "Estimated Population 5-17",
    "Estimated number of relevant children 5 to 17 years old in poverty",
]  # fmt: skip
ROW = ["CO", "08", "00099", "Alder Valley 4", "9000", "1500", "120"]


def draw(tmp_path, *rows, title=TITLE, top=TOP) -> SourceFile:
    path = tmp_path / "anything"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Table with column headers in row 3")
    sheet.write(1, 0, title)
    for at, row in enumerate([top, *rows], start=2):
        sheet.write_row(at, 0, row)
    book.close()
    return SourceFile(path)


def read(file: SourceFile):
    (batch,) = Saipe().recognize(file).read()
    return batch


def test_state_and_district_make_the_id(tmp_path):
    numbers = ["CO", 8, 100, "Beech 1", 10, 3, 0]
    frame = read(draw(tmp_path, ROW, numbers)).frame
    assert frame.rows() == [
        (2019, "0800099", "Alder Valley 4", 9000, 1500, 120),
        (2019, "0800100", "Beech 1", 10, 3, 0),
    ]


def test_columns_in_another_order_and_an_older_heading(tmp_path):
    top = [TOP[3], *TOP[:3], TOP[6].replace("relevant", "related"), TOP[5], TOP[4]]
    row = [ROW[3], *ROW[:3], ROW[6], ROW[5], ROW[4]]
    frame = read(draw(tmp_path, row, top=top)).frame
    assert frame.row(0) == (2019, "0800099", "Alder Valley 4", 9000, 1500, 120)


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (1, "CO", "row 5, column state: expected an id of at most 2 digits"),
        (2, "1.0E+3", "row 5, column district"),
        (2, "123456", "row 5, column district"),
        (4, "9 thousand", "row 5, column population: expected a whole number"),
        (5, "", "row 5, column children_poverty"),
        (6, "1501", "row 5, column children_poverty: expected a count of at most the children"),
        (6, "-1", "row 5, column children_poverty"),
        (5, "9001", "row 5, column children: expected at most the total population"),
        (3, "", "row 5, column name"),
        (3, "Alder Valley", "leaid, found 0800099 twice"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, place, value, why):
    row = [value if at == place else cell for at, cell in enumerate(ROW)]
    with pytest.raises(BadInput, match=why):
        read(draw(tmp_path, ROW, row))


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="'Estimated Population 5-17', found 0"):
        read(draw(tmp_path, ROW, top=[*TOP[:5], "Children", TOP[6]]))


def test_other_files_are_left_alone(tmp_path):
    assert Saipe().recognize(draw(tmp_path, ROW, title="School districts")) is None
    for data in (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", b"PK\x03\x04", b"State,Name\n"):
        (tmp_path / "x").write_bytes(data)
        assert Saipe().recognize(SourceFile(tmp_path / "x")) is None


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "year", "rows", "children", "poor"),
    [
        ("ussd17.xls", 2017, 13_223, 54_223_426, 9_402_481),
        ("ussd23.xls", 2023, 13_144, 54_737_416, 8_348_289),
    ],
)
def test_the_workbooks_of_the_census_bureau(shared_data, name, year, rows, children, poor):
    frame = read(SourceFile(shared_data / "saipe" / name)).frame
    assert set(frame["year"]) == {year}
    assert frame.height == frame["leaid"].n_unique() == rows
    assert frame["children"].sum() == children
    assert frame["children_poverty"].sum() == poor
