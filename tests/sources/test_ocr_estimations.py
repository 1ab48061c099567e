from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from homeroom.errors import BadInput
from homeroom.sources.base import Batch, SourceFile
from homeroom.sources.ocr_estimations import OcrEstimations, settle
from homeroom.sources.ocr_titles import Subject, subject
from homeroom.vocabulary.groups import RACES
from homeroom.vocabulary.states import POSTAL_OF_NAME, STATES

NATION = "50 states, District of Columbia, and Puerto Rico"
HERE = sorted(set(STATES) - {"AS", "GU", "MP", "VI", "BI"})
HEADINGS = (
    "American Indian or\nAlaska Native",
    "Asian",
    "Hispanic or Latino of any race",
    "Black or African American",
    "White",
    "Native Hawaiian or Other Pacific Islander",
    "Two or more races",
)
ORDER = ("american_indian", "asian", "hispanic", "black", "white", "pacific", "two_or_more")
TITLE = (
    "Number and percentage of public school {sex}students with and without disabilities receiving "
    "{what} by race/ethnicity, disability status, and English proficiency, by state: "
    "School Year {wave}"
)


def counts(state: str, sex: str) -> list[int]:
    """Seven races, then 504 only: made-up numbers in which the sexes and the states add up."""
    at = HERE.index(state) if state in HERE else 0
    male, female = [at + race for race in range(8)], [2 * at + 1] * 8
    one = {"male": male, "female": female, "": [m + f for m, f in zip(male, female, strict=True)]}
    return one[sex]


def nation(sex: str) -> list[int]:
    return [sum(column) for column in zip(*(counts(s, sex) for s in HERE), strict=True)]


def add(row: list[object], at: int, more: int = 1) -> None:
    row[at] = int(str(row[at])) + more


class Drawn:
    """A sheet in OCR's layout, cell by cell; tests change what they need before it is written."""

    def __init__(self, sex: str = "", what: str = "school-related arrests", wave: str = "2017-18"):
        self.name = sex.title() or "Total"
        who = "Race/Ethnicity of Students without Disabilities and with Disabilities Served "
        self.above: list[list[object]] = []
        self.title = TITLE.format(sex=f"{sex} " if sex else "", what=what, wave=wave)
        self.head: list[list[object]] = [[""] * 25 for _ in range(3)]
        top, races, unit = self.head
        top[1:4] = ["State", "Total Students", who + "Under IDEA1"]
        top[17], top[19] = (
            "Students  With Disabilities Served Under  IDEA",
            "Students With Disabilities Served Only Under Section 504",
        )
        top[21], top[23], top[24] = (
            "English Language Learners",
            "Number of Schoolsa",
            "Percent of Schools Reporting ",
        )
        for at, heading in enumerate(HEADINGS):
            races[3 + 2 * at] = heading
        for at in range(3, 23, 2):
            unit[at : at + 2] = ["Number", "Percent2"]
        rows = [(NATION, nation(sex))] + [(STATES[s], counts(s, sex)) for s in HERE]
        idea = {"male": 1, "female": 2, "": 3}[sex]
        self.body = [self._row(name, numbers, idea) for name, numbers in rows]
        for at in (17, 23):  # the states' students under IDEA and schools add up to the nation's
            self.body[0][at] = sum(int(str(row[at])) for row in self.body[1:])
        self.below: list[list[object]] = [["", "1 Data by race/ethnicity were collected only for "]]
        self.below += [[], ["54,321", "2,021", "13,996", "845"]]

    @staticmethod
    def _row(name: str, numbers: list[int], idea: int) -> list[object]:
        row: list[object] = ["Corporal punishment", name, sum(numbers)] + [0.5] * 22
        row[3:17:2] = numbers[:7]
        row[17], row[19], row[21] = idea, numbers[7], 3
        row[23], row[24] = 1000, 99.377
        return row

    def rows(self) -> list[list[object]]:
        return [*self.above, ["", self.title], [], *self.head, *self.body, *self.below]


def draw(path: Path, *sheets: Drawn) -> SourceFile:
    book = xlsxwriter.Workbook(path)
    index = book.add_worksheet("Index")
    index.write(0, 3, "Tables")
    for at, drawn in enumerate(sheets):
        index.write(3 + at, 3, drawn.title)
        sheet = book.add_worksheet(drawn.name)
        for line, row in enumerate(drawn.rows()):
            for column, cell in enumerate(row):
                if cell != "":
                    sheet.write(line, column, cell)
    book.close()
    return SourceFile(path)


