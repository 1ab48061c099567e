"""Prove that no place's page is a dead end: 500 places drawn at random, each page read.

A page must have a next step (a link to another place, a list, a plan, or a file of its own), a
heading, no command for a terminal, and no error. Reading level is measured on the way: the mean
grade of the pages' sentences (Flesch and Kincaid 1975, from counts of words and syllables) goes
into ``results/no_dead_ends.csv``.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from starlette.testclient import TestClient

from homeroom.api import Homeroom
from homeroom.evidence.build import build
from homeroom.web.app import create_app
from homeroom.web.settings import Settings

RESULTS = Path(__file__).parent / "results" / "no_dead_ends.csv"
MANY, SEED = 500, 20_210_617
_COMMAND = re.compile(
    r"\$ homeroom|\bhomeroom (?:build|rate|serve|trend|download)\b|\bpip install\b"
)
_NEXT = re.compile(r'<main.*?href="/(?:place|plan|map|compare|brief|official|act)', re.DOTALL)
_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_UNREAD = re.compile(r"<(details|table|script|style|svg|form)\b.*?</\1>", re.DOTALL)
_SENTENCE_END = re.compile(r"[.!?:;]+\s")


def sample(room: Homeroom, many: int) -> list[str]:
    """Return random places of every kind, the same ones each time."""
    rows = room.con.execute("SELECT place_id FROM place ORDER BY place_id").fetchall()
    ids = [str(row[0]) for row in rows]
    return random.Random(SEED).sample(ids, min(many, len(ids)))


def faults(page: str, status: int) -> Iterator[str]:
    """Yield what is wrong with a page."""
    if status != 200:
        yield f"status {status}"
    if "<h1" not in page:
        yield "no heading"
    if not _NEXT.search(page):
        yield "no next step"
    if found := _COMMAND.search(page):
        yield f"a command: {found[0]}"


def grade(page: str) -> float | None:
    """Return the grade of a page's sentences; None where it has too few to tell."""
    main = _MAIN.search(page)
    if main is None:
        return None
    text = re.sub(r"<[^>]+>", " ", _UNREAD.sub(" ", re.sub(r"</(?:p|li|h\d)>", ". ", main[0])))
    sentences = [one for one in _SENTENCE_END.split(text) if len(one.split()) > 3]
    words = re.findall(r"[A-Za-z']+", " ".join(sentences))
    if len(words) < 100:
        return None
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e"))))


def main() -> int:
    """Run the proof; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--many", type=int, default=MANY)
    many = parser.parse_args().many
    wrong: list[str] = []
    grades: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        build([], path)
        with Homeroom(path) as room:
            ids = sample(room, many)
            app = create_app(room, Settings(costly_per_minute=10**9))
            with TestClient(app, base_url="http://127.0.0.1:8000") as client:
                for place in ids:
                    answer = client.get(f"/place/{place}")
                    told = faults(answer.text, answer.status_code)
                    wrong += [f"{place}: {fault}" for fault in told]
                    found = grade(answer.text)
                    grades += [found] if found is not None else []
    mean = sum(grades) / len(grades) if grades else 0.0
    if many == MANY:
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            rows: list[list[object]] = [
                ["places", "faults", "mean_grade"],
                [len(ids), len(wrong), round(mean, 1)],
            ]
            csv.writer(file, lineterminator="\n").writerows(rows)
    print(f"{len(ids)} places, {len(wrong)} faults, mean grade {mean:.1f}")
    for text in wrong[:40]:
        print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
