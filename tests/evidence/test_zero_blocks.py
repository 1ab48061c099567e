"""A block of -9 in the arrests and referrals of 2021-22 and 2023-24 is a zero, not silence."""

from __future__ import annotations

import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.errors import BadInput
from homeroom.evidence.build import build

ARRESTS = "Referrals and Arrests"
KEYS = ("100990000001", "100990000002", "100990000003")


def rows(wave: str, others: int, **more) -> list[dict]:
    """Return three schools of 600 students; the first has 6 arrests, the others hold a code."""
    school = {"LEA_STATE": "DE", "LEA_STATE_NAME": "DELAWARE", "SCH_ENR_WH_M": 600}
    six = {"SCH_DISCWODIS_ARR_WH_M": 6, "SCH_ARRINSTANCES_WODIS": 6}
    binary = {
        name: others
        for name, value in crdc.whole(ARRESTS, others, "DISC", wave).items()
        if not name.endswith("_X") and value
    }
    return [
        crdc.school(KEYS[0], **school, **six),
        *(crdc.school(key, **school, **binary, **more) for key in KEYS[1:]),
    ]


@pytest.fixture
def rate_of(tmp_path):
    def read(wave: str, given: list[dict]):
        folder = tmp_path / "in"
        crdc.write(folder, "Enrollment", given, wave)
        crdc.write(folder, ARRESTS, given, wave)
        store = tmp_path / "s.duckdb"
        build([folder], store, with_starter=False)
        with Homeroom(store) as room:
            found = room.rate("arrests", place="lea:1009900", wave=wave).row(0, named=True)
            zeros = room.table("zero_blocks")
        return found, zeros

    return read


@pytest.mark.parametrize("wave", ["2021-22", "2023-24"])
def test_six_arrests_among_1800_students_are_33_per_10000(rate_of, wave):
    found, zeros = rate_of(wave, rows(wave, -9))
    assert found["rate_per_10000"] == pytest.approx(6 / 1800 * 10_000)
    assert found["coverage"] == pytest.approx(1)
    assert set(zeros["status"]) == {"structural_zero"}
    by_inference = all("by inference" in meaning for meaning in zeros["meaning"])
    assert by_inference == (wave == "2021-22")


@pytest.mark.parametrize("wave", ["2017-18", "2020-21"])
def test_in_other_waves_a_skipped_block_is_missing(rate_of, wave):
    found, zeros = rate_of(wave, rows(wave, -9))
    assert found["coverage"] == pytest.approx(1 / 3)
    assert zeros.is_empty()


@pytest.mark.parametrize("code", [-5, -6, -11])
def test_a_code_for_a_district_that_could_not_report_stays_missing(rate_of, code):
    found, _ = rate_of("2023-24", rows("2023-24", code))
    assert found["coverage"] == pytest.approx(1 / 3)


def test_incidents_without_students_are_missing(rate_of):
    more = {f"SCH_ARRINSTANCES_{part}": 4 for part in ("WODIS", "IDEA", "504")}
    found, zeros = rate_of("2023-24", rows("2023-24", -9, **more))
    assert found["coverage"] == pytest.approx(1 / 3)
    assert set(zeros["element"]) == {"REF"}


def test_withheld_counts_of_nonbinary_students_are_no_cells(rate_of, tmp_path):
    rate_of("2023-24", rows("2023-24", 0))
    with Homeroom(tmp_path / "s.duckdb") as room:
        assert "nonbinary" not in set(room.table("cells")["sex"])


def test_a_row_of_zeros_contradicts_one_with_arrests(tmp_path):
    given = rows("2023-24", -9)
    again = given[1] | {"SCH_DISCWODIS_ARR_WH_M": 2, "SCH_ARRINSTANCES_WODIS": 2}
    path = crdc.write(tmp_path, ARRESTS, [*given, again], "2023-24")
    with pytest.raises(BadInput, match=f"school {KEYS[1]} has rows that differ"):
        build([path], tmp_path / "s.duckdb", with_starter=False)
