from __future__ import annotations

import polars as pl
import pytest
import xlsxwriter

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.oews import Oews
from homeroom.vocabulary.states import STATES

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
    assert frame.rows() == [(2023, "CO", "21-1012", "Counselors, school", 6000, 61000, 60000, None)]


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ("", None),
        ("*", "employment: not released; mean: not released"),
        ("**", "employment: not released; mean: not released"),
        ("~", "employment: too few establishments; mean: too few establishments"),
    ],
)
def test_what_was_not_released_is_null_and_says_why(tmp_path, mark, why):
    frame = read(tmp_path, ROW, ROW | {"PRIM_STATE": "UT", "TOT_EMP": mark, "A_MEAN": mark})
    assert frame.row(1)[4:] == (None, None, 60000, why)


def test_a_wage_above_the_highest_is_no_number_and_says_so(tmp_path):
    top = ROW | {"PRIM_STATE": "UT", "A_MEAN": "#", "A_MEDIAN": "#"}
    (batch,) = recognize(tmp_path, ROW, top).read()
    assert batch.frame.row(1)[4:7] == (6000, None, None)
    assert batch.frame["note"][1].startswith("mean: at or above the highest wage that BLS prints")
    assert "1 rows have a wage at or above the highest" in batch.notes[-1]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"A_MEAN": "?"}, "row 3, column A_MEAN: expected a whole number, found '?'"),
        ({"TOT_EMP": "-6"}, "row 3, column employment"),
        ({"TOT_EMP": "6 thousand"}, "row 3, column TOT_EMP"),
        ({"PRIM_STATE": "XX"}, "row 3, column state"),
        ({"OCC_CODE": "211012"}, "row 3, column occupation"),
        ({"year": "2022"}, "row 3, column year"),
        ({"PRIM_STATE": "CO"}, "place, found CO 21-1012 twice"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, ROW, ROW | {"PRIM_STATE": "UT", "A_MEAN": "61001"} | change)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="expected column A_MEDIAN"):
        read(tmp_path, {key: value for key, value in ROW.items() if key != "A_MEDIAN"})


def test_a_file_without_its_year_is_refused(tmp_path):
    with pytest.raises(BadInput, match="expected the year of the wages in a column year, or in"):
        recognize(tmp_path, {key: value for key, value in ROW.items() if key != "year"})
    with pytest.raises(BadInput, match="column year: expected a year"):
        recognize(tmp_path, ROW | {"year": "May"})


BLS = {
    "AREA": "08", "AREA_TITLE": "Colorado", "AREA_TYPE": "2", "PRIM_STATE": "CO",
    "NAICS": "000000", "NAICS_TITLE": "Cross-industry", "I_GROUP": "cross-industry",
    "OWN_CODE": "1235", "OCC_CODE": "00-0000", "OCC_TITLE": "All Occupations", "O_GROUP": "total",
    "TOT_EMP": 2_800_000, "EMP_PRSE": 0, "JOBS_1000": 1000, "LOC_QUOTIENT": 1, "PCT_TOTAL": "",
    "PCT_RPT": "", "H_MEAN": 34.6, "A_MEAN": 71_960, "MEAN_PRSE": 0.4, "H_PCT10": 15.5,
    "H_PCT25": 19, "H_MEDIAN": 26, "H_PCT75": 41, "H_PCT90": 63, "A_PCT10": 32_240,
    "A_PCT25": 39_520, "A_MEDIAN": 54_080, "A_PCT75": 85_280, "A_PCT90": 131_040, "ANNUAL": "",
    "HOURLY": "",
}  # fmt: skip
COUNSELORS = BLS | {
    "OCC_CODE": "21-1012", "OCC_TITLE": "School Counselors", "O_GROUP": "detailed",
    "TOT_EMP": 7_000, "JOBS_1000": 2.5, "A_PCT90": "#", "H_PCT90": "#",
}  # fmt: skip
NURSES = COUNSELORS | {
    "OCC_CODE": "29-1141", "OCC_TITLE": "Registered Nurses", "TOT_EMP": "**", "JOBS_1000": "**",
    "A_MEAN": "*", "A_MEDIAN": "#", "A_PCT75": "#",
}  # fmt: skip


def bls(tmp_path, rows, name="state_M2023_dl"):
    book = xlsxwriter.Workbook(tmp_path / "downloaded.xlsx")
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, rows[0])
    for at, row in enumerate(rows, start=1):
        sheet.write_row(at, 0, row.values())
    about = book.add_worksheet("Field Descriptions")
    about.write(0, 0, "Field")
    about.write(20, 0, "# = indicates a wage equal to or greater than $115.00 per hour")
    book.close()
    return SourceFile(tmp_path / "downloaded.xlsx")


TOP = "at or above the highest wage that BLS prints"
WANTED = [
    (2023, "CO", "00-0000", "All Occupations", 2_800_000, 71_960, 54_080, None),
    (2023, "CO", "21-1012", "School Counselors", 7_000, 71_960, 54_080, None),
    (2023, "CO", "29-1141", "Registered Nurses", None, None, None,
     f"employment: not released; mean: not released; median: {TOP}"),
]  # fmt: skip


def test_the_workbook_of_bls_tells_its_year_by_its_sheet(tmp_path):
    found = Oews().recognize(bls(tmp_path, [BLS, COUNSELORS, NURSES]))
    assert (found.title, found.wave) == ("OEWS wages by state, May 2023", "2023")
    (batch,) = found.read()
    assert batch.frame.rows() == WANTED


