"""The CRDC's cells from records, the flat file, and the store that figures answer from."""

from __future__ import annotations

import csv
import stat

import polars as pl
import pytest
from records_tables import imported, write
from starlette.testclient import TestClient

import homeroom
from homeroom.errors import BadInput, Confidential
from homeroom.figures.engine import answer
from homeroom.figures.question import Question
from homeroom.records import crdc_check, crdc_file
from homeroom.records.crdc import counted
from homeroom.records.engines import opened
from homeroom.records.ids import ids_of
from homeroom.records.own_store import build_store, wave_of
from homeroom.sources.crdc.columns import layout
from homeroom.vocabulary import waves
from homeroom.vocabulary.cells import CELLS
from homeroom.vocabulary.elements import ELEMENTS
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

HEAD = "student_id,year,lea,school,race,sex,idea,section_504"


@pytest.fixture(autouse=True, scope="module")
def waves_as_before():
    """Own years stand in the vocabulary of this process: take them out again."""
    before = dict(waves.WAVES)
    yield
    waves.WAVES.clear()
    waves.WAVES.update(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A district of its own in 2025-26: referrals, an arrest, suspensions, restraint."""
    folder = tmp_path_factory.mktemp("district") / "extract"
    folder.mkdir()
    students = [f"s{n},2026,4899001,489900100001,{'Black' if n % 4 else 'White'},"
                f"{'M' if n % 2 else 'F'},{'Y' if n % 10 == 0 else 'N'},"
                f"{'Y' if n % 10 == 5 else 'N'}" for n in range(200)]  # fmt: skip
    write(folder, "students.csv", HEAD, *students)
    write(folder, "schools.csv", "lea,school,school_name,lea_name",
          "4899001,489900100001,Sample School,Sample District")  # fmt: skip
    write(folder, "incidents.csv", "student_id,incident_id,date,action,days,referred,arrested",
          "s1,1,2025-09-01,OSS,2,Y,Y", "s1,2,2025-10-01,OSS,2,Y,N",  # one student, twice
          "s5,3,2025-09-01,OSS,1,Y,N",  # Section 504 alone: no race
          "s10,4,2025-09-01,ISS,1,Y,N", "s10,5,2025-09-02,physical restraint,,N,N",
          "s3,6,2025-09-01,EXPWE,20,N,N", "nobody,7,2025-09-01,OSS,1,Y,Y")  # fmt: skip
    return imported(folder)


@pytest.fixture(scope="module")
def cells(made):
    with opened(made) as engine:
        return counted(made, engine)


@pytest.fixture(scope="module")
def own(made):
    build_store(made, with_public=False)
    with homeroom.open(made.store) as room:
        yield room


def of(cells, element):
    found = cells.cells.join(
        pl.DataFrame(
            [(c.id, c.element, c.disability, c.race, c.sex) for c in CELLS],
            ["cell_id", "element", "disability", "race", "sex"], orient="row",
        ),
        on="cell_id",
    ).filter(element=element)  # fmt: skip
    return {tuple(row) for row in found.select("disability", "race", "sex", "value").iter_rows()}


def test_students_count_once_in_the_part_and_group_that_the_form_asks(cells):
    assert of(cells, "REF") == {("wodis", "black", "male", 1), ("s504", "none", "male", 1),
                                ("idea", "black", "female", 1)}  # fmt: skip
    assert of(cells, "ARR") == {("wodis", "black", "male", 1)}
    assert of(cells, "MULTOOS") == {("wodis", "black", "male", 1)}
    assert of(cells, "SINGOOS") == {("s504", "none", "male", 1)}
    assert of(cells, "PHYS") == {("idea", "black", "female", 1)}
    assert sum(row[3] for row in of(cells, "ENR") if row[0] == "any") == 200


def test_flat_file_is_read_by_the_reader_of_official_files(made, cells, tmp_path):
    out = tmp_path / "crdc.csv"
    assert crdc_file.write(made, ids_of(made, "TX"), cells, 2026, out) == 1
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    with out.open() as stream:
        (row,) = csv.DictReader(stream)
    assert (row["LEAID"], row["SCHID"], row["COMBOKEY"]) == ("4899001", "00001", "489900100001")
    found = layout(row)
    read = {number: int(row[name]) for name, number in found.cells.items() if row[name]}
    ours = dict(cells.cells.select("cell_id", "value").iter_rows())
    assert {number: n for number, n in read.items() if n} == ours
    # Zero only where it was collected: transfers were not.
    assert row["SCH_DISCWODIS_ISS_BL_M"] == "0"
    assert row["SCH_DISCWODIS_TFRALT_BL_M"] == ""
    wanted = {c.id for c in CELLS if ELEMENTS[c.element].module != "offenses"}
    assert set(found.cells.values()) == wanted


def test_comparison_with_what_was_submitted(made, cells, tmp_path):
    out = tmp_path / "crdc.csv"
    ids = ids_of(made, "TX")
    crdc_file.write(made, ids, cells, 2026, out)
    text = out.read_text().splitlines()
    at = text[0].split(",").index("SCH_DISCWODIS_REF_BL_M")
    changed = text[1].split(",")
    changed[at] = "9"
    out.write_text("\n".join([text[0], ",".join(changed)]))
    earlier = crdc_file.submitted(out, set(ids.schools.values()))
    rows = {row["measure"]: row for row in crdc_check.against(cells, 2026, earlier)}
    assert rows["referrals"] == {"measure": "referrals", "students": 3, "submitted": 11,
                                 "difference": -8}  # fmt: skip
    assert rows["arrests"]["difference"] == 0
    assert "transfers" not in rows
    other = write(tmp_path, "other.csv", "a,b", "1,2")
    with pytest.raises(BadInput, match="expected a flat file of the CRDC"):
        crdc_file.submitted(other, set())


def test_figures_answer_from_the_store_unchanged(own):
    assert own.access == "confidential"
    asked = [Question(m, place="lea:4899001", wave="2025-26") for m in ("arrests", "transfers")]
    found, none = answer(own.store, asked)
    assert (found.group.count, found.group.students) == (1, 200)
    assert found.status == "observed"
    assert any("own records" in reason for reason in found.breaks)
    assert none.value is None  # not collected is not zero
    assert own.find("Sample District")[0].id == "lea:4899001"


def test_claim_on_this_year_is_checked(own):
    said = "Boys in Sample District were referred to police at 2 times the rate of girls in "
    said += "2025-26."
    assert own.check(said).as_dict()["value"] == pytest.approx(2.0, abs=1e-12)  # 2 and 1 of 100


def test_rules_look_at_the_records_before_they_are_submitted(own, made):
    ids = ids_of(made, "TX")
    found = {one.measure: one for one in crdc_check.compared(own.store, ids, 2026)}
    assert (found["referrals"].students, found["referrals"].public_students) == (3, None)
    assert found["transfers"].students is None
    assert crdc_check.flagged(own.store, ids, 2026) == []


def test_own_page_is_for_this_machine_alone(own):
    settings = Settings(warm_up=False)
    client = TestClient(
        create_app(homeroom.open(own.path), settings), base_url="http://127.0.0.1:8000",
        client=("127.0.0.1", 50000),
    )  # fmt: skip
    page = client.get("/records?threshold=2")
    assert page.status_code == 200
    assert "confidential" in page.text
    assert "Sample District, 2025-26" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert client.get("/place/lea:4899001").status_code == 200
    elsewhere = TestClient(
        create_app(homeroom.open(own.path), settings), base_url="http://127.0.0.1:8000",
        client=("203.0.113.9", 50000),
    )  # fmt: skip
    assert elsewhere.get("/records").status_code == 403
    with pytest.raises(Confidential, match="on this machine alone"):
        create_app(homeroom.open(own.path), Settings(host="0.0.0.0"))  # noqa: S104 - is refused


def test_years_are_named_as_waves():
    assert wave_of(2026) == "2025-26"
    waves.admit_own("2025-26")
    assert list(waves.WAVES) == sorted(waves.WAVES)
    with pytest.raises(BadInput, match="school year"):
        waves.admit_own("2025-27")
