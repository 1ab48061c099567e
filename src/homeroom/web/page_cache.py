"""What pages are made from, read once and kept a while: one shelf for each open store."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import polars as pl

from homeroom.api import Homeroom
from homeroom.evidence.place_ids import place_range
from homeroom.figures import engine, overview
from homeroom.figures.figure import Answer
from homeroom.figures.query_cache import QueryCache
from homeroom.figures.question import Question
from homeroom.figures.trend import segments
from homeroom.report import profile as profiles
from homeroom.report.names import readable

T = TypeVar("T")


class PageCache:
    """Profiles, trends and answers of one store, the most recently used kept."""

    def __init__(self, room: Homeroom, size: int = 400) -> None:
        self.room = room
        self._size = size
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._making: dict[tuple[Any, ...], threading.RLock] = {}
        self._lock = threading.Lock()
        self._desk = QueryCache()

    def keep(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return what is kept under ``key``, or make it; who asks meanwhile waits and shares it.

        A maker may ask for other things, and keep what it makes under its own key itself.
        """
        with self._lock:
            if key in self._kept:
                found: T = self._again(key)
                return found
            mine = self._making.setdefault(key, threading.RLock())
        with mine:
            return self._make(key, make)

    def _make(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._kept:
                found: T = self._again(key)
                return found
        try:
            made = make()
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        finally:
            with self._lock:
                self._making.pop(key, None)
        return made

    def _again(self, key: tuple[Any, ...]) -> Any:
        self._kept.move_to_end(key)
        return self._kept[key]

    def profile(self, place: str, policy: str = "published") -> profiles.Profile:
        """Return a place's figures."""
        return self.keep(
            ("profile", place, policy),
            lambda: self._read(place, policy),
        )

    def _read(self, place: str, policy: str) -> profiles.Profile:
        page = profiles.profile(self.room.con, place, policy=policy)
        for key in ("name", "lea_name", "city"):
            page.facts[key] = readable(page.facts[key] or "") or None
        return page

    def profile_of(self, place: str, measure: str, policy: str) -> profiles.Profile:
        """Return a place's figures, with an outcome that its page does not show at first."""
        page = self.profile(place, policy)
        if measure in overview.OUTCOMES:
            return page
        more = self.keep(
            ("outcome", place, measure, policy),
            lambda: overview.outcomes(
                self.room.con, place_range(place), policy, (measure,)
            ).to_dicts(),
        )
        return replace(page, outcomes=[*page.outcomes, *more])

    def trend(self, measure: str, place: str) -> list[dict[str, Any]]:
        """Return a measure's rates over the waves, cut where they must not be compared."""

        def make() -> list[dict[str, Any]]:
            rows = self.profile_of(place, measure, "published").outcomes
            mine = [row for row in rows if row["measure"] == measure]
            if not mine:
                return []
            return segments(pl.DataFrame(mine, infer_schema_length=None), place).to_dicts()

        return self.keep(("trend", measure, place), make)

    def answers(self, questions: Sequence[Question]) -> list[Answer]:
        """Answer questions at one desk: the state tables are read once for all visitors."""
        key = ("answers", tuple(questions))
        if len(questions) > 60:
            return self._ask(questions)
        return self.keep(key, lambda: self._ask(questions))

    def at_desk(self, work: Callable[[QueryCache], T]) -> T:
        """Do something at the desk; several visitors may, since it waits only where it must."""
        return work(self._desk)

    def _ask(self, questions: Sequence[Question]) -> list[Answer]:
        return engine.answer(self.room.con, questions, self._desk)