def test_the_csv_of_bls_tells_its_year_by_its_name(tmp_path):
    path = tmp_path / "state_M2023_dl.csv"
    pl.DataFrame([BLS, COUNSELORS, NURSES], strict=False).write_csv(path)
    (batch,) = Oews().recognize(SourceFile(path)).read()
    assert batch.frame.rows() == WANTED
    small = pl.read_csv(path, infer_schema=False).rename(str.lower)
    small.write_csv(path)
    (batch,) = Oews().recognize(SourceFile(path)).read()
    assert batch.frame.rows() == WANTED


def test_the_national_file_and_the_layout_of_2018(tmp_path):
    nation = {"AREA": "99", "AREA_TYPE": "1", "PRIM_STATE": "US"}
    (batch,) = Oews().recognize(bls(tmp_path, [BLS | nation], "national_M2023_dl")).read()
    assert batch.frame["state"].to_list() == ["US"]
    old = {key: BLS[key] for key in ("OCC_CODE", "OCC_TITLE", "TOT_EMP", "A_MEAN", "A_MEDIAN")}
    (batch,) = Oews().recognize(bls(tmp_path, [old], "national_M2018_dl")).read()
    assert batch.frame.row(0)[:2] == (2018, "US")
    (batch,) = Oews().recognize(bls(tmp_path, [{"ST": "CO"} | old], "state_M2018_dl")).read()
    assert batch.frame.row(0)[:2] == (2018, "CO")


def test_metropolitan_areas_and_single_industries_are_left_out(tmp_path):
    metro = BLS | {"AREA": "19740", "AREA_TYPE": "4"}
    schools = COUNSELORS | {"NAICS": "611100", "I_GROUP": "4-digit"}
    (batch,) = (
        Oews().recognize(bls(tmp_path, [BLS, metro, schools], "All May 2023 data_M2023_")).read()
    )
    assert batch.frame.height == 1
    assert batch.notes == ("2 rows of smaller areas or single industries were left out", EXTRACT)
    with pytest.raises(BadInput, match="found only other areas or single industries"):
        list(Oews().recognize(bls(tmp_path, [metro], "MSA_M2023_dl")).read())


EXTRACT = "an extract: 1 of 51 states"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"A_MEDIAN": 5_408}, "column A_MEDIAN: expected at least the wage in A_PCT25"),
        ({"A_PCT75": 8_528}, "column A_PCT75: expected at least the wage in A_MEDIAN"),
        ({"TOT_EMP": 700}, "column employment: expected the employment that JOBS_1000 tells"),
    ],
)
def test_numbers_that_contradict_each_other_are_refused(tmp_path, change, why):
    with pytest.raises(BadInput, match=f"row 3, {why}"):
        list(Oews().recognize(bls(tmp_path, [BLS, COUNSELORS | change])).read())


def test_a_mean_and_a_median_that_changed_places_are_refused(tmp_path):
    row = ROW | {"OCC_CODE": "00-0000", "A_MEAN": "70000", "A_MEDIAN": "52000"}
    assert read(tmp_path, row)["median"].to_list() == [52_000]
    with pytest.raises(
        BadInput, match="row 2, column mean: expected for all occupations, at least"
    ):
        read(tmp_path, row | {"A_MEAN": "52000", "A_MEDIAN": "70000"})
    with pytest.raises(BadInput, match="row 2, column median: expected a wage near the A_MEAN"):
        read(tmp_path, ROW | {"A_MEDIAN": "8", "AREA": "60000"})


def test_states_that_miss_the_nation_are_refused(tmp_path):
    states = [s for s in STATES if s not in ("AS", "GU", "MP", "PR", "VI", "BI")]
    rows = [BLS | {"PRIM_STATE": s, "TOT_EMP": 1000} for s in states]
    nation = BLS | {"PRIM_STATE": "US", "AREA_TYPE": "1", "TOT_EMP": 51_000}
    list(Oews().recognize(bls(tmp_path, [nation, *rows])).read())
    rows[3]["TOT_EMP"] = 10_000
    with pytest.raises(BadInput, match="add up to the nation's 51,000 employed in 00-0000"):
        list(Oews().recognize(bls(tmp_path, [nation, *rows])).read())


@pytest.mark.shared
def test_a_file_that_was_cut_is_refused(shared_data, tmp_path):
    path = shared_data / "oews" / "oews_state_2023_key_occupations.csv"
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    ends_at_a_state = next(at for at, line in enumerate(lines) if b"Georgia" in line)
    cuts = [
        whole[: int(len(whole) * 0.4)], whole[:-1], whole[:-2], b"".join(lines[:200]),
        b"".join(lines[:-1]), b"".join(lines[:ends_at_a_state]), b"".join(lines[:9] + lines[10:]),
    ]  # fmt: skip
    for cut in cuts:
        (tmp_path / "cut").write_bytes(cut)
        with pytest.raises(BadInput):
            list(Oews().recognize(SourceFile(tmp_path / "cut")).read())


@pytest.mark.shared
def test_one_states_rows_are_an_extract(shared_data, tmp_path):
    path = shared_data / "oews" / "oews_state_2023_key_occupations.csv"
    lines = path.read_bytes().splitlines(keepends=True)
    (tmp_path / "tx").write_bytes(b"".join([lines[0], *(x for x in lines if b",Texas," in x)]))
    (batch,) = Oews().recognize(SourceFile(tmp_path / "tx")).read()
    assert (batch.frame.height, batch.notes) == (11, (EXTRACT,))


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
