"""A place's size and grades come from all of its schools, and from the larger of two counts."""

from __future__ import annotations

import duckdb
import pytest

from homeroom.evidence import places, schema
from homeroom.vocabulary.ids import SQL_MACROS, school_number_of

A, B = school_number_of("480000100001"), school_number_of("480000100002")


@pytest.fixture
def place():
    """Fill `place` from rows of other tables; give a place's students and grades."""
    con = duckdb.connect()
    for name in schema.STORE_TABLES:
        con.execute(schema.create_sql(name))
    con.execute("CREATE TABLE reserve_code (wave VARCHAR, code TINYINT, status VARCHAR, "
                "meaning VARCHAR, gravity TINYINT)")  # fmt: skip
    con.execute(SQL_MACROS + schema.views_sql())

    def school(number, wave="2017-18", low=None, high=None, students=None) -> None:
        con.execute(
            "INSERT INTO school BY NAME SELECT ? AS wave, ? AS school_no, 'School' AS name, "
            "'Fixture ISD' AS lea_name, 'TX' AS state, ? AS low_grade, ? AS high_grade, "
            "1 AS source_id",
            [wave, number, low, high],
        )
        if students is not None:
            con.execute("INSERT INTO school_size VALUES (?, ?, ?)", [wave, number, students])

    def finance(students, year=2018) -> None:
        con.execute(
            "INSERT INTO finance BY NAME SELECT ? AS fiscal_year, '4800001' AS leaid, "
            "'V33' AS item, ? AS amount, 1 AS source_id",
            [year, students],
        )

    def found(place_id="lea:4800001") -> tuple:
        places.fill(con)
        return con.execute(
            "SELECT students, low_grade, high_grade FROM place WHERE place_id = ?", [place_id]
        ).fetchall()[0]

    yield school, finance, found
    con.close()


@pytest.mark.parametrize(
    ("schools", "finance", "students"), [(900, 400, 900), (400, 900, 900), (300, 300, 300)]
)
def test_the_larger_of_two_counts_is_a_districts_size(place, schools, finance, students):
    school, funded, found = place
    school(A, students=schools - 100)
    school(B, students=100)
    funded(finance)
    assert found()[0] == students


def test_one_count_alone_is_a_districts_size(place):
    school, funded, found = place
    school(A)
    funded(500)
    assert found()[0] == 500


def test_the_latest_year_of_finance_counts(place):
    school, funded, found = place
    school(A)
    funded(700, 2016)
    funded(500, 2018)
    assert found()[0] == 500


def test_a_district_reaches_from_its_lowest_to_its_highest_grade(place):
    school, _, found = place
    school(A, low=-1, high=5)
    school(B, low=6, high=12)
    assert found()[1:] == (-1, 12)


def test_schools_without_grades_do_not_narrow_a_district(place):
    school, _, found = place
    school(A, low=3, high=8)
    school(B)
    assert found()[1:] == (3, 8)


def test_a_schools_grades_are_those_of_its_latest_wave_with_grades(place):
    school, _, found = place
    school(A, "2015-16", low=0, high=5)
    school(A, "2017-18", low=1, high=6)
    school(A, "2020-21")
    assert found("school:480000100001")[1:] == (1, 6)


def test_a_schools_size_is_that_of_its_latest_wave(place):
    school, _, found = place
    school(A, "2015-16", students=900)
    school(A, "2017-18", students=400)
    assert found("school:480000100001")[0] == 400
