"""Building a store: which rows stand, what is refused, and that the old store is never lost."""

from __future__ import annotations

import errno
import os
import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

import crdc_factory as crdc
from homeroom.api import Homeroom, open_store
from homeroom.cli.main import main
from homeroom.errors import BadInput, NotAvailable, StoreTooNew, Unwritten
from homeroom.evidence import build as building
from homeroom.evidence import draft as drafting
from homeroom.evidence import intake as taking
from homeroom.evidence import schema, starter, store
from homeroom.evidence.build import build
from homeroom.evidence.compile import compile_facts
from homeroom.sources.registry import Refused

ARRESTS = "Referrals and Arrests"
A, B = "480000100001", "480000200001"


def make(path: Path, *sources: Path, with_starter: bool = False):
    return build(sources, path, with_starter=with_starter)


def arrests(path: Path, place: str = "US-TX", wave: str = "2017-18", **more) -> int | None:
    with Homeroom(path) as room:
        frame = room.rate("arrests", place, wave, basis="schools", **more)
        return frame.filter(group="all")["count"].item()


def drafts(path: Path) -> list[str]:
    return [p.name for p in path.parent.iterdir() if ".building" in p.name]


@pytest.fixture
def whole(tmp_path):
    """A folder with every module of two schools of 2017-18."""
    rows = [
        crdc.school(A, SCH_ENR_BL_M=300, SCH_ENR_WH_F=200, SCH_DISCWODIS_ARR_BL_M=3,
                    SCH_DISCWODIS_REF_BL_M=5, SCH_FTECOUNSELORS="1.5"),
        crdc.school(B, SCH_ENR_WH_F=100, SCH_DISCWDIS_ARR_504_F=1, SCH_DISCWDIS_REF_504_F=1),
    ]  # fmt: skip
    return crdc.write_all(tmp_path / "whole", rows)


@pytest.fixture
def old(tmp_path, whole):
    """A store that a build must not harm."""
    path = tmp_path / "store.duckdb"
    make(path, whole)
    return path


def test_a_build_answers(old):
    assert arrests(old) == 4
    assert arrests(old, section504="without") == 3
    assert arrests(old, f"school:{A}") == 3
    assert arrests(old, "lea:4800002") == 1


@pytest.mark.parametrize("wave", ["2015-16", "2017-18", "2020-21", "2021-22"])
def test_every_wave_builds(tmp_path, wave):
    rows = [crdc.school(A, SCH_ENR_BL_M=300, SCH_DISCWODIS_ARR_BL_M=3, SCH_DISCWODIS_REF_BL_M=3)]
    path = tmp_path / "store.duckdb"
    make(path, crdc.write_all(tmp_path / "in", rows, wave))
    assert arrests(path, wave=wave) == 3


def test_a_zip_of_modules_is_read_like_its_folder(tmp_path, whole, old):
    archive = tmp_path / "official.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in whole.iterdir():
            out.write(path, f"2017-18 Public-Use Files/Data/SCH/CRDC/CSV/{path.name}")
        out.writestr("2017-18 Public-Use Files/Documentation/readme.txt", "Words.")
    path = tmp_path / "zip.duckdb"
    report = make(path, archive)
    assert [r.name for r in report.refused] == [
        "official.zip:2017-18 Public-Use Files/Documentation/readme.txt"
    ]
    with Homeroom(path) as one, Homeroom(old) as other:
        assert one.table("cells").drop("source_id").equals(other.table("cells").drop("source_id"))


def test_the_same_file_twice_is_read_once(tmp_path, whole):
    path = tmp_path / "store.duckdb"
    report = make(path, whole, whole / f"{ARRESTS}.csv")
    assert report.refused == [Refused(f"{ARRESTS}.csv", "the same file was given twice")]
    assert arrests(path) == 4


