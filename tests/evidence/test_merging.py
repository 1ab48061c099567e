"""Files beside files: parts, copies, contradictions, and files that can't be read."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom
from homeroom.errors import BadInput
from homeroom.evidence import reading, starter
from homeroom.evidence.build import build
from homeroom.evidence.build_report import Change
from homeroom.evidence.compile import compile_facts
from homeroom.sources.crdc.reader import CrdcSchoolFiles

ARRESTS = "Referrals and Arrests"
A, B, C = "480000100001", "480000200001", "480000300001"
DENVER = "080000100001"


def arrests(path: Path, place: str = "US-TX") -> int | None:
    with Homeroom(path) as room:
        frame = room.rate("arrests", place, "2017-18", basis="schools")
        return frame.filter(group="all")["count"].item()


def cells(path: Path) -> list[tuple]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute("SELECT combokey, element, value FROM cells ORDER BY ALL").fetchall()


def one(folder: Path, name: str, *schools: dict, module: str = ARRESTS) -> Path:
    return crdc.write(folder, module, schools, name=name)


def school(key: str, arrested: int, **more) -> dict:
    return crdc.school(key, SCH_DISCWODIS_ARR_WH_M=arrested, **more)


@pytest.fixture
def enrolled(tmp_path) -> Path:
    rows = [crdc.school(key, SCH_ENR_WH_M=100) for key in (A, B, C)]
    return crdc.write(tmp_path, "Enrollment", rows)


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "store.duckdb"


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Starter facts of two Texan schools and one of Colorado, in place of those that ship."""
    colorado = {"LEA_STATE": "CO", "LEA_STATE_NAME": "COLORADO"}
    rows = [
        school(A, 5, SCH_ENR_WH_M=60, SCH_FTESECURITY_LEO=2),
        school(B, 2, SCH_ENR_WH_M=40, SCH_FTESECURITY_LEO=3, SCH_FTECOUNSELORS=4),
        school(DENVER, 9, SCH_ENR_WH_M=100, **colorado),
    ]
    crdc.write_all(tmp_path / "old", rows)
    folder = tmp_path / "starter"
    compile_facts([tmp_path / "old"], folder, progress=lambda *_: None)
    names = sorted(p.stem for p in folder.glob("*.parquet") if p.stem != "source_file")
    frames = {p.stem: starter.pl.read_parquet(p) for p in folder.glob("*.parquet")}
    monkeypatch.setattr(starter, "tables", lambda: names)
    monkeypatch.setattr(starter, "load", frames.__getitem__)


# A part replaces a part


def test_an_extract_of_one_district_keeps_the_rest_of_the_state(tmp_path, out, shipped):
    extract = one(tmp_path, "austin.csv", school(A, 1), school(C, 10))
    report = build([extract], out)
    assert arrests(out, f"school:{A}") == 1
    assert arrests(out, f"school:{B}") == 2
    assert arrests(out, "US-CO") == 9
    assert report.changes == [
        Change("austin.csv", "2017-18", "referrals_arrests", "schools", 1, 1, 1, 0)
    ]


def test_staff_is_replaced_by_school_whatever_roles_the_file_leaves_blank(tmp_path, out, shipped):
    file = one(
        tmp_path, "staff.csv", crdc.school(A, SCH_FTESECURITY_LEO=7), module="School Support"
    )
    report = build([file], out)
    with Homeroom(out) as room:
        held = room.staff("US-TX", "2017-18")
        assert held.filter(role="officer")["fte"].item() == 10
        assert held.filter(role="counselor")["fte"].item() == 4
    assert report.changes == [
        Change("staff.csv", "2017-18", "school_support", "schools", 0, 1, 1, 0)
    ]


def test_the_store_keeps_what_each_file_changed(tmp_path, out, shipped):
    build([one(tmp_path, "austin.csv", school(A, 1))], out)
    with Homeroom(out) as room:
        made = room.made_from()
    assert made["files"][0]["name"] == "austin.csv"
    assert made["files"][0]["outcome"] == "read"
    assert len(made["files"][0]["sha256"]) == 64
    (change,) = made["changes"]
    assert (change["added"], change["replaced"], change["kept"]) == (0, 1, 1)
    assert made["store"]["schema_version"] == "5"


# The same rows in another packing


