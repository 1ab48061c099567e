"""What pages are made from, made once and kept a while: one cache for each open store.

Kept are the profiles of places, the figures of further outcomes, trends, peers, the figures of
maps, and pictures, the most recently used of them. What the engine itself reads (state tables, sums
over states) is kept with the store, not here; whole answers as bytes are kept by
:mod:`homeroom.web.cache`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from homeroom.api import Homeroom
from homeroom.errors import UnknownPlace
from homeroom.evidence import places
from homeroom.evidence.place_ids import place_range
from homeroom.figures.figure import Figure
from homeroom.figures.outcomes import OUTCOMES
from homeroom.figures.question import Question
from homeroom.figures.trend import TrendRow, segments
from homeroom.report.names import readable
from homeroom.report.profile import Profile

T = TypeVar("T")
_FEW = 60
"""More questions than these, as for a map, are kept by whoever asks, in a shorter form."""


class PageCache:
    """Profiles, trends, and answers of one store, the most recently used kept.

    Parameters
    ----------
    room
        The open store: every number comes through it.
    size
        How many things to keep.
    """

    def __init__(self, room: Homeroom, size: int = 400) -> None:
        self.room = room
        self._size = size
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._making: dict[tuple[Any, ...], threading.RLock] = {}
        self._lock = threading.Lock()

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

    def profile(self, place: str, policy: str = "published") -> Profile:
        """Return what the page of a place shows."""
        return self.keep(("profile", place, policy), lambda: self._read(place, policy))

    def _read(self, place: str, policy: str) -> Profile:
        page = self.room.profile(place, policy=policy)  # type: ignore[arg-type]
        if page.facts["kind"] == "school" and page.facts["leaid"]:
            page.facts["lea_name"] = self._district(page.facts)
        for key in ("name", "lea_name", "city"):
            page.facts[key] = readable(page.facts[key] or "") or None
        return page

    def _district(self, facts: dict[str, Any]) -> str | None:
        """Return a school's district as the district's own page names it."""
        area = place_range(f"lea:{facts['leaid']}")
        try:
            return str(places.facts(self.room.store.con, area)["name"])
        except UnknownPlace:
            return str(facts["lea_name"] or "") or None

    def profile_of(self, place: str, measure: str, policy: str) -> Profile:
        """Return the same with an outcome that a place's page does not show at first."""
        page = self.profile(place, policy)
        if measure in OUTCOMES:
            return page
        more = self.outcome(place, measure, policy)
        left = self.outcome(place, measure, "screened") if any(o.doubtful for o in more) else []
        return replace(
            page, outcomes=[*page.outcomes, *more], screened=[*page.screened, *left]
        )  # fmt: skip

    def outcome(self, place: str, measure: str, policy: str) -> list[Figure]:
        """Return an outcome of a place by race in every wave."""
        return self.keep(
            ("outcome", place, measure, policy),
            lambda: self.room.outcomes(place, (measure,), policy=policy),  # type: ignore[arg-type]
        )

    def trend(self, measure: str, place: str, policy: str = "published") -> list[TrendRow]:
        """Return a measure's rates over the waves, cut where they must not be compared."""

        def make() -> list[TrendRow]:
            found = self.profile_of(place, measure, policy).outcomes
            return segments([one for one in found if one.question.measure == measure])

        return self.keep(("trend", measure, place, policy), make)

    def answers(self, questions: Sequence[Question]) -> list[Figure]:
        """Answer questions; the figures of a few are kept."""
        if len(questions) > _FEW:
            return self.room.answer(questions)
        return self.keep(("answers", tuple(questions)), lambda: self.room.answer(questions))