def test_two_files_with_one_school_are_refused_by_name(tmp_path):
    differs = crdc.school(A, SCH_DISCWODIS_ARR_BL_M=7)
    one = crdc.write(tmp_path / "in", ARRESTS, [differs], name="one.csv")
    two = crdc.write(tmp_path / "in", ARRESTS, [crdc.school(A), crdc.school(B)], name="two.csv")
    path = tmp_path / "store.duckdb"
    with pytest.raises(BadInput, match=r"one\.csv and two\.csv"):
        make(path, one, two)
    assert not path.exists()
    assert drafts(path) == []


def test_files_of_different_states_add_up(tmp_path):
    row = crdc.school("080000100001", LEA_STATE="CO", LEA_STATE_NAME="COLORADO", SCH_ENR_HI_M=9)
    texas = crdc.school(A, SCH_ENR_HI_M=9, SCH_DISCWODIS_ARR_HI_M=2)
    crdc.write_all(tmp_path / "in" / "TX", [texas])
    crdc.write_all(tmp_path / "in" / "CO", [row | {"SCH_DISCWODIS_ARR_HI_M": 5}])
    path = tmp_path / "store.duckdb"
    make(path, tmp_path / "in")
    assert (arrests(path), arrests(path, "US-CO")) == (2, 5)


def test_a_school_missing_from_one_module_is_not_a_zero(tmp_path):
    both = [crdc.school(A, SCH_ENR_WH_M=100), crdc.school(B, SCH_ENR_WH_M=300)]
    crdc.write(tmp_path / "in", "Enrollment", both)
    crdc.write(tmp_path / "in", ARRESTS, [crdc.school(A, SCH_DISCWODIS_ARR_WH_M=1)])
    path = tmp_path / "store.duckdb"
    make(path, tmp_path / "in")
    with Homeroom(path) as room:
        row = room.rate("arrests", "US-TX", "2017-18", basis="schools").row(0, named=True)
        assert (row["count"], row["students"], row["coverage"]) == (1, 100, 0.25)
        with pytest.raises(NotAvailable, match=r"2017-18.*found none"):
            room.rate("arrests", f"school:{B}", "2017-18")


@pytest.mark.parametrize(
    ("code", "grades", "status"),
    [
        (-9, {"PS": "Yes"}, "structural_zero"),
        (-9, {"G01": "Yes"}, "missing"),
        (-9, {"PS": "Yes", "KG": "Yes"}, "missing"),
        (-5, {"PS": "Yes"}, "missing"),
        (-11, {"G01": "Yes"}, "suppressed"),
    ],
)
def test_a_preschool_that_was_not_asked_has_a_structural_zero(tmp_path, code, grades, status):
    span = {f"SCH_GRADE_{g}": grades.get(g, "No") for g in crdc.GRADES}
    row = crdc.school(A, SCH_ENR_WH_M=50, **span, **crdc.whole(ARRESTS, code))
    path = tmp_path / "store.duckdb"
    make(path, crdc.write_all(tmp_path / "in", [row]))
    with Homeroom(path) as room:
        found = room.rate("arrests", f"school:{A}", "2017-18").row(0, named=True)
    assert found["status"] == status
    assert found["count"] == (0 if status == "structural_zero" else None)


@pytest.mark.parametrize("given", ["code", "value"])
def test_the_store_itself_refuses_a_reserve_code_as_a_number(old, given):
    copy = duckdb.connect(str(old))
    value, code = (-9, "NULL") if given == "value" else ("NULL", 9)
    with pytest.raises(duckdb.ConstraintException, match="CHECK"):
        copy.execute(f"INSERT INTO cell VALUES ('2017-18', 1, 1, {value}, {code}, 1)")
    with pytest.raises(duckdb.ConstraintException, match="CHECK"):
        copy.execute(
            f"INSERT INTO staff VALUES ('2017-18', 1, 'officer', {value}, {code}, NULL, 1)"
        )
    copy.close()


