from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "homeroom"
STARTER = Path("src/homeroom/evidence/starter")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    """Paths that git tracks and that exist, relative to the root."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return tuple(Path(name) for name in listed if name and (ROOT / name).is_file())


def size(path: Path) -> int:
    return (ROOT / path).stat().st_size


def is_starter_fact(path: Path) -> bool:
    return path.is_relative_to(STARTER) and path.suffix == ".parquet"


def rooms() -> set[str]:
    """Packages of homeroom, and its top-level modules."""
    found = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return found | {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}


def test_imports_go_one_way() -> None:
    # In a process of its own: the linter keeps state and changes the path.
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_room_has_its_layer_and_its_line_on_the_map() -> None:
    contract = PROJECT["tool"]["importlinter"]["contracts"][0]
    layered = set(re.findall(r"homeroom\.(\w+)", " ".join(contract["layers"])))
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    mapped = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`[^|]*) \|", page, re.MULTILINE)))
    )
    assert rooms() <= layered
    assert layered <= mapped


def test_no_large_file_is_tracked_but_the_starter_facts() -> None:
    large = {str(path): size(path) for path in tracked() if size(path) > 1_000_000}
    assert {name for name in large if not is_starter_fact(Path(name))} == set()
    assert sum(size(path) for path in tracked() if is_starter_fact(path)) <= 25_000_000


# In pieces, so that this file does not hold what it looks for. A module may well be called
# library: only a name that starts with the dot is meant.
@pytest.mark.parametrize("needle", ["/" + "work" + "/", r"(?<!\w)\." + r"library\b"])
def test_no_file_names_the_place_it_was_written_at(needle: str) -> None:
    pattern = re.compile(needle.encode())
    naming = [str(path) for path in tracked() if pattern.search((ROOT / path).read_bytes())]
    assert naming == []


def test_the_lock_names_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert re.findall(r"https?://|file:|--\w*-?index|--find-links|--trusted-host", lock) == []
    assert lock.count("--hash=sha256:") > 100


def test_the_lock_covers_what_the_project_asks_for() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    asked = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    assert {re.split(r"[<>=!~ \[]", name)[0].lower() for name in asked} <= locked


def test_modules_stay_readable() -> None:
    folders = (PACKAGE, ROOT / "scripts", ROOT / "benchmarks", ROOT / "proofs")
    lengths = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for folder in folders
        for path in folder.rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines >= 500} == {}


def pages() -> list[Path]:
    top = (ROOT / "README.md", ROOT / "CHANGELOG.md")
    return [*(path for path in top if path.exists()), *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_leads_to_the_docs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/" in text


def anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, made as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    broken = []
    for link in re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path) if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_every_page_of_the_docs_can_be_reached() -> None:
    linked = set()
    for page in pages():
        for link in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
            linked.add((page.parent / link).resolve())
    docs = {path.resolve() for path in (ROOT / "docs").rglob("*.md")}
    assert {str(path.relative_to(ROOT)) for path in docs - linked} <= {"docs/README.md"}


def test_the_version_stands_in_one_place() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert "version" in PROJECT["project"]["dynamic"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "src/homeroom/version.py"
    assert not {"version", "date-released"} & set(citation)
    assert citation["license"] == PROJECT["project"]["license"]


def test_generated_pages_are_fresh() -> None:
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / "write_reference.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_what_no_test_notices_is_explained() -> None:
    with (ROOT / "proofs" / "results" / "mutants.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["before"] for row in rows if not row["why"].endswith(".")] == []
