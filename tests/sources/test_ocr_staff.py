from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from homeroom.errors import BadInput
from homeroom.sources.base import SourceFile
from homeroom.sources.ocr_estimations import OcrEstimations
from homeroom.sources.ocr_staff import OcrStaff
from homeroom.vocabulary.states import STATES

ROLES = ("counselor", "officer", "guard", "nurse", "psychologist", "social_worker")
LABELS = (
    "Counselors",
    "Sworn Law Enforcement Officers ",
    "Security Guards",
    "Nurse",
    "Psychologists",
    "Social Workers",
)
HERE = sorted(set(STATES) - {"AS", "GU", "MP", "PR", "VI", "BI"})
TITLE = (
    "Number of public {} school full-time equivalent (FTE) support staff, and number and "
    "percentage of public {} schools with full-time equivalent support staff, by state: School "
    "Year 2015-16"
)


def body(roles: int) -> list[list]:
    """The nation and the states, whose made-up numbers add up to it."""
    rows = []
    for at, state in enumerate(HERE, start=1):
        numbers = [at + role / 4 for role in range(roles)]
        for role in range(roles):
            numbers += [10 * at + role, 12.5]
        rows.append([STATES[state], *numbers, 100 + at, 98.5, "!" if state == "NY" else 0])
    nation = [sum(row[column] for row in rows) for column in range(1, len(rows[0]) - 2)]
    return [["United States", *nation, 98.5, 0], *rows]


def draw(
    path: Path, level: str = "middle", title: str = TITLE, labels=LABELS, change=None
) -> SourceFile:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("staff")
    sheet.write(0, 0, title.format(level, level))
    top = ["State", "Count of FTE Support Staff", *[None] * (len(labels) - 1)]
    for label in labels:
        top += [f"Number of Schools With {label}", f"Percent of Schools with\xa0 {label}"]
    top += ["Number of Schools1", "Percent of Schools Reporting1"]
    sheet.write_row(2, 0, top)
    sheet.write_row(3, 1, labels)
    for at, row in enumerate(body(len(labels))):
        sheet.write_row(5 + at, 0, row)
        if change == (at, "fte"):
            sheet.write(5 + at, 1, row[1] + 0.5)
        elif change == (at, "reporting"):
            sheet.write(5 + at, len(row) - 2, 198.5)
        elif change and change[1] == "schools":
            sheet.write(5 + change[0], 1 + len(labels), 7_777)
    sheet.write(58, 0, "! Interpret data in this row with caution.")
    book.close()
    return SourceFile(path)


def read(file: SourceFile):
    recognized = OcrStaff().recognize(file)
    assert recognized is not None
    (batch,) = recognized.read()
    return batch


def test_every_role_of_every_state(tmp_path):
    batch = read(draw(tmp_path / "whatever.xlsx"))
    assert len(batch.frame) == 52 * 6
    assert set(batch.frame["level"]) == {"middle"}
    at = 1 + HERE.index("OH")
    got = batch.frame.filter(state="OH").select(
        "role", "fte", "schools_with", "schools", "reporting"
    )
    assert got.rows() == [
        (role, at + n / 4, 10 * at + n, 100 + at, 98.5) for n, role in enumerate(ROLES)
    ]
    assert [note for note in batch.notes if "NY" in note and "caution" in note]


def test_a_role_gone_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"gone\.xlsx: .*no column of nurse"):
        read(draw(tmp_path / "gone.xlsx", labels=[*LABELS[:3], *LABELS[4:]]))


@pytest.mark.parametrize("change", [(0, "fte"), (9, "fte"), (0, "schools"), (9, "schools")])
def test_one_changed_figure_is_refused(tmp_path, change):
    with pytest.raises(BadInput, match="expected the states to add up to the nation's"):
        read(draw(tmp_path / "flip.xlsx", change=change))


def test_a_percent_of_schools_above_100_is_refused(tmp_path):
    with pytest.raises(BadInput, match="expected a percent of schools reporting from 0 to 100"):
        read(draw(tmp_path / "flip.xlsx", change=(9, "reporting")))


def test_other_workbooks_of_teachers_and_counselors_are_none(tmp_path):
    counselors = (
        "Number of public high school full-time equivalent (FTE) school counselors, and number "
        "and percentage of public high schools with FTE school counselors, by state: School Year "
        "2017-18"
    )
    file = draw(tmp_path / "c.xlsx", title=counselors)
    assert OcrStaff().recognize(file) is None
    assert OcrEstimations().recognize(file) is None


@pytest.mark.shared
def test_official_workbooks(shared_data):
    folder = shared_data / "crdc" / "state_tables" / "2015-16-support-staff"
    used = {}
    for path in sorted(folder.glob("*.xlsx")):
        if recognized := OcrStaff().recognize(SourceFile(path)):
            used[path.name] = next(iter(recognized.read())).frame
        assert OcrEstimations().recognize(SourceFile(path)) is None
    assert sorted(used) == [
        f"2015-16_FTE-Support-Staff-{level}-School.xlsx"
        for level in ("Elementary", "High", "Middle")
    ]
    table = pl.concat(used.values())
    assert len(table) == 3 * 52 * 6
    nation = table.filter(state="US", level="elementary", role="counselor")
    assert nation.select("fte", "schools_with", "schools").row(0) == (44_660.83, 38_873, 60_553)
    officers = table.filter(state="US", level="high", role="officer")
    assert officers.select("fte", "schools_with").row(0) == (10_062.22, 8_589)
    states = (
        table.filter(pl.col("state") != "US")
        .group_by("level", "role")
        .agg(pl.sum("fte", "schools_with"))
    )
    both = table.filter(state="US").join(states, on=["level", "role"], suffix="_sum")
    assert (both["fte"] - both["fte_sum"]).abs().max() < 0.2
    assert both["schools_with"].equals(both["schools_with_sum"].rename("schools_with"))