def test_a_value_and_a_code_cannot_stand_together(old):
    copy = duckdb.connect(str(old))
    for pair in ("3, -9", "NULL, NULL"):
        with pytest.raises(duckdb.ConstraintException, match="CHECK"):
            copy.execute(f"INSERT INTO cell VALUES ('2017-18', 1, 1, {pair}, 1)")
    copy.close()


def test_districts_unknown_to_the_directory_are_kept_and_counted(tmp_path):
    # New York City: one LEA in the CRDC, other ids in the directory.
    rows = [crdc.school("362058000001", LEA_STATE="NY", LEA_STATE_NAME="NEW YORK", SCH_ENR_BL_M=9)]
    rows.append(crdc.school(A, SCH_ENR_BL_M=4))
    path = tmp_path / "store.duckdb"
    crdc.write_all(tmp_path / "in", rows)
    directory = tmp_path / "in" / "LEA Characteristics.csv"
    directory.write_text(
        "LEA_STATE,LEA_STATE_NAME,LEAID,LEA_NAME,LEA_CITY,LEA_ENR,LEA_SCHOOLS,LEA_ECE_IND\n"
        "TX,TEXAS,4800001,Fixture ISD,Fixture,4,1,No\n",
    )
    make(path, tmp_path / "in")
    with Homeroom(path) as room:
        assert room.place("lea:3620580")["students"] == 9
        assert room.rate("enrollment", "lea:3620580", "2017-18")["count"].item() == 9


# What stands where files and starter facts speak of the same thing


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """Starter facts of two states and two waves, in place of those that ship."""
    folder = tmp_path / "starter"
    for wave in ("2017-18", "2020-21"):
        rows = [
            crdc.school(A, SCH_ENR_WH_M=60, SCH_DISCWODIS_ARR_WH_M=5, SCH_FTESECURITY_LEO=2),
            crdc.school(B, SCH_ENR_WH_M=40, SCH_DISCWODIS_ARR_WH_M=2),
            crdc.school("080000100001", LEA_STATE="CO", LEA_STATE_NAME="COLORADO",
                        SCH_ENR_WH_M=100, SCH_DISCWODIS_ARR_WH_M=9, SCH_DISCWODIS_ISS_WH_M=3),
        ]  # fmt: skip
        crdc.write_all(tmp_path / "old" / wave, rows, wave)
    compile_facts([tmp_path / "old"], folder, progress=lambda *_: None)
    names = sorted(p.stem for p in folder.glob("*.parquet") if p.stem != "source_file")
    monkeypatch.setattr(starter, "tables", lambda: names)
    monkeypatch.setattr(
        starter, "load", lambda name: building.pl.read_parquet(folder / f"{name}.parquet")
    )


def test_files_given_replace_starter_facts_by_wave_module_and_school(tmp_path, shipped):
    rows = [crdc.school(A, SCH_DISCWODIS_ARR_WH_M=1, SCH_DISCWODIS_REF_WH_M=1)]
    path = tmp_path / "store.duckdb"
    make(path, crdc.write(tmp_path / "new", ARRESTS, rows), with_starter=True)
    assert arrests(path) == 3  # 1 of the file, and 2 of the school that it does not contain
    assert arrests(path, wave="2020-21") == 7
    assert arrests(path, "US-CO") == 9
    with Homeroom(path) as room:
        row = room.rate("arrests", "US-TX", "2017-18", basis="schools").row(0, named=True)
        assert (row["students"], row["coverage"]) == (100, 1.0)
        assert room.rate("iss", "US-CO", "2017-18", basis="schools")["count"].item() == 3
        students = room.rate("enrollment", "US-TX", "2017-18", basis="schools")
        assert students["count"].item() == 100
        assert room.staff("US-TX", "2017-18").filter(role="officer")["fte"].item() == 2
        sources = set(room.table("source_file")["source_id"])
        assert set(room.table("cell")["source_id"]) <= sources


