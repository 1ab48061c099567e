"""``homeroom records publish`` and ``verify-certificate``."""

from __future__ import annotations

import json
import stat

import pytest
from click.testing import CliRunner

from homeroom.cli.records import records
from homeroom.errors import BadInput

GRID = "g,K,1,2,3\nA,16,8,8,6\nB,15,0,0,0\nC,3,0,0,0\nD,62,20,13,15\nE,3,1,0,1\nF,31,22,8,15\n"
LONG = "district,school,race,students,count\n" + "".join(
    f"D{d},S{s},{race},{n * 9 + 40},{n}\n"
    for d in range(2)
    for s in range(3)
    for race, n in (("B", 4 + s), ("H", 11 + d), ("=W", 30 + s))
)


@pytest.fixture
def grid(tmp_path):
    path = tmp_path / "grid.csv"
    path.write_text(GRID, encoding="utf-8")
    return path


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text(LONG, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(records, [str(one) for one in arguments], catch_exceptions=False)


def test_json_follows_the_contract(grid) -> None:
    found = json.loads(run("publish", grid, "--json").stdout)
    assert found["suppressed"] == 13
    assert found["audit"] == {"passed": True, "narrowest": 8} | {
        "witnesses": found["audit"]["witnesses"]
    }
    assert found["audit"]["witnesses"] > 0
    assert len(found["tables"][0]["rows"]) == 35


def test_a_release_is_a_folder_to_publish_and_a_secret_certificate(long, tmp_path) -> None:
    out = tmp_path / "release"
    told = run("publish", long, "--denominator", "students", "--out", out, "--title", "Arrests")
    assert "Audit passed" in told.stdout
    assert {path.name for path in out.iterdir()} == {
        "release.html", "release.pdf", "policy.json", "table-1.csv",
    }  # fmt: skip
    secret = tmp_path / "release-certificate.json"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert (out / "release.pdf").read_bytes().startswith(b"%PDF")
    page = (out / "release.html").read_text(encoding="utf-8")
    assert "Guarantee:" in page
    assert "<script" not in page
    assert "'=W" in (out / "table-1.csv").read_text(encoding="utf-8")
    checked = run("verify-certificate", secret, "--published", out / "table-1.csv", "--json")
    assert json.loads(checked.stdout)["passed"] is True
    again = run("publish", long, "--earlier", out / "table-1.csv", "--json")
    assert json.loads(again.stdout)["audit"]["passed"] is True


def test_a_published_table_with_a_hidden_count_is_caught(grid, tmp_path) -> None:
    out = tmp_path / "release"
    run("publish", grid, "--out", out)
    table = out / "table-1.csv"
    table.write_text(table.read_text().replace("A,1,*", "A,1,8"), encoding="utf-8")
    with pytest.raises(BadInput, match="a number where a cell is hidden"):
        run("verify-certificate", tmp_path / "release-certificate.json", "--published", table)


def test_a_folder_that_holds_something_is_not_written_to(grid, tmp_path) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(BadInput, match="nothing was written"):
        run("publish", grid, "--out", tmp_path)
    assert (tmp_path / "kept.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "header and rows"),
        ("a,b\nx,\n", "missing is not zero"),
        ("a,b\nx,1.5\n", "whole number"),
        ("a,b\nx,-1\n", "whole number"),
        ("a,b\nx,1,2\n", "expected 2 fields"),
        ("a,a\nx,1\n", "name once"),
        ("a,b\nx,1\nx,2\n", "name once"),
        ("a,b,total\nx,1,2\n", "each total to equal its parts"),
        ("race,count\nB,1\nB,2\n", "each cell once"),
        ("race,count\n,1\n", "a name in every column"),
        ("a,b\nx,\x00\n", "binary"),
        ("a,b\n" + "x" * 200_000 + ",1\n", "lines that a person can read"),
        ('a,b\n"x,1\n', "broken row"),
        ("a,b\nx\x1b[2J,1\n", "control characters"),
    ],
)
def test_bad_tables_are_refused_with_what_was_expected(tmp_path, text, says) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        run("publish", path)


@pytest.mark.parametrize(
    "options",
    [
        ("--minimum", "1"), ("--marker", "<10"), ("--marker", "=A1"), ("--table", "nothing"),
        ("--levels", "race>nothing"), ("--denominator", "nothing"), ("--marker", "5"),
    ],
)  # fmt: skip
def test_bad_options_are_refused(long, options) -> None:
    with pytest.raises(BadInput, match="expected"):
        run("publish", long, *options)