@pytest.mark.parametrize("way", ["gzip", "CRLF", "rows in another order"])
def test_the_same_rows_in_another_packing_are_taken_once(tmp_path, out, enrolled, way):
    rows = [school(A, 1), school(B, 2)]
    first = one(tmp_path / "a", "arrests.csv", *rows)
    copy = one(tmp_path / "b", "copy.csv", *reversed(rows))
    if way == "gzip":
        copy.write_bytes(gzip.compress(first.read_bytes()))
    elif way == "CRLF":
        copy.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    report = build([enrolled, first, copy], out, with_starter=False)
    assert (report.refused, report.conflicts) == ([], [])
    assert any(name == "copy.csv" and "as in arrests.csv" in note for name, note in report.notes)
    assert arrests(out) == 3


def test_files_that_overlap_alike_add_up(tmp_path, out, enrolled):
    first = one(tmp_path, "one.csv", school(A, 1), school(B, 2))
    second = one(tmp_path, "two.csv", school(B, 2), school(C, 4))
    report = build([enrolled, first, second], out, with_starter=False)
    assert report.refused == []
    assert arrests(out) == 7
    changed = {c.name: (c.added, c.repeated) for c in report.changes if c.name != "Enrollment.csv"}
    assert changed == {"one.csv": (2, 0), "two.csv": (1, 1)}


def test_staff_given_twice_alike_is_taken_once_with_a_note(tmp_path, out):
    row = crdc.school(A, SCH_FTESECURITY_LEO=7)
    files = [one(tmp_path / n, f"{n}.csv", row, module="School Support") for n in "xy"]
    files[1].write_bytes(files[1].read_bytes().replace(b"\n", b"\r\n"))
    report = build(files, out, with_starter=False)
    assert ("y.csv", "7 rows of staff are as in x.csv: taken once") in report.notes


# Two files that contradict each other


def test_files_that_contradict_are_both_refused_and_both_values_listed(tmp_path, out, enrolled):
    first = one(tmp_path, "one.csv", school(A, 1), school(B, 2))
    second = one(tmp_path, "two.csv", school(A, 1), school(B, 3))
    report = build([enrolled, first, second], out, with_starter=False)
    assert {r.name for r in report.lacking} == {"one.csv", "two.csv"}
    (found,) = report.conflicts
    assert (found.subject, found.item) == (f"school {B}", "ARR wodis white male")
    assert (found.first_file, found.first_value) == ("one.csv", "2")
    assert (found.second_file, found.second_value) == ("two.csv", "3")
    assert all("2 in one.csv, 3 in two.csv" in r.reason for r in report.lacking)
    assert {element for _, element, _ in cells(out)} == {"ENR"}
    with Homeroom(out) as room:
        assert room.made_from()["conflicts"][0]["second_value"] == "3"


def test_a_zero_against_a_code_is_a_contradiction(tmp_path, out, enrolled):
    asked = crdc.school(A)
    unasked = crdc.school(A, **crdc.whole(ARRESTS, -9))
    files = [one(tmp_path, "one.csv", asked), one(tmp_path, "two.csv", unasked)]
    report = build([enrolled, *files], out, with_starter=False)
    assert {r.name for r in report.lacking} == {"one.csv", "two.csv"}
    assert {c.second_value for c in report.conflicts} == {"-9"}


def test_no_third_file_is_taken_for_schools_in_dispute(tmp_path, out, enrolled):
    files = [
        one(tmp_path / name, f"{name}.csv", school(A, number))
        for name, number in (("one", 1), ("two", 2), ("three", 3))
    ]
    report = build([enrolled, *files], out, with_starter=False)
    assert {r.name for r in report.lacking} == {"one.csv", "two.csv", "three.csv"}
    assert arrests_of_all(out) == 0


def arrests_of_all(path: Path) -> int:
    return sum(1 for _, element, _ in cells(path) if element == "ARR")


def test_a_file_that_leaned_on_a_refused_one_is_refused_too(tmp_path, out, enrolled):
    first = one(tmp_path, "1.csv", school(A, 1), school(B, 2))
    leaning = one(tmp_path, "2.csv", school(B, 2), school(C, 4))
    against = one(tmp_path, "3.csv", school(A, 9))
    report = build([enrolled, first, leaning, against], out, with_starter=False)
    assert {r.name for r in report.lacking} == {"1.csv", "2.csv", "3.csv"}
    assert arrests_of_all(out) == 0


