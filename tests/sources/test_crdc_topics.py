from __future__ import annotations

from itertools import product
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.crdc_topics import CrdcTopics
from homeroom.vocabulary.ids import school_number_of
from homeroom.vocabulary.status import BLANK

IDS = ["LEA_STATE", "LEAID", "LEA_NAME", "SCHID", "SCH_NAME", "COMBOKEY", "JJ"]
RACES = ("HI", "AM", "AS", "HP", "BL", "WH", "TR")
GROUPS = [f"{race}_{sex}" for race, sex in product(RACES, "MF")]
ENROLLMENT = [*(f"SCH_ENR_{group}" for group in GROUPS), "TOT_ENR_M", "TOT_ENR_F"]
ARRESTS = [
    name
    for element in ("REF", "ARR")
    for name in (
        *(f"SCH_DISCWODIS_{element}_{group}" for group in GROUPS),
        *(f"SCH_DISCWDIS_{element}_IDEA_{group}" for group in GROUPS),
        *(f"SCH_DISCWDIS_{element}_504_{sex}" for sex in "MF"),
    )
]


def school(lea: str, number: str, counts: list[object]) -> list[object]:
    return ["AL", lea, "A district", number, "A school", lea + number, "No", *counts]


def workbook(path: Path, columns: list[str], rows: list[list[object]]) -> SourceFile:
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "Read me")
    sheet = book.add_worksheet("Data")
    for at, row in enumerate([columns, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    return SourceFile(path)


def read(file: SourceFile) -> dict[str, list[pl.DataFrame]]:
    recognized = CrdcTopics().recognize(file)
    assert recognized is not None
    tables: dict[str, list[pl.DataFrame]] = {}
    for batch in recognized.read():
        tables.setdefault(batch.table, []).append(batch.frame)
    return tables


def test_counts_zeros_codes_and_duplicates(tmp_path):
    counts = [0] * len(ARRESTS)
    counts[ARRESTS.index("SCH_DISCWODIS_ARR_BL_M")] = 4
    rows = [
        school("0100005", "00870", counts),
        school("0100005", "00870", counts),
        school("0100006", "00871", [-9] * len(ARRESTS)),
    ]
    file = workbook(tmp_path / "03 A topic.xlsx", IDS + ARRESTS, rows)
    tables = read(file)
    assert CrdcTopics().recognize(file).wave == "2013-14"
    numbers = [school_number_of("010000500870"), school_number_of("010000600871")]
    assert tables["school"][0]["school_no"].to_list() == numbers
    assert sum(frame["value"].sum() for frame in tables["cell"]) == 4
    codes = pl.concat(tables["unanswered"])
    assert set(codes["code"]) == {-9}
    assert set(codes["school_no"]) == {numbers[1]}
    assert len(codes) == 6


def test_enrollment_without_the_parts_by_disability_leaves_them_blank(tmp_path):
    file = workbook(
        tmp_path / "03 A e.xlsx",
        IDS + ENROLLMENT,
        [school("0100005", "00870", [3] * len(ENROLLMENT))],
    )
    tables = read(file)
    assert tables["cell"][0]["value"].sum() == 3 * len(GROUPS)
    blank = pl.concat(tables["unanswered"])
    assert set(blank["disability"]) == {"idea", "s504"}
    assert set(blank["code"]) == {BLANK}


def test_a_column_gone_is_refused(tmp_path):
    columns = [c for c in ARRESTS if c != "SCH_DISCWDIS_ARR_IDEA_WH_F"]
    file = workbook(tmp_path / "03 A t.xlsx", IDS + columns, [school("0100005", "00870", [1] * 59)])
    with pytest.raises(BadInput, match="ARR idea white female"):
        read(file)


def test_a_word_for_a_count_is_refused(tmp_path):
    counts: list[object] = [0] * len(ARRESTS)
    counts[3] = "few"
    file = workbook(tmp_path / "03 A t.xlsx", IDS + ARRESTS, [school("0100005", "00870", counts)])
    with pytest.raises(BadInput, match=r"row 2, column SCH_DISCWODIS_REF_AM_F.*few"):
        read(file)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ([*IDS, "M_AME_7_SINGLE_SUS_NO_DIS", "F_TOT_7_SINGLE_SUS_NO_DIS"], "2011-12"),
    ],
)
def test_other_waves_are_refused_by_name(tmp_path, columns, reason):
    file = workbook(tmp_path / "03 A old.xlsx", columns, [["x"] * len(columns)])
    with pytest.raises(BadInput, match=reason):
        CrdcTopics().recognize(file)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"LEAID,SCHID\n1,2\n"])
def test_garbage_is_none(tmp_path, content):
    path = tmp_path / "03 A x.xlsx"
    path.write_bytes(content)
    assert CrdcTopics().recognize(SourceFile(path)) is None


def test_a_topic_that_homeroom_does_not_use_is_none(tmp_path):
    file = workbook(tmp_path / "03 A a.xlsx", [*IDS, "SCH_ALGCLASSES_GS0708"], [["x"] * 8])
    assert CrdcTopics().recognize(file) is None
