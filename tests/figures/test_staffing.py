"""Staff beside students, against hand counts of a few schools."""

from __future__ import annotations

import polars as pl
import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.evidence.build import build

DISTRICT = "lea:4800001"


@pytest.fixture
def counselors(tmp_path):
    """Build a district of schools, each given as (students, counselors); return its figures."""

    def found(*schools: tuple[int, float]) -> dict:
        rows = [
            crdc.school(f"4800001{at:05d}", SCH_ENR_WH_M=students, SCH_FTECOUNSELORS=fte)
            for at, (students, fte) in enumerate(schools, 1)
        ]
        folder = crdc.write_all(tmp_path / "2017-18", rows, "2017-18")
        build([folder], tmp_path / "store.duckdb", with_starter=False)
        with Homeroom(tmp_path / "store.duckdb") as room:
            frame = room.staff(DISTRICT, "2017-18")
        return frame.row(by_predicate=pl.col("role") == "counselor", named=True)

    return found


def test_one_schools_surplus_does_not_fill_anothers_gap(counselors) -> None:
    # At 250 students a counselor: 2 needed and 5 there; 4 needed and 1 there.
    found = counselors((500, 5), (1000, 1))
    assert found["recommended"] == 250
    assert found["short"] == pytest.approx(3)
    assert found["students_per_fte"] == pytest.approx(1500 / 6)


def test_a_district_with_more_than_it_needs_everywhere_is_not_short(counselors) -> None:
    assert counselors((500, 5), (250, 2))["short"] == 0


def test_schools_with_and_without_are_counted_apart_from_those_that_did_not_report(
    counselors,
) -> None:
    found = counselors((500, 1), (250, 0), (250, -9))
    told = [found[f"schools_{kind}"] for kind in ("with", "without", "unknown")]
    assert (told, found["schools"]) == ([1, 1, 1], 3)
    # The silent school's students are in no ratio, and nobody knows what it lacks.
    assert found["students"] == 750
    assert found["students_per_fte"] == 750
    assert found["short"] == pytest.approx(1 + 1)
    assert found["coverage"] == pytest.approx(0.75)
