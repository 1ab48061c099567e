"""A national file is held against the totals that are known of its wave."""

from __future__ import annotations

import pytest

import crdc_factory as crdc
from homeroom.evidence.build import build
from homeroom.evidence.known_totals import TERRITORIES, known_totals
from homeroom.vocabulary.measures import MEASURES
from homeroom.vocabulary.states import FIPS, STATES
from homeroom.vocabulary.waves import WAVES

ARRESTS = "Referrals and Arrests"


def build_notes(tmp_path, total: int, states: list[str]) -> list[str]:
    each, more = divmod(total, len(states))
    rows = [
        crdc.school(
            f"{FIPS[state]}0000100001", LEA_STATE=state, LEA_STATE_NAME=STATES[state].upper(),
            SCH_DISCWODIS_ARR_BL_M=each + (more if at == 0 else 0),
        )
        for at, state in enumerate(states)
    ]  # fmt: skip
    path = crdc.write(tmp_path / "2017-18", ARRESTS, rows)
    report = build([path], tmp_path / "s.duckdb", with_starter=False)
    return [note for name, note in report.notes if name == "CRDC 2017-18"]


NATION = [state for state in STATES if state not in TERRITORIES]


def test_a_national_file_that_matches_says_so(tmp_path):
    notes = build_notes(tmp_path, 54_321, NATION)
    assert any("54,321 in all states, which matches OCR's published 54,321" in n for n in notes)
    assert any("51 schools, where OCR's file has 97,632" in n for n in notes)


@pytest.mark.parametrize(("total", "off"), [(54_320, "1 fewer"), (54_400, "79 more")])
def test_a_national_file_that_misses_says_by_how_much(tmp_path, total, off):
    assert any(
        f"{off} than OCR's published 54,321" in n for n in build_notes(tmp_path, total, NATION)
    )


def test_part_of_the_country_is_not_compared(tmp_path):
    assert build_notes(tmp_path, 10, NATION[:-1]) == []


def test_every_known_total_names_its_wave_measure_and_source():
    for known in known_totals():
        assert known.wave in WAVES
        assert known.measure in MEASURES
        assert known.total > 0
        assert known.source
