from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from homeroom.evidence.keyed_cache import KeyedCache
from homeroom.evidence.store import Store
from homeroom.figures.engine import answer
from homeroom.figures.question import Question


def test_what_many_ask_for_at_once_is_made_once() -> None:
    once, made = KeyedCache(), []
    begin, release = threading.Barrier(9), threading.Event()

    def make() -> int:
        made.append(1)
        release.wait(5)
        return len(made)

    def ask() -> int:
        begin.wait(5)
        return once.get("key", make)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        begin.wait(5)
        release.set()
        assert [one.result(5) for one in asked] == [1] * 8
    assert once.get("key", make) == 1


def test_nobody_waits_for_a_value_that_he_did_not_ask_for() -> None:
    once, started, release = KeyedCache(), threading.Event(), threading.Event()

    def slow() -> str:
        started.set()
        assert release.wait(5)
        return "slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(once.get, "slow", slow)
        assert started.wait(5)
        assert once.get("other", lambda: "other") == "other"
        assert not waiting.done()
        release.set()
        assert waiting.result(5) == "slow"


def test_a_maker_that_fails_leaves_the_next_to_try() -> None:
    once = KeyedCache()
    with pytest.raises(ZeroDivisionError):
        once.get("key", lambda: 1 / 0)
    assert once.get("key", lambda: 2) == 2


def test_one_store_gives_many_threads_what_it_gives_one(starter_store: Path) -> None:
    asked = [
        [Question(group=group, versus="white", place=place, basis="schools", average=average,
                  schools=schools, policy=policy)
         for policy in ("published", "screened")
         for schools in ("all", "with_officer")]
        for group in ("black", "hispanic", "black+hispanic")
        for place in ("US-TX", "US-CT", "lea:4808940")
        for average in ("pooled", "mean_of_schools")
    ]  # fmt: skip
    alone = []
    for questions in asked:
        store = Store(starter_store)
        alone.append(answer(store, questions))
        store.close()
    shared = Store(starter_store)
    with ThreadPoolExecutor(6) as pool:
        together = pool.map(lambda part: answer(shared, part), asked * 3)
        assert list(together) == alone * 3
    shared.close()