def read(file: SourceFile) -> Batch:
    recognized = OcrEstimations().recognize(file)
    assert recognized is not None
    (batch,) = recognized.read()
    return batch


def value(frame: pl.DataFrame, state: str, race: str = "all", **where: str) -> int | None:
    key = {"disability": "all", "sex": "all"} | where | {"state": state, "race": race}
    return frame.filter(**key).select("value").item()


def test_title_tells_measure_and_wave_whatever_the_labels_and_the_file_name(tmp_path):
    batch = read(draw(tmp_path / "2011-12 Corporal Punishment.xlsx", Drawn()))
    assert batch.frame["element"].unique().to_list() == ["arrests"]
    assert batch.frame["wave"].unique().to_list() == ["2017-18"]
    assert len(batch.frame) == (1 + len(HERE)) * (7 + 3)
    wanted = dict(zip(ORDER, counts("TX", ""), strict=False))
    assert {race: value(batch.frame, "TX", race) for race in RACES} == wanted
    assert value(batch.frame, "TX") == sum(counts("TX", ""))
    assert value(batch.frame, "TX", disability="s504") == counts("TX", "")[7]
    assert value(batch.frame, "TX", disability="idea") == 3
    assert value(batch.frame, "US", "black") == nation("")[3]
    assert set(batch.frame["schools"]) == {1000, 1000 * len(HERE)}


def test_a_scratch_row_above_and_an_unlabeled_column_shift_nothing(tmp_path):
    plain, shifted = Drawn(), Drawn()
    shifted.above = [[52300]]
    shifted.head = [[*row, ""] for row in shifted.head]
    shifted.body = [[*row, "!" if row[1] == "New York" else ""] for row in shifted.body]
    batch = read(draw(tmp_path / "shifted.xlsx", shifted))
    assert batch.frame.equals(read(draw(tmp_path / "plain.xlsx", plain)).frame)
    assert any("NY" in note and "caution" in note for note in batch.notes)


def test_sheets_in_any_order_give_the_same_rows(tmp_path):
    sheets = [Drawn(sex) for sex in ("", "male", "female")]
    one = read(draw(tmp_path / "one.xlsx", *sheets)).frame
    other = read(draw(tmp_path / "other.xlsx", *reversed(sheets))).frame
    assert one.sort(pl.all()).equals(other.sort(pl.all()))
    assert one["sex"].unique().sort().to_list() == ["all", "female", "male"]


def test_a_suppressed_range_is_no_number_but_a_note(tmp_path):
    drawn = Drawn(wave="2011-12")
    at = drawn.body[5]
    at[2] = int(str(at[2])) - int(str(at[9])) + 2  # OCR took 2 for it in its totals
    at[9] = "1-3 "
    row = read(draw(tmp_path / "m.xlsx", drawn)).frame.filter(
        state=POSTAL_OF_NAME[str(drawn.body[5][1]).casefold()], race="black"
    )
    assert row.select("value", "note").row(0) == (None, "1-3")


def test_a_sheet_that_repeats_another_under_a_wrong_name_gives_nothing_of_its_own(tmp_path):
    copy = Drawn("male")
    copy.name = "SCH_3T1_Female"
    batch = read(draw(tmp_path / "copy.xlsx", Drawn(), Drawn("male"), copy))
    assert set(batch.frame["sex"]) == {"all", "male"}
    assert any("SCH_3T1_Female" in note and "none for female" in note for note in batch.notes)


def test_sexes_that_do_not_add_up_are_refused(tmp_path):
    female = Drawn("female")
    for row in (female.body[0], female.body[8]):  # nation and state, one race and the total
        add(row, 9)
        add(row, 2)
    with pytest.raises(BadInput, match="male and female to add up"):
        read(draw(tmp_path / "w.xlsx", Drawn(), Drawn("male"), female))


def test_copies_that_differ_in_ocrs_own_workbook_leave_no_number(tmp_path):
    topic = {"what": "one or more in-school suspensions", "wave": "2015-16"}
    other = Drawn(**topic)
    other.name = "Total again"
    for row in other.body:
        if row[1] in (NATION, "Illinois"):
            add(row, 17, -1)
    batch = read(draw(tmp_path / "d.xlsx", Drawn(**topic), other))
    row = batch.frame.filter(state="IL", disability="idea")
    assert row.select("value", "note").row(0) == (None, "2 or 3")
    assert any("2 or 3" in note for note in batch.notes)


