"""Time a build of every wave with school files, beside pandas and DuckDB's bare scan of each.

Each wave is a ZIP under OCR's own name, in the form OCR published it, with as many schools
(``national.py`` says what is real). One build takes all of them at once; each run is a process of
its own. Results go to ``results/waves.csv``. The wide files of 2013-14 and 2015-16 are not given
to pandas: its melt makes a row of every cell of all modules at once.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import machine, national
from benchmarks.bench_build import RESULTS, Run, bare_scan, best, run, totals, warm

_WIDE = ("2013-14", "2015-16")


def main() -> int:
    if reason := national.missing():
        print(f"skipped: {reason}")
        return 0
    scratch = Path(tempfile.mkdtemp(prefix="homeroom-bench-"))
    try:
        rows = list(_rows(scratch))
    finally:
        shutil.rmtree(scratch)
    here = machine.describe()
    with (RESULTS / "waves.csv").open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(
            ["waves", "run", "seconds", "cpu_seconds", "peak_mb", "input_mb", "store_mb", *here]
        )
        for waves, what, one, size, stored in rows:
            figures = [f"{one.seconds:.3f}", f"{one.cpu:.3f}", one.megabytes, size, stored]
            writer.writerow([waves, what, *figures, *here.values()])
    return 0


def _rows(scratch: Path) -> Iterator[tuple[str, str, Run, int, int | str]]:
    """Yield waves, what was run, how long it took, the size read, and of the store."""
    python, homeroom = sys.executable, str(Path(sys.executable).with_name("homeroom"))
    store = scratch / "store.duckdb"
    build = (homeroom, "build", "--only", "--out", str(store), "--from")
    archives = [str(national.archive(wave)) for wave in national.RECIPES]
    sizes = {wave: _megabytes(national.folder(wave)) for wave in national.RECIPES}
    for wave, archive in zip(national.RECIPES, archives, strict=True):
        folder = national.folder(wave)
        warm(folder)
        ours = best(2, *build, archive)
        print(wave, totals(store))
        yield _said(wave, "homeroom build, official-like ZIP", ours, sizes[wave], store)
        if wave not in _WIDE:
            pandas = run(python, "-m", "benchmarks.pandas_build", str(folder), str(scratch))
            yield _said(wave, "pandas, the same tables as Parquet", pandas, sizes[wave])
        bare = bare_scan(1, folder)
        yield _said(wave, "DuckDB bare scan, types known", bare, sizes[wave])
    every = run(*build, *archives)
    yield _said("all", "homeroom build, official-like ZIPs", every, sum(sizes.values()), store)


def _megabytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*.csv")) // 10**6


def _said(
    wave: str, what: str, one: Run, size: int, store: Path | None = None
) -> tuple[str, str, Run, int, int | str]:
    stored = store.stat().st_size // 10**6 if store else ""
    print(f"{wave:8} {what:36} {one.seconds:6.2f} s {one.cpu:6.2f} s cpu {one.megabytes:6} MB")
    return wave, what, one, size, stored


if __name__ == "__main__":
    sys.exit(main())