def test_starter_facts_alone(tmp_path, shipped):
    path = tmp_path / "store.duckdb"
    make(path, with_starter=True)
    assert (arrests(path), arrests(path, "US-CO")) == (7, 9)


def test_staff_given_replaces_that_of_the_starter_facts(tmp_path, shipped):
    file = crdc.write(tmp_path / "new", "School Support", [crdc.school(A, SCH_FTESECURITY_LEO=5)])
    path = tmp_path / "store.duckdb"
    make(path, file, with_starter=True)
    with Homeroom(path) as room:
        assert room.staff("US-TX", "2017-18").filter(role="officer")["fte"].item() == 5


# Bad input: one clear message, and the old store byte for byte as it was


def pictures(folder: Path) -> Path:
    path = folder / "pictures.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("a.png", b"\x89PNG\r\n\x1a\n" + bytes(100))
        out.writestr("b.jpg", b"\xff\xd8\xff\xe0" + bytes(100))
    return path


def empty(folder: Path) -> Path:
    (folder / "empty.csv").touch()
    return folder / "empty.csv"


def nothing_in_it(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


def mixed_waves(folder: Path) -> Path:
    """The ids and names of 2020-21 over half of the columns of 2017-18."""
    names = [*crdc.IDS, *crdc.columns(ARRESTS)[:20], "SCH_FTETEACH_FY"]
    return crdc.write(folder / "mixed", ARRESTS, [crdc.school(A)], "2020-21", names=names)


def absent(folder: Path) -> Path:
    return folder / "absent.csv"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (pictures, "a PNG picture"),
        (empty, "the file is empty"),
        (nothing_in_it, "the folder is empty"),
        (mixed_waves, "say which wave it is"),
        (absent, "found nothing there"),
    ],
)
def test_bad_input_is_refused_in_one_message(tmp_path, old, bad, words, monkeypatch, capsys):
    before = old.read_bytes()
    monkeypatch.setattr(
        "sys.argv", ["homeroom", "build", "--only", "--out", str(old), "--from", str(bad(tmp_path))]
    )
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr().err
    assert stop.value.code == BadInput.exit_code
    assert words in said
    assert said.strip().startswith("homeroom: ")
    assert "Traceback" not in said
    assert old.read_bytes() == before
    assert drafts(old) == []