def test_staff_that_differs_refuses_both_files_and_no_other(tmp_path, out, enrolled):
    files = [
        one(tmp_path, f"{fte}.csv", crdc.school(A, SCH_FTESECURITY_LEO=fte),
            module="School Support")
        for fte in (1, 2)
    ]  # fmt: skip
    report = build([enrolled, *files], out, with_starter=False)
    assert {r.name for r in report.lacking} == {"1.csv", "2.csv"}
    (found,) = report.conflicts
    assert (found.first_value, found.second_value) == ("1.0", "2.0")
    assert "officer" in found.subject
    with Homeroom(out) as room:
        assert room.table("staff").is_empty()
        assert len(room.table("source_file")) == 1


# A school twice in one file


def test_the_fuller_of_two_rows_speaks(tmp_path, out, enrolled):
    file = one(tmp_path, "twice.csv", school(A, 3), crdc.school(A, **crdc.whole(ARRESTS, -9)))
    report = build([enrolled, file], out, with_starter=False)
    assert report.refused == []
    assert any("say less than another row" in note and A in note for _, note in report.notes)
    assert arrests(out) == 3


def test_two_rows_of_a_school_that_contradict_refuse_that_file_alone(tmp_path, out, enrolled):
    file = one(tmp_path, "twice.csv", school(A, 3), school(A, 4))
    report = build([enrolled, file], out, with_starter=False)
    (refused,) = report.lacking
    assert A in refused.reason
    assert "SCH_DISCWODIS_ARR_WH_M, 3 in one and 4 in another" in refused.reason
    assert arrests_of_all(out) == 0


# One bad file never stops a build


def test_a_file_refused_while_it_is_read_leaves_no_rows(tmp_path, out, enrolled):
    good = one(tmp_path, "good.csv", school(A, 1))
    bad = one(tmp_path, "bad.csv", school(B, 2), school(C, 3))
    bad.write_text(bad.read_text().replace(",3,", ",three,"))
    report = build([enrolled, good, bad], out, with_starter=False)
    (refused,) = report.lacking
    assert refused.name == "bad.csv"
    assert "three" in refused.reason
    assert arrests(out) == 1
    assert {key for key, element, _ in cells(out) if element == "ARR"} == {A}


class Panic(BaseException):
    """What a Rust library raises."""


@pytest.mark.parametrize("error", [ValueError("odd bytes"), Panic("index out of range")])
def test_an_unforeseen_error_of_a_reader_is_a_refusal(tmp_path, out, enrolled, monkeypatch, error):
    inner = CrdcSchoolFiles.read

    def read(self, recognized):
        yield from inner(self, recognized)
        if recognized.file.name == "bad.csv":
            raise error

    monkeypatch.setattr(CrdcSchoolFiles, "read", read)
    good, bad = (one(tmp_path, f"{n}.csv", school(k, 2)) for n, k in (("good", A), ("bad", B)))
    report = build([enrolled, good, bad], out, with_starter=False)
    (refused,) = report.lacking
    assert type(error).__name__ in refused.reason
    assert str(error) in refused.reason
    assert arrests(out) == 2


def test_an_unforeseen_error_while_recognizing_is_a_refusal(tmp_path, out, enrolled, monkeypatch):
    known = reading.recognize

    def recognize(file):
        if file.name == "bad.csv":
            raise PermissionError(13, "Permission denied")
        return known(file)

    monkeypatch.setattr(reading, "recognize", recognize)
    bad = one(tmp_path, "bad.csv", school(B, 2))
    report = build([enrolled, bad], out, with_starter=False)
    (refused,) = report.lacking
    assert "Permission denied" in refused.reason


def test_an_interrupt_in_a_reader_is_no_refusal(tmp_path, out, enrolled, monkeypatch):
    def read(_self, _recognized):
        raise KeyboardInterrupt

    monkeypatch.setattr(CrdcSchoolFiles, "read", read)
    with pytest.raises(KeyboardInterrupt):
        build([enrolled], out, with_starter=False)
    assert not out.exists()


def test_where_every_file_is_refused_the_old_store_stays(tmp_path, out, enrolled):
    build([enrolled], out, with_starter=False)
    before = out.read_bytes()
    bad = one(tmp_path, "bad.csv", school(A, 3), school(A, 4))
    with pytest.raises(BadInput, match=r"bad\.csv: school"):
        build([bad], out)
    assert out.read_bytes() == before


def test_documents_beside_data_are_left_out_and_a_document_named_is_refused(tmp_path, out):
    folder = crdc.write_all(tmp_path / "in", [school(A, 1)])
    (folder / "manual.pdf").write_bytes(b"%PDF-1.7 manual")
    assert build([folder], out, with_starter=False).lacking == []
    report = build([folder, folder / "manual.pdf"], out, with_starter=False)
    assert {r.name for r in report.lacking} == {"manual.pdf"}
