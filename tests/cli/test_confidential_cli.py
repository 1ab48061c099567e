"""Confidential records on the command line: asked for, marked, and kept private."""

from __future__ import annotations

import csv
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from homeroom.cli import main as front
from homeroom.errors import Confidential

RATE = ("rate", "--measure", "arrests", "--place", "TX")
OPENING = (
    RATE, ("find", "austin"), ("place", "TX"), ("staff",),
    ("ratio", "--group", "black", "--versus", "white"),
    ("describe", "--files"), ("describe", "--build"), ("verify",),
)  # fmt: skip


@pytest.fixture(scope="module")
def records(starter_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("records") / "records.duckdb"
    shutil.copyfile(starter_store, made)
    with duckdb.connect(str(made)) as con:
        con.execute("UPDATE meta SET value = 'confidential' WHERE key = 'access'")
    return made


@pytest.fixture(autouse=True)
def here(records: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HOMEROOM_STORE", str(records))
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.parametrize("words", OPENING, ids=lambda words: words[0])
def test_no_command_shows_confidential_records_unasked(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(front.cli, words)
    assert isinstance(done.exception, Confidential), done.output
    assert done.output == ""


def test_a_brief_of_confidential_records_is_not_written_unasked(tmp_path: Path) -> None:
    done = CliRunner().invoke(front.cli, ["brief", "TX", "--out", str(tmp_path / "b.html")])
    assert isinstance(done.exception, Confidential)
    assert list(tmp_path.iterdir()) == []


def test_what_is_shown_is_marked_in_every_form(tmp_path: Path) -> None:
    invoke = CliRunner().invoke
    table = invoke(front.cli, [*RATE, "--confidential"])
    assert table.stdout.startswith("CONFIDENTIAL")
    rows = invoke(front.cli, [*RATE, "--json", "--confidential"])
    assert {row["access"] for row in json.loads(rows.stdout)} == {"confidential"}
    assert "CONFIDENTIAL" in rows.stderr
    lines = invoke(front.cli, [*RATE, "--csv", "--confidential"]).stdout.splitlines()
    assert {row["access"] for row in csv.DictReader(lines)} == {"confidential"}
    place = invoke(front.cli, ["place", "TX", "--json", "--confidential"])
    assert json.loads(place.stdout)["access"] == "confidential"
    out = tmp_path / "rates.parquet"
    assert invoke(front.cli, [*RATE, "--parquet", str(out), "--confidential"]).exit_code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    assert set(pl.read_parquet(out)["access"]) == {"confidential"}


def test_a_brief_is_marked_and_for_its_user_alone(tmp_path: Path) -> None:
    out = tmp_path / "brief.html"
    done = CliRunner().invoke(front.cli, ["brief", "TX", "--out", str(out), "--confidential"])
    assert done.exit_code == 0, done.output
    assert out.stat().st_mode & 0o777 == 0o600
    assert "CONFIDENTIAL" in out.read_text("utf-8")


def test_public_records_need_no_leave_and_bear_no_mark(
    starter_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOMEROOM_STORE", str(starter_store))
    done = CliRunner().invoke(front.cli, [*RATE, "--json"])
    assert done.exit_code == 0
    assert "access" not in json.loads(done.stdout)[0]


def test_every_command_that_opens_a_store_offers_the_option() -> None:
    context = click.Context(front.cli)
    without = {
        name
        for name in front.cli.list_commands(context)
        if (command := front.cli.get_command(context, name))
        and all("--confidential" not in one.opts for one in command.params)
    }
    assert without == {
        "build", "claims", "compile", "download", "law", "mcp", "records", "serve", "site",
    }  # fmt: skip


def test_a_chart_is_marked_in_its_source_and_in_words(tmp_path: Path) -> None:
    out = tmp_path / "curve.svg"
    done = CliRunner().invoke(
        front.cli, ["check", "six-times", "--chart", str(out), "--confidential"]
    )
    assert done.exit_code == 0, done.output
    drawn = out.read_text()
    assert ">CONFIDENTIAL" in drawn
    assert 'aria-label="CONFIDENTIAL' in drawn
    assert out.stat().st_mode & 0o777 == 0o600
