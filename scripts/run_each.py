"""Run every script of a folder in turn, and say at the end which ones failed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run_each(folder: str, prefix: str, arguments: list[str]) -> int:
    """Run ``folder/prefix*.py`` as modules from the repository root; give the exit code.

    ``arguments`` choose scripts by a part of their names; none means all. One that fails does
    not keep the others from running.
    """
    found = sorted(path.stem for path in (ROOT / folder).glob(f"{prefix}*.py"))
    chosen = [name for name in found if not arguments or any(part in name for part in arguments)]
    if not chosen:
        wanted = " or ".join(arguments) or f"{prefix}*.py"
        print(f"{folder}: no script is named {wanted}; there are: {', '.join(found) or 'none'}")
        return 2
    failed = []
    for name in chosen:
        print(f"== {folder}/{name}.py", flush=True)
        started = time.monotonic()
        code = subprocess.run(
            [sys.executable, "-m", f"{folder}.{name}"], cwd=ROOT, check=False
        ).returncode
        print(f"   exit {code} after {time.monotonic() - started:.1f} s", flush=True)
        if code:
            failed.append(name)
    if failed:
        print(f"{folder}: {len(failed)} of {len(chosen)} failed: {', '.join(failed)}")
    return 1 if failed else 0
