"""The package: extras, what a store says of its age, and what it costs to list the commands."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from homeroom.api import Homeroom
from homeroom.cli.main import COMMANDS, cli
from homeroom.errors import BadInput
from homeroom.evidence import database
from homeroom.extras import EXTRAS, WEB, needs

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MODULES = {"python-multipart": "python_multipart", "vl-convert-python": "vl_convert",
           "prometheus-client": "prometheus_client"}  # fmt: skip


def named(requirements: list[str]) -> set[str]:
    found = {one.split(">")[0].split("=")[0].strip() for one in requirements}
    return {MODULES.get(one, one) for one in found}


def test_every_extra_is_explained_and_named_by_its_modules() -> None:
    assert set(PROJECT["optional-dependencies"]) == set(EXTRAS)
    assert named(PROJECT["optional-dependencies"]["web"]) <= set(WEB)


def test_a_missing_extra_is_a_refusal_that_says_what_to_install() -> None:
    with (
        pytest.raises(BadInput, match=r'pip install "homeroom\[mcp\]"'),
        needs("mcp", "no_such_module"),
    ):
        import no_such_module
    with pytest.raises(ModuleNotFoundError), needs("mcp", "mcp"):
        import no_such_module  # noqa: F401


def test_the_core_imports_nothing_that_an_extra_brings() -> None:
    code = (
        "import sys; import homeroom; from homeroom.api import Homeroom;"
        "import homeroom.claims.check, homeroom.plans.simulate, homeroom.report.place_charts,"
        "homeroom.claims.article.reading, homeroom.cli.asking;"
        f"print([name for name in {(*WEB, 'typst', 'mcp', 'pydantic')!r} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() in ("[]", "['jinja2']")  # Altair brings Jinja along


def test_commands_are_listed_without_importing_them() -> None:
    code = (
        "import sys; from homeroom.cli.main import cli; cli(['--help'], standalone_mode=False);"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in "
        "('polars', 'duckdb', 'numpy', 'rich', 'starlette', 'altair', 'scipy')))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "[]"
    for name in COMMANDS:
        assert f"\n  {name} " in result.stdout


def test_completion_knows_commands_and_options() -> None:
    complete = ShellComplete(cli, {}, "homeroom", "_HOMEROOM_COMPLETE")
    assert {one.value for one in complete.get_completions([], "pl")} == {"place", "plan"}
    assert all(one.help for one in complete.get_completions([], ""))
    assert "--measure" in {one.value for one in complete.get_completions(["rate"], "--me")}


def test_a_store_can_be_read_by_an_older_duckdb(starter_store: Path) -> None:
    written = struct.unpack("<Q", starter_store.read_bytes()[12:20])[0]
    with duckdb.connect(config={"storage_compatibility_version": database.STORAGE}) as old:
        tags = old.execute("SELECT version()").fetchone()
    assert tags is not None
    assert written <= 67  # the number that DuckDB 1.4 gives its own files
    assert database.STORAGE == "v1.4.0"


@pytest.fixture
def aged(starter_store: Path, tmp_path: Path) -> Path:
    """A store of the same schema that an earlier Homeroom built."""
    path = tmp_path / "aged.duckdb"
    shutil.copy(starter_store, path)
    with duckdb.connect(str(path)) as con:
        con.execute("UPDATE meta SET value = '0.0.9' WHERE key = 'homeroom_version'")
    return path


def test_a_store_of_an_earlier_release_says_so(
    aged: Path, starter_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Homeroom(aged) as room, Homeroom(starter_store) as own:
        assert room.store.stale is not None
        assert "Homeroom 0.0.9 built this store" in repr(room)
        assert own.store.stale is None
    monkeypatch.setenv("HOMEROOM_STORE", str(aged))
    result = CliRunner().invoke(cli, ["find", "Austin ISD", "--limit", "1", "--json"])
    assert "Homeroom 0.0.9 built this store" in result.stderr
    assert "0.0.9" not in result.stdout


def test_spark_gets_a_table_as_arrow(room: Homeroom) -> None:
    class Session:
        def createDataFrame(self, table: Any) -> Any:  # noqa: N802 - Spark's own name
            return table

    given = room.spark(Session(), "wage")
    assert isinstance(given, pa.Table)
    assert given.num_rows == room.table("wage").height


def test_the_lock_of_the_container_has_no_tools_of_development() -> None:
    pins = {
        line.split("==")[0]: line.split("==")[1].split()[0]
        for line in (ROOT / "requirements-run.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line and not line.startswith((" ", "#"))
    }
    every = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert {"starlette", "duckdb", "typst", "mcp", "hatchling"} <= set(pins)
    assert not {"pytest", "mypy", "ruff", "playwright", "marimo", "pandas"} & set(pins)
    assert [name for name, pin in pins.items() if f"\n{name}=={pin}" not in f"\n{every}"] == []
