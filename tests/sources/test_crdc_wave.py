"""The wave of a file is proved by what only that wave has, or named; it is never guessed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

import crdc_factory as crdc
from homeroom.errors import BadInput
from homeroom.evidence.build import build
from homeroom.sources.base import SourceFile
from homeroom.sources.crdc import signatures
from homeroom.sources.crdc.reader import READERS
from homeroom.sources.registry import Refused, recognize

ARRESTS = "Referrals and Arrests"


def wave_of(path: Path, stated: str | None = None) -> str:
    found = READERS[0].recognize(SourceFile(path, wave=stated))
    assert found is not None
    return found.wave


def reason(path: Path, stated: str | None = None) -> str:
    found = recognize(SourceFile(path, wave=stated))
    assert isinstance(found, Refused), found
    return found.reason


def archive(path: Path, folder: Path) -> Path:
    with zipfile.ZipFile(path, "w") as out:
        for file in sorted(folder.iterdir()):
            out.write(file, f"SCH/{file.name}")
    return path


@pytest.mark.parametrize(
    ("module", "wave"),
    [
        ("Enrollment", "2017-18"), ("Offenses", "2017-18"), ("Enrollment", "2020-21"),
        ("Enrollment", "2021-22"), (ARRESTS, "2021-22"), ("Enrollment", "2023-24"),
        (ARRESTS, "2023-24"), ("School Data", "2015-16"),
    ],
)  # fmt: skip
def test_a_module_with_a_signature_of_its_wave_is_proved_by_it(tmp_path, module, wave):
    assert wave_of(crdc.write(tmp_path, module, [crdc.school()], wave, name="x.txt")) == wave


def test_the_test_files_have_the_headers_that_ocr_published():
    for wave in ("2017-18", "2020-21"):
        for module in ("Enrollment", "Offenses", ARRESTS, "Transfers", "School Characteristics"):
            key = signatures.header_key([*crdc.IDS, *crdc.columns(module, wave)])
            assert wave in signatures.HEADERS[key]


@pytest.mark.parametrize("wave", ["2017-18", "2020-21", "2021-22", "2023-24"])
def test_files_of_one_archive_share_the_wave_that_any_of_them_proves(tmp_path, wave):
    folder = crdc.write_all(tmp_path / "in", [crdc.school(SCH_ENR_WH_M=9)], wave)
    given = archive(tmp_path / "archive.zip", folder)
    report = build([given], tmp_path / "s.duckdb", with_starter=False)
    assert {found.wave for found in report.recognized} == {wave}
    assert len(report.recognized) == len(crdc.MODULES)
    assert not report.refused


def test_archives_of_two_waves_with_one_layout_are_both_read(tmp_path):
    given = []
    for wave in ("2021-22", "2023-24"):
        row = crdc.school(SCH_ENR_WH_M=100, SCH_DISCWODIS_ARR_WH_M=int(wave[3]))
        crdc.write(tmp_path / wave[:4], "Enrollment", [row], wave)
        crdc.write(tmp_path / wave[:4], ARRESTS, [row], wave)
        given.append(archive(tmp_path / f"{wave}-crdc-data.zip", tmp_path / wave[:4]))
    report = build(given, tmp_path / "s.duckdb", with_starter=False)
    assert sorted(found.wave for found in report.recognized) == [
        "2021-22", "2021-22", "2023-24", "2023-24",
    ]  # fmt: skip


def test_columns_of_english_learners_gone_leave_the_wave_open(tmp_path):
    names = [n for n in (*crdc.IDS, *crdc.columns(ARRESTS)) if "LEP" not in n]
    path = crdc.write(tmp_path, ARRESTS, [crdc.school()], names=names)
    assert "2017-18, 2020-21, 2021-22 or 2023-24" in reason(path)
    assert wave_of(path, "2017-18") == "2017-18"


@pytest.mark.parametrize("gone", ["SCH_OFFENSE_ROBWX", "SCH_OFFENSE_THRWX"])
def test_offenses_without_an_optional_column_are_not_of_a_later_wave(tmp_path, gone):
    names = [n for n in (*crdc.IDS, *crdc.columns("Offenses")) if n != gone]
    assert wave_of(crdc.write(tmp_path, "Offenses", [crdc.school()], names=names)) == "2017-18"


def test_school_support_cut_to_the_columns_of_every_wave_is_refused(tmp_path):
    names = [*crdc.IDS, "SCH_FTECOUNSELORS", "SCH_FTESECURITY_LEO"]
    path = crdc.write(tmp_path, "School Support", [crdc.school()], names=names)
    assert "expected a column, a code, or a file beside it" in reason(path)


def test_the_wide_file_of_2015_16_without_coordinates_is_not_of_2017_18(tmp_path):
    gone = ("CCD_LATCOD", "CCD_LONCOD", "NCES_SCHOOL_ID")
    names = [n for n in (*crdc.IDS, *crdc.wide_columns()) if n not in gone]
    path = crdc.write(tmp_path, "School Data", [crdc.school()], "2015-16", names=names)
    assert wave_of(path) == "2015-16"


@pytest.mark.parametrize("state", ["Texas", "texas", "TeXaS"])
def test_another_case_of_letters_never_makes_it_another_wave(tmp_path, state):
    path = crdc.write(tmp_path, ARRESTS, [crdc.school(LEA_STATE_NAME=state)])
    assert "2017-18 or 2020-21" in reason(path)
    whole = crdc.write(tmp_path / "b", "Enrollment", [crdc.school(LEA_STATE_NAME=state)])
    assert wave_of(whole) == "2017-18"


def test_a_pandemic_file_in_capitals_is_told_by_its_codes(tmp_path):
    rows = [crdc.school(**crdc.whole(ARRESTS, -11))]
    path = crdc.write(tmp_path, ARRESTS, rows)
    assert wave_of(path) == "2020-21"


def test_an_lea_file_of_another_layout_is_not_taken_for_2017_18(tmp_path):
    path = tmp_path / "LEA.csv"
    path.write_text(
        "LEA_STATE,LEA_STATE_NAME,LEAID,LEA_NAME,LEA_CITY,LEA_ENR,LEA_SCHOOLS,LEA_ECE_IND\n"
        "TX,TEXAS,4800001,A district,Austin,10,1,No\n"
    )
    assert "which wave it is" in reason(path)
    assert wave_of(path, "2015-16") == "2015-16"


def test_a_stated_wave_that_the_file_disproves_is_refused(tmp_path):
    path = crdc.write(tmp_path, "Enrollment", [crdc.school()], "2023-24")
    assert "expected a file of 2021-22, as you said" in reason(path, "2021-22")


def test_content_stands_over_a_name_and_the_report_says_so(tmp_path):
    row = crdc.school(SCH_ENR_WH_M=3)
    path = crdc.write(tmp_path, "Enrollment", [row], "2023-24", name="CRDC 2021-22 Enrollment.csv")
    report = build([path], tmp_path / "s.duckdb", with_starter=False)
    assert report.recognized[0].wave == "2023-24"
    assert any("says 2021-22, but its content proves 2023-24" in note for _, note in report.notes)


def test_a_name_decides_only_among_the_waves_that_the_content_leaves(tmp_path):
    names = [n for n in (*crdc.IDS, *crdc.columns(ARRESTS)) if n != "LEA_STATE_NAME"]
    rows = [crdc.school()]
    fits = crdc.write(tmp_path / "2020-21", ARRESTS, rows, names=names)
    assert wave_of(fits) == "2020-21"
    wrong = crdc.write(tmp_path / "2021-22", ARRESTS, rows, names=names)
    assert "expected a file of 2021-22, as its name or folder says" in reason(wrong)


def test_a_wave_that_does_not_exist_is_refused(tmp_path):
    path = crdc.write(tmp_path, "Enrollment", [crdc.school()])
    with pytest.raises(BadInput, match="wave '2016-17'"):
        build([path], tmp_path / "s.duckdb", wave="2016-17", with_starter=False)
