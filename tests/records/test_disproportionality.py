"""The 14 categories on records: against a count by hand, and the contract of the rows."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from fractions import Fraction

import pytest
from click.testing import CliRunner
from records_tables import STUDENTS, imported, write

from homeroom.cli.main import cli
from homeroom.errors import BadInput
from homeroom.law import idea
from homeroom.records import vocabulary as words
from homeroom.records.answers import disproportionality
from homeroom.records.disproportionality import GROUPS

FIELDS = {
    "lea", "category", "group", "cell", "n", "comparison", "risk", "comparison_risk", "ratio",
    "method", "reason", "paragraph", "threshold", "exceeds", "consecutive_years", "identified",
}  # fmt: skip
GROUP_OF = dict(zip(words.RACES, GROUPS, strict=True))


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    from homeroom.records.sample import Sample
    from homeroom.records.sample import write as make

    folder = tmp_path_factory.mktemp("clean") / "extract"
    make(Sample(students=3_000, leas=3, actions=90, years=(2024,), dirt=False), folder)
    return folder


KINDS = {
    2: "intellectual_disability", 3: "specific_learning_disability", 4: "emotional_disturbance",
    5: "speech_or_language_impairment", 6: "other_health_impairment", 7: "autism",
}  # fmt: skip
OUT, REMOVED = ("OSS", "EXPWE", "EXPWOE"), ("OSS", "EXPWE", "EXPWOE", "ISS", "removal_school")


def people_of(folder):
    """Whoever was enrolled on 1 October, with the age of that day."""
    people = {}
    with (folder / "students.csv").open() as stream:
        for row in csv.DictReader(stream):
            if row["entry_date"] <= "2023-10-01" < (row["exit_date"] or "9"):
                born = row["birth_date"]
                row["years"] = 2023 - int(born[:4]) - (born[5:] > "10-01")
                people.setdefault(row["student_id"], row)
    return people


def identified_by_hand(people):
    cells, bases = defaultdict(int), defaultdict(int)
    for row in people.values():
        at, swd = (row["leaid"], GROUP_OF[row["race"]]), row["idea"] == "Y"
        counted, of_school_age = 3 <= row["years"] <= 21, swd and 6 <= row["years"] <= 21
        for category in range(1, 15):
            base = counted if category < 8 else of_school_age if category < 10 else swd and counted
            bases[at, category] += base
        cells[at, 1] += swd and counted
        for category, kind in KINDS.items():
            cells[at, category] += swd and counted and row["disability"] == kind
        cells[at, 8] += of_school_age and row["setting"] == "regular_under_40"
        cells[at, 9] += of_school_age and row["setting"] == "separate_school"
    return cells, bases


def by_hand(folder):
    """Count the categories row by row, without SQL: (lea, group) and category to cell and n."""
    people = people_of(folder)
    cells, bases = identified_by_hand(people)
    days = {10: defaultdict(Fraction), 12: defaultdict(Fraction)}
    with (folder / "incidents.csv").open() as stream:
        for row in csv.DictReader(stream):
            person = people.get(row["student_id"], {"idea": "N"})
            if person["idea"] == "Y" and row["action"] in REMOVED:
                at = (row["leaid"], GROUP_OF[person["race"]])
                cells[at, 14] += 1
                if row["action"] != "removal_school":
                    few = 10 if row["action"] in OUT else 12
                    days[few][at, row["student_id"]] += Fraction(row["days"])
    for few, totals in days.items():
        for (at, _), total in totals.items():
            cells[at, few if total <= 10 else few + 1] += 1
    return cells, bases


def test_every_cell_agrees_with_a_count_by_hand(clean):
    cells, bases = by_hand(clean)
    answer = disproportionality(imported(clean), "WA", 2024, threshold="2.0")
    rows = answer.to_dicts()
    assert len(rows) == 3 * 14 * 7
    checked = 0
    for row in rows:
        key = ((row["lea"], row["group"]), idea.category(row["category"]).number)
        assert (row["cell"], row["n"]) == (cells[key], bases[key]), row
        if row["method"] == "risk_ratio":
            others = [(k, v) for k, v in bases.items() if k[0][0] == row["lea"] and k[1] == key[1]]
            on = sum(v for k, v in others) - row["n"]
            o = sum(v for k, v in cells.items() if k[0][0] == row["lea"] and k[1] == key[1])
            exact = Fraction(row["cell"], row["n"]) / Fraction(o - row["cell"], on)
            assert row["ratio"] == float(exact)
            assert row["exceeds"] == (exact > 2)
            checked += 1
    assert checked > 20


def test_rows_are_those_of_the_contract(clean):
    done = CliRunner().invoke(
        cli,
        ["records", "disproportionality", "--students", str(clean / "students.csv"),
         "--incidents", str(clean / "incidents.csv"), "--rules", "TX", "--year", "2024", "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert {frozenset(row) for row in rows} == {frozenset(FIELDS)}
    assert {row["method"] for row in rows} >= {"risk_ratio", "not_calculated"}
    assert {row["comparison"] for row in rows} <= {"lea", "state"}
    assert all(row["threshold"] is None for row in rows)  # Texas' threshold was not read
    assert "arrest" not in " ".join(row["category"] for row in rows)
    assert "CONFIDENTIAL" in done.stderr


def years_of(tmp_path, *black):
    """White children: 10 of 100 suspended each year. Black children: as given, of 100."""
    folder = tmp_path / "extract"
    folder.mkdir(parents=True)
    students, actions = [], []
    for year, cell in zip(range(2024 - len(black) + 1, 2025), black, strict=True):
        for race, suspended in (("Black", cell), ("White", 10)):
            for number in range(100):
                students.append(f"{race}{number},{year},L,1,{race},M,12,Y,SLD,,N")
                if number < suspended:
                    actions.append(f"{race}{number},{race}{number}-{year},{year}-02-01,OSS,1")
    write(folder, "students.csv", STUDENTS, *students)
    write(folder, "incidents.csv", "student_id,incident_id,date,action,days", *actions)
    return imported(folder)


def black_oss(made, **own):
    answer = disproportionality(made, "WA", 2024, **own)
    (row,) = (
        r for r in answer.to_dicts() if r["category"] == "oss_10_or_less" and r["group"] == "B"
    )
    return row


def test_three_years_in_a_row_identify_and_a_ratio_at_the_threshold_does_not_exceed(tmp_path):
    row = black_oss(years_of(tmp_path / "a", 31, 32, 33))
    assert (row["ratio"], row["exceeds"], row["consecutive_years"], row["identified"]) == (
        3.3, True, 3, True,
    )  # fmt: skip
    row = black_oss(years_of(tmp_path / "b", 31, 30, 33))
    assert (row["consecutive_years"], row["identified"]) == (1, False)
    row = black_oss(years_of(tmp_path / "c", 31, 32, 30))
    assert (row["ratio"], row["exceeds"], row["identified"]) == (3.0, False, False)
    row = black_oss(years_of(tmp_path / "d", 31))
    assert (row["consecutive_years"], row["identified"]) == (1, False)


def test_one_lea_alone_is_no_state(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    write(folder, "students.csv", STUDENTS,
          *(f"b{n},2024,L,1,Black,M,12,Y,SLD,,N" for n in range(40)))  # fmt: skip
    write(folder, "incidents.csv", "student_id,date,action,days",
          *(f"b{n},2023-09-01,OSS,1" for n in range(20)))  # fmt: skip
    row = black_oss(imported(folder))
    assert row["method"] == "not_calculated"
    assert "State's counts" in row["reason"]


def test_children_who_came_after_the_count_leave_no_risk(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    students = [f"b{n},2024,L,1,Black,M,12,Y,SLD,,N,2023-{'08' if n < 12 else '11'}-15"
                for n in range(40)]  # fmt: skip
    students += [f"w{n},2024,L,1,White,M,12,Y,SLD,,N,2023-08-15" for n in range(60)]
    write(folder, "students.csv", f"{STUDENTS},entry_date", *students)
    write(folder, "incidents.csv", "student_id,date,action,days",
          *(f"b{n},2023-12-01,OSS,1" for n in range(40)),
          *(f"w{n},2023-12-01,OSS,1" for n in range(12)))  # fmt: skip
    row = black_oss(imported(folder), min_n=10)
    assert (row["cell"], row["n"], row["method"]) == (40, 12, "not_calculated")
    assert "after the count day" in row["reason"]


def test_year_that_the_records_lack_is_refused(workspace):
    with pytest.raises(BadInput, match="they have 2022, 2023, 2024"):
        disproportionality(workspace, "WA", 2021)


@pytest.mark.spark
def test_spark_gives_the_same_rows(workspace):
    pytest.importorskip("pyspark")
    here = disproportionality(workspace, "WA").to_dicts()
    spark = disproportionality(workspace, "WA", engine="local[1]").to_dicts()
    assert spark == here
    assert not list(workspace.folder.glob(".spark*"))


def test_engine_that_is_none_is_refused(workspace):
    with pytest.raises(BadInput, match="expected duckdb, spark"):
        disproportionality(workspace, "WA", engine="abacus")
