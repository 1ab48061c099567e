from __future__ import annotations

import pytest

from homeroom.report.names import readable


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("AUSTIN ISD", "Austin ISD"),
        ("OMAHA PUBLIC SCHOOLS", "Omaha Public Schools"),
        ("Fairfax County Public Schools", "Fairfax County Public Schools"),
        ("RICHARD MILBURN ALTER HIGH SCHOOL (KILLEEN)",
         "Richard Milburn Alter High School (Killeen)"),
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
