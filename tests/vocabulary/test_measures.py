"""Definitions say what the columns hold."""

from __future__ import annotations

from homeroom.evidence import sql, store
from homeroom.vocabulary.measures import MEASURES


def test_enrollment_includes_preschool_as_the_files_do(starter_store):
    definition = MEASURES["enrollment"].definition
    assert "preschool" in definition
    assert "not included" not in definition
    with store.connect(starter_store) as con:
        schools, students = sql.rows(
            con,
            "SELECT count(*), sum(students) FROM school JOIN school_size USING (wave, school_no) "
            "WHERE wave = '2017-18' AND high_grade = -1 AND students > 0",
        )[0]
    assert schools == 216
    assert students > 0
