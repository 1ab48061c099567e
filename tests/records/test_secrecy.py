"""No text of a record leaves, whatever fails; and what is made to hurt is refused cheaply."""

from __future__ import annotations

import gzip
import io
import os
import resource
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from records_tables import write

from homeroom.errors import BadInput, HomeroomError
from homeroom.records.importing import Extract, import_records
from homeroom.records.sealed import SealedFault, sealed
from homeroom.records.workspace import Workspace, check_private

CANARY = "CANARY7731"
HEAD = "student_id,school_year,leaid,race,sex,birth_date,idea"


def fails(tmp_path, **files: str | bytes) -> str:
    """Import as the command line does, and return everything that came out of it."""
    folder = tmp_path / "extract"
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("_dot_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "homeroom", "records", "import", str(folder), "--workspace",
         str(tmp_path / "workspace")],
        capture_output=True, check=False, timeout=60,
        env=os.environ | {"HOME": str(home), "XDG_STATE_HOME": str(home), "TMPDIR": str(home)},
    )  # fmt: skip
    assert done.returncode != 0
    reports = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    assert not (tmp_path / "workspace").exists()
    assert not list(tmp_path.glob(".workspace*"))
    return b"\n".join([done.stdout, done.stderr, *reports]).decode(errors="replace")


@pytest.mark.parametrize(
    "rows",
    [
        f"{CANARY},2024,L,{CANARY} Smith,M,2010-01-01,Y",  # a name where a code should be
        f"{CANARY},2024,L,Black,M,2010-01-01,Y,{CANARY}",  # too many columns
        f'{CANARY},2024,L,"Black {CANARY},M,2010-01-01,Y',  # a quote that never closes
        f"{CANARY},2024,L,Black,M,2010-01-01,{CANARY}",
    ],
)
def test_canaries_never_show_in_any_output_of_a_failing_run(tmp_path, rows):
    said = fails(tmp_path, students_dot_csv=f"{HEAD}\n{rows}\n")
    assert CANARY not in said
    assert "expected" in said.lower()


def test_file_without_a_heading_is_refused_without_its_first_row(tmp_path):
    said = fails(tmp_path, students_dot_csv=f"{CANARY},Jane,{CANARY}x\n1,2,3\n")
    assert CANARY not in said


def test_unforeseen_fault_keeps_places_in_the_code_and_no_values():
    with pytest.raises(SealedFault) as caught, sealed("a file"):
        {}[CANARY]
    text = str(caught.value)
    assert CANARY not in text
    assert "KeyError" in text
    assert "test_secrecy.py" in text
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_crash_report_has_no_value(tmp_path, monkeypatch):
    from homeroom.cli import failures

    monkeypatch.setattr("platformdirs.user_log_path", lambda _name: tmp_path)
    try:
        with sealed("a file"):
            int(CANARY)
    except SealedFault as error:
        failures.failure(error)
    (report,) = tmp_path.iterdir()
    assert CANARY not in report.read_text()
    assert "ValueError, message withheld" in report.read_text()


@pytest.mark.skipif(os.name != "posix", reason="rights are POSIX's")
def test_workspace_is_for_its_owner_alone(workspace):
    assert stat.S_IMODE(workspace.folder.stat().st_mode) == 0o700
    for path in workspace.folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    check_private(workspace)
    workspace.folder.chmod(0o755)
    with pytest.raises(BadInput, match="rights for others"):
        check_private(workspace)
    workspace.folder.chmod(0o700)


def test_workspace_keeps_no_id_and_no_birth_date(workspace):
    held = b"".join(path.read_bytes() for path in workspace.folder.iterdir())
    for secret in (b"S000000001", b"E4096", b"2012-"):
        assert secret not in held


def test_what_a_killed_import_left_goes_with_the_next(tmp_path, sample):
    left = tmp_path / ".own.999999999.importing"
    left.mkdir()
    (left / "rows").write_text(CANARY)
    import_records(Extract((sample,)), tmp_path / "own")
    assert [path.name for path in tmp_path.iterdir()] == ["own"]