def test_copies_that_differ_elsewhere_are_refused(tmp_path):
    other = Drawn()
    other.name = "Total again"
    for row in (other.body[0], other.body[3]):
        add(row, 17, -1)
    with pytest.raises(BadInput, match=r"the same figure in every sheet.*found 155 or 156"):
        read(draw(tmp_path / "d.xlsx", Drawn(), other))


@pytest.mark.parametrize("column", [2, 3, 5, 7, 9, 11, 13, 15, 17, 19, 23])
@pytest.mark.parametrize("line", [0, 20])
def test_one_changed_figure_of_the_nation_or_a_state_is_refused(tmp_path, line, column):
    drawn = Drawn()
    add(drawn.body[line], column)
    with pytest.raises(BadInput, match=r"expected .* to add up to the total [\d,]+, found [\d,]+"):
        read(draw(tmp_path / "flip.xlsx", drawn))


def test_a_share_of_schools_above_all_is_refused(tmp_path):
    drawn = Drawn()
    drawn.body[4][24] = 199.377
    with pytest.raises(BadInput, match="percent of schools reporting from 0 to 100"):
        read(draw(tmp_path / "share.xlsx", drawn))


def test_a_sheet_without_its_title_is_refused_and_not_left_out(tmp_path):
    lost = Drawn("male")
    lost.title = lost.title.replace("School Year", "Schoml Year")
    with pytest.raises(BadInput, match="sheet Male: expected a title with the school year"):
        read(draw(tmp_path / "lost.xlsx", Drawn(), lost, Drawn("female")))


def test_one_sex_without_the_other_is_refused(tmp_path):
    with pytest.raises(BadInput, match="found none of male"):
        read(draw(tmp_path / "one.xlsx", Drawn(), Drawn("female")))


def test_one_sex_without_the_other_is_refused_where_other_sheets_are_copies(tmp_path):
    again = Drawn()
    again.name = "Total again"
    with pytest.raises(BadInput, match="found none of male"):
        read(draw(tmp_path / "two.xlsx", Drawn(), again, Drawn("female")))


@pytest.mark.parametrize(
    ("member", "old", "new"),
    [
        ("xl/worksheets/sheet3.xml", b"<sheetData>", b"<sheetDat!>"),
        ("xl/workbook.xml", b'<sheet name="Male"', b'<sheeu name="Male"'),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(tmp_path, member, old, new):
    whole = draw(tmp_path / "whole.xlsx", Drawn(), Drawn("male"), Drawn("female")).path
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == member:
                assert old in data
                data = data.replace(old, new)
            target.writestr(entry, data)
    with pytest.raises(BadInput, match="expected"):
        read(SourceFile(path))


def test_settle_keeps_one_of_equal_copies():
    frame = pl.DataFrame(
        {"wave": "w", "state": "US", "element": "e", "disability": "all", "race": "all",
         "sex": "all", "value": [5, 5], "note": [None, None]},
        schema_overrides={"note": pl.String},
    )  # fmt: skip
    settled, notes = settle(frame)
    assert (settled["value"].to_list(), notes) == ([5], ())


def gone_column(drawn: Drawn) -> None:
    for row in (*drawn.head, *drawn.body):
        del row[11:13]


def gone_state(drawn: Drawn) -> None:
    drawn.body = [row for row in drawn.body if row[1] != "Ohio"]


def new_state(drawn: Drawn) -> None:
    drawn.body[8][1] = "Confusion"


def twice(drawn: Drawn) -> None:
    drawn.body[8][1] = drawn.body[7][1]


def word(drawn: Drawn) -> None:
    drawn.body[8][11] = "many"


def negative(drawn: Drawn) -> None:
    drawn.body[8][11] = -9


def fraction(drawn: Drawn) -> None:
    drawn.body[8][11] = 12.5


def blank(drawn: Drawn) -> None:
    drawn.body[8][11] = ""


def heading(drawn: Drawn) -> None:
    drawn.head[1][11] = "Martians"


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (gone_column, "found none of arrests/all/white"),
        (gone_state, "missing OH"),
        (new_state, "row 14: expected the next state, found 'Confusion'"),
        (twice, "row 14: expected the next state"),
        (word, "row 14, arrests/all/white: expected a count, found 'many'"),
        (negative, "expected a count, found '-9'"),
        (fraction, "expected a count, found '12.5'"),
        (blank, "expected a count, found ''"),
        (heading, "martians"),
    ],
)
def test_a_damaged_sheet_is_refused(tmp_path, damage, reason):
    drawn = Drawn()
    damage(drawn)
    with pytest.raises(BadInput, match=reason) as error:
        read(draw(tmp_path / "damaged.xlsx", drawn))
    assert str(error.value).startswith("damaged.xlsx: ")


