"""Prove that no damaged, trimmed, or re-saved file is accepted with a wrong total.

Ten thousand files are made from real ones of every publication. Each is recognized and read, as a
build does. What is accepted must give the totals of the file it was made from, or those that an
independent reading of the new file gives (`mutation/oracle.py`); the wave must be the right one.
Every 20th goes through ``homeroom build`` over an old store, which must end in words, and leave
the old store as it was unless it took the file. Results: ``results/mutated_files.csv``, a line for
each publication and way, and one for each file that failed.

``--files N`` makes N files; ``--seed S`` other ones; ``--keep FOLDER`` keeps those that failed.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import multiprocessing
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from click.testing import CliRunner
from proofs.mutation.bases import DATA, Base, bases
from proofs.mutation.oracle import Broken, Totals
from proofs.mutation.ways import RESAVED, rows_of, workbook_rows

from homeroom.cli.main import cli
from homeroom.errors import HomeroomError
from homeroom.evidence.build import build
from homeroom.sources.base import Recognized
from homeroom.sources.registry import Refused, find_files, recognize
from homeroom.vocabulary.cells import CELLS

RESULTS = Path(__file__).parent / "results" / "mutated_files.csv"
FILES, SEED, BUILT_EVERY, SLOW_SECONDS = 10_000, 2026, 20, 60.0
_CELL = {cell.id: f"{cell.element} {cell.disability}" for cell in CELLS}
_SHUFFLED = "column shuffled"
_OLD = "old.duckdb"


@dataclass(frozen=True)
class Outcome:
    """What came of one file."""

    publication: str
    way: str
    what: str
    """accepted, refused, or what is wrong."""
    detail: str = ""
    failed: bool = False


def read(path: Path) -> tuple[str, Totals, Totals]:
    """Return waves, totals as the oracle names them, and sums of every numeric column.

    Raises
    ------
    HomeroomError
        The file is refused, when it is recognized or when it is read.
    """
    waves, named, sums = set(), defaultdict(float), defaultdict(float)
    for file in find_files([path]):
        found = file if isinstance(file, Refused) else recognize(file)
        if isinstance(found, Refused):
            raise HomeroomError(found.reason)
        waves.add(found.wave)
        _add(found, named, sums)
    return (" ".join(sorted(waves)), _rounded(named), _rounded(sums))


def _add(found: Recognized, named: Totals, sums: Totals) -> None:
    for batch in found.read():
        frame = batch.frame
        sums[f"{batch.table} rows"] += len(frame)
        for column in frame.columns:
            if frame[column].dtype.is_numeric() and column != "school_no":
                values = frame[column].cast(pl.Float64)
                sums[f"{batch.table} {column}"] += float(values.filter(values > 0).sum())
        if batch.table in _NAMED:
            for key, value in _NAMED[batch.table](frame):
                named[key] += value or 0


Pairs = Iterator[tuple[str, float]]


def _cells(frame: pl.DataFrame) -> Pairs:
    for number, value in frame.group_by("cell_id").agg(pl.col("value").sum()).rows():
        yield _CELL[number], value


def _staff(frame: pl.DataFrame) -> Pairs:
    yield from frame.group_by("role").agg(pl.col("fte").sum()).rows()


def _wages(frame: pl.DataFrame) -> Pairs:
    yield "rows", len(frame)
    for row in frame.iter_rows(named=True):
        for name in ("employment", "mean", "median"):
            yield f"{row['year']} {row['occupation']} {name}", row[name]


def _shootings(frame: pl.DataFrame) -> Pairs:
    for row in frame.iter_rows(named=True):
        for name in ("incidents", "killed", "injured"):
            yield f"{row['school_year']} {name}", row[name]


_NAMED: dict[str, Callable[[pl.DataFrame], Pairs]] = {
    "cell": _cells, "staff": _staff, "wage": _wages, "incident_year": _shootings,
}  # fmt: skip
"""Tables of which an oracle names totals."""


def _rounded(totals: Totals) -> Totals:
    return {key: round(value, 2) for key, value in totals.items() if round(value, 2)}


def agrees(base: Base, way: str, new: bytes, named: Totals) -> bool:
    """Say whether an independent reading of the new file gives the same totals."""
    # Cut between two rows, what is left is true; within one, only the whole file's totals will do.
    between = new.endswith(b"\n") or base.data[len(new) : len(new) + 1] in (b"\n", b"\r")
    cut = way in ("cut", "last bytes cut") and not between
    if base.oracle is None or cut or way in ("headers swapped", _SHUFFLED):
        return False  # the file lies: only the totals of the whole one will do
    try:
        rows = workbook_rows(new) if way == "xlsx cell changed" else rows_of(new)
        if _counted(rows[0]) != _counted(base.head):
            return False
        theirs = _rounded(base.oracle(rows))
    except (Broken, csv.Error, KeyError, ValueError, IndexError):
        return False
    return all(named.get(key, 0) == value for key, value in theirs.items())


def _alike(found: Totals, sums: Totals, way: str) -> bool:
    """Say whether a file gives the sums of the one that it was made from.

    In a workbook of state tables each count stands in a sum, but a percent of schools that reported
    stands in none: nothing shows that it was changed from one percent to another.
    """
    if way == "number changed":
        return _without(found, ("reporting",)) == _without(sums, ("reporting",))
    return _added(found) == _added(sums) if way == _SHUFFLED else found == sums


def _without(sums: Totals, endings: tuple[str, ...]) -> Totals:
    return {key: value for key, value in sums.items() if not key.endswith(endings)}


def _added(sums: Totals) -> Totals:
    """Return the sums of figures: moved from school to school, a column adds up to the same."""
    return _without(sums, (" rows", "_id", "code"))


def _counted(head: list[str]) -> list[str]:
    return sorted(name for name in head if name.startswith(("SCH_ENR", "SCH_DISC")))


@dataclass(frozen=True)
class Job:
    """Which file to make: of which base, in which way, by which chance."""

    base: int
    way: str
    seed: int
    built: bool


def readable(found: list[Base], folder: str) -> Iterator[int]:
    """Yield the positions of the bases that Homeroom reads whole; say which ones it does not."""
    for at, base in enumerate(found):
        path = Path(tempfile.mkdtemp(dir=folder)) / base.name
        path.write_bytes(base.data)
        try:
            read(path)
            yield at
        except HomeroomError as error:
            print(f"left out, since the whole file is refused: {base.name}: {error}", flush=True)


def jobs(found: list[Base], usable: list[int], files: int, seed: int) -> list[Job]:
    """Return as many jobs, spread evenly over publications and ways."""
    chance = random.Random(seed)
    pairs = [(at, way) for at in usable for way in found[at].ways]
    chosen = [
        pair for _ in range(files // len(pairs) + 1) for pair in chance.sample(pairs, len(pairs))
    ]
    return [
        Job(at, way, seed * 1_000_003 + number, number % BUILT_EVERY == 0)
        for number, (at, way) in enumerate(chosen[:files])
    ]


class Worker:
    """One process: the bases, their true totals, and an old store."""

    def __init__(self, folder: Path, keep: Path | None) -> None:
        self.bases = bases()
        self.folder, self.keep = folder, keep
        self.true: dict[int, tuple[str, Totals, Totals]] = {}

    def truth(self, at: int) -> tuple[str, Totals, Totals]:
        """Return what the whole file gives."""
        if at not in self.true:
            base = self.bases[at]
            self.true[at] = read(self.written(base.name, base.data))
        return self.true[at]

    def written(self, name: str, data: bytes) -> Path:
        """Write a file into a folder of its own."""
        path = Path(tempfile.mkdtemp(dir=self.folder)) / name
        path.write_bytes(data)
        return path

    def run(self, job: Job) -> Outcome:
        """Make a file, read it, and judge what came of it."""
        base = self.bases[job.base]
        try:
            ending, new = base.ways[job.way](base.data, random.Random(job.seed))
        except (ValueError, IndexError):
            return Outcome(base.publication, job.way, "not made")
        name = f"{Path(base.name).stem}{ending}" if ending else base.name
        path = self.written(name, new)
        what, detail = self.judge(base, job, new, path)
        failed = what not in ("accepted", "refused")
        if failed and self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"{job.seed}-{job.way}-{name}").write_bytes(new)
        path.unlink(missing_ok=True)
        path.parent.rmdir() if not any(path.parent.iterdir()) else None
        # The results are committed: no path of this machine goes into them.
        told = f"{job.seed} {name}: {detail}".replace(f"{path.parent}{os.sep}", "")
        return Outcome(base.publication, job.way, what, told, failed)

    def judge(self, base: Base, job: Job, new: bytes, path: Path) -> tuple[str, str]:
        """Return what came of a file, and in which words."""
        started = time.perf_counter()
        wave, _, sums = self.truth(job.base)
        try:
            mine, named, found = read(path)
            what, detail = "accepted", ""
        except HomeroomError as error:
            what, detail = "refused", str(error)
        except Exception as error:  # noqa: BLE001 - this is what the proof looks for
            where = traceback.extract_tb(error.__traceback__)[-1]
            return "traceback", f"{error!r}, {Path(where.filename).name} line {where.lineno}"
        if what == "accepted" and mine != wave:
            return "wrong wave", f"{mine} for {wave}"
        if (
            what == "accepted"
            and not _alike(found, sums, job.way)
            and not agrees(base, job.way, new, named)
            and not self.says_so(path, job.way, found)
        ):
            differ = {k: (sums.get(k), found.get(k)) for k in sums.keys() | found.keys()
                      if sums.get(k) != found.get(k)}  # fmt: skip
            return "wrong total", str(sorted(differ.items())[:4])
        if job.built and (fault := self.build(path, taken=what == "accepted")):
            return "bad build", fault
        if time.perf_counter() - started > SLOW_SECONDS:
            return "slow", f"{time.perf_counter() - started:.0f} s"
        return what, detail

    def says_so(self, path: Path, way: str, found: Totals) -> bool:
        """Say whether a flipped bit made another sound file: Parquet holds no checksums.

        DuckDB must decode the same table from it that Homeroom read through Polars.
        """
        if way != "parquet bit flipped":
            return False
        plain = self.written(f"{path.stem}.csv", b"")
        try:
            duckdb.read_parquet(str(path)).write_csv(str(plain))
            return read(plain)[2] == found
        except (duckdb.Error, HomeroomError):
            return False

    def build(self, path: Path, *, taken: bool) -> str:
        """Build over the old store; return what is wrong, or nothing."""
        old = self.folder / _OLD
        store = path.parent / "store.duckdb"
        store.write_bytes(old.read_bytes())
        before = hashlib.sha256(store.read_bytes()).hexdigest()
        words = ["build", "--only", "--out", str(store), "--from", str(path)]
        result = CliRunner().invoke(cli, words)
        after = hashlib.sha256(store.read_bytes()).hexdigest()
        left = sorted(p.name for p in path.parent.iterdir() if p not in (path, store))
        store.unlink()
        if "Traceback" in result.output or (
            result.exception and not isinstance(result.exception, HomeroomError | SystemExit)
        ):
            return f"not in words: {result.exception!r}"
        if left:
            return f"left {left} behind"
        if taken and result.exit_code:
            return f"read alone, and refused by build: {result.output[-200:]}"
        if not taken and not result.exit_code:
            return "refused alone, and taken by build"
        return "" if taken or before == after else "the old store was changed"


_WORKER: list[Worker] = []


def _start(folder: str, keep: str | None) -> None:
    os.environ["POLARS_MAX_THREADS"] = "1"
    mine = Path(tempfile.mkdtemp(dir=folder))
    (mine / _OLD).write_bytes((Path(folder) / _OLD).read_bytes())
    _WORKER.append(Worker(mine, Path(keep) if keep else None))


def _run(job: Job) -> Outcome:
    return _WORKER[0].run(job)


def prove(files: int, seed: int, processes: int, keep: str | None) -> list[Outcome]:
    """Make and judge the files in some processes."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="homeroom-proof-") as folder:
        source = DATA / "oews"
        build([source], Path(folder) / _OLD, with_starter=False)
        found, out = bases(), []
        todo = jobs(found, list(readable(found, folder)), files, seed)
        with context.Pool(processes, _start, (folder, keep)) as pool:
            for one in pool.imap_unordered(_run, todo, chunksize=8):
                out.append(one)
                if one.failed:
                    print(
                        f"{one.what}: {one.publication}, {one.way}: {one.detail}"[:400], flush=True
                    )
                if len(out) % 500 == 0:
                    print(f"{len(out):,} of {len(todo):,} files", flush=True)
    return out


def rows(found: list[Outcome]) -> Iterator[tuple[object, ...]]:
    """Return the lines of the results."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in found:
        counted[one.publication, one.way][one.what] += 1
    for (publication, way), what in sorted(counted.items()):
        accepted, refused = what.pop("accepted", 0), what.pop("refused", 0)
        failed = sum(count for name, count in what.items() if name != "not made")
        kind = "saved again" if way in RESAVED else "damaged"
        yield publication, way, kind, accepted + refused + failed, accepted, refused, failed, ""
    for one in found:
        if one.failed:
            yield one.publication, one.way, one.what, 1, 0, 0, 1, one.detail[:300]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep")
    asked = parser.parse_args()
    if not DATA.is_dir():
        print(f"skipped: the official files are not beside the project ({DATA} does not exist)")
        return 0
    found = prove(asked.files, asked.seed, asked.processes, asked.keep)
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["publication", "way", "kind", "files", "accepted", "refused", "failed", "detail"]
        )
        writer.writerows(rows(found))
    what = Counter(one.what for one in found)
    print(", ".join(f"{name} {count:,}" for name, count in what.most_common()))
    return 1 if any(one.failed for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
