"""Every ``console`` block of the README and the docs runs, and prints what it shows."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    path for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if path.exists()
]


@dataclass(frozen=True)
class Example:
    """A command, the exit code it should end with, and the lines shown below it."""

    command: str
    code: int
    shown: tuple[str, ...]


def blocks_of(text: str) -> list[list[Example]]:
    """Console blocks that run homeroom, each with its commands in order."""
    found = [
        [example_of(part) for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]]
        for body in re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    ]
    ours = ([e for e in block if e.command.startswith("homeroom ")] for block in found)
    return [block for block in ours if block]


def example_of(part: str) -> Example:
    command, _, output = part.replace("\\\n", " ").partition("\n")
    ending = re.search(r"\s# exits (\d+)$", command)
    shown = tuple(line.rstrip() for line in output.splitlines() if line.strip())
    return Example(
        command[: ending.start()] if ending else command, int(ending[1]) if ending else 0, shown
    )


def not_printed(shown: tuple[str, ...], output: str) -> str | None:
    """Return the first shown line that does not follow in the output, or None."""
    lines = iter([line.rstrip() for line in output.splitlines()])
    for line in shown:
        if line == "...":
            continue
        pattern = re.compile(".*".join(re.escape(piece) for piece in line.split("...")))
        if not any(pattern.fullmatch(real) for real in lines):
            return line
    return None


def run(example: Example, folder: Path, store: Path) -> str | None:
    """Run in a shell, as a reader would; give what is wrong, or None."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        ["sh", "-c", example.command],
        cwd=folder,
        env={**os.environ, "PATH": path, "HOMEROOM_STORE": str(store), "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    if result.returncode != example.code:
        return f"exit {result.returncode}, expected {example.code}:\n{result.stdout}"
    missing = not_printed(example.shown, result.stdout)
    return missing and f"{missing!r} does not follow in:\n{result.stdout}"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that does not exist yet: the first command makes it from the starter facts."""
    return tmp_path_factory.mktemp("docs") / "homeroom.duckdb"


EXAMPLES = [
    pytest.param(block, id=f"{path.relative_to(ROOT)}:{number}")
    for path in PAGES
    for number, block in enumerate(blocks_of(path.read_text(encoding="utf-8")), start=1)
]


@pytest.mark.parametrize("block", EXAMPLES)
def test_example_does_what_it_shows(block: list[Example], tmp_path: Path, store: Path) -> None:
    for example in block:
        assert run(example, tmp_path, store) is None, example.command


PAGE = """
```sh
$ homeroom not this
```
```console
$ ls
file
$ homeroom find "austin isd" \\
  --limit 1
...
Austin ISD

$ homeroom place nowhere  # exits 2
```
```console
$ ls
```
"""


def test_console_blocks_are_found_with_codes_and_output() -> None:
    assert blocks_of(PAGE) == [
        [
            Example('homeroom find "austin isd"    --limit 1', 0, ("...", "Austin ISD")),
            Example("homeroom place nowhere ", 2, ()),
        ]
    ]


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        (("one", "three"), None),
        (("one", "...", "thr..."), None),
        (("three", "one"), "one"),
        (("on",), "on"),
        (("four",), "four"),
    ],
)
def test_shown_lines_must_follow_in_order(shown: tuple[str, ...], missing: str | None) -> None:
    assert not_printed(shown, "one\ntwo \nthree\n") == missing


def test_a_wrong_code_and_a_missing_line_are_told(tmp_path: Path, store: Path) -> None:
    assert run(Example("echo yes; exit 3", 3, ("yes",)), tmp_path, store) is None
    assert "expected 0" in str(run(Example("exit 3", 0, ()), tmp_path, store))
    assert "does not follow" in str(run(Example("echo no", 0, ("yes",)), tmp_path, store))


def python_blocks() -> list[tuple[str, str]]:
    """Python in the README and the docs; what adds an entry has a test of its own."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for line, body in re.findall(r"^(.*)\n```python\n((?:.*\n)*?)```", text, re.MULTILINE):
            if "<!-- example:" not in line:
                found.append((str(page.relative_to(ROOT)), body))
    return found


@pytest.mark.parametrize(("page", "code"), python_blocks())
def test_the_python_of_the_docs_runs(
    page: str, code: str, store: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOMEROOM_STORE", str(store))
    monkeypatch.chdir(tmp_path)
    exec(compile(code, page, "exec"), {"__name__": "__main__"})  # noqa: S102 - our own docs
