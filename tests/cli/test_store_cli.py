"""build, verify, and describe --build as typed: exit codes and what they print."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import crdc_factory as crdc
from homeroom.cli.main import cli, main

A = "480000100001"


def run(*typed: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(word) for word in typed])
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path) -> Path:
    return crdc.write_all(tmp_path / "in", [crdc.school(A, SCH_ENR_WH_M=9)])


@pytest.fixture
def out(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("HOMEROOM_STORE", str(tmp_path / "store.duckdb"))
    return tmp_path / "store.duckdb"


def test_a_build_says_what_each_file_changed(folder, out):
    code, said = run("build", "--only", folder)
    assert code == 0
    assert "changed  Enrollment.csv: 2017-18, enrollment, schools: 1 added" in said


def test_a_build_without_some_of_its_files_ends_with_6(folder, out):
    crdc.write(folder, "Enrollment", [crdc.school(A, SCH_ENR_WH_M="nine")], name="Bad.csv")
    code, said = run("build", "--only", folder)
    assert code == 6
    assert "refused  Bad.csv" in said
    assert out.exists()


def test_the_program_itself_ends_with_6(folder, out, monkeypatch, capsys):
    crdc.write(folder, "Enrollment", [crdc.school(A, SCH_ENR_WH_M="nine")], name="Bad.csv")
    monkeypatch.setattr("sys.argv", ["homeroom", "build", "--only", str(folder)])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 6
    assert "Files refused: 1." in capsys.readouterr().err


def test_build_only_of_nothing_is_refused(out, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["homeroom", "build", "--only"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert not out.exists()


def test_describe_build_and_verify_answer(folder, out):
    run("build", "--only", folder)
    made = json.loads(run("describe", "--build", "--json")[1])
    assert {one["name"] for one in made["files"]} >= {"Enrollment.csv"}
    assert run("describe", "--build")[0] == 0
    code, said = run("verify", "--json")
    assert code == 0
    assert {row["outcome"] for row in json.loads(said)} <= {"whole", "told", "not checked"}


def test_verify_of_a_damaged_file_ends_with_2(tmp_path):
    file = crdc.write(tmp_path, "Enrollment", [crdc.school(A, SCH_ENR_WH_M="nine")])
    code, said = run("verify", file, "--csv")
    assert code == 2
    assert "expected a number, found 'nine'" in said


def test_a_brief_is_not_written_over_a_plan(tmp_path, out):
    plan = tmp_path / "plan.html"
    plan.write_text("<p>place: lea:4800001</p>")
    code = run("brief", "lea:4800001", "--plan", plan, "--out", plan)[0]
    assert code != 0
    assert plan.read_text() == "<p>place: lea:4800001</p>"
