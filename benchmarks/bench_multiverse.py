"""How long ten thousand definitions take: the cache warm and cold, and a whole claim."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

from benchmarks.machine import describe
from homeroom.claims.catalogue import catalogue
from homeroom.claims.check import check
from homeroom.claims.multiverse import multiverse
from homeroom.evidence.build import build
from homeroom.evidence.store import Store
from homeroom.figures.engine import evaluate
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import RACES, Group
from homeroom.vocabulary.states import STATES

RESULTS = Path(__file__).parent / "results" / "multiverse.csv"


def questions() -> list[Question]:
    """Some 13,000 ratios: outcome, group, comparator, wave, state, rule for Section 504."""
    return [
        Question(measure=m, group=Group(g), versus=v, wave=w, place=f"US-{p}", section504=r)
        for m, g, v, w, p, r in product(
            ("arrests", "referrals", "oss", "iss"), RACES, ("white", "others"),
            ("2015-16", "2017-18"), STATES, ("with", "without"),
        )
    ]  # fmt: skip


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Return the seconds that a call takes; of several, the fastest."""
    runs = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        runs.append(time.perf_counter() - started)
    return min(runs)


def main() -> None:
    """Measure on a store of the starter facts, and write the results."""
    asked = questions()
    reading = catalogue()["six-times"].reading
    if reading is None:
        raise LookupError("six-times: expected a claim with a figure.")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        build([], path)
        first, second = Store(path), Store(path)
        runs = [
            ("ratios, cache cold", len(asked), timed(lambda: evaluate(first, asked))),
            ("ratios, cache warm", len(asked), timed(lambda: evaluate(first, asked), 7)),
        ]
        cold = timed(lambda: check(second, "six-times"))
        definitions = check(second, "six-times").multiverse.definitions
        runs += [
            ("six-times, every definition, cache cold", definitions, cold),
            (
                "six-times, every definition, cache warm",
                definitions,
                timed(lambda: multiverse(second, reading), 7),
            ),
            (
                "six-times, the whole answer, cache warm",
                definitions,
                timed(lambda: check(second, "six-times"), 7),
            ),
        ]
        first.close()
        second.close()
    machine = describe()
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["job", "definitions", "seconds", "seconds_per_10000", *machine])
        for job, number, seconds in runs:
            row = [job, number, f"{seconds:.3f}", f"{seconds / number * 10_000:.3f}"]
            writer.writerow([*row, *machine.values()])
            print(*row)


if __name__ == "__main__":
    main()
