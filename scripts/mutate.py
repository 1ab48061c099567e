"""``python -m scripts.mutate [ROOM[.MODULE]...]``: break each line, and see which tests notice.

mutmut changes one operator, number or argument at a time and runs the room's tests. What no test
notices goes into ``proofs/results/mutants.csv``, where a person writes *why* beside it: it makes no
difference (an equivalent mutant), or it is a gap. The reasons are kept from run to run.

A run may be stopped at any time. It goes on where it left off, and tests again only functions that
changed. Changed tests alone do not count as a change: ``--again`` tests what had survived anew. A
room takes an hour or so on one core; ``statistics.ratio`` runs one module of it.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import astuple, dataclass, fields
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".mutants"
RESULTS = ROOT / "proofs" / "results"
SURVIVORS, TOTALS = RESULTS / "mutants.csv", RESULTS / "mutants_by_module.csv"
ROOMS = ("statistics", "figures", "claims", "plans")
BESIDE = ("docs", "scripts", "proofs", "benchmarks", "README.md")
"""What tests read besides the code and themselves."""
CAUGHT = ("killed", "timeout", "segfault", "caught by type check")

# What is never shown to a test: messages, and lines of wording alone.
SETTINGS = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = ["src/homeroom/{room}/*"]
also_copy = {beside}
pytest_add_cli_args = ["-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = ["tests/{room}"]
do_not_mutate_patterns = ['raise \\w+', '^\\s*f?"[^"]*"\\)?,?$']
process_isolation = "forkserver"
use_git_change_detection = false
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change that no test noticed, told by its text: mutants' numbers move with the code."""

    room: str
    module: str
    function: str
    before: str
    after: str
    status: str

    @property
    def key(self) -> tuple[str, ...]:
        """Return what tells it from other mutants in the next run."""
        return self.module, self.function, self.before, self.after


def main() -> int:
    """Run the rooms named, or all; fail where a survivor is not explained."""
    parser = argparse.ArgumentParser(prog="make mutate", description=__doc__)
    parser.add_argument("what", nargs="*", metavar="ROOM[.MODULE]", help=", ".join(ROOMS))
    parser.add_argument("--again", action="store_true", help="test again what had survived")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--collect", action="store_true", help="only collect what is known")
    asked = parser.parse_args()
    modules: dict[str, list[str]] = {}
    for name in asked.what or ROOMS:
        room, _, module = name.partition(".")
        if room not in ROOMS:
            parser.error(f"expected rooms of {', '.join(ROOMS)}, found {room!r}.")
        modules.setdefault(room, []).append(f"homeroom.{name}.*" if module else "")
    unexplained = 0
    for room, patterns in modules.items():
        if not asked.collect:
            prepare(room)
            again = [name for name, status in found(room) if status == "survived"]
            run(room, asked.jobs, again if asked.again else [one for one in patterns if one])
        unexplained += collect(room)
    return 1 if unexplained else 0


def prepare(room: str) -> None:
    """Copy what changed since the last run into the room's own folder."""
    folder = WORK / room
    for name in ("src", "tests", *BESIDE):
        _sync(ROOT / name, folder / name)
    settings = SETTINGS.format(room=room, beside=list(BESIDE))
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8") + settings
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")


def _sync(source: Path, target: Path) -> None:
    """Copy files whose bytes differ, so that unchanged ones keep their age; drop removed ones."""
    if source.is_file():
        if not target.is_file() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        return
    names = {path.name for path in source.iterdir()} - {"__pycache__"}
    for path in target.iterdir() if target.is_dir() else ():
        if path.name not in names:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for name in names:
        _sync(source / name, target / name)


def run(room: str, jobs: int, names: list[str]) -> None:
    """Run mutmut; ``names`` empty runs all mutants that have no result yet."""
    # Under CI the property tests draw the same examples each time.
    _mutmut(room, "run", "--max-children", str(jobs), *names, quiet=False)


def found(room: str) -> list[tuple[str, str]]:
    """Return the name and status of every mutant known."""
    if not (WORK / room / "mutants").is_dir():
        return []
    lines = _mutmut(room, "results", "--all", "true").splitlines()
    pairs = (line.strip().rpartition(": ") for line in lines if ": " in line)
    return [(name, status) for name, _, status in pairs if name.startswith("homeroom.")]


def collect(room: str) -> int:
    """Write the survivors and the totals of a room; return how many are not explained."""
    known = found(room)
    totals: dict[str, Counter[str]] = {}
    for name, status in known:
        module = _parts(name)[0]
        totals.setdefault(module, Counter())["caught" if status in CAUGHT else status] += 1
    left = [
        _described(room, name, status)
        for name, status in known
        if status not in (*CAUGHT, "not checked", "skipped")
    ]
    why = _reasons()
    kept = [row for row in _rows(SURVIVORS) if row["room"] != room]
    made = sorted({(*astuple(one), why.get(one.key, "")) for one in left})
    header = [*(field.name for field in fields(Mutant)), "why"]
    rows = [[row[name] for name in header] for row in kept] + [list(row) for row in made]
    _write(SURVIVORS, header, sorted(rows))
    counted = [row for row in _rows(TOTALS) if row["room"] != room]
    columns = ["room", "module", "mutants", "caught", "survived", "no_tests", "not_checked"]
    lines = [[row[name] for name in columns] for row in counted]
    for module, count in totals.items():
        numbers = [
            count["caught"], count["survived"] + count["suspicious"], count["no tests"],
            count["not checked"],
        ]  # fmt: skip
        lines.append([room, module, *map(str, (count.total(), *numbers))])
    _write(TOTALS, columns, sorted(lines))
    unexplained = sum(not row[-1] for row in made)
    print(f"{room}: {len(known)} mutants, {len(left)} not noticed, {unexplained} not explained")
    return unexplained


def _described(room: str, name: str, status: str) -> Mutant:
    """Describe a mutant by the lines that it takes away and puts in."""
    lines = _mutmut(room, "show", name).splitlines()
    gone = [line[1:].strip() for line in lines if line[:1] == "-" and line[:3] != "---"]
    come = [line[1:].strip() for line in lines if line[:1] == "+" and line[:3] != "+++"]
    return Mutant(room, *_parts(name), " ".join(gone), " ".join(come), status)


def _parts(name: str) -> tuple[str, str]:
    """Split mutmut's name of a mutant into the module and the function."""
    module, _, function = name.partition(".x")
    plain = function.rpartition("__mutmut_")[0].replace("ǁ", ".").strip("_.")
    return module, plain


def _reasons() -> dict[tuple[str, ...], str]:
    return {
        (row["module"], row["function"], row["before"], row["after"]): row["why"]
        for row in _rows(SURVIVORS)
    }


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _mutmut(room: str, *arguments: str, quiet: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=WORK / room,
        env=os.environ | {"CI": "true"},
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode and quiet:
        raise SystemExit(done.returncode)
    return done.stdout or ""


if __name__ == "__main__":
    sys.exit(main())
