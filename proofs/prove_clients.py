"""Prove that clients generated from the API description compile, and answer README questions.

TypeScript (openapi-typescript, tsc in strict mode, node) and Python (openapi-python-client in an
environment of its own, mypy). Both must give what Homeroom gives in this process. Needs npm and a
package registry; what is missing is said, and the other client is tried. Results:
``results/clients.csv``.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import httpx
from proofs.site import served

import homeroom

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "clients.csv"
NPM = ("openapi-typescript@7", "openapi-fetch@0.13", "typescript@5", "@types/node@22")
PYTHON = ("openapi-python-client>=0.29,<0.30", "mypy>=1.15")


def main() -> int:
    """Generate, compile, and ask; return 0 where every client gave the right answers."""
    rows, wrong = [], 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served() as site:
            wanted = expected(site.store)
            (folder / "openapi.json").write_bytes(
                httpx.get(f"{site.url}/api/v1/openapi.json", timeout=60).content
            )
            for language, ask in (("TypeScript", typescript), ("Python", python)):
                try:
                    found = ask(folder, site.url)
                except (OSError, subprocess.CalledProcessError) as error:
                    told = getattr(error, "stdout", None) or str(error)
                    print(f"{language}: {told[-2000:]}")
                    result = "not generated, compiled, or run"
                else:
                    result = "right" if found == wanted else f"differs: {found} for {wanted}"
                wrong += result != "right"
                rows.append((language, len(wanted), result))
                print(f"{language}: {result}")
    with RESULTS.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("client", "questions", "result"))
        writer.writerows(rows)
    return 1 if wrong else 0


def expected(store: Path) -> dict[str, Any]:
    """Return the answers that Python gives."""
    with homeroom.open(store) as room:
        rates = room.rate("arrests", "US", by="race")
        black = rates.filter(rates["group"] == "black").to_dicts()[0]
        try:
            refused = room.resolve("Nowhere at all")
        except homeroom.HomeroomError as error:
            refused = error.kind
        return {
            "place": room.find("asutin isd", 1)[0].id,
            "black": black["count"], "rate": black["rate_per_10000"],
            "ratio": room.ratio("arrests", "black", "white", "TX").value,
            "gaps": room.gaps("US-TX")["students"][0],
            "panel": len(room.panel("arrests", "2017-18", within="CO")),
            "refused": refused,
        }  # fmt: skip


def typescript(folder: Path, url: str) -> dict[str, Any]:
    """Generate types, compile the questions under them, and run them."""
    here = folder / "typescript"
    here.mkdir()
    if (npm := shutil.which("npm")) is None:
        raise FileNotFoundError("npm is not installed")
    (here / "package.json").write_text('{"type": "module", "private": true}')
    run([npm, "install", "--no-audit", "--no-fund", *NPM], here)
    tools = here / "node_modules" / ".bin"
    run([tools / "openapi-typescript", folder / "openapi.json", "-o", "schema.d.ts"], here)
    shutil.copy(HERE / "clients" / "ask.ts", here)
    run([tools / "tsc", "--strict", "--target", "es2022", "--module", "esnext",
         "--moduleResolution", "bundler", "--skipLibCheck", "ask.ts"], here)  # fmt: skip
    found: dict[str, Any] = json.loads(run(["node", "ask.js", url], here))
    return found


def python(folder: Path, url: str) -> dict[str, Any]:
    """Generate a package, check its types, and ask with it."""
    here = folder / "python"
    venv.create(here, with_pip=True)
    tools = here / "bin"
    run([tools / "pip", "install", "-q", *PYTHON], folder)
    run([tools / "openapi-python-client", "generate", "--path", "openapi.json", "--meta", "none",
         "--output-path", "homeroom_client"], folder)  # fmt: skip
    run([tools / "mypy", "--ignore-missing-imports", "homeroom_client"], folder)
    shutil.copy(HERE / "clients" / "ask.py", folder)
    found: dict[str, Any] = json.loads(run([tools / "python", "ask.py", url], folder))
    return found


def run(command: list[Any], folder: Path) -> str:
    """Run a program and return what it prints."""
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, check=True, text=True, timeout=600,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
