"""Find a Chromium for the browser tests; where there is none, try to install one.

Exits with 0 and prints the path, or with 1 and prints why no browser can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def runs(executable: str) -> bool:
    """Whether the program starts at all (Ubuntu's ``chromium`` may be a mere pointer to a snap)."""
    try:
        result = subprocess.run(
            [executable, "--version"], capture_output=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def playwrights_own() -> str | None:
    """Path of the Chromium that ``playwright install`` puts in its cache, if it is there."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only when nothing else is found

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome that starts, or None."""
    named = (shutil.which(name) for name in NAMES)
    for path in named:
        if path and runs(path):
            return path
    own = playwrights_own()
    return own if own and runs(own) else None


def attempts() -> list[list[list[str]]]:
    """Return the ways to install one, best first; each is a list of commands."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    ways = [[playwright]]
    if root and shutil.which("apt-get"):
        apt = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
        ways.insert(0, [[*apt, "update"], [*apt, "install", "-y", "chromium"]])
        ways[1] = [[*playwright, "--with-deps"]]
    return ways


def run(command: list[str]) -> str | None:
    """Run a command; give None when it succeeded, else the line that says why not."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing Chromium:", " ".join(command), flush=True)
    try:
        result = subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if result.returncode == 0:
        return None
    lines = [line.strip() for line in result.stdout.splitlines() if line.strip()]
    telling = [line for line in lines if line.lower().startswith(("e:", "error", "failed"))]
    return (telling or lines or [f"exit {result.returncode}"])[-1]


def main() -> int:
    """Find or install; report on standard output."""
    reasons = []
    path = find_chromium()
    for way in [] if path else attempts():
        for command in way:
            trouble = run(command)
            if trouble:
                reasons.append(f"{' '.join(command)}: {trouble}")
                break
        else:
            path = find_chromium()
            if path:
                break
            reasons.append(f"{' '.join(way[-1])}: succeeded, but what it installed does not start")
    if path:
        print(f"Browser tests use {path}")
        return 0
    print("No Chromium can be had, so browser tests cannot run:", *reasons, sep="\n  ")
    return 1


if __name__ == "__main__":
    sys.exit(main())
