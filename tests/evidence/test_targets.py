"""Where results go: never over an input, and never over what is not a result."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

import crdc_factory as crdc
from homeroom.cli.output import print_rows
from homeroom.errors import BadInput, StoreLocked, StoreTooNew
from homeroom.evidence import store
from homeroom.evidence.build import build
from homeroom.evidence.targets import refuse_other_kind

A = "480000100001"


@pytest.fixture
def source(tmp_path) -> Path:
    return crdc.write(tmp_path / "in", "Enrollment", [crdc.school(A, SCH_ENR_WH_M=9)])


def test_a_build_never_writes_over_its_input(source):
    before = source.read_bytes()
    with pytest.raises(BadInput, match="found one of the files to read"):
        build([source], source, with_starter=False)
    assert source.read_bytes() == before


@pytest.mark.parametrize("link", ["symlink", "hard link", "input through a link"])
def test_links_to_an_input_are_the_input(tmp_path, source, link):
    before, other = source.read_bytes(), tmp_path / "other.duckdb"
    os.link(source, other) if link == "hard link" else other.symlink_to(source)
    given, out = (other, source) if link == "input through a link" else (source, other)
    with pytest.raises(BadInput, match="found one of the files to read"):
        build([given], out, with_starter=False)
    assert source.read_bytes() == before


def test_a_file_of_a_folder_that_is_read_is_not_written_over(source):
    before = source.read_bytes()
    with pytest.raises(BadInput, match="nothing was changed"):
        build([source.parent], source, with_starter=False)
    assert source.read_bytes() == before


def test_a_store_within_the_folder_that_is_read_is_built_again(source):
    out = source.parent / "store.duckdb"
    build([source.parent], out, with_starter=False)
    report = build([source.parent], out, with_starter=False)
    assert report.refused == []
    store.connect(out).close()


def test_a_store_named_as_input_is_not_written_over(source, tmp_path):
    out = tmp_path / "store.duckdb"
    build([source], out, with_starter=False)
    with pytest.raises(BadInput, match="found one of the files to read"):
        build([source, out], out, with_starter=False)


def other_database(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("CREATE TABLE meta (key VARCHAR, value VARCHAR)")
        con.execute("INSERT INTO meta VALUES ('schema_version', '5')")


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_text("Notes of a meeting.\n"),
        lambda path: path.touch(),
        other_database,
        lambda path: path.mkdir(),
        os.mkfifo,
    ],
)
def test_what_is_neither_absent_nor_a_store_is_left_alone(tmp_path, source, make):
    out = tmp_path / "notes"
    make(out)
    before = out.read_bytes() if out.is_file() else None
    with pytest.raises(BadInput, match="nothing was changed"):
        build([source], out, with_starter=False)
    assert (out.read_bytes() if out.is_file() else None) == before


def test_a_link_to_a_store_stays_a_link(tmp_path, source):
    link, real = tmp_path / "link.duckdb", tmp_path / "elsewhere" / "store.duckdb"
    real.parent.mkdir()
    link.symlink_to(real)
    build([source], link, with_starter=False)
    assert link.is_symlink()
    store.connect(real).close()


def test_a_build_of_nothing_never_empties_a_store(tmp_path, source):
    out = tmp_path / "store.duckdb"
    build([source], out, with_starter=False)
    before = out.read_bytes()
    with pytest.raises(BadInput, match="it would be empty"):
        build([], out, with_starter=False)
    assert out.read_bytes() == before


@pytest.fixture
def locked(tmp_path, source):
    """A store that another process holds open for writing, and the number of that process."""
    out = tmp_path / "store.duckdb"
    build([source], out, with_starter=False)
    script = f"import duckdb; c = duckdb.connect({str(out)!r}); print('held', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        yield out, holder.pid
        holder.communicate(b"\n")


def test_a_locked_store_is_said_to_be_locked_and_by_whom(locked, source):
    out, holder = locked
    for act in (lambda: store.connect(out), lambda: build([source], out)):
        with pytest.raises(StoreLocked, match=f"process {holder}") as refused:
            act()
        assert "not one" not in str(refused.value)


def test_an_old_store_says_what_it_was_made_from(tmp_path, source):
    out = tmp_path / "store.duckdb"
    build([source], out, with_starter=False)
    with duckdb.connect(str(out)) as con:
        con.execute("UPDATE meta SET value = '3' WHERE key = 'schema_version'")
    with pytest.raises(StoreTooNew, match=r"made from: Enrollment\.csv"):
        store.connect(out)
    build([source], out, with_starter=False)
    store.connect(out).close()


@pytest.mark.parametrize(
    ("name", "head"), [("a.parquet", b"PAR1"), ("a.svg", b"<svg>"), ("a.pdf", b"%PDF-1.7")]
)
def test_other_results_replace_their_own_kind_alone(tmp_path, name, head):
    out = tmp_path / name
    refuse_other_kind(out)
    out.write_bytes(head + b" earlier result")
    refuse_other_kind(out)
    out.write_bytes(b"Notes of a meeting.")
    with pytest.raises(BadInput, match="nothing was changed"):
        refuse_other_kind(out)


def test_a_table_is_not_written_over_a_store(tmp_path, source):
    out = tmp_path / "store.duckdb"
    build([source], out, with_starter=False)
    before = out.read_bytes()
    with pytest.raises(BadInput, match="a Parquet file"):
        print_rows(pl.DataFrame({"a": [1]}), as_json=False, as_csv=False, parquet=out)
    assert out.read_bytes() == before
