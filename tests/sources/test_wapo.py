from __future__ import annotations

import polars as pl
import pytest

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.wapo import NOT_GIVEN, WashingtonPost

ROW = {
    "uid": "1", "nces_school_id": "080009901234", "school_year": "2017-2018",
    "shooting_type": "targeted", "resource_officer": "1", "enrollment": "1,369", "killed": "1",
    "injured": "2",
}  # fmt: skip


def recognize(tmp_path, *rows, encoding="utf-8"):
    lines = [rows[0].keys(), *(row.values() for row in rows)]
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines)
    (tmp_path / "anything").write_bytes(text.encode(encoding))
    return WashingtonPost().recognize(SourceFile(tmp_path / "anything"))


def read(tmp_path, *rows, **options):
    """Return the batch of incident_year."""
    return next(recognize(tmp_path, *rows, **options).read())


def by_size(tmp_path, *rows):
    """Return the rows of incident_size."""
    return [batch.frame for batch in recognize(tmp_path, *rows).read()][1]


def test_incidents_become_counts(tmp_path):
    rows = [
        ROW,
        ROW | {"uid": "2", "shooting_type": "targeted "},
        ROW | {"uid": "3", "killed": "0"},
    ]
    rows += [ROW | {"uid": "4", "resource_officer": "0"}, ROW | {"uid": "5", "shooting_type": ""}]
    batch = read(tmp_path, *(dict(reversed(row.items())) for row in rows))
    assert batch.frame.rows() == [
        ("2017-18", False, "targeted", 1, 1, 2),
        ("2017-18", True, NOT_GIVEN, 1, 1, 2),
        ("2017-18", True, "targeted", 3, 2, 6),
    ]


def test_no_school_is_named(tmp_path):
    frame = read(tmp_path, ROW).frame
    assert frame.columns == ["school_year", "guarded", "kind", "incidents", "killed", "injured"]


@pytest.mark.parametrize(
    ("enrollment", "band"),
    [
        ("499", "under_500"), ("500", "500_to_999"), ("999", "500_to_999"),
        ("1000", "1000_or_more"), ("5,264", "1000_or_more"), ("", None), ("0", None),
    ],
)  # fmt: skip
def test_enrollment_is_counted_in_bands(tmp_path, enrollment, band):
    assert by_size(tmp_path, ROW | {"enrollment": enrollment})["enrollment"].to_list() == [band]


def test_shootings_with_a_death_are_counted(tmp_path):
    rows = [ROW, ROW | {"uid": "2", "killed": "0"}, ROW | {"uid": "3", "killed": "4"}]
    assert by_size(tmp_path, *rows).rows() == [("2017-18", True, "1000_or_more", 3, 5, 6, 2)]


def test_not_recorded_is_neither_present_nor_absent(tmp_path):
    rows = [ROW | {"uid": str(n), "resource_officer": v} for n, v in enumerate(("1", "0", "", ""))]
    counts = dict(by_size(tmp_path, *rows).select("guarded", "incidents").iter_rows())
    assert counts == {True: 1, False: 1, None: 2}


def test_silence_about_an_officer_is_counted_and_told(tmp_path):
    batch = read(tmp_path, ROW | {"resource_officer": "", "shooting_type": "uclear"})
    assert batch.frame.row(0)[1:3] == (None, "unclear")
    assert "1 incidents do not say whether an officer or guard was present" in batch.notes


def test_an_incident_given_twice_counts_once(tmp_path):
    assert read(tmp_path, ROW, ROW).frame["incidents"].sum() == 1
    with pytest.raises(BadInput, match="uid, found 1 twice"):
        read(tmp_path, ROW, ROW | {"killed": "3"})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"school_year": "2017"}, "row 3, column school_year"),
        ({"school_year": "2017-2019"}, "row 3, column school_year"),
        ({"resource_officer": "2"}, "row 3, column resource_officer"),
        ({"killed": ""}, "row 3, column killed: expected a count, found None"),
        ({"killed": "-1"}, "row 3, column killed"),
        ({"injured": "many"}, "row 3, column injured"),
        ({"injured": "9999999999"}, "row 3, column injured"),
        ({"uid": ""}, "row 3, column uid"),
        ({"enrollment": "-5"}, "row 3, column enrollment"),
        ({"enrollment": "large"}, "row 3, column enrollment"),
    ],
)
def test_damage_is_refused_by_row_and_column(tmp_path, change, why):
    with pytest.raises(BadInput, match=why):
        read(tmp_path, ROW, ROW | {"uid": "2"} | change)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(BadInput, match="expected column killed"):
        read(tmp_path, {key: value for key, value in ROW.items() if key != "killed"})


AGAIN = {
    "R": {"resource_officer": "NA", "enrollment": "NA", "shooting_type": "NA"},
    "pandas": {"resource_officer": "", "enrollment": "", "shooting_type": ""},
}


@pytest.mark.parametrize("absent", AGAIN.values(), ids=AGAIN)
def test_a_copy_saved_by_r_or_pandas_reads_as_the_original(tmp_path, absent):
    empty = {"resource_officer": "", "enrollment": "", "shooting_type": ""}
    floats = {"resource_officer": "1.0", "enrollment": "1369.0", "killed": "1.0", "uid": "1.0"}
    original = read(tmp_path, ROW, ROW | {"uid": "2"} | empty).frame
    assert read(tmp_path, ROW | floats, ROW | {"uid": "2.0"} | absent).frame.equals(original)


@pytest.mark.shared
def test_a_database_that_was_cut_is_refused(shared_data, tmp_path):
    whole = (shared_data / "shootings" / "school-shootings-data.csv").read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut in (whole[:-1], whole[: int(len(whole) * 0.4)], b"".join(lines[:170]).rstrip()):
        (tmp_path / "cut").write_bytes(cut)
        with pytest.raises(BadInput):
            list(WashingtonPost().recognize(SourceFile(tmp_path / "cut")).read())
    (tmp_path / "some").write_bytes(b"".join(lines[:101]))
    batch = next(WashingtonPost().recognize(SourceFile(tmp_path / "some")).read())
    assert batch.notes[-1] == "100 incidents, of the 428 or more that the Post lists"


@pytest.mark.parametrize("data", [b"", b"\x00", b"Field Number,Field Name\n1,uid\n"])
def test_other_files_are_left_alone(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert WashingtonPost().recognize(SourceFile(tmp_path / "x")) is None


@pytest.mark.shared
def test_the_database_to_january_2025(shared_data):
    recognized = WashingtonPost().recognize(
        SourceFile(shared_data / "shootings" / "school-shootings-data.csv")
    )
    batch, sizes = recognized.read()
    assert recognized.wave == "1998-99 to 2024-25"
    assert batch.frame["incidents"].sum() == 428
    assert batch.frame.filter("guarded")["incidents"].sum() == 104
    assert "190 incidents do not say whether an officer or guard was present" in batch.notes
    assert batch.frame["school_year"].n_unique() == 27
    for column in ("incidents", "killed", "injured"):
        assert sizes.frame[column].sum() == batch.frame[column].sum()
    assert sizes.frame["enrollment"].null_count() == 0
    assert sizes.frame.filter(pl.col("guarded").is_null())["incidents"].sum() == 190
