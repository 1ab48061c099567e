"""Try the package with other versions than the locked ones: the lowest it promises, other Pythons.

``python scripts/try_versions.py`` takes each Python of :data:`PYTHONS` that this machine has,
installs the lowest versions that pyproject.toml allows and then the newest, and runs
``scripts/smoke.py`` with each. Needs `uv` (``pip install uv``) and a package index. ``--lowest``
tries the lowest versions alone, ``--bare`` the newest without any extra.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
ALL = "web,brief,mcp"


def python_of(version: str) -> str | None:
    """Return an interpreter of a version, or None where the machine has none."""
    found = subprocess.run(
        ["uv", "python", "find", "--no-python-downloads", version],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.strip() if found.returncode == 0 else None


def tried(python: str, resolution: str, extras: str) -> bool:
    """Install in an environment of its own and run the smoke test; return whether it passed."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["uv", "venv", "--quiet", "--python", python, folder], check=True)
        where = f"{ROOT}[{extras}]" if extras else str(ROOT)
        wanted = ["uv", "pip", "install", "--quiet", "--resolution", resolution, where]
        if extras:
            wanted.append("httpx2>=2.16")  # what Starlette's test client asks with
        subprocess.run(wanted, check=True, env={**os.environ, "VIRTUAL_ENV": folder})
        how = "--extras" if extras else "--bare"
        result = subprocess.run(
            [str(Path(folder) / "bin" / "python"), str(ROOT / "scripts" / "smoke.py"), how],
            check=False, cwd=folder,
        )  # fmt: skip
        return result.returncode == 0


def main() -> int:
    """Try every combination; end with 1 where one fails."""
    if shutil.which("uv") is None:
        print("expected `uv` on the path, found none: pip install uv")
        return 2
    failed = []
    asked = set(sys.argv[1:])
    for version in PYTHONS:
        python = python_of(version)
        if python is None:
            print(f"Python {version}: none on this machine, passed over")
            continue
        rows = [("lowest-direct", ALL), ("highest", ALL), ("highest", "")]
        if "--lowest" in asked:
            rows = rows[:1]
        if "--bare" in asked:
            rows = rows[2:]
        for resolution, extras in rows:
            name = f"Python {version}, {resolution}, {extras or 'no extras'}"
            print(name, flush=True)
            if not tried(python, resolution, extras):
                failed.append(name)
    for name in failed:
        print(f"failed: {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
