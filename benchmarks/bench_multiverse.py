"""How long ten thousand definitions take: the desk warm and cold, and a whole claim."""

from __future__ import annotations

import csv
import tempfile
import time
from itertools import product
from pathlib import Path

from benchmarks.machine import describe
from homeroom.claims.check import check
from homeroom.evidence import store
from homeroom.evidence.build import build
from homeroom.figures.engine import evaluate
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.vocabulary.groups import RACES
from homeroom.vocabulary.states import STATES

RESULTS = Path(__file__).parent / "results" / "multiverse.csv"


def questions() -> list[Question]:
    """Some 22,000 ratios: outcome, group, comparator, wave, state, rule for Section 504."""
    return [
        Question(measure=m, group=g, versus=v, wave=w, place=f"US-{p}", section504=r)
        for m, g, v, w, p, r in product(
            ("arrests", "referrals", "oss", "iss"), RACES, ("white", "others"),
            ("2015-16", "2017-18"), STATES, ("with", "without"),
        )
    ]  # fmt: skip


def timed(work) -> float:  # noqa: ANN001
    """Return the seconds that a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Measure on a store of the starter facts, and write the results."""
    asked = questions()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        build([], path)
        with store.connect(path) as con:
            desk = QueryCache()
            runs = [
                ("ratios, desk cold", len(asked), timed(lambda: evaluate(con, asked, desk))),
                ("ratios, desk warm", len(asked), timed(lambda: evaluate(con, asked, desk))),
            ]
            held = QueryCache()
            seconds = timed(lambda: check(con, "six-times", desk=held))
            found = check(con, "six-times", desk=held)
            definitions = found.multiverse.definitions
            runs.append(("six-times, every definition, desk cold", definitions, seconds))
            again = timed(lambda: check(con, "six-times", desk=held))
            runs.append(("six-times, every definition, desk warm", definitions, again))
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
