"""No traceback reaches a user: every failure is one line and a documented exit code."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import duckdb
import pytest

from homeroom.cli import main as front
from homeroom.errors import EXIT_CODES, BadInput, HomeroomError
from homeroom.report.engines import typeset

Run = Callable[..., tuple[int, str, str]]
LONG = "x" * 300


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], starter_store: Path
) -> Run:
    """Run the command line as its entry point does: code, stdout, and stderr."""

    def ran(*words: str, store: Path = starter_store) -> tuple[int, str, str]:
        monkeypatch.setenv("HOMEROOM_STORE", str(store))
        monkeypatch.setattr(sys, "argv", ["homeroom", *words])
        with pytest.raises(SystemExit) as stop:
            front.main()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return int(stop.value.code or 0), out, err

    return ran


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Make the command `claims` fail as told."""

    def fails(error: BaseException) -> None:
        @click.command("claims")
        def command() -> None:
            raise error

        monkeypatch.setattr(front._Front, "get_command", lambda *_: command)

    return fails


@pytest.mark.parametrize(
    "words",
    [
        ("build", "--out", "file/x.duckdb"),
        ("build", "--out", f"{LONG}.duckdb"),
        ("build", "--out", "/proc/x.duckdb"),
        ("build", "--out", "."),
        ("brief", "TX", "--out", f"{LONG}.pdf"),
        ("brief", "TX", "--out", "file/x.pdf"),
        ("rate", "--measure", "arrests", "--parquet", "file/x.parquet"),
        ("rate", "--measure", "arrests", "--parquet", f"{LONG}.parquet"),
        ("rate", "--measure", "arrests", "--parquet", "/proc/x.parquet"),
        ("research", "chart", "gaps", f"{LONG}.svg"),
    ],
)
def test_a_place_that_cannot_be_written_is_named_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    code, _, said = run(*words)
    assert code == 2
    assert said.strip().count("\n") == 0
    assert said.strip().startswith("homeroom: ")
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DROP TABLE source_file CASCADE", "without table source_file"),
        ("ALTER TABLE official_staff DROP COLUMN source_id", "without column source_id"),
        (
            (
                "CREATE TABLE m AS SELECT key, nullif(value, '5') AS value FROM meta; "
                "DROP TABLE meta; ALTER TABLE m RENAME TO meta"
            ),
            "expected a Homeroom store",
        ),
    ],
)
def test_a_store_that_lacks_something_says_what(
    run: Run, starter_store: Path, tmp_path: Path, change: str, words: str
) -> None:
    store = tmp_path / "s.duckdb"
    shutil.copyfile(starter_store, store)
    with duckdb.connect(str(store)) as con:
        con.execute(change)
    code, _, said = run("find", "austin", store=store)
    assert code == 2
    assert words in said


def test_damaged_blocks_of_a_store_are_one_line(
    run: Run, starter_store: Path, tmp_path: Path
) -> None:
    store = tmp_path / "s.duckdb"
    data = bytearray(starter_store.read_bytes())
    for at in range(len(data) // 3, len(data) - 4096, 4096):
        data[at] ^= 0x5A
    store.write_bytes(data)
    code, _, said = run("place", "lea:4808940", store=store)
    assert code == 2
    assert said.strip().count("\n") == 0


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 7, "the disk or the device full"),
        (OSError("No space left on device (os error 28): a/b"), 7, "the disk or the device full"),
        (duckdb.OutOfMemoryException("could not allocate"), 8, "found too little"),
        (MemoryError(), 8, "found too little"),
        (duckdb.Error("Corrupt database file: computed checksum"), 2, "damaged"),
        (duckdb.InterruptException("Interrupted!"), 130, "interrupted"),
        (RuntimeError("Query interrupted"), 130, "interrupted"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (PermissionError(errno.EACCES, "Permission denied", "a/\x1b[2Jb"), 2, "a/\\u001b[2Jb"),
    ],
)
def test_what_a_library_raises_has_a_code_and_a_line(
    run: Run, failing: Callable[[BaseException], None], error: Exception, code: int, words: str
) -> None:
    failing(error)
    found, out, said = run("claims")
    assert (found, out) == (code, "")
    assert words in said
    assert said.strip().count("\n") == 0


def test_a_fault_of_our_own_leaves_a_private_report_and_says_where(
    run: Run,
    failing: Callable[[BaseException], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("platformdirs.user_log_path", lambda _name: tmp_path / "logs")
    failing(AssertionError("the very fault"))
    code, _, said = run("claims")
    (report,) = (tmp_path / "logs").iterdir()
    assert code == 70
    assert "AssertionError" in said
    assert str(report) in said
    assert "the very fault" in report.read_text()
    assert report.stat().st_mode & 0o077 == 0


def test_every_code_of_a_refusal_is_documented() -> None:
    kinds = [HomeroomError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    assert {kind.exit_code for kind in kinds} <= set(EXIT_CODES)
    page = Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md"
    for code, meaning in EXIT_CODES.items():
        assert f"| {code} | {meaning} |" in page.read_text("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_output_is_told_and_a_reader_who_left_is_not(starter_store: Path) -> None:
    command = [sys.executable, "-m", "homeroom", "research"]
    given = {**os.environ, "HOMEROOM_STORE": str(starter_store)}
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, env=given, check=False
        )
    assert done.returncode == 7
    assert done.stderr.count("\n") == 1
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=given
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_what_was_typed_and_what_a_file_is_called_does_not_act_on_the_terminal(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (
        ("find", "\x1b[31m\x9b\u202e[/b][bold red]x"),
        ("place", "\x1b]0;t\x07"),
        ("plan", "run", "\x1b[2J.yaml"),
        ("no\x1b[2Jcommand",),
    ):
        _, out, said = run(*words)
        assert not {"\x1b", "\x9b", "\u202e", "\x07"} & set(out + said)


def test_letters_that_no_font_of_the_pages_has_are_named() -> None:
    template = '#set document(title: "T")\n#set text(font: "Libertinus Serif")\n'
    with pytest.raises(BadInput, match=r"found '奥'.*HTML"):
        typeset(template + "#json(bytes(sys.inputs.data))", '"奥斯汀 🎓"')


def test_a_pipe_for_a_document_is_refused_and_not_waited_for(run: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "plan.yaml"
    os.mkfifo(pipe)
    assert run("plan", "run", str(pipe))[0] == 2
    assert run("brief", "TX", "--facts", str(pipe), "--out", str(tmp_path / "b.html"))[0] == 2
