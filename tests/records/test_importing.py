"""What an import makes of rows: who counts, when, where, and how often."""

from __future__ import annotations

import pytest
from records_tables import STUDENTS, imported, problems, removed, rows, write

from homeroom.errors import BadInput
from homeroom.records import vocabulary as words
from homeroom.records.importing import Extract, profile

BLACK, UNKNOWN = words.RACES.index("black"), words.UNKNOWN_RACE


def extract(tmp_path, students, actions=(), **files):
    folder = tmp_path / "extract"
    folder.mkdir()
    write(folder, "students.csv", STUDENTS, *students)
    if actions:
        write(folder, "incidents.csv", "student_id,incident_id,date,action,days,referred,arrested",
              *actions)  # fmt: skip
    for name, lines in files.items():
        write(folder, f"{name}.csv", *lines)
    return folder


def test_days_of_removals_add_up_over_the_year(tmp_path):
    made = imported(
        extract(
            tmp_path,
            ["a,2024,L1,1,Black,M,12,Y,SLD,,N", "b,2024,L1,1,White,F,12,Y,SLD,,N"],
            [
                "a,1,2023-09-01,OSS,6,N,N",
                "a,2,2023-10-01,OSS,4.5,N,N",  # 10.5 days in all
                "b,3,2023-09-01,OSS,6,N,N",
                "b,4,2023-10-01,OSS,4,N,N",  # exactly 10
            ],
        )
    )
    found = {row["race"]: row for row in removed(made)}
    assert (found[BLACK]["c10"], found[BLACK]["c11"], found[BLACK]["c14"]) == (0, 1, 2)
    white = found[words.RACES.index("white")]
    assert (white["c10"], white["c11"]) == (1, 0)


def test_removal_of_unknown_length_leaves_the_child_undetermined(tmp_path):
    made = imported(
        extract(tmp_path, ["a,2024,L1,1,Black,M,12,Y,SLD,,N"], ["a,1,2023-09-01,OSS,,N,N"])
    )
    (found,) = removed(made)
    assert (found["c10"], found["c11"], found["c14"], found["undetermined"]) == (0, 0, 1, 1)


def test_disability_and_school_hold_on_the_day_of_the_event(tmp_path):
    made = imported(
        extract(
            tmp_path,
            ["a,2024,L1,1,Black,M,12,,,,"],
            ["a,1,2023-09-01,OSS,2,N,N", "a,2,2024-03-01,OSS,2,N,N"],
            programs=["student_id,program,disability,begin_date,end_date",
                      "a,idea,SLD,2024-01-15,"],
        )
    )  # fmt: skip
    assert sorted(row["part"] for row in rows(made, "removal")) == [words.WODIS, words.IDEA]
    (pupil,) = rows(made, "pupil")
    assert pupil["part"] == words.WODIS  # on the count day, 1 October, the program had not begun