def test_two_topics_in_one_workbook_are_refused(tmp_path):
    second = Drawn(what="referral to law enforcement")
    second.name = "Second"
    with pytest.raises(BadInput, match="one topic and one wave"):
        read(draw(tmp_path / "two.xlsx", Drawn(), second))


def test_another_topic_or_a_workbook_without_tables_is_none(tmp_path):
    drawn = Drawn()
    drawn.title = "Number and percentage of public school teachers, by state: School Year 2015-16"
    assert OcrEstimations().recognize(draw(tmp_path / "teachers.xlsx", drawn)) is None
    book = xlsxwriter.Workbook(tmp_path / "chart.xlsx")
    book.add_worksheet("Empty")
    pie = book.add_chart({"type": "pie"})
    pie.add_series({"values": "=Empty!$A$1:$A$3"})
    book.add_chartsheet().set_chart(pie)
    book.close()
    assert OcrEstimations().recognize(SourceFile(tmp_path / "chart.xlsx")) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"PK\x03\x04" + b"\x00" * 4000, b"\xd0\xcf\x11\xe0", b"a,b\n1,2"],
)
def test_garbage_is_none(tmp_path, content):
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    assert OcrEstimations().recognize(SourceFile(path)) is None


def test_half_a_workbook_is_none(tmp_path):
    whole = draw(tmp_path / "whole.xlsx", Drawn()).path.read_bytes()
    (tmp_path / "half.xlsx").write_bytes(whole[: len(whole) // 2])
    assert OcrEstimations().recognize(SourceFile(tmp_path / "half.xlsx")) is None


def test_a_web_page_under_the_name_of_a_workbook_is_refused(tmp_path):
    path = tmp_path / "suspensions.xlsx"
    path.write_text("<!DOCTYPE html><html><head><title>404 - not found</title></head></html>")
    with pytest.raises(BadInput, match=r"404 - not found.*Download it again"):
        OcrEstimations().recognize(SourceFile(path))


def test_a_workbook_that_changes_is_read_anew(tmp_path):
    file = draw(tmp_path / "a.xlsx", Drawn())
    assert read(file).frame["wave"][0] == "2017-18"
    shutil.copy(draw(tmp_path / "b.xlsx", Drawn(wave="2015-16")).path, file.path)
    assert read(SourceFile(file.path)).frame["wave"][0] == "2015-16"


OF_IDEA = "students with disabilities served under IDEA"
BY_LAW = "served solely under Section 504"
LEARNERS = "students who are English language learners, by state: School Year 2015-16"


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        (
            TITLE.format(sex="", what="corporal punishment", wave="x"),
            ("corporal_punishment", "all", None),
        ),
        (
            (
                "Number and percentage of public school female students without disabilities "
                "receiving only one out-of-school suspension by race/ethnicity, "
                "by state: SY 2011-12"
            ),
            ("oss_single", "wodis", "female"),
        ),
        (
            (
                "Public school male students overall and by race/ethnicity, "
                f"{OF_IDEA} and those {BY_LAW}, and {LEARNERS}"
            ),
            ("enrollment", "all", "male"),
        ),
        (
            (
                f"Number and percentage of public school {OF_IDEA} overall and by race/ethnicity, "
                f"and those {LEARNERS}"
            ),
            ("enrollment", "idea", None),
        ),
        (
            (
                f"Number and percentage of public school students with disabilities {BY_LAW} "
                "of the Rehabilitation Act of 1973 overall and by race/ethnicity, "
                f"and those {LEARNERS}"
            ),
            ("enrollment", "s504", None),
        ),
    ],
)
def test_subject(title, wanted):
    assert subject(title) == Subject(*wanted)
