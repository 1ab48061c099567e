from __future__ import annotations

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.oews import Oews

ROW = {
    "year": "2023", "AREA": "8", "AREA_TITLE": "Colorado", "PRIM_STATE": "CO",
    "OCC_CODE": "21-1012", "OCC_TITLE": '"Counselors, school"', "TOT_EMP": "6000",
    "A_MEAN": "61000", "A_MEDIAN": "60000",
}  # fmt: skip


def recognize(tmp_path, *rows):
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    (tmp_path / "anything").write_text("".join(",".join(line) + "\n" for line in lines))
    return Oews().recognize(SourceFile(tmp_path / "anything"))


def read(tmp_path, *rows):
    (batch,) = recognize(tmp_path, *rows).read()
    return batch.frame


def test_a_row_whatever_the_order_of_columns(tmp_path):
    frame = read(tmp_path, dict(reversed(ROW.items())))
    assert frame.rows() == [(2023, "CO", "21-1012", "Counselors, school", 6000, 61000, 60000)]


@pytest.mark.parametrize("mark", ["", "*", "**"])
def test_what_was_not_released_is_null(tmp_path, mark):
    frame = read(tmp_path, ROW, ROW | {"PRIM_STATE": "UT", "TOT_EMP": mark, "A_MEAN": mark})
    assert frame.row(1)[4:] == (None, None, 60000)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"A_MEAN": "#"}, "row 3, column A_MEAN: expected a whole number, found '#'"),
        ({"TOT_EMP": "-6"}, "row 3, column employment"),
        ({"TOT_EMP": '"6,00"'}, "row 3, column TOT_EMP"),
        ({"PRIM_STATE": "XX"}, "row 3, column state"),
        ({"OCC_CODE": "211012"}, "row 3, column occupation"),
        ({"year": "2022"}, "row 3, column year"),
        ({"PRIM_STATE": "CO"}, "place, found CO 21-1012 twice"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, ROW, ROW | {"PRIM_STATE": "UT", "A_MEAN": "1"} | change)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="expected column A_MEDIAN"):
        read(tmp_path, {key: value for key, value in ROW.items() if key != "A_MEDIAN"})


def test_a_file_without_its_year_is_refused(tmp_path):
    with pytest.raises(BadInput, match="column year: expected a year"):
        recognize(tmp_path, {key: value for key, value in ROW.items() if key != "year"})


@pytest.mark.parametrize("data", [b"", b"\x00", b"year,AREA\n2023,1\n"])
def test_other_files_are_left_alone(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert Oews().recognize(SourceFile(tmp_path / "x")) is None


@pytest.mark.shared
def test_may_2023(shared_data):
    path = shared_data / "oews" / "oews_state_2023_key_occupations.csv"
    (batch,) = Oews().recognize(SourceFile(path)).read()
    frame = batch.frame
    assert frame.height == 573
    assert frame["state"].n_unique() == 54
    assert frame["occupation"].n_unique() == 11
    assert frame["employment"].null_count() == 2


@pytest.mark.shared
@pytest.mark.parametrize("occupation", ["21-1012", "21-1021", "19-3034", "29-1141", "33-3051"])
def test_states_add_up_to_the_nation_that_location_quotients_imply(shared_data, occupation):
    path = shared_data / "oews" / "oews_state_2023_key_occupations.csv"
    (batch,) = Oews().recognize(SourceFile(path)).read()
    states = batch.frame.filter(~pl.col("state").is_in(["GU", "PR", "VI"]))
    sums = dict(states.group_by("occupation").agg(pl.col("employment").sum()).rows())
    # Jobs per 1,000 in a state over its location quotient are the nation's jobs per 1,000.
    raw = pl.read_csv(path).filter(pl.col("OCC_CODE") == occupation)
    nation = raw.select((pl.col("JOBS_1000") / pl.col("LOC_QUOTIENT")).median()).item()
    assert 1000 * sums[occupation] / sums["00-0000"] == pytest.approx(nation, rel=0.01)
