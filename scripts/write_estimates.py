"""Write the estimates that ship: ``python scripts/write_estimates.py [FOLDER]``.

Fits arrests and referrals in the starter facts with both specifications, and keeps each eighth
draw. The store is built from the starter facts alone, so the same files come out anywhere.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from homeroom.estimates.data import read_cells
from homeroom.estimates.folders import name_of, starter_folder
from homeroom.estimates.run import fit_and_save
from homeroom.estimates.specs import spec_of
from homeroom.evidence.build import build
from homeroom.evidence.store import Store

FITS = (
    ("2017-18", "arrests", "unified"),
    ("2017-18", "referrals", "unified"),
    ("2017-18", "arrests", "black_white"),
    ("2017-18", "referrals", "black_white"),
    ("2017-18", "arrests", "disparity"),
    ("2017-18", "referrals", "disparity"),
    ("2020-21", "arrests", "unified"),
    ("2020-21", "referrals", "unified"),
    ("2015-16", "arrests", "unified"),
    ("2015-16", "referrals", "unified"),
)
EVERY, MOST = 8, 10_000_000


def write(folder: Path, only: str = "") -> None:
    """Fit and write each, or those whose name contains ``only``."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "starter.duckdb"
        build([], path)
        with Store(path) as store:
            for wave, outcome, spec in FITS:
                name = name_of(outcome, (wave,), spec)
                if only not in name:
                    continue
                cells = read_cells(store, outcome, (wave,), spec_of(spec))
                found = fit_and_save(
                    cells, spec_of(spec), folder / name, outcome=outcome, waves=(wave,),
                    every=EVERY,
                )  # fmt: skip
                print(f"{name}: {len(cells.leas)} districts, gates "
                      f"{'passed' if found.passed else 'failed'}")  # fmt: skip
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    print(f"{size:,} bytes")
    if size > MOST:
        raise SystemExit(f"expected {MOST:,} bytes at most, found {size:,}")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else starter_folder(),
          sys.argv[2] if len(sys.argv) > 2 else "")  # fmt: skip