def test_one_bad_file_among_good_ones_is_named_and_the_rest_read(tmp_path, whole):
    empty(whole)
    (whole / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    path = tmp_path / "store.duckdb"
    report = make(path, whole)
    assert {r.name for r in report.refused} == {"empty.csv", "photo.jpg"}
    assert arrests(path) == 4


@pytest.mark.parametrize("where", ["insert", "flush"])
def test_a_full_disk_is_named_and_harms_nothing(old, whole, monkeypatch, where):
    before = old.read_bytes()

    def full(*_args):
        if where == "flush":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise duckdb.IOException("IO Error: Could not write file: No space left on device")

    if where == "flush":
        monkeypatch.setattr(drafting.os, "fsync", full)
    else:
        monkeypatch.setattr(taking, "insert", full)
    with pytest.raises(Unwritten, match="found the disk full") as refused:
        make(old, whole)
    assert "What was there before is unchanged" in str(refused.value)
    assert old.read_bytes() == before
    assert drafts(old) == []


@pytest.mark.parametrize("step", ["Enrollment", "places and quality rules"])
def test_an_interrupt_harms_nothing(old, whole, step):
    before = old.read_bytes()

    def interrupt(what, _done, _all):
        if step in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build([whole], old, with_starter=False, progress=interrupt)
    assert old.read_bytes() == before
    assert drafts(old) == []


def test_an_interrupt_is_one_line_on_the_command_line(old, whole, monkeypatch, capsys):
    before = old.read_bytes()

    def interrupt(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(building.quality, "flag", interrupt)
    monkeypatch.setattr("sys.argv", ["homeroom", "build", "--only", "--out", str(old), str(whole)])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 130
    assert capsys.readouterr().err.strip() == (
        "homeroom: interrupted; nothing written before is lost."
    )
    assert old.read_bytes() == before
    assert drafts(old) == []


def test_drafts_of_dead_builds_are_cleared_and_those_of_living_ones_left(old, whole):
    dead = old.parent / f".{old.name}.999999999.building"
    living = old.parent / f".{old.name}.{os.getppid()}.building"
    for path in (dead, living):
        path.touch()
    make(old, whole)
    assert drafts(old) == [living.name]


def test_readers_keep_the_store_they_opened(old, whole, tmp_path):
    with Homeroom(old) as room:
        crdc.write(whole, ARRESTS, [crdc.school(A, SCH_DISCWODIS_ARR_WH_F=1)])
        make(old, whole)
        frame = room.rate("arrests", "US-TX", "2017-18", basis="schools")
        assert frame["count"].item() == 4
    assert arrests(old) == 1


def test_no_store(tmp_path):
    with pytest.raises(NotAvailable, match="found none"):
        store.connect(tmp_path / "none.duckdb")


@pytest.mark.parametrize("content", [b"", b"no database", b"\x89PNG" + bytes(5000)])
def test_what_is_no_store_is_refused(tmp_path, content):
    path = tmp_path / "store.duckdb"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="expected a Homeroom store"):
        store.connect(path)
    assert path.read_bytes() == content


def test_a_database_of_someone_else_is_refused(tmp_path):
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
    with pytest.raises(BadInput, match="expected a Homeroom store"):
        store.connect(path)


@pytest.mark.parametrize(
    ("version", "way"),
    [("999", "newer Homeroom"), ("0", "found version 0"), ("3", "found version 3")],
)
def test_a_store_of_another_version_is_refused_with_the_way_out(old, version, way):
    with duckdb.connect(str(old)) as other:
        other.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [version])
    before = old.read_bytes()
    with pytest.raises(StoreTooNew, match=way):
        store.connect(old)
    assert old.read_bytes() == before


def test_a_store_of_the_future_is_replaced_by_a_build(old, whole):
    with duckdb.connect(str(old)) as other:
        other.execute("UPDATE meta SET value = '999' WHERE key = 'schema_version'")
    make(old, whole)
    assert arrests(old) == 4


def test_equal_files_give_equal_content(old, whole, tmp_path):
    digests = set()
    for name in ("a", "b"):
        make(path := tmp_path / f"{name}.duckdb", whole)
        with Homeroom(path) as room:
            digests.add(room.meta["content_digest"])
    crdc.write(whole, ARRESTS, [crdc.school(A, SCH_DISCWODIS_ARR_WH_F=1)])
    make(path, whole)
    with Homeroom(path) as room:
        assert room.meta["content_digest"] not in digests
    assert len(digests) == 1


def test_a_draft_is_left_to_the_build_that_holds_its_lock(old, whole):
    fcntl = pytest.importorskip("fcntl")
    names = [f".{old.name}.999999998.building", f".{old.name}.999999999.building"]
    for name in names:
        (old.parent / name).touch()
        (old.parent / f"{name}.lock").touch()
    with (old.parent / f"{names[0]}.lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        make(old, whole)
    assert sorted(drafts(old)) == [names[0], f"{names[0]}.lock"]


def test_an_old_store_of_nothing_but_starter_facts_is_built_anew(
    starter_store, tmp_path, monkeypatch, old
):
    mine = tmp_path / "mine.duckdb"
    shutil.copyfile(starter_store, mine)
    for path in (mine, old):
        with duckdb.connect(str(path)) as other:
            other.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
    monkeypatch.setenv("HOMEROOM_STORE", str(old))
    with pytest.raises(StoreTooNew, match="Build it again from the files"):
        open_store()
    monkeypatch.setenv("HOMEROOM_STORE", str(mine))
    with open_store() as room:
        assert room.store.meta["schema_version"] == str(schema.SCHEMA_VERSION)
