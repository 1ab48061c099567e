"""Prove that two servers send the same bytes for each address, 13 times each from empty caches.

The addresses and the comparison are those of ``tests/web/test_same_bytes.py``; frames are asked
for as often, in two processes, by ``tests/test_three_faces.py``. Results:
``results/same_bytes.csv``.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).parent / "results" / "same_bytes.csv"
ROUNDS = 13


def main() -> int:
    """Run the comparison, write what came of it, and return 0 where nothing differed."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short",
               "tests/web/test_same_bytes.py",
               "tests/test_three_faces.py", "-k", "same_tag or answered or same_bytes"]  # fmt: skip
    environment = os.environ | {"HOMEROOM_ROUNDS": str(ROUNDS)}
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    print(ran.stdout)
    passed = re.search(r"(\d+) passed", ran.stdout)
    same = ran.returncode == 0 and passed is not None
    draft = RESULTS.with_suffix(".part")
    with draft.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("servers", "times_each", "result", "seconds"))
        seconds = round(time.perf_counter() - started)
        writer.writerow((2, ROUNDS, "every byte the same" if same else "differs", seconds))
    draft.replace(RESULTS)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