def test_school_of_the_event_is_where_the_student_was_enrolled_that_day(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    write(folder, "students.csv", f"{STUDENTS},entry_date,exit_date",
          "a,2024,L1,10,Black,M,12,Y,SLD,,N,2023-08-15,2023-12-20",
          "a,2024,L1,20,Black,M,12,Y,SLD,,N,2024-01-05,")  # fmt: skip
    write(folder, "incidents.csv", "student_id,date,action,days",
          "a,2023-11-01,ISS,1", "a,2024-02-01,OSS,1")  # fmt: skip
    made = imported(folder)
    ids = {one["school"]: one["id"] for one in made.manifest["schools"]}
    at = {row["kind"]: ids[row["school"]] for row in rows(made, "removal")}
    assert at == {words.ISS: "10", words.OSS: "20"}
    counted = {ids[row["school"]]: row["in_count"] for row in rows(made, "pupil")}
    assert counted == {"10": True, "20": False}


def test_repeated_rows_count_once(tmp_path):
    made = imported(
        extract(tmp_path, ["a,2024,L1,1,Black,M,12,Y,SLD,,N"] * 2, ["a,1,2023-09-01,OSS,2,Y,N"] * 3)
    )
    assert len(rows(made, "pupil")) == 1
    assert len(rows(made, "removal")) == 1
    assert problems(made)["duplicate_students"] == 1
    assert problems(made)["repeated_actions"] == 2


def test_every_arrest_is_a_referral(tmp_path):
    made = imported(
        extract(tmp_path, ["a,2024,L1,1,Black,M,12,N,,,N"], ["a,1,2023-09-01,OSS,2,N,Y"])
    )
    (told,) = rows(made, "police")
    assert told["arrested"] is True


def test_hispanic_of_any_race_and_several_races(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    write(folder, "students.csv", "student_id,year,lea,hispanic,race,black,white",
          "a,2024,L,Y,Black,,", "b,2024,L,N,,Y,Y", "c,2024,L,N,,Y,", "d,2024,L,N,Black;White,,",
          "e,2024,L,N,,,")  # fmt: skip
    found = sorted(row["race"] for row in rows(imported(folder), "pupil"))
    two = words.RACES.index("two_or_more")
    assert found == sorted([0, two, BLACK, two, UNKNOWN])


def test_races_that_contradict_each_other_in_one_lea_are_in_no_group(tmp_path):
    made = imported(
        extract(
            tmp_path,
            ["a,2024,L1,1,Black,M,12,Y,SLD,,N", "a,2024,L1,2,White,M,12,Y,SLD,,N",
             "a,2024,L2,3,White,M,12,Y,SLD,,N"],
        )
    )  # fmt: skip
    leas = {one["lea"]: one["id"] for one in made.leas}
    found = {(leas[row["lea"]], row["race"]) for row in rows(made, "pupil")}
    assert found == {("L1", UNKNOWN), ("L2", words.RACES.index("white"))}
    assert problems(made)["race_conflict"] == 1


def test_events_of_nobody_and_dates_that_are_none_are_counted_and_kept_apart(tmp_path):
    made = imported(
        extract(
            tmp_path,
            ["a,2024,L1,1,Black,M,12,Y,SLD,,N"],
            [
                "a,1,2023-02-30,OSS,2,N,N",
                "nobody,2,2023-09-01,OSS,2,N,N",
                ",3,2023-09-01,ISS,1,N,N",
            ],
        ),
        year=2024,
    )
    found = problems(made)
    assert (found["bad_event_date"], found["event_without_student"],
            found["event_of_unknown_student"]) == (1, 1, 1)  # fmt: skip
    assert len(rows(made, "removal")) == 1


def test_code_without_an_entry_stops_the_import_and_is_listed_with_its_count(tmp_path):
    folder = extract(
        tmp_path,
        ["a,2024,L1,1,Black,M,12,Y,SLD,,N"],
        ["a,1,2023-09-01,Z9,2,N,N", "a,2,2023-09-02,Z9,2,N,N", "a,3,2023-09-03,Jane Canary,2,N,N"],
    )  # fmt: skip
    with pytest.raises(
        BadInput, match=r"(?s)Z9 in 2 rows.*a text of 11 characters in 1 row"
    ) as stop:
        imported(folder)
    assert "Canary" not in str(stop.value)
    made = imported(folder, allow_unmapped=True)
    assert rows(made, "removal") == []


def test_students_without_a_year_take_the_only_one_that_events_name(tmp_path):
    folder = tmp_path / "extract"
    folder.mkdir()
    write(folder, "students.csv", "student_id,lea,race,idea", "a,L,Black,Y")
    write(folder, "incidents.csv", "student_id,date,action,days", "a,2023-09-01,OSS,2")
    assert imported(folder).years == [2024]
    write(folder, "incidents.csv", "student_id,date,action,days", "a,2023-09-01,OSS,2",
          "a,2024-09-01,OSS,2")  # fmt: skip
    with pytest.raises(BadInput, match="events of 2 school years"):
        imported(folder)


def test_ids_that_a_spreadsheet_turned_into_numbers_stop_the_import(tmp_path):
    folder = extract(tmp_path, ["a,2024,L1,1E+11,Black,M,12,Y,SLD,,N"])
    with pytest.raises(BadInput, match="1E\\+11"):
        imported(folder)


def test_profile_counts_and_keeps_nothing(sample, tmp_path):
    looked = profile(Extract((sample,)), tmp_path)
    assert [one["role"] for one in looked.files] == ["actions", "schools", "students"]
    assert {one.id for one in looked.problems} >= {"duplicate_students", "bad_birth_date"}
    assert not looked.stops
    assert list(tmp_path.iterdir()) == []


def test_sample_is_the_same_for_the_same_seed_and_shows_a_disparity(sample, workspace, tmp_path):
    from homeroom.records.sample import Sample
    from homeroom.records.sample import write as make

    again = make(Sample(students=4_000, leas=4, actions=60), tmp_path)
    assert sorted((tmp_path / "students.csv").read_text().splitlines()) == sorted(
        (sample / "students.csv").read_text().splitlines()
    )
    assert len(again) == 3
    by_race = {}
    for row in rows(workspace, "removal"):
        by_race[row["race"]] = by_race.get(row["race"], 0) + 1
    pupils = {}
    for row in rows(workspace, "pupil"):
        pupils[row["race"]] = pupils.get(row["race"], 0) + 1
    white = words.RACES.index("white")
    assert by_race[BLACK] / pupils[BLACK] > 1.5 * by_race[white] / pupils[white]