def test_import_over_something_else_is_refused(tmp_path, sample):
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("mine")
    with pytest.raises(BadInput, match="found something else"):
        import_records(Extract((sample,)), other)
    assert (other / "chapter.txt").read_text() == "mine"


def refused(tmp_path, match: str) -> None:
    """Refuse an extract in a few seconds and little memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    with pytest.raises(HomeroomError, match=match):
        import_records(Extract((tmp_path / "extract",)), tmp_path / "workspace")
    assert time.process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def folder(tmp_path) -> Path:
    path = tmp_path / "extract"
    path.mkdir()
    return path


@pytest.mark.parametrize("head", [HEAD + "\n", ""])
def test_line_of_ten_gigabytes(tmp_path, head):
    with (folder(tmp_path) / "students.csv").open("wb") as stream:
        stream.write(head.encode())
        stream.seek(10 << 30)
        stream.write(b"\n")  # sparse: it takes no room on the disk
    refused(tmp_path, "longer one|bytes of zero")


def test_line_of_many_megabytes_within_a_file(tmp_path):
    with (folder(tmp_path) / "students.csv").open("wb") as stream:
        stream.write(f"{HEAD}\n1,2024,L,Black,M,,Y\n2,2024,L,".encode())
        stream.write(b"x" * (8 << 20) + b",M,,Y\n")
    refused(tmp_path, "longer one")


def test_zip_bomb(tmp_path):
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("students.csv", "w", force_zip64=True) as member,
    ):
        member.write(bytes(270 << 20))
    (folder(tmp_path) / "students.zip").write_bytes(packed.getvalue())
    refused(tmp_path, "more than a table shrinks")


def test_gzip_bomb(tmp_path):
    with gzip.open(folder(tmp_path) / "students.csv.gz", "wb", compresslevel=9) as stream:
        stream.write(bytes(270 << 20))
    refused(tmp_path, "more than a table shrinks|at most 1 MB")


def test_entities_are_refused_before_they_expand(tmp_path):
    entities = "".join(
        f'<!ENTITY a{n} "{"".join(f"&a{n - 1};" for _ in range(10))}">' for n in range(1, 12)
    )
    (folder(tmp_path) / "students.xml").write_text(
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{entities}]>'
        "<InterchangeStudent>&a11;</InterchangeStudent>"
    )
    refused(tmp_path, "declares entities")


def test_endless_text_in_xml(tmp_path):
    with (folder(tmp_path) / "students.xml").open("wb") as stream:
        stream.write(b"<InterchangeStudent><Student><StudentUniqueId>")
        stream.seek(5 << 30)
        stream.write(b"1")
    refused(tmp_path, "elements of at most 1 MB|broken XML")


def test_deep_json(tmp_path):
    (folder(tmp_path) / "students.json").write_text("[" * 200_000)
    refused(tmp_path, "expected JSON")


def test_formula_in_a_name_is_no_formula_in_what_we_write(tmp_path):
    from records_tables import imported

    from homeroom.records.crdc import counted
    from homeroom.records.crdc_file import write as write_flat
    from homeroom.records.engines import opened
    from homeroom.records.ids import ids_of

    path = folder(tmp_path)
    write(path, "students.csv", "student_id,year,lea,school,race,sex", "a,2024,L,1,Black,M")
    write(path, "schools.csv", "lea,school,school_name,lea_name", 'L,1,"=cmd|calc",+1+1')
    made = imported(path)
    with opened(made) as engine:
        cells = counted(made, engine)
    write_flat(made, ids_of(made, "TX"), cells, 2024, tmp_path / "flat.csv")
    text = (tmp_path / "flat.csv").read_text()
    assert "'=cmd|calc" in text
    assert "'+1+1" in text
    assert stat.S_IMODE((tmp_path / "flat.csv").stat().st_mode) == 0o600


def test_folder_that_is_no_workspace_is_said_to_be_none(tmp_path):
    with pytest.raises(HomeroomError, match="found none"):
        _ = Workspace(tmp_path).manifest
