"""Prove that no sentence is misread and answered: 20,000 sentences whose meaning is known.

Each sentence of ``proofs/claim_generator.py`` is read as ``homeroom check`` reads it. It counts as

- *answered*: the reading is the meaning, field by field;
- *asked* or *cannot*: no verdict, which is honest, though a sound sentence deserves better;
- *misread*: a reading that is not the meaning, or any reading of a sentence that means none.

Of every ``VERDICT_EVERY``th answered sentence the verdict is checked as well, against figures that
the library's own door gives and a rule of rounding written anew here. Results go to
``results/claims.csv``, a line a form. A misread sentence or a wrong verdict fails the proof.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

from proofs.claim_generator import Meant, sentences

from homeroom.api import Homeroom
from homeroom.claims import kinds
from homeroom.claims.grammar import read
from homeroom.claims.grammar.schools_lacking import read_lacking
from homeroom.claims.model import Reading
from homeroom.errors import Ambiguous
from homeroom.evidence.build import build
from homeroom.figures.engine import answer

RESULTS = Path(__file__).parent / "results" / "claims.csv"
MANY, SEED = 20_000, 20_210_617
VERDICT_EVERY = 50


def _read(room: Homeroom, sentence: str) -> Reading | str:
    """Return the reading that would be checked, or why none is: ``asked`` or ``cannot``."""
    try:
        if kinds.check(room.store, sentence, room.index.find) is not None:
            return "cannot"
        if read_lacking(sentence, room.index.find) is not None:
            return "cannot"
        return read(sentence, room.index.find)
    except Ambiguous:
        return "asked"


def outcome(found: Reading | str, meant: Meant) -> str:
    """Tell answered, asked, cannot, and misread apart."""
    if isinstance(found, str):
        return found
    if meant.claim is None or found.also:
        return "misread"
    return "answered" if not differing(found, meant.claim) else "misread"


def differing(found: Reading, claim: dict[str, object]) -> list[str]:
    """Return the fields in which a reading differs from what was meant."""
    q = found.question
    values: dict[str, object] = {
        "measure": q.measure, "group": str(q.group), "versus": str(q.versus), "place": q.place,
        "sex": q.sex, "disability": q.disability, "statistic": str(found.statistic),
        "stated": found.stated, "relation": str(found.relation), "hedge": str(found.hedge),
    }  # fmt: skip
    if "wave" in claim:
        values["wave"] = q.wave
    elif "wave" not in found.left_open:
        return ["wave"]
    return [name for name, value in claim.items() if not _same(values[name], value)]


def _same(found: object, meant: object) -> bool:
    if isinstance(found, float) and isinstance(meant, int | float):
        return abs(found - meant) < 1e-6
    return found == meant


def verdict_is_right(room: Homeroom, found: Reading, sentence: str) -> bool:
    """Hold the verdict of a plain ratio or rate against the figure, by a rule written anew."""
    if found.hedge or str(found.relation) == "exactly" or str(found.statistic) != "ratio":
        return True
    (figure,) = answer(room.store, [found.question])
    said = room.check(sentence)
    if figure.value is None or figure.doubtful or not figure.whole or figure.reason:
        return True
    half = min(found.step / 2, found.stated * (0.2 if found.stated < 10 else 0.05))
    low, high = found.stated - half, found.stated + half
    if said.read is None or said.read.question.wave != found.question.wave:
        return True
    met = {
        "about": low - 1e-9 <= figure.value <= high + 1e-9,
        "more_than": figure.value > found.stated,
        "less_than": figure.value < found.stated,
        "at_least": figure.value >= low,
        "at_most": figure.value <= high,
    }[str(found.relation)]  # fmt: skip
    return (str(said.verdict) == "holds") == met


def run(room: Homeroom, many: int) -> tuple[dict[str, Counter[str]], list[str]]:
    """Read so many sentences; return outcomes by form, and what went wrong."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    wrong: list[str] = []
    answered = 0
    for meant in sentences(SEED, many):
        found = _read(room, meant.sentence)
        what = outcome(found, meant)
        counts[meant.form][what] += 1
        if what == "misread":
            fields = "" if meant.claim is None or isinstance(found, str) else ", ".join(
                differing(found, meant.claim)
            )  # fmt: skip
            wrong.append(f"misread ({fields}): {meant.sentence}")
        if what == "answered" and not isinstance(found, str):
            answered += 1
            if answered % VERDICT_EVERY == 0 and not verdict_is_right(room, found, meant.sentence):
                wrong.append(f"wrong verdict: {meant.sentence}")
    return counts, wrong


def main() -> int:
    """Run the proof; return an exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--many", type=int, default=MANY)
    many = parser.parse_args().many
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        build([], path)
        with Homeroom(path) as room:
            counts, wrong = run(room, many)
    seconds = time.perf_counter() - started
    names = ("answered", "asked", "cannot", "misread")
    rows = [[form, sum(of.values()), *(of[name] for name in names)]
            for form, of in sorted(counts.items())]  # fmt: skip
    total = Counter[str]()
    for of in counts.values():
        total += of
    rows.append(["all", sum(total.values()), *(total[name] for name in names)])
    if many == MANY:
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([["form", "sentences", *names], *rows])
    for row in rows:
        print(*row)
    print(f"{seconds:.0f} s, {1000 * seconds / many:.1f} ms a sentence")
    for text in wrong[:60]:
        print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
