from __future__ import annotations

import re

import pytest

from homeroom.report.names import readable


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AUSTIN ISD", "Austin ISD"),
        ("OMAHA PUBLIC SCHOOLS", "Omaha Public Schools"),
        ("Fairfax County Public Schools", "Fairfax County Public Schools"),
        ("RICHARD MILBURN ALTER HIGH SCHOOL (KILLEEN)",
         "Richard Milburn Alternative High School (Killeen)"),
        ("O'NEILL PUBLIC SCHOOLS", "O'Neill Public Schools"),
        ("IDEA PUBLIC SCHOOLS", "IDEA Public Schools"),
        ("Aurora Joint District No. 28 of the counties of Adams and A",
         "Aurora Joint District No. 28"),
        ("School District No. Re-11 in the county of Weld and State of",
         "School District No. Re-11 in the county of Weld"),
        ("School District No. 1 in the county of Denver and State of C", "Denver Public Schools"),
    ],
)  # fmt: skip
def test_names_are_written_as_people_write_them(name: str, text: str) -> None:
    assert readable(name) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LBJ ECHS", "LBJ ECHS"),
        ("MCCALLUM H S", "McCallum High School"),
        ("Mccallum H S", "McCallum High School"),
        ("EASTSIDE MEMORIAL AT THE JOHNSTON CAMPUS", "Eastside Memorial at the Johnston Campus"),
        ("ST ELMO EL", "St. Elmo Elementary"),
        ("JONES CO SCHOOL DIST", "Jones County School District"),
        ("LAREDO R-VII", "Laredo R-VII"),
        ("EL PASO ISD", "El Paso ISD"),
        ("Cinco Ranch J H", "Cinco Ranch Junior High School"),
        ("Tohono O'odham High School", "Tohono O'odham High School"),
        ("O'bryant Pri", "O'Bryant Primary"),
        ("ARTHUR HILL JR/SR HIGH SCHOOL", "Arthur Hill Jr/Sr High School"),
        ("LEE", "Lee"),
    ],
)
def test_acronyms_stay_and_shortened_ends_are_written_out(name: str, text: str) -> None:
    assert readable(name) == text


def test_no_name_in_the_store_shouts_or_stumbles(room) -> None:
    names = {row[0] for row in room.con.execute("SELECT DISTINCT name FROM place").fetchall()}
    told = {name: readable(name) for name in names if name}
    assert len(told) > 50_000
    # A few names mix capitals with small letters in the files, and stay as published.
    shouted = [
        text for name, text in told.items()
        if not re.search("[a-z]", name) and re.search(r"\b[A-Z]{7,}\b", text)
    ]  # fmt: skip
    assert shouted == []
    assert [text for text in told.values() if re.search(r"\bMc[a-z]{3}", text)] == []
    assert all(readable(text) == text for text in told.values())


LARGEST = (
    "New York City Public Schools", "Los Angeles Unified", "Chicago Public Schools Dist 299",
    "Miami-Dade", "Clark County", "Broward", "Hillsborough", "Houston ISD", "Orange", "Palm Beach",
    "Fairfax County Public Schools", "Hawaii Department of Education", "Gwinnett County",
    "Montgomery County Public Schools", "Wake County Schools", "Dallas ISD",
    "Charlotte-Mecklenburg Schools", "Prince George's County Public Schools",
    "Philadelphia City SD", "Duval", "San Diego Unified", "Cypress-Fairbanks ISD",
    "Baltimore County Public Schools", "Cobb County", "Memphis-Shelby County Schools",
    "Northside ISD", "Pinellas", "DeKalb County", "Polk", "Puerto Rico Department of Education",
    "Jefferson County", "Fulton County", "Lee", "Denver Public Schools",
    "Prince William County Public Schools", "Albuquerque", "Fort Worth ISD",
    "Jefferson County School District No. R-1", "Katy ISD", "Davidson County",
    "Anne Arundel County Public Schools", "Loudoun County Public Schools", "Austin ISD",
    "Baltimore City Public Schools", "Alpine District", "Aldine ISD", "Fort Bend ISD",
    "Milwaukee School District", "Greenville 01", "Long Beach Unified", "Davis District", "Pasco",
    "Brevard", "Fresno Unified", "Guilford County Schools", "Virginia Beach City Public Schools",
    "Granite District", "Washoe County", "Seminole", "Douglas County School District No. Re 1",
)  # fmt: skip
"""The 60 districts with the most students in the directory, as a person would write them."""


def test_the_60_largest_districts_are_named_as_people_name_them(room) -> None:
    rows = room.con.execute(
        "SELECT name FROM place WHERE kind = 'district' AND students IS NOT NULL "
        "ORDER BY students DESC LIMIT 60"
    ).fetchall()
    assert tuple(readable(row[0]) for row in rows) == LARGEST
